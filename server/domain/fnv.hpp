#pragma once

#include <cstdint>

namespace switchboard {

// FNV-1a of what it is fed. Hashes are stored and shown outside, so it never changes.
class Fnv {
public:
    void add(std::uint8_t byte) { hash_ = (hash_ ^ byte) * prime; }

    void add_number(std::int64_t number) {
        for (int shift = 56; shift >= 0; shift -= 8)
            add(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> shift));
    }

    // A text, or the bytes of an id; says nothing of where they end.
    template <class Bytes>
    void add_bytes(const Bytes& bytes) {
        for (const auto byte : bytes)
            add(static_cast<std::uint8_t>(byte));
    }

    std::uint64_t hash() const { return hash_; }

private:
    static constexpr std::uint64_t prime = 0x100000001b3;
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace switchboard
