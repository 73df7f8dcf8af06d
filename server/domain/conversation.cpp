#include "domain/conversation.hpp"

namespace switchboard {

std::string preview(const std::string& text) {
    constexpr int characters_max = 200;
    if (text.size() <= characters_max) return text;
    int characters = 0;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const bool starts_character = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
        if (starts_character && ++characters > characters_max) break;
    }
    return text.substr(0, end);
}

}  // namespace switchboard
