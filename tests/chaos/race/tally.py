"""What happened in a race, by kind: a race in which something rare never happened shows nothing."""
import collections

from .replay import BLOCKED
from .steps import END

# At least so often in a race of up to twenty seconds, and in proportion in a longer one.
LEAST = {
    "conversations": 50, "assigned by the server": 25, "claimed": 6, "by a manager": 1,
    "lost at the same moment": 6, "already_taken": 12, "agent_full": 4,
    "agent_full on waking one": 1, "conversation_closed": 10, "already_open": 4, "wrong_state": 2,
    "not_found": 2, "turned away while blocked": 5, "turned away for want of agents": 3,
    "limits changed": 10, "lowered below the load": 1, "at the limit over all": 2,
    "breaks": 20, "directed by a manager": 10, "red as unresponsive": 1, "queued again": 1,
    "given to another": 1, "returned to the agent": 4, "woken by the agent": 2, "wrap-ups": 3,
    "blocks": 8, "closed by a block": 5, "lifts": 5, "expired blocks": 1,
    "connections dropped": 15, "presence frames watched": 200, "messages": 100,
}


def of_the_rows(replay):
    tally = collections.Counter()
    rows = replay.rows
    tally["conversations"] = len(rows["conversations"])
    tally["wrap-ups"] = sum(claim["wrap_up_pos"] is not None for claim in replay.claims)
    for claim in replay.claims:
        how = replay.how(claim)
        tally["assigned by the server"] += how == "assigned"
        tally["claimed"] += how == "claimed"
        tally["by a manager"] += how == "claimed" and replay.agents[claim["agent_id"]]["role"] == 5
        tally["returned to the agent"] += replay.is_return(claim)
        tally["woken by the agent"] += how == "active_again" and not replay.is_return(claim)
    for entry in rows["entries"]:
        code = entry["code"] or ""
        tally["queued again"] += code.endswith("_queued")
        tally["given to another"] += code.endswith("reassigned")
        tally["red as unresponsive"] += code.startswith("agent_unresponsive")
        tally["closed by a block"] += entry["kind"] == 5
        tally["messages"] += entry["message"] is not None
    for row in rows["missed"]:
        tally["turned away while blocked" if row["cause"] == BLOCKED else
              "turned away for want of agents"] += 1
    for (agent, channel), steps in replay.limits.items():
        for pos, row in list(steps.changes())[1:]:
            tally["limits changed"] += 1
            tally["lowered below the load"] += replay.load[agent, channel].at(pos) > row["slots_max"]
    tally["at the limit over all"] = sum(row["reason"] == 3 for row in rows["presence"])
    tally["breaks"] = sum(row["reason"] == 8 for row in rows["presence"])
    tally["directed by a manager"] = sum(row["reason"] == 9 for row in rows["presence"])
    tally["blocks"] = len(rows["blocks"])
    return tally


def of_the_deeds(sayings, tally):
    replay = sayings.replay
    won = {}
    lifted = set()
    for deed in sayings.deeds:
        if deed.code is not None:
            tally[deed.code] += 1
        if deed.code == "agent_full" and deed.kind != "claim":
            tally["agent_full on waking one"] += 1
        if deed.kind == "claim" and deed.is_done():
            won.setdefault(deed.about["conversation"], []).append(deed)
        if deed.kind == "lift" and deed.is_done():
            lifted.add(deed.about["block"])
    tally["lifts"] = len(lifted)
    tally["expired blocks"] = sum((row["lifted_pos"] or END) < END
                                  and row["public_id"] not in lifted
                                  for row in replay.rows["blocks"])
    for deed in sayings.deeds:
        if deed.kind == "claim" and deed.code == "already_taken":
            taker = deed.answer["takenBy"]["id"]
            tally["lost at the same moment"] += any(
                winner.person == taker and winner.asked < deed.answered
                and deed.asked < winner.answered for winner in won.get(deed.about["conversation"], []))


def of_the_race(world, replay, sayings):
    tally = of_the_rows(replay)
    of_the_deeds(sayings, tally)
    tally["connections dropped"] = world.counts["connections dropped"]
    tally["presence frames watched"] = sum(m.presence_events for m in world.managers)
    return tally


def missing(tally, seconds):
    """What happened too seldom."""
    share = max(1, seconds / 20)
    return {what: f"{tally[what]} of {int(least * share)}" for what, least in LEAST.items()
            if tally[what] < int(least * share)}
