#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

#include "domain/errors.hpp"
#include "domain/ids.hpp"

namespace switchboard {

struct Taken {
    std::int64_t epoch = 0;
    Pos log_pos = 0;
    // The history that positions belong to: another one after a standby was promoted or a backup
    // restored.
    std::string lineage;
};

// What a tenant's loop needs to know of who owns it; cluster/ implements it.
class Ownership {
public:
    virtual ~Ownership() = default;

    // Makes this process the owner. Nothing: another live node is. An error: ask again later.
    virtual boost::asio::awaitable<Result<std::optional<Taken>>> take(TenantId tenant) = 0;

    virtual boost::asio::awaitable<void> release(TenantId tenant, std::int64_t epoch) = 0;

    // The term of this process's lease: 0 while it may have run out, and another number after each
    // time it did. What was taken in one term is worth nothing in the next, since others may have
    // owned it between. Asked after the work, just before something is shown (A3). Any thread.
    virtual std::int64_t term() const = 0;
};

}  // namespace switchboard
