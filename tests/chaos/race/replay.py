"""What was in force at each position of a tenant's log, from the rows of witness.py."""
import bisect
import collections

from .steps import END, Steps

CHAT, MESSAGING = 1, 4  # Channel
CHANNELS = (CHAT, MESSAGING)
VISITOR, AGENT = 1, 2  # PersonKind
TEXT, NOTE, SYSTEM = 1, 2, 3  # EntryKind
AVAILABLE = 1  # Status, and Intent
READY, AT_CAPACITY, TOTAL_CAPACITY, WRAP_UP = 1, 2, 3, 4  # Reason
NOT_ENABLED, NOT_CONNECTED = 5, 6
BLOCKED, FULL = 3, 4  # Missed; below: nobody is free
ABSENT = 2

NO_COLOUR = {"intent": AVAILABLE, "status": 3, "reason": NOT_CONNECTED, "reconnecting": False}


def end_of(claim):
    """Where the conversation is no longer the agent's by this claim."""
    return claim["wrap_up_pos"] or claim["to_pos"] or END


class Replay:
    def __init__(self, rows):
        self.rows = rows
        self.agents = {row["id"]: row for row in rows["agents"]}
        self.agent_of = {row["public_id"]: row["id"] for row in rows["agents"]}
        self.visitor_of = {row["public_id"]: row["id"] for row in rows["visitors"]}
        self.conversations = {row["id"]: row for row in rows["conversations"]}
        self.conversation_of = {row["public_id"]: row["id"] for row in rows["conversations"]}
        self.served = {site["id"]: {agent["id"] for agent in rows["agents"]
                                    if set(agent["groups"]) & set(site["groups"])}
                       for site in rows["sites"]}
        self.claims = sorted(rows["claims"], key=lambda claim: claim["pos"])
        self.heads = sorted(row["head"] for row in rows["batches"])
        self.entries = collections.defaultdict(list)  # by conversation
        for entry in sorted(rows["entries"], key=lambda entry: entry["pos"]):
            self.entries[entry["conversation_id"]].append(entry)
        self.load = self.loads()
        self.limits = self.limits_in_force()
        self.colour = self.by_agent(rows["presence"], NO_COLOUR)
        self.state = self.states()
        self.blocks = collections.defaultdict(list)  # by visitor
        for block in rows["blocks"]:
            self.blocks[block["visitor_id"]].append(block)

    # Agents, by (agent, channel); channel 0 is all of his channels.

    def loads(self):
        changes = []
        for claim in self.claims:
            changes.append((claim["pos"], 1, claim))
            if claim["to_pos"]:
                changes.append((claim["to_pos"], -1, claim))
        loads = collections.defaultdict(lambda: Steps(0))
        for pos, change, claim in sorted(changes, key=lambda each: each[0]):
            for channel in (claim["channel"], 0):
                load = loads[claim["agent_id"], channel]
                load.put(pos, load.at(pos) + change)
        return loads

    def limits_in_force(self):
        return self.by_agent(self.rows["limits"], None)

    @staticmethod
    def by_agent(rows, first):
        steps = collections.defaultdict(lambda: Steps(first))
        for row in sorted(rows, key=lambda row: row["pos"]):
            steps[row["agent_id"], row["channel"]].put(row["pos"], row)
        return steps

    def room(self, agent, channel, pos, hard=False):
        """How many more he may have: of new work, or of what returns to him."""
        limits, total = self.limits[agent, channel].at(pos), self.limits[agent, 0].at(pos)
        most = limits["slots_hard_max" if hard else "slots_max"] if limits else 0
        room = most - self.load[agent, channel].at(pos)
        if total is not None:
            room = min(room, total["slots_max"] - self.load[agent, 0].at(pos))
        return room

    def is_enabled(self, agent, channel, pos):
        limits = self.limits[agent, channel].at(pos)
        return limits is not None and limits["enabled"]

    def is_green(self, agent, channel, pos):
        """Assignable, as recorded at the end of the last command up to there."""
        colour = self.colour[agent, channel].at(pos)
        return colour["status"] == AVAILABLE and not colour["reconnecting"]

    # Conversations: (state, agent) from a position on. `leaving`: in the middle of a command.

    def states(self):
        events = [(row["id"], "queued", row["id"], None) for row in self.conversations.values()]
        for claim in self.claims:
            events.append((claim["pos"], "active", claim["conversation_id"], claim["agent_id"]))
            if end_of(claim) < END:
                events.append((end_of(claim), "leaving", claim["conversation_id"], None))
        for conversation, entries in self.entries.items():
            events += [(entry["pos"], entry["code"], conversation, None)
                       for entry in entries if entry["code"]]
        states = collections.defaultdict(lambda: Steps(("none", None)))
        for pos, what, conversation, agent in sorted(events, key=lambda event: event[0]):
            state = states[conversation]
            before, agent_before = state.at(pos)
            if what == "active" or what == "queued" or what == "left_as_message":
                state.put(pos, (what if what == "active" else "queued", agent))
            elif what.endswith("_queued"):
                state.put(pos, ("queued", None))
            elif what in ("inactive", "closed"):
                state.put(pos, (what, agent_before))
            elif what == "leaving" and before == "active":
                state.put(pos, (what, agent_before))
        return states

    def has_it(self, agent, conversation, pos):
        state, his = self.state[conversation].at(pos)
        return his == agent and state in ("active", "inactive")

    def waiting_at(self, positions):
        """For each of the rising positions, the conversations that wait there, by id."""
        changes = sorted((pos, conversation, state == "queued")
                         for conversation, steps in self.state.items()
                         for pos, (state, _) in steps.changes())
        waiting, next_one = {}, 0
        for pos in positions:
            while next_one < len(changes) and changes[next_one][0] <= pos:
                _, conversation, waits = changes[next_one]
                next_one += 1
                if waits:
                    waiting[conversation] = self.conversations[conversation]
                else:
                    waiting.pop(conversation, None)
            yield pos, waiting

    def entry_after(self, conversation, pos):
        entries = self.entries[conversation]
        place = bisect.bisect_right(entries, pos, key=lambda entry: entry["pos"])
        return entries[place] if place < len(entries) else None

    def entry_before(self, conversation, pos):
        entries = self.entries[conversation]
        place = bisect.bisect_left(entries, pos, key=lambda entry: entry["pos"])
        return entries[place - 1] if place else None

    def how(self, claim):
        """What the timeline says of a claim: assigned, claimed, or active_again."""
        entry = self.entry_after(claim["conversation_id"], claim["pos"])
        return entry["code"] if entry else None

    def is_return(self, claim):
        """Whether it came back to its agent because its visitor wrote."""
        before = self.entry_before(claim["conversation_id"], claim["pos"])
        return self.how(claim) == "active_again" and before["author_kind"] == VISITOR

    def is_blocked(self, visitor, pos):
        return any(block["pos"] <= pos < (block["lifted_pos"] or END)
                   for block in self.blocks[visitor])
