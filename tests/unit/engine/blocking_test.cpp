#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

Script messaging_talk() {
    Script script = Script::with({{.id = 1, .slots_max = 2, .messaging = true}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    return script;
}

StoredConversation closed_talk(int number, const Block& block) {
    StoredConversation closed;
    closed.public_id = Script::talk_id(number);
    closed.id = ConversationId{block.id.value - 1};
    closed.access = {TenantId{1}, block.visitor, AgentId{1}, false};
    closed.visitor = block.visitor_public_id;
    return closed;
}

TEST(Block, B1_ClosesFreesAndRefusesInOneCommit) {
    Script script = messaging_talk();
    script.start(1, 2, SiteId{1}, Channel::messaging);
    const Effects blocked = script.block(Script::agent(1), 1);
    EXPECT_EQ(std::get<Blocked>(blocked.reply).block, Script::block_id(1));
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
    EXPECT_EQ(script.state_of(2), ConversationState::closed) << "every open one of his";
    EXPECT_EQ(script.engine.memory().staff.find(AgentId{1})->used(), 0);
    EXPECT_EQ(stored<BlockRecord>(blocked).size(), 1u);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);

    const Effects again = script.start(1, 3);
    EXPECT_EQ(refusal(again), Refusal::nobody_available);
    EXPECT_EQ(stored<MissedRecord>(again).at(0).cause, Missed::blocked);
}

TEST(Block, B1_AProgramWithTheScopeBlocksTheVisitorOfAConversation) {
    Script script = messaging_talk();
    const Principal key = Script::key(1, "blocks:write");
    const Effects blocked = script.block(key, 1);
    EXPECT_EQ(refusal(blocked), std::nullopt);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
    EXPECT_EQ(stored<BlockRecord>(blocked).at(0).block.by, key.person);
    int told = 0;
    for (const auto& view : shown<EntryView>(blocked)) {
        if (view.entry.kind != EntryKind::block) continue;
        ++told;
        EXPECT_EQ(view.author, (PersonView{key.person, {}, {}}))
            << "not the agent of that number, and who reads the page later is shown the same";
    }
    EXPECT_GT(told, 0);
}

TEST(Block, B1_WhatWaitsOfHimIsDroppedBeforeASlotIsFree) {
    Script script = Script::with({{.id = 1, .slots_max = 2, .total_max = 1, .messaging = true}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.start(1, 2, SiteId{1}, Channel::messaging);
    ASSERT_EQ(script.state_of(2), ConversationState::queued);
    const Effects blocked = script.block(Script::manager(), 1);
    for (const auto& claim : stored<ClaimRecord>(blocked))
        EXPECT_EQ(claim.admission, Admission::opened_earlier) << "it was given to an agent";
    EXPECT_EQ(script.state_of(2), ConversationState::closed);
}

TEST(Block, B1_TheVisitorSeesAnOrdinaryClose) {
    Script script = messaging_talk();
    const Effects blocked = script.block(Script::agent(1), 1, "insults");
    for (const auto& publication : blocked.publications) {
        const bool to_visitor =
            std::ranges::count(publication.to, Script::visitor_public_id(1)) > 0;
        const auto* view = std::get_if<EntryView>(&publication.what);
        if (!to_visitor || view == nullptr) continue;
        EXPECT_EQ(view->entry.visibility, Visibility::all);
        EXPECT_EQ(view->entry.body.find("insults"), std::string::npos);
        EXPECT_EQ(view->entry.body, R"({"code":"closed","by":"agent"})");
    }
    const auto entries = shown<EntryView>(blocked);
    EXPECT_EQ(entries[0].entry.kind, EntryKind::block);
    EXPECT_EQ(entries[0].entry.visibility, Visibility::agents);
}

TEST(Block, B1_IsIdempotent) {
    Script script = messaging_talk();
    script.start(2, 2);
    script.block(Script::agent(1), 1);
    BlockVisitor again;
    again.block = Script::block_id(99);
    again.visitor = Script::visitor_public_id(1);
    Facts facts;
    facts.asked.visitors = {again.visitor};
    const auto& block = script.engine.memory().blocks.all().begin()->second;
    facts.visitors = {{block.visitor, block.visitor_public_id, "Vera"}};
    const Effects second = script.apply({Script::manager(), again}, facts);
    EXPECT_EQ(std::get<Blocked>(second.reply).block, Script::block_id(1));
    EXPECT_TRUE(second.records.empty());
}

TEST(Block, B1_AnIdStandsForOneBlockForEver) {
    Script script = messaging_talk();
    script.start(2, 2);
    script.block(Script::manager(), 1);
    const Block first = script.engine.memory().blocks.all().begin()->second;
    const auto is_refused = [&](const BlockVisitor& command, const Facts& facts) {
        const Effects effects = script.apply({Script::manager(), command}, facts);
        return refusal(effects) == Refusal::id_conflict && effects.records.empty();
    };
    BlockVisitor same;
    same.block = first.public_id;
    same.conversation = Script::talk_id(1);
    same.reason = first.reason;
    Facts facts;
    facts.conversations = {closed_talk(1, first)};
    BlockVisitor other = same;
    other.conversation = Script::talk_id(2);
    EXPECT_TRUE(is_refused(other, facts)) << "another visitor";
    EXPECT_NE(script.state_of(2), ConversationState::closed);
    EXPECT_EQ(script.engine.memory().blocks.find(first.public_id)->visitor, first.visitor);
    other = same;
    other.reason += "!";
    EXPECT_TRUE(is_refused(other, facts));
    other = same;
    other.expires_at = script.now + 1h;
    EXPECT_TRUE(is_refused(other, facts));

    EXPECT_EQ(refusal(script.apply({Script::manager(), LiftBlock{first.public_id}})), std::nullopt);
    const auto missing = script.engine.missing({Script::manager(), same}, {});
    EXPECT_EQ(missing.blocks, std::vector{first.public_id}) << "it may have been lifted";
    facts.blocks = {first};
    EXPECT_TRUE(is_refused(other, facts)) << "lifted or not";
    const Effects again = script.apply({Script::manager(), same}, facts);
    EXPECT_EQ(std::get<Blocked>(again.reply).block, first.public_id);
    EXPECT_TRUE(again.records.empty()) << "nobody is blocked anew";
    EXPECT_EQ(refusal(script.start(1, 3)), std::nullopt);
}

TEST(Block, B1_AnAgentBlocksOnlyTheVisitorOfHisOwnConversation) {
    Script script = Script::with({{1, 1}, {2, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    EXPECT_EQ(refusal(script.block(Script::agent(2), 1)), Refusal::not_found);
    EXPECT_EQ(refusal(script.block(Script::visitor(1), 1)), Refusal::forbidden);
    BlockVisitor anybody;
    anybody.visitor = Script::visitor_public_id(1);
    EXPECT_EQ(refusal(script.apply({Script::agent(1), anybody})), Refusal::forbidden);
    EXPECT_EQ(refusal(script.block(Script::manager(), 1)), std::nullopt);
}

TEST(Block, B1_OfAClosedConversationNeedsOneQuestionAndNoMore) {
    Script script = messaging_talk();
    BlockVisitor block;
    block.block = Script::block_id(1);
    block.conversation = Script::talk_id(5);
    const Command command{Script::agent(1), block};
    Facts facts;
    facts.asked = script.engine.missing(command, facts);
    EXPECT_EQ(facts.asked.conversations, std::vector<PublicId>{Script::talk_id(5)});
    StoredConversation closed;
    closed.public_id = Script::talk_id(5);
    closed.id = ConversationId{70};
    closed.access = {TenantId{1}, VisitorId{8}, AgentId{1}, false};
    closed.visitor = Script::visitor_public_id(5);
    closed.visitor_name = "Vic";
    facts.conversations = {closed};
    EXPECT_TRUE(script.engine.missing(command, facts).empty());
    const Effects blocked = script.apply(command, facts);
    EXPECT_EQ(stored<BlockRecord>(blocked).at(0).block.visitor_name, "Vic");
}

TEST(Block, B2_OnlyManagersLiftItAndItIsEffectiveAtOnce) {
    Script script = messaging_talk();
    script.block(Script::agent(1), 1);
    const LiftBlock lift{Script::block_id(1)};
    EXPECT_EQ(refusal(script.apply({Script::agent(1), lift})), Refusal::forbidden);
    const Effects lifted = script.apply({Script::manager(), lift});
    EXPECT_EQ(stored<LiftRecord>(lifted).at(0).by, Script::manager().person);
    EXPECT_EQ(refusal(script.start(1, 3)), std::nullopt);
    EXPECT_EQ(refusal(script.apply({Script::manager(), lift})), Refusal::not_found);
}

TEST(Block, B2_EndsByTheClock) {
    Script script = messaging_talk();
    BlockVisitor block;
    block.block = Script::block_id(1);
    block.conversation = Script::talk_id(1);
    block.expires_at = script.now + 1h;
    script.apply({Script::agent(1), block});
    EXPECT_EQ(refusal(script.start(1, 2)), Refusal::nobody_available);
    EXPECT_EQ(stored<LiftRecord>(script.wait(61min)).size(), 1u);
    EXPECT_EQ(refusal(script.start(1, 3)), std::nullopt);
    EXPECT_TRUE(script.engine.memory().blocks.all().empty());
}

TEST(Block, S8_ABlockedVisitorIsAlwaysToldNo) {
    Script script = messaging_talk();
    script.connect(Script::visitor(1), 8);
    const auto told = shown<AvailabilityView>(script.block(Script::agent(1), 1));
    ASSERT_FALSE(told.empty());
    for (const auto& view : told)
        EXPECT_EQ(view.availability, Availability::no);
    const Effects back = script.connect(Script::visitor(1), 9);
    for (const auto& view : std::get<WelcomeView>(back.reply).availability)
        EXPECT_EQ(view.availability, Availability::no);
    script.wait(2s);
    script.disconnect(Script::agent(1));
    for (const auto& publication : script.wait(2s).publications) {
        if (publication.watchers != Watchers::visitors) continue;
        EXPECT_EQ(std::ranges::count(publication.to, Script::visitor_public_id(1)), 1)
            << "left out of what others are told";
    }
}

TEST(ClosingForm, K14_IsTakenFromItsAgentUntilSevenDaysAfterTheEnd) {
    Script script = messaging_talk();
    const FillClosingForm form{Script::talk_id(1), {"refund"}, "called back"};
    EXPECT_EQ(stored<FormRecord>(script.apply({Script::agent(1), form})).at(0).tags.size(), 1u);
    EXPECT_EQ(refusal(script.apply({Script::visitor(1), form})), Refusal::forbidden);

    Facts facts;
    StoredConversation closed;
    closed.public_id = Script::talk_id(2);
    closed.id = ConversationId{77};
    closed.access = {TenantId{1}, VisitorId{5}, AgentId{1}, false};
    closed.closed_at = script.now - std::chrono::days(6);
    facts.conversations = {closed};
    const FillClosingForm late{Script::talk_id(2), {}, "ok"};
    EXPECT_EQ(refusal(script.apply({Script::agent(1), late}, facts)), std::nullopt);
    facts.conversations[0].closed_at = script.now - std::chrono::days(8);
    EXPECT_EQ(refusal(script.apply({Script::agent(1), late}, facts)), Refusal::wrong_state);
    EXPECT_EQ(refusal(script.apply({Script::agent(2), late}, facts)), Refusal::not_found);
}

TEST(Rating, K14_IsTheVisitorsAndOfOneToFiveStars) {
    Script script = messaging_talk();
    const auto rate = [&](const Principal& who, int stars) {
        return script.apply({who, RateConversation{Script::talk_id(1), stars, "fine"}});
    };
    EXPECT_EQ(stored<RatingRecord>(rate(Script::visitor(1), 5)).at(0).stars, 5);
    EXPECT_EQ(refusal(rate(Script::visitor(1), 6)), Refusal::invalid);
    EXPECT_EQ(refusal(rate(Script::agent(1), 5)), Refusal::forbidden);
}

}  // namespace
}  // namespace switchboard
