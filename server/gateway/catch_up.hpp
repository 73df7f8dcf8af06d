#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/feed.hpp"
#include "tenants/tenant_store.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {

// What catching up needs and is told.
struct CatchUp {
    Feed& feed;
    TenantStore& store;
    const GatewaySettings& settings;
    const WelcomeView& view;  // made after the room was joined
    const Resume* resume;     // null: the client holds nothing
};

// Brings a connection from its welcome to live, one path for the first time and for a resume. The
// room was joined, and what it shows held back, before the tenant made the welcome; so what is in
// neither welcome nor store comes from there. In this order:
//   the welcome is sent by the caller;
//   a resume sends the entries after each position, oldest first, or resync when the positions are
//   of another lineage, beyond what is stored, or further behind than resumed_entries_max;
//   then what was held back and is newer.
// A position in a conversation that the person may not read (any more) is passed over. An error:
// the store could not be read; the connection must end. Thread of the feed.
boost::asio::awaitable<error_code> catch_up(CatchUp what);

}  // namespace switchboard
