#include "app/toml_config.hpp"

#include <cstdlib>
#include <memory>
#include <sstream>
#include <utility>

namespace switchboard {

namespace {

std::vector<std::string> texts(const toml::node& node) {
    std::vector<std::string> found;
    if (const auto* array = node.as_array()) {
        for (const auto& element : *array) {
            for (std::string& text : texts(element))
                found.push_back(std::move(text));
        }
    } else if (const auto* text = node.as_string()) {
        found.push_back(text->get());  // as it is: streaming would add quotes
    } else {
        std::ostringstream out;
        node.visit([&](const auto& value) { out << value; });
        found.push_back(out.str());
    }
    return found;
}

}  // namespace

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& in) const {
    std::vector<CLI::ConfigItem> found;
    try {
        collect(toml::parse(in), "", found);
    } catch (const toml::parse_error& error) {  // else it would end the process
        throw CLI::ConfigError("line " + std::to_string(error.source().begin.line) + ": " +
                               std::string(error.description()));
    }
    return found;
}

void TomlConfig::collect(const toml::table& table,
                         const std::string& prefix,
                         std::vector<CLI::ConfigItem>& found) const {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        if (const auto* inner = node.as_table()) {
            collect(*inner, name + ".", found);
        } else if (!in_environment(name)) {
            CLI::ConfigItem item;
            item.name = name;
            item.inputs = texts(node);
            found.push_back(std::move(item));
        }
    }
}

bool TomlConfig::in_environment(const std::string& name) const {
    const auto* option = app_.get_option_no_throw("--" + name);
    return option != nullptr && !option->get_envname().empty() &&
           std::getenv(option->get_envname().c_str()) != nullptr;
}

}  // namespace switchboard
