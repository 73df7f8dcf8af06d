#include <gtest/gtest.h>

#include "support/looped_tenant.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

// The lease runs out, as when the database is away, while the start of a conversation is stored.
class UnshownTest : public testing::Test {
protected:
    UnshownTest() {
        tenant_.submit({Script::agent(1), Connect{{Script::talk_id(99), 1}, {}, ""}});
        tenant_.shown.clear();
        tenant_.is_reachable = false;
        tenant_.start(1);
        EXPECT_EQ(entries(), 0) << "nothing is shown without a lease (A3)";
        EXPECT_TRUE(answers().empty());
    }

    void have_the_lease_again() {
        tenant_.now += 2s;
        tenant_.is_reachable = true;
        tenant_.run();
    }

    int entries() const {
        int count = 0;
        for (const CarriedOut& output : tenant_.shown)
            for (const Publication& publication : output.publications)
                count += std::holds_alternative<EntryView>(publication.what) ? 1 : 0;
        return count;
    }

    std::vector<Reply> answers() const {
        std::vector<Reply> all;
        for (const CarriedOut& output : tenant_.shown)
            for (const Answer& answer : output.answers)
                all.push_back(answer.reply);
        return all;
    }

    bool has_gap() const {
        bool any = false;
        for (const CarriedOut& output : tenant_.shown)
            any = any || output.has_gap;
        return any;
    }

    LoopedTenant tenant_{Script::state({{1, 1}})};
};

TEST_F(UnshownTest, F6WhatWasStoredMeanwhileIsShownOnceAndNobodyIsSentAway) {
    have_the_lease_again();
    EXPECT_FALSE(has_gap());
    EXPECT_EQ(entries(), 2) << "the message and the line that an agent has it";
    ASSERT_EQ(answers().size(), 1u);
    EXPECT_TRUE(std::holds_alternative<MessageStored>(answers()[0]));
    EXPECT_EQ(tenant_.loop.counts().shown_late, 1);

    tenant_.shown.clear();
    tenant_.start(2);
    EXPECT_FALSE(has_gap());
    EXPECT_EQ(entries(), 2) << "the message and the line that it waits";
}

TEST_F(UnshownTest, WhoWasAnsweredUnavailableMeanwhileIsNotAnsweredAgain) {
    tenant_.now += 11s;
    tenant_.run();
    ASSERT_EQ(answers().size(), 1u);
    EXPECT_EQ(std::get<Refused>(answers()[0]).reason, Refusal::unavailable);
    have_the_lease_again();
    EXPECT_EQ(answers().size(), 1u);
    EXPECT_EQ(entries(), 2);
}

TEST_F(UnshownTest, WhoMissesWhatAnotherNodeStoredIsToldSo) {
    const Incarnation other{{2}};
    tenant_.database.enlist(other, tenant_.me);
    const auto taken = tenant_.database.take(LoopedTenant::id, other);
    ASSERT_TRUE(taken);
    Batch batch;
    batch.tenant = LoopedTenant::id;
    batch.fence = {taken->epoch, taken->log_pos};
    batch.positions = 1;
    batch.records.push_back(AttendanceRecord{taken->log_pos + 1, AgentId{1}, Attendance::away});
    ASSERT_EQ(tenant_.database.commit(other, batch), Commit::stored);
    tenant_.database.enlist(tenant_.me, other);
    have_the_lease_again();
    EXPECT_TRUE(has_gap());
    EXPECT_EQ(entries(), 0) << "who resumes reads it";
    ASSERT_EQ(answers().size(), 1u) << "of the command, which is done again";
    EXPECT_TRUE(std::holds_alternative<MessageStored>(answers()[0]));
}

TEST_F(UnshownTest, WhatIsOfAnotherHistoryIsNotShown) {
    tenant_.database.change_lineage("restored");
    have_the_lease_again();
    EXPECT_TRUE(has_gap());
    EXPECT_EQ(entries(), 0);
}

TEST_F(UnshownTest, WhoWaitsWhenTheLoopEndsIsAnsweredUnavailable) {
    EXPECT_TRUE(tenant_.loop.has_unanswered());
    tenant_.loop.refuse_all();
    tenant_.shown.push_back(tenant_.loop.take_output());
    ASSERT_EQ(answers().size(), 1u);
    EXPECT_EQ(std::get<Refused>(answers()[0]).reason, Refusal::unavailable);
    EXPECT_FALSE(tenant_.loop.has_unanswered());
}

}  // namespace
}  // namespace switchboard
