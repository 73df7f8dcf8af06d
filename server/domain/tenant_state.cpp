#include "domain/tenant_state.hpp"

#include <boost/container_hash/hash.hpp>

namespace switchboard {

std::size_t start_hash(Channel channel, const std::string& text) {
    std::size_t seed = 0;
    boost::hash_combine(seed, static_cast<int>(channel));
    boost::hash_combine(seed, text);
    return seed;
}

std::size_t send_hash(const PublicId& conversation, EntryKind kind, const std::string& text) {
    std::size_t seed = boost::hash_range(conversation.bytes.begin(), conversation.bytes.end());
    boost::hash_combine(seed, static_cast<int>(kind));
    boost::hash_combine(seed, text);
    return seed;
}

}  // namespace switchboard
