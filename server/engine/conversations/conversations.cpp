#include "engine/conversations/conversations.hpp"

namespace switchboard {
namespace {

constexpr std::size_t stale_max = 64;  // beside as many as there are conversations

}  // namespace

OpenTalk& Conversations::add(OpenTalk talk) {
    auto made = std::make_unique<OpenTalk>(std::move(talk));
    OpenTalk& added = *made;
    const Conversation& conversation = added.open.conversation;
    talks_[conversation.id] = std::move(made);
    by_public_id_[conversation.public_id] = &added;
    return added;
}

void Conversations::remove(ConversationId id) {
    const auto found = talks_.find(id);
    if (found == talks_.end()) return;
    by_public_id_.erase(found->second->open.conversation.public_id);
    const Place stood{found->second->alarms.ordered, id};
    talks_.erase(found);
    changed(stood);
}

OpenTalk* Conversations::find(ConversationId id) {
    const auto found = talks_.find(id);
    return found == talks_.end() ? nullptr : found->second.get();
}

const OpenTalk* Conversations::find(ConversationId id) const {
    return const_cast<Conversations*>(this)->find(id);
}

OpenTalk* Conversations::find(const PublicId& public_id) {
    const auto found = by_public_id_.find(public_id);
    return found == by_public_id_.end() ? nullptr : found->second;
}

const OpenTalk* Conversations::find(const PublicId& public_id) const {
    return const_cast<Conversations*>(this)->find(public_id);
}

std::vector<OpenTalk*> Conversations::in_order() const {
    std::vector<OpenTalk*> talks;
    talks.reserve(talks_.size());
    for (const auto& [id, talk] : talks_)
        talks.push_back(talk.get());
    std::ranges::sort(talks, {}, [](const OpenTalk* talk) { return talk->open.conversation.id; });
    return talks;
}

void Conversations::put_in(OpenTalk& talk) {
    talk.alarms.ordered = talk.alarms.first();
    if (talk.alarms.ordered == TalkAlarms::never) return;
    order_.push({talk.alarms.ordered, talk.open.conversation.id});
}

// What stands in front is its conversation's place, and something is due then.
void Conversations::settle_front() {
    while (!order_.empty()) {
        const auto [at, id] = order_.top();
        OpenTalk* talk = find(id);
        const bool is_its_place = talk != nullptr && talk->alarms.ordered == at;
        if (is_its_place && talk->alarms.first() == at) return;
        order_.pop();
        if (is_its_place) put_in(*talk);
    }
}

// It may no longer be due when it stood for that time.
void Conversations::changed(const Place& stood) {
    if (!order_.empty() && order_.top() == stood) settle_front();
    if (order_.size() > 2 * talks_.size() + stale_max) put_in_order();
}

void Conversations::put_in_order() {
    order_.clear();
    for (const auto& [id, talk] : talks_) {
        talk->alarms.ordered = talk->alarms.first();
        if (talk->alarms.ordered != TalkAlarms::never) order_.push({talk->alarms.ordered, id});
    }
}

void Conversations::set_alarm(OpenTalk& talk, AlarmKind kind, Time at) {
    talk.alarms.due.at(TalkAlarms::place_of(kind)) = at;
    const Place stood{talk.alarms.ordered, talk.open.conversation.id};
    if (at < stood.first) put_in(talk);
    changed(stood);
}

void Conversations::cancel_alarm(OpenTalk& talk, AlarmKind kind) {
    Time& due = talk.alarms.due.at(TalkAlarms::place_of(kind));
    if (due == TalkAlarms::never) return;
    due = TalkAlarms::never;
    changed({talk.alarms.ordered, talk.open.conversation.id});
}

void Conversations::postpone_alarms(AlarmKind kind, std::chrono::microseconds by, Time from) {
    for (const auto& [id, talk] : talks_) {
        Time& due = talk->alarms.due.at(TalkAlarms::place_of(kind));
        if (due != TalkAlarms::never && due >= from) due += by;
    }
    put_in_order();
}

void Conversations::forget_alarms() {
    for (const auto& [id, talk] : talks_)
        talk->alarms = {};
    order_.clear();
}

std::optional<DueAlarm> Conversations::next_alarm() const {
    if (order_.empty()) return std::nullopt;
    return DueAlarm{order_.top().first, TalkAlarms::first_kind};
}

std::optional<AlarmKey> Conversations::take_due(Time now) {
    if (order_.empty() || order_.top().first > now) return std::nullopt;
    const auto [at, id] = order_.top();
    OpenTalk& talk = *find(id);
    const auto place = std::ranges::find(talk.alarms.due, at) - talk.alarms.due.begin();
    const auto kind =
        static_cast<AlarmKind>(static_cast<int>(TalkAlarms::first_kind) + static_cast<int>(place));
    cancel_alarm(talk, kind);
    return AlarmKey{kind, id.value};
}

}  // namespace switchboard
