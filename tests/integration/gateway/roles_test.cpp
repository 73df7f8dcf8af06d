// The frames that the connection itself answers, by role and by whose the conversation is; and that
// a conversation of another tenant of the same database is, to the frames of all, as one that never
// was. What the tenant answers is in unit/engine/frame_roles_test.cpp.
#include "integration/gateway/session_fixture.hpp"

namespace switchboard {
namespace {

const std::string nobodys = "0190c2f4-0000-4000-8000-0000000000ff";

struct Asking {
    const char* role;
    int agent;  // 0: a visitor
    bool reads_all;
};

void PrintTo(const Asking& asking, std::ostream* out) { *out << asking.role; }

// Visitor and colleague talk with each other; the asker of the role has a conversation of his own,
// as its visitor, or as who it is assigned to.
struct RolesTest : SessionTest, testing::WithParamInterface<Asking> {
    RolesTest() {
        if (GetParam().agent == 0) {
            welcome(asker);
            own = talk(asker);
        } else {
            welcome_agent(asker, GetParam().agent);
            welcome(guest);
            own = talk(guest);
            asker.reply(asker.send(about("claim", own)));  // what was not assigned to him
        }
        welcome_agent(colleague, 2);
        welcome(visitor);
        anothers = talk(visitor);
    }

    static std::string about(const std::string& command, const std::string& conversation) {
        return "\"" + command + R"(":{"conversationId":")" + conversation + "\"}";
    }

    std::string read(const std::string& conversation) {
        const auto answer = asker.reply(asker.send(about("read", conversation)));
        if (!answer.contains("error")) return answer.contains("entries") ? "read" : "";
        return text_of(answer.at("error").as_object(), "code");
    }

    JsonClient asker = GetParam().agent == 0 ? at_shop() : at_desk();
    JsonClient guest = at_shop();
    JsonClient colleague = at_desk();
    JsonClient visitor = at_shop();
    std::string own, anothers;
};

TEST_P(RolesTest, TheOwnIsReadAnothersByThoseWhoDirectOrWatchAndNothingElsewhere) {
    EXPECT_EQ(read(own), "read");
    EXPECT_EQ(read(anothers), GetParam().reads_all ? "read" : "not_found");
    EXPECT_EQ(read(server.talk_elsewhere()), "not_found");
    EXPECT_EQ(read(nobodys), "not_found");
}

TEST_P(RolesTest, WhatIsElsewhereIsAnsweredAsWhatNeverWas) {
    const std::string elsewhere = server.talk_elsewhere();
    const auto error_of = [&](const std::string& command) {
        const auto answer = asker.reply(asker.send(command));
        return answer.contains("error") ? answer.at("error").as_object() : object();
    };
    for (const char* command : {"read", "close", "typing", "confirm", "claim", "setInactive"}) {
        const auto error = error_of(about(command, elsewhere));
        EXPECT_EQ(text_of(error, "code"), "not_found") << command;
        EXPECT_EQ(error, error_of(about(command, nobodys))) << command;
    }
    const auto error = error_of(send_text(elsewhere, 5, "x"));
    EXPECT_EQ(text_of(error, "code"), "not_found");
    EXPECT_EQ(error, error_of(send_text(nobodys, 6, "x")));
}

TEST_P(RolesTest, ToHaveAnothersConversationOnTheScreenShowsNothingOfIt) {
    const auto view = R"("view":{"conversationIds":[")" + anothers + "\"]}";
    EXPECT_TRUE(asker.reply(asker.send(view)).contains("done"));
    visitor.send(about("typing", anothers));
    EXPECT_TRUE(visitor.reply(visitor.send(send_text(anothers, 7, "x"))).contains("stored"));
    colleague.event("typing");
    const auto id = asker.send(R"("view":{})");
    for (auto frame = asker.next(); !frame.contains("reply"); frame = asker.next()) {
        ASSERT_TRUE(frame.contains("event")) << id;
        EXPECT_EQ(boost::json::serialize(frame).find(anothers), std::string::npos) << frame;
    }
}

INSTANTIATE_TEST_SUITE_P(Each,
                         RolesTest,
                         testing::Values(Asking{"visitor", 0, false},
                                         Asking{"agent", 1, false},
                                         Asking{"bot", 4, false},
                                         Asking{"viewer", 5, true},
                                         Asking{"manager", 3, true},
                                         Asking{"admin", 6, true},
                                         Asking{"account_owner", 7, true}),
                         [](const auto& asking) { return std::string(asking.param.role); });

}  // namespace
}  // namespace switchboard
