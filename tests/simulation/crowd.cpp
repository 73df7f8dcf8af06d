#include "simulation/crowd.hpp"

#include <algorithm>
#include <iterator>

namespace switchboard {
namespace {

using Script = TenantScript;

}  // namespace

TenantState Crowd::configuration() {
    const GroupId first{1};
    const GroupId second{2};
    TenantState state = Script::state({
        {.id = 1, .slots_max = 2, .groups = {first}, .slots_hard_max = 3, .messaging = true},
        {.id = 2, .slots_max = 1, .groups = {first, second}, .total_max = 2, .messaging = true},
        {.id = 3, .slots_max = 3, .groups = {second}, .wrap_up = std::chrono::seconds(2)},
        {.id = 4, .slots_max = 1, .groups = {first}},
    });
    state.sent_max = 12;
    // Times that come round many times a day.
    state.settings.agent_grace = grace;
    state.settings.visitor_grace = std::chrono::seconds(4);
    state.settings.confirm_within = std::chrono::seconds(1);
    state.settings.inactive_after = std::chrono::seconds(9);
    state.settings.close_after = std::chrono::seconds(12);
    state.settings.draft_preview = true;
    state.sites[0].rules = {
        {Channel::chat, WhenNobodyFree::queue, 2, std::chrono::seconds(6), WhenWaitedLong::close},
        {Channel::messaging,
         WhenNobodyFree::leave_message,
         2,
         std::chrono::seconds(0),
         WhenWaitedLong::close}};
    state.sites[1].rules = {{Channel::chat,
                             WhenNobodyFree::queue,
                             9,
                             std::chrono::seconds(5),
                             WhenWaitedLong::leave_message},
                            {Channel::messaging,
                             WhenNobodyFree::refuse,
                             4,
                             std::chrono::seconds(0),
                             WhenWaitedLong::close}};
    return state;
}

Principal Crowd::anybody() {
    const int number = up_to(agents + visitors - 1);
    return number < agents ? Script::agent(number + 1) : Script::visitor(number - agents + 1);
}

void Crowd::look_at(const TenantMemory& memory) {
    open_.clear();
    for (const OpenTalk* talk : memory.conversations.in_order())
        open_.push_back(
            {talk->open.conversation.public_id, talk->open.visitor, talk->agent().value});
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

// What agents and managers do beside talking.
Command Crowd::handle(Time now) {
    const auto [who, talk] = anybody_in_a_talk();
    const int agent = 1 + up_to(agents - 1);
    switch (up_to(11)) {
        case 0:
            return {Script::agent(agent), ClaimConversation{talk}};
        case 1:
            return {who, SetInactive{talk}};
        case 2:
            return {who, FinishWrapUp{talk}};
        case 3:
            return {who, FillClosingForm{talk, {"tag"}, "note"}};
        case 4:
            return {who, RateConversation{talk, up_to(6), "fine"}};
        case 5:
        case 6:
            return {Script::agent(agent),
                    SetPresence{{},
                                once_in(2) ? std::nullopt : std::optional(Channel::chat),
                                once_in(3) ? Intent::unavailable : Intent::available,
                                "lunch"}};
        case 7:
            return {Script::manager(),
                    SetPresence{Script::agent_public_id(agent), {}, Intent::available, {}}};
        case 8:
            return {anybody(), SetAway{{Script::talk_id(up_to(2)), up_to(2)}, once_in(3)}};
        case 9:
            return {Script::manager(), SetTotalLimit{Script::agent_public_id(agent), up_to(3)}};
        case 10:
            return {once_in(2) ? Script::manager() : who, ShowLive{once_in(2), true}};
        default:
            return block(now);
    }
}

Command Crowd::block(Time now) {
    if (!blocks_.empty() && once_in(2)) {
        const auto last = static_cast<int>(blocks_.size()) - 1;
        return {Script::manager(), LiftBlock{blocks_[static_cast<std::size_t>(up_to(last))]}};
    }
    const auto [who, talk] = anybody_in_a_talk();
    BlockVisitor block;
    block.block = Script::block_id(++minted_);
    block.reason = "rude";
    if (once_in(2)) block.expires_at = now + std::chrono::milliseconds(up_to(4000) - 200);
    if (once_in(4)) {
        block.visitor = Script::visitor_public_id(1 + up_to(visitors - 1));
        blocks_.push_back(block.block);
        return {Script::manager(), block};
    }
    block.conversation = talk;
    blocks_.push_back(block.block);
    return {who, block};
}

// The tenant changes while it lives.
Command Crowd::configure() {
    Principal admin = Script::manager();
    admin.role = Role::admin;
    const TenantState state = configuration();
    const auto number = static_cast<std::size_t>(up_to(agents - 1));
    switch (up_to(3)) {
        case 0: {
            const Agent& agent = state.agents[number];
            Account account{agent.id,
                            agent.public_id,
                            agent.login,
                            {},
                            agent.name,
                            agent.role,
                            !once_in(4),
                            agent.groups};
            if (once_in(3)) account.groups = {GroupId{1 + up_to(1)}};
            return {admin, ConfigureAgent{account}};
        }
        case 1: {
            Site site = state.sites[static_cast<std::size_t>(up_to(1))];
            if (once_in(2)) site.groups = {GroupId{1}, GroupId{2}};
            return {admin, ConfigureSite{site}};
        }
        case 2:
            return {admin, ConfigureGroup{{GroupId{1}, {}, "Group " + std::to_string(number)}}};
        default: {
            TenantSettings settings = state.settings;
            if (once_in(3)) settings.when_agent_gone = WhenAgentGone::keep;
            if (once_in(3)) settings.inactive_after = std::chrono::seconds(0);
            settings.draft_preview = !once_in(4);
            return {admin, ConfigureTenant{settings}};
        }
    }
}

Command Crowd::any_command(Time now) {
    const int dice = up_to(139);
    if (dice < 12) return said_.emplace_back(start(now));
    if (dice < 42) return said_.emplace_back(send(now));
    if (dice < 52) return repeat(now);
    const auto [who, talk] = anybody_in_a_talk();
    if (dice < 58) return {who, CloseConversation{talk}};
    if (dice < 65) return {who, ReportProgress{talk, up_to(12), up_to(12)}};
    if (dice < 67) return {who, ShowTyping{talk, unsaid}};
    if (dice < 84) return {who, ConfirmAssignment{talk}};
    if (dice < 104) return handle(now);
    if (dice < 106) return configure();
    const Connection connection{Script::talk_id(up_to(2)), up_to(2)};
    if (dice < 126) return {anybody(), Connect{connection, SiteId{1}, "Vera"}};
    if (dice < 136) return {anybody(), Disconnect{connection, once_in(3)}};
    const int max = 1 + up_to(2);
    SetLimits limits;
    limits.agent = Script::agent_public_id(1 + up_to(agents - 1));
    limits.channel = once_in(2) ? Channel::chat : Channel::messaging;
    limits.enabled = !once_in(5);
    limits.slots_max = max;
    limits.slots_hard_max = max + up_to(1);
    limits.wrap_up = std::chrono::seconds(once_in(3) ? 1 : 0);
    return {Script::manager(), limits};
}

}  // namespace switchboard
