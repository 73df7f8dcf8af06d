#include "admin/rest/call.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

#include "auth/base64url.hpp"
#include "auth/digest.hpp"
#include "auth/random.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::chrono::seconds patience{15};  // the gate answers within about 10 s

// One command in flight; all of it happens on the thread that asked.
class Asking final : public ReplyReceiver {
public:
    explicit Asking(const asio::any_io_executor& executor) : timer_(executor, patience) {}

    void receive(std::uint32_t, Reply reply) override {
        reply_ = std::move(reply);
        timer_.cancel();
    }

    asio::awaitable<Reply> wait() {
        constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
        if (!reply_) co_await timer_.async_wait(as_values);
        if (reply_) co_return std::move(*reply_);
        Refused refusal;
        refusal.reason = Refusal::unavailable;
        co_return refusal;
    }

private:
    asio::steady_timer timer_;
    std::optional<Reply> reply_;
};

}  // namespace

PublicId Call::id(std::string_view parameter) const {
    PublicId id;
    if (const auto bytes = parse_uuid(text(parameter))) id.bytes = *bytes;
    return id;
}

std::string Call::text(std::string_view parameter) const {
    return std::string(path.at(parameter).as_string());
}

std::optional<ApiAnswer> Call::objection_to(Version present) const {
    if (!if_match || if_match->have_strongly(to_etag(present))) return std::nullopt;
    return refused(Refusal::version_mismatch);
}

std::optional<Call::Page> Call::page() const {
    Page page;
    if (const auto* limit = query.if_contains("limit"))
        page.limit = static_cast<int>(limit->as_int64());
    if (const auto* cursor = query.if_contains("cursor")) {
        const auto from = parse_cursor(cursor->as_string());
        if (!from) return std::nullopt;
        page.from = *from;
    }
    return page;
}

PublicId Call::new_id() const {
    if (idempotency_key.empty()) return random_bits<PublicId>();
    std::string named = std::to_string(principal.tenant.value) + '/';
    named += to_text(principal.public_id) + '/' + operation + '/' + idempotency_key;
    const Digest digest = sha256(named);
    PublicId id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

std::array<std::uint8_t, 32> Call::digest() const {
    json::object asked = body;
    asked.erase("password");
    if (auto* owner = asked.if_contains("owner"); owner != nullptr && owner->is_object())
        owner->as_object().erase("password");
    return sha256(operation + json::serialize(asked));
}

asio::awaitable<Reply> ask(const RestParts& parts, Command command) {
    const auto executor = co_await asio::this_coro::executor;
    const auto asking = std::make_shared<Asking>(executor);
    asking->thread = parts.thread_of(executor);
    parts.gate.submit(std::move(command), asking, 0);
    co_return co_await asking->wait();
}

std::optional<ApiAnswer> objection(const Reply& reply) {
    const auto* refusal = std::get_if<Refused>(&reply);
    if (refusal == nullptr) return std::nullopt;
    if (refusal->reason == Refusal::invalid && !refusal->field.empty()) {
        const std::string pointer = "/body/" + std::string(refusal->field);
        return malformed({{pointer, "this value is not allowed"}});
    }
    const bool may_retry = info(refusal->reason).retry;
    return refused(refusal->reason, std::chrono::seconds(may_retry ? 1 : 0));
}

asio::awaitable<ApiAnswer> change(const RestParts& parts, const Call& call, Handler attempt) {
    constexpr int attempts_max = 5;
    const int version_mismatch = info(Refusal::version_mismatch).http_status;
    for (int i = 0; i < attempts_max; ++i) {
        ApiAnswer answer = co_await attempt(parts, call);
        if (answer.status != version_mismatch || call.if_match) co_return answer;
    }
    co_return refused(Refusal::unavailable, std::chrono::seconds(1));
}

asio::awaitable<Creation> begin_creation(const RestParts& parts,
                                         const Call& call,
                                         Configured kind) {
    Creation creation;
    creation.id = call.new_id();
    const Reservation wanted{call.tenant(), kind, creation.id, call.digest()};
    const auto reserved = co_await parts.catalogue.reserve(wanted);
    if (!reserved) {
        creation.objection = refused(reserved.error());
    } else if (!reserved->is_same_request) {
        creation.objection = conflict("this Idempotency-Key was used for another request");
    } else {
        creation.number = reserved->id;
        creation.was_asked_for = !reserved->is_new;
        creation.made = reserved->made ? reserved->made : creation.id;
    }
    co_return creation;
}

std::string to_cursor(std::int64_t last) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(last) >> (56 - 8 * i));
    return encode_base64url(bytes);
}

std::optional<std::int64_t> parse_cursor(std::string_view text) {
    std::array<std::uint8_t, 8> bytes{};
    if (!decode_base64url(text, bytes)) return std::nullopt;
    std::uint64_t last = 0;
    for (const auto byte : bytes)
        last = last << 8 | byte;
    const auto found = static_cast<std::int64_t>(last);
    if (found <= 0) return std::nullopt;
    return found;
}

}  // namespace switchboard
