#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
}  // namespace CLI

namespace switchboard {

// Everything that can be set, with its default. app/config.cpp gives each field its names: the flag
// --http.port, the variable SWITCHBOARD_HTTP_PORT, the key `port` of [http] in the file. A flag
// beats the environment, the environment the file, the file the default.
struct Config {
    std::string http_address = "127.0.0.1";  // numeric
    std::uint16_t http_port = 8080;          // 0: any free one
    std::vector<std::string> trusted_proxies;

    std::string ops_address = "127.0.0.1";
    std::uint16_t ops_port = 8081;  // 0: any free one

    std::string database_url;       // key words or a URI; may hold a password
    std::string database_url_file;  // a file with that in its first line

    std::string visitor_keys_file;  // of auth/key_ring.hpp

    std::string node_name;   // in the log and the node table
    std::string state_dir;   // locked by the running process; empty: none
    int io_threads = 0;      // 1..256; 0: one per core
    int drain_seconds = 25;  // 0..300; after a signal the process ends within them

    // docs/protocol.md, "Limits"; 0: none. Counted per node.
    int visitor_messages_per_second = 5;  // with a burst of twice as many
    int visitor_messages_per_minute = 60;
    int agent_commands_per_second = 20;   // with a burst of twice as many; visitors' commands too
    int rest_requests_per_second = 50;    // of a key, a person or an address; likewise
    int address_sockets = 100;            // of one client address
    int address_sockets_per_second = 10;  // with a burst of three times as many

    std::string log_level = "info";
    std::string log_format = "auto";  // json, text; auto: text when a terminal reads it
};

// Declares the settings at `app`, which fills `config` when it parses. Both must outlive the
// parsing; the file named by --config or SWITCHBOARD_CONFIG must exist.
void add_settings(CLI::App& app, Config& config);

// What no single setting can tell: puts in secrets from their files and the host's name, and checks
// what belongs together. Throws std::runtime_error with one line that names the setting.
void complete(Config& config);

// The effective settings as a file that would set them, secrets masked; after parsing.
std::string to_toml(const CLI::App& app);

}  // namespace switchboard
