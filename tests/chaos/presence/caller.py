"""A visitor who calls, hangs up and calls again, so that somebody is always to be assigned."""
import asyncio
import time

import websockets

from .contract import Client, Refused, uuid7

CALLS_EVERY = 0.2  # seconds


class Caller:
    def __init__(self, world, site):
        self.world = world
        self.site = site
        self.answered = []  # when

    async def live(self):
        while True:
            await self.world.is_serving.wait()
            try:
                await self.call_again_and_again()
            except (OSError, asyncio.TimeoutError, websockets.WebSocketException, Refused):
                await asyncio.sleep(CALLS_EVERY)

    async def call_again_and_again(self):
        client = await Client.open(self.world.origin, f"/v1/sites/{self.site}/socket")
        try:
            await client.ask("hello", {"name": self.site}, "welcome")
            while True:
                await self.call(client)
                client.arrived.clear()  # nobody reads it
                await asyncio.sleep(CALLS_EVERY)
        finally:
            client.break_off()
            await asyncio.wait([client.reading])
            client.reading.exception()

    async def call(self, client):
        stored = await client.ask("start", {"channel": "CHANNEL_CHAT", "clientMsgId": uuid7(),
                                            "text": "anybody there?"}, "stored")
        self.answered.append(time.monotonic())
        await client.ask("close", {"conversationId": stored["conversationId"]}, "closed")
