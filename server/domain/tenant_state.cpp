#include "domain/tenant_state.hpp"

namespace switchboard {
namespace {

constexpr std::uint64_t fnv_basis = 0xcbf29ce484222325;
constexpr std::uint64_t fnv_prime = 0x100000001b3;

std::uint64_t fnv(std::uint64_t hash, std::uint8_t byte) { return (hash ^ byte) * fnv_prime; }

template <class Bytes>
std::uint64_t fnv(std::uint64_t hash, const Bytes& bytes) {
    for (const auto byte : bytes)
        hash = fnv(hash, static_cast<std::uint8_t>(byte));
    return hash;
}

}  // namespace

std::int64_t start_hash(Channel channel, std::string_view text) {
    const auto seed = fnv(fnv_basis, static_cast<std::uint8_t>(channel));
    return static_cast<std::int64_t>(fnv(seed, text));
}

std::int64_t send_hash(const PublicId& conversation, EntryKind kind, std::string_view text) {
    const auto seed = fnv(fnv(fnv_basis, conversation.bytes), static_cast<std::uint8_t>(kind));
    return static_cast<std::int64_t>(fnv(seed, text));
}

}  // namespace switchboard
