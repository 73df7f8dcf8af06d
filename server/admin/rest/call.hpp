#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "admin/rest/answer.hpp"
#include "admin/rest/entity_tags.hpp"
#include "admin/rest/request_limits.hpp"
#include "auth/api_keys.hpp"
#include "auth/login_sessions.hpp"
#include "auth/password.hpp"
#include "cluster/command_gate.hpp"
#include "domain/authorize.hpp"
#include "tenants/archive.hpp"
#include "tenants/catalogue.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

// What the operations work with. All must outlive them.
struct RestParts {
    CommandGate& gate;
    Catalogue& catalogue;
    Archive& archive;
    TenantStore& store;
    ApiKeys& keys;
    LoginSessions& logins;
    PasswordHasher& hasher;
    RequestLimits& limits;
    std::function<Time()> now;  // the wall clock
    // The number of the I/O thread behind an executor: where answers of tenants are to come in.
    std::function<std::size_t(const boost::asio::any_io_executor&)> thread_of;
    std::function<void(const std::string&)> failed;  // told of what must not happen; may be unset
    std::function<void()> limited;  // told of a request that came too soon; may be unset
    // Closes the sockets of a person whose logins were ended; may be unset.
    std::function<void(TenantId, const PublicId&)> logged_out;
};

// A request that the document and authorize() found good.
struct Call {
    Principal principal;
    bool own_only = false;  // the principal may see what is his own, and nothing else
    std::string request_id;
    std::string idempotency_key;  // empty: none
    std::optional<EntityTags> if_match;
    std::optional<EntityTags> if_none_match;
    std::string operation;
    boost::json::object path;
    boost::json::object query;
    boost::json::object body;
    Time now;

    TenantId tenant() const { return principal.tenant; }

    // A parameter of the path that is an id, or a text; always there.
    PublicId id(std::string_view parameter) const;
    std::string text(std::string_view parameter) const;

    // 412 when the caller means another version than the present one of what he changes.
    std::optional<ApiAnswer> objection_to(Version present) const;

    // `limit` and `cursor` of a list: nothing when the cursor is none of ours.
    struct Page {
        std::int64_t from = 0;  // 0: from the beginning
        int limit = 50;
    };
    std::optional<Page> page() const;

    // The public id of what is to be created: the same for each request that this caller makes with
    // this Idempotency-Key, else random.
    PublicId new_id() const;

    // SHA-256 of what is asked for, but for passwords: a fast hash of one would help to guess it.
    std::array<std::uint8_t, 32> digest() const;
};

// A coroutine of admin/resources; both live until it ends.
using Handler = boost::asio::awaitable<ApiAnswer> (*)(const RestParts& parts, const Call& call);

// Submits a command of the caller, and waits for what his tenant says.
boost::asio::awaitable<Reply> ask(const RestParts& parts, Command command);

// The answer to a command that was refused; nothing when it was carried out.
std::optional<ApiAnswer> objection(const Reply& reply);

// Changes what `attempt` reads before, and its tenant changes only if it is still as it was read:
// tried again when somebody else was faster, unless the caller said which version he means.
boost::asio::awaitable<ApiAnswer> change(const RestParts& parts, const Call& call, Handler attempt);

// How something that the caller makes begins.
struct Creation {
    std::optional<ApiAnswer> objection;  // then that is all
    PublicId id;
    std::int64_t number = 0;     // what the domain knows it by
    bool was_asked_for = false;  // by an earlier request with this Idempotency-Key
    PublicId made;               // what that one came to: `id`, unless another was there already
};
boost::asio::awaitable<Creation> begin_creation(const RestParts& parts,
                                                const Call& call,
                                                Configured kind);

// How a list goes on after the thing with this id, pos or seq; what is no such text gives nothing.
std::string to_cursor(std::int64_t last);
std::optional<std::int64_t> parse_cursor(std::string_view text);

// A page of a list: `rows` holds one more than `limit` when there are more. `to_json` makes the
// look of a row, `id_of` what the cursor goes on after.
template <class Row, class ToJson, class IdOf>
ApiAnswer list(const std::vector<Row>& rows, int limit, ToJson to_json, IdOf id_of) {
    const std::size_t count = std::min(rows.size(), static_cast<std::size_t>(limit));
    boost::json::array data;
    for (std::size_t i = 0; i < count; ++i)
        data.push_back(to_json(rows[i]));
    boost::json::value cursor = nullptr;
    if (count > 0 && rows.size() > count) cursor = to_cursor(id_of(rows[count - 1]));
    return good(boost::json::object{{"data", std::move(data)}, {"next_cursor", cursor}});
}

}  // namespace switchboard
