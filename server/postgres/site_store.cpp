#include "postgres/site_store.hpp"

#include "domain/text.hpp"
#include "postgres/columns.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/statement.hpp"

namespace switchboard {
namespace asio = boost::asio;

namespace {

constexpr Statement select_site{"find_site",
                                "SELECT tenant_id, site_id, origins FROM site WHERE site_key = $1"};

constexpr Statement select_tenant_of_key{
    "find_tenant", "SELECT tenant_id, agent_origins FROM tenant WHERE tenant_key = $1"};

std::optional<SiteAddress> read_site(pqxx::connection& connection, const std::string& key) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_site, key);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return SiteAddress{
        TenantId{row[0].as<std::int64_t>()}, SiteId{row[1].as<std::int64_t>()}, to_texts(row[2])};
}

std::optional<TenantAddress> read_tenant(pqxx::connection& connection, const std::string& key) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_tenant_of_key, key);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return TenantAddress{TenantId{row[0].as<std::int64_t>()}, to_texts(row[1])};
}

}  // namespace

asio::awaitable<Result<std::optional<SiteAddress>>> PostgresSiteStore::find_site(
    std::string site_key) {
    if (!is_storable_text(site_key)) co_return std::nullopt;  // libpq would cut it at a NUL
    const auto work = [&](pqxx::connection& c) { return read_site(c, site_key); };
    co_return co_await pool_.run(work);
}

asio::awaitable<Result<std::optional<TenantAddress>>> PostgresSiteStore::find_tenant(
    std::string tenant_key) {
    if (!is_storable_text(tenant_key)) co_return std::nullopt;
    const auto work = [&](pqxx::connection& c) { return read_tenant(c, tenant_key); };
    co_return co_await pool_.run(work);
}

}  // namespace switchboard
