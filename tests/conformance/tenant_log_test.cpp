#include <array>

#include "conformance/on_tenant_log.hpp"

namespace switchboard {
namespace {

constexpr Person agent_ann = {PersonKind::agent, 11};

class TenantLogOn : public OnTenantLog {};

TEST_P(TenantLogOn, StoresRecordsAtThePositionsAndSeqsThatTheyName) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const Batch more = writer.batch({message(id, 2, agent_ann, 2), message(id, 3, agent_ann, 3)});
    ASSERT_EQ(writer.commit(more), Commit::stored);

    const auto stored = entries(id);
    ASSERT_EQ(stored.size(), 3U);
    EXPECT_EQ(stored[1], std::get<Entry>(more.records[0]));
    EXPECT_EQ(stored[2], std::get<Entry>(more.records[1]));
    EXPECT_EQ(stored[2].pos, 5);
    EXPECT_EQ(load().log_pos, 5);
}

TEST_P(TenantLogOn, SaysStoredToTheSameBatchAgainAndStoresItOnce) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const Batch batch = writer.batch({message(id, 2, agent_ann, 2)});
    EXPECT_EQ(writer.commit(batch), Commit::stored);
    EXPECT_EQ(writer.commit(batch), Commit::stored);
    EXPECT_EQ(entries(id).size(), 2U);
    EXPECT_EQ(load().log_pos, 4);
}

TEST_P(TenantLogOn, K9_StoresPointersAloneWithoutAPositionAndNeverBack) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    ASSERT_EQ(writer.commit({pointer(id, agent_ann, 1, 1)}), Commit::stored);
    ASSERT_EQ(writer.commit({pointer(id, agent_ann, 1, 0)}), Commit::stored);
    EXPECT_EQ(load().log_pos, 3);
    const Pointer expected{id, agent_ann, 1, 1};
    EXPECT_EQ(load().conversations.front().pointers, std::vector{expected});
}

TEST_P(TenantLogOn, FencesWhoLostTheTenant) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const Incarnation other = process(2);
    ASSERT_TRUE(storage_->leases(other).enlist(me_));
    ASSERT_TRUE(await_result(storage_->owners(other).take(TenantId{1})).value());

    EXPECT_EQ(writer.commit({message(id, 2, agent_ann, 2)}), Commit::fenced);
    EXPECT_EQ(entries(id).size(), 1U);
}

TEST_P(TenantLogOn, FencesAnEarlierEpochOfTheSameProcess) {
    auto before = writer();
    const auto id = before.start(1);
    auto now = writer();
    EXPECT_EQ(before.commit({message(id, 2, agent_ann, 2)}), Commit::fenced);
    EXPECT_EQ(now.commit({message(id, 2, agent_ann, 3)}), Commit::stored);
}

TEST_P(TenantLogOn, FencesAPositionThatIsNotTheLast) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    Batch behind = writer.batch({message(id, 2, agent_ann, 2)});
    ASSERT_EQ(writer.commit({message(id, 2, agent_ann, 3), message(id, 3, agent_ann, 4)}),
              Commit::stored);
    EXPECT_EQ(writer.commit(behind), Commit::fenced);
    Batch ahead = writer.batch({message(id, 4, agent_ann, 5)});
    ++ahead.fence.pos;
    EXPECT_EQ(writer.commit(ahead), Commit::fenced);
}

TEST_P(TenantLogOn, AssignsAndReleasesInOneBatch) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    auto opened = claim(ann, id, Admission::new_work);
    opened.id.value = 4;
    opened.active_pos = 4;
    ASSERT_EQ(writer.commit({opened, message(id, 2, agent_ann, 2), released(opened)}),
              Commit::stored);
    EXPECT_TRUE(load().claims.empty());
    EXPECT_EQ(load().agents.front().idle_pos, 6);
    EXPECT_EQ(writer.commit({claim(ann, id, Admission::new_work)}), Commit::stored);
}

TEST_P(TenantLogOn, TransfersAConversationAfterAMessageInOneBatch) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const auto held = writer.assign(ann, id);
    ASSERT_EQ(
        writer.commit(
            {message(id, 2, agent_ann, 2), claim(bob, id, Admission::new_work), released(held)}),
        Commit::stored);
    OpenClaim expected;
    expected.id.value = 6;
    expected.agent = bob;
    expected.conversation = id;
    EXPECT_EQ(load().claims, std::vector{expected});
}

TEST_P(TenantLogOn, DivergesOnASecondAgentOfAConversation) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    writer.assign(ann, id);
    EXPECT_EQ(writer.commit({claim(bob, id, Admission::new_work)}), Commit::diverged);
    EXPECT_EQ(load().claims.size(), 1U);
}

TEST_P(TenantLogOn, C3_DivergesWhenAnAgentIsFull) {
    auto writer = this->writer();
    writer.assign(ann, writer.start(1));
    const auto id = writer.start(2);
    EXPECT_EQ(writer.commit({message(id, 2, agent_ann, 3), claim(ann, id, Admission::new_work)}),
              Commit::diverged);
    EXPECT_EQ(entries(id).size(), 1U);
    EXPECT_EQ(load().log_pos, writer.pos());
}

TEST_P(TenantLogOn, LetsWorkReturnUpToTheHardLimit) {
    auto writer = this->writer();
    writer.assign(ann, writer.start(1));
    const auto second = writer.start(2);
    const auto third = writer.start(3);
    EXPECT_EQ(writer.commit({claim(ann, second, Admission::returning)}), Commit::stored);
    EXPECT_EQ(writer.commit({claim(ann, third, Admission::returning)}), Commit::diverged);
    EXPECT_EQ(writer.commit({claim(bob, third, Admission::returning)}), Commit::stored);
}

TEST_P(TenantLogOn, GivesASlotOnThatIsFreedInTheSameBatch) {
    auto writer = this->writer();
    const auto held = writer.assign(ann, writer.start(1));
    const auto id = writer.start(2);
    EXPECT_EQ(writer.commit({released(held), claim(ann, id, Admission::new_work)}), Commit::stored);
    EXPECT_EQ(load().claims.size(), 1U);
}

TEST_P(TenantLogOn, LetsTheHighestLimitOfABatchHoldWithinIt) {
    auto writer = this->writer();
    const auto first = writer.start(1);
    const auto second = writer.start(2);
    const auto third = writer.start(3);
    ASSERT_EQ(writer.commit({claim(ann, first, Admission::new_work),
                             limit(ann, 2, 2),
                             claim(ann, second, Admission::new_work),
                             limit(ann, 1, 1)}),
              Commit::stored);
    EXPECT_EQ(writer.commit({claim(ann, third, Admission::new_work)}), Commit::diverged);
    EXPECT_EQ(load().agents.front().channels.front().slots_max, 1);
    EXPECT_EQ(load().claims.size(), 2U);
}

TEST_P(TenantLogOn, GivesAnAgentAChannelByItsFirstLimit) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    auto call = claim(ann, id, Admission::new_work);
    call.channel = Channel::call;
    EXPECT_EQ(writer.commit({call}), Commit::diverged);
    auto first = limit(ann, 1, 1);
    first.channel = Channel::call;
    EXPECT_EQ(writer.commit({first, call}), Commit::stored);
    EXPECT_EQ(load().agents.front().channels.size(), 2U);
}

TEST_P(TenantLogOn, DivergesWhenTheClaimToChangeIsNotTheOneDescribed) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const auto held = writer.assign(ann, id);
    auto of_another = released(held);
    of_another.agent = bob;
    auto unknown = released(held);
    unknown.id.value = 1;
    auto elsewhere = released(held);
    elsewhere.conversation.value = 1;
    for (const auto& wrong : {of_another, unknown, elsewhere})
        EXPECT_EQ(writer.commit({wrong}), Commit::diverged);
    EXPECT_EQ(writer.commit({released(held)}), Commit::stored);
    EXPECT_EQ(writer.commit({released(held)}), Commit::diverged);
}

TEST_P(TenantLogOn, SaysDuplicateToAClientIdThatIsStoredAndStoresNothing) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const Person visitor{PersonKind::visitor, 1};
    EXPECT_EQ(writer.commit({message(id, 2, agent_ann, 2), message(id, 3, visitor, 1)}),
              Commit::duplicate);
    EXPECT_EQ(entries(id).size(), 1U);
    EXPECT_EQ(writer.commit({message(id, 2, agent_ann, 2)}), Commit::stored);
}

TEST_P(TenantLogOn, LetsTwoPeopleUseTheSameClientId) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    EXPECT_EQ(writer.commit({message(id, 2, agent_ann, 1)}), Commit::stored);
    const Person manager{PersonKind::manager, 11};
    EXPECT_EQ(writer.commit({message(id, 3, manager, 1)}), Commit::stored);
}

TEST_P(TenantLogOn, DivergesOnASeqOrPublicIdThatIsUsed) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    EXPECT_EQ(writer.commit({message(id, 1, agent_ann, 2)}), Commit::diverged);
    EXPECT_EQ(writer.commit({VisitorRecord{{}, public_id(1), "again", {}}}), Commit::diverged);
    ConversationRecord again;
    again.conversation.public_id = public_id(1);
    EXPECT_EQ(writer.commit({again}), Commit::diverged);
    EXPECT_EQ(load().log_pos, 3);
}

TEST_P(TenantLogOn, DivergesOnAPosThatIsUsed) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    auto entry = message(id, 2, agent_ann, 2);
    entry.pos = 3;
    EXPECT_EQ(writer.commit({entry}), Commit::diverged);
}

TEST_P(TenantLogOn, RefusesWhatCannotBeStored) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    auto poison = message(id, 2, agent_ann, 2);
    poison.body = "half a character: \xC3";
    EXPECT_EQ(writer.commit({poison}), Commit::refused);
    EXPECT_EQ(writer.commit({limit(ann, 3, 2)}), Commit::refused);
    EXPECT_EQ(writer.commit({VisitorRecord{{}, public_id(9), "\xFF", {}}}), Commit::refused);
    EXPECT_EQ(load().log_pos, 3);
}

// All three are in the mailbox of the log before it can send the first.
TEST_P(TenantLogOn, KeepsAPoisonedBatchFromHurtingOtherTenants) {
    std::vector<TenantWriter> writers;
    std::vector<Batch> batches;
    for (std::int64_t id = 1; id <= 3; ++id) {
        auto& writer = writers.emplace_back(this->writer(TenantId{id}));
        const auto conversation = writer.start(1);
        auto entry = message(conversation, 2, agent_ann, 2);
        if (id == 2) entry.body += '\xFF';
        batches.push_back(writer.batch({entry}));
    }
    std::vector<std::future<Commit>> answers;
    for (const auto& batch : batches)
        answers.push_back(
            boost::asio::co_spawn(loop_, log_->commit(batch), boost::asio::use_future));
    loop_.run();
    EXPECT_EQ(answers[0].get(), Commit::stored);
    EXPECT_EQ(answers[1].get(), Commit::refused);
    EXPECT_EQ(answers[2].get(), Commit::stored);
    EXPECT_EQ(load(TenantId{1}).log_pos, 4);
    EXPECT_EQ(load(TenantId{2}).log_pos, 3);
    EXPECT_EQ(load(TenantId{3}).log_pos, 4);
}

TEST_P(TenantLogOn, KeepsTenantsApart) {
    auto here = writer(TenantId{1});
    auto there = writer(TenantId{2});
    const auto id = here.start(1);
    EXPECT_EQ(there.start(1), id);  // the same numbers, public and client ids
    here.assign(ann, id);
    EXPECT_EQ(load(TenantId{2}).claims.size(), 0U);
    EXPECT_EQ(there.commit({claim(ann, id, Admission::new_work)}), Commit::stored);
}

SWITCHBOARD_ON_EVERY_STORAGE(TenantLogOn);

}  // namespace
}  // namespace switchboard
