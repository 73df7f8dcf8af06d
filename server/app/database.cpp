#include "app/database.hpp"

#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <string>

#include "app/hash_here.hpp"
#include "auth/random.hpp"
#include "postgres/demo_seed.hpp"
#include "postgres/migrate.hpp"

namespace switchboard {

namespace {

constexpr const char* demo_key = "demo";
constexpr const char* demo_password = "switchboard-demo";

const std::string& database_of(const Config& config) {
    if (config.database_url.empty()) throw std::runtime_error("database.url is not set");
    return config.database_url;
}

const char* name_of(MigrationState state) {
    switch (state) {
        case MigrationState::applied:
            return "applied";
        case MigrationState::pending:
            return "pending";
        case MigrationState::changed:
            return "changed";
        case MigrationState::unknown:
            break;
    }
    return "unknown";
}

DemoTenant demo_tenant(const Config& config) {
    DemoTenant demo;
    demo.public_id = random_bits<PublicId>();
    demo.tenant_key = demo_key;
    demo.site_key = demo_key;
    demo.name = "Demo shop";
    for (const char* host : {"http://127.0.0.1:", "http://localhost:"})
        demo.origins.push_back(host + std::to_string(config.http_port));
    if (has_tenant(config.database_url, demo_key)) return demo;  // a hash takes its time
    const std::string password_hash = hash_here(demo_password);
    for (const char* name : {"Anna", "Ben", "Chloe", "Mia"}) {
        DemoAgent agent;
        agent.public_id = random_bits<PublicId>();
        agent.name = name;
        agent.login = std::string(name) + "@demo.example";
        agent.login[0] = static_cast<char>(agent.login[0] - 'A' + 'a');  // logins are lower case
        agent.password_hash = password_hash;
        agent.slots_max = 3;
        agent.slots_hard_max = 4;
        if (agent.name != "Chloe") agent.channels.push_back(Channel::messaging);
        if (agent.name == "Mia") {
            agent.role = Role::manager;
            agent.channels.clear();
        }
        demo.agents.push_back(agent);
    }
    return demo;
}

}  // namespace

void migrate_up(const Config& config) {
    const auto applied = migrate_up(database_of(config));
    for (const std::string& name : applied)
        std::cout << "applied " << name << '\n';
    if (applied.empty()) std::cout << "the schema is up to date\n";
}

int print_migrations(const Config& config) {
    bool all_applied = true;
    for (const MigrationStatus& migration : migration_status(database_of(config))) {
        all_applied = all_applied && migration.state == MigrationState::applied;
        std::cout << name_of(migration.state) << "  " << std::left << std::setw(30)
                  << migration.name << migration.applied_at << '\n';
    }
    return all_applied ? 0 : 1;
}

void seed_demo(const Config& config) {
    seed_demo(database_of(config), demo_tenant(config));
    std::cout << "tenant " << demo_key << ", site " << demo_key << "; agents anna@demo.example, "
              << "ben@demo.example, chloe@demo.example; manager "
              << "mia@demo.example; password " << demo_password << '\n';
}

}  // namespace switchboard
