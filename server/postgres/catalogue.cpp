#include "postgres/catalogue.hpp"

#include <algorithm>

#include "postgres/columns.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/statement.hpp"
#include "postgres/text_array.hpp"

namespace switchboard {
namespace {

template <class T>
using Answer = Catalogue::Answer<T>;

// What is written here has the same effect when it is done twice, as the pool asks for.

#define TENANT_COLUMNS "tenant_id, public_id, tenant_key, name, retention_days, agent_origins"

constexpr Statement select_tenants{"tenants",
                                   "SELECT " TENANT_COLUMNS
                                   " FROM tenant WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2"};
constexpr Statement select_tenant{"find_tenant_row",
                                  "SELECT " TENANT_COLUMNS " FROM tenant WHERE public_id = $1"};
constexpr Statement select_tenant_by_key{
    "find_tenant_by_key", "SELECT " TENANT_COLUMNS " FROM tenant WHERE tenant_key = $1"};
constexpr Statement insert_tenant{
    "create_tenant",
    "INSERT INTO tenant (public_id, tenant_key, name, retention_days, agent_origins)"
    " VALUES ($1, $2, $3, $4, $5::text[]) ON CONFLICT DO NOTHING"};
#undef TENANT_COLUMNS

#define AGENT_COLUMNS                                                                         \
    "a.agent_id, a.public_id, a.login, a.name, a.role, a.enabled,"                            \
    " ARRAY(SELECT group_id FROM membership m"                                                \
    "        WHERE m.tenant_id = a.tenant_id AND m.agent_id = a.agent_id ORDER BY group_id)," \
    " (SELECT slots_max FROM agent_channel c"                                                 \
    "   WHERE c.tenant_id = a.tenant_id AND c.agent_id = a.agent_id AND c.channel = 0)"

constexpr Statement select_agents{
    "agents",
    "SELECT " AGENT_COLUMNS
    " FROM agent a WHERE a.tenant_id = $1 AND a.agent_id > $2 ORDER BY a.agent_id LIMIT $3"};
constexpr Statement select_agent_row{"find_agent_row",
                                     "SELECT " AGENT_COLUMNS
                                     " FROM agent a WHERE a.tenant_id = $1 AND a.public_id = $2"};
#undef AGENT_COLUMNS

constexpr Statement select_channels{
    "agent_channels",
    "SELECT agent_id, channel, enabled, slots_max, slots_hard_max, wrap_up_s FROM agent_channel"
    " WHERE tenant_id = $1 AND agent_id = ANY ($2::bigint[]) AND channel <> 0"
    " ORDER BY agent_id, channel"};

constexpr Statement select_groups{
    "groups",
    "SELECT group_id, public_id, name FROM agent_group"
    " WHERE tenant_id = $1 AND group_id > $2 ORDER BY group_id LIMIT $3"};
constexpr Statement select_group{
    "find_group",
    "SELECT group_id, public_id, name FROM agent_group WHERE tenant_id = $1 AND public_id = $2"};

#define SITE_COLUMNS                            \
    "s.site_id, s.site_key, s.name, s.origins," \
    " ARRAY(SELECT group_id FROM site_group g"  \
    "        WHERE g.tenant_id = s.tenant_id AND g.site_id = s.site_id ORDER BY group_id)"

constexpr Statement select_sites{
    "sites",
    "SELECT " SITE_COLUMNS
    " FROM site s WHERE s.tenant_id = $1 AND s.site_id > $2 ORDER BY s.site_id LIMIT $3"};
constexpr Statement select_site_row{"find_site_row",
                                    "SELECT " SITE_COLUMNS
                                    " FROM site s WHERE s.tenant_id = $1 AND s.site_key = $2"};
#undef SITE_COLUMNS

constexpr Statement select_rules{
    "site_rules",
    "SELECT site_id, channel, when_nobody_free, waiting_max, wait_max_s, when_waited_long"
    "  FROM site_rule WHERE tenant_id = $1 AND site_id = ANY ($2::bigint[])"
    " ORDER BY site_id, channel"};

constexpr Statement select_settings{
    "settings",
    "SELECT agent_grace_s, visitor_grace_s, confirm_within_s, inactive_after_s, close_after_s,"
    "       when_agent_gone, draft_preview FROM tenant WHERE tenant_id = $1"};

constexpr Statement insert_reservation{
    "reserve",
    "INSERT INTO reservation (tenant_id, public_id, kind, request_sha256, number)"
    " SELECT $1, $2, $3::smallint, $4,"
    "        CASE $3::smallint WHEN 1 THEN nextval(pg_get_serial_sequence('agent', 'agent_id'))"
    "                WHEN 2 THEN nextval(pg_get_serial_sequence('agent_group', 'group_id'))"
    "                WHEN 3 THEN nextval(pg_get_serial_sequence('site', 'site_id')) ELSE 0 END"
    " ON CONFLICT DO NOTHING"};
constexpr Statement select_reservation{
    "reserved",
    "SELECT number, kind = $3 AND request_sha256 = $4, made_id FROM reservation"
    " WHERE tenant_id = $1 AND public_id = $2"};
constexpr Statement note_made{
    "came_to",
    "UPDATE reservation SET made_id = coalesce(made_id, $3) WHERE tenant_id = $1 AND public_id = $2"
    " RETURNING made_id"};

StoredTenant to_tenant(const pqxx::row& row) {
    return {TenantId{row[0].as<std::int64_t>()},
            to_bits<PublicId>(row[1]),
            to_text(row[2]),
            to_text(row[3]),
            row[4].as<int>(),
            to_texts(row[5])};
}

template <class Id>
std::vector<Id> to_ids(const pqxx::field& column) {
    std::vector<Id> ids;
    for (const std::string& text : to_texts(column))
        ids.push_back(Id{std::stoll(text)});
    return ids;
}

Agent to_agent(const pqxx::row& row) {
    Agent agent;
    agent.id.value = row[0].as<std::int64_t>();
    agent.public_id = to_bits<PublicId>(row[1]);
    agent.login = to_text(row[2]);
    agent.name = to_text(row[3]);
    agent.role = to_enum<Role>(row[4]);
    agent.enabled = row[5].as<bool>();
    agent.groups = to_ids<GroupId>(row[6]);
    agent.total_max = to_number<int>(row[7]);
    return agent;
}

Group to_group(const pqxx::row& row) {
    return {GroupId{row[0].as<std::int64_t>()}, to_bits<PublicId>(row[1]), to_text(row[2])};
}

Site to_site(const pqxx::row& row) {
    Site site;
    site.id.value = row[0].as<std::int64_t>();
    site.key = to_text(row[1]);
    site.name = to_text(row[2]);
    site.origins = to_texts(row[3]);
    site.groups = to_ids<GroupId>(row[4]);
    return site;
}

// The rows of another table that belong to these, which are ascending by id.
template <class Row>
pqxx::result rows_of(pqxx::transaction_base& session,
                     const Statement& statement,
                     TenantId tenant,
                     const std::vector<Row>& owners) {
    std::string ids = "{";
    for (const Row& owner : owners)
        ids += (ids.size() > 1 ? "," : "") + std::to_string(owner.id.value);
    return execute(session, statement, tenant.value, ids + '}');
}

template <class Row>
Row& owner_of(std::vector<Row>& owners, const pqxx::field& id) {
    const auto value = id.as<std::int64_t>();
    const auto found = std::lower_bound(
        owners.begin(), owners.end(), value, [](const Row& row, std::int64_t wanted) {
            return row.id.value < wanted;
        });
    return *found;
}

void complete(pqxx::transaction_base& session, TenantId tenant, std::vector<Agent>& agents) {
    for (const auto& row : rows_of(session, select_channels, tenant, agents)) {
        AgentChannel channel;
        channel.channel = to_enum<Channel>(row[1]);
        channel.enabled = row[2].as<bool>();
        channel.slots_max = row[3].as<int>();
        channel.slots_hard_max = row[4].as<int>();
        channel.wrap_up = std::chrono::seconds(row[5].as<int>());
        owner_of(agents, row[0]).channels.push_back(channel);
    }
}

void complete(pqxx::transaction_base& session, TenantId tenant, std::vector<Site>& sites) {
    for (const auto& row : rows_of(session, select_rules, tenant, sites)) {
        const SiteRule rule{to_enum<Channel>(row[1]),
                            to_enum<WhenNobodyFree>(row[2]),
                            row[3].as<int>(),
                            std::chrono::seconds(row[4].as<int>()),
                            to_enum<WhenWaitedLong>(row[5])};
        owner_of(sites, row[0]).rules.push_back(rule);
    }
}

void complete(pqxx::transaction_base&, TenantId, std::vector<Group>&) {}

template <class Read>
auto read_all(const pqxx::result& rows, Read read) {
    std::vector<decltype(read(rows[0]))> all;
    for (const auto& row : rows)
        all.push_back(read(row));
    return all;
}

template <class Read>
auto read_first(const pqxx::result& rows, Read read) -> std::optional<decltype(read(rows[0]))> {
    if (rows.empty()) return std::nullopt;
    return read(rows[0]);
}

// A slice of what a tenant has configured.
template <class Read>
auto slice_of(
    ConnectionPool& pool, const Statement& statement, TenantId tenant, Slice slice, Read read)
    -> Answer<std::vector<std::invoke_result_t<Read, pqxx::row>>> {
    const auto work = [&](pqxx::connection& connection) {
        pqxx::nontransaction session(connection);
        auto all =
            read_all(execute(session, statement, tenant.value, slice.after, slice.limit), read);
        complete(session, tenant, all);
        return all;
    };
    co_return co_await pool.run(work);
}

// The one with this name.
template <class Read>
auto find(
    ConnectionPool& pool, const Statement& statement, TenantId tenant, std::string name, Read read)
    -> Answer<std::optional<std::invoke_result_t<Read, pqxx::row>>> {
    using Row = std::invoke_result_t<Read, pqxx::row>;
    const auto work = [&](pqxx::connection& connection) -> std::optional<Row> {
        pqxx::nontransaction session(connection);
        auto all = read_all(execute(session, statement, tenant.value, name), read);
        if (all.empty()) return std::nullopt;
        complete(session, tenant, all);
        return std::move(all[0]);
    };
    co_return co_await pool.run(work);
}

std::optional<StoredTenant> write_tenant(pqxx::connection& connection, const StoredTenant& tenant) {
    pqxx::nontransaction session(connection);
    execute(session,
            insert_tenant,
            to_text(tenant.public_id),
            tenant.key,
            tenant.name,
            tenant.retention_days,
            to_text_array(tenant.agent_origins));
    return read_first(execute(session, select_tenant, to_text(tenant.public_id)), to_tenant);
}

TenantSettings read_settings(pqxx::connection& connection, TenantId tenant) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_settings, tenant.value);
    if (rows.empty()) return {};
    const auto seconds = [&](pqxx::row::size_type column) {
        return std::chrono::seconds(rows[0][column].as<int>());
    };
    TenantSettings settings;
    settings.agent_grace = seconds(0);
    settings.visitor_grace = seconds(1);
    settings.confirm_within = seconds(2);
    settings.inactive_after = seconds(3);
    settings.close_after = seconds(4);
    settings.when_agent_gone = to_enum<WhenAgentGone>(rows[0][5]);
    settings.draft_preview = rows[0][6].as<bool>();
    return settings;
}

Reserved write_reservation(pqxx::connection& connection, const Reservation& wanted) {
    pqxx::nontransaction session(connection);
    const auto run = [&](const Statement& statement) {
        return execute(session,
                       statement,
                       wanted.tenant.value,
                       to_text(wanted.public_id),
                       static_cast<int>(wanted.kind),
                       pqxx::binarystring(wanted.request.data(), wanted.request.size()));
    };
    const bool is_new = run(insert_reservation).affected_rows() == 1;
    const auto row = run(select_reservation)[0];
    return {row[0].as<std::int64_t>(), is_new, row[1].as<bool>(), to_bits<PublicId>(row[2])};
}

PublicId write_made(pqxx::connection& connection,
                    TenantId tenant,
                    const PublicId& reserved,
                    const PublicId& made) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, note_made, tenant.value, to_text(reserved), to_text(made));
    return rows.empty() ? made : to_bits<PublicId>(rows[0][0]);
}

}  // namespace

Answer<std::vector<StoredTenant>> PostgresCatalogue::tenants(Slice slice) {
    const auto work = [&](pqxx::connection& c) {
        pqxx::nontransaction session(c);
        return read_all(execute(session, select_tenants, slice.after, slice.limit), to_tenant);
    };
    co_return co_await pool_.run(work);
}

Answer<std::optional<StoredTenant>> PostgresCatalogue::find_tenant(PublicId id) {
    const auto work = [&](pqxx::connection& c) {
        pqxx::nontransaction session(c);
        return read_first(execute(session, select_tenant, to_text(id)), to_tenant);
    };
    co_return co_await pool_.run(work);
}

Answer<std::optional<StoredTenant>> PostgresCatalogue::find_tenant_by_key(std::string key) {
    const auto work = [&](pqxx::connection& c) {
        pqxx::nontransaction session(c);
        return read_first(execute(session, select_tenant_by_key, key), to_tenant);
    };
    co_return co_await pool_.run(work);
}

Answer<std::optional<StoredTenant>> PostgresCatalogue::create_tenant(StoredTenant tenant) {
    const auto work = [&](pqxx::connection& c) { return write_tenant(c, tenant); };
    co_return co_await pool_.run(work);
}

Answer<std::vector<Agent>> PostgresCatalogue::agents(TenantId tenant, Slice slice) {
    return slice_of(pool_, select_agents, tenant, slice, to_agent);
}

Answer<std::optional<Agent>> PostgresCatalogue::find_agent(TenantId tenant, PublicId id) {
    return find(pool_, select_agent_row, tenant, to_text(id), to_agent);
}

Answer<std::vector<Group>> PostgresCatalogue::groups(TenantId tenant, Slice slice) {
    return slice_of(pool_, select_groups, tenant, slice, to_group);
}

Answer<std::optional<Group>> PostgresCatalogue::find_group(TenantId tenant, PublicId id) {
    return find(pool_, select_group, tenant, to_text(id), to_group);
}

Answer<std::vector<Site>> PostgresCatalogue::sites(TenantId tenant, Slice slice) {
    return slice_of(pool_, select_sites, tenant, slice, to_site);
}

Answer<std::optional<Site>> PostgresCatalogue::find_site(TenantId tenant, std::string key) {
    return find(pool_, select_site_row, tenant, std::move(key), to_site);
}

Answer<TenantSettings> PostgresCatalogue::settings(TenantId tenant) {
    const auto work = [&](pqxx::connection& c) { return read_settings(c, tenant); };
    co_return co_await pool_.run(work);
}

Answer<Reserved> PostgresCatalogue::reserve(Reservation wanted) {
    const auto work = [&](pqxx::connection& c) { return write_reservation(c, wanted); };
    co_return co_await pool_.run(work);
}

Answer<PublicId> PostgresCatalogue::came_to(TenantId tenant, PublicId reserved, PublicId made) {
    const auto work = [&](pqxx::connection& c) { return write_made(c, tenant, reserved, made); };
    co_return co_await pool_.run(work);
}

}  // namespace switchboard
