#include "simulation/crowd.hpp"

#include <algorithm>

namespace switchboard {
namespace {

using Script = TenantScript;

}  // namespace

TenantState Crowd::configuration() {
    const GroupId first{1};
    const GroupId second{2};
    TenantState state = Script::state(
        {{1, 2, {first}}, {2, 1, {first, second}}, {3, 3, {second}}, {4, 1, {first}}});
    state.sent_max = 12;
    for (Agent& agent : state.agents) {
        if (agent.id.value < 3) agent.channels.push_back({Channel::messaging, true, 2, 3});
    }
    return state;
}

Principal Crowd::anybody() {
    const int number = up_to(agents + visitors - 1);
    return number < agents ? Script::agent(number + 1) : Script::visitor(number - agents + 1);
}

void Crowd::look_at(const TenantMemory& memory) {
    open_.clear();
    for (const auto& [id, talk] : memory.conversations.all())
        open_.push_back({talk.open.conversation.public_id, talk.open.visitor, talk.agent.value});
}

// Mostly a party of an open conversation, else anybody and any conversation.
std::pair<Principal, PublicId> Crowd::anybody_in_a_talk() {
    const auto any_of = [this](const auto& all) {
        return all[static_cast<std::size_t>(up_to(static_cast<int>(all.size()) - 1))];
    };
    if (open_.empty() || once_in(6))
        return {anybody(), talks_.empty() ? Script::talk_id(1) : any_of(talks_)};
    const Talk talk = any_of(open_);
    if (talk.agent != 0 && once_in(2)) return {Script::agent(talk.agent), talk.id};
    Principal visitor = Script::visitor(1);
    visitor.public_id = talk.visitor;
    return {visitor, talk.id};
}

Command Crowd::start(Time now) {
    talks_.push_back(Script::talk_id(++minted_));
    StartConversation start{talks_.back(),
                            SiteId{1 + up_to(1)},
                            once_in(3) ? Channel::messaging : Channel::chat,
                            Script::message_id(++minted_, now),
                            "hello"};
    return {Script::visitor(1 + up_to(visitors - 1)), start};
}

Command Crowd::send(Time now) {
    const auto [who, talk] = anybody_in_a_talk();
    SendMessage send{talk,
                     Script::message_id(++minted_, now - std::chrono::milliseconds(up_to(300))),
                     once_in(6) ? EntryKind::note : EntryKind::text,
                     once_in(60) ? unstorable : "text " + std::to_string(minted_)};
    return {who, send};
}

// Says something again: mostly word by word.
Command Crowd::repeat(Time now) {
    if (said_.empty()) return send(now);
    const int back = up_to(30);
    const auto last = static_cast<int>(said_.size()) - 1;
    Command command = said_[static_cast<std::size_t>(std::max(0, last - back))];
    auto* sent = std::get_if<SendMessage>(&command.what);
    if (sent != nullptr && once_in(10)) sent->text += " otherwise";
    auto* started = std::get_if<StartConversation>(&command.what);
    if (started != nullptr) talks_.push_back(started->conversation = Script::talk_id(++minted_));
    return command;
}

Command Crowd::any_command(Time now) {
    const int dice = up_to(99);
    if (dice < 12) return said_.emplace_back(start(now));
    if (dice < 45) return said_.emplace_back(send(now));
    if (dice < 58) return repeat(now);
    const auto [who, talk] = anybody_in_a_talk();
    if (dice < 68) return {who, CloseConversation{talk}};
    if (dice < 75) return {who, ReportProgress{talk, up_to(12), up_to(12)}};
    if (dice < 77) return {who, ShowTyping{talk}};
    const Connection connection{Script::talk_id(up_to(2)), up_to(2)};
    if (dice < 88) return {anybody(), Connect{connection, SiteId{1}, "Vera"}};
    if (dice < 96) return {anybody(), Disconnect{connection}};
    const int max = 1 + up_to(2);
    SetLimits limits{AgentId{1 + up_to(agents - 1)},
                     once_in(2) ? Channel::chat : Channel::messaging,
                     !once_in(5),
                     max,
                     max + up_to(1)};
    return {Script::manager(), limits};
}

}  // namespace switchboard
