"""Twenty agents to whom the same happens at the same time, each with a conversation of his own."""
import asyncio
import dataclasses
import time

from .caller import Caller
from .contract import post
from .office import Sitter, Talker, is_lost_line

SAMPLES = 20
SLOTS = 100  # so that one who has a call more is still the least loaded
SPREAD = 2.0  # seconds over which it happens, since the server looks in rounds
MARGIN = 5.0  # seconds beyond a bound, to see by how much it is missed
NOTICED, NOTICED_SILENT = 2, 22  # seconds, as are all of P7's
TURN = 1  # what an alarm may be late
UNCONFIRMED = 5  # R7
BLIP = 5.0
NOT_CONNECTED = 6  # Reason
QUEUED, ACTIVE = 1, 2  # ConversationState
LINES_OF_A_START = ("assigned", "joined")
LOGGED_OUT = 4500  # close code


@dataclasses.dataclass
class Sample:
    agent: Sitter
    talker: Talker
    conversation: str = ""
    ticket: int = 0  # its place in the queue
    begin: float = 0  # when it happened to him


class Team:
    """One kind of fault: prepare() before the doors open, settle(), run(), judge()."""

    has_calls = True

    def __init__(self, office, bounds, name):
        self.office = office
        self.bounds = bounds
        self.name = name
        self.samples = []
        self.caller = None

    def prepare(self, reserve):
        """`reserve` is a group with room, whose load makes it everybody's second choice."""
        office = self.office
        group = office.group(self.name)
        talks = office.site(f"{self.name} talks", [group])
        if self.has_calls:
            self.caller = Caller(office, office.site(f"{self.name} calls", [group, reserve]))
        names = [f"{self.name} {n}" for n in range(SAMPLES)]
        self.agents = [Sitter(office, each, office.hire(each, group, SLOTS)) for each in names]
        self.talkers = [Talker(office, f"visitor of {each}", talks) for each in names]

    async def settle(self):
        for talker in self.talkers:
            self.office.spawn(talker.live())
        await asyncio.gather(*(agent.come() for agent in self.agents))
        conversations = await asyncio.gather(*(talker.start() for talker in self.talkers))
        talker_of = dict(zip(conversations, self.talkers))
        for agent in self.agents:
            conversation, = agent.own
            self.samples.append(Sample(agent, talker_of[conversation], conversation))
        if self.caller is not None:
            self.calling = self.office.spawn(self.caller.live())

    async def run(self, stored):
        for sample in self.samples:
            sample.ticket = stored.conversations[sample.conversation]["ticket"]
        await asyncio.gather(*(self.suffer(n, each) for n, each in enumerate(self.samples)))
        if self.caller is not None:
            self.calling.cancel()

    async def suffer(self, n, sample):
        """What happens to the n-th, and waiting until all that it may bring about is over."""
        raise NotImplementedError

    def judge(self, stored):
        raise NotImplementedError

    # What teams share.

    def add(self, what, value, **limits):
        self.bounds.add(f"{self.name}: {what}", value, **limits)

    def wrong(self, sample, what):
        self.office.wrong(f"{self.name}: {sample.agent.name} {what}")

    async def at_any_time(self, sample):
        await asyncio.sleep(self.office.random.uniform(0, SPREAD))
        sample.begin = time.monotonic()

    def seen_since(self, sample):
        return [(watcher, sight) for watcher, sightings in self.office.watchers().items()
                for sight in sightings.since(sample.agent.public_id, sample.begin)]

    async def see(self, sample, fits, until):
        """Per watcher when he first saw it so, or never."""
        return {watcher: await sightings.first(sample.agent.public_id, fits, sample.begin, until)
                for watcher, sightings in self.office.watchers().items()}

    def judge_seen(self, what, sample, times, **limits):
        for watcher, at in times.items():
            self.add(f"{what}, {watcher}", at and at - sample.begin, **limits)

    def judge_requeued(self, stored, sample):
        row = stored.conversations[sample.conversation]
        if (row["state"], row["ticket"], row["agent"]) != (QUEUED, sample.ticket, None):
            self.wrong(sample, f"left a conversation that does not wait with its ticket: {row}")

    def judge_undisturbed(self, stored, sample):
        """Nothing but calls happened to him, and nothing at all to his conversation."""
        reds = sum(sight.is_red() for _, sight in self.seen_since(sample))
        self.add("times seen red", reds, most=0)
        self.add("lines told to the visitor", len(sample.talker.lines_since(sample.begin)), most=0)
        row = stored.conversations[sample.conversation]
        if (row["state"], row["ticket"], row["agent"]) != (
                ACTIVE, sample.ticket, sample.agent.public_id):
            self.wrong(sample, f"lost his conversation: {row}")
        if row["system_lines"] != len(LINES_OF_A_START):
            self.wrong(sample, f"has a conversation with {row['system_lines']} system entries")

    def assigned_while(self, stored, sample, left, back):
        """Assignments to him between two changes of his colour; what comes of the second is of its
        own moment."""
        return [pos for pos, _, decided in stored.assignments[sample.agent.public_id]
                if pos > left["pos"] and (back is None or decided < back["at"])]


class Lost(Team):
    """The connection ends, and nobody comes back."""

    def __init__(self, office, bounds, name, fault, noticed=NOTICED):
        super().__init__(office, bounds, name)
        self.fault = fault
        self.noticed = noticed

    async def suffer(self, n, sample):
        await self.at_any_time(sample)
        await self.fault(sample.agent)
        until = sample.begin + self.noticed + MARGIN
        sample.unassignable = await self.see(sample, lambda sight: not sight.is_assignable(), until)
        until += self.office.grace + TURN
        sample.red = await self.see(sample, lambda sight: sight.is_red(), until)
        sample.told = await sample.talker.told(is_lost_line, sample.begin, until)

    def judge(self, stored):
        for sample in self.samples:
            self.judge_one(stored, sample)
        expected = [each.conversation for each in sorted(self.samples, key=lambda s: s.ticket)]
        waiting = [each for each in self.office.poller.queue if each in set(expected)]
        if waiting != expected:
            self.office.wrong(f"P10: {self.name}: the queue is not in the order of the tickets")

    def judge_one(self, stored, sample):
        grace, begin = self.office.grace, sample.begin
        gone = {"least": grace, "most": self.noticed + grace + TURN}
        self.judge_seen("unassignable", sample, sample.unassignable, most=self.noticed)
        self.judge_seen("red", sample, sample.red, **gone)
        self.add("re-queued", sample.told and sample.told - begin, **gone)
        self.judge_requeued(stored, sample)
        if any(sight.is_red() and not sight.is_not_connected()
               for _, sight in self.seen_since(sample)):
            self.wrong(sample, "was red for another reason")
        committed = [at for _, at, _ in stored.assignments[sample.agent.public_id]]
        self.add("last assignment", max(committed) - begin, most=self.noticed)
        changes = stored.changes_since(sample.agent.public_id, begin)
        left = next((each for each in changes if each["reconnecting"]), None)
        red = next((each for each in changes if each["reason"] == NOT_CONNECTED), None)
        self.add("noticed until red, stored", left and red and red["at"] - left["at"],
                 least=grace, most=grace + TURN)
        if left is not None and self.assigned_while(stored, sample, left, None):
            self.wrong(sample, "was given work after he was noticed to be gone")


class Blip(Team):
    """Back with the same session after less than the grace time."""

    def __init__(self, office, bounds, name, faults):
        super().__init__(office, bounds, name)
        self.faults = faults

    async def suffer(self, n, sample):
        await self.at_any_time(sample)
        await self.faults[n % len(self.faults)](sample.agent)
        await asyncio.sleep(BLIP)
        await sample.agent.come()
        # That nothing comes of it can only be seen by waiting until it would have come.
        await asyncio.sleep(sample.begin + self.office.grace + TURN + NOTICED - time.monotonic())

    def judge(self, stored):
        noticed = 0
        for sample in self.samples:
            self.judge_undisturbed(stored, sample)
            changes = stored.changes_since(sample.agent.public_id, sample.begin)
            if not changes:
                continue  # a black hole: he was back before anybody missed him
            noticed += 1
            if [each["reconnecting"] for each in changes] != [True, False]:
                self.wrong(sample, f"changed his colour like this: {changes}")
                continue
            left, back = changes
            self.add("reconnecting for", back["at"] - left["at"], most=self.office.grace)
            if self.assigned_while(stored, sample, left, back):
                self.wrong(sample, "was given work while he was away")
        if noticed == 0:
            raise RuntimeError("no blip was noticed: nothing to judge")


class Tabs(Team):
    """He has two, and closes one."""

    has_calls = False

    def __init__(self, office, bounds, name, faults):
        super().__init__(office, bounds, name)
        self.faults = faults

    async def settle(self):
        await super().settle()
        self.tabs = [sample.agent.another_tab() for sample in self.samples]
        await asyncio.gather(*(tab.come() for tab in self.tabs))

    async def suffer(self, n, sample):
        await self.at_any_time(sample)
        await self.faults[n % len(self.faults)](self.tabs[n])
        await asyncio.sleep(sample.begin + NOTICED + self.office.grace + TURN - time.monotonic())

    def judge(self, stored):
        for n, sample in enumerate(self.samples):
            self.judge_undisturbed(stored, sample)
            self.add("changes seen", len(self.seen_since(sample)), most=0)
            changes = stored.changes_since(sample.agent.public_id, sample.begin)
            self.add("changes stored", len(changes), most=0)
            if self.tabs[n].is_welcome.is_set() or not sample.agent.is_welcome.is_set():
                self.wrong(sample, "has not closed one tab and kept the other")


class LoggedOut(Team):
    """The login ends, and with it his only connection."""

    has_calls = False

    async def suffer(self, n, sample):
        sample.agent.ends_with = LOGGED_OUT
        await self.at_any_time(sample)
        status, _, _ = await asyncio.to_thread(
            post, self.office.http(""), "/v1/logout", {}, sample.agent.cookie)
        if status != 204:
            self.wrong(sample, f"could not log out: {status}")
        until = sample.begin + NOTICED + MARGIN
        sample.red = await self.see(sample, lambda sight: sight.is_not_connected(), until)
        sample.told = await sample.talker.told(is_lost_line, sample.begin, until)

    def judge(self, stored):
        for sample in self.samples:
            self.judge_seen("red", sample, sample.red, most=NOTICED)
            self.add("re-queued", sample.told and sample.told - sample.begin, most=NOTICED)
            self.judge_requeued(stored, sample)
            grace = sum(sight.is_reconnecting for _, sight in self.seen_since(sample))
            self.add("times seen reconnecting", grace, most=0)
            if sample.agent.socket.close_code != LOGGED_OUT:
                self.wrong(sample, f"was closed with {sample.agent.socket.close_code}")


class Frozen(Team):
    """Connected, but his client does not confirm what it is given (R7)."""

    def prepare(self, reserve):
        """A site each, where he is the first choice and the reserve the second."""
        office = self.office
        for n in range(SAMPLES):
            name = f"{self.name} {n}"
            group = office.group(name)
            agent = Sitter(office, name, office.hire(name, group, SLOTS))
            agent.confirms = False
            talker = Talker(office, f"visitor of {name}", office.site(name, [group, reserve]))
            self.samples.append(Sample(agent, talker))

    async def settle(self):
        for sample in self.samples:
            self.office.spawn(sample.talker.live())
        await asyncio.gather(*(sample.agent.come() for sample in self.samples))
        await asyncio.gather(*(sample.talker.is_welcome.wait() for sample in self.samples))

    async def run(self, _):
        await asyncio.gather(*(self.suffer(n, each) for n, each in enumerate(self.samples)))

    async def suffer(self, n, sample):
        await self.at_any_time(sample)
        sample.talker.begin_talk()
        until = sample.begin + UNCONFIRMED + TURN + MARGIN
        sample.red = await self.see(sample, lambda sight: sight.is_unresponsive(), until)
        sample.told = await sample.talker.told(is_lost_line, sample.begin, until)
        sample.served = await sample.talker.told(
            lambda code: code == "joined", sample.begin, until)

    def judge(self, stored):
        for sample in self.samples:
            given = stored.assignments[sample.agent.public_id]
            if len(given) != 1:
                self.wrong(sample, f"was given {len(given)} conversations")
                continue
            _, _, decided = given[0]  # which is what the seconds are counted from
            seen = {f"red, {watcher}": at for watcher, at in sample.red.items()}
            seen |= {"passed on": sample.told, "served by another": sample.served}
            for what, at in seen.items():
                self.add(f"{what}, since the start", at and at - sample.begin, least=UNCONFIRMED)
                self.add(f"{what}, since assigned", at and at - decided, most=UNCONFIRMED + TURN)
            conversation, = sample.talker.held
            row = stored.conversations[conversation]
            if row["state"] != ACTIVE or row["agent"] == sample.agent.public_id:
                self.wrong(sample, f"still has what he did not confirm: {row}")
            if not sample.agent.is_welcome.is_set():
                self.wrong(sample, "was cut off")
