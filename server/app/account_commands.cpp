#include "app/account_commands.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <termios.h>
#include <unistd.h>
#include <vector>

#include "app/await_here.hpp"
#include "app/hash_here.hpp"
#include "app/owner_for_once.hpp"
#include "auth/api_keys.hpp"
#include "auth/random.hpp"
#include "domain/authorize.hpp"
#include "domain/text.hpp"
#include "postgres/api_key_store.hpp"
#include "postgres/catalogue.hpp"
#include "postgres/connection_pool.hpp"
#include "tenants/clock.hpp"

namespace switchboard {
namespace {

constexpr std::size_t password_bytes_min = 8;

const std::vector<std::pair<std::string, Role>> roles{{"agent", Role::agent},
                                                      {"bot", Role::bot},
                                                      {"viewer", Role::viewer},
                                                      {"manager", Role::manager},
                                                      {"admin", Role::admin},
                                                      {"account_owner", Role::account_owner}};

std::vector<std::string> scope_names() {
    std::vector<std::string> names;
    for (const Scope& scope : scopes())
        names.emplace_back(scope.name);
    return names;
}

// Keeps what is typed off the screen while it lives, when a terminal is typed at.
class Unseen {
public:
    Unseen() {
        if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
        std::cerr << "Password: " << std::flush;
    }
    ~Unseen() {
        if (!is_changed_) return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        std::cerr << '\n';
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios before_{};
    bool is_changed_ = false;
};

// The first line of the file, or without one of standard input.
std::string read_password(const std::string& file) {
    std::string password;
    if (file.empty()) {
        const Unseen unseen;
        std::getline(std::cin, password);
    } else {
        std::ifstream in(file);
        if (!in) throw std::runtime_error("cannot read " + file);
        std::getline(in, password);
    }
    if (password.size() < password_bytes_min || !is_storable_text(password))
        throw std::runtime_error("a password has at least 8 characters");
    return password;
}

// Throws when it is not one of the words that a row can keep.
void check_text(const std::string& text, const char* what) {
    if (text.empty() || text.size() > 200 || !is_storable_text(text))
        throw std::runtime_error(std::string(what) + ": 1 to 200 bytes of UTF-8");
}

// Throws when it cannot stand in a path: the pattern of Key in openapi.json.
void check_key(const std::string& key) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const bool is_good = key.size() >= 2 && key.size() <= 63 && key.front() != '-' &&
                         key.find_first_not_of(allowed) == std::string::npos;
    if (!is_good) throw std::runtime_error("--key: 2 to 63 of a-z, 0-9 and -");
}

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message());
    return std::move(*result);
}

}  // namespace

struct AccountCommands::Orders {
    CLI::App* create_tenant = nullptr;
    CLI::App* create_agent = nullptr;
    CLI::App* create_key = nullptr;
    std::string tenant;  // its key
    std::string name;
    std::string login;
    std::string role = "agent";
    std::string password_file;
    std::vector<std::string> origins;
    std::vector<std::string> key_scopes;
    int retention_days = 365;
    int expires_days = 0;

    StoredTenant find_tenant(Catalogue& catalogue) const {
        auto found = need(await_here(catalogue.find_tenant_by_key(tenant)));
        if (!found) throw std::runtime_error("there is no tenant " + tenant);
        return *found;
    }

    void make_tenant(Catalogue& catalogue) const {
        check_key(tenant);
        check_text(name, "--name");
        StoredTenant wanted;
        wanted.public_id = random_bits<PublicId>();
        wanted.key = tenant;
        wanted.name = name;
        wanted.retention_days = retention_days;
        wanted.agent_origins = origins;
        const auto stored = need(await_here(catalogue.create_tenant(wanted)));
        if (!stored) throw std::runtime_error("another tenant has the key " + tenant);
        std::cout << "tenant " << tenant << ' ' << to_text(stored->public_id) << '\n';
    }

    Account new_account() const {
        check_text(name, "--name");
        check_text(login, "--login");
        Account account;
        account.public_id = random_bits<PublicId>();
        account.login = login;
        account.name = name;
        for (const auto& [word, value] : roles)
            if (word == role) account.role = value;
        account.password_hash = hash_here(read_password(password_file));
        return account;
    }

    void make_agent(Catalogue& catalogue, const Config& config) const {
        const StoredTenant owner = find_tenant(catalogue);
        Account account = new_account();
        const PublicId id = account.public_id;
        const Reservation wanted{owner.id, Configured::agent, id, {}};
        account.id.value = need(await_here(catalogue.reserve(wanted))).id;
        Command command;
        command.principal.tenant = owner.id;
        command.principal.role = Role::operator_;
        command.principal.person.kind = PersonKind::system;
        command.what = ConfigureAgent{std::move(account)};
        const Reply reply = own_for_once(config, std::move(command));
        if (const auto* refusal = std::get_if<Refused>(&reply)) {
            if (refusal->reason == Refusal::unavailable)
                throw std::runtime_error(
                    "a running server has the tenant: ask it, POST /v1/agents");
            throw std::runtime_error(std::string(info(refusal->reason).text));
        }
        std::cout << role << ' ' << login << ' ' << to_text(id) << '\n';
    }

    void make_key(Catalogue& catalogue, ApiKeyStore& store) const {
        check_text(name, "--name");
        if (tenant.empty() != key_scopes.empty())
            throw std::runtime_error("a tenant's key has scopes; an operator's has neither");
        NewKey wanted;
        wanted.id = random_bits<PublicId>();
        if (!tenant.empty()) wanted.tenant = find_tenant(catalogue).id;
        wanted.name = name;
        wanted.scopes = key_scopes;
        const Time now = Clock().now();
        if (expires_days > 0) wanted.expires_at = now + std::chrono::days(expires_days);
        ApiKeys keys(store);
        std::cout << need(await_here(keys.mint(std::move(wanted), now))).text << '\n';
    }
};

AccountCommands::AccountCommands(CLI::App& app) : orders_(std::make_unique<Orders>()) {
    Orders& orders = *orders_;
    auto* of_tenant = app.add_subcommand("tenant", "Customers");
    of_tenant->require_subcommand(1);
    auto* tenant = of_tenant->add_subcommand("create", "Store a new one");
    tenant->add_option("--key", orders.tenant, "In the path of its agents' socket")->required();
    tenant->add_option("--name", orders.name)->required();
    tenant->add_option("--agent-origin", orders.origins, "Whose pages agents may connect from");
    tenant->add_option("--retention-days", orders.retention_days, "How long messages are kept")
        ->check(CLI::Range(1, 3650))
        ->capture_default_str();
    orders.create_tenant = tenant;

    auto* of_agent = app.add_subcommand("agent", "Who logs in");
    of_agent->require_subcommand(1);
    auto* agent = of_agent->add_subcommand("create", "Store one; his password is asked for");
    std::vector<std::string> words;
    words.reserve(std::size(roles));
    for (const auto& [word, role] : roles)
        words.push_back(word);
    agent->add_option("--tenant", orders.tenant, "Its key")->required();
    agent->add_option("--login", orders.login, "An e-mail address")->required();
    agent->add_option("--name", orders.name)->required();
    agent->add_option("--role", orders.role)->check(CLI::IsMember(words))->capture_default_str();
    agent->add_option("--password-file", orders.password_file, "Instead of standard input");
    orders.create_agent = agent;

    auto* of_key = app.add_subcommand("key", "API keys");
    of_key->require_subcommand(1);
    auto* key = of_key->add_subcommand("create", "Make one and print it, once");
    key->add_option("--tenant", orders.tenant, "Its key; none: an operator's");
    key->add_option("--name", orders.name, "What it is for")->required();
    key->add_option("--scope", orders.key_scopes)->check(CLI::IsMember(scope_names()));
    key->add_option("--expires-days", orders.expires_days, "0: never")
        ->check(CLI::Range(0, 3650))
        ->capture_default_str();
    orders.create_key = key;
}

AccountCommands::~AccountCommands() = default;

bool AccountCommands::run(const Config& config) const {
    const bool is_asked = orders_->create_tenant->parsed() || orders_->create_agent->parsed() ||
                          orders_->create_key->parsed();
    if (!is_asked) return false;
    if (config.database_url.empty()) throw std::runtime_error("database.url is not set");
    ConnectionPool pool(ConnectionPool::Settings{config.database_url, 1});
    PostgresCatalogue catalogue(pool);
    PostgresApiKeyStore keys(pool);
    if (orders_->create_tenant->parsed()) orders_->make_tenant(catalogue);
    if (orders_->create_agent->parsed()) orders_->make_agent(catalogue, config);
    if (orders_->create_key->parsed()) orders_->make_key(catalogue, keys);
    return true;
}

}  // namespace switchboard
