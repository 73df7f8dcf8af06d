#!/usr/bin/env python3
"""The desk as others see it: docs/desk.md held against the real program, from outside.

    desk_test.py BINARY [unittest's arguments]
"""
import json
import logging
import pathlib
import re
import sys
import unittest

from client import Client, Refused, log_in, post, uuid7
from rest_client import RestClient
from server import Server

ORIGIN = ""  # of the server that all tests share
DOCUMENTS = pathlib.Path(__file__).resolve().parents[2] / "docs"


class DeskTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.clients = []

    async def asyncTearDown(self):
        for client in self.clients:
            await client.close()

    async def visitor(self, **hello):
        self.clients.append(await Client.visitor(ORIGIN, **hello))
        return self.clients[-1]

    async def agent(self, name="anna", **hello):
        cookie = log_in(ORIGIN, f"{name}@demo.example")
        self.clients.append(await Client.agent(ORIGIN, cookie, **hello))
        self.clients[-1].cookie = cookie
        return self.clients[-1]

    async def manager(self):
        return await self.agent("mia")

    async def start(self, visitor, text="Is this in stock?"):
        stored = await visitor.ask(
            "start", {"channel": "CHANNEL_CHAT", "clientMsgId": uuid7(), "text": text}, "stored")
        return stored["conversationId"]

    async def refused(self, code, awaitable):
        with self.assertRaises(Refused) as caught:
            await awaitable
        self.assertEqual(caught.exception.code, code)
        return caught.exception


class Presence(DeskTest):
    async def test_is_wanted_by_the_agent_and_computed_by_the_server(self):
        agent, manager = await self.agent(), await self.manager()
        live = await manager.ask("watch", {"agents": True}, "live")
        anna = next(line for line in live["agents"] if line["agent"]["name"] == "Anna")
        known = {each["channel"]: each for each in anna["presence"]}
        self.assertEqual(known["CHANNEL_CHAT"]["status"], "STATUS_AVAILABLE")
        self.assertEqual(known["CHANNEL_CHAT"]["reason"], "REASON_READY")

        await agent.ask("setPresence", {"channel": "CHANNEL_CHAT", "intent": "INTENT_UNAVAILABLE",
                                        "text": "lunch"}, "done")
        red = await manager.event("presence", lambda each: each["status"] == "STATUS_UNAVAILABLE")
        self.assertEqual((red["reason"], red["wish"]["text"]), ("REASON_CHOSEN", "lunch"))
        self.assertGreater(int(red["version"]), int(known["CHANNEL_CHAT"]["version"]))
        await manager.ask("setPresence", {"agentId": red["agentId"], "intent": "INTENT_AVAILABLE"},
                          "done")
        await agent.event("presence", lambda each: each["status"] == "STATUS_AVAILABLE"
                          and int(each["version"]) > int(red["version"]))
        await self.refused("forbidden", agent.ask("watch", {"agents": True}, "live"))
        await self.refused("invalid", agent.ask("setPresence", {"channel": "CHANNEL_SMOKE",
                                                                "intent": 1}, "done"))

    async def test_ends_at_once_with_a_logout(self):
        agent, manager = await self.agent("ben"), await self.manager()
        await manager.ask("watch", {"agents": True}, "live")
        me = agent.welcome["self"]["id"]
        self.assertEqual(post(ORIGIN, "/v1/logout", {}, agent.cookie)[0], 204)
        self.assertEqual(await agent.closed(), 4500)
        red = await manager.event("presence", lambda each: each["agentId"] == me
                                  and each["status"] == "STATUS_UNAVAILABLE")
        self.assertEqual(red["reason"], "REASON_NOT_CONNECTED")

    async def test_is_red_when_nobody_sits_there(self):
        agent = await self.agent("ben")
        await agent.ask("setAway", {"away": True}, "done")
        await agent.event("presence", lambda each: each["reason"] == "REASON_AWAY")
        await agent.ask("setAway", {}, "done")
        await agent.event("presence", lambda each: each["reason"] == "REASON_READY")


class Queue(DeskTest):
    async def test_is_watched_and_what_waits_is_taken_by_one(self):
        anna, ben = await self.agent(), await self.agent("ben")
        for agent in (anna, ben):
            await agent.ask("setPresence", {"intent": "INTENT_UNAVAILABLE"}, "done")
        await ben.ask("watch", {"queue": True}, "live")
        visitor = await self.visitor(name="Vera")
        self.assertTrue(visitor.welcome["availability"])
        id = await self.start(visitor)
        await visitor.event("queuePlace", lambda each: each["position"] == 1)
        waiting = await ben.event("summary", lambda each: each["conversationId"] == id)
        self.assertEqual(waiting["state"], "CONVERSATION_STATE_QUEUED")
        self.assertNotIn("agent", waiting)
        await ben.ask("claim", {"conversationId": id}, "done")
        error = await self.refused("already_taken", anna.ask("claim", {"conversationId": id}, "done"))
        self.assertEqual(error.args[0]["takenBy"]["name"], "Ben")
        joined = await visitor.entry(system="joined")
        self.assertEqual(joined["system"]["parameters"]["name"], "Ben")
        await ben.ask("setInactive", {"conversationId": id}, "done")
        await ben.event("summary", lambda each: each["state"] == "CONVERSATION_STATE_INACTIVE")
        await ben.ask("close", {"conversationId": id}, "closed")
        await visitor.ask("rate", {"conversationId": id, "stars": 5, "comment": "Quick!"}, "done")
        await ben.ask("fillForm", {"conversationId": id, "tags": ["tea"], "note": "n"}, "done")
        await ben.ask("finishWrapUp", {"conversationId": id}, "done")
        for agent in (anna, ben):
            await agent.ask("setPresence", {"intent": "INTENT_AVAILABLE"}, "done")

    async def test_shows_typing_where_the_conversation_is_viewed(self):
        agent = await self.agent()
        other = await Client.agent(ORIGIN, agent.cookie)
        self.clients.append(other)
        visitor = await self.visitor()
        id = await self.start(visitor)
        await visitor.entry(system="joined")
        await agent.ask("view", {"conversationIds": [id], "focusedId": id}, "done")
        await other.ask("view", {}, "done")
        await visitor.send("typing", {"conversationId": id})
        await agent.event("typing")
        await other.ask("view", {}, "done")
        self.assertFalse([frame for frame in other.arrived if "typing" in frame.get("event", {})])
        await visitor.ask("close", {"conversationId": id}, "closed")


    async def test_k9_shows_drafts_only_where_the_tenant_allows_it(self):
        key = SERVER.key_of_settings()
        rest = RestClient(ORIGIN)
        self.addCleanup(rest.close)
        agent, visitor = await self.agent(), await self.visitor()
        id = await self.start(visitor)
        await visitor.entry(system="joined")
        typing = {"conversationId": id, "draft": "I would li"}
        for allowed in (True, False):
            answer = rest.ask("changeSettings", key, body={"draft_preview": allowed})
            self.assertEqual((answer.status, answer["draft_preview"]), (200, allowed))
            await visitor.send("typing", typing)
            shown = await agent.event("typing")
            self.assertEqual(shown.get("draft"), "I would li" if allowed else None)
        await visitor.ask("close", {"conversationId": id}, "closed")


class Block(DeskTest):
    async def test_looks_like_any_end_to_who_is_blocked(self):
        agent, manager = await self.agent(), await self.manager()
        visitor = await self.visitor(kinds=["system", "block"])
        id = await self.start(visitor)
        await visitor.entry(system="joined")
        block = {"conversationId": id, "reason": "abuse"}
        blocked = await agent.ask("block", block, "blocked")
        self.assertEqual(await agent.ask("block", block, "blocked"), blocked)
        closed = await visitor.event("summary", lambda each: "closeReason" in each)
        self.assertEqual(closed["closeReason"], "CLOSE_REASON_AGENT")
        closed = await agent.event("summary", lambda each: "closeReason" in each)
        self.assertEqual(closed["closeReason"], "CLOSE_REASON_BLOCKED")
        page = await visitor.ask("read", {"conversationId": id}, "entries")
        self.assertNotIn("abuse", json.dumps(page))
        await self.refused("nobody_available", self.start(visitor))
        await self.refused("forbidden", agent.ask("listBlocks", {}, "blocks"))
        blocks = (await manager.ask("listBlocks", {}, "blocks"))["blocks"]
        self.assertIn(("abuse", blocked["blockId"]),
                      [(each["reason"], each["blockId"]) for each in blocks])
        await manager.ask("liftBlock", blocked, "done")
        await visitor.ask("close", {"conversationId": await self.start(visitor)}, "closed")


class Link(DeskTest):
    async def test_is_an_address_that_may_be_opened(self):
        agent, visitor = await self.agent(), await self.visitor(kinds=["system", "link"])
        id = await self.start(visitor)
        link = {"conversationId": id, "clientMsgId": uuid7()}
        for url in ("javascript:alert(1)", "ftp://a", "https://a@b", "https://", "//a", "https://a b"):
            await self.refused("invalid", agent.ask("send", link | {"link": {"url": url}}, "stored"))
        await agent.ask("send", link | {"link": {"url": "https://shop.example/tea"}}, "stored")
        entry = await visitor.event("entry", lambda each: "link" in each)
        self.assertEqual(entry["link"]["url"], "https://shop.example/tea")
        await visitor.ask("close", {"conversationId": id}, "closed")


class Examples(DeskTest):
    async def test_of_the_documents_are_understood_by_the_program(self):
        agent, visitor = await self.agent(), await self.visitor()
        for document, client in (("desk.md", agent), ("protocol.md", visitor)):
            text = (DOCUMENTS / document).read_text()
            for example in re.findall("```json client\n(.*?)\n```", text, re.DOTALL):
                for frame in json.loads(example)["frames"]:
                    ((command, fields),) = ((k, v) for k, v in frame.items() if k != "id")
                    if command not in ("hello", "start", "report", "typing", "setAway"):
                        await self.understood(client, command, fields)
        await agent.ask("setPresence", {"intent": "INTENT_AVAILABLE"}, "done")  # after the break

    async def understood(self, client, command, fields):
        """It may be refused, because nothing is there that it speaks of, but not as malformed."""
        sent = await client.send(command, fields)
        reply = (await client.next(lambda frame: frame.get("reply", {}).get("id") == sent))["reply"]
        error = reply.get("error", {})
        is_past = error.get("detail") == "expires_at"  # the documents stand still, time does not
        self.assertTrue(error.get("code") != "invalid" or is_past, (command, fields, error))


if __name__ == "__main__":
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # not what is slow, only what is wrong
    with Server(sys.argv.pop(1)) as SERVER:
        ORIGIN = SERVER.origin
        unittest.main(verbosity=2)
