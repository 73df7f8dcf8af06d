"""People who do all at once what their roles allow, and note what they asked for and were told."""
import asyncio
import collections
import datetime
import random
import socket
import struct
import time

from harness.client import RETRYABLE, Agent, Person, Visitor
from .refusals import Deed

CHANNELS = ("CHANNEL_CHAT", "CHANNEL_MESSAGING")
OPEN_STATES = ("CONVERSATION_STATE_ACTIVE", "CONVERSATION_STATE_INACTIVE")


class Racer(Person):
    """What all of them have in common. Subclasses have CHOICES: (weight, method) that the script
    draws from."""

    CHOICES = ()
    pause = 0.05  # seconds between two deeds, on average

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.random = random.Random(f"{self.world.seed} {self.name}")
        self.connected_at = 0
        self.stays_away = 0  # seconds, before the next connection
        self.watched_agents = False  # on this connection
        self.foreign_presence = 0

    async def act(self, is_over):
        weights = [weight for weight, _ in self.CHOICES]
        methods = [method for _, method in self.CHOICES]
        while not is_over():
            await asyncio.sleep(self.random.expovariate(1 / self.pause))
            if self.is_welcome.is_set() and not is_over() and len(self.unanswered) < 6:
                (method,) = self.random.choices(methods, weights)
                method(self)
                self.flush()

    def do(self, kind, frame, **about):
        deed = Deed(self.name, self.id, kind, about)
        self.world.note(deed)
        self.commands.append(("deed", deed, frame))
        self.flush()

    def answered_deed(self, deed, reply):
        error = reply.get("error")
        if error is not None:
            deed.take(error, error["code"])
        else:
            deed.take({"block": reply["blocked"]["blockId"]} if "blocked" in reply else None)
        self.world.told(deed)

    def drop(self):
        """As when the network goes, sometimes for longer than the grace time."""
        if self.random.random() < 0.3:
            self.stays_away = self.random.uniform(0.5, 1.5) * self.world.grace
        transport = self.socket.transport
        if transport.is_closing():
            return
        self.world.counts["connections dropped"] += 1
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    async def connect(self):
        away, self.stays_away = self.stays_away, 0
        if away:
            await asyncio.wait({self.world.calm}, timeout=away)
        self.connected_at = time.monotonic_ns()
        await super().connect()

    def forget_connection(self):
        super().forget_connection()
        self.watched_agents = False

    # What comes in.

    def take(self, frame):
        reply, event = frame.get("reply", {}), frame.get("event", {})
        if "pos" in event:
            self.world.clock.saw(int(event["pos"]))
        if "presence" in event:
            self.saw_presence(event["presence"])
        about = self.sent.get(reply.get("id"))
        super().take(frame)
        if reply.get("live", {}).get("more"):
            self.sent[reply["id"]] = about  # another reply continues this one

    def saw_presence(self, presence):
        """S7: without a watch there is nobody's but one's own."""
        if presence["agentId"] != self.id and not self.watched_agents:
            self.foreign_presence += 1
            self.world.wrong(f"S7: {self.name} asked for nothing and was shown {presence}")

    def answered_message(self, message, reply):
        error, stored = reply.get("error"), reply.get("stored")
        if error is None or error["code"] not in RETRYABLE:
            about = {"conversation": message.conversation, "again": message.is_repetition,
                     "id": message.id}
            if message.kind == "start":
                about["channel"] = message.channel
            deed = Deed(self.name, self.id, message.kind, about, message.asked)
            deed.take(error or stored, error and error["code"])
            self.world.note(deed)
            self.world.told(deed)
        if stored:
            self.world.clock.was_decided(message.asked, int(stored["pos"]))
            if message.kind == "start" and message.asked < self.connected_at:
                self.find(stored["conversationId"])
        super().answered_message(message, reply)

    def find(self, conversation):
        """It was started on a connection before this one, and may be over by now."""
        if conversation not in self.held:
            self.expect(conversation)
            self.read(conversation, 0)

    def refused(self, message, error):
        """Whether it was true is judged at the end."""
        if message.is_repetition:
            self.world.wrong(f"P3: {message.id} was stored and is now {error}")
        self.world.history.note(self.name, "send", "fail", id=message.id, code=error["code"])
        if error["code"] in ("conversation_closed", "not_found"):
            self.own.discard(message.conversation)


class RacingVisitor(Racer, Visitor):
    def __init__(self, world, name, subprotocol, address, site):
        super().__init__(world, name, subprotocol, address)
        self.site = site
        self.open = {}  # channel -> conversation

    def path(self):
        return f"/v1/sites/{self.site}/socket"

    def follow(self, summary):
        super().follow(summary)
        channel, conversation = summary["channel"], summary["conversationId"]
        if summary["state"] != "CONVERSATION_STATE_CLOSED":
            self.open[channel] = conversation
        elif self.open.get(channel) == conversation:
            del self.open[channel]

    def start(self):
        channel = self.random.choice(CHANNELS)
        busy = any(each.kind == "start" and each.channel == channel for each in self.unanswered)
        if not busy and (channel not in self.open or self.random.random() < 0.1):
            self.say("start", self.world.text(self), channel=channel)

    def talk(self):
        if self.own:
            self.say("text", self.world.text(self), self.random.choice(sorted(self.own)))

    def end(self):
        if self.own:
            conversation = self.random.choice(sorted(self.own))
            self.do("close", {"close": {"conversationId": conversation}}, conversation=conversation)

    def insist(self):
        if self.said:
            self.repeat(self.random.choice(self.said[-50:]))

    CHOICES = ((40, start), (40, talk), (8, end), (6, insist), (3, Racer.drop))


class RacingAgent(Racer, Agent):
    """Knows what waits by a watch of the queue."""

    hangs = 0.08  # how often a client does not confirm what it is assigned

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.states = {}  # of the conversations that are his
        self.queue = {}  # conversation -> channel
        self.ended = collections.deque(maxlen=8)
        self.presence = {}  # channel -> his own
        self.hung = set()

    # What he knows.

    def keep(self, welcome):
        self.states.clear()
        self.queue.clear()
        self.hung.clear()
        for presence in welcome.get("presence", []):
            self.presence[presence["channel"]] = presence

    def answered_hello(self, _, reply):
        super().answered_hello(_, reply)
        if self.is_welcome.is_set():
            self.watch()

    def watch(self):
        self.do("watch", {"watch": {"queue": True}})

    def answered_deed(self, deed, reply):
        super().answered_deed(deed, reply)
        for summary in reply.get("live", {}).get("queue", []):
            self.follow(summary)
        if deed.kind == "watch" and deed.code in RETRYABLE:
            self.watch()

    def saw_presence(self, presence):
        super().saw_presence(presence)
        if presence["agentId"] == self.id:
            self.presence[presence["channel"]] = presence

    def follow(self, summary):
        conversation, state = summary["conversationId"], summary["state"]
        self.world.visitor_in[conversation] = summary["visitor"]["id"]
        if state == "CONVERSATION_STATE_QUEUED":
            self.queue[conversation] = summary["channel"]
        else:
            self.queue.pop(conversation, None)
        if summary.get("agent", {}).get("id") == self.id and state in OPEN_STATES:
            self.own.add(conversation)
            self.states[conversation] = state
            if summary.get("needsConfirmation") and conversation not in self.hung:
                self.confirm_perhaps(conversation)
        elif self.states.pop(conversation, None):  # it ended, or is another's
            self.own.discard(conversation)
            self.held.pop(conversation, None)
            self.ended.append(conversation)

    def confirm_perhaps(self, conversation):
        if not self.world.calm.done() and self.random.random() < self.hangs:
            self.hung.add(conversation)
            self.world.counts["assignments not confirmed"] += 1
        else:
            self.confirm(conversation)

    def shown(self, entry):
        held = self.held.get(entry["conversationId"])
        if held is not None and entry.get("prevSeq", 0) != held.head:
            del self.held[entry["conversationId"]]  # it was another's in between
        super().shown(entry)

    def read(self, conversation, after):
        """What lies before is not looked at: readers have chaos of their own."""

    # What he does.

    def one(self, state=None):
        """A conversation of his own."""
        fitting = [each for each, its in self.states.items() if state in (None, its)]
        return self.random.choice(sorted(fitting)) if fitting else None

    def on_one(self, kind, command, state=None, **more):
        conversation = self.one(state)
        if conversation is not None:
            self.do(kind, {command: {"conversationId": conversation, **more}},
                    conversation=conversation)

    def talk(self):
        conversation = self.one()
        if conversation is not None:
            kind = "note" if self.random.random() < 0.3 else "text"
            self.say(kind, self.world.text(self), conversation)

    def wake(self):
        conversation = self.one("CONVERSATION_STATE_INACTIVE")
        if conversation is not None:
            self.say("text", self.world.text(self), conversation)

    def end(self):
        self.on_one("close", "close")

    def rest(self):
        self.on_one("inactive", "setInactive")

    def rest_again(self):
        self.on_one("inactive", "setInactive", "CONVERSATION_STATE_INACTIVE")

    def finish(self):
        if self.ended:
            conversation = self.ended.popleft()
            self.do("finish", {"finishWrapUp": {"conversationId": conversation}},
                    conversation=conversation)

    def take_a_break(self):
        wish = {"intent": "INTENT_UNAVAILABLE", "text": "tea"}
        if self.random.random() < 0.5:
            wish["channel"] = self.random.choice(CHANNELS)
        self.do("break", {"setPresence": wish})

    def come_back(self):
        self.do("back", {"setPresence": {"intent": "INTENT_AVAILABLE"}})

    def look_away(self):
        self.do("away", {"setAway": {"away": self.random.random() < 0.4}})

    def claim(self, conversation):
        self.do("claim", {"claim": {"conversationId": conversation}}, conversation=conversation)

    def claim_some(self):
        """Also what he is not offered, or somebody has by now."""
        known = self.world.known_to_wait()
        if known:
            self.claim(self.random.choice(known))

    def block_own(self):
        conversation = self.one()
        visitor = self.world.visitor_in.get(conversation)
        if visitor:
            self.do("block", {"block": {"conversationId": conversation, "reason": "spam"}},
                    conversation=conversation, visitor=visitor, expires=False)

    def is_full(self, channel):
        presence = self.presence.get(channel, {})
        return presence.get("slotsUsed", 0) >= presence.get("slotsMax", 0)

    CHOICES = ((26, talk), (5, end), (7, rest), (3, rest_again), (6, wake), (3, finish),
               (15, take_a_break), (5, come_back), (3, look_away), (4, claim_some), (1, block_own),
               (2, Racer.drop))


class RacingManager(RacingAgent):
    """Directs others, by frames and over HTTP. A silent one does all of it and watches nothing."""

    pause = 0.04

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.is_silent = False
        self.http = None  # a RestClient
        self.is_asking = False  # one request at a time
        self.shown_presence = {}  # (agent, channel) -> the newest
        self.told_presence = {}  # the same, by an event on this connection
        self.presence_events = 0

    def keep(self, welcome):
        super().keep(welcome)
        self.told_presence.clear()

    def watch(self):
        if not self.is_silent:
            self.watched_agents = True
            self.do("watch", {"watch": {"agents": True, "queue": True}})

    def answered_deed(self, deed, reply):
        super().answered_deed(deed, reply)
        for line in reply.get("live", {}).get("agents", []):
            for presence in line["presence"]:
                self.keep_newest(presence)

    def saw_presence(self, presence):
        super().saw_presence(presence)
        self.presence_events += 1
        key = (presence["agentId"], presence["channel"])
        before = self.told_presence.get(key)
        if before is not None and before != presence:
            if int(before["version"]) >= int(presence["version"]):
                self.world.wrong(f"S7: {self.name} was shown {presence} after {before}")
        self.told_presence[key] = presence
        self.keep_newest(presence)

    def keep_newest(self, presence):
        key = (presence["agentId"], presence["channel"])
        known = self.shown_presence.get(key)
        if known is None or int(known["version"]) <= int(presence["version"]):
            self.shown_presence[key] = presence

    # What he does.

    def some_agent(self):
        return self.random.choice(self.world.agents).id

    def direct(self):
        agent = self.some_agent()
        intent = "UNAVAILABLE" if self.random.random() < 0.65 else "AVAILABLE"
        if agent and self.random.random() < 0.5:
            self.do("direct", {"setPresence": {"agentId": agent, "intent": f"INTENT_{intent}"}})
        elif agent:
            self.ask("direct", "setPresence", {"agent": agent}, {"intent": intent.lower()})

    def limit(self):
        """One change per agent at a time: witness.py."""
        agent = self.some_agent()
        if agent is None or agent in self.world.being_limited or self.is_asking:
            return
        self.world.being_limited.add(agent)
        channel = self.random.choice(("chat", "messaging", None))
        if channel is None:
            total = self.random.choice((1, 2, 3, 4))
            self.ask("limits", "setTotalLimit", {"agent": agent}, {"total_max": total}, agent=agent,
                     channel=None, values={"slots_max": total, "slots_hard_max": total})
            return
        most = self.random.choice((1, 1, 2, 3))
        values = {"enabled": self.random.random() < 0.9, "slots_max": most,
                  "slots_hard_max": most + self.random.choice((0, 1))}
        wrap_up = {"wrap_up_seconds": self.random.choice((0, 0, 1))}
        self.ask("limits", "setLimits", {"agent": agent, "channel": channel}, values | wrap_up,
                 agent=agent, channel=channel, values=values)

    def block(self):
        known = sorted(set(self.world.visitor_in.values()))
        if not known:
            return
        visitor, expires = self.random.choice(known), self.random.random() < 0.3
        about = {"visitor": visitor, "expires": expires}
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=0.7)
        until = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if self.random.random() < 0.5:
            more = {"expiresAt": until} if expires else {}
            self.do("block", {"block": {"visitorId": visitor, "reason": "spam", **more}}, **about)
        else:
            more = {"expires_at": until} if expires else {}
            self.ask("block", "createBlock", {}, {"visitor": visitor, "reason": "spam", **more},
                     **about)

    def lift(self):
        block = self.world.block_to_lift()
        if block is None:
            return
        if self.random.random() < 0.5:
            self.do("lift", {"liftBlock": {"blockId": block}}, block=block)
        else:
            self.ask("lift", "liftBlock", {"block": block}, block=block)

    def list_blocks(self):
        self.do("list", {"listBlocks": {}})

    def close_any(self):
        known = self.world.known_to_wait()
        if known:
            conversation = self.random.choice(known)
            self.do("close", {"close": {"conversationId": conversation}}, conversation=conversation)

    def ask(self, kind, operation, path, body=None, **about):
        if self.is_asking:
            return
        self.is_asking = True
        deed = Deed(self.name, self.id, kind, about)
        self.world.note(deed)
        self.world.spawn(self.ask_over_http(deed, operation, path, body))

    async def ask_over_http(self, deed, operation, path, body):
        answer = await asyncio.to_thread(
            self.http.ask, operation, self.cookie, path, body=body)
        if answer.status >= 300:
            deed.take(answer.body, answer["code"])
        else:
            deed.take({"block": answer["id"]} if deed.kind == "block" else None)
        self.is_asking = False
        if deed.kind == "limits":
            self.world.being_limited.discard(deed.about["agent"])
        self.world.told(deed)

    CHOICES = ((14, direct), (26, limit), (10, block), (12, lift), (2, list_blocks), (2, close_any),
               (8, RacingAgent.claim_some), (6, RacingAgent.end), (3, RacingAgent.rest),
               (1, Racer.drop))
