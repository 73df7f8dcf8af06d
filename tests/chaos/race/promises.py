"""P4, P5, P6 and P10, and what goes with them, held against a replay. Each rule yields what breaks
it; it looks at nothing but the rows, so that a doctored one can be held against it."""
import bisect

from .replay import (AGENT, AT_CAPACITY, AVAILABLE, CHANNELS, NOTE, READY, TEXT, TOTAL_CAPACITY,
                     VISITOR, WRAP_UP, end_of)
from .steps import END


def one_agent(replay):
    """P4: two claims of a conversation never overlap, and the timeline tells of each."""
    last = {}
    for claim in replay.claims:
        before = last.get(claim["conversation_id"])
        if before is not None and end_of(before) > claim["pos"]:
            yield f"P4: a conversation has two agents: {before} and {claim}"
        last[claim["conversation_id"]] = claim
        told = replay.entry_after(claim["conversation_id"], claim["pos"])
        named = replay.agent_of.get(told["agent"]) if told and told["agent"] else None
        if told is None or told["code"] not in ("assigned", "claimed", "active_again"):
            yield f"P4: nothing tells of {claim}, but {told}"
        elif told["code"] != "active_again" and named != claim["agent_id"]:
            yield f"P4: {told} names another agent than {claim}"


def only_the_assigned_speaks(replay):
    """P4: whatever an agent said he said as the one assigned at that position."""
    for conversation, entries in replay.entries.items():
        for entry in entries:
            if entry["author_kind"] != AGENT or entry["kind"] not in (TEXT, NOTE):
                continue
            if not replay.has_it(entry["author_id"], conversation, entry["pos"] - 1):
                state = replay.state[conversation].at(entry["pos"])
                yield f"P4: {entry} is by an agent who had it not: {state}"


def within_limits(replay):
    """P5: no claim takes its agent above the limit of its kind."""
    for claim in replay.claims:
        agent, channel, pos = claim["agent_id"], claim["channel"], claim["pos"]
        if replay.room(agent, channel, pos, replay.is_return(claim)) < 0:
            yield (f"P5: {claim} ({replay.how(claim)}) makes {replay.load[agent, channel].at(pos)}"
                   f" here and {replay.load[agent, 0].at(pos)} in all of"
                   f" {replay.limits[agent, channel].at(pos)}, {replay.limits[agent, 0].at(pos)}")


def colours_follow_the_load(replay):
    """P5, S3: at the end of each batch an agent is green when he has room, and orange when not."""
    looks = set()
    for agent in replay.agents:
        for channel in CHANNELS:
            key = (agent, channel)
            for steps in (replay.load[key], replay.load[agent, 0], replay.limits[key],
                          replay.limits[agent, 0], replay.colour[key]):
                for pos in steps.positions[1:]:
                    place = bisect.bisect_left(replay.heads, pos)
                    if place < len(replay.heads):
                        looks.add((replay.heads[place], *key))
    for head, agent, channel in sorted(looks):
        colour = replay.colour[agent, channel].at(head)
        room = replay.room(agent, channel, head)
        is_wrong = (room <= 0 if colour["reason"] == READY else
                    colour["reason"] in (AT_CAPACITY, TOTAL_CAPACITY, WRAP_UP) and room > 0)
        if is_wrong:
            yield f"P5: at {head} an agent with room for {room} is {colour}"


def nobody_is_given_what_he_does_not_want(replay):
    """S4: what the server assigns goes to whom wants work on the channel, where it is enabled."""
    for claim in replay.claims:
        key = (claim["agent_id"], claim["channel"])
        if replay.how(claim) != "assigned":
            continue
        colour = replay.colour[key].at(claim["pos"])
        if colour["intent"] != AVAILABLE:
            yield f"S4: {claim} was assigned to who is on a break: {colour}"
        if not replay.is_enabled(*key, claim["pos"]):
            yield f"S4: {claim} was assigned where the agent is not enabled"


def the_blocked_get_nothing_through(replay):
    """P6: between a block and its end the visitor has no message, conversation or agent."""
    for visitor, blocks in replay.blocks.items():
        his = [row["id"] for row in replay.conversations.values() if row["visitor_id"] == visitor]
        for block in blocks:
            low, high = block["pos"], block["lifted_pos"] or END
            for conversation in his:
                if low < conversation < high:
                    yield f"P6: conversation {conversation} was opened within {block}"
                for entry in replay.entries[conversation]:
                    if low < entry["pos"] < high and entry["author_kind"] == VISITOR:
                        yield f"P6: {entry} lies within {block}"
            for claim in replay.claims:
                if low < claim["pos"] < high and claim["conversation_id"] in his:
                    yield f"P6: {claim} was made within {block}"


def in_order_of_tickets(replay):
    """P10: what the server assigns has the lowest ticket of all that wait for that agent there."""
    assigned = [claim for claim in replay.claims if replay.how(claim) == "assigned"]
    queues = replay.waiting_at(claim["pos"] - 1 for claim in assigned)
    for claim, (_, waiting) in zip(assigned, queues):
        mine = replay.conversations[claim["conversation_id"]]
        for other in waiting.values():
            if (other["channel"] == claim["channel"] and other["ticket"] < mine["ticket"]
                    and claim["agent_id"] in replay.served[other["site_id"]]):
                yield f"P10: {claim} with ticket {mine['ticket']} went before {other}"


def tickets_stay(replay):
    """R5: nobody here rests for half an hour, so that a ticket is where its conversation began."""
    for row in replay.conversations.values():
        if row["ticket"] != row["id"]:
            yield f"R5: {row} has lost its ticket"


def nobody_waits_beside_the_free(replay):
    """At the end of each batch who waits has nobody who is green."""
    for head, waiting in replay.waiting_at(replay.heads):
        for where in {(row["site_id"], row["channel"]) for row in waiting.values()}:
            free = [agent for agent in replay.served[where[0]]
                    if replay.is_green(agent, where[1], head)]
            if free:
                yield f"stuck: at {head} somebody waits at {where}, and {free} are free"


RULES = (one_agent, only_the_assigned_speaks, within_limits, colours_follow_the_load,
         nobody_is_given_what_he_does_not_want, the_blocked_get_nothing_through,
         in_order_of_tickets, tickets_stay, nobody_waits_beside_the_free)
