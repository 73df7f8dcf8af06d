#include "domain/tenant_state.hpp"

#include "domain/hash.hpp"

namespace switchboard {

std::int64_t start_hash(Channel channel, std::string_view text) {
    return static_cast<std::int64_t>(hash_of(text, static_cast<std::uint64_t>(channel)));
}

std::int64_t send_hash(const PublicId& conversation, EntryKind kind, std::string_view text) {
    const std::string_view id(reinterpret_cast<const char*>(conversation.bytes.data()),
                              conversation.bytes.size());
    const std::uint64_t where = hash_of(id, static_cast<std::uint64_t>(kind));
    return static_cast<std::int64_t>(hash_of(text, where));
}

}  // namespace switchboard
