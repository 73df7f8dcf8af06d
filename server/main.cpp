#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

#include "app/config.hpp"
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
        if (serve->parsed()) switchboard::serve(config);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "switchboard: " << error.what() << '\n';
        return 1;
    }
}
