#!/usr/bin/env python3
"""Requests made up from the document, right and wrong ones: no answer is a fault of the server, and
each is as the document says.

    rest_fuzz.py BINARY

SWITCHBOARD_FUZZ_SECONDS says for how long (10), SWITCHBOARD_FUZZ_SEED which (a new one).
"""
import collections
import json
import os
import random
import secrets
import sys
import time
import urllib.parse

from openapi import Inventor
from rest_client import RestClient
from rest_world import Tenant
from server import Server



def text_of(body, chance):
    """JSON, or now and then something that is nearly so."""
    text = json.dumps(body)
    at = chance.randrange(len(text) + 1)
    damage = chance.random()
    if damage < 0.02:
        return text[:at]
    if damage < 0.04:
        return text.encode()[:at] + bytes([chance.randrange(256)]) + text.encode()[at:]
    return text


class Fuzz:
    def __init__(self, client, operator, chance):
        self.client = client
        self.chance = chance
        tenants = [Tenant(client, operator, name) for name in ("ours", "theirs")]
        self.etags = collections.deque(maxlen=10)  # seen lately
        conversation, visitor = tenants[0].start_conversation()
        known = {"id": [conversation, visitor], "key": [], "etag": self.etags}
        for tenant in tenants:
            known["id"] += [tenant.id, tenant.agent, tenant.group]
            known["key"] += [tenant.site, tenant.name]
        scopes = client.document.document["components"]["schemas"]["Scope"]["enum"]
        self.credentials = [operator, tenants[0].owner, tenants[0].owner, tenants[0].owner,
                            tenants[1].owner, tenants[0].key(*scopes), tenants[0].key("live:read"),
                            None, "sbk_x"]
        self.inventor = Inventor(client.document, chance, known)
        self.statuses = collections.Counter()

    def ask(self):
        id = self.chance.choice(list(self.client.document.operations))
        _, _, operation = self.client.document.operations[id]
        path, query, fields = {}, {}, {}
        for parameter in self.client.document.parameters(operation):
            if not parameter.get("required") and self.chance.random() < 0.6:
                continue
            value = str(self.inventor.value(parameter["schema"]))
            quoted = urllib.parse.quote(value, safe="", errors="replace")
            if parameter["in"] == "path":
                path[parameter["name"]] = quoted or "x"
            elif parameter["in"] == "query":
                query[parameter["name"]] = value.encode("utf-8", "replace")
            elif value.isascii() and value.isprintable():
                fields[parameter["name"].replace("-", "_")] = value
        text = None
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            text = text_of(self.inventor.value(schema), self.chance)
        credential = self.chance.choice(self.credentials)
        asked = (id, credential, path, query, text)
        try:
            answer = self.client.ask(id, credential, path, urllib.parse.urlencode(query), text=text,
                                     **fields)
        except AssertionError as wrong:
            raise AssertionError(f"{wrong}\nasked: {asked}") from None
        assert answer.status < 500, f"{answer.status} {answer.text}\nasked: {asked}"
        self.statuses[answer.status] += 1
        if "ETag" in answer.fields:
            self.etags.append(answer.fields["ETag"])


def main():
    seconds = float(os.environ.get("SWITCHBOARD_FUZZ_SECONDS", "10"))
    seed = int(os.environ.get("SWITCHBOARD_FUZZ_SEED", secrets.randbits(32)))
    print(f"seed {seed}", flush=True)
    with Server(sys.argv[1]) as server:
        client = RestClient(server.origin)
        operator = server.command("key", "create", "--name", "operator").strip()
        fuzz = Fuzz(client, operator, random.Random(seed))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            fuzz.ask()
        assert server.process.poll() is None, "the server ended"
        print(f"{sum(fuzz.statuses.values())} requests: {dict(sorted(fuzz.statuses.items()))}")
        reached = {operation for operation, status in client.seen if status < 300}
        print(f"operations done: {len(reached)} of {len(client.document.operations)}")


if __name__ == "__main__":
    main()
