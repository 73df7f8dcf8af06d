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
    std::string lineage;  // of the database: positions of another one mean nothing here
};

// What a tenant's loop needs to know of who owns it; cluster/ implements it.
class Ownership {
public:
    virtual ~Ownership() = default;

    // Makes this process the owner. Nothing: another live node is. An error: ask again later.
    virtual boost::asio::awaitable<Result<std::optional<Taken>>> take(TenantId tenant) = 0;

    virtual boost::asio::awaitable<void> release(TenantId tenant, std::int64_t epoch) = 0;

    // True while no other process can have taken what this one owns (A3). Asked after the work,
    // just before something is shown. Any thread.
    virtual bool is_held() const = 0;
};

}  // namespace switchboard
