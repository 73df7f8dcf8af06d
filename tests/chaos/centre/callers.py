"""The people of the contact centre: clients who remember what their screens would show."""
import asyncio
import collections

from harness.client import Agent, Visitor

KINDS = ("system", "note", "block")


def short(word):
    """STATUS_AVAILABLE, CHANNEL_CHAT, CONVERSATION_STATE_QUEUED: as the ledger calls it."""
    for prefix in ("CONVERSATION_STATE_", "CLOSE_REASON_", "STATUS_", "REASON_", "CHANNEL_",
                   "AWAITING_", "INTENT_", "PERSON_KIND_"):
        if word.startswith(prefix):
            return word.removeprefix(prefix).lower()
    return word


class Screen:
    """What a client of either kind keeps beside the entries. Goes before the client's class."""

    kinds = KINDS

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.summaries = {}  # open ones, by conversation; a closed one stays
        self.places = {}
        self.availability = {}
        self.pointers = {}
        self.refusals = []  # codes of messages that were not taken

    def ask(self, command, fields):
        """A future of the reply; for commands that are not said again."""
        answered = asyncio.get_running_loop().create_future()
        self.commands.append(("asked", answered, {command: fields}))
        self.flush()
        return answered

    def tell(self, command, fields):
        """What has no reply."""
        self.next_id += 1
        self.out.put_nowait(self.subprotocol.encode([{"id": self.next_id, command: fields}]))

    def answered_asked(self, answered, reply):
        if not answered.done():
            answered.set_result(reply)

    def forget_connection(self):
        for what, answered in self.sent.values():
            if what == "asked" and not answered.done():
                answered.set_exception(ConnectionError("the connection ended"))
        super().forget_connection()

    def say_now(self, kind, text, conversation=None, **more):
        message = self.say(kind, text, conversation, **more)
        self.flush()
        return message

    def keep(self, welcome):
        super().keep(welcome)
        self.places = {each["conversationId"]: each["position"] for each in welcome.get("places", [])}
        self.availability = {each["channel"]: each["availability"]
                             for each in welcome.get("availability", [])}
        self.summaries = {known: summary for known, summary in self.summaries.items()
                          if summary["state"] == "CONVERSATION_STATE_CLOSED"}

    def take(self, frame):
        event = frame.get("event", {})
        if "queuePlace" in event:
            place = event["queuePlace"]
            self.places[place["conversationId"]] = place["position"]
        if "availability" in event:
            said = event["availability"]
            self.availability[said["channel"]] = said["availability"]
        super().take(frame)

    def follow(self, summary):
        super().follow(summary)
        self.summaries[summary["conversationId"]] = summary

    def refused(self, message, error):
        self.world.history.note(self.name, "send", "fail", id=message.id, code=error["code"])
        self.refusals.append(error["code"])

    async def leave(self):
        """As a tab that closes: the connection is lost, the login stays."""
        self.may_live = False
        await self.socket.close()
        await self.living

    def enter(self):
        self.may_live = True
        self.living = asyncio.get_running_loop().create_task(self.live())
        self.world.tasks.add(self.living)
        self.living.add_done_callback(self.world.ended)


class Caller(Screen, Visitor):
    def __init__(self, world, name, subprotocol, address, site):
        super().__init__(world, name, subprotocol, address)
        self.site = site  # its key

    def path(self):
        return f"/v1/sites/{self.site}/socket"

    async def hello(self):
        """Who has not started yet is stored nowhere: a new server knows his name from him alone."""
        return await super().hello() | {"name": self.name}


class Seated(Screen, Agent):
    """An agent at his desk."""

    confirms = True  # as a client that is well

    def confirm(self, conversation):
        if self.confirms:
            super().confirm(conversation)

    def follow(self, summary):
        super().follow(summary)
        is_mine = summary.get("agent", {}).get("id") == self.id
        if not is_mine and summary["state"] != "CONVERSATION_STATE_CLOSED":
            self.let_go(summary["conversationId"])

    def let_go(self, conversation):
        """It is another's now; should it come back, it is read anew."""
        self.held.pop(conversation, None)
        self.summaries.pop(conversation, None)
        self.own.discard(conversation)

    async def log_out(self):
        self.may_live = False
        await asyncio.to_thread(self.post_empty, "/v1/logout")
        await self.living
        closed_with = self.socket.close_code
        for conversation in list(self.held):
            if not self.held[conversation].is_over:
                self.let_go(conversation)
        self.session = self.cookie = None
        return closed_with

    def post_empty(self, path):
        try:
            self.post(path, {})
        except ValueError:
            pass  # 204: there is no body

    def again(self):
        """A second tab of the same login, which never resumed; who asks lets it enter."""
        tab = type(self)(self.world, f"{self.name} again", self.subprotocol, self.address,
                         self.login)
        tab.cookie = self.cookie
        return tab


class Watcher(Seated):
    """A manager who watches agents and queues all day."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.presence = {}  # (agent id, channel) -> presence
        self.queue = {}  # conversation -> summary
        self.is_watching = False
        self.seen = collections.defaultdict(list)  # (agent id, channel) -> looks, as they changed
        self.pieces = []

    def forget_connection(self):
        super().forget_connection()
        self.is_watching = False

    def answered_hello(self, about, reply):
        super().answered_hello(about, reply)
        if self.is_welcome.is_set():
            self.commands.append(("watch", None, {"watch": {"agents": True, "queue": True}}))

    def take(self, frame):
        reply, event = frame.get("reply", {}), frame.get("event", {})
        if reply.get("live", {}).get("more"):
            self.pieces.append(reply["live"])  # the last piece answers the command
            return
        super().take(frame)
        if "presence" in event:
            self.look(event["presence"])
        if "summary" in event:
            self.waits(event["summary"])

    def answered_watch(self, _, reply):
        if "live" not in reply:
            return self.world.wrong(f"the watch was refused: {reply}")
        self.queue = {}
        for live in [*self.pieces, reply["live"]]:
            for line in live.get("agents", []):
                for presence in line["presence"]:
                    self.look(presence)
            for summary in live.get("queue", []):
                self.waits(summary)
        self.pieces = []
        self.is_watching = True

    def waits(self, summary):
        if summary["state"] == "CONVERSATION_STATE_QUEUED":
            self.queue[summary["conversationId"]] = summary
        else:
            self.queue.pop(summary["conversationId"], None)

    def look(self, presence):
        key = (presence["agentId"], short(presence["channel"]))
        known = self.presence.get(key)
        if known and int(presence["version"]) < int(known["version"]):
            self.world.wrong(f"S7: {self.name} was shown {presence} after {known}")
        self.presence[key] = presence
        look = self.look_of(presence)
        if not self.seen[key] or self.seen[key][-1] != look:
            self.seen[key].append(look)

    @staticmethod
    def look_of(presence):
        wish = presence.get("wish", {})
        return (short(wish.get("intent", "")), short(wish.get("cause", "")), wish.get("text", ""),
                short(presence["status"]), short(presence["reason"]),
                presence.get("reconnecting", False))
