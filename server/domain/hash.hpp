#pragma once

#include <cstdint>
#include <string_view>

namespace switchboard {

// XXH3 of the bytes under the seed. Hashes are stored and shown outside; what they are is fixed
// since release 0.8 of the library. Not for secrets: two texts with one hash can be found.
std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace switchboard
