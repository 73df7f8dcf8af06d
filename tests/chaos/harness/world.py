"""A tenant with visitors and agents in both subprotocols, against a real server and PostgreSQL."""
import asyncio
import collections
import contextlib
import os
import pathlib
import random
import shutil
import tempfile
import time

from . import checks
from .client import Agent, Visitor
from .history import History
from .processes import Postgres, Server
from .wire import Binary, Json

AGENTS = ("anna", "ben", "chloe")  # of the demo tenant
PASSWORD = "switchboard-demo"
SLOTS = 4
PROJECT_TESTS = pathlib.Path(__file__).resolve().parents[2]
QUIET_MAX = 60  # seconds until everything is answered and shown


def is_long():
    """Whether ./test chaos asks, or a ./test that has only a moment."""
    return int(os.environ.get("SWITCHBOARD_CHAOS_SECONDS", "20")) > 60


class World:
    key = "demo"
    logins = AGENTS

    def __init__(self, program, seed, visitors=14):
        self.random = random.Random(seed)
        self.postgres = Postgres()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="switchboard-chaos-node-"))
        self.history = History(self.folder / "history.jsonl")
        self.server = Server(program, self.postgres.connection(), self.folder)
        self.port = self.server.port  # where clients connect; a proxy's, if there is one
        self.origin = f"http://127.0.0.1:{self.server.port}"
        self.is_serving = asyncio.Event()
        self.changed = asyncio.Event()
        self.violations = []
        self.counts = collections.Counter()
        self.acknowledged_at = None  # the first since it was reset
        self.tasks = set()
        self.spoken = 0
        self.populate((Binary(self.folder), Json()), visitors)

    def populate(self, subprotocols, visitors):
        self.subprotocols = subprotocols
        self.visitors = [self.visitor(n) for n in range(visitors)]
        self.agents = [self.agent(n, name) for n, name in enumerate(self.logins)]
        self.people = self.visitors + self.agents

    def visitor(self, n):
        return Visitor(self, f"visitor {n}", self.subprotocols[n % 2], f"127.0.1.{n + 1}")

    def agent(self, n, name):
        return Agent(self, name, self.subprotocols[n % 2], f"127.0.2.{n + 1}", self.login_of(name))

    def login_of(self, name):
        return {"tenant": self.key, "login": f"{name}@{self.key}.example", "password": PASSWORD}

    def prepare(self):
        self.postgres.run("createdb", "-h", self.postgres.folder, "-U", "switchboard",
                          "switchboard")
        self.server.run("migrate", "up")
        self.server.run("demo")
        self.postgres.execute(f"UPDATE agent_channel SET slots_max = {SLOTS},"
                              f" slots_hard_max = {SLOTS + 1}")

    async def start(self, stop_at=None):
        """The server, until clients can connect; the seconds that took."""
        before = time.monotonic()
        self.acknowledged_at = None
        self.server.start(stop_at)
        await self.server.wait_until_open()
        self.is_serving.set()
        return time.monotonic() - before

    def kill_server(self):
        self.is_serving.clear()
        self.server.kill()

    def enter(self):
        for person in self.people:
            self.spawn(person.live())

    def spawn(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.ended)
        return task

    def ended(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.wrong(f"the harness failed: {task.exception()!r}")
            raise task.exception()

    async def leave(self):
        for person in self.people:
            person.may_live = False
        while self.tasks:  # what is cancelled just as it gets what it waits for goes on
            for task in self.tasks:
                task.cancel()
            await asyncio.wait(self.tasks, timeout=1)

    def remove(self):
        self.server.kill()
        self.history.close()
        self.postgres.remove()

    def last_words(self):
        if not self.server.log_path.exists():
            return ""
        return "".join(self.server.log_path.read_text(errors="replace").splitlines(True)[-5:])

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # What clients tell.

    def url(self, path):
        return f"ws://127.0.0.1:{self.port}{path}"

    def http(self, path):
        return f"http://127.0.0.1:{self.server.port}{path}"

    def wrong(self, what):
        self.violations.append(what)
        self.something_came()

    def something_came(self):
        self.changed.set()

    def acknowledged(self):
        self.counts["acknowledged"] += 1
        if self.acknowledged_at is None:
            self.acknowledged_at = time.monotonic()

    def told_to_wait(self, code):
        self.counts[f"told {code}"] += 1

    def refused_hello(self, person, error):
        self.counts[f"hello refused: {error.get('code')}"] += 1
        if error.get("code") not in ("unavailable", "overloaded", "too_many_connections"):
            self.wrong(f"{person.name} was turned away: {error}")

    def disconnected(self, person, why):
        self.counts[f"lost by {type(why).__name__}"] += 1

    # The script.

    def text(self, person):
        self.spoken += 1
        padding = "ä€😀 "[self.random.randrange(4)] * self.random.randrange(60)
        return f"{person.name} {self.spoken} {padding}"

    def burst(self):
        """Everybody says something at once."""
        people = self.people[:]
        self.random.shuffle(people)
        for person in people:
            if person.is_welcome.is_set() and len(person.unanswered) < 16:
                self.speak(person)
                person.flush()

    def speak(self, person):
        own = sorted(person.own)
        for conversation in own:
            for _ in range(self.random.randint(1, 2) if person.is_agent else 3):
                is_note = person.is_agent and self.random.random() < 0.3
                person.say("note" if is_note else "text", self.text(person), conversation)
        if not own and not person.is_agent and not person.unanswered:
            person.say("start", self.text(person))
        if person.said and self.random.random() < 0.3:
            person.repeat(self.random.choice(person.said[-200:]))
        if own and self.random.random() < 0.06:
            person.close(self.random.choice(own))

    def in_flight(self):
        return sum(person.in_flight() for person in self.people)

    async def until(self, reached, seconds):
        """False when it was not reached in time."""
        end = time.monotonic() + seconds
        while not reached():
            left = end - time.monotonic()
            if left <= 0 or self.violations:
                return False
            self.changed.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.changed.wait(), min(left, 1))
        return True

    def is_welcome(self):
        return all(person.is_welcome.is_set() for person in self.people)

    def is_answered(self):
        return self.is_welcome() and not any(p.sent or p.unanswered or p.commands
                                            for p in self.people)

    async def quiet(self):
        """Everything is answered, then everybody has what is stored; then it is judged."""
        if not await self.until(self.is_answered, QUIET_MAX):
            silent = {p.name: (p.is_welcome.is_set(), len(p.sent), len(p.unanswered))
                      for p in self.people if p.sent or p.unanswered or not p.is_welcome.is_set()}
            return self.wrong(f"not answered within {QUIET_MAX} s: {silent}")
        stored = await asyncio.to_thread(checks.Stored, self.postgres)
        await self.until(lambda: not any(checks.streams(self.people, stored)), QUIET_MAX)
        self.violations += checks.all_of(self.history, self.people, stored)

    async def read_afresh(self):
        """Every conversation from its first entry, by sockets that never resumed."""
        stored = await asyncio.to_thread(checks.Stored, self.postgres)
        readers = [self.reader_of(person) for person in self.people]
        for reader in readers:
            self.spawn(reader.live())
        if not await self.until(
            lambda: all(r.is_welcome.is_set() and not any(h.has_unread for h in r.held.values())
                        for r in readers), QUIET_MAX):
            return self.wrong("a fresh socket could not read everything")
        self.violations += [f"afresh: {what}" for what in checks.streams(readers, stored)]

    def reader_of(self, person):
        if person.is_agent:
            reader = Agent(self, f"{person.name} again", person.subprotocol, person.address,
                           person.login)
            reader.cookie = person.cookie
            return reader
        reader = Visitor(self, f"{person.name} again", person.subprotocol, person.address)
        reader.token = person.token
        for conversation in person.held:
            reader.expect(conversation)
        return reader
