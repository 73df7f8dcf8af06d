#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/version.hpp"

namespace switchboard {

// The strong ETag of a version, with its quotes.
std::string to_etag(Version version);

// What If-Match or If-None-Match of a request holds (RFC 9110, 13.1): tags, or "*" for any.
class EntityTags {
public:
    // Nothing when the field is neither a list of tags nor "*".
    static std::optional<EntityTags> parse(std::string_view field);

    // Whether a strong tag is one of them. If-Match compares strongly: there W/"x" is not "x".
    bool have_strongly(std::string_view etag) const;
    bool have_weakly(std::string_view etag) const;

private:
    struct Tag {
        std::string text;  // with its quotes
        bool is_weak = false;
    };
    std::vector<Tag> tags_;
    bool are_any_ = false;
};

}  // namespace switchboard
