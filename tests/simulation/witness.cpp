#include "simulation/witness.hpp"

#include <set>

#include "simulation/crowd.hpp"

namespace switchboard {
namespace {

constexpr TenantId seen_tenant{1};

const ClientMessageId* message_of(const Command& command) {
    if (const auto* start = std::get_if<StartConversation>(&command.what))
        return &start->client_message_id;
    if (const auto* send = std::get_if<SendMessage>(&command.what)) return &send->client_message_id;
    return nullptr;
}

const std::string& text_of(const Command& command) {
    if (const auto* start = std::get_if<StartConversation>(&command.what)) return start->text;
    return std::get<SendMessage>(command.what).text;
}

}  // namespace

std::uint32_t Witness::submitted(const Command& command, int loop) {
    submitted_.push_back({command, loop, 0, {}});
    if (const auto* id = message_of(command)) ++times_said_[{command.principal.public_id, *id}];
    return static_cast<std::uint32_t>(submitted_.size() - 1);
}

void Witness::saw(const CarriedOut& output, int loop) {
    if (output.has_gap) shown_.erase(loop);
    for (const Publication& publication : output.publications) {
        if (const auto* view = std::get_if<EntryView>(&publication.what)) showed(*view, loop);
        if (const auto* view = std::get_if<TypingView>(&publication.what))
            showed(*view, publication);
    }
    for (const Answer& answer : output.answers)
        answered(submitted_[answer.id], answer.reply);
}

void Witness::answered(Submitted& submitted, const Reply& reply) {
    if (++submitted.answers > 1)
        note("a command was answered twice: " + describe(submitted.command));
    if (const auto* stored = std::get_if<MessageStored>(&reply)) acknowledged(submitted, *stored);
}

void Witness::acknowledged(Submitted& submitted, const MessageStored& stored) {
    const Command& command = submitted.command;
    const SenderId id{command.principal.public_id, *message_of(command)};
    const auto [first, is_first] = acknowledged_.emplace(id, stored);
    if (first->second != stored) note("P3: one id, two answers: " + describe(command));
    if (is_first) submitted.stored = stored;
    const auto entry = entry_at(stored.conversation, stored.seq);
    if (!entry || entry->pos != stored.pos || entry->at != stored.at)
        return note("P1: acknowledged, not stored: " + describe(command));
    if (entry->body != text_of(command))
        note("P3: acknowledged for another text: " + describe(command));
}

void Witness::showed(const EntryView& view, int loop) {
    const auto entry = entry_at(view.conversation, view.entry.seq);
    if (!entry || *entry != view.entry) return note("P12: shown, not stored");
    if (entry->body.find(unsaid) != std::string::npos) note("K9: a draft was stored");
    const auto [last, is_first] = shown_[loop].emplace(view.conversation, view.entry.seq);
    if (is_first) return;
    if (view.entry.seq != last->second + 1 || view.prev_seq != last->second)
        note("P2: shown out of order or with a gap");
    last->second = view.entry.seq;
}

void Witness::showed(const TypingView& view, const Publication& publication) {
    if (view.draft.empty()) return;
    if (view.person.person.kind != PersonKind::visitor) note("K9: a draft of an agent");
    std::set<PublicId> agents;
    for (int number = 1; number <= Crowd::agents; ++number)
        agents.insert(TenantScript::agent_public_id(number));
    for (const PublicId& to : publication.to)
        if (!agents.contains(to)) note("K9: a draft was shown to a visitor");
}

std::optional<Entry> Witness::entry_at(const PublicId& conversation, Seq seq) const {
    LookUp look_up;
    look_up.conversations = {conversation};
    const Facts facts = database_.find(seen_tenant, look_up);
    if (facts.conversations.empty()) return std::nullopt;
    const auto page =
        database_.read({seen_tenant, facts.conversations[0].id, seq - 1, 1, Visibility::agents});
    if (page.entries.empty()) return std::nullopt;
    return page.entries[0].entry;
}

void Witness::audit() {
    std::map<std::tuple<PublicId, PublicId, int>, Seq> last;  // by sender, conversation and loop
    for (const Submitted& submitted : submitted_) {
        const bool leaving = std::holds_alternative<Disconnect>(submitted.command.what);
        if (submitted.answers != 1 && !leaving)  // who leaves waits for nothing
            note("silence: " + describe(submitted.command));
        if (!submitted.stored) continue;
        const MessageStored& stored = *submitted.stored;
        const auto entry = entry_at(stored.conversation, stored.seq);
        if (!entry || entry->pos != stored.pos) note("P1: lost: " + describe(submitted.command));
        const SenderId id{submitted.command.principal.public_id, *message_of(submitted.command)};
        if (times_said_[id] > 1) continue;  // it may have been stored when it was first said
        Seq& before =
            last[{submitted.command.principal.public_id, stored.conversation, submitted.loop}];
        if (stored.seq <= before) note("P2: not in the sender's order");
        before = stored.seq;
    }
    const Pos head = database_.load(seen_tenant).log_pos;
    if (head != ledger_.head()) note("the store holds what no batch brought");
}

std::string describe(const Command& command) {
    static constexpr std::array names{
        "Connect",        "Disconnect",   "Start",          "Send",           "Close",
        "Progress",       "Typing",       "SetLimits",      "SetTotalLimit",  "SetAway",
        "SetPresence",    "Confirm",      "Claim",          "SetInactive",    "FinishWrapUp",
        "Block",          "LiftBlock",    "Form",           "Rate",           "ShowLive",
        "ListBlocks",     "Availability", "ConfigureAgent", "ConfigureGroup", "ConfigureSite",
        "ConfigureTenant"};
    static_assert(names.size() == std::variant_size_v<decltype(command.what)>);
    return names.at(command.what.index()) + std::string(" by ") +
           to_text(command.principal.public_id);
}

}  // namespace switchboard
