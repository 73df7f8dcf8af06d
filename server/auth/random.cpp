#include "auth/random.hpp"

#include <sodium.h>

namespace switchboard {

void fill_random(std::span<std::uint8_t> bytes) {
    // Only after it do calls from several threads at once agree on one open generator.
    static const int ready = sodium_init();
    (void)ready;  // -1 cannot happen: libsodium ends the process when it finds no generator
    if (!bytes.empty()) randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace switchboard
