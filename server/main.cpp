#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>

#include "app/account_commands.hpp"
#include "app/config.hpp"
#include "app/database.hpp"
#include "app/healthcheck.hpp"
#include "app/serve.hpp"

// Exit codes: 0 done; 1 failed, with one line on standard error; above 100 the command line, the
// environment or the file is wrong, with the setting named.
int main(int argc, char** argv) {
    CLI::App app("Conversations between the visitors of websites and their agents", "switchboard");
    switchboard::Config config;
    switchboard::add_settings(app, config);
    app.require_subcommand(1);
    app.fallthrough();

    auto* serve = app.add_subcommand("serve", "Run the server until SIGINT or SIGTERM");
    auto* migrate = app.add_subcommand("migrate", "The schema of the database");
    auto* up = migrate->add_subcommand("up", "Bring it up to this program");
    auto* status = migrate->add_subcommand("status", "Say what is applied and what is not");
    migrate->require_subcommand(1);
    auto* demo = app.add_subcommand("demo", "Store a tenant to try things out with");
    const switchboard::AccountCommands accounts(app);
    auto* healthcheck = app.add_subcommand("healthcheck", "Ask a running server if it is ready");
    auto* settings = app.add_subcommand("config", "The settings as they would be in effect");
    auto* check = settings->add_subcommand("check", "Say whether they are right");
    auto* print = settings->add_subcommand("print", "Print them as TOML, secrets masked");
    settings->require_subcommand(1);
    auto* version = app.add_subcommand("version", "Print the version");
    CLI11_PARSE(app, argc, argv);

    try {
        if (version->parsed()) {
            std::cout << SWITCHBOARD_VERSION << '\n';
            return 0;
        }
        switchboard::complete(config);
        if (print->parsed()) std::cout << switchboard::to_toml(app);
        if (check->parsed()) std::cout << "ok\n";
        if (healthcheck->parsed()) return switchboard::healthcheck(config);
        if (up->parsed()) switchboard::migrate_up(config);
        if (status->parsed()) return switchboard::print_migrations(config);
        if (accounts.run(config)) return 0;
        if (demo->parsed()) switchboard::seed_demo(config);
        if (serve->parsed()) switchboard::serve(config);
        return 0;
    } catch (const std::exception& error) {
        std::string line = error.what();  // libpq's has several
        line.erase(line.find_last_not_of(" \n") + 1);
        std::replace(line.begin(), line.end(), '\n', ' ');
        std::cerr << "switchboard: " << line << '\n';
        return 1;
    }
}
