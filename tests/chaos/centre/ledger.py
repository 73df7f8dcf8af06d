"""What must be true of a contact centre: the rules of docs/ and of the product once more, in plain
Python, fed with the commands in the order in which they were carried out. It never looks at the
server; tests/chaos/audit.py holds the two against each other.
"""
import collections
import dataclasses
import fractions

CHANNELS = ("chat", "messaging")  # in the order in which a free agent is given work
WORD_OF_GONE = {"not_connected": "lost", "logged_out": "left", "unresponsive": "unresponsive"}


@dataclasses.dataclass
class Seat:
    """An agent on a channel."""

    slots_max: int
    slots_hard_max: int
    wraps_up: bool = False
    used: int = 0
    wrapping_up: int = 0  # of these
    wish: tuple = ("available", "", "")  # intent, cause, text
    colour: tuple = ("unavailable", "not_connected", False)  # status, reason, reconnecting


@dataclasses.dataclass
class Desk:
    name: str
    number: int  # in the order of making: the last tie-break
    groups: set
    total_max: int = 0
    seats: dict = dataclasses.field(default_factory=dict)
    id: str = ""
    is_present: bool = False
    is_connected: bool = False
    is_away: bool = False
    confirms: bool = True
    idle: int = 0  # when the last slot was freed, or he turned green by intent
    wrap_ups: dict = dataclasses.field(default_factory=dict)  # talk number -> channel

    def used(self):
        return sum(seat.used for seat in self.seats.values())

    def fits(self, seat, here, everywhere):
        return here < seat.slots_max and (not self.total_max or everywhere < self.total_max)

    def has_room(self, channel):
        seat = self.seats.get(channel)
        return seat is not None and self.fits(seat, seat.used, self.used())

    def can_take_back(self, channel):
        seat = self.seats[channel]
        return seat.used < seat.slots_hard_max and (
            not self.total_max or self.used() < self.total_max)

    def reason(self, channel):
        seat = self.seats[channel]
        if not self.is_present:
            return "not_connected"
        if self.is_away:
            return "away"
        if seat.wish[0] == "unavailable":
            return seat.wish[1]
        if self.fits(seat, seat.used, self.used()):
            return "ready"
        wrapping = sum(each.wrapping_up for each in self.seats.values())
        if self.fits(seat, seat.used - seat.wrapping_up, self.used() - wrapping):
            return "wrap_up"
        return "at_capacity" if seat.used >= seat.slots_max else "total_capacity"

    def colour(self, channel):
        reason = self.reason(channel)
        busy = reason in ("wrap_up", "at_capacity", "total_capacity")
        status = "available" if reason == "ready" else "busy" if busy else "unavailable"
        return status, reason, self.is_present and not self.is_connected

    def is_assignable(self, channel):
        return self.is_connected and channel in self.seats and self.reason(channel) == "ready"


@dataclasses.dataclass
class Site:
    key: str
    groups: set
    rules: dict  # channel -> (when nobody is free, waiting_max)


@dataclasses.dataclass
class Line:
    """An entry. `at` is learned from whoever is shown it first."""

    author: str  # visitor, agent, system
    who: str | None  # the author's id
    kind: str  # text, note, system, block
    body: object  # a text, or a code with its parameters
    is_public: bool = True
    at: str | None = None


@dataclasses.dataclass
class Talk:
    number: int
    visitor: str
    visitor_name: str
    site: str
    channel: str
    ticket: int
    id: str = ""
    state: str = "queued"
    agent: str = ""  # who has it, or had it last
    is_patient: bool = False
    is_joined: bool = False
    has_left: bool = False  # its visitor, beyond his grace time
    reason: str | None = None  # of its end
    lines: list = dataclasses.field(default_factory=list)
    seen: int = 0  # the seq up to which an agent has seen it
    waits: int = 0  # how often it came to wait
    assignments: int = 0

    def is_open(self):
        return self.state != "closed"

    def messages(self, author):
        return [(seq, line) for seq, line in enumerate(self.lines, 1)
                if line.kind == "text" and line.author == author]

    def unread(self):
        return sum(1 for seq, _ in self.messages("visitor") if seq > self.seen)

    def awaiting(self):
        """Who, and the line since which."""
        if self.state in ("inactive", "closed"):
            return "nobody", None
        texts = [line for line in self.lines if line.kind == "text"]
        since = texts[-1]
        for line in reversed(texts):
            if line.author != texts[-1].author:
                break
            since = line
        return ("agent" if since.author == "visitor" else "visitor"), since

    def seqs(self, is_agent):
        return [seq for seq, line in enumerate(self.lines, 1) if is_agent or line.is_public]


class Ledger:
    def __init__(self):
        self.desks = {}
        self.sites = {}
        self.talks = []
        self.open = {}  # (visitor, channel) -> talk
        self.blocked = set()
        self.missed = collections.Counter()  # (site, channel, cause)
        self.changes = collections.defaultdict(list)  # (agent, channel) -> wish, colour, who
        self.claims = []  # talk number, agent; each held a slot
        self.wrapped = 0  # of the claims: held on after the end
        self.unconfirmed = []
        self.clock = 0
        self.tie_break = self.load_of
        self.touched = set()  # numbers of talks that the last commands changed

    def tick(self):
        self.clock += 1
        return self.clock

    # Who is chosen.

    def load_of(self, desk, channel):
        seat = desk.seats[channel]
        return fractions.Fraction(seat.used, seat.slots_max), desk.idle, desk.number

    def serving(self, site):
        return [desk for desk in self.desks.values() if desk.groups & self.sites[site].groups]

    def choose(self, site, channel):
        free = [desk for desk in self.serving(site) if desk.is_assignable(channel)]
        return min(free, key=lambda desk: self.tie_break(desk, channel), default=None)

    def queue(self, site=None, channel=None):
        waiting = [talk for talk in self.open.values() if talk.state == "queued"
                   and site in (None, talk.site) and channel in (None, talk.channel)]
        return sorted(waiting, key=lambda talk: talk.ticket)

    def talks_of(self, desk, states=("active", "inactive")):
        return [talk for talk in self.talks if talk.agent == desk.name and talk.state in states]

    def availability(self, site, channel):
        if self.choose(site, channel):
            return "YES"
        when, waiting_max = self.sites[site].rules[channel]
        full = when == "refuse" or len(self.queue(site, channel)) >= waiting_max
        return "NO" if full else "QUEUE"

    # What is written and recorded.

    def append(self, talk, line):
        talk.lines.append(line)
        self.touched.add(talk.number)

    def system(self, talk, code, is_public=True, **parameters):
        self.append(talk, Line("system", None, "system", (code, parameters), is_public))

    def of_agent(self, talk, code, is_public):
        desk = self.desks[talk.agent]
        self.system(talk, code, is_public, agent=desk.id, name=desk.name)

    def finish(self, wished=(), by="nobody"):
        """Ends a commit: `wished` are (agent, channel) whose wish is recorded with it."""
        for desk in self.desks.values():
            for channel, seat in desk.seats.items():
                colour = desk.colour(channel)
                is_wish = (desk.name, channel) in wished
                if is_wish or colour != seat.colour:
                    seat.colour = colour
                    self.changes[desk.name, channel].append(
                        (seat.wish, colour, by if is_wish else "nobody"))

    def confirm(self):
        """By the clients of the agents, each in a commit of its own."""
        for talk in self.unconfirmed[:]:
            desk = self.desks[talk.agent]
            if talk.state == "active" and desk.is_connected and desk.confirms:
                self.unconfirmed.remove(talk)
                self.join(talk)

    def join(self, talk):
        talk.is_joined = True
        self.of_agent(talk, "joined", True)

    # Slots.

    def assign(self, talk, desk, code):
        desk.seats[talk.channel].used += 1
        talk.agent, talk.state, talk.is_joined = desk.name, "active", False
        talk.assignments += 1
        self.claims.append((talk.number, desk.name))
        self.unconfirmed.append(talk)
        if code == "active_again":
            self.system(talk, code, False)
        else:
            self.of_agent(talk, code, False)

    def free(self, desk, channel):
        desk.seats[channel].used -= 1
        desk.idle = self.tick()

    def release(self, talk):
        self.free(self.desks[talk.agent], talk.channel)
        if talk in self.unconfirmed:
            self.unconfirmed.remove(talk)

    def serve(self, desk):
        for channel in CHANNELS:
            while desk.is_assignable(channel):
                waiting = [talk for talk in self.queue(channel=channel)
                           if desk in self.serving(talk.site)]
                if not waiting:
                    break
                self.assign(waiting[0], desk, "assigned")

    def pass_on(self, talk):
        """To another who is free, or to the queue; how that is called."""
        desk = self.choose(talk.site, talk.channel)
        if desk is None:
            talk.agent, talk.state, talk.is_joined = "", "queued", False
            talk.waits += 1
            return "queued"
        self.assign(talk, desk, "assigned")
        return "reassigned"

    # What visitors do.

    def refusal(self, visitor, site, channel):
        when, waiting_max = self.sites[site].rules[channel]
        if visitor in self.blocked:
            return "blocked"
        if self.choose(site, channel):
            return None
        if when == "refuse":
            attended = any(desk.is_present and channel in desk.seats for desk in self.serving(site))
            return "busy" if attended else "absent"
        return "full" if len(self.queue(site, channel)) >= waiting_max else None

    def start(self, visitor, name, site, channel, text):
        """The conversation, or None when he is refused."""
        cause = self.refusal(visitor, site, channel)
        if cause:
            self.missed[site, channel, cause] += 1
            return None
        talk = Talk(len(self.talks) + 1, visitor, name, site, channel, self.tick())
        self.talks.append(talk)
        self.open[visitor, channel] = talk
        self.append(talk, Line("visitor", visitor, "text", text))
        desk = self.choose(site, channel)
        if desk is not None:
            self.assign(talk, desk, "assigned")
        else:
            talk.waits += 1
            talk.is_patient = self.sites[site].rules[channel][0] == "leave_message"
            self.system(talk, "left_as_message" if talk.is_patient else "queued")
        self.finish()
        return talk

    def say(self, talk, author, text, kind="text"):
        rests = talk.state == "inactive" and kind == "text"
        if rests and author == "agent":
            self.assign(talk, self.desks[talk.agent], "active_again")
            self.unconfirmed.remove(talk)
            self.join(talk)
        who = talk.visitor if author == "visitor" else self.desks[talk.agent].id
        self.append(talk, Line(author, who, kind, text, kind == "text"))
        if rests and author == "visitor":
            self.bring_back(talk)
        self.finish()

    def bring_back(self, talk):
        desk = self.desks[talk.agent]
        if desk.is_present and desk.can_take_back(talk.channel):
            return self.assign(talk, desk, "active_again")
        after = self.pass_on(talk)
        self.system(talk, after)

    def visitor_gone(self, visitor):
        """Beyond his grace time."""
        for channel in CHANNELS:
            talk = self.open.get((visitor, channel))
            if talk is None or talk.is_patient or channel == "messaging":
                continue
            if talk.state == "queued":
                self.close(talk, "visitor", "abandoned")
            else:
                talk.has_left = True
                self.system(talk, "visitor_left", False)

    def visitor_back(self, visitor):
        for channel in CHANNELS:
            talk = self.open.get((visitor, channel))
            if talk is not None and talk.has_left:
                talk.has_left = False
                self.system(talk, "visitor_back", False)

    # Ends.

    def close(self, talk, by, reason=None):
        self.system(talk, "closed", by=by)
        desk = self.desks.get(talk.agent)
        if talk.state == "active":
            if talk in self.unconfirmed:
                self.unconfirmed.remove(talk)
            if desk.seats[talk.channel].wraps_up and desk.is_present:
                desk.seats[talk.channel].wrapping_up += 1
                desk.wrap_ups[talk.number] = talk.channel
                self.wrapped += 1
            else:
                self.free(desk, talk.channel)
        talk.state, talk.reason = "closed", reason or by
        del self.open[talk.visitor, talk.channel]
        if desk is not None:
            self.serve(desk)
        self.finish()

    def end_wrap_up(self, desk, number):
        channel = desk.wrap_ups.pop(number)
        desk.seats[channel].wrapping_up -= 1
        self.free(desk, channel)
        self.serve(desk)

    def finish_wrap_up(self, talk):
        self.end_wrap_up(self.desks[talk.agent], talk.number)
        self.finish()

    def set_inactive(self, talk):
        self.release(talk)
        talk.state = "inactive"
        self.system(talk, "inactive", False)
        self.serve(self.desks[talk.agent])
        self.finish()

    def leave_as_message(self, talk):
        talk.is_patient = True
        self.system(talk, "left_as_message")

    def block(self, visitor, kind, by, reason):
        """`kind` and `by`: of the author of the entry."""
        self.blocked.add(visitor)
        for channel in CHANNELS:
            talk = self.open.get((visitor, channel))
            if talk is not None:
                self.append(talk, Line(kind, by, "block", reason, False))
                self.close(talk, "agent", "blocked")

    # What agents and managers do.

    def connect(self, desk):
        desk.is_connected, desk.is_present, desk.is_away = True, True, False
        self.serve(desk)
        self.finish()

    def set_away(self, desk, is_away):
        desk.is_away = is_away
        self.serve(desk)
        self.finish()

    def disconnect(self, desk):
        desk.is_connected = False
        self.finish()

    def lose(self, desk, cause):
        """He is gone; what he had goes on, in the order in which it was opened."""
        desk.is_connected = desk.is_present = False
        for number in list(desk.wrap_ups):
            self.end_wrap_up(desk, number)
        self.finish()
        for talk in self.talks_of(desk, ("active",)):
            self.lose_agent(talk, cause)

    def lose_agent(self, talk, cause):
        desk = self.desks[talk.agent]
        self.release(talk)
        after = self.pass_on(talk)
        self.system(talk, f"agent_{WORD_OF_GONE[cause]}_{after}")
        self.serve(desk)
        self.finish()

    def unresponsive(self, talk):
        """The agent's client did not confirm in time."""
        desk = self.desks[talk.agent]
        wished = [(desk.name, channel) for channel in desk.seats]
        for seat in desk.seats.values():
            seat.wish = ("unavailable", "unresponsive", "")
        self.release(talk)
        after = self.pass_on(talk)
        self.system(talk, f"agent_unresponsive_{after}")
        self.finish(wished)

    def set_presence(self, desk, intent, channel=None, text="", by=None):
        """`by`: None himself, else the name of a manager or of a key."""
        cause = "" if intent == "available" else "set_by_manager" if by else "chosen"
        wish = (intent, cause, "" if intent == "available" else text)
        wished = []
        for each, seat in desk.seats.items():
            if channel not in (None, each) or seat.wish == wish:
                continue
            if intent == "available" and seat.wish[0] == "unavailable":
                desk.idle = self.tick()
            seat.wish = wish
            wished.append((desk.name, each))
        self.serve(desk)
        self.finish(wished, by or "self")

    def set_limits(self, desk, channel, slots_max, slots_hard_max, wraps_up=False):
        seat = desk.seats[channel]
        seat.slots_max, seat.slots_hard_max, seat.wraps_up = slots_max, slots_hard_max, wraps_up
        self.serve(desk)
        self.finish()

    def set_total(self, desk, total_max):
        desk.total_max = total_max
        self.serve(desk)
        self.finish()

    def claim(self, talk, desk):
        self.assign(talk, desk, "claimed")
        self.unconfirmed.remove(talk)
        self.join(talk)
        self.finish()
