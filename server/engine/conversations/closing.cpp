#include "engine/conversations/closing.hpp"

#include <algorithm>

namespace switchboard {
namespace {

constexpr auto accepted_for = std::chrono::days(7);
constexpr std::size_t tags_max = 20;
constexpr std::size_t tag_bytes_max = 64;
constexpr std::size_t note_bytes_max = 4096;
constexpr int stars_max = 5;

// The conversation, open or closed not too long ago; 0 and refused when there is none.
ConversationId spoken_of(const TenantMemory& memory,
                         Turn& turn,
                         const Asker& asker,
                         const Facts& facts,
                         std::pair<Action, PublicId> wanted) {
    const auto& [action, public_id] = wanted;
    StoredConversation found;
    if (const OpenTalk* talk = memory.conversations.find(public_id)) {
        found.id = talk->open.conversation.id;
        found.access = talk->access(memory.tenant);
    } else {
        for (const StoredConversation& stored : facts.conversations) {
            if (stored.public_id == public_id) found = stored;
        }
    }
    if (!found.id) {
        turn.refuse(Refusal::not_found, "conversation_id");
        return {};
    }
    if (const auto refusal = authorize(asker.principal, action, &found.access)) {
        turn.refuse(*refusal, *refusal == Refusal::not_found ? "conversation_id" : "");
        return {};
    }
    if (found.closed_at && turn.now() > *found.closed_at + accepted_for) {
        turn.refuse(Refusal::wrong_state);
        return {};
    }
    return found.id;
}

bool is_tag(const std::string& tag) { return !tag.empty() && tag.size() <= tag_bytes_max; }

}  // namespace

void fill_form(TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const Facts& facts,
               const FillClosingForm& command) {
    if (command.tags.size() > tags_max || !std::ranges::all_of(command.tags, is_tag))
        return turn.refuse(Refusal::invalid, "tags");
    if (command.note.size() > note_bytes_max) return turn.refuse(Refusal::invalid, "note");
    const ConversationId id =
        spoken_of(memory, turn, asker, facts, {Action::fill_form, command.conversation});
    if (!id) return;
    turn.store(FormRecord{
        turn.take_pos(), id, asker.principal.person, turn.now(), command.tags, command.note});
}

void rate(TenantMemory& memory,
          Turn& turn,
          const Asker& asker,
          const Facts& facts,
          const RateConversation& command) {
    if (command.stars < 1 || command.stars > stars_max)
        return turn.refuse(Refusal::invalid, "stars");
    if (command.comment.size() > note_bytes_max) return turn.refuse(Refusal::invalid, "comment");
    const ConversationId id =
        spoken_of(memory, turn, asker, facts, {Action::rate, command.conversation});
    if (!id) return;
    turn.store(RatingRecord{turn.take_pos(), id, turn.now(), command.stars, command.comment});
}

}  // namespace switchboard
