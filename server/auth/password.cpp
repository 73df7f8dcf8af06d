#include "auth/password.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sodium.h>

#include <mutex>
#include <stdexcept>

#include "auth/auth_error.hpp"
#include "auth/random.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

Result<std::string> hash_now(const std::string& password,
                             const PasswordHasher::Settings& settings) {
    std::string text(crypto_pwhash_STRBYTES, '\0');
    const int failed = crypto_pwhash_str_alg(text.data(),
                                             password.data(),
                                             password.size(),
                                             settings.passes,
                                             settings.memory_bytes,
                                             crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0) return AuthError::unavailable;  // no memory
    text.resize(text.find('\0'));
    return text;
}

// A password that is to be hashed, with what to do with the result.
struct HashJob {
    using Value = std::string;
    std::string password;
    PasswordHasher::Settings settings;

    Result<std::string> operator()() const { return hash_now(password, settings); }
};

struct VerifyJob {
    using Value = void;
    std::string password;
    std::string hash;

    Result<void> operator()() const {
        const int differs =
            crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size());
        if (differs != 0) return AuthError::denied;
        return {};
    }
};

// What nobody's password is checked against.
struct NobodyJob : VerifyJob {
    Result<void> operator()() const {
        (void)VerifyJob::operator()();  // only its work is wanted
        return AuthError::denied;
    }
};

}  // namespace

// The thread and the count of what it was given. Handlers are always posted to where they came
// from, so a coroutine never runs on this thread and its cancellation never races with it.
class PasswordHasher::Queue {
public:
    explicit Queue(const Settings& settings) : settings_(settings) {
        std::string password(32, '\0');
        fill_random(std::span(reinterpret_cast<std::uint8_t*>(password.data()), password.size()));
        auto hash = hash_now(password, settings);
        if (!hash) throw std::invalid_argument("argon2id refuses the settings of passwords");
        nobody_ = std::move(*hash);
    }

    const Settings& settings() const { return settings_; }
    const std::string& nobody() const { return nobody_; }

    template <class Job>
    asio::awaitable<Result<typename Job::Value>> run(Job job) {
        return asio::async_initiate<const asio::use_awaitable_t<>,
                                    void(Result<typename Job::Value>)>(
            Start{this}, asio::use_awaitable, std::move(job));
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            is_stopped_ = true;
        }
        thread_.join();
    }

    std::size_t in_hand() const {
        const std::lock_guard lock(mutex_);
        return in_hand_;
    }

private:
    struct Start {
        Queue* queue;

        template <class Handler, class Job>
        void operator()(Handler&& handler, Job job) const {
            queue->start(std::forward<Handler>(handler), std::move(job));
        }
    };

    template <class Handler, class Job>
    void start(Handler&& handler, Job job) {
        using Answer = Result<typename Job::Value>;
        auto home = asio::make_work_guard(handler);
        const std::lock_guard lock(mutex_);  // so that nothing is posted once stop() joins
        if (is_stopped_ || in_hand_ > settings_.waiting_max) {
            const Answer answer = is_stopped_ ? AuthError::unavailable : AuthError::busy;
            return answer_at(home, std::forward<Handler>(handler), answer);
        }
        ++in_hand_;
        asio::post(
            thread_,
            [this, home, handler = std::forward<Handler>(handler), job = std::move(job)]() mutable {
                Answer answer = AuthError::unavailable;
                if (!is_stopped()) answer = job();
                finish();
                answer_at(home, std::move(handler), std::move(answer));
            });
    }

    template <class Home, class Handler, class Answer>
    static void answer_at(Home& home, Handler&& handler, Answer answer) {
        asio::post(home.get_executor(),
                   [handler = std::forward<Handler>(handler),
                    answer = std::move(answer)]() mutable { handler(std::move(answer)); });
    }

    bool is_stopped() const {
        const std::lock_guard lock(mutex_);
        return is_stopped_;
    }

    void finish() {
        const std::lock_guard lock(mutex_);
        --in_hand_;
    }

    const Settings settings_;
    std::string nobody_;  // the hash of a password that nobody knows
    mutable std::mutex mutex_;
    std::size_t in_hand_ = 0;
    bool is_stopped_ = false;
    asio::thread_pool thread_{1};
};

PasswordHasher::PasswordHasher(const Settings& settings)
    : queue_(std::make_unique<Queue>(settings)) {}

PasswordHasher::~PasswordHasher() { stop(); }

asio::awaitable<Result<std::string>> PasswordHasher::hash(std::string password) {
    if (password.empty() || password.size() > password_bytes_max) co_return AuthError::denied;
    HashJob job;
    job.password = std::move(password);
    job.settings = queue_->settings();
    co_return co_await queue_->run(std::move(job));
}

asio::awaitable<Result<void>> PasswordHasher::verify(std::string password, std::string hash) {
    if (password.size() > password_bytes_max) co_return AuthError::denied;
    VerifyJob job;
    job.password = std::move(password);
    job.hash = std::move(hash);
    co_return co_await queue_->run(std::move(job));
}

asio::awaitable<Result<void>> PasswordHasher::verify_for_nobody(std::string password) {
    if (password.size() > password_bytes_max) co_return AuthError::denied;
    NobodyJob job;
    job.password = std::move(password);
    job.hash = queue_->nobody();
    co_return co_await queue_->run(std::move(job));
}

void PasswordHasher::stop() { queue_->stop(); }

std::size_t PasswordHasher::in_hand() const { return queue_->in_hand(); }

}  // namespace switchboard
