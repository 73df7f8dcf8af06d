"""A person with one connection at a time, who obeys docs/protocol.md and forgets nothing."""
import asyncio
import collections
import contextlib
import dataclasses
import http.client
import json
import time
import urllib.request

import websockets

from .wire import message_id

IN_FLIGHT_MAX = 8  # docs/protocol.md, "In flight"
CONFIRMATIONS_MAX = 24  # beyond those
RETRYABLE = {"unavailable", "overloaded", "too_many_in_flight", "rate_limited"}
LOST = (OSError, EOFError, asyncio.TimeoutError, http.client.HTTPException,
        websockets.WebSocketException)
NEVER = {1002, 1007, 1009, 4400, 4408, 4500, 4501}  # close codes that only a bug brings about here


@dataclasses.dataclass(eq=False)  # of two repetitions each is answered by itself
class Message:
    """Something said: named once, and sent until it is answered."""

    kind: str  # start, text, note
    text: str
    conversation: str | None
    id: str = dataclasses.field(default_factory=message_id)
    is_repetition: bool = False  # of one that was answered before
    channel: str = "CHANNEL_CHAT"  # of a start
    stored: dict | None = None  # the answer
    asked: int = dataclasses.field(default_factory=time.monotonic_ns)

    def frame(self):
        if self.kind == "start":
            return {"start": {"channel": self.channel, "clientMsgId": self.id, "text": self.text}}
        return {"send": {"conversationId": self.conversation, "clientMsgId": self.id,
                         self.kind: {"text": self.text}}}


@dataclasses.dataclass
class Held:
    """What a person has of a conversation."""

    head: int  # the last entry of the stream
    first: int  # the stream began after this one
    has_unread: bool  # of what lies before the stream
    entries: dict = dataclasses.field(default_factory=dict)  # by seq
    is_over: bool = False


class Person:
    """Connects, resumes, says again what was not answered. Subclasses know how to say hello."""

    is_agent = False
    kinds = ("system", "note")  # of entries, that we say we can show

    def __init__(self, world, name, subprotocol, address):
        self.world = world
        self.name = name
        self.subprotocol = subprotocol
        self.address = address  # of our end
        self.id = None
        self.session = None
        self.held = {}
        self.own = set()  # conversations that take messages, as far as known
        self.unanswered = []  # messages in the order they were said
        self.sent = {}  # frame id -> message, close or page that awaits its answer
        self.waiting = collections.deque()  # messages that were not sent on this connection
        self.commands = collections.deque()  # the same of what is not said again on the next
        self.said = []  # those answered
        self.socket = None
        self.next_id = 0
        self.connections = 0
        self.is_welcome = asyncio.Event()
        self.may_live = True
        self.ends_with = None  # the close code that the script brings about

    # What the script calls.

    def say(self, kind, text, conversation=None, **more):
        message = Message(kind, text, conversation, **more)
        self.world.history.note(self.name, "send", "invoke", id=message.id, kind=kind, text=text,
                                conversation=conversation)
        self.unanswered.append(message)
        self.waiting.append(message)
        return message

    def repeat(self, message):
        again = dataclasses.replace(message, is_repetition=True)
        self.unanswered.append(again)
        self.waiting.append(again)

    def close(self, conversation):
        self.own.discard(conversation)
        self.commands.append(("close", conversation, {"close": {"conversationId": conversation}}))

    def flush(self):
        """Sends what may be in flight, in one WebSocket message."""
        if not self.is_welcome.is_set():
            return
        batch = []
        while self.commands and len(self.sent) + len(batch) < self.room_for(self.commands[0]):
            batch.append(self.commands.popleft())
        while self.waiting and len(self.sent) + len(batch) < IN_FLIGHT_MAX:
            message = self.waiting.popleft()
            batch.append(("message", message, message.frame()))
        self.put(batch)

    def room_for(self, command):
        return IN_FLIGHT_MAX + (CONFIRMATIONS_MAX if command[0] == "confirm" else 0)

    def expect(self, conversation):
        """Reads it from its first entry, once connected."""
        self.held[conversation] = Held(head=0, first=1 << 31, has_unread=True)

    def in_flight(self):
        return sum(1 for what, *_ in self.sent.values() if what == "message")

    # The connection.

    async def live(self):
        tries = 0
        while self.may_live:
            await self.world.is_serving.wait()
            try:
                await self.connect()
                tries = 0
            except LOST as why:
                tries += 1
                self.world.disconnected(self, why)
            finally:
                self.forget_connection()
            await asyncio.sleep(self.world.random.uniform(0, 0.02 * min(tries, 10)))

    async def connect(self):
        hello = await self.hello()
        if self.session is not None:
            positions = [{"conversationId": conversation, "seq": held.head}
                         for conversation, held in self.held.items() if not held.is_over]
            hello["resume"] = self.session | {"positions": positions}
        hello["kinds"] = list(self.kinds)
        async with websockets.connect(
            self.world.url(self.path()), subprotocols=[self.subprotocol.name],
            origin=self.world.origin, compression=None, ping_interval=None, max_size=None,
            close_timeout=0.2, local_addr=(self.address, 0),
        ) as self.socket:
            self.connections += 1
            self.out = asyncio.Queue()
            writer = asyncio.create_task(self.write(self.socket, self.out))
            try:
                self.next_id = 0
                self.put([("hello", None, {"hello": hello})])
                async for message in self.socket:
                    for frame in self.subprotocol.decode(message):
                        self.take(frame)
                    self.flush()
            finally:
                writer.cancel()
                if self.socket.close_code in NEVER - {self.ends_with} and self.may_live:
                    self.world.wrong(f"{self.name} was closed with {self.socket.close_code}")

    async def write(self, socket, out):
        with contextlib.suppress(*LOST):
            while True:
                await socket.send(await out.get())

    def put(self, batch):
        frames = []
        for what, about, frame in batch:
            self.next_id += 1
            self.sent[self.next_id] = (what, about)
            frames.append({"id": self.next_id, **frame})
        if frames:
            self.out.put_nowait(self.subprotocol.encode(frames))

    def forget_connection(self):
        self.is_welcome.clear()
        self.sent = {}
        self.commands.clear()
        self.waiting = collections.deque(self.unanswered)

    # What comes in.

    def take(self, frame):
        if "reply" in frame:
            reply = frame["reply"]
            what, about = self.sent.pop(reply["id"])
            getattr(self, "answered_" + what)(about, reply)
        else:
            event = frame["event"]
            if "entry" in event:
                self.shown(event["entry"])
            elif "summary" in event:
                self.follow(event["summary"])
            elif "resync" in event:
                self.world.wrong(f"P9: {self.name} was told to start over")
        self.world.something_came()

    def answered_hello(self, _, reply):
        if "welcome" not in reply:
            return self.world.refused_hello(self, reply.get("error", {}))
        welcome = reply["welcome"]
        self.session = {"sessionId": welcome["sessionId"], "lineage": welcome["lineage"]}
        self.id = welcome["self"]["id"]
        self.keep(welcome)
        for summary in welcome.get("conversations", []):
            conversation, last = summary["conversationId"], summary.get("lastSeq", 0)
            if conversation not in self.held:
                self.held[conversation] = Held(head=last, first=last, has_unread=last > 0)
            self.follow(summary)
        self.is_welcome.set()
        for conversation, held in self.held.items():
            if held.has_unread:
                self.read(conversation, 0)

    def keep(self, welcome):
        """What of the welcome the next hello needs."""

    def answered_message(self, message, reply):
        error = reply.get("error")
        if error is not None and error["code"] in RETRYABLE:
            return self.say_again(message, error)
        self.unanswered.remove(message)
        if error is not None:
            self.refused(message, error)
            return
        stored = message.stored = reply["stored"]
        self.world.history.note(self.name, "send", "ok", id=message.id, stored=stored,
                                again=message.is_repetition)
        self.world.acknowledged()
        if not message.is_repetition:
            self.said.append(message)
        if message.kind == "start" and stored["conversationId"] not in self.held:
            self.world.wrong(f"P2: {self.name} was answered before being shown {message.id}")

    def say_again(self, message, error):
        """It and all after it, in order, once the time has come."""
        self.world.told_to_wait(error["code"])
        self.world.history.note(self.name, "send", "retry", id=message.id)

        async def later():
            await asyncio.sleep(error.get("retryAfterMs", 100) / 1000)
            if message not in self.unanswered:
                return
            busy = {id(about) for what, about in self.sent.values()} | set(map(id, self.waiting))
            place = self.unanswered.index(message)
            again = [one for one in self.unanswered[place:] if id(one) not in busy]
            self.waiting.extendleft(reversed(again))
            self.flush()

        self.world.spawn(later())

    def refused(self, message, error):
        if message.is_repetition:
            self.world.wrong(f"P3: {message.id} was stored and is now {error['code']}")
        self.world.history.note(self.name, "send", "fail", id=message.id, code=error["code"])
        if error["code"] not in ("conversation_closed", "already_open"):
            self.world.wrong(f"{self.name} was refused {error} for {message.kind}, "
                             f"after {self.lines_of(message.conversation)}")
        self.own.discard(message.conversation)

    def lines_of(self, conversation):
        """What the system said in it, as far as is known, with the times."""
        held = self.held.get(conversation)
        return [(seq, entry["system"]["code"], entry["at"])
                for seq, entry in sorted(held.entries.items() if held else ()) if "system" in entry]

    def answered_close(self, conversation, reply):
        if "error" in reply and reply["error"]["code"] in RETRYABLE:
            self.own.add(conversation)

    # Timelines.

    def shown(self, entry):
        """An entry of the stream: each one, in order, once."""
        conversation, seq, before = entry["conversationId"], entry["seq"], entry.get("prevSeq", 0)
        held = self.held.get(conversation)
        if held is None:  # assigned while connected: what came before is read
            held = Held(head=before, first=before, has_unread=before > 0)
            self.held[conversation] = held
            self.own.add(conversation)
            if held.has_unread and self.is_welcome.is_set():
                self.read(conversation, 0)  # else the welcome does it
        if seq <= held.head:
            self.world.wrong(f"P9: {self.name} was shown {conversation} {seq} twice, "
                             f"having {held.head}")
        elif before != held.head:
            self.world.wrong(f"P9: {self.name} was shown {conversation} {seq} after {held.head} "
                             f"instead of {before}")
        held.head = max(held.head, seq)
        self.hold(held, entry, "shown")

    def hold(self, held, entry, how):
        self.world.history.note(self.name, how, "ok", entry=entry)
        known = held.entries.setdefault(entry["seq"], entry)
        if known != entry:
            self.world.wrong(f"P2: {self.name} was shown two entries as one: {known}, {entry}")
        if entry.get("system", {}).get("code") == "closed":
            held.is_over = True
            self.own.discard(entry["conversationId"])

    def follow(self, summary):
        conversation = summary["conversationId"]
        if summary["state"] != "CONVERSATION_STATE_CLOSED" and conversation in self.held:
            self.own.add(conversation)

    def read(self, conversation, after):
        what = {"conversationId": conversation, "afterSeq": after, "limit": 50}
        self.commands.append(("page", conversation, {"read": what}))

    def answered_page(self, conversation, reply):
        error = reply.get("error", {})
        if error.get("code") in RETRYABLE:
            return self.world.spawn(self.read_later(conversation, error))
        if error:
            return self.world.wrong(f"{self.name} could not read {conversation}: {error}")
        page, held = reply["entries"], self.held[conversation]
        entries = page.get("entries", [])
        for entry in entries:
            self.hold(held, entry, "page")
        if page.get("more", False) and entries[-1]["seq"] < held.first:
            return self.read(conversation, entries[-1]["seq"])
        held.has_unread = False

    async def read_later(self, conversation, error):
        self.world.told_to_wait(error["code"])
        connection = self.connections
        await asyncio.sleep(error.get("retryAfterMs", 100) / 1000)
        if connection == self.connections and self.is_welcome.is_set():
            self.read(conversation, 0)
            self.flush()


class Visitor(Person):
    def __init__(self, world, name, subprotocol, address):
        super().__init__(world, name, subprotocol, address)
        self.token = None

    def path(self):
        return f"/v1/sites/{self.world.key}/socket"

    async def hello(self):
        return {"token": self.token} if self.token else {"name": self.name}

    def keep(self, welcome):
        self.token = welcome.get("token") or self.token


class Agent(Person):
    is_agent = True

    def __init__(self, world, name, subprotocol, address, login):
        super().__init__(world, name, subprotocol, address)
        self.login = login
        self.cookie = None
        self.confirming = set()  # conversations, on this connection

    # Whatever is assigned is confirmed at once, by itself.

    def follow(self, summary):
        super().follow(summary)
        if summary.get("needsConfirmation"):
            self.confirm(summary["conversationId"])

    def confirm(self, conversation):
        if conversation not in self.confirming:
            self.confirming.add(conversation)
            self.commands.appendleft(
                ("confirm", conversation, {"confirm": {"conversationId": conversation}}))

    def answered_confirm(self, conversation, reply):
        self.confirming.discard(conversation)
        error = reply.get("error", {})
        if error.get("code") in RETRYABLE:
            self.world.told_to_wait(error["code"])
            self.confirm(conversation)  # with the next that comes; it has five seconds

    def forget_connection(self):
        super().forget_connection()
        self.confirming.clear()

    def path(self):
        return f"/v1/tenants/{self.world.key}/socket"

    async def hello(self):
        if self.cookie is None:
            _, headers = await asyncio.to_thread(self.post, "/v1/login", self.login)
            self.cookie = headers["Set-Cookie"].split(";")[0]
        body, _ = await asyncio.to_thread(self.post, "/v1/ticket", {})
        return {"ticket": body["ticket"]}

    def post(self, path, body):
        headers = {"Content-Type": "application/json", "Origin": self.world.origin}
        if self.cookie:
            headers["Cookie"] = self.cookie
        request = urllib.request.Request(
            self.world.http(path), json.dumps(body).encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read()), answer.headers
