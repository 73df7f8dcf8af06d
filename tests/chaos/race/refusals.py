"""Whether what a client was told was true at a moment at which it can have been said: deeds of the
clients held against a replay."""
import dataclasses
import time

from harness.client import RETRYABLE
from .replay import ABSENT, BLOCKED, FULL, NOT_CONNECTED, NOT_ENABLED, CHANNELS
from .steps import END, was

CHANNEL = {"CHANNEL_CHAT": 1, "CHANNEL_MESSAGING": 4, "chat": 1, "messaging": 4}


@dataclasses.dataclass
class Deed:
    """Something somebody asked for. Without an answer nobody knows whether it was done."""

    by: str  # the name of who asked
    person: str  # and his public id
    kind: str
    about: dict
    asked: int = dataclasses.field(default_factory=time.monotonic_ns)
    answered: int | None = None
    code: str | None = None  # of a refusal
    answer: dict | None = None

    def take(self, answer, code=None):
        self.answered = time.monotonic_ns()
        self.answer, self.code = answer, code

    def is_done(self):
        return self.answered is not None and self.code is None


class Sayings:
    def __init__(self, replay, clock, deeds, rules):
        self.replay = replay
        self.clock = clock
        self.deeds = deeds
        self.site_rules = rules  # (site, channel) -> (what when nobody is free, most that wait)
        self.missed = {}
        for row in replay.rows["missed"]:
            self.missed.setdefault(row["visitor"], []).append(row)

    def untrue(self):
        for deed in self.deeds:
            if deed.code is None or deed.code in RETRYABLE:
                continue
            judge = getattr(self, "is_" + deed.code, None)
            low, high = self.clock.within(deed)
            if judge is None or not judge(deed, low, min(high, END)):
                yield (f"untrue: {deed} cannot have been so between {low} and {high}; "
                       f"{self.evidence(deed, low, high)}")

    def evidence(self, deed, low, high):
        conversation = self.conversation(deed)
        if conversation is None:
            return [row for row in self.missed.get(deed.person, []) if low < row["pos"] <= high]
        states = self.replay.state[conversation]
        return [(pos, states.at(pos)) for pos in (low, *states.points(low, high))]

    def conversation(self, deed):
        return self.replay.conversation_of.get(deed.about.get("conversation"))

    def agent(self, deed):
        return self.replay.agent_of.get(deed.person)

    def was_state(self, deed, low, high, fits):
        states = self.replay.state[self.conversation(deed)]
        return was(lambda pos: fits(*states.at(pos)), low, high, states)

    # By the code of the refusal.

    def is_agent_full(self, deed, low, high):
        replay, agent, conversation = self.replay, self.agent(deed), self.conversation(deed)
        channel = replay.conversations[conversation]["channel"]
        wanted = ("queued", None) if deed.kind == "claim" else ("inactive", agent)
        states = replay.state[conversation]
        return was(
            lambda pos: states.at(pos) == wanted and replay.room(agent, channel, pos) <= 0,
            low, high, states, replay.load[agent, channel], replay.load[agent, 0],
            replay.limits[agent, channel], replay.limits[agent, 0])

    def is_already_taken(self, deed, low, high):
        taker = self.replay.agent_of.get(deed.answer.get("takenBy", {}).get("id"))
        return taker is not None and self.was_state(
            deed, low, high, lambda state, agent: state in ("active", "inactive") and agent == taker)

    def is_conversation_closed(self, deed, low, high):
        return self.was_state(deed, low, high, lambda state, _: state == "closed")

    def is_wrong_state(self, deed, low, high):
        return self.was_state(deed, low, high, lambda state, _: state in ("queued", "inactive"))

    def is_not_found(self, deed, low, high):
        """It is not his, and for a claim not on offer to him; or the block is lifted."""
        if deed.kind == "lift":
            return any(row["public_id"] == deed.about["block"] and (row["lifted_pos"] or END) <= high
                       for row in self.replay.rows["blocks"])
        agent, conversation = self.agent(deed), self.conversation(deed)
        if conversation is None:
            return False  # everything that is asked about is stored
        site = self.replay.conversations[conversation]["site_id"]
        offered = deed.kind == "claim" and agent in self.replay.served[site]
        return self.was_state(
            deed, low, high, lambda state, his: his != agent and (not offered or state == "closed"))

    def is_forbidden(self, deed, low, high):
        """A claim, or the waking of what rests, on a channel that is switched off."""
        agent, conversation = self.agent(deed), self.conversation(deed)
        channel, states = self.replay.conversations[conversation]["channel"], self.replay.state[conversation]
        return deed.kind in ("claim", "text") and was(
            lambda pos: not self.replay.is_enabled(agent, channel, pos)
            and (deed.kind == "claim" or states.at(pos) == ("inactive", agent)),
            low, high, states, self.replay.limits[agent, channel])

    def is_already_open(self, deed, low, high):
        named = self.replay.conversation_of.get(deed.answer.get("conversationId"))
        if named is None:
            return False
        row, states = self.replay.conversations[named], self.replay.state[named]
        return (row["visitor_id"] == self.replay.visitor_of.get(deed.person)
                and row["channel"] == CHANNEL[deed.about["channel"]]
                and was(lambda pos: states.at(pos)[0] not in ("none", "closed"), low, high, states))

    def is_nobody_available(self, deed, low, high):
        return any(self.was_missed_rightly(row) for row in self.missed.get(deed.person, [])
                   if low < row["pos"] <= high and row["channel"] == CHANNEL[deed.about["channel"]])

    def was_missed_rightly(self, row):
        """The contact was for a reason that held, and the reason is the one that is recorded."""
        replay, pos, where = self.replay, row["pos"], (row["site_id"], row["channel"])
        blocked = replay.is_blocked(replay.visitor_of.get(row["visitor"]), pos)
        if blocked or row["cause"] == BLOCKED:
            return blocked and row["cause"] == BLOCKED
        agents = replay.served[where[0]]
        if any(replay.is_green(agent, where[1], pos) for agent in agents):
            return False
        what, most = self.site_rules[where]
        if row["cause"] == FULL:
            _, waiting = next(replay.waiting_at([pos]))
            at_this = [each for each in waiting.values()
                       if (each["site_id"], each["channel"]) == where]
            return what != "refuse" and len(at_this) >= most
        reasons = {replay.colour[agent, where[1]].at(pos)["reason"] for agent in agents}
        is_absent = reasons <= {NOT_ENABLED, NOT_CONNECTED}
        return what == "refuse" and is_absent == (row["cause"] == ABSENT)


def missed_wrongly(sayings):
    for row in sayings.replay.rows["missed"]:
        if not sayings.was_missed_rightly(row):
            yield f"untrue: {row} was turned away for another reason, or none"


def claims_are_theirs(sayings):
    """Who was told that he has it has it by that claim, and nobody by a claim he never made."""
    replay, asked = sayings.replay, set()
    for deed in sayings.deeds:
        if deed.kind != "claim":
            continue
        conversation, agent = sayings.conversation(deed), sayings.agent(deed)
        asked.add((conversation, agent))
        if deed.is_done():
            low, high = sayings.clock.within(deed)
            if not any(entry["code"] == "claimed" and replay.agent_of[entry["agent"]] == agent
                       for entry in replay.entries[conversation] if low < entry["pos"] <= high):
                yield f"untrue: {deed} was done, and is not stored between {low} and {high}"
    for conversation, entries in replay.entries.items():
        for entry in entries:
            if entry["code"] == "claimed":
                if (conversation, replay.agent_of[entry["agent"]]) not in asked:
                    yield f"P4: {entry} was claimed by nobody"


def limits_are_those_set(sayings):
    """A3: what was answered is in force from a position within that time on."""
    replay = sayings.replay
    for deed in sayings.deeds:
        if deed.kind != "limits" or not deed.is_done():
            continue
        low, high = sayings.clock.within(deed)
        key = (replay.agent_of[deed.about["agent"]], CHANNEL.get(deed.about["channel"], 0))
        steps = replay.limits[key]
        rows = [steps.at(pos) for pos in steps.points(low, high)]
        if not any(all(row[name] == value for name, value in deed.about["values"].items())
                   for row in rows):
            yield f"A3: {deed} is not stored between {low} and {high}: {rows}"


def the_blocked_are_not_answered(sayings):
    """P6: what is said after the block was answered is not acknowledged before somebody asks to lift
    it; who is cut off meanwhile says it again, and is then judged anew."""
    lifts, blocks = {}, []
    lasting = {row["public_id"] for row in sayings.replay.rows["blocks"] if not row["expires"]}
    for deed in sayings.deeds:
        if deed.kind == "lift":
            lifts[deed.about["block"]] = min(deed.asked, lifts.get(deed.about["block"], END))
        elif deed.kind == "block" and deed.is_done() and deed.answer["block"] in lasting:
            blocks.append(deed)
    said = {}
    for deed in sayings.deeds:
        if deed.kind in ("start", "text") and deed.is_done() and not deed.about["again"]:
            said.setdefault(deed.person, []).append(deed)
    for block in blocks:
        end = lifts.get(block.answer["block"], END)
        for deed in said.get(block.about["visitor"], []):
            if block.answered < deed.asked and deed.answered < end:
                yield f"P6: {deed} was acknowledged after {block}"


RULES = (Sayings.untrue, missed_wrongly, claims_are_theirs, limits_are_those_set,
         the_blocked_are_not_answered)
assert set(CHANNEL.values()) == set(CHANNELS)
