"""Part of rest_test.py: who asks too often."""
import pathlib

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/api.md"
AT_ONCE = 2  # requests, of a limit of one a second


class Limits:
    def test_8_who_asks_too_often_is_told_to_wait(self):
        self.restart(rest_requests_per_second=1)
        try:
            for id, path, operation in self.operations(429):
                who = None if id == "getDocument" else self.least
                answer = self.ask_until(429, id, who, self.things_of(self.ours), self.body_of(operation))
                self.assertEqual(answer["code"], "rate_limited")
            limited = len(list(self.operations(429)))
            self.assertGreaterEqual(self.metric('rate_limited_total{who="api"}'), limited)
        finally:
            self.restart()
        fields = ["Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
        lines = "\n".join(f"{name}: {answer.fields[name]}" for name in fields)
        self.assertIn(f"HTTP/1.1 429 Too Many Requests\n{lines}\n", DOCUMENT.read_text())

    def ask_until(self, status, id, who, things, body):
        for _ in range(100 * AT_ONCE):
            answer = self.client.ask(id, who, things, body=body)
            if answer.status == status:
                return answer
        self.fail(f"{id}: never {status}")

    def test_8_without_a_limit_nothing_is_said_of_one(self):
        self.restart(rest_requests_per_second=0)
        try:
            answer = self.client.send("GET", "/v1/openapi.json")
            self.assertEqual([name for name in answer.fields if name.startswith("RateLimit")], [])
        finally:
            self.restart()
