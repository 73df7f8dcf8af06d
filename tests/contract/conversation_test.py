#!/usr/bin/env python3
"""The contract as others see it: docs/protocol.md held against the real program, from outside.

    conversation_test.py BINARY [unittest's arguments]
"""
import json
import logging
import sys
import unittest
import uuid

import websockets

from client import Client, Refused, log_in, post, uuid7
from server import Server

ORIGIN = ""  # of the server that all tests share


async def conversation(agent, visitor, text="Is this in stock?"):
    """One that is assigned to the agent; its id."""
    stored = await visitor.ask(
        "start", {"channel": "CHANNEL_CHAT", "clientMsgId": uuid7(), "text": text}, "stored")
    await agent.event("summary", lambda each: each["conversationId"] == stored["conversationId"]
                      and not each.get("needsConfirmation"))
    return stored["conversationId"]


def text(conversation_id, words, client_msg_id=None):
    return {"conversationId": conversation_id, "clientMsgId": client_msg_id or uuid7(),
            "text": {"text": words}}


def note(conversation_id, words):
    return {"conversationId": conversation_id, "clientMsgId": uuid7(), "note": {"text": words}}


class ContractTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.clients = []
        self.cookie = log_in(ORIGIN, "anna@demo.example")

    async def asyncTearDown(self):
        for client in self.clients:
            await client.close()

    async def visitor(self, **hello):
        self.clients.append(await Client.visitor(ORIGIN, **hello))
        return self.clients[-1]

    async def agent(self, **hello):
        self.clients.append(await Client.agent(ORIGIN, self.cookie, **hello))
        return self.clients[-1]

    async def refused(self, code, awaitable):
        with self.assertRaises(Refused) as caught:
            await awaitable
        self.assertEqual(caught.exception.code, code)


class Conversation(ContractTest):
    async def test_is_held_from_the_first_word_to_the_close(self):
        agent = await self.agent()
        self.assertEqual(agent.welcome["self"]["name"], "Anna")
        self.assertEqual(agent.welcome["presence"][0]["status"], "STATUS_AVAILABLE")
        visitor = await self.visitor(name="Vera")
        self.assertEqual(visitor.welcome["self"]["name"], "Vera")
        self.assertTrue(visitor.welcome["token"])

        id = await conversation(agent, visitor)
        first = await visitor.entry(text="Is this in stock?")
        self.assertEqual((first["seq"], first.get("prevSeq", 0)), (1, 0))
        self.assertEqual(first["author"]["id"], visitor.welcome["self"]["id"])
        joined = await visitor.entry(system="joined")
        self.assertEqual(joined["system"]["parameters"]["name"], "Anna")
        page = await agent.ask("read", {"conversationId": id}, "entries")
        self.assertEqual(page["entries"][0]["text"]["text"], "Is this in stock?")

        await visitor.send("typing", {"conversationId": id})
        typing = await agent.event("typing")
        self.assertEqual(typing["person"]["name"], "Vera")

        stored = await agent.ask("send", text(id, "It is."), "stored")
        answer = await visitor.entry(text="It is.")
        self.assertEqual(answer["seq"], stored["seq"])
        await visitor.send("report", {"conversationId": id, "deliveredSeq": stored["seq"],
                                      "seenSeq": stored["seq"]})
        await agent.event("pointer", lambda each: each.get("seenSeq") == stored["seq"])
        await agent.event("summary", lambda each: each["awaiting"] == "AWAITING_VISITOR")

        await agent.ask("close", {"conversationId": id}, "closed")
        await visitor.entry(system="closed")
        closed = await visitor.event(
            "summary", lambda each: each["state"] == "CONVERSATION_STATE_CLOSED")
        self.assertEqual(closed["conversationId"], id)
        await self.refused("conversation_closed",
                           visitor.ask("send", text(id, "Thank you"), "stored"))

    async def test_hides_notes_from_the_visitor_and_shows_him_no_gap(self):
        agent, visitor = await self.agent(), await self.visitor()
        id = await conversation(agent, visitor)
        before = await agent.ask("send", text(id, "One moment"), "stored")
        await agent.ask("send", note(id, "He asked before"), "stored")
        after = await agent.ask("send", text(id, "Here it is"), "stored")
        self.assertEqual(after["seq"], before["seq"] + 2)
        seen = await visitor.entry(text="Here it is")
        self.assertEqual(seen["prevSeq"], before["seq"])
        self.assertEqual((await agent.entry(note="He asked before"))["agentsOnly"], True)
        page = await visitor.ask("read", {"conversationId": id}, "entries")
        self.assertNotIn("note", json.dumps(page))
        await self.refused("forbidden", visitor.ask("send", note(id, "Mine"), "stored"))
        await visitor.ask("close", {"conversationId": id}, "closed")

    async def test_stores_a_message_once_however_often_it_is_sent(self):
        agent, visitor = await self.agent(), await self.visitor()
        id = await conversation(agent, visitor)
        message = text(id, "Once")
        first = await visitor.ask("send", message, "stored")
        self.assertEqual(await visitor.ask("send", message, "stored"), first)
        again = await self.visitor(token=visitor.welcome["token"])
        self.assertEqual(await again.ask("send", message, "stored"), first)
        await self.refused("id_conflict", visitor.ask(
            "send", text(id, "Other words", message["clientMsgId"]), "stored"))
        page = await visitor.ask("read", {"conversationId": id}, "entries")
        texts = [each["text"]["text"] for each in page["entries"] if "text" in each]
        self.assertEqual(texts.count("Once"), 1)
        await agent.ask("close", {"conversationId": id}, "closed")
        self.assertEqual(await visitor.ask("send", message, "stored"), first)

    async def test_takes_text_of_every_kind_as_it_is(self):
        agent, visitor = await self.agent(), await self.visitor(name="<img src=x onerror=alert(1)>")
        words = "<b>\"' \\ \u2028 \u202e \U0001f600 e\u0301 " + "\r\n\t" + "ü" * 8000
        id = await conversation(agent, visitor, words)
        page = await agent.ask("read", {"conversationId": id}, "entries")
        self.assertEqual(page["entries"][0]["text"]["text"], words)
        self.assertEqual(page["entries"][0]["author"]["name"], "<img src=x onerror=alert(1)>")
        await self.refused("invalid", visitor.ask("send", text(id, "a\0b"), "stored"))
        await self.refused("invalid", visitor.ask("send", text(id, "x" * 16385), "stored"))
        await self.refused("invalid", visitor.ask("send", text(id, ""), "stored"))
        await visitor.ask("close", {"conversationId": id}, "closed")

    async def test_is_read_page_by_page(self):
        agent, visitor = await self.agent(), await self.visitor()
        id = await conversation(agent, visitor)
        for number in range(5):
            await agent.ask("send", text(id, f"line {number}"), "stored")
        read, last, more = [], 0, True
        while more:
            page = await visitor.ask(
                "read", {"conversationId": id, "afterSeq": last, "limit": 2}, "entries")
            for entry in page["entries"]:
                self.assertEqual(entry.get("prevSeq", 0), last)
                last = entry["seq"]
                read.append(entry)
            more = page.get("more", False)
        self.assertEqual([each["text"]["text"] for each in read if "text" in each][1:],
                         [f"line {number}" for number in range(5)])
        await visitor.ask("close", {"conversationId": id}, "closed")

    async def test_belongs_to_those_who_hold_it_alone(self):
        agent, visitor, other = await self.agent(), await self.visitor(), await self.visitor()
        id = await conversation(agent, visitor)
        for command, fields in (("read", {"conversationId": id}),
                                ("send", text(id, "Let me in")),
                                ("close", {"conversationId": id}),
                                ("read", {"conversationId": str(uuid.uuid4())})):
            await self.refused("not_found", other.ask(command, fields, "stored"))
        await self.refused("already_open", visitor.ask(
            "start", {"channel": "CHANNEL_CHAT", "clientMsgId": uuid7(), "text": "And?"}, "stored"))
        await visitor.ask("close", {"conversationId": id}, "closed")


class BrokenConnection(ContractTest):
    async def test_is_resumed_with_exactly_what_was_missed(self):
        agent, visitor = await self.agent(), await self.visitor()
        id = await conversation(agent, visitor)
        last = (await visitor.entry(system="joined"))["seq"]
        visitor.break_off()
        for number in range(3):
            await agent.ask("send", text(id, f"missed {number}"), "stored")
        welcome = visitor.welcome
        back = await self.visitor(token=welcome["token"], resume={
            "sessionId": welcome["sessionId"], "lineage": welcome["lineage"],
            "positions": [{"conversationId": id, "seq": last}]})
        self.assertEqual(back.welcome["sessionId"], welcome["sessionId"])
        for number in range(3):
            entry = await back.event("entry")
            self.assertEqual(entry["text"]["text"], f"missed {number}")
            self.assertEqual(entry["prevSeq"], last)
            last = entry["seq"]
        await back.ask("close", {"conversationId": id}, "closed")

    async def test_is_resumed_however_long_the_messages_were(self):
        agent, visitor = await self.agent(), await self.visitor()
        id = await conversation(agent, visitor)
        last = (await visitor.entry(system="joined"))["seq"]
        visitor.break_off()
        longest = "\x01" * (16 << 10)  # sixfold in JSON
        sent = [await agent.ask("send", text(id, longest), "stored") for _ in range(20)]
        welcome = visitor.welcome
        back = await self.visitor(token=welcome["token"], resume={
            "sessionId": welcome["sessionId"], "lineage": welcome["lineage"],
            "positions": [{"conversationId": id, "seq": last}]})
        for stored in sent:
            self.assertEqual((await back.event("entry"))["seq"], stored["seq"])
        await back.ask("close", {"conversationId": id}, "closed")

    async def test_is_replaced_by_the_one_that_resumes_it(self):
        visitor = await self.visitor()
        welcome = visitor.welcome
        await self.visitor(token=welcome["token"], resume={
            "sessionId": welcome["sessionId"], "lineage": welcome["lineage"]})
        self.assertEqual(await visitor.closed(), 4502)

    async def test_to_another_history_begins_anew(self):
        visitor = await self.visitor(resume={"sessionId": str(uuid.uuid4()), "lineage": "another"})
        await visitor.event("resync")

    async def test_loses_nothing_when_the_server_is_killed(self):
        agent, visitor = await self.agent(), await self.visitor()
        id = await conversation(agent, visitor)
        kept = text(id, "Acknowledged before")
        first = await visitor.ask("send", kept, "stored")
        doubtful = text(id, "Perhaps stored")
        await visitor.send("send", doubtful)
        SERVER.kill()
        await visitor.closed()
        SERVER.start()

        back = await self.visitor(token=visitor.welcome["token"], resume={
            "sessionId": visitor.welcome["sessionId"], "lineage": visitor.welcome["lineage"],
            "positions": [{"conversationId": id, "seq": first["seq"]}]})
        self.assertEqual(await back.ask("send", kept, "stored"), first)
        second = await back.ask("send", doubtful, "stored")
        page = await back.ask("read", {"conversationId": id}, "entries")
        stored = {each["clientMsgId"]: each["seq"] for each in page["entries"] if "text" in each}
        self.assertEqual(stored[kept["clientMsgId"]], first["seq"])
        self.assertEqual(stored[doubtful["clientMsgId"]], second["seq"])
        texts = [each["text"]["text"] for each in page["entries"] if "text" in each]
        self.assertEqual(len(texts), len(set(texts)))
        await self.agent()  # the cookie outlived the process
        await back.ask("close", {"conversationId": id}, "closed")


class Door(ContractTest):
    async def refuses(self, status, path="/v1/sites/demo/socket", **options):
        with self.assertRaises(websockets.InvalidStatusCode) as caught:
            await Client.open(ORIGIN, path, **options)
        self.assertEqual(caught.exception.status_code, status)

    async def test_opens_for_known_keys_origins_and_subprotocols_alone(self):
        await self.refuses(404, "/v1/sites/nobody/socket")
        await self.refuses(404, "/v1/tenants/nobody/socket")
        await self.refuses(404, "/v1/sites/demo/socket/")
        await self.refuses(403, origin="http://evil.example")
        await self.refuses(403, origin=None)
        await self.refuses(403, "/v1/tenants/demo/socket", origin=ORIGIN + "0")
        await self.refuses(400, subprotocols=["graphql-ws"])
        await self.refuses(400, subprotocols=None)

    async def test_speaks_the_first_subprotocol_it_knows(self):
        client = await Client.open(
            ORIGIN, "/v1/sites/demo/socket",
            subprotocols=["chat", "switchboard.v1.proto", "switchboard.v1.json"])
        self.clients.append(client)
        self.assertEqual(client.socket.subprotocol, "switchboard.v1.proto")

    async def test_takes_a_ticket_once(self):
        _, _, answer = post(ORIGIN, "/v1/ticket", {}, self.cookie)
        for expected in ("welcome", "error"):
            client = await Client.open(ORIGIN, "/v1/tenants/demo/socket")
            self.clients.append(client)
            await client.send("hello", {"ticket": answer["ticket"]})
            reply = await client.next(lambda frame: "reply" in frame)
            self.assertIn(expected, reply["reply"])
        self.assertEqual(reply["reply"]["error"]["code"], "unauthorized")
        self.assertEqual(await client.closed(), 4500)

    async def test_takes_no_ticket_of_a_login_that_ended(self):
        _, _, answer = post(ORIGIN, "/v1/ticket", {}, self.cookie)
        self.assertEqual(post(ORIGIN, "/v1/logout", {}, self.cookie)[0], 204)
        client = await Client.open(ORIGIN, "/v1/tenants/demo/socket")
        self.clients.append(client)
        await client.send("hello", {"ticket": answer["ticket"]})
        self.assertEqual(await client.closed(), 4500)

    async def test_ends_what_breaks_the_protocol_with_the_documented_code(self):
        for message, code in (("not json", 1007),
                              (b"\x00", 1007),
                              ('{"frames": []}', 4400),
                              ('{"frames": [{"id": 1}]}', 4400),
                              ('{"frames": [{"id": 1, "typing": {}}]}', 4400),
                              ('{"frames": [' + '{"id": 1, "hello": {}},' * 64
                               + '{"id": 65, "hello": {}}]}', 4400),
                              ('{"frames": [' + " " * (128 << 10) + "]}", 1009)):
            client = await Client.open(ORIGIN, "/v1/sites/demo/socket")
            self.clients.append(client)
            await client.socket.send(message)
            self.assertEqual(await client.closed(), code, message[:40])

    async def test_logs_in_whom_it_knows(self):
        right = {"tenant": "demo", "login": "ben@demo.example", "password": "switchboard-demo"}
        status, fields, body = post(ORIGIN, "/v1/login", right)
        self.assertEqual((status, body["agent"]["name"], body["agent"]["role"]),
                         (200, "Ben", "agent"))
        self.assertIn("HttpOnly", fields["Set-Cookie"])
        status, _, body = post(ORIGIN, "/v1/login", right | {"password": "guess"})
        self.assertEqual((status, body["code"]), (401, "unauthorized"))
        cookie = fields["Set-Cookie"].split(";")[0]
        self.assertEqual(post(ORIGIN, "/v1/ticket", {}, cookie)[0], 200)
        self.assertEqual(post(ORIGIN, "/v1/logout", {}, cookie)[0], 204)
        self.assertEqual(post(ORIGIN, "/v1/ticket", {}, cookie)[0], 401)


if __name__ == "__main__":
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # not what is slow, only what is wrong
    with Server(sys.argv.pop(1)) as SERVER:
        ORIGIN = SERVER.origin
        unittest.main(verbosity=2)
