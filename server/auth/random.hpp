#pragma once

#include <cstdint>
#include <span>

#include "domain/ids.hpp"

namespace switchboard {

// Fills `bytes` from the kernel's generator. Any thread.
void fill_random(std::span<std::uint8_t> bytes);

// 128 random bits as an id of the outside, an incarnation…: `random_bits<PublicId>()`. Never the
// "none" value. Any thread; app/ hands it to the folders that may not include this one.
template <class Bits>
Bits random_bits() {
    Bits bits;
    while (!bits)
        fill_random(bits.bytes);
    return bits;
}

}  // namespace switchboard
