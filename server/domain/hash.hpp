#pragma once

#include <cstdint>
#include <string_view>

namespace switchboard {

// XXH3 of the bytes under the seed. Hashes are stored and shown outside; the library keeps what
// they are. Not for secrets: whoever wants two texts with one hash can find them.
std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace switchboard
