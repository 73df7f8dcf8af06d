"""Part of rest_test.py: versions of things, and who wins when several change one at once."""
import concurrent.futures

from rest_client import RestClient

CHANGERS = 8
ROUNDS = 5
NEVER = '"0000000000000000"'  # no version of anything, but for one chance in 2^64


class Versions:
    """What is shown with an ETag, and how each change of it is asked for."""

    shown_by = {"changeAgent": "getAgent", "setLimits": "getAgent", "setTotalLimit": "getAgent",
                "changeGroup": "getGroup", "changeSite": "getSite", "changeSettings": "getSettings"}
    # The n-th change of each: no two are alike.
    bodies = {"changeAgent": lambda n: {"name": f"Agent {n}"}, "setLimits": lambda n: {"slots_max": 1 + n},
              "setTotalLimit": lambda n: {"total_max": 10 + n}, "changeGroup": lambda n: {"name": f"Group {n}"},
              "changeSite": lambda n: {"name": f"Site {n}"},
              "changeSettings": lambda n: {"close_after_seconds": 1000 + n}}

    def etag(self, operation):
        return self.ask(200, operation, self.ours.owner, self.things_of(self.ours)).fields["ETag"]

    def test_3_what_is_known_is_not_sent_again(self):
        for id, path, operation in self.operations(304):
            who = self.operator if id == "getTenant" else self.ours.owner
            things = self.things_of(self.ours)
            etag = self.ask(200, id, who, things).fields["ETag"]
            self.assertEqual(self.ask(304, id, who, things, If_None_Match=etag).fields["ETag"], etag)
            self.ask(200, id, who, things, If_None_Match=NEVER)
            self.ask(400, id, who, things, If_None_Match="no tag")

    def test_3_only_the_version_that_is_meant_is_changed(self):
        changes = {id for id, _, _ in self.operations(412)}
        self.assertEqual(changes, set(self.shown_by))
        for change in sorted(changes):
            things = self.things_of(self.ours)
            etag = self.etag(self.shown_by[change])
            late = self.ask(412, change, self.ours.owner, things, body=self.bodies[change](50), If_Match=NEVER)
            self.assertEqual(late["code"], "version_mismatch")
            self.assertEqual(self.etag(self.shown_by[change]), etag)
            done = self.ask(200, change, self.ours.owner, things, body=self.bodies[change](51), If_Match=etag)
            self.assertEqual(done.fields["ETag"], self.etag(self.shown_by[change]))
            self.assertNotEqual(done.fields["ETag"], etag)
            self.ask(412, change, self.ours.owner, things, body=self.bodies[change](52), If_Match=etag)
            self.ask(400, change, self.ours.owner, things, body=self.bodies[change](52), If_Match="no tag")

    def test_3_an_owner_made_anew_knows_the_versions_too(self):
        """What it reads from the database has the version of what it had in memory."""
        before = {change: self.etag(shown) for change, shown in self.shown_by.items()}
        self.restart()
        for change, shown in self.shown_by.items():
            self.assertEqual(self.etag(shown), before[change])
        for change, etag in before.items():
            etag = self.etag(self.shown_by[change])
            self.ask(200, change, self.ours.owner, self.things_of(self.ours), body=self.bodies[change](60),
                     If_Match=etag)

    def at_once(self, asked):
        """The answers to these requests (words for RestClient.ask), sent at the same time."""
        clients = [RestClient(self.client.origin) for _ in asked]
        things = self.things_of(self.ours)

        def send(client, request):
            id, body, fields = request
            return client.ask(id, self.ours.owner, things, body=body, **fields)
        with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
            answers = list(pool.map(send, clients, asked))
        for client in clients:
            client.close()
        return answers

    def test_3_of_many_who_change_the_same_version_one_wins(self):
        for change, shown in self.shown_by.items():
            for turn in range(ROUNDS):
                etag = self.etag(shown)
                first = 100 + 10 * turn if change != "setLimits" else 10 * turn
                asked = [(change, self.bodies[change](first + n), {"If_Match": etag}) for n in range(CHANGERS)]
                answers = self.at_once(asked)
                statuses = sorted(answer.status for answer in answers)
                self.assertEqual(statuses, [200] + [412] * (CHANGERS - 1), change)
                (winner,) = (answer for answer in answers if answer.status == 200)
                now = self.ask(200, shown, self.ours.owner, self.things_of(self.ours))
                self.assertEqual(now.body, winner.body, change)

    def test_3_changes_of_different_fields_take_nothing_back(self):
        for turn in range(ROUNDS):
            changes = [{"name": f"Turn {turn}"}, {"origins": [f"https://turn{turn}.example"]},
                       {"groups": [self.ours.group] if turn % 2 else []}]
            answers = self.at_once([("changeSite", body, {}) for body in changes])
            self.assertEqual([answer.status for answer in answers], [200] * len(changes))
            site = self.ask(200, "getSite", self.ours.owner, {"site": self.ours.site}).body
            for change in changes:
                self.assertEqual(site, {**site, **change})
        self.ask(200, "changeSite", self.ours.owner, {"site": self.ours.site},
                 body={"groups": [self.ours.group]})
