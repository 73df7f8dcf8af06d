#include "chaos/sql_checks.hpp"

#include <pqxx/pqxx>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "chaos/chaos_tenant.hpp"

namespace switchboard {
namespace {

struct Rule {
    const char* broken;  // how its breach reads
    std::string query;   // returns one row for each breach
};

// Of one snapshot, true at every moment.
std::vector<Rule> rules_of_any_moment() {
    const auto most = std::to_string(chaos_slots_max);
    return {
        {"load is not the number of open claims",
         "SELECT tenant_id, agent_id, active FROM agent_channel a WHERE active <>"
         " (SELECT count(*) FROM claim c WHERE c.tenant_id = a.tenant_id"
         "   AND c.agent_id = a.agent_id AND a.channel IN (0, c.channel) AND to_pos IS NULL)"},
        {"an agent is above the limit",
         "SELECT tenant_id, agent_id, active FROM agent_channel"
         " WHERE channel <> 0 AND active > CASE tenant_id % 2 WHEN 0 THEN slots_max ELSE " +
             most + " END"},
        {"two agents at once",
         "SELECT tenant_id, conversation_id FROM claim WHERE to_pos IS NULL AND kind = 2"
         " GROUP BY 1, 2 HAVING count(*) > 1"},
        {"an entry behind the end of the log",
         "SELECT tenant_id, e.pos FROM tenant_owner o CROSS JOIN LATERAL (SELECT pos FROM entry e"
         " WHERE e.tenant_id = o.tenant_id ORDER BY pos DESC LIMIT 1) e WHERE e.pos > log_pos"},
    };
}

// Of all that ever happened, by its positions.
std::vector<Rule> rules_of_history() {
    return {
        {"a gap in seq",
         "SELECT tenant_id, conversation_id, count(*), max(seq) FROM entry GROUP BY 1, 2"
         " HAVING count(*) <> max(seq) OR min(seq) <> 1"},
        {"seq and pos disagree about the order",
         "SELECT tenant_id, conversation_id, seq FROM (SELECT *, lag(pos) OVER"
         " (PARTITION BY tenant_id, conversation_id ORDER BY seq) AS before FROM entry) e"
         " WHERE before >= pos"},
        {"a client id was stored twice",
         "SELECT client_message_id FROM entry GROUP BY 1 HAVING count(*) > 1"},
        {"two agents at once, by history",
         "SELECT tenant_id, claim_id FROM (SELECT *, lag(to_pos) OVER"
         " (PARTITION BY tenant_id, conversation_id ORDER BY claim_id) AS before,"
         " row_number() OVER (PARTITION BY tenant_id, conversation_id ORDER BY claim_id) AS n"
         " FROM claim) c WHERE n > 1 AND (before IS NULL OR before > claim_id)"},
        {"above the limit, by history",
         "SELECT tenant_id, agent_id, pos, load FROM (SELECT tenant_id, agent_id, pos,"
         " sum(step) OVER (PARTITION BY tenant_id, agent_id ORDER BY pos) AS load FROM"
         " (SELECT tenant_id, agent_id, claim_id AS pos, 1 AS step FROM claim UNION ALL"
         "  SELECT tenant_id, agent_id, to_pos, -1 FROM claim WHERE to_pos IS NOT NULL) s) l"
         " WHERE load > CASE tenant_id % 2 WHEN 0 THEN 2 ELSE " +
             std::to_string(chaos_slots_max) + " END"},
        {"an agent is not as his last change says",
         "SELECT tenant_id, agent_id, version FROM agent_channel a WHERE channel = 1 AND version <>"
         " (SELECT coalesce(max(pos), 0) FROM presence_change p WHERE p.tenant_id = a.tenant_id"
         "   AND p.agent_id = a.agent_id)"},
        {"poison was stored", "SELECT tenant_id, pos FROM entry WHERE body LIKE 'not UTF-8%'"},
    };
}

void check(pqxx::transaction_base& transaction,
           const std::vector<Rule>& rules,
           std::vector<std::string>& broken) {
    for (const Rule& rule : rules) {
        const auto rows = transaction.exec(rule.query + " LIMIT 3");
        for (const auto& row : rows) {
            std::string line = std::string(rule.broken) + ":";
            for (const auto& field : row)
                line += " " + std::string(field.c_str());
            broken.push_back(std::move(line));
        }
    }
}

struct Told {
    struct EntryLine {
        Pos pos;
        std::string words;  // "<tenant> <pos> <seq> <id>"
    };
    std::set<std::string> entries;                 // "<tenant> <pos> <seq> <id>"
    std::map<std::int64_t, std::set<Pos>> limits;  // that may have been stored, by tenant
    std::vector<std::string> violations;
};

Told read_acks(const std::string& folder) {
    Told told;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (!file.path().filename().string().starts_with("acks.")) continue;
        std::ifstream lines(file.path());
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("e ")) told.entries.insert(line.substr(2));
            if (line.starts_with("v "))
                told.violations.push_back(file.path().filename().string() + ": " + line.substr(2));
            if (line.starts_with("l ")) {
                std::istringstream words(line.substr(2));
                std::int64_t tenant = 0;
                Pos pos = 0;
                words >> tenant >> pos;
                told.limits[tenant].insert(pos);
            }
        }
    }
    return told;
}

// Every pos must be the trace of a record, but those of limits that a later change wrote over.
void check_positions(pqxx::transaction_base& transaction, const Told& told, ChaosVerdict& verdict) {
    const auto rows = transaction.exec(
        "SELECT tenant_id, pos, traces FROM tenant_owner o"
        " CROSS JOIN LATERAL generate_series(1, o.log_pos) pos"
        " LEFT JOIN (SELECT tenant_id, pos, count(*) AS traces FROM ("
        "  SELECT tenant_id, pos FROM entry"
        "  UNION ALL SELECT tenant_id, claim_id FROM claim"
        "  UNION ALL SELECT tenant_id, to_pos FROM claim WHERE to_pos IS NOT NULL"
        "  UNION ALL SELECT tenant_id, visitor_id FROM visitor"
        "  UNION ALL SELECT tenant_id, conversation_id FROM conversation"
        "  UNION ALL SELECT tenant_id, pos FROM conversation WHERE pos <> conversation_id"
        "  UNION ALL SELECT tenant_id, pos FROM presence_change"
        "  UNION ALL SELECT tenant_id, pos FROM agent_channel WHERE pos <> 0) t GROUP BY 1, 2) t"
        " USING (tenant_id, pos) WHERE traces IS DISTINCT FROM 1");
    for (const auto& row : rows) {
        const auto tenant = row[0].as<std::int64_t>();
        const auto pos = row[1].as<Pos>();
        const auto limits = told.limits.find(tenant);
        if (row[2].is_null() && limits != told.limits.end() && limits->second.contains(pos))
            continue;
        const char* what = row[2].is_null() ? "a gap in pos" : "a pos used twice";
        verdict.broken.push_back(std::string(what) + ": " + std::to_string(tenant) + " " +
                                 std::to_string(pos));
    }
}

}  // namespace

std::vector<std::string> broken_now(const std::string& database) {
    pqxx::connection connection(database);
    pqxx::transaction<pqxx::repeatable_read> transaction(connection);
    std::vector<std::string> broken;
    check(transaction, rules_of_any_moment(), broken);
    return broken;
}

ChaosVerdict check_history(const std::string& database, const std::string& folder) {
    ChaosVerdict verdict;
    Told told = read_acks(folder);
    verdict.broken = told.violations;
    verdict.acknowledged = told.entries.size();

    pqxx::connection connection(database);
    pqxx::nontransaction transaction(connection);
    check(transaction, rules_of_any_moment(), verdict.broken);
    check(transaction, rules_of_history(), verdict.broken);
    check_positions(transaction, told, verdict);

    const auto rows = transaction.exec(
        "SELECT concat_ws(' ', tenant_id, pos, seq, client_message_id) FROM entry");
    verdict.stored = rows.size();
    for (const auto& row : rows)
        told.entries.erase(row[0].c_str());
    for (const std::string& lost : told.entries)
        verdict.broken.push_back("an acknowledged entry is lost: " + lost);
    verdict.positions = static_cast<std::uint64_t>(
        transaction.exec1("SELECT sum(log_pos) FROM tenant_owner")[0].as<std::int64_t>());
    return verdict;
}

}  // namespace switchboard
