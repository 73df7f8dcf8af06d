#pragma once

#include <string>
#include <utility>
#include <vector>

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
    };

    static TenantScript with(const std::vector<AgentLine>& agents) {
        return TenantScript(state(agents));
    }
    explicit TenantScript(const TenantState& state) : engine(state) {}

    static TenantState state(const std::vector<AgentLine>& agents) {
        TenantState state;
        state.id = TenantId{1};
        state.sites = {{SiteId{1}, {GroupId{1}}}, {SiteId{2}, {GroupId{2}}}};
        for (const AgentLine& line : agents) {
            Agent agent;
            agent.id = AgentId{line.id};
            agent.public_id = agent_public_id(line.id);
            agent.name = "Agent " + std::to_string(line.id);
            agent.groups = line.groups;
            agent.channels = {{Channel::chat, true, line.slots_max, line.slots_max}};
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
    Effects disconnect(const Principal& who, std::int64_t session = 1) {
        return apply({who, Disconnect{{public_id(0xD, session), 1}}});
    }
    Effects start(std::int64_t visitor_id, std::int64_t talk, SiteId site = SiteId{1}) {
        StartConversation start{
            talk_id(talk), site, Channel::chat, message_id(1000 + talk), "hello"};
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
        SetLimits limits{AgentId{agent_id}, Channel::chat, enabled, slots_max, slots_max};
        return apply({manager(), limits});
    }

    // 0: nobody.
    std::int64_t agent_of(std::int64_t talk) const {
        const OpenTalk* found = engine.memory().conversations.find(talk_id(talk));
        return found == nullptr ? 0 : found->agent.value;
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
