#!/usr/bin/env python3
"""The HTTP interface as others see it: each operation of the document is brought to each answer that
the document gives it, against the real program. The last lines say which were reached.

    rest_test.py BINARY [unittest's arguments]
"""
import asyncio
import sys
import unittest
import urllib.request

from rest_client import RestClient
from rest_limits import Limits
from rest_stuck import NeverStuck
from rest_versions import Versions
from rest_world import PASSWORD, UNKNOWN, Tenant, log_in
from server import Server

SERVER = None
CLIENT = None


class Everything(Versions, Limits, NeverStuck, unittest.TestCase):
    """In the order of the names: the last one takes the database away."""

    @classmethod
    def setUpClass(cls):
        cls.client, cls.server = CLIENT, SERVER
        cls.operator = SERVER.command("key", "create", "--name", "operator").strip()
        cls.ours = Tenant(CLIENT, cls.operator, "ours")
        cls.theirs = Tenant(CLIENT, cls.operator, "theirs")
        cls.least = cls.ours.key("blocks:read")
        cls.less = cls.ours.key("live:read")
        cls.conversation, cls.visitor = cls.ours.start_conversation()

    def things_of(self, tenant):
        """Values for the parameters of paths."""
        return {"tenant": tenant.id, "agent": tenant.agent, "group": tenant.group, "site": tenant.site,
                "channel": "chat", "conversation": self.conversation, "block": UNKNOWN, "key": UNKNOWN}

    def ask(self, status, operation, *rest, **named):
        answer = self.client.ask(operation, *rest, **named)
        self.assertEqual(answer.status, status, f"{operation}: {answer.text}")
        return answer

    def restart(self, **limits):
        """With other limits than those of all tests."""
        usual = dict(SERVER.environment)
        for name, value in limits.items():
            SERVER.environment[f"SWITCHBOARD_LIMITS_{name.upper()}"] = str(value)
        SERVER.kill()
        SERVER.start()
        SERVER.environment = usual

    @staticmethod
    def metric(name):
        port = SERVER.environment["SWITCHBOARD_OPS_PORT"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as metrics:
            for line in metrics.read().decode().splitlines():
                if line.startswith(f"switchboard_{name} "):
                    return float(line.split()[-1])
        return 0

    def operations(self, wanted=None):
        for id, (_, path, operation) in self.client.document.operations.items():
            if wanted is None or wanted in self.client.document.responses(operation):
                yield id, path, operation

    def body_of(self, operation):
        return {} if "requestBody" in operation else None

    def test_1_each_is_done(self):
        ours, owner = self.ours, self.ours.owner
        self.ask(200, "listTenants", self.operator)
        self.ask(200, "getTenant", self.operator, {"tenant": ours.id})
        self.ask(200, "listAgents", owner)
        self.ask(200, "getAgent", owner, {"agent": ours.agent})
        agent = self.ask(200, "changeAgent", owner, {"agent": ours.agent}, body={"name": "Ann"})
        self.assertEqual(agent["name"], "Ann")
        self.assertEqual(agent["channels"][0]["slots_max"], 2)
        agent = self.ask(200, "setTotalLimit", owner, {"agent": ours.agent}, body={"total_max": 3})
        self.assertEqual(agent["total_max"], 3)
        self.ask(204, "setPresence", owner, {"agent": ours.agent},
                 body={"intent": "unavailable", "text": "lunch"})
        live = self.ask(200, "showLive", owner)
        lunch = [each for each in live["agents"] if each["agent"]["id"] == ours.agent]
        self.assertEqual(lunch[0]["presence"][0]["intent"], "unavailable")
        self.assertEqual([each["conversation"] for each in live["queue"]], [self.conversation])
        self.ask(200, "listGroups", owner)
        self.ask(200, "getGroup", owner, {"group": ours.group})
        self.ask(200, "changeGroup", owner, {"group": ours.group}, body={"name": "Sales"})
        self.ask(200, "listSites", owner)
        self.ask(200, "getSite", owner, {"site": ours.site})
        rule = {"channel": "chat", "when_nobody_free": "queue", "waiting_max": 5,
                "wait_max_seconds": 0, "when_waited_long": "close"}
        site = self.ask(200, "changeSite", owner, {"site": ours.site}, body={"rules": [rule]})
        self.assertEqual(site["rules"], [rule])
        self.assertEqual(self.availability(ours, owner), {"chat": "queue", "messaging": "queue"})
        self.ask(200, "getSettings", owner)
        changed = self.ask(200, "changeSettings", owner, body={"agent_grace_seconds": 7})
        self.assertEqual(self.ask(200, "getSettings", owner).body, changed.body)
        listed = self.ask(200, "listConversations", owner, query=f"state=queued&site={ours.site}")
        self.assertEqual([each["id"] for each in listed["data"]], [self.conversation])
        entries = self.ask(200, "listEntries", owner, {"conversation": self.conversation})
        self.assertEqual(entries["data"][0]["body"], ours.canary)
        self.ask(204, "closeConversation", owner, {"conversation": self.conversation}, body={})
        closed = self.ask(200, "getConversation", owner, {"conversation": self.conversation})
        self.assertEqual((closed["state"], closed["close_reason"]), ("closed", "manager"))
        self.assertEqual((closed["form"], closed["rating"]), (None, None))
        self.ours.rate(self.conversation, stars=4, comment="Quick!")
        rated = self.ask(200, "getConversation", owner, {"conversation": self.conversation})
        self.assertEqual((rated["rating"]["stars"], rated["rating"]["comment"]), (4, "Quick!"))
        block = self.ask(201, "createBlock", owner, body={"visitor": self.visitor, "reason": "spam"})
        listed = self.ask(200, "listBlocks", owner)
        self.assertEqual([each["id"] for each in listed["data"]], [block["id"]])
        by = self.ask(200, "getAgent", owner, {"agent": listed["data"][0]["by"]["id"]})
        self.assertEqual(by["login"], "owner@ours.example")
        self.assertEqual(listed["data"][0]["hits"], 0)
        self.assertEqual(self.ours.start_again(), "nobody_available")
        self.assertEqual(self.ask(200, "getBlock", owner, {"block": block["id"]})["hits"], 1)
        self.ask(204, "liftBlock", owner, {"block": block["id"]})
        self.assertEqual(self.ask(200, "listBlocks", owner)["data"], [])
        self.assertEqual(len(self.ask(200, "listBlocks", owner, query="lifted=true")["data"]), 1)
        made = self.ours.make("createKey", name="short-lived", scopes=["live:read"])
        self.ask(200, "showLive", made["secret"])
        self.ask(200, "listKeys", owner)
        self.ask(204, "revokeKey", owner, {"key": made["key"]["id"]})
        self.ask(401, "showLive", made["secret"])

    def availability(self, tenant, who, query=""):
        data = self.ask(200, "showAvailability", who, {"site": tenant.site}, query=query)["data"]
        return {each["channel"]: each["availability"] for each in data}

    def test_2_a_sites_server_knows_whether_somebody_can_serve_now(self):
        theirs, key = self.theirs, self.theirs.key("availability:read")
        site = {"site": theirs.site}
        self.ask(403, "showLive", key)
        self.assertEqual(self.availability(theirs, key), {"chat": "queue", "messaging": "queue"})

        async def meanwhile():
            desk = await theirs.open_desk()
            found = self.availability(theirs, key), self.availability(theirs, key, "channel=chat")
            await desk.close()
            return found
        self.assertEqual(asyncio.run(meanwhile()),
                         ({"chat": "yes", "messaging": "queue"}, {"chat": "yes"}))
        refuse = {"channel": "messaging", "when_nobody_free": "refuse", "waiting_max": 5,
                  "wait_max_seconds": 0, "when_waited_long": "close"}
        self.ask(200, "changeSite", theirs.owner, site, body={"rules": [refuse]})
        self.assertEqual(self.availability(theirs, key, "channel=messaging"), {"messaging": "no"})
        self.ask(400, "showAvailability", key, site, query="channel=call")

    def test_2_an_agent_logs_in_until_he_may_not(self):
        agent = self.ours.make("createAgent", login="brief@ours.example", password="correct horse",
                               name="Brief", role="agent")["id"]
        cookie = log_in(self.client.origin, "ours", "brief@ours.example")
        self.ask(200, "listConversations", cookie)
        self.ask(403, "listAgents", cookie)
        self.ask(200, "changeAgent", self.ours.owner, {"agent": agent}, body={"enabled": False})
        self.ask(401, "listConversations", cookie)

    def test_2_the_end_of_his_logins_closes_an_agents_socket(self):
        theirs = self.theirs

        async def close_code_after(change):
            desk = await theirs.open_desk()
            await asyncio.to_thread(self.ask, 200, "changeAgent", theirs.owner,
                                    {"agent": theirs.agent}, body=change)
            return await desk.closed()
        for change in ({"role": "manager"}, {"role": "agent"}, {"password": PASSWORD},
                       {"enabled": False}):
            self.assertEqual(asyncio.run(close_code_after(change)), 4500, change)
        self.ask(200, "changeAgent", theirs.owner, {"agent": theirs.agent}, body={"enabled": True})

    def test_3_a_request_made_again_makes_nothing_new(self):
        for operation, body in [("createAgent", {"login": "once@ours.example", "name": "O", "role": "agent"}),
                                ("createGroup", {"name": "Once"}), ("createSite", {"name": "Once"})]:
            once = self.ask(201, operation, self.ours.owner, body=body, Idempotency_Key="once")
            again = self.ask(201, operation, self.ours.owner, body=body, Idempotency_Key="once")
            self.assertEqual(again.body, once.body)
            self.assertEqual(again.fields["Idempotent-Replayed"], "true")
            other = {**body, "name": "Other"}
            self.ask(409, operation, self.ours.owner, body=other, Idempotency_Key="once")
        key = {"name": "Once", "scopes": ["live:read"]}
        self.ask(201, "createKey", self.ours.owner, body=key, Idempotency_Key="once")
        self.ask(409, "createKey", self.ours.owner, body={**key, "name": "Other"}, Idempotency_Key="once")
        self.make_a_block_again()
        taken = {"key": "ours", "name": "x", "owner": {"login": "x", "password": "correct horse", "name": "x"}}
        self.ask(409, "createTenant", self.operator, body=taken)
        self.ask(409, "createAgent", self.ours.owner,
                 body={"login": "owner@ours.example", "name": "O", "role": "agent"})
        self.ask(409, "changeAgent", self.ours.owner, {"agent": self.ours.agent},
                 body={"login": "owner@ours.example"})
        self.ask(409, "closeConversation", self.ours.owner, {"conversation": self.conversation}, body={})

    def make_a_block_again(self):
        owner, named = self.ours.owner, {"Idempotency_Key": "once"}
        _, other = self.ours.start_conversation()
        body = {"visitor": self.visitor, "reason": "spam"}
        block = self.ask(201, "createBlock", owner, body=body, **named)
        conflict = self.ask(409, "createBlock", owner, body={**body, "visitor": other}, **named)
        self.assertEqual(conflict["code"], "id_conflict")
        present = self.ask(200, "listBlocks", owner)["data"]
        self.assertEqual([each["visitor"]["id"] for each in present], [self.visitor])
        self.assertEqual(self.ask(201, "createBlock", owner, body=body, Idempotency_Key="twice").body, block.body)
        self.ask(204, "liftBlock", owner, {"block": block["id"]})
        for key in ("once", "twice"):
            again = self.ask(201, "createBlock", owner, body=body, Idempotency_Key=key)
            self.assertEqual(again.body, block.body)
            self.assertEqual(again.fields["Idempotent-Replayed"], "true")
        self.assertEqual(self.ask(200, "listBlocks", owner)["data"], [])

    def test_4_what_is_malformed_is_refused(self):
        things = self.things_of(self.ours)
        for id, path, operation in self.operations(400):
            owner = self.operator if "enant" in id else self.ours.owner
            answer = self.ask(400, id, owner, things, query="nonsense=1", body=self.body_of(operation))
            self.assertEqual(answer["code"], "invalid")
        for id, path, operation in self.operations(415):
            owner = self.operator if "enant" in id else self.ours.owner
            self.ask(415, id, owner, things, text="{}", content_type="text/plain")
            self.ask(413, id, owner, things, text='{"name":"' + "x" * 70_000 + '"}')

    def test_5_who_may_not_is_refused(self):
        things = self.things_of(self.ours)
        for id, path, operation in self.operations(401):
            body = self.body_of(operation)
            self.ask(401, id, None, things, body=body)
            self.ask(401, id, "sbk_" + "0" * 32 + "_" + "A" * 43, things, body=body)
            self.ask(403, id, self.less if id in ("listBlocks", "getBlock") else self.least, things, body=body)

    def test_6_what_is_not_there_is_not_found(self):
        nobody = {name: UNKNOWN for name in ("tenant", "agent", "group", "conversation", "block", "key")}
        nobody |= {"site": "nobody", "channel": "chat"}
        for id, body in self.good_bodies():
            owner = self.operator if id == "getTenant" else self.ours.owner
            self.ask(404, id, owner, nobody, body=body)
        unknown = [UNKNOWN]
        self.ask(404, "createAgent", self.ours.owner,
                 body={"login": "g@ours.example", "name": "G", "role": "agent", "groups": unknown})
        self.ask(404, "createSite", self.ours.owner, body={"name": "G", "groups": unknown})
        self.ask(404, "createBlock", self.ours.owner, body={"visitor": UNKNOWN})
        self.ask(404, "listConversations", self.ours.owner, query=f"agent={UNKNOWN}")

    def test_7_another_tenants_things_are_not_there(self):
        for id, body in self.good_bodies():
            if id in ("getTenant", "liftBlock", "revokeKey"):
                continue
            answer = self.ask(404, id, self.theirs.owner, self.things_of(self.ours), body=body)
            self.assertNotIn("ours", answer.text)
        self.ask(404, "createBlock", self.theirs.owner, body={"visitor": self.visitor})
        self.ask(404, "listConversations", self.theirs.owner, query=f"site={self.ours.site}")
        for id in ("listAgents", "listGroups", "listSites", "listConversations", "listKeys", "showLive"):
            self.assertNotIn(self.ours.canary, self.ask(200, id, self.theirs.owner).text)

    def good_bodies(self):
        """Of the operations on one thing: what could be done to it."""
        bodies = {"changeAgent": {"name": "x"}, "setLimits": {"slots_max": 1},
                  "setTotalLimit": {"total_max": 1}, "setPresence": {"intent": "available"},
                  "changeGroup": {"name": "x"}, "changeSite": {"name": "x"}, "closeConversation": {}}
        return [(id, bodies.get(id)) for id, path, _ in self.operations(404) if "{" in path]

    def test_8_the_first_of_each_come_from_the_command_line(self):
        password = SERVER.folder / "password"
        password.write_text(f"{PASSWORD}\n")
        SERVER.command("tenant", "create", "--key", "shell", "--name", "Shell")
        olga = ["agent", "create", "--tenant", "shell", "--login", "olga@shell.example", "--name", "Olga",
                "--role", "account_owner", "--password-file", password]
        SERVER.command(*olga)
        cookie = log_in(self.client.origin, "shell", "olga@shell.example")
        agents = self.ask(200, "listAgents", cookie)["data"]
        self.assertEqual([each["role"] for each in agents], ["account_owner"])
        key = SERVER.command("key", "create", "--tenant", "shell", "--name", "x", "--scope", "live:read")
        self.ask(200, "showLive", key.strip())
        password.write_text("short\n")
        for wrong in (olga, ["tenant", "create", "--key", "shell", "--name", "Again"],
                      ["tenant", "create", "--key", "Bad Key", "--name", "x"],
                      ["key", "create", "--tenant", "shell", "--name", "x"],
                      ["key", "create", "--tenant", "nobody", "--name", "x", "--scope", "live:read"]):
            with self.assertRaises(RuntimeError):
                SERVER.command(*wrong)

    def test_8_o4_config_check_names_the_setting_that_is_wrong(self):
        self.assertEqual(SERVER.command("config", "check"), "ok\n")
        with self.assertRaisesRegex(RuntimeError, "http.port"):
            SERVER.command("config", "check", "--http.port", "70000")
        with self.assertRaisesRegex(RuntimeError, "/nowhere.toml"):
            SERVER.command("config", "check", "--config", "/nowhere.toml")

    def test_9_without_its_database_it_says_so(self):
        postgres = SERVER.postgres
        postgres.sql(f"ALTER DATABASE {postgres.name} ALLOW_CONNECTIONS false")
        postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     f" WHERE datname = '{postgres.name}'")
        for id, path, operation in self.operations(503):
            answer = self.ask(503, id, self.least, self.things_of(self.ours), body=self.body_of(operation))
            self.assertEqual(answer["code"], "unavailable")
        self.ask(200, "getDocument")


def main():
    global SERVER, CLIENT
    with Server(sys.argv.pop(1)) as SERVER:
        CLIENT = RestClient(SERVER.origin)
        result = unittest.main(exit=False).result
        documented = CLIENT.documented()
        missed = sorted(documented - CLIENT.seen)
        print(f"answers of the document reached: {len(documented) - len(missed)} of {len(documented)}")
        for operation, status in missed:
            print(f"  not reached: {operation} {status}")
    sys.exit(0 if result.wasSuccessful() and not missed else 1)


if __name__ == "__main__":
    main()
