#include "conformance/on_tenant_log.hpp"

namespace switchboard {
namespace {

// How agents are, who is blocked, and what is said of a conversation as a whole.
class PeopleOn : public OnTenantLog {
protected:
    static PresenceRecord presence(AgentId agent, Status status, Reason reason) {
        PresenceRecord change;
        change.agent = agent;
        change.colour = {status, reason, false};
        change.at = noon;
        return change;
    }

    static BlockRecord block(std::uint8_t number) {
        BlockRecord record;
        record.block.public_id = public_id(number);
        record.block.visitor.value = 1;
        record.block.visitor_public_id = public_id(1);
        record.block.visitor_name = "Vera \"the\" visitor";
        record.block.by = person(ann);
        record.block.reason = "rude, {very}";
        record.block.at = noon;
        return record;
    }

    static BlockId id_of(const Batch& stored) {
        return std::get<BlockRecord>(stored.records.front()).block.id;
    }
};

TEST_P(PeopleOn, KeepsEveryChangeOfPresenceAndLoadsTheLast) {
    auto writer = this->writer();
    auto lunch = presence(ann, Status::unavailable, Reason::chosen);
    lunch.wish = {Intent::unavailable, Reason::chosen, "lunch é"};
    lunch.by = person(ann);
    auto lost = presence(ann, Status::busy, Reason::wrap_up);
    lost.colour.reconnecting = true;
    lost.at += std::chrono::hours(24 * 40);
    const Batch both = writer.batch({lunch, lost});
    ASSERT_EQ(writer.commit(both), Commit::stored);

    const AgentChannel now = agent(ann).channels.front();
    EXPECT_EQ(now.wish, Wish());
    EXPECT_EQ(now.colour, lost.colour);
    EXPECT_EQ(now.version, 2);
    EXPECT_EQ(now.slots_max, 1);
    ASSERT_EQ(writer.commit({lunch}), Commit::stored);
    EXPECT_EQ(agent(ann).channels.front().wish, lunch.wish);

    const auto changes = history().presence;
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_EQ(changes[0], std::get<PresenceRecord>(both.records[0]));
    EXPECT_EQ(changes[1], std::get<PresenceRecord>(both.records[1]));
    EXPECT_EQ(changes[2].pos, 3);
}

TEST_P(PeopleOn, CountsATurnToGreenByIntentAsIdleFromThen) {
    auto writer = this->writer();
    auto green = presence(bob, Status::available, Reason::ready);
    green.turned_green = true;
    const auto later = presence(bob, Status::busy, Reason::at_capacity);
    ASSERT_EQ(writer.commit({green, later, presence(ann, Status::busy, Reason::at_capacity)}),
              Commit::stored);
    EXPECT_EQ(agent(bob).idle_pos, 1);
    EXPECT_EQ(agent(ann).idle_pos, 0);
    ASSERT_EQ(writer.commit({later}), Commit::stored);
    EXPECT_EQ(agent(bob).idle_pos, 1);
}

TEST_P(PeopleOn, DivergesOnThePresenceOfWhoIsNotThere) {
    auto writer = this->writer();
    auto elsewhere = presence(ann, Status::available, Reason::ready);
    elsewhere.channel = Channel::video;
    EXPECT_EQ(writer.commit({elsewhere}), Commit::diverged);
    EXPECT_EQ(writer.commit({AttendanceRecord{0, AgentId{99}, Attendance::away}}),
              Commit::diverged);
    EXPECT_TRUE(history().presence.empty());
    auto first = limit(ann, 1, 1);
    first.channel = Channel::video;
    EXPECT_EQ(writer.commit({elsewhere, first}), Commit::stored);
}

TEST_P(PeopleOn, LoadsTheLastAttendance) {
    auto writer = this->writer();
    EXPECT_EQ(agent(ann).attendance, Attendance::absent);
    ASSERT_EQ(writer.commit({AttendanceRecord{0, ann, Attendance::present},
                             AttendanceRecord{0, ann, Attendance::away},
                             AttendanceRecord{0, bob, Attendance::present}}),
              Commit::stored);
    EXPECT_EQ(agent(ann).attendance, Attendance::away);
    EXPECT_EQ(agent(bob).attendance, Attendance::present);
}

TEST_P(PeopleOn, LoadsABlockUntilItIsLifted) {
    auto writer = this->writer();
    auto lasting = block(1);
    lasting.block.expires_at = noon + std::chrono::hours(1);
    const Batch first = writer.batch({lasting});
    ASSERT_EQ(writer.commit(first), Commit::stored);
    ASSERT_EQ(writer.commit({block(2)}), Commit::stored);
    ASSERT_EQ(load().blocks.size(), 2U);
    EXPECT_EQ(load().blocks.front(), std::get<BlockRecord>(first.records.front()).block);

    const LiftRecord lift{0, id_of(first), {PersonKind::manager, 13}, noon};
    ASSERT_EQ(writer.commit({lift}), Commit::stored);
    ASSERT_EQ(load().blocks.size(), 1U);
    EXPECT_EQ(load().blocks.front().public_id, public_id(2));
    const LiftRecord expected{writer.pos(), lift.block, lift.by, noon};
    EXPECT_EQ(history().lifts, std::vector{expected});
}

TEST_P(PeopleOn, DivergesOnABlockWhoseIdWasUsedAndOnALiftOfNone) {
    auto writer = this->writer();
    const Batch stored = writer.batch({block(1)});
    ASSERT_EQ(writer.commit(stored), Commit::stored);
    EXPECT_EQ(writer.commit({block(1)}), Commit::diverged);
    EXPECT_EQ(writer.commit({block(2), block(2)}), Commit::diverged);
    const LiftRecord lift{0, id_of(stored), {}, noon};
    EXPECT_EQ(writer.commit({LiftRecord{0, BlockId{99}, {}, noon}}), Commit::diverged);
    EXPECT_EQ(writer.commit({lift}), Commit::stored);
    EXPECT_EQ(writer.commit({lift}), Commit::diverged);
    EXPECT_EQ(writer.commit({block(1)}), Commit::diverged) << "lifted, but known for ever";
    EXPECT_EQ(writer.commit({block(2)}), Commit::stored);
}

TEST_P(PeopleOn, FindsABlockByItsIdWhetherItIsLiftedOrNot) {
    auto writer = this->writer();
    const Batch first = writer.batch({block(1)});
    ASSERT_EQ(writer.commit(first), Commit::stored);
    ASSERT_EQ(writer.commit({LiftRecord{0, id_of(first), {}, noon}}), Commit::stored);
    const Batch second = writer.batch({block(2)});
    ASSERT_EQ(writer.commit(second), Commit::stored);
    LookUp wanted;
    wanted.blocks = {public_id(2), public_id(1), public_id(2), public_id(3)};
    const std::vector expected{std::get<BlockRecord>(first.records.front()).block,
                               std::get<BlockRecord>(second.records.front()).block};
    const Facts found = await_result(storage_->tenants().find(TenantId{1}, wanted)).value();
    EXPECT_EQ(found.blocks, expected);
}

TEST_P(PeopleOn, BlocksAndLiftsInOneBatch) {
    auto writer = this->writer();
    EXPECT_EQ(writer.commit({block(1), LiftRecord{0, BlockId{1}, {}, noon}}), Commit::stored);
    EXPECT_TRUE(load().blocks.empty());
}

TEST_P(PeopleOn, KeepsTheLastFormAndTheLastRating) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    FormRecord form{0, id, person(ann), noon, {"odd \"tag\", {}", ""}, "a note\nof two lines"};
    RatingRecord rating{0, id, noon, 2, "meh"};
    ASSERT_EQ(writer.commit({form, rating}), Commit::stored);
    form.tags.clear();
    rating.stars = 5;
    const Batch last = writer.batch({form, rating, form, rating});
    ASSERT_EQ(writer.commit(last), Commit::stored);
    EXPECT_EQ(history().forms, std::vector{std::get<FormRecord>(last.records[2])});
    EXPECT_EQ(history().ratings, std::vector{std::get<RatingRecord>(last.records[3])});
    rating.stars = 6;
    EXPECT_EQ(writer.commit({rating}), Commit::refused);
}

TEST_P(PeopleOn, KeepsEveryMissedContact) {
    auto writer = this->writer();
    const MissedRecord missed{0, SiteId{1}, Channel::call, public_id(7), Missed::absent, noon};
    ASSERT_EQ(writer.commit({missed, missed}), Commit::stored);
    ASSERT_EQ(history().missed.size(), 2U);
    EXPECT_EQ(history().missed.front(),
              (MissedRecord{1, SiteId{1}, Channel::call, public_id(7), Missed::absent, noon}));
}

TEST_P(PeopleOn, LoadsAConversationAsItWasLastStored) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    Conversation row = load().conversations.front().conversation;
    EXPECT_EQ(row.id, id);
    row.state = ConversationState::inactive;
    row.agent = ann;
    row.queued_at = noon + std::chrono::seconds(1);
    row.assigned_at = noon + std::chrono::seconds(2);
    row.joined_at = noon + std::chrono::seconds(3);
    row.inactive_at = noon + std::chrono::seconds(4);
    row.left_at = noon + std::chrono::seconds(5);
    row.patient = true;
    ASSERT_EQ(writer.commit({ConversationRecord{0, row}}), Commit::stored);
    EXPECT_EQ(load().conversations.front().conversation, row);

    row.state = ConversationState::closed;
    row.closed_at = noon + std::chrono::seconds(6);
    row.closed_by = person(ann);
    row.close_reason = CloseReason::agent;
    ASSERT_EQ(writer.commit({ConversationRecord{0, row}}), Commit::stored);
    EXPECT_TRUE(load().conversations.empty());
    LookUp look_up;
    look_up.conversations = {row.public_id};
    const auto facts = await_result(storage_->tenants().find(TenantId{1}, look_up)).value();
    ASSERT_EQ(facts.conversations.size(), 1U);
    EXPECT_EQ(facts.conversations.front().closed_at, row.closed_at);
    EXPECT_EQ(facts.conversations.front().visitor, public_id(1));
    EXPECT_EQ(facts.conversations.front().access.agent, ann);
}

SWITCHBOARD_ON_EVERY_STORAGE(PeopleOn);

}  // namespace
}  // namespace switchboard
