#include <gtest/gtest.h>

#include "support/looped_tenant.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

// An agent is assigned a conversation, and the next thing said in it takes long to be stored.
class HeardInTimeTest : public testing::Test {
protected:
    HeardInTimeTest() {
        tenant_.submit({Script::agent(1), Connect{{Script::talk_id(99), 1}, {}, ""}});
        tenant_.start(1);
        EXPECT_FALSE(talk().open.conversation.joined_at);
    }

    const OpenTalk& talk(std::int64_t number = 1) {
        return *tenant_.loop.engine()->memory().conversations.find(Script::talk_id(number));
    }

    // Whether the conversation is the agent's, and his client has shown it to him (R7).
    bool is_joined(std::int64_t number = 1) {
        return talk(number).agent() && talk(number).open.conversation.joined_at;
    }

    void wait(int seconds) {
        for (; seconds > 0; --seconds) {
            tenant_.now += 1s;
            tenant_.run();
        }
    }

    // The store takes this long with it, and meanwhile something happens.
    void speak(
        std::chrono::seconds takes, std::function<void()> meanwhile = [] {}) {
        be_slow(takes, std::move(meanwhile));
        tenant_.submit(text());
    }

    // With the next batch.
    void be_slow(
        std::chrono::seconds takes, std::function<void()> meanwhile = [] {}) {
        tenant_.while_storing = [this, takes, meanwhile = std::move(meanwhile)] {
            meanwhile();
            tenant_.pass(takes);
        };
    }

    Command text() {
        SendMessage text{Script::talk_id(1), Script::message_id(++said_, tenant_.now), {}, "and?"};
        text.kind = EntryKind::text;
        return {Script::visitor(1), text};
    }

    std::int64_t said_ = 1000;
    const Command looked_up_first_{Script::visitor(8), ShowTyping{Script::talk_id(1)}};
    const Command confirm_{Script::agent(1), ConfirmAssignment{Script::talk_id(1)}};
    LoopedTenant tenant_{Script::state({{1, 2}})};
};

TEST_F(HeardInTimeTest, R7WhoDoesNotConfirmLosesTheConversation) {
    wait(5);
    EXPECT_FALSE(talk().agent());
}

TEST_F(HeardInTimeTest, R7WhoConfirmedInTimeIsHeardBeforeTheAlarm) {
    wait(4);
    speak(2s, [this] {
        tenant_.accept({Script::visitor(1), ShowTyping{Script::talk_id(1)}});
        tenant_.accept(looked_up_first_);
        tenant_.accept(confirm_);
    });
    EXPECT_TRUE(is_joined());
}

TEST_F(HeardInTimeTest, R7TheTimeToConfirmBeginsWhenTheAssignmentIsShown) {
    tenant_.submit(confirm_);
    be_slow(7s);
    tenant_.start(2);
    ASSERT_TRUE(talk(2).agent()) << "nobody had been shown it";
    wait(4);
    tenant_.submit({Script::agent(1), ConfirmAssignment{Script::talk_id(2)}});
    EXPECT_TRUE(is_joined(2));
}

TEST_F(HeardInTimeTest, R7AnotherSlowAssignmentGivesNoTimeToTheFirst) {
    wait(1);
    be_slow(3s);
    tenant_.start(2);
    wait(1);
    EXPECT_FALSE(talk(1).agent());
    EXPECT_TRUE(talk(2).agent());
}

TEST_F(HeardInTimeTest, R7OneSlowBatchAfterAnotherPutsNothingOff) {
    be_slow(3s);
    tenant_.start(2);
    for (int batch = 0; batch < 2; ++batch)
        speak(3s);
    EXPECT_FALSE(talk(2).agent()) << "shown 6 s ago";
}

TEST_F(HeardInTimeTest, R7AnAlarmIsTakenAlsoWhileEveryBatchIsFull) {
    constexpr int full = 200;  // commands of a batch
    for (int second = 0; second < 8; ++second) {
        for (int i = 0; i < full; ++i)
            tenant_.accept({Script::visitor(1), ShowTyping{Script::talk_id(1)}});
        tenant_.now += 1s;
        if (second > 0) tenant_.step();
    }
    EXPECT_GE(tenant_.loop.mailbox().size(), full);
    EXPECT_FALSE(talk().agent());
}

TEST_F(HeardInTimeTest, F6WhoWasToldToAskAgainHasTheTimeToDoSo) {
    speak(11s, [this] { tenant_.accept(confirm_); });
    ASSERT_TRUE(talk().agent()) << "it was not him who was silent";
    EXPECT_EQ(tenant_.loop.counts().expired, 2) << "the text, and the confirmation";
    tenant_.now += 1s;
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined());
}

TEST_F(HeardInTimeTest, F6WhoWaitedForTwoSlowBatchesHasTheTimeToAskAgain) {
    wait(1);
    speak(6s, [this] {
        tenant_.accept(text());
        tenant_.accept(looked_up_first_);
        tenant_.accept(confirm_);
        be_slow(6s);
    });
    EXPECT_EQ(tenant_.loop.counts().expired, 3) << "the second text, and what came after it";
    tenant_.now += 1s;
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined());
}

TEST_F(HeardInTimeTest, F6WhoStaysSilentAfterwardsLosesTheConversationThen) {
    speak(11s);
    EXPECT_TRUE(talk().agent());
    wait(5);
    EXPECT_FALSE(talk().agent());
}

TEST_F(HeardInTimeTest, F4AProcessThatStoodStillHearsFirstAndJudgesThen) {
    tenant_.now += 7s;  // it was to wake after 5
    tenant_.run();
    EXPECT_TRUE(talk().agent());
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined());
}

TEST_F(HeardInTimeTest, F4AlsoWhenItWasToWakeForTheAlarmItself) {
    wait(3);
    tenant_.now += 7s;
    tenant_.run();
    EXPECT_TRUE(talk().agent());
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined());
}

TEST_F(HeardInTimeTest, F4AProcessThatStoodStillWithABatchUnderWayHearsFirstAsWell) {
    wait(1);
    tenant_.while_storing = [this] { tenant_.now += 7s; };
    tenant_.start(2);
    EXPECT_TRUE(talk(1).agent());
    EXPECT_TRUE(talk(2).agent());
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined(1));
    wait(5);
    EXPECT_TRUE(talk(2).agent());
    wait(1);
    EXPECT_FALSE(talk(2).agent()) << "shown 6 s ago: the pause is given once";
}

TEST_F(HeardInTimeTest, F4AlsoWhenItHadHeardAndNotYetDecided) {
    wait(1);
    tenant_.accept(text());
    tenant_.now += 7s;
    tenant_.run();
    wait(4);
    EXPECT_TRUE(talk().agent());
    wait(1);
    EXPECT_FALSE(talk().agent()) << "the pause is given once";
}

TEST_F(HeardInTimeTest, F4AlsoWhenItWasLoadingTheTenantAnew) {
    wait(1);
    tenant_.loop.drop();
    tenant_.while_loading = [this] { tenant_.now += 7s; };
    tenant_.submit(text());
    EXPECT_TRUE(talk().agent());
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined());
}

// Who was told to ask again waited before the pause as well.
TEST_F(HeardInTimeTest, F4APauseDoesNotHideHowLongSomebodyWaited) {
    wait(1);
    tenant_.while_storing = [this] {
        tenant_.accept(confirm_);
        tenant_.pass(9s);
        tenant_.now += 3s;
    };
    tenant_.submit(text());
    EXPECT_EQ(tenant_.loop.counts().expired, 2);
    tenant_.submit(confirm_);
    EXPECT_TRUE(is_joined());
}

TEST(HeardInTime, F4AlsoWhenTheBatchUnderWayIsAnAlarms) {
    LoopedTenant tenant{Script::state({{1, 1}, {2, 1}})};
    const auto agent_of = [&](std::int64_t number) {
        return tenant.loop.engine()
            ->memory()
            .conversations.find(Script::talk_id(number))
            ->agent()
            .value;
    };
    for (const std::int64_t agent : {1, 2})
        tenant.submit({Script::agent(agent), Connect{{Script::talk_id(90 + agent), 1}, {}, ""}});
    tenant.start(1);
    for (int second = 0; second < 4; ++second) {
        tenant.now += 1s;
        tenant.run();
    }
    tenant.start(2);
    ASSERT_EQ(agent_of(1), 1);
    ASSERT_EQ(agent_of(2), 2);
    tenant.now += 1s;
    tenant.while_storing = [&] { tenant.now += 7s; };
    tenant.run();
    EXPECT_EQ(agent_of(1), 0) << "what is stored now";
    EXPECT_EQ(agent_of(2), 2) << "who was not heard is not judged";
}

TEST_F(HeardInTimeTest, F7AStoreThatIsSlowForLongKeepsNobodyOnline) {
    tenant_.submit(confirm_);
    tenant_.submit({Script::agent(1), Disconnect{{Script::talk_id(99), 1}}});
    for (int second = 0; second < 30; second += 3)
        speak(3s);
    EXPECT_FALSE(talk().agent());
}

TEST_F(HeardInTimeTest, P7AGraceTimeLastsAsLongAsItIsWhileTheLoopRests) {
    tenant_.submit(confirm_);
    tenant_.submit({Script::agent(1), Disconnect{{Script::talk_id(99), 1}}});
    wait(29);
    EXPECT_TRUE(talk().agent());
    wait(1);
    EXPECT_FALSE(talk().agent());
}

}  // namespace
}  // namespace switchboard
