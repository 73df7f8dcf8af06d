"""A tenant with as many sites, groups and agents as a check wants, and people who use them."""
import asyncio
import base64
import collections
import contextlib
import os
import time
import uuid

from harness.client import LOST, Agent, Visitor
from harness.cutter import Cutter
from .watchers import Poller, Watcher
from harness.wire import Json
from harness.world import World

AGENT, MANAGER = 2, 5  # Role
CHAT = 1  # Channel
FIRST_ID = 1000  # of what is made here; the demo's are below
SETTLE_MAX = 30  # seconds until everybody is in his place

CHANGES = f"""
  SELECT public_id AS agent, p.pos, extract(epoch FROM at) AS at, reason, reconnecting
    FROM presence_change p JOIN agent USING (tenant_id, agent_id)
   WHERE channel = {CHAT} ORDER BY p.pos"""
ASSIGNMENTS = """
  SELECT pos, extract(epoch FROM pg_xact_commit_timestamp(xmin)) AS committed,
         extract(epoch FROM at) AS decided, body::json->>'agent' AS agent
    FROM entry WHERE kind = 3 AND body::json->>'code' = 'assigned' ORDER BY pos"""
CONVERSATIONS = """
  SELECT c.public_id, ticket, state, a.public_id AS agent,
         (SELECT count(*) FROM entry e WHERE e.tenant_id = c.tenant_id AND kind = 3
             AND e.conversation_id = c.conversation_id) AS system_lines
    FROM conversation c LEFT JOIN agent a USING (tenant_id, agent_id)"""


def is_lost_line(code):
    return code.startswith(("agent_lost_", "agent_left_", "agent_unresponsive_"))


class Sitter(Agent):
    """An agent who is there when he is told to, and comes back only then."""

    def __init__(self, world, name, account):
        super().__init__(world, name, world.json, world.address(), None)
        self.public_id, self.cookie = account
        self.confirms = True
        self.connection = None

    def confirm(self, conversation):
        if self.confirms:
            super().confirm(conversation)

    async def come(self):
        """Until he is welcome, with the session that he had, if any."""
        await self.drop()
        self.connection = self.world.spawn(self.connect_once())
        await asyncio.wait_for(self.is_welcome.wait(), SETTLE_MAX)

    async def connect_once(self):
        try:
            await self.connect()
        except LOST as why:
            self.world.disconnected(self, why)
        finally:
            self.forget_connection()

    async def drop(self):
        """Forgets the connection, which may seem to live."""
        if self.connection is not None:
            self.connection.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.connection

    def another_tab(self):
        return Sitter(self.world, f"{self.name}'s other tab", (self.public_id, self.cookie))


class Talker(Visitor):
    """A visitor who notes when he was told what became of his agent."""

    def __init__(self, world, name, site):
        super().__init__(world, name, world.json, world.address())
        self.site = site
        self.lines = []  # (time, code) of what the system told him
        self.heard = asyncio.Event()

    def path(self):
        return f"/v1/sites/{self.site}/socket"

    def shown(self, entry):
        super().shown(entry)
        if "system" in entry:
            self.lines.append((time.monotonic(), entry["system"]["code"]))
            self.heard.set()

    def begin_talk(self):
        self.say("start", f"{self.name} is here")
        self.flush()

    async def start(self):
        """Until he has an agent; the id of the conversation."""
        await asyncio.wait_for(self.is_welcome.wait(), SETTLE_MAX)
        begin = time.monotonic()
        self.begin_talk()
        if await self.told(lambda code: code == "joined", begin, begin + SETTLE_MAX) is None:
            raise RuntimeError(f"{self.name} got no agent")
        return next(iter(self.own))

    def lines_since(self, begin):
        return [(at, code) for at, code in self.lines if at >= begin]

    async def told(self, fits, begin, until):
        """When he was first told so since then, or never."""
        while True:
            for at, code in self.lines_since(begin):
                if fits(code):
                    return at
            self.heard.clear()
            left = until - time.monotonic()
            if left <= 0:
                return None
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.heard.wait(), left)


class Office(World):
    """Starts empty: hire and open sites between prepare() and open_doors()."""

    def __init__(self, program, seed, grace):
        super().__init__(program, seed, visitors=0)
        self.people = []  # the demo's agents stay at home
        self.grace = grace  # seconds
        self.json = Json()
        self.cutter = Cutter(self.server.port, self.random)
        self.numbers = collections.Counter()
        self.statements = []

    def prepare(self, tenant_grace=None):
        """`tenant_grace` instead of the grace time that is expected: to see that it is noticed."""
        super().prepare()
        self.tenant = self.postgres.rows("SELECT tenant_id FROM tenant")[0]["tenant_id"]
        self.postgres.execute(f"UPDATE tenant SET agent_grace_s = {tenant_grace or self.grace}")
        self.watcher = Watcher(self, "watcher", self.json, self.address(),
                               self.hire("watcher", role=MANAGER)[1])
        self.poller = Poller(self, self.hire("poller", role=MANAGER)[1])

    # Who works where.

    def number(self, kind):
        self.numbers[kind] += 1
        return FIRST_ID + self.numbers[kind]

    def address(self):
        """One that nobody else has, so that the cutter knows who is who."""
        self.numbers["address"] += 1
        return f"127.1.{self.numbers['address'] // 250}.{self.numbers['address'] % 250 + 1}"

    def group(self, name):
        number = self.number("group")
        self.store("agent_group (tenant_id, group_id, name)", number, name)
        return number

    def site(self, name, groups):
        """Its key."""
        number, key = self.number("site"), name.replace(" ", "-")
        origins = "{%s}" % self.origin
        self.store("site (tenant_id, site_id, site_key, name, origins)", number, key, name, origins)
        for group in groups:
            self.store("site_group (tenant_id, site_id, group_id)", number, group)
        return key

    def hire(self, name, group=None, slots=None, role=AGENT):
        """The public id, and the cookie of a login."""
        number, public_id = self.number("agent"), str(uuid.uuid4())
        token = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        self.store("agent (tenant_id, agent_id, public_id, login, password_hash, role, name)",
                   number, public_id, f"{number}@office.example", "", role, name)
        if slots is not None:
            self.store("agent_channel (tenant_id, agent_id, channel, slots_max, slots_hard_max)",
                       number, CHAT, slots, slots)
        if group is not None:
            self.store("membership (tenant_id, group_id, agent_id)", group, number)
        self.statements.append(
            "INSERT INTO login_session (tenant_id, token_sha256, agent_id, created_at, seen_at)"
            f" VALUES ({self.tenant}, sha256('{token}'::bytea), {number}, now(), now())")
        return public_id, f"__Host-switchboard={token}"

    def store(self, where, *values):
        row = ", ".join(str(v) if isinstance(v, int) else f"'{v}'" for v in (self.tenant, *values))
        self.statements.append(f"INSERT INTO {where} VALUES ({row})")

    async def open_doors(self):
        """The server runs and is watched."""
        self.postgres.execute(";".join(self.statements))
        self.port = await self.cutter.start()
        await self.start()
        self.spawn(self.watcher.live())
        self.spawn(self.poller.live())
        await asyncio.wait_for(self.watcher.is_watching.wait(), SETTLE_MAX)

    def watchers(self):
        return {"watcher": self.watcher.sightings, "REST": self.poller.sightings}

    def stored(self):
        return Stored(self.postgres)


class Stored:
    """What the database tells of all that happened, in the time of this process."""

    def __init__(self, postgres):
        self.epoch = time.time() - time.monotonic()
        self.changes = collections.defaultdict(list)
        for row in postgres.rows(CHANGES):
            row["at"] -= self.epoch
            self.changes[row["agent"]].append(row)
        self.assignments = collections.defaultdict(list)  # agent -> (pos, committed, decided)
        for row in postgres.rows(ASSIGNMENTS):
            self.assignments[row["agent"]].append(
                (row["pos"], row["committed"] - self.epoch, row["decided"] - self.epoch))
        self.conversations = {row["public_id"]: row for row in postgres.rows(CONVERSATIONS)}

    def changes_since(self, agent, begin):
        return [row for row in self.changes[agent] if row["at"] >= begin]
