"""What happens in a contact centre, each as one step: it is done, the ledger is told, and everybody
must come to see what the ledger says. Only what the server alone can know is learned from it: ids,
times, and which of two that were said at once came first."""
import asyncio
import collections
import itertools
import time

from . import audit
from .centre import KEY_NAME
from .ledger import CHANNELS

SETTLED_WITHIN = 30  # seconds; nothing takes that long when all is well


class Broken(Exception):
    """A difference was found: what comes after it means nothing."""


class Day:
    def __init__(self, centre, seed_random):
        self.centre = centre
        self.ledger = centre.ledger
        self.random = seed_random
        self.callers = {}  # who is there, by id
        self.gone = {}  # who left, by id
        self.numbers = 0
        self.spoken = 0
        self.since = time.time()
        self.known = collections.defaultdict(lambda: (0, 0))  # talk number -> waits, assignments
        self.waited = {}  # talk number -> between which times its last wait began
        self.assigned = {}  # likewise
        self.ratings = {}  # talk number -> stars, comment
        self.forms = {}  # talk number -> agent id, tags, note
        self.blocks = []  # [visitor id, reason, whether it was lifted], in their order
        self.kills = 0
        self.in_flight = []  # at each kill

    # Waiting for what must be seen.

    async def until(self, reached, what):
        if not await self.centre.until(reached, SETTLED_WITHIN):
            self.fail([f"never came: {what}"])

    def fail(self, differences):
        for each in differences[:10]:
            self.centre.wrong(each)
        raise Broken(differences[:3])

    async def settle(self, *more):
        """Until everybody has what the ledger says, and what `more` compare."""
        self.ledger.confirm()
        self.ledger.finish()
        await self.agree(lambda: audit.touched_differs(self), *more)
        self.note_times()

    async def agree(self, *compared):
        """Each is a function that tells what differs: until none does."""
        def differences():
            return itertools.chain.from_iterable(each() for each in compared)

        if not await self.centre.until(lambda: next(differences(), None) is None, SETTLED_WITHIN):
            self.fail(list(differences()))

    def note_times(self):
        now = time.time()
        for number in self.ledger.touched:
            talk = self.ledger.talks[number - 1]
            waits, assignments = self.known[number]
            if talk.waits > waits:
                self.waited[number] = (self.since, now)
            if talk.assignments > assignments:
                self.assigned[number] = (self.since, now)
            self.known[number] = (talk.waits, talk.assignments)
        self.ledger.touched.clear()
        self.since = now

    async def done(self, answered, result="done", code=None):
        """What a command was answered: with this result, or refused with this code."""
        reply = await asyncio.wait_for(answered, SETTLED_WITHIN)
        found = reply.get("error", {}).get("code")
        if found != code or (code is None and result not in reply):
            self.fail([f"answered {reply}, must be {code or result}"])
        return reply.get("error") or reply[result]

    def text(self, who):
        self.spoken += 1
        padding = "ä€😀 "[self.random.randrange(4)] * self.random.randrange(300)
        return f"{who} {self.spoken} {padding}"

    # Visitors.

    async def come(self, site):
        caller = self.centre.new_caller(self.numbers, site)
        self.numbers += 1
        self.centre.people.append(caller)
        caller.enter()
        await self.until(caller.is_welcome.is_set, f"the welcome of {caller.name}")
        self.callers[caller.id] = caller
        found = list(audit.availability_differs(caller, self.ledger))
        if found:
            self.fail(found)
        return caller

    async def start(self, caller, channel, settles=True):
        """The conversation, or None when he was refused."""
        text = self.text(caller.name)
        refusals = len(caller.refusals)
        message = caller.say_now("start", text, channel=f"CHANNEL_{channel.upper()}")
        await self.until(lambda: message not in caller.unanswered, f"an answer to {caller.name}")
        talk = self.ledger.start(caller.id, caller.name, caller.site, channel, text)
        found = caller.refusals[refusals:]
        if found != ([] if talk else ["nobody_available"]):
            self.fail([f"{caller.name} started on {channel} of {caller.site}: {found}, must be "
                       f"{'let in' if talk else 'refused'}"])
        if talk:
            talk.id = message.stored["conversationId"]
        if settles:
            await self.settle()
        return talk

    async def arrive(self, site, channel):
        """A new visitor who starts; without a conversation he goes again."""
        caller = await self.come(site)
        talk = await self.start(caller, channel)
        if talk is None:
            await self.go(caller)
        return talk

    async def go(self, caller):
        await caller.leave()
        self.centre.people.remove(caller)
        self.gone[caller.id] = self.callers.pop(caller.id)

    async def come_back(self, caller):
        caller.enter()
        await self.until(caller.is_welcome.is_set, f"the welcome of {caller.name}")
        self.centre.people.append(caller)
        self.callers[caller.id] = self.gone.pop(caller.id)
        self.ledger.visitor_back(caller.id)
        self.ledger.touched |= {talk.number for talk in self.open_of(caller)}
        await self.settle()

    # Talking.

    def say(self, talk, author, text, kind="text"):
        """Told to the ledger by who awaits it."""
        who = self.callers[talk.visitor] if author == "visitor" else self.centre.seated[talk.agent]
        return who, who.say_now(kind, text, talk.id)

    async def tell(self, talk, author, kind="text", code=None):
        """One message, which may be refused."""
        text = self.text(author)
        who, message = self.say(talk, author, text, kind)
        refusals = len(who.refusals)
        await self.until(lambda: message not in who.unanswered, f"an answer to {who.name}")
        if who.refusals[refusals:] != ([code] if code else []):
            self.fail([f"{who.name} was answered {who.refusals[refusals:]}, must be {code}"])
        if code is None:
            self.ledger.say(talk, author, text, kind)
        await self.settle()

    def speeches(self, talks):
        """In each one side says a few things: their order is known."""
        said = []
        for talk in talks:
            authors = ("visitor", "agent") if talk.state == "active" else ("visitor",)
            author = self.random.choice(authors)
            for _ in range(self.random.randint(1, 3)):
                kind = "note" if author == "agent" and self.random.random() < 0.3 else "text"
                said.append((talk, author, self.text(author), kind))
        return said

    async def chatter(self, talks):
        """Everybody at once."""
        said = self.speeches(talks)
        people = {self.say(*each)[0] for each in said}
        await self.until(lambda: not any(person.unanswered for person in people), "answers to all")
        for talk, author, text, kind in said:
            self.ledger.say(talk, author, text, kind)
        await self.settle()

    async def read_all(self, talk):
        """The agent has seen it to the end."""
        self.centre.seated[talk.agent].tell(
            "report", {"conversationId": talk.id, "seenSeq": len(talk.lines)})
        talk.seen = len(talk.lines)
        self.ledger.touched.add(talk.number)
        await self.settle()

    async def close(self, talk, by):
        if by == "manager":
            self.centre.ask("closeConversation", 204, {"conversation": talk.id})
        else:
            who = (self.callers[talk.visitor] if by == "visitor"
                   else self.centre.seated[talk.agent])
            await self.done(who.ask("close", {"conversationId": talk.id}), "closed")
        self.ledger.close(talk, by)
        await self.settle()
        await self.look_back(talk)

    async def look_back(self, talk):
        """Some say what they think of it, and the visitor goes when it was his last."""
        caller = self.callers.get(talk.visitor)
        if caller is not None and self.random.random() < 0.5:
            stars, comment = self.random.randint(1, 5), self.text("rating")
            await self.done(caller.ask("rate", {"conversationId": talk.id, "stars": stars,
                                                "comment": comment}))
            self.ratings[talk.number] = (stars, comment)
        agent = self.centre.seated.get(talk.agent)
        if agent is not None and agent.is_welcome.is_set() and self.random.random() < 0.5:
            tags, note = self.random.sample(["tea", "refund", "parcel", "ä"], 2), self.text("form")
            await self.done(agent.ask("fillForm", {"conversationId": talk.id, "tags": tags,
                                                   "note": note}))
            self.forms[talk.number] = (self.ledger.desks[talk.agent].id, tags, note)
        if caller is not None and not self.open_of(caller):
            await self.go(caller)

    def open_of(self, caller):
        return [self.ledger.open[caller.id, channel] for channel in CHANNELS
                if (caller.id, channel) in self.ledger.open]

    async def set_inactive(self, talk):
        agent = self.centre.seated[talk.agent]
        await self.done(agent.ask("setInactive", {"conversationId": talk.id}))
        self.ledger.set_inactive(talk)
        await self.settle()

    # Agents.

    async def begin(self, name):
        """He logs in, and what waits is served."""
        agent = self.centre.seated[name]
        agent.enter()
        await self.until(agent.is_welcome.is_set, f"the welcome of {name}")
        self.centre.people.append(agent)
        self.ledger.connect(self.ledger.desks[name])
        await self.settle()

    async def end(self, name):
        """He logs out; what he had goes to others."""
        agent = self.centre.seated[name]
        self.centre.people.remove(agent)
        closed_with = await agent.log_out()
        if closed_with != 4500:
            self.fail([f"{name} logged out and was closed with {closed_with}"])
        self.ledger.lose(self.ledger.desks[name], "logged_out")
        await self.settle()

    async def wish(self, name, intent, channel=None, text="", by=None):
        """His own, or by a manager: Max at his desk, or the program with its key."""
        desk = self.ledger.desks[name]
        fields = {"intent": f"INTENT_{intent.upper()}", "text": text}
        if channel:
            fields["channel"] = f"CHANNEL_{channel.upper()}"
        if by == KEY_NAME:
            body = {"intent": intent, "text": text} | ({"channel": channel} if channel else {})
            self.centre.ask("setPresence", 204, {"agent": desk.id}, self.centre.api_key, **body)
        elif by:
            await self.done(self.centre.watcher.ask("setPresence", fields | {"agentId": desk.id}))
        else:
            await self.done(self.centre.seated[name].ask("setPresence", fields))
        self.ledger.set_presence(desk, intent, channel, text, by)
        await self.settle()

    async def set_away(self, name, is_away):
        await self.done(self.centre.seated[name].ask("setAway", {"away": is_away}))
        self.ledger.set_away(self.ledger.desks[name], is_away)
        await self.settle()

    async def limit(self, name, channel, slots_max, slots_hard_max, wrap_up=0):
        desk = self.ledger.desks[name]
        self.centre.set_limits(desk, channel, slots_max, slots_hard_max, wrap_up)
        self.ledger.set_limits(desk, channel, slots_max, slots_hard_max, wrap_up > 0)
        await self.settle()

    async def claim(self, name, talk, code=None):
        desk = self.ledger.desks[name]
        answered = self.centre.seated[name].ask("claim", {"conversationId": talk.id})
        await self.done(answered, code=code)
        if code is None:
            self.ledger.claim(talk, desk)
        await self.settle()

    async def finish_wrap_up(self, talk):
        agent = self.centre.seated[talk.agent]
        await self.done(agent.ask("finishWrapUp", {"conversationId": talk.id}))
        self.ledger.finish_wrap_up(talk)
        await self.settle()
