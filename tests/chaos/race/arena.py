"""A tenant of its own with two sites, two groups, fourteen agents and three managers, in which
everybody acts at once; and all that must hold of it afterwards."""
import asyncio
import json
import re
import sys
import urllib.request

from harness import checks
from . import promises, refusals, tally, witness
from harness.client import RETRYABLE
from harness.processes import free_port
from .racers import RacingAgent, RacingManager, RacingVisitor
from .replay import Replay
from .steps import Clock
from harness.world import PROJECT_TESTS, World

sys.path.insert(0, str(PROJECT_TESTS / "contract"))
from rest_client import RestClient  # noqa: E402

GRACE = 1  # seconds, of agents; time enough to come back, and short enough to stay away longer
SETTLE_MAX = 60
NORTH, SOUTH = "races-north", "races-south"

# The agents are in the first group, the second, or both; the managers in none, so that they get
# what they claim alone. What is not said of a site's channel is the rule of the code: all wait.
TENANT = """
WITH t AS (
  INSERT INTO tenant (public_id, name, tenant_key, agent_origins, agent_grace_s, visitor_grace_s,
                      confirm_within_s)
    VALUES (gen_random_uuid(), 'Races', 'races', ARRAY['{origin}'], {grace}, 2, 1)
  RETURNING tenant_id),
g AS (
  INSERT INTO agent_group (tenant_id, name)
    SELECT tenant_id, name FROM t, unnest(ARRAY['1', '2']) name
  RETURNING tenant_id, group_id, name),
s AS (
  INSERT INTO site (tenant_id, site_key, name, origins)
    SELECT tenant_id, key, key, ARRAY['{origin}'] FROM t, unnest(ARRAY['{north}', '{south}']) key
  RETURNING tenant_id, site_id, site_key),
sg AS (
  INSERT INTO site_group (tenant_id, site_id, group_id)
    SELECT s.tenant_id, site_id, group_id FROM s JOIN g ON (site_key = '{north}') = (g.name = '1')),
r AS (
  INSERT INTO site_rule (tenant_id, site_id, channel, when_nobody_free, waiting_max, wait_max_s,
                         when_waited_long)
    SELECT tenant_id, site_id, channel, what, most, 0, 1
      FROM s JOIN (VALUES {rules}) rule (key, channel, what, most) ON site_key = key),
a AS (
  INSERT INTO agent (tenant_id, public_id, login, password_hash, role, name)
    SELECT tenant_id, gen_random_uuid(), name || '@races.example',
           (SELECT min(password_hash) FROM agent), CASE WHEN name LIKE 'm%' THEN 5 ELSE 2 END, name
      FROM t, unnest(ARRAY[{names}]) name
  RETURNING tenant_id, agent_id, name),
m AS (
  INSERT INTO membership (tenant_id, group_id, agent_id)
    SELECT a.tenant_id, group_id, agent_id FROM a JOIN g
        ON a.name LIKE 'a%' AND substr(a.name, 2)::int % 3 IN (g.name::int, 0))
INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max, slots_hard_max)
  SELECT tenant_id, agent_id, channel, 2, 3 FROM a, unnest(ARRAY[1, 4]) channel
"""
WHAT = {"queue": 1, "refuse": 2, "leave_message": 3}  # WhenNobodyFree
SITE_RULES = {(NORTH, 1): ("queue", 6), (NORTH, 4): ("leave_message", 1000),
              (SOUTH, 1): ("refuse", 1000), (SOUTH, 4): ("queue", 1000)}


class Arena(World):
    key = "races"
    logins = tuple(f"a{n}" for n in range(14)) + ("m1", "m2", "m3")
    grace = GRACE

    def __init__(self, program, seed):
        self.seed = seed
        super().__init__(program, seed, visitors=23)
        self.managers = self.agents[-3:]
        self.managers[-1].is_silent = True
        self.ops = free_port()
        self.server.environment |= {"SWITCHBOARD_NODE_IO_THREADS": "4",
                                    "SWITCHBOARD_OPS_PORT": str(self.ops)}
        self.clock = Clock()
        self.deeds = []
        self.rows = None
        self.visitor_in = {}  # conversation -> its visitor
        self.blocks = []  # in force, as far as known
        self.being_limited = set()
        self.calm = None  # done once nobody acts any more

    def visitor(self, n):
        site = NORTH if n % 2 else SOUTH
        return RacingVisitor(self, f"visitor {n}", self.subprotocols[n // 2 % 2],
                             f"127.0.1.{n + 1}", site)

    def agent(self, n, name):
        kind = RacingManager if name.startswith("m") else RacingAgent
        return kind(self, name, self.subprotocols[n % 2], f"127.0.2.{n + 1}", self.login_of(name))

    def prepare(self):
        super().prepare()
        rules = ", ".join(f"('{key}', {channel}, {WHAT[what]}, {most})"
                          for (key, channel), (what, most) in SITE_RULES.items())
        self.postgres.execute(witness.TRIGGERS)
        self.postgres.execute(TENANT.format(
            origin=self.origin, north=NORTH, south=SOUTH, rules=rules, grace=GRACE,
            names=", ".join(f"'{name}'" for name in self.logins)))

    # What the racers tell and ask.

    def note(self, deed):
        self.deeds.append(deed)
        self.history.note(deed.by, deed.kind, "invoke", **deed.about)

    def told(self, deed):
        phase = "ok" if deed.code is None else "info" if deed.code in RETRYABLE else "fail"
        self.history.note(deed.by, deed.kind, phase, **deed.about, code=deed.code,
                          answer=deed.answer)
        if deed.kind == "block" and deed.is_done() and deed.answer["block"] not in self.blocks:
            self.blocks.append(deed.answer["block"])
        elif deed.kind == "lift" and deed.answered and deed.about["block"] in self.blocks:
            self.blocks.remove(deed.about["block"])
        self.something_came()

    def known_to_wait(self):
        return sorted({conversation for agent in self.agents for conversation in agent.queue})

    def block_to_lift(self):
        """Mostly the oldest, so that each lasts for a while; now and then one that another lifts
        at the same moment."""
        return self.random.choice(self.blocks[:2]) if self.blocks else None

    # The race.

    async def open(self):
        self.calm = asyncio.get_running_loop().create_future()
        self.enter()
        came = await self.until(lambda: self.has_ended() or self.is_welcome(), SETTLE_MAX)
        if self.violations:
            return
        if not came:
            raise RuntimeError("not everybody came in")
        for manager in self.managers:  # each asks one thing at a time, all at once
            manager.http = await asyncio.to_thread(RestClient, self.origin)

    async def race(self, seconds):
        loop = asyncio.get_running_loop()
        self.calm = loop.create_future()
        end = loop.time() + seconds

        def is_over():
            return self.has_ended() or loop.time() > end or bool(self.violations)

        await asyncio.gather(self.rush(is_over), *(each.act(is_over) for each in self.people))
        self.calm.set_result(None)

    def has_ended(self):
        """The server, which nobody kills here."""
        status = self.server.process.poll()
        if status is not None and not self.violations:
            self.wrong(f"the server ended with {status}")
        return status is not None

    async def rush(self, is_over):
        """Several go for the same conversation at the same moment, who is full among them."""
        while not is_over():
            await asyncio.sleep(self.random.uniform(0.02, 0.12))
            known = self.known_to_wait()
            if not known:
                continue
            conversation = self.random.choice(known)
            there = [agent for agent in self.agents if agent.is_welcome.is_set()]
            knows = [agent for agent in there if conversation in agent.queue]
            channel = next((agent.queue[conversation] for agent in knows), None)
            knows += [agent for agent in there if agent in self.managers and agent not in knows]
            chosen = self.random.sample(knows, min(4, len(knows)))
            for agent in sorted(chosen, key=lambda agent: not agent.is_full(channel)):
                agent.claim(conversation)

    async def settle(self):
        """Until everything is answered, whoever stayed away has come or is gone, and nothing is
        stored any more; then visitors have what is stored."""
        def is_still():
            return self.has_ended() or self.is_answered() and not any(m.is_asking for m in self.managers)
        if not await self.until(is_still, SETTLE_MAX):
            if not self.violations:
                self.wrong(f"not answered: {[p.name for p in self.people if p.sent]}")
            return
        head, since = None, 0
        end = asyncio.get_running_loop().time() + SETTLE_MAX
        while since < 4 and not self.violations:  # longer than a client may take to confirm
            now = await asyncio.to_thread(self.head)
            head, since = now, since + 1 if now == head else 0
            if asyncio.get_running_loop().time() > end:
                self.wrong("it does not come to rest")
            await asyncio.sleep(0.5)
        self.rows = await asyncio.to_thread(witness.read, self.postgres, self.tenant())

    def tenant(self):
        return int(self.postgres.execute("SELECT tenant_id FROM tenant WHERE tenant_key = 'races'"))

    def head(self):
        return self.postgres.execute("SELECT max(log_pos) FROM tenant_owner").strip()

    # What must hold.

    async def judge(self):
        replay = Replay(self.rows)
        sayings = self.sayings(replay)
        (self.folder / "rows.json").write_text(json.dumps(self.rows))
        for rule in promises.RULES:
            self.violations += rule(replay)
        for rule in refusals.RULES:
            self.violations += rule(sayings)
        stored = await asyncio.to_thread(checks.Stored, self.postgres)
        for found in (stored.broken_rules(are_limits_steady=False),
                      checks.durability(self.history, stored),
                      checks.no_phantoms(self.history, stored), checks.order(self.history, stored),
                      checks.streams(self.visitors, stored)):
            self.violations += found
        self.violations += await asyncio.to_thread(self.wrong_at_the_end)

    def counted(self):
        replay = Replay(self.rows)
        return tally.of_the_race(self, replay, self.sayings(replay))

    def sayings(self, replay):
        keys = {row["site_key"]: row["site_id"]
                for row in self.postgres.rows("SELECT site_key, site_id FROM site")}
        rules = {(keys[key], channel): rule for (key, channel), rule in SITE_RULES.items()}
        return refusals.Sayings(replay, self.clock, self.deeds, rules)

    def wrong_at_the_end(self):
        for name in ("stuck_total", "cap_refused_by_db_total", "diverged_total"):
            if self.metric(name) != 0:
                yield f"{name} is {self.metric(name)}"
        live = self.managers[0].http.ask("showLive", self.managers[0].cookie).body
        shown = {(line["agent"]["id"], each["channel"]): each
                 for line in live["agents"] for each in line["presence"]}
        yield from self.wrong_presence(shown)
        replay = Replay(self.rows)
        for waiting in live["queue"]:
            row = replay.conversations[replay.conversation_of[waiting["conversation"]]]
            for agent in replay.served[row["site_id"]]:
                presence = shown[replay.agents[agent]["public_id"], waiting["channel"]]
                if presence["status"] == "available" and not presence["reconnecting"]:
                    yield f"stuck: {waiting} waits beside {presence}"

    def wrong_presence(self, shown):
        """S7: what a watcher was last shown is what HTTP says, and what is stored."""
        stored = self.postgres.rows(
            "SELECT public_id, channel, status, reason, reconnecting, active, slots_max, intent,"
            " c.enabled FROM agent_channel c JOIN agent a USING (tenant_id, agent_id)"
            f" WHERE tenant_id = {self.tenant()} AND channel <> 0")
        for row in stored:
            name = {1: "chat", 4: "messaging"}[row["channel"]]
            http = shown[row["public_id"], name]
            if self.look(http) != self.look_of_row(row):
                yield f"S7: HTTP says {http}, stored is {row}"
            for manager in self.managers:
                key = (row["public_id"], f"CHANNEL_{name.upper()}")
                seen = manager.shown_presence.get(key)
                if not manager.is_silent and self.look_of_frame(seen) != self.look(http):
                    yield f"S7: {manager.name} was last shown {seen}, HTTP says {http}"

    @staticmethod
    def look(http):
        return (http["status"], http["reason"], http["reconnecting"], http["slots_used"],
                http["slots_max"], http["intent"], http["enabled"])

    @staticmethod
    def look_of_frame(frame):
        def word(value):
            return value.split("_", 1)[1].lower()
        return (word(frame["status"]), word(frame["reason"]), frame.get("reconnecting", False),
                frame.get("slotsUsed", 0), frame.get("slotsMax", 0), word(frame["wish"]["intent"]),
                frame.get("enabled", False))

    @staticmethod
    def look_of_row(row):
        status = ("available", "busy", "unavailable")[row["status"] - 1]
        reason = ("ready", "at_capacity", "total_capacity", "wrap_up", "not_enabled",
                  "not_connected", "away", "chosen", "set_by_manager", "missed_offer",
                  "unresponsive")[row["reason"] - 1]
        intent = ("available", "unavailable")[row["intent"] - 1]
        return (status, reason, row["reconnecting"], row["active"], row["slots_max"], intent,
                row["enabled"])

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ops}/metrics", timeout=20) as answer:
            text = answer.read().decode()
        found = re.search(rf"^switchboard_{name}(?:\{{[^}}]*\}})? ([0-9.e+]+)$", text, re.MULTILINE)
        return float(found[1]) if found else None
