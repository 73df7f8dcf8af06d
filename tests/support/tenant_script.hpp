#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "domain/authorize.hpp"
#include "domain/text.hpp"
#include "engine/tenant_engine.hpp"

namespace switchboard {

// A tenant for tests of the engine: one site served by group 1, agents as the test wants them, and
// commands in one line each. Ids are numbered, the clock moves by a millisecond a command.
class TenantScript {
public:
    struct AgentLine {
        std::int64_t id = 1;
        int slots_max = 1;
        std::vector<GroupId> groups{GroupId{1}};
        int slots_hard_max = 0;  // 0: as slots_max
        int total_max = 0;
        std::chrono::seconds wrap_up{0};
        bool messaging = false;  // as well as chat, with the same limits
        Role role = Role::agent;
    };

    static TenantScript with(const std::vector<AgentLine>& agents) {
        return TenantScript(state(agents));
    }
    explicit TenantScript(const TenantState& state) : engine(state) {}

    static TenantState state(const std::vector<AgentLine>& agents) {
        TenantState state;
        state.id = TenantId{1};
        for (const int number : {1, 2}) {
            state.groups.push_back({GroupId{number}, public_id(0xE, number), "Group"});
            Site site;
            site.id = SiteId{number};
            site.key = "site" + std::to_string(number);
            site.name = "Site";
            site.groups = {GroupId{number}};
            state.sites.push_back(site);
        }
        for (const AgentLine& line : agents) {
            Agent agent;
            agent.id = AgentId{line.id};
            agent.public_id = agent_public_id(line.id);
            agent.name = "Agent " + std::to_string(line.id);
            agent.groups = line.groups;
            agent.login = "agent" + std::to_string(line.id);
            agent.role = line.role;
            agent.total_max = line.total_max;
            AgentChannel chat;
            chat.slots_max = line.slots_max;
            chat.slots_hard_max = std::max(line.slots_max, line.slots_hard_max);
            chat.wrap_up = line.wrap_up;
            agent.channels = {chat};
            if (line.messaging) agent.channels.push_back(chat);
            agent.channels.back().channel = line.messaging ? Channel::messaging : Channel::chat;
            state.agents.push_back(agent);
        }
        return state;
    }

    static PublicId agent_public_id(std::int64_t id) { return public_id(0xA, id); }
    static PublicId visitor_public_id(std::int64_t id) { return public_id(0xB, id); }
    static PublicId talk_id(std::int64_t id) { return public_id(0xC, id); }

    static Principal agent(std::int64_t id) {
        return {TenantId{1}, Role::agent, person(AgentId{id}), agent_public_id(id)};
    }
    static Principal visitor(std::int64_t id) {
        return {TenantId{1}, Role::visitor, {PersonKind::visitor, 0}, visitor_public_id(id)};
    }
    static Principal manager() {
        return {TenantId{1}, Role::manager, {PersonKind::manager, 9}, {}};
    }
    // A site's server; its key's number may be that of an agent as well.
    static Principal key(std::int64_t number, std::string_view scope) {
        Principal key{TenantId{1}, Role::site, {PersonKind::site, number}, public_id(0xD, number)};
        for (const Scope& each : scopes())
            if (each.name == scope) key.actions = each.actions;
        return key;
    }
    static Principal admin() { return {TenantId{1}, Role::admin, {PersonKind::manager, 90}, {}}; }

    // A UUIDv7 made at the script's time.
    ClientMessageId message_id(std::int64_t number) const { return message_id(number, now); }
    static ClientMessageId message_id(std::int64_t number, Time at) {
        ClientMessageId id{public_id(0x7, number).bytes};
        const auto ms =
            std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
        for (int i = 0; i < 6; ++i)
            id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
        id.bytes[6] = 0x70;
        return id;
    }

    Effects apply(const Command& command, const Facts& facts = {}) {
        now += std::chrono::milliseconds(1);
        return engine.apply(command, facts, now);
    }

    Effects connect(const Principal& who, std::int64_t session = 1, std::int64_t generation = 1) {
        return apply({who, Connect{{public_id(0xD, session), generation}, SiteId{1}, "Vera"}},
                     no_one());
    }
    Effects disconnect(const Principal& who,
                       std::int64_t session = 1,
                       std::int64_t generation = 1) {
        return apply({who, Disconnect{{public_id(0xD, session), generation}}});
    }
    Effects start(std::int64_t visitor_id,
                  std::int64_t talk,
                  SiteId site = SiteId{1},
                  Channel channel = Channel::chat) {
        StartConversation start{talk_id(talk), site, channel, message_id(1000 + talk), "hello"};
        return apply({visitor(visitor_id), start}, no_one());
    }
    Effects send(const Principal& who,
                 std::int64_t talk,
                 const ClientMessageId& id,
                 std::string text = "text",
                 EntryKind kind = EntryKind::text) {
        return apply({who, SendMessage{talk_id(talk), id, kind, std::move(text)}});
    }
    Effects close(const Principal& who, std::int64_t talk) {
        return apply({who, CloseConversation{talk_id(talk)}});
    }
    Effects limit(std::int64_t agent_id, int slots_max, bool enabled = true) {
        SetLimits limits;
        limits.agent = agent_public_id(agent_id);
        limits.enabled = enabled;
        limits.slots_max = slots_max;
        limits.slots_hard_max = slots_max;
        return apply({manager(), limits});
    }
    Effects confirm(std::int64_t agent_id, std::int64_t talk) {
        return apply({agent(agent_id), ConfirmAssignment{talk_id(talk)}});
    }
    Effects take(std::int64_t agent_id, std::int64_t talk) {
        return apply({agent(agent_id), ClaimConversation{talk_id(talk)}});
    }
    Effects rest(std::int64_t agent_id, std::int64_t talk) {
        return apply({agent(agent_id), SetInactive{talk_id(talk)}});
    }
    Effects want(std::int64_t agent_id, Intent intent, std::string text = {}) {
        return apply({agent(agent_id), SetPresence{{}, {}, intent, std::move(text)}});
    }
    Effects log_out(std::int64_t agent_id, std::int64_t session = 1) {
        return apply({agent(agent_id), Disconnect{{public_id(0xD, session), 1}, true}});
    }
    Effects away(std::int64_t agent_id, bool away, std::int64_t session = 1) {
        return apply({agent(agent_id), SetAway{{public_id(0xD, session), 1}, away}});
    }
    Effects block(const Principal& who, std::int64_t talk, std::string reason = "rude") {
        BlockVisitor block;
        block.block = block_id(talk);
        block.conversation = talk_id(talk);
        block.reason = std::move(reason);
        return apply({who, block});
    }
    static PublicId block_id(std::int64_t id) { return public_id(0xF, id); }

    // Time goes by: all that is due by then happens, each when it is due.
    Effects wait(std::chrono::microseconds time) {
        const Time until = now + time;
        Effects all;
        while (true) {
            const auto due = engine.next_tick();
            if (!due || *due > until) break;
            now = std::max(now, *due);
            Effects effects = engine.tick(now);
            all.positions += effects.positions;
            std::ranges::move(effects.records, std::back_inserter(all.records));
            std::ranges::move(effects.publications, std::back_inserter(all.publications));
        }
        now = until;
        return all;
    }

    // The colour of an agent on chat.
    Colour colour(std::int64_t agent_id, Channel channel = Channel::chat) const {
        return engine.memory().staff.find(AgentId{agent_id})->colour(channel);
    }
    ConversationState state_of(std::int64_t talk) const {
        const OpenTalk* found = engine.memory().conversations.find(talk_id(talk));
        return found == nullptr ? ConversationState::closed : found->open.conversation.state;
    }

    // 0: nobody.
    std::int64_t agent_of(std::int64_t talk) const {
        const OpenTalk* found = engine.memory().conversations.find(talk_id(talk));
        return found == nullptr ? 0 : found->agent().value;
    }

    TenantEngine engine;
    Time now = Time(std::chrono::milliseconds(1'700'000'000'000));

private:
    // "Looked up, and there is nobody": what the store says of visitors who never wrote.
    static Facts no_one() { return {}; }

    static PublicId public_id(std::uint8_t kind, std::int64_t number) {
        PublicId id;
        id.bytes[0] = kind;
        for (std::size_t i = 0; i < 8; ++i)
            id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
        return id;
    }
};

// The publications of one kind, in order.
template <class View>
std::vector<View> shown(const Effects& effects) {
    std::vector<View> views;
    for (const Publication& publication : effects.publications) {
        if (const auto* view = std::get_if<View>(&publication.what)) views.push_back(*view);
    }
    return views;
}

template <class Kind>
std::vector<Kind> stored(const Effects& effects) {
    std::vector<Kind> records;
    for (const Record& record : effects.records) {
        if (const auto* one = std::get_if<Kind>(&record)) records.push_back(*one);
    }
    return records;
}

inline std::optional<Refusal> refusal(const Effects& effects) {
    const auto* refused = std::get_if<Refused>(&effects.reply);
    return refused == nullptr ? std::nullopt : std::optional(refused->reason);
}

}  // namespace switchboard
