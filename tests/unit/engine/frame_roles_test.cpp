// What comes of every frame of a client, by whose hand it comes and whose the object is that it
// speaks of: mission.md, "Roles", frame by frame. The frames that never reach a tenant are in
// integration/gateway/roles_test.cpp, the routes of HTTP in unit/admin/rest_roles_test.cpp.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "support/tenant_script.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {
namespace {

using Script = TenantScript;
using What = decltype(ClientFrame::what);
using namespace std::chrono_literals;

// For each of the asker's own, another's, and another tenant's (which is as one that never was):
//   + done   x forbidden   ? not_found   = answered, and nothing came of it
// One letter alone: the frame is about nothing that could be somebody's. The visitor owns what he
// talks in, staff what is assigned to them, a viewer nothing; of what waits, staff own what their
// groups serve.
constexpr std::string_view matrix = R"(
    frame             visitor  agent  bot  viewer  manager  admin  account_owner
    start             +        x      x    x       x        x      x
    send_text         +??      +??    +??  xx?     +x?      +x?    +x?
    send_link         +??      +??    +??  xx?     +x?      +x?    +x?
    send_note         x??      +??    +??  xx?     +x?      +x?    +x?
    confirm           x??      +??    +??  xx?     +x?      +x?    +x?
    report            +??      +??    +??  xx?     +x?      +x?    +x?
    typing            +??      +??    +??  xx?     +x?      +x?    +x?
    close             +??      +??    +??  xx?     ++?      ++?    ++?
    set_inactive      x??      +??    +??  xx?     ++?      ++?    ++?
    claim             x??      +??    +??  xx?     ++?      ++?    ++?
    finish_wrap_up    xxx      +??    +??  xxx     +=?      +=?    +=?
    fill_form         x??      +??    +??  xx?     ++?      ++?    ++?
    rate              +??      x??    x??  xx?     xx?      xx?    xx?
    block_talk        x??      +??    +??  xx?     ++?      ++?    ++?
    block_visitor     xxx      xxx    xxx  xxx     ++?      ++?    ++?
    lift_block        xxx      xxx    xxx  xxx     ++?      ++?    ++?
    list_blocks       x        x      x    x       +        +      +
    set_presence      xxx      +xx    +xx  xxx     ++?      ++?    ++?
    set_away          x        +      +    x       +        +      +
    watch_agents      x        x      x    +       +        +      +
    watch_queue       x        +      +    x       +        +      +
)";

const std::map<std::string, Role> roles{{"visitor", Role::visitor},
                                        {"agent", Role::agent},
                                        {"bot", Role::bot},
                                        {"viewer", Role::viewer},
                                        {"manager", Role::manager},
                                        {"admin", Role::admin},
                                        {"account_owner", Role::account_owner}};

enum class Whose { own, anothers, elsewhere, nobodys };

struct Outcome {
    std::string letter;  // of the matrix; for any other refusal its code
    Reply reply;
};

// Visitor 1 and agent 1, of whom the asker is one, and visitor 2 and agent 2, each pair at a site
// of its own. They talk (1 and 2), wait by message (3 and 4), and wrap up what is over (5 and 6).
// 7 is another tenant's, and 8 is not at all.
class World {
public:
    explicit World(Role role) : script(state(role)) {
        asker = role == Role::visitor ? Script::visitor(1) : staff(role);
        for (const int number : {1, 2}) {
            connect(Script::visitor(number));
            connect(number == 1 && role != Role::visitor ? asker : Script::agent(number));
            script.apply({Script::manager(),
                          SetPresence{Script::agent_public_id(number),
                                      Channel::messaging,
                                      Intent::unavailable,
                                      {}}});
        }
        for (const int number : {1, 2}) {
            script.start(number, ended(number), SiteId{number});
            note_ended(number);
            script.close(Script::visitor(number), ended(number));
            script.start(number, number, SiteId{number});
            script.start(number, waiting(number), SiteId{number}, Channel::messaging);
            const bool serves = number == 2 || role != Role::viewer;
            EXPECT_EQ(script.agent_of(number), serves ? number : 0);
            EXPECT_EQ(script.state_of(waiting(number)), ConversationState::queued);
        }
    }

    // What was looked up for a command, as if the store had kept the tenants apart badly: what is
    // another tenant's has the very numbers of the asker.
    Facts facts() const {
        Facts facts;
        facts.conversations = {ended_.begin(), ended_.end()};
        StoredConversation foreign = ended_.front();
        foreign.public_id = Script::talk_id(7);
        foreign.id = ConversationId{7'000'000};
        foreign.access.tenant = TenantId{2};
        facts.conversations.push_back(foreign);
        return facts;
    }

    Outcome carry_out(const What& what) {
        Command command{asker, {}};
        const auto complete = [&](const auto& frame) {
            if constexpr (requires { command.what = frame; }) {
                command.what = frame;
                return true;
            } else {
                return false;
            }
        };
        EXPECT_TRUE(std::visit(complete, what)) << "no command of the tenant's";
        const Effects effects = script.apply(command, facts());
        return {letter_of(effects), effects.reply};
    }

    static Connection connection() { return {Script::talk_id(100), 1}; }
    static std::int64_t talk(Whose whose) { return of(whose, {1, 2}); }
    static std::int64_t waiting(Whose whose) { return of(whose, {3, 4}); }
    static std::int64_t ended(Whose whose) { return of(whose, {5, 6}); }

    Script script;
    Principal asker;

private:
    void connect(const Principal& who) {
        script.apply({who, Connect{connection(), SiteId{1}, "Vera"}});
    }

    std::string letter_of(const Effects& effects) const {
        if (const auto why = refusal(effects)) {
            if (*why == Refusal::forbidden) return "x";
            return *why == Refusal::not_found ? "?" : std::string(info(*why).code);
        }
        const bool changes = !effects.records.empty() || !effects.publications.empty() ||
                             !script.engine.memory().progress.empty();
        return changes || !std::holds_alternative<Done>(effects.reply) ? "+" : "=";
    }

    static std::int64_t waiting(int pair) { return pair + 2; }
    static std::int64_t ended(int pair) { return pair + 4; }
    static std::int64_t of(Whose whose, std::pair<int, int> here) {
        switch (whose) {
            case Whose::own:
                return here.first;
            case Whose::anothers:
                return here.second;
            case Whose::elsewhere:
                return 7;
            case Whose::nobodys:
                break;
        }
        return 8;
    }

    static Principal staff(Role role) {
        Principal principal = Script::agent(1);
        principal.role = role;
        if (role == Role::bot) principal.person.kind = PersonKind::bot;
        if (role != Role::bot && role != Role::agent) principal.person.kind = PersonKind::manager;
        return principal;
    }

    static TenantState state(Role role) {
        std::vector<Script::AgentLine> lines;
        for (const int number : {1, 2}) {
            Script::AgentLine line{.id = number, .slots_max = 4, .groups = {GroupId{number}}};
            line.wrap_up = 60s;
            line.messaging = true;
            if (number == 1 && role != Role::visitor) line.role = role;
            lines.push_back(line);
        }
        TenantState state = Script::state(lines);
        for (const int number : {1, 2}) {
            Block block;
            block.id = BlockId{number};
            block.public_id = Script::block_id(number);
            block.visitor = VisitorId{1'000 + number};
            block.visitor_public_id = Script::visitor_public_id(1'000 + number);
            block.by = person(AgentId{number});
            state.blocks.push_back(block);
        }
        state.log_pos = 10;
        return state;
    }

    void note_ended(int number) {
        const OpenTalk& talk =
            *script.engine.memory().conversations.find(Script::talk_id(ended(number)));
        StoredConversation stored;
        stored.public_id = talk.open.conversation.public_id;
        stored.id = talk.open.conversation.id;
        stored.access = talk.access(TenantId{1});
        stored.closed_at = script.now;
        stored.visitor = talk.open.visitor;
        ended_.push_back(stored);
    }

    std::vector<StoredConversation> ended_;
};

template <class Command>
What about(std::int64_t talk) {
    Command command;
    command.conversation = Script::talk_id(talk);
    return command;
}

What message(const Script& script, Whose whose, EntryKind kind) {
    return SendMessage{
        Script::talk_id(World::talk(whose)), script.message_id(1), kind, "https://shop.example"};
}

What start(Script& script) {
    script.close(Script::visitor(1), 1);  // only one may be open
    return StartConversation{
        Script::talk_id(9), SiteId{1}, Channel::chat, script.message_id(9), "hello"};
}

What presence(Whose whose) {
    SetPresence set;
    if (whose != Whose::own) set.agent = Script::agent_public_id(World::talk(whose));
    set.intent = Intent::unavailable;
    return set;
}

What block(Whose whose, bool by_talk) {
    BlockVisitor block;
    block.block = Script::block_id(9);
    (by_talk ? block.conversation : block.visitor) =
        by_talk ? Script::talk_id(World::talk(whose))
                : Script::visitor_public_id(World::talk(whose));
    return block;
}

using Maker = std::function<What(Script&, Whose)>;

const std::map<std::string, Maker>& makers() {
    using S = Script;
    using W = World;
    static const std::map<std::string, Maker> all{
        {"start", [](S& s, Whose) { return start(s); }},
        {"send_text", [](S& s, Whose w) { return message(s, w, EntryKind::text); }},
        {"send_link", [](S& s, Whose w) { return message(s, w, EntryKind::link); }},
        {"send_note", [](S& s, Whose w) { return message(s, w, EntryKind::note); }},
        {"confirm", [](S&, Whose w) { return about<ConfirmAssignment>(W::talk(w)); }},
        {"report",
         [](S&, Whose w) {
             return ReportProgress{S::talk_id(W::talk(w)), 1, 1};
         }},
        {"typing", [](S&, Whose w) { return about<ShowTyping>(W::talk(w)); }},
        {"close", [](S&, Whose w) { return about<CloseConversation>(W::talk(w)); }},
        {"set_inactive", [](S&, Whose w) { return about<SetInactive>(W::talk(w)); }},
        {"claim", [](S&, Whose w) { return about<ClaimConversation>(W::waiting(w)); }},
        {"finish_wrap_up", [](S&, Whose w) { return about<FinishWrapUp>(W::ended(w)); }},
        {"fill_form", [](S&, Whose w) { return about<FillClosingForm>(W::ended(w)); }},
        {"rate", [](S&, Whose w) { return about<RateConversation>(W::ended(w)); }},
        {"block_talk", [](S&, Whose w) { return block(w, true); }},
        {"block_visitor", [](S&, Whose w) { return block(w, false); }},
        {"lift_block", [](S&, Whose w) { return LiftBlock{S::block_id(W::talk(w))}; }},
        {"list_blocks", [](S&, Whose) { return ListBlocks{}; }},
        {"set_presence", [](S&, Whose w) { return presence(w); }},
        {"set_away",
         [](S&, Whose) {
             return SetAway{W::connection(), true};
         }},
        {"watch_agents",
         [](S&, Whose) {
             return ShowLive{true, false};
         }},
        {"watch_queue",
         [](S&, Whose) {
             return ShowLive{false, true};
         }},
    };
    return all;
}

// The letters of the matrix by frame and role.
std::map<std::string, std::map<std::string, std::string>> read_matrix() {
    std::map<std::string, std::map<std::string, std::string>> cells;
    std::istringstream lines{std::string(matrix)};
    std::vector<std::string> heads;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::vector<std::string> row;
        for (std::string word; words >> word;)
            row.push_back(word);
        if (row.empty()) continue;
        if (heads.empty()) {
            heads = row;
            continue;
        }
        EXPECT_EQ(row.size(), heads.size()) << line;
        for (std::size_t column = 1; column < row.size(); ++column)
            cells[row.front()][heads[column]] = row[column];
    }
    return cells;
}

template <class... Kinds>
std::set<std::size_t> indices() {
    return {What(std::in_place_type<Kinds>).index()...};
}

TEST(FrameMatrix, EveryFrameAndEveryRoleThatMayConnectIsInTheMatrix) {
    const auto cells = read_matrix();
    auto kinds = indices<Hello, ReadEntries, View, Refused>();  // the connection's own
    for (const auto& [frame, make] : makers()) {
        EXPECT_TRUE(cells.contains(frame)) << frame;
        World world(Role::visitor);
        kinds.insert(make(world.script, Whose::own).index());
    }
    EXPECT_EQ(cells.size(), makers().size());
    EXPECT_EQ(kinds.size(), std::variant_size_v<What>) << "a kind of frame has no row";
    for (int number = 1; number <= static_cast<int>(Role::operator_); ++number) {
        const auto role = static_cast<Role>(number);
        const bool has_column =
            std::ranges::any_of(roles, [&](const auto& each) { return each.second == role; });
        EXPECT_EQ(has_column, !authorize({TenantId{1}, role, {}, {}}, Action::connect, nullptr));
    }
}

class FrameRoles : public testing::TestWithParam<std::pair<const std::string, Role>> {};

Outcome try_out(Role role, const Maker& make, Whose whose) {
    World world(role);
    const What what = make(world.script, whose);
    return world.carry_out(what);
}

void expect_same(const Outcome& one, const Outcome& other) {
    EXPECT_EQ(one.letter, other.letter);
    const auto* refused = std::get_if<Refused>(&one.reply);
    if (refused == nullptr) return;
    const auto& other_refused = std::get<Refused>(other.reply);
    EXPECT_EQ(refused->field, other_refused.field);
    EXPECT_EQ(refused->open_conversation, PublicId());
    EXPECT_EQ(refused->taken_by, PersonView());
}

TEST_P(FrameRoles, EachDoesWhatItMayWithItsOwnAnothersAndNothingElsewhere) {
    const auto& [name, role] = GetParam();
    for (const auto& [frame, row] : read_matrix()) {
        SCOPED_TRACE(frame + " by " + name);
        const Maker& make = makers().at(frame);
        const std::string& expected = row.at(name);
        std::string letters = try_out(role, make, Whose::own).letter;
        if (expected.size() > 1) {
            letters += try_out(role, make, Whose::anothers).letter;
            const Outcome elsewhere = try_out(role, make, Whose::elsewhere);
            letters += elsewhere.letter;
            expect_same(elsewhere, try_out(role, make, Whose::nobodys));
        }
        EXPECT_EQ(letters, expected);
    }
}

INSTANTIATE_TEST_SUITE_P(Each,
                         FrameRoles,
                         testing::ValuesIn(roles.begin(), roles.end()),
                         [](const auto& role) { return role.param.first; });

}  // namespace
}  // namespace switchboard
