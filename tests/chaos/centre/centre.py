"""A contact centre as its operator makes it: by the command line, then by REST. Three groups, three
sites, twelve agents, a manager who watches."""
import asyncio
import pathlib
import sys
import time
import urllib.request

from .callers import Caller, Seated, Watcher
from .ledger import Desk, Ledger, Seat, Site
from harness.processes import free_port
from harness.world import World

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "contract"))
from rest_client import RestClient  # noqa: E402
from rest_world import PASSWORD, log_in  # noqa: E402

KEY = "centre"
KEY_NAME = "script"  # of the API key
GROUPS = ("sales", "support", "night")
# Who serves it, and per channel what happens when nobody is free, and how many may wait.
SITES = {
    "shop": (("sales",), {"chat": ("queue", 12), "messaging": ("queue", 5)}),
    "help": (("support",), {"chat": ("refuse", 10), "messaging": ("leave_message", 10)}),
    "post": (("night", "support"), {"chat": ("leave_message", 10), "messaging": ("queue", 10)}),
}
# Groups; per channel slots for new and for returning conversations, and seconds of wrap-up; the
# limit over all channels.
AGENTS = {
    "Ada": (("sales",), {"chat": (2, 3, 0)}, 0),
    "Bea": (("sales",), {"chat": (1, 2, 0)}, 0),
    "Cid": (("sales",), {"chat": (3, 4, 0), "messaging": (2, 2, 0)}, 4),
    "Dan": (("sales",), {"chat": (2, 2, 0), "messaging": (1, 2, 0)}, 0),
    "Eva": (("support",), {"chat": (2, 4, 0)}, 0),
    "Fay": (("support",), {"chat": (2, 3, 0), "messaging": (2, 3, 0)}, 3),
    "Gus": (("support",), {"chat": (2, 2, 3600)}, 0),
    "Hal": (("support",), {"messaging": (3, 3, 0)}, 0),
    "Ida": (("sales", "support"), {"chat": (2, 2, 0)}, 0),
    "Jan": (("support", "night"), {"chat": (2, 3, 0), "messaging": (2, 2, 0)}, 3),
    "Kim": (("night",), {"chat": (2, 3, 0), "messaging": (2, 2, 0)}, 0),
    "Leo": (("night",), {"chat": (1, 1, 0), "messaging": (1, 1, 0)}, 0),
}
SCOPES = ("configuration:read", "configuration:write", "live:read", "presence:write",
          "conversations:read", "conversations:close", "blocks:read", "blocks:write")


class Centre(World):
    key = KEY

    def populate(self, subprotocols, _):
        self.subprotocols = subprotocols
        self.ops_port = free_port()
        self.server.environment["SWITCHBOARD_OPS_PORT"] = str(self.ops_port)
        self.ledger = Ledger()
        self.people = []
        self.seated = {}  # by name
        self.keys = {}  # of sites, by name
        self.lives = 0  # of the server

    def prepare(self):
        self.postgres.run("createdb", "-h", self.postgres.folder, "-U", "switchboard",
                          "switchboard")
        self.server.run("migrate", "up")
        self.server.run("tenant", "create", "--key", KEY, "--name", "The Centre",
                        "--agent-origin", self.origin)
        self.server.run("agent", "create", "--tenant", KEY, "--login", "olga@centre.example",
                        "--name", "Olga", "--role", "account_owner", typed=PASSWORD + "\n")
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        self.api_key = self.server.run("key", "create", "--tenant", KEY, "--name", KEY_NAME,
                                       *scopes).strip()

    async def start(self, stop_at=None):
        self.lives += 1
        return await super().start(stop_at)

    def configure(self):
        """The rest, by REST, once the server is there."""
        self.rest = RestClient(self.origin)
        self.owner = log_in(self.origin, KEY, "olga@centre.example")
        groups = {name: self.ask("createGroup", 201, name=name)["id"] for name in GROUPS}
        for name, (served_by, rules) in SITES.items():
            made = self.ask("createSite", 201, name=name, origins=[self.origin],
                            groups=[groups[each] for each in served_by],
                            rules=[self.rule(channel, *rule) for channel, rule in rules.items()])
            self.keys[name] = made["key"]
            self.ledger.sites[made["key"]] = Site(made["key"], set(served_by), dict(rules))
        for number, (name, line) in enumerate(AGENTS.items(), 1):
            self.hire(number, name, line, groups)
        self.ask("createAgent", 201, login="max@centre.example", password=PASSWORD, name="Max",
                 role="manager")
        self.watcher = Watcher(self, "Max", self.subprotocols[1], "127.0.4.1", self.login("max"))
        self.people.append(self.watcher)

    def hire(self, number, name, line, groups):
        member_of, channels, total_max = line
        login = self.login(name.lower())
        made = self.ask("createAgent", 201, login=login["login"], password=PASSWORD, name=name,
                        role="agent", groups=[groups[each] for each in member_of])
        desk = Desk(name, number, set(member_of), total_max, id=made["id"])
        self.ledger.desks[name] = desk
        for channel, (slots_max, slots_hard_max, wrap_up) in channels.items():
            desk.seats[channel] = Seat(slots_max, slots_hard_max, wrap_up > 0)
            self.set_limits(desk, channel, slots_max, slots_hard_max, wrap_up)
        if total_max:
            self.ask("setTotalLimit", 200, {"agent": desk.id}, total_max=total_max)
        self.seated[name] = Seated(self, name, self.subprotocols[number % 2], f"127.0.3.{number}",
                                   login)

    @staticmethod
    def login(name):
        return {"tenant": KEY, "login": f"{name}@centre.example", "password": PASSWORD}

    @staticmethod
    def rule(channel, when, waiting_max, wait_max=0, then="close"):
        return {"channel": channel, "when_nobody_free": when, "waiting_max": waiting_max,
                "wait_max_seconds": wait_max, "when_waited_long": then}

    def ask(self, operation, status, path=None, credential=None, **body):
        takes_body = "requestBody" in self.rest.document.operations[operation][2]
        answer = self.rest.ask(operation, credential or self.owner, path,
                               body=body if takes_body else None)
        if answer.status != status:
            raise RuntimeError(f"{operation}: {answer.status} {answer.text}")
        return answer

    def set_limits(self, desk, channel, slots_max, slots_hard_max, wrap_up=0):
        self.ask("setLimits", 200, {"agent": desk.id, "channel": channel}, enabled=True,
                 slots_max=slots_max, slots_hard_max=slots_hard_max, wrap_up_seconds=wrap_up)

    def settings(self, **changed):
        self.ask("changeSettings", 200, **changed)

    def change_rule(self, site, channel, *rule):
        """All of the site's rules are said, one of them anew."""
        rules = [self.rule(each, *(rule if each == channel else said))
                 for each, said in self.ledger.sites[self.keys[site]].rules.items()]
        self.ask("changeSite", 200, {"site": self.keys[site]}, rules=rules)

    # What is asked of the server.

    def seek(self, operation, path=None, query="", credential=None):
        """With the key of the script unless said; whoever asks faster than it may waits as told."""
        while True:
            answer = self.rest.ask(operation, credential or self.api_key, path, query)
            if answer.status != 429:
                break
            time.sleep(float(answer.fields["Retry-After"]))
        if answer.status != 200:
            raise RuntimeError(f"{operation}: {answer.status} {answer.text}")
        return answer.body

    def all_of(self, operation, path=None, query=""):
        """Every page of a list."""
        found, cursor = [], ""
        while True:
            page = self.seek(operation, path, "&".join(filter(None, [query, "limit=100", cursor])))
            found += page["data"]
            if page["next_cursor"] is None:
                return found
            cursor = "cursor=" + page["next_cursor"]

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ops_port}/metrics", timeout=20) as told:
            lines = told.read().decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name.removeprefix("switchboard_"): float(value) for name, value in pairs}

    # Who comes and goes.

    def new_caller(self, number, site):
        address = f"127.0.{5 + number // 200}.{1 + number % 200}"
        return Caller(self, f"caller {number}", self.subprotocols[number % 2], address,
                      self.keys[site])

    async def kill(self, with_postgres):
        self.kill_server()
        if with_postgres:
            self.postgres.kill()
            await asyncio.to_thread(self.postgres.start)
        return await self.start()
