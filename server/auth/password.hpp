#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "domain/errors.hpp"

namespace switchboard {

// Hashes and checks passwords with argon2id, on one thread of its own: logins never use more than
// one core, nor the memory of more than one hash, and chat goes on beside them.
//
// All functions may be called from any thread. The awaiting coroutine stays on its executor, which
// must outlive stop().
class PasswordHasher {
public:
    static constexpr std::size_t password_bytes_max = 1024;

    struct Settings {
        std::size_t memory_bytes = 64 << 20;  // of one hash; at least 8 KiB
        std::uint64_t passes = 2;             // over that memory; at least 1
        std::size_t waiting_max = 16;         // passwords that wait behind the one in work
    };

    // Takes as long as one hash: it makes the one that nobody has.
    explicit PasswordHasher(const Settings& settings);
    ~PasswordHasher();  // stops

    // The text to store: argon2id's own format, at most 127 characters, with salt and settings.
    // Errors: busy - the queue is full; denied - the password is empty or too long; unavailable.
    boost::asio::awaitable<Result<std::string>> hash(std::string password);

    // Success when `password` is the one of `hash`, a text that hash() gave. Errors: denied - it is
    // not, or is too long, or the hash is none; busy; unavailable.
    boost::asio::awaitable<Result<void>> verify(std::string password, std::string hash);

    // Denied, after the work of verify(): for an account that does not exist, so that the time
    // taken does not tell. The work is that of a hash made with the present settings.
    boost::asio::awaitable<Result<void>> verify_for_nobody(std::string password);

    // Ends the thread once the hash in work is done. What waits and what comes is `unavailable`.
    void stop();

    // Passwords in work and waiting: the metric of the queue.
    std::size_t in_hand() const;

private:
    class Queue;
    std::unique_ptr<Queue> queue_;
};

}  // namespace switchboard
