"""Part of rest_test.py: what must never be so, made in the database since it cannot happen, is
reported by the live server."""
import time

from client import PATIENCE


class NeverStuck:
    def test_8_a_claim_without_its_conversation_is_reported(self):
        planted = ("FROM conversation c JOIN agent a USING (tenant_id)"
                   f" WHERE c.public_id = '{self.conversation}' AND a.public_id = '{self.ours.agent}'")
        self.with_planted(
            "INSERT INTO claim (tenant_id, claim_id, agent_id, conversation_id, active_pos, channel)"
            f" SELECT c.tenant_id, c.conversation_id, a.agent_id, c.conversation_id, 1, 1 {planted}",
            "uses other slots than he has claims; agent ", "channel 1: enabled 1, used 1 of ",
            ", holds, wrap-ups}")
        self.server.postgres.sql("DELETE FROM claim WHERE (tenant_id, conversation_id) IN"
                                 f" (SELECT c.tenant_id, c.conversation_id {planted})", inside=True)
        self.restart()

    def with_planted(self, sql, *words):
        self.assertEqual(self.metric("stuck_total"), 0)
        self.server.kill()
        self.server.postgres.sql(sql, inside=True)
        self.server.start()
        self.ask(200, "changeAgent", self.ours.owner, {"agent": self.ours.agent}, body={"name": "Stuck"})
        self.await_it(self.reported)
        reported = self.reported()
        self.assertEqual(len(reported), 1)
        for word in words:
            self.assertIn(word, reported[0])
        self.await_it(lambda: self.metric("stuck_total") == 1)

    def reported(self):
        return [line for line in self.server.log.read_text().splitlines() if "stuck at tenant" in line]

    def await_it(self, has_come):
        end = time.monotonic() + PATIENCE
        while not has_come():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
