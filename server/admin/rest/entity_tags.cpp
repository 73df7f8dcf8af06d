#include "admin/rest/entity_tags.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace switchboard {
namespace {

void skip_spaces(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

bool skip(std::string_view& rest, std::string_view what) {
    if (!rest.starts_with(what)) return false;
    rest.remove_prefix(what.size());
    return true;
}

// The bytes before the closing quote that the RFC calls etagc: visible, or beyond ASCII.
bool are_of_a_tag(std::string_view bytes) {
    return std::ranges::all_of(bytes, [](char c) { return c > ' ' || c < 0; }) &&
           bytes.find('\x7F') == std::string_view::npos;
}

}  // namespace

std::string to_etag(Version version) {
    std::array<char, 20> text{};
    std::snprintf(
        text.data(), text.size(), "\"%016llx\"", static_cast<unsigned long long>(version.value));
    return text.data();
}

std::optional<EntityTags> EntityTags::parse(std::string_view field) {
    EntityTags found;
    skip_spaces(field);
    if (skip(field, "*")) {
        skip_spaces(field);
        found.are_any_ = true;
        return field.empty() ? std::optional(found) : std::nullopt;
    }
    while (!field.empty()) {
        if (skip(field, ",")) {
            skip_spaces(field);
            continue;  // an empty element, which a list may have
        }
        const bool is_weak = skip(field, "W/");
        const std::size_t end = field.starts_with('"') ? field.find('"', 1) : field.npos;
        if (end == field.npos || !are_of_a_tag(field.substr(1, end - 1))) return std::nullopt;
        found.tags_.push_back({std::string(field.substr(0, end + 1)), is_weak});
        field.remove_prefix(end + 1);
        skip_spaces(field);
        if (!field.empty() && !field.starts_with(',')) return std::nullopt;
    }
    if (found.tags_.empty()) return std::nullopt;
    return found;
}

bool EntityTags::have_strongly(std::string_view etag) const {
    return are_any_ || std::ranges::any_of(
                           tags_, [&](const Tag& tag) { return !tag.is_weak && tag.text == etag; });
}

bool EntityTags::have_weakly(std::string_view etag) const {
    return are_any_ || std::ranges::any_of(tags_, [&](const Tag& tag) { return tag.text == etag; });
}

}  // namespace switchboard
