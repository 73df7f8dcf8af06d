"""Asks the HTTP interface, and holds every answer against the document."""
import http.client
import json

from openapi import Document

PATIENCE = 60  # seconds until an answer is missed


class Answer:
    def __init__(self, status, fields, text):
        self.status = status
        self.fields = fields
        self.text = text
        self.body = json.loads(text) if text else None

    def __getitem__(self, name):
        return self.body[name]


class RestClient:
    """Knows which answers of which operations were seen: `seen` holds pairs (operation, status)."""

    def __init__(self, origin):
        self.origin = origin
        self.seen = set()
        self.connection = None
        self.document = Document(self.send("GET", "/v1/openapi.json").body)

    def send(self, method, target, text=None, fields=None):
        fields = dict(fields or {})
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    self.origin.removeprefix("http://"), timeout=PATIENCE)
            try:
                self.connection.request(method, target, data, fields)
                response = self.connection.getresponse()
                content = response.read().decode()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                if attempt == 2:
                    raise
        if response.getheader("Connection", "").lower() == "close":
            self.close()
        return Answer(response.status, response.headers, content)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def ask(self, operation_id, credential=None, path=None, query="", body=None, text=None,
            content_type="application/json", **fields):
        """An operation by its id. `credential`: a key, or a cookie."""
        method, template, operation = self.document.operations[operation_id]
        for name, value in (path or {}).items():
            template = template.replace("{" + name + "}", value)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if credential and credential.startswith("sbk_"):
            headers["Authorization"] = f"Bearer {credential}"
        elif credential:
            headers["Cookie"] = credential
        if text is None and body is not None:
            text = json.dumps(body)
        if text is not None:
            headers["Content-Type"] = content_type
        answer = self.send(method, template + ("?" + query if query else ""), text, headers)
        self.check(operation_id, operation, answer)
        return answer

    def check(self, operation_id, operation, answer):
        responses = self.document.responses(operation)
        what = f"{operation_id}: {answer.status} {answer.text[:300]}"
        assert answer.status in responses, f"not in the document: {what}"
        assert answer.fields["X-Request-Id"], what
        for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"):
            assert answer.fields[name].isdigit(), what
        for name, header in responses[answer.status].get("headers", {}).items():
            header = self.document.resolve(header)
            objection = self.document.objection(header["schema"], answer.fields[name], name)
            assert objection is None, f"{objection} in {what}"
        content = responses[answer.status].get("content", {})
        if not content:
            assert answer.body is None, what
        for media_type, each in content.items():
            assert answer.fields["Content-Type"].startswith(media_type), what
            objection = self.document.objection(each["schema"], answer.body)
            assert objection is None, f"{objection} in {what}"
        self.seen.add((operation_id, answer.status))

    def documented(self):
        return {(id, status) for id, (_, _, operation) in self.document.operations.items()
                for status in self.document.responses(operation)}
