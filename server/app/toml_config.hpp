#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <toml++/toml.h>

#include <string>
#include <vector>

namespace switchboard {

// Reads TOML for CLI11: `port = 9000` in [http] sets --http.port, unless the option's variable is
// in the environment: CLI11 by itself lets the file win over it.
class TomlConfig : public CLI::ConfigTOML {
public:
    explicit TomlConfig(const CLI::App& app) : app_(app) {}

    // Throws CLI::ConfigError, which names the line, for what is not TOML.
    std::vector<CLI::ConfigItem> from_config(std::istream& in) const override;

private:
    void collect(const toml::table& table,
                 const std::string& prefix,
                 std::vector<CLI::ConfigItem>& found) const;
    bool in_environment(const std::string& name) const;

    const CLI::App& app_;
};

}  // namespace switchboard
