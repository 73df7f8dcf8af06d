"""What is seen of the agents from outside: by a manager who watches, and by who asks over HTTP."""
import asyncio
import collections
import contextlib
import dataclasses
import http.client
import json
import time

from harness.client import LOST, Agent

POLLED_EVERY = 0.2  # seconds


@dataclasses.dataclass(frozen=True)
class Sight:
    """The colour of an agent, when it was first seen like that."""

    at: float  # of time.monotonic()
    status: str
    reason: str
    is_reconnecting: bool

    def is_assignable(self):
        return self.status == "available" and not self.is_reconnecting

    def is_red(self):
        return self.status == "unavailable"

    def is_not_connected(self):
        return self.is_red() and self.reason == "not_connected"

    def is_unresponsive(self):
        return self.is_red() and self.reason == "unresponsive"


class Sightings:
    """All that one watcher saw, by the agents' ids."""

    def __init__(self):
        self.seen = collections.defaultdict(list)
        self.news = collections.defaultdict(asyncio.Event)

    def note(self, agent, presence):
        if presence["channel"].upper().removeprefix("CHANNEL_") != "CHAT":
            return
        sight = Sight(
            time.monotonic(), presence["status"].lower().removeprefix("status_"),
            presence["reason"].lower().removeprefix("reason_"),
            presence.get("reconnecting", False))
        seen = self.seen[agent]
        if seen and dataclasses.replace(seen[-1], at=sight.at) == sight:
            return
        seen.append(sight)
        self.news[agent].set()

    def since(self, agent, begin):
        return [sight for sight in self.seen[agent] if sight.at >= begin]

    async def first(self, agent, fits, begin, until):
        """When the agent was first seen so, or never until then."""
        while True:
            for sight in self.since(agent, begin):
                if fits(sight):
                    return sight.at
            self.news[agent].clear()
            left = until - time.monotonic()
            if left <= 0:
                return None
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.news[agent].wait(), left)


class Watcher(Agent):
    """A manager who has all agents on his screen."""

    def __init__(self, world, name, subprotocol, address, cookie):
        super().__init__(world, name, subprotocol, address, None)
        self.cookie = cookie
        self.sightings = Sightings()
        self.is_watching = asyncio.Event()

    def answered_hello(self, about, reply):
        super().answered_hello(about, reply)
        self.commands.append(("watch", None, {"watch": {"agents": True}}))

    def answered_watch(self, _, reply):
        if "live" not in reply:
            self.world.wrong(f"{self.name} may not watch: {reply}")
        self.is_watching.set()

    def take(self, frame):
        live = frame.get("reply", {}).get("live", {})
        for line in live.get("agents", []):
            for presence in line["presence"]:
                self.sightings.note(presence["agentId"], presence)
        if "presence" in frame.get("event", {}):
            presence = frame["event"]["presence"]
            self.sightings.note(presence["agentId"], presence)
        if not live.get("more"):  # else the same command is answered on
            super().take(frame)


class Poller:
    """Asks for the live status again and again, with a cookie of a manager's."""

    def __init__(self, world, cookie):
        self.world = world
        self.cookie = cookie
        self.sightings = Sightings()
        self.connection = None
        self.queue = []  # ids of conversations, as last told
        self.answered = asyncio.Event()

    async def live(self):
        while True:
            await self.world.is_serving.wait()
            with contextlib.suppress(*LOST, ValueError):
                self.note(await asyncio.to_thread(self.ask))
            await asyncio.sleep(POLLED_EVERY)

    def ask(self):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.world.server.port, timeout=20)
        try:
            self.connection.request("GET", "/v1/live", headers={"Cookie": self.cookie})
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except BaseException:
            self.connection.close()
            self.connection = None
            raise

    def note(self, answer):
        status, live = answer
        if status == 503:
            return
        if status != 200:
            return self.world.wrong(f"the live status was refused: {live}")
        for line in live["agents"]:
            for presence in line["presence"]:
                self.sightings.note(line["agent"]["id"], presence)
        self.queue = [waiting["conversation"] for waiting in live["queue"]]
        self.answered.set()

    async def ask_afresh(self):
        """Until what it knows was asked for after now."""
        for _ in ("the answer that may be on its way", "the next"):
            self.answered.clear()
            await self.answered.wait()
