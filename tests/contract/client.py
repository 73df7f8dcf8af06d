"""A client of Switchboard by docs/protocol.md alone, on another WebSocket library than the server's."""
import asyncio
import http.client
import json
import secrets
import time
import uuid

import websockets

PATIENCE = 60  # seconds until what should come is missed; nothing waits that long when all is well


def uuid7():
    time_and_version = (int(time.time() * 1000) << 16 | 0x7000 | secrets.randbits(12)) << 64
    return str(uuid.UUID(int=time_and_version | 0x2 << 62 | secrets.randbits(62)))


def post(origin, path, body, cookie=""):
    """The status, the fields and the JSON body of the answer."""
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=PATIENCE)
    connection.request("POST", path, json.dumps(body),
                       {"Content-Type": "application/json", "Cookie": cookie})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, response.headers, json.loads(content) if content else None


def log_in(origin, login, password="switchboard-demo"):
    """The cookie of an agent of the demo."""
    status, fields, _ = post(origin, "/v1/login",
                             {"tenant": "demo", "login": login, "password": password})
    assert status == 200, status
    return fields["Set-Cookie"].split(";")[0]


class Refused(Exception):
    def __init__(self, error):
        super().__init__(error)
        self.code = error["code"]


class Client:
    """One connection. What arrives before it is asked for is kept. An agent's confirms by itself, at
    any time, what is assigned to him."""

    def __init__(self, socket):
        self.socket = socket
        self.last_id = 0
        self.arrived = []
        self.confirming = {}  # frame id -> conversation
        self.something_came = asyncio.Event()
        self.reading = asyncio.create_task(self.read())

    @classmethod
    async def open(cls, server, path, **options):
        """`options` are those of websockets.connect, instead of a good client's."""
        options = {"origin": server, "subprotocols": ["switchboard.v1.json"],
                   "compression": None} | options
        address = server.replace("http://", "ws://") + path
        return cls(await websockets.connect(address, **options))

    @classmethod
    async def visitor(cls, origin, **hello):
        self = await cls.open(origin, "/v1/sites/demo/socket")
        self.welcome = await self.ask("hello", {"kinds": ["system"], **hello}, "welcome")
        return self

    @classmethod
    async def agent(cls, origin, cookie, **hello):
        _, _, answer = post(origin, "/v1/ticket", {}, cookie)
        self = await cls.open(origin, "/v1/tenants/demo/socket")
        hello = {"ticket": answer["ticket"], "kinds": ["system", "note", "link", "block"], **hello}
        self.welcome = await self.ask("hello", hello, "welcome")
        return self

    async def send(self, command, fields):
        self.last_id += 1
        await self.socket.send(json.dumps({"frames": [{"id": self.last_id, command: fields}]}))
        return self.last_id

    async def ask(self, command, fields, result):
        """The result of that name, which answers the command."""
        sent = await self.send(command, fields)
        reply = await self.next(lambda frame: frame.get("reply", {}).get("id") == sent)
        if "error" in reply["reply"]:
            raise Refused(reply["reply"]["error"])
        return reply["reply"][result]

    async def event(self, kind, fits=lambda event: True):
        frame = await self.next(
            lambda frame: kind in frame.get("event", {}) and fits(frame["event"][kind]))
        return frame["event"][kind]

    async def entry(self, **wanted):
        """The next entry whose body has this, as in text="hello"."""
        ((body, value),) = wanted.items()
        field = "code" if body == "system" else "text"
        return await self.event("entry", lambda entry: entry.get(body, {}).get(field) == value)

    async def next(self, fits):
        while True:
            for index, frame in enumerate(self.arrived):
                if fits(frame):
                    return self.arrived.pop(index)
            if self.reading.done():
                self.reading.result()  # raises why
            self.something_came.clear()
            await asyncio.wait_for(self.something_came.wait(), PATIENCE)

    async def read(self):
        try:
            while True:
                message = await self.socket.recv()
                if isinstance(message, bytes):
                    continue  # of the subprotocol that we do not speak
                for frame in json.loads(message)["frames"]:
                    if self.confirming.pop(frame.get("reply", {}).get("id"), None) is None:
                        self.arrived.append(frame)
                    await self.confirm(frame)
                self.something_came.set()
        finally:
            self.something_came.set()

    async def confirm(self, frame):
        """Tells the server that we have the conversations that the frame says are ours."""
        welcome = frame.get("reply", {}).get("welcome", {})
        summaries = welcome.get("conversations", []) + [frame.get("event", {}).get("summary", {})]
        for summary in summaries:
            conversation = summary.get("conversationId")
            if summary.get("needsConfirmation") and conversation not in self.confirming.values():
                sent = await self.send("confirm", {"conversationId": conversation})
                self.confirming[sent] = conversation

    async def closed(self):
        """The close code, once the server has ended the connection."""
        await asyncio.wait([self.reading], timeout=PATIENCE)
        assert self.reading.done(), "the connection lives on"
        return self.socket.close_code

    def break_off(self):
        """As when the network goes: no close frame."""
        self.socket.transport.abort()

    async def close(self):
        await self.socket.close()
        await asyncio.wait([self.reading])
        self.reading.exception()  # it is closed
