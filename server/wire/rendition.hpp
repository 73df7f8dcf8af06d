#pragma once

#include <array>

#include "wire/encode.hpp"

namespace switchboard {

// One publication as bytes: encoded at most once for each look that differs, when first asked for.
// Lives on one thread while it goes round the connections there; `publication` must outlive it.
class Rendition {
public:
    explicit Rendition(const Publication& publication);

    // Null when a receiver with this look must not see it.
    const Frame& as(const Look& look);

private:
    const Publication& publication_;
    std::optional<EntryKind> kind_;  // of an entry
    bool same_for_all_ = false;      // visitors and agents see the same bytes
    std::array<Frame, 8> frames_;    // by encoding, audience, and whether the kind is declared
};

}  // namespace switchboard
