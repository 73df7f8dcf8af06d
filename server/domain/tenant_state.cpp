#include "domain/tenant_state.hpp"

#include "domain/fnv.hpp"

namespace switchboard {

std::int64_t start_hash(Channel channel, std::string_view text) {
    Fnv fnv;
    fnv.add(static_cast<std::uint8_t>(channel));
    fnv.add_bytes(text);
    return static_cast<std::int64_t>(fnv.hash());
}

std::int64_t send_hash(const PublicId& conversation, EntryKind kind, std::string_view text) {
    Fnv fnv;
    fnv.add_bytes(conversation.bytes);
    fnv.add(static_cast<std::uint8_t>(kind));
    fnv.add_bytes(text);
    return static_cast<std::int64_t>(fnv.hash());
}

}  // namespace switchboard
