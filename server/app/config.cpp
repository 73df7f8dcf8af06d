#include "app/config.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/host_name.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "app/toml_config.hpp"
#include "domain/errors.hpp"

namespace switchboard {

namespace {

constexpr std::array<std::string_view, 1> secrets{"database.url"};

// "http.port" is --http.port and SWITCHBOARD_HTTP_PORT.
template <class Value>
CLI::Option* add(CLI::App& app, std::string name, Value& value, std::string help) {
    CLI::Option* option = app.add_option("--" + name, value, std::move(help));
    for (char& c : name)
        c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return option->envname("SWITCHBOARD_" + name)->capture_default_str();
}

void read_secret(std::string& value, const std::string& file, std::string_view setting) {
    if (file.empty()) return;
    if (!value.empty()) {
        throw std::runtime_error(std::string(setting) + " and " + std::string(setting) +
                                 "_file are both set: choose one");
    }
    std::ifstream in(file);
    if (!std::getline(in, value) || value.empty())
        throw std::runtime_error(std::string(setting) + "_file: cannot read " + file);
}

const CLI::Validator& ip_address() {
    static const CLI::Validator check(
        [](std::string& text) {
            error_code error;
            boost::asio::ip::make_address(text, error);
            return error ? text + " is not an IP address" : std::string();
        },
        "IP");
    return check;
}

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isdigit(c) != 0;
    });
}

std::string quoted(const std::string& text) {
    if (is_number(text)) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string value_of(const CLI::Option& option) {
    const std::string value =
        option.count() == 0 ? option.get_default_str() : option.results().back();
    const bool is_secret =
        std::find(secrets.begin(), secrets.end(), option.get_single_name()) != secrets.end();
    if (is_secret && !value.empty()) return quoted("***");
    if (option.get_items_expected_max() <= 1) return quoted(value);
    std::string list;
    for (const std::string& item : option.results())
        list += (list.empty() ? "" : ", ") + quoted(item);
    return "[" + list + "]";
}

}  // namespace

void add_settings(CLI::App& app, Config& config) {
    app.config_formatter(std::make_shared<TomlConfig>(app));
    app.allow_config_extras(false);
    const char* file = std::getenv("SWITCHBOARD_CONFIG");
    // Required, because CLI11 passes over a default file that is missing without a word.
    app.set_config("--config", file == nullptr ? "" : file, "TOML file", file != nullptr);

    const CLI::Range port(0, 65535);
    add(app, "http.address", config.http_address, "Where clients connect")->check(ip_address());
    add(app, "http.port", config.http_port, "0: any free one")->check(port);
    add(app, "http.trusted_proxies", config.trusted_proxies, "Whose X-Forwarded-For is believed")
        ->delimiter(',')
        ->check(ip_address());
    add(app, "ops.address", config.ops_address, "Where health and metrics are asked for")
        ->check(ip_address());
    add(app, "ops.port", config.ops_port, "0: any free one")->check(port);
    add(app, "database.url", config.database_url, "PostgreSQL: key words or a URI");
    add(app, "database.url_file", config.database_url_file, "The same, in a file");
    add(app, "auth.visitor_keys_file", config.visitor_keys_file, "Keys that sign visitors' tokens");
    add(app, "node.name", config.node_name, "Default: the host's name");
    add(app, "node.state_dir", config.state_dir, "Locked by the running server");
    add(app, "node.io_threads", config.io_threads, "0: one per core")->check(CLI::Range(0, 256));
    add(app, "node.drain_seconds", config.drain_seconds, "From a signal to the end at the latest")
        ->check(CLI::Range(0, 300));
    const CLI::Range rate(0, 1'000'000);
    add(app, "limits.visitor_messages_per_second", config.visitor_messages_per_second, "0: none")
        ->check(rate);
    add(app, "limits.visitor_messages_per_minute", config.visitor_messages_per_minute, "0: none")
        ->check(rate);
    add(app, "limits.agent_commands_per_second", config.agent_commands_per_second, "0: none")
        ->check(rate);
    add(app, "limits.rest_requests_per_second", config.rest_requests_per_second, "0: none")
        ->check(rate);
    add(app, "limits.address_sockets", config.address_sockets, "Of one client address; 0: no limit")
        ->check(rate);
    add(app, "limits.address_sockets_per_second", config.address_sockets_per_second, "0: no limit")
        ->check(rate);
    add(app, "log.level", config.log_level, "The least that is logged")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
    add(app, "log.format", config.log_format, "auto: text when a terminal reads it")
        ->check(CLI::IsMember({"auto", "json", "text"}));
}

void complete(Config& config) {
    if (config.node_name.empty()) config.node_name = boost::asio::ip::host_name();
    read_secret(config.database_url, config.database_url_file, "database.url");
    if (config.http_port != 0 && config.http_port == config.ops_port) {
        throw std::runtime_error("http.port and ops.port are both " +
                                 std::to_string(config.http_port) + ": choose two");
    }
}

std::string to_toml(const CLI::App& app) {
    std::string text;
    std::string section;
    for (const CLI::Option* option : app.get_options()) {
        const std::string name = option->get_single_name();
        const auto dot = name.find('.');
        if (dot == std::string::npos) continue;  // --help and --config
        if (name.substr(0, dot) != section) {
            section = name.substr(0, dot);
            text += (text.empty() ? "[" : "\n[") + section + "]\n";
        }
        text += name.substr(dot + 1) + " = " + value_of(*option) + "\n";
    }
    return text;
}

}  // namespace switchboard
