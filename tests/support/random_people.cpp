#include "support/random_batches.hpp"

namespace switchboard {

void RandomBatches::add_people(Draft& draft, const OpenConversation& talk) {
    switch (below(10)) {
        case 0:
        case 1:
            return add_limits(draft);
        case 2:
            return add_total(draft);
        case 3:
            return add_attendance(draft);
        case 4:
            return add_block(draft, talk);
        case 5:
            return add_lift(draft);
        case 6:
            return add_missed(draft, talk);
        case 7:
            return once_in(2) ? add_form(draft, talk) : add_rating(draft, talk);
        default:
            return add_presence(draft);
    }
}

void RandomBatches::add_limits(Draft& draft) {
    LimitRecord limit;
    limit.pos = draft.next_pos();
    limit.agent = any_agent(draft.state);
    limit.channel = any_channel();
    limit.enabled = !once_in(4);
    limit.slots_max = 1 + below(4);
    limit.slots_hard_max = limit.slots_max + below(3);
    limit.wrap_up = std::chrono::seconds(below(100));
    draft.add(limit);
}

void RandomBatches::add_total(Draft& draft) {
    TotalLimitRecord total;
    total.pos = draft.next_pos();
    total.agent = any_agent(draft.state);
    total.total_max = below(6);
    draft.add(total);
}

// Now and then of a channel that the agent does not have.
void RandomBatches::add_presence(Draft& draft) {
    const auto& agent = draft.state.agents[random_() % draft.state.agents.size()];
    PresenceRecord change;
    change.pos = draft.next_pos();
    change.agent = agent.id;
    change.channel = any_channel();
    if (!agent.channels.empty() && !once_in(20)) change.channel = agent.channels.back().channel;
    change.wish.intent = once_in(2) ? Intent::available : Intent::unavailable;
    change.wish.cause = static_cast<Reason>(8 + below(4));
    change.wish.text = any_text();
    change.colour.status = static_cast<Status>(1 + below(3));
    change.colour.reason = static_cast<Reason>(1 + below(11));
    change.colour.reconnecting = once_in(3);
    change.by = anybody(draft.state);
    change.at = now();
    change.turned_green = once_in(3);
    draft.add(change);
}

void RandomBatches::add_attendance(Draft& draft) {
    AttendanceRecord record;
    record.pos = draft.next_pos();
    record.agent = any_agent(draft.state);
    record.attendance = static_cast<Attendance>(below(3));
    draft.add(record);
}

void RandomBatches::add_block(Draft& draft, const OpenConversation& talk) {
    Block block;
    block.id.value = draft.next_pos();
    block.public_id = any_public_id();
    block.visitor = talk.conversation.visitor;
    block.visitor_public_id = talk.visitor;
    block.visitor_name = talk.visitor_name;
    block.by = anybody(draft.state);
    block.reason = any_text();
    block.at = now();
    block.expires_at = maybe_now();
    draft.state.blocks.push_back(block);
    draft.add(BlockRecord{block.id.value, block});
}

void RandomBatches::add_lift(Draft& draft) {
    const auto& blocks = draft.state.blocks;
    if (blocks.empty()) return;
    LiftRecord lift;
    lift.pos = draft.next_pos();
    lift.block = blocks[random_() % blocks.size()].id;
    lift.by = anybody(draft.state);
    lift.at = now();
    draft.add(lift);
    if (once_in(10)) return;  // may be lifted again, which must not be
    std::erase_if(draft.state.blocks, [&](const Block& block) { return block.id == lift.block; });
}

void RandomBatches::add_missed(Draft& draft, const OpenConversation& talk) {
    MissedRecord missed;
    missed.pos = draft.next_pos();
    missed.site = talk.conversation.site;
    missed.channel = any_channel();
    missed.visitor = talk.visitor;
    missed.cause = static_cast<Missed>(1 + below(4));
    missed.at = now();
    draft.add(missed);
}

void RandomBatches::add_form(Draft& draft, const OpenConversation& talk) {
    FormRecord form;
    form.pos = draft.next_pos();
    form.conversation = talk.conversation.id;
    form.by = anybody(draft.state);
    form.at = now();
    form.tags = any_texts();
    form.note = any_text();
    draft.add(form);
}

void RandomBatches::add_rating(Draft& draft, const OpenConversation& talk) {
    RatingRecord rating;
    rating.pos = draft.next_pos();
    rating.conversation = talk.conversation.id;
    rating.at = now();
    rating.stars = 1 + below(5);
    rating.comment = any_text();
    draft.add(rating);
}

}  // namespace switchboard
