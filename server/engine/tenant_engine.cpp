#include "engine/tenant_engine.hpp"

#include <algorithm>

#include "engine/people/attendance.hpp"
#include "engine/views.hpp"
#include "engine/work/progress.hpp"
#include "engine/work/talking.hpp"
#include "engine/work/transitions.hpp"

namespace switchboard {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;  // clang-tidy-14 cannot do without

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

const ClientMessageId* message_of(const Command& command) {
    if (const auto* start = std::get_if<StartConversation>(&command.what))
        return &start->client_message_id;
    if (const auto* send = std::get_if<SendMessage>(&command.what)) return &send->client_message_id;
    return nullptr;
}

const PublicId* conversation_of(const Command& command) {
    return std::visit(Overloaded{
                          [](const SendMessage& what) { return &what.conversation; },
                          [](const CloseConversation& what) { return &what.conversation; },
                          [](const ReportProgress& what) { return &what.conversation; },
                          [](const ShowTyping& what) { return &what.conversation; },
                          [](const auto&) -> const PublicId* { return nullptr; },
                      },
                      command.what);
}

}  // namespace

LookUp TenantEngine::missing(const Command& command, const Facts& facts) const {
    LookUp look_up;
    const Principal& principal = command.principal;
    if (principal.role == Role::visitor && memory_.visitors.find(principal.public_id) == nullptr &&
        !contains(facts.asked.visitors, principal.public_id))
        look_up.visitors.push_back(principal.public_id);

    const ClientMessageId* message = message_of(command);
    if (message != nullptr && memory_.sent.lies_before(*message) &&
        !contains(facts.asked.messages, *message))
        look_up.messages.push_back(*message);

    const PublicId* conversation = conversation_of(command);
    if (conversation != nullptr && memory_.conversations.find(*conversation) == nullptr &&
        !contains(facts.asked.conversations, *conversation))
        look_up.conversations.push_back(*conversation);
    return look_up;
}

Asker TenantEngine::asker_of(const Principal& principal,
                             const Facts& facts,
                             const std::string& name) {
    Asker asker{principal, {}, {principal.person, principal.public_id, {}}};
    if (principal.role != Role::visitor) {
        if (const Desk* desk = memory_.staff.find(AgentId{principal.person.id}))
            asker.view = view_of(desk->agent);
        return asker;
    }
    asker.visitor = {{}, principal.public_id, name};
    if (const StoredVisitor* held = memory_.visitors.find(principal.public_id)) {
        asker.visitor = *held;
    } else {
        if (name.empty()) asker.visitor.name = memory_.visitors.name_of(principal.public_id);
        for (const StoredVisitor& stored : facts.visitors) {
            if (stored.public_id == principal.public_id) asker.visitor = stored;
        }
        memory_.visitors.settle(asker.visitor);
    }
    asker.view = view_of(asker.visitor);
    asker.principal.person = asker.view.person;
    return asker;
}

Effects TenantEngine::apply(const Command& command, const Facts& facts, Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    const auto* connecting = std::get_if<Connect>(&command.what);
    const Asker asker =
        asker_of(command.principal, facts, connecting != nullptr ? connecting->name : "");
    std::visit(Overloaded{
                   [&](const Connect& what) { connect(memory_, turn, asker, what); },
                   [&](const Disconnect& what) { disconnect(memory_, turn, asker, what); },
                   [&](const StartConversation& what) { start(memory_, turn, asker, facts, what); },
                   [&](const SendMessage& what) { send(memory_, turn, asker, facts, what); },
                   [&](const CloseConversation& what) { close(memory_, turn, asker, facts, what); },
                   [&](const ReportProgress& what) { report(memory_, turn, asker, facts, what); },
                   [&](const ShowTyping& what) { show_typing(memory_, turn, asker, facts, what); },
                   [&](const SetLimits& what) { set_limits(memory_, turn, asker, what); },
               },
               command.what);
    return finish(turn);
}

// The current value of what was touched, once, after all that happened to it.
Effects TenantEngine::finish(Turn& turn) const {
    for (const auto& touched : turn.touched_conversations()) {
        const OpenTalk* talk = memory_.conversations.find(touched.id);
        if (talk == nullptr) continue;
        Publication publication;
        if (touched.visitor_too) publication.to.push_back(talk->open.visitor);
        if (const Desk* desk = memory_.staff.find(talk->agent))
            publication.to.push_back(desk->agent.public_id);
        if (publication.to.empty()) continue;
        publication.what = summary_of(memory_, *talk);
        turn.publish(std::move(publication));
    }
    for (const AgentId agent : turn.touched_agents()) {
        const Desk& desk = *memory_.staff.find(agent);
        for (const auto& [channel, seat] : desk.seats) {
            Publication publication;
            publication.to.push_back(desk.agent.public_id);
            publication.what = presence_of(desk, channel);
            turn.publish(std::move(publication));
        }
    }
    return turn.take_effects();
}

void TenantEngine::trim() {
    memory_.sent.trim();
    memory_.visitors.trim();
}

Effects TenantEngine::save_progress(Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    switchboard::save_progress(memory_, turn);
    return finish(turn);
}

std::optional<Time> TenantEngine::progress_due() const {
    if (memory_.progress.empty()) return std::nullopt;
    return memory_.progress_since + progress_delay;
}

Effects TenantEngine::adopt(const TenantEngine& dropped, Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    memory_.roster = dropped.memory_.roster;
    for (const auto& [public_id, connections] : memory_.roster.people()) {
        if (dropped.memory_.visitors.held().contains(public_id))
            memory_.visitors.hold_unsure(public_id, dropped.memory_.visitors.name_of(public_id));
    }
    for (const auto& [id, desk] : dropped.memory_.staff.desks()) {
        Desk* own = memory_.staff.find(id);
        if (own == nullptr || !desk.connected) continue;
        const Reseating reseating(memory_.pools, *own);
        own->connected = true;
        turn.touch(id);
    }
    for (const auto& [id, desk] : memory_.staff.desks())
        serve_queue(memory_, turn, id);
    for (const auto& [key, pointer] : dropped.memory_.progress) {
        const OpenTalk* before = dropped.memory_.conversations.find(key.first);
        const OpenTalk* talk = memory_.conversations.find(key.first);
        const bool same = before != nullptr && talk != nullptr &&
                          before->open.conversation.public_id == talk->open.conversation.public_id;
        if (same && pointer.delivered <= talk->open.summary.last_seq)
            memory_.progress[key] = pointer;
    }
    memory_.progress_since = dropped.memory_.progress_since;
    return finish(turn);
}

}  // namespace switchboard
