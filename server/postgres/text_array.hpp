#pragma once

#include <string>
#include <vector>

namespace switchboard {

// A text[] as the literal that a parameter takes.
inline std::string to_text_array(const std::vector<std::string>& texts) {
    std::string literal = "{";
    for (const auto& text : texts) {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + '}';
}

}  // namespace switchboard
