#include "engine/conversations/progress.hpp"

#include <algorithm>

#include "engine/views.hpp"

namespace switchboard {
namespace {

constexpr Person lowest_person{PersonKind{}, 0};

const Pointer* find_pointer(const OpenTalk& talk, const Person& who) {
    const auto& pointers = talk.open.pointers;
    const auto found = std::find_if(
        pointers.begin(), pointers.end(), [&](const Pointer& one) { return one.person == who; });
    return found == pointers.end() ? nullptr : &*found;
}

void raise(Pointer& pointer, Seq delivered, Seq seen) {
    pointer.seen = std::max(pointer.seen, seen);
    pointer.delivered = std::max({pointer.delivered, delivered, pointer.seen});
}

// Never back: what was reported to a former owner may lie behind what is stored by now.
Pointer move_pointer(OpenTalk& talk, const Pointer& reported) {
    auto& pointers = talk.open.pointers;
    auto place = std::lower_bound(
        pointers.begin(), pointers.end(), reported, [](const Pointer& a, const Pointer& b) {
            return a.person < b.person;
        });
    if (place == pointers.end() || place->person != reported.person)
        place = pointers.insert(place, {reported.conversation, reported.person, 0, 0});
    raise(*place, reported.delivered, reported.seen);
    const Seq seen = place->seen;
    if (place->person.kind == PersonKind::agent)
        std::erase_if(talk.open.summary.unread, [seen](Seq seq) { return seq <= seen; });
    return *place;
}

void publish_pointer(const TenantMemory& memory,
                     Turn& turn,
                     const OpenTalk& talk,
                     const Pointer& pointer) {
    Publication& publication = turn.publish();
    publication.to.push_back(talk.open.visitor);
    if (talk.desk != nullptr) publication.to.push_back(talk.desk->agent.public_id);
    publication.what = pointer_of(memory, talk, pointer);
}

}  // namespace

void report(TenantMemory& memory,
            Turn& turn,
            const Asker& asker,
            const Facts& facts,
            const ReportProgress& command) {
    const OpenTalk* talk =
        allowed_talk(memory, turn, asker, facts, {Action::report_progress, command.conversation});
    if (talk == nullptr) return;
    const Seq last = talk->open.summary.last_seq;
    if (command.delivered > last || command.seen > last)
        return turn.refuse(Refusal::invalid, command.seen > last ? "seen_seq" : "delivered_seq");

    const Person& who = asker.principal.person;
    const ConversationId id = talk->open.conversation.id;
    Pointer pointer{id, who, 0, 0};
    if (const Pointer* stored = find_pointer(*talk, who)) pointer = *stored;
    const auto waiting = memory.progress.find({id, who});
    if (waiting != memory.progress.end()) pointer = waiting->second;
    const Pointer before = pointer;
    raise(pointer, command.delivered, command.seen);
    if (pointer == before) return;
    if (memory.progress.empty()) memory.progress_since = turn.now();
    memory.progress[{id, who}] = pointer;
}

void show_typing(TenantMemory& memory,
                 Turn& turn,
                 const Asker& asker,
                 const Facts& facts,
                 const ShowTyping& command) {
    const OpenTalk* talk =
        allowed_talk(memory, turn, asker, facts, {Action::show_typing, command.conversation});
    if (talk == nullptr) return;
    const bool by_visitor = asker.principal.role == Role::visitor;
    if (!by_visitor && !command.draft.empty()) return turn.refuse(Refusal::invalid, "draft");
    PublicId to = talk->open.visitor;
    if (by_visitor) {
        if (talk->desk == nullptr) return;
        to = talk->desk->agent.public_id;
    }
    TypingView view{command.conversation, asker.view};
    if (memory.settings.draft_preview) view.draft = command.draft;
    Publication& publication = turn.publish();
    publication.to.push_back(to);
    publication.what = std::move(view);
}

void forget_progress(TenantMemory& memory, ConversationId id) {
    auto& progress = memory.progress;
    auto place = progress.lower_bound({id, lowest_person});
    while (place != progress.end() && place->first.first == id)
        place = progress.erase(place);
}

void save_progress(TenantMemory& memory, Turn& turn) {
    for (const auto& [key, pointer] : memory.progress) {
        OpenTalk* talk = memory.conversations.find(key.first);
        if (talk == nullptr) continue;
        const Pointer moved = move_pointer(*talk, pointer);
        turn.store(PointerRecord{moved});
        publish_pointer(memory, turn, *talk, moved);
        if (pointer.person == person(talk->agent())) turn.touch(key.first, Turn::Shown::timeline);
    }
    memory.progress.clear();
}

}  // namespace switchboard
