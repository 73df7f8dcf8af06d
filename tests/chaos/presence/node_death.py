"""The server is killed under twenty agents, of whom half come back in time."""
import asyncio
import time

from .teams import MARGIN, NOTICED_SILENT, TURN, Team
from .office import is_lost_line

TAKEOVER = 8  # P11


class NodeDeath(Team):
    async def run(self, stored):
        office = self.office
        self.killed = time.monotonic()
        office.kill_server()
        await office.start()
        self.serving = time.monotonic()
        await super().run(stored)

    def comes_back(self, n):
        return n % 2 == 0

    async def suffer(self, n, sample):
        grace = self.office.grace
        sample.begin = self.serving
        until = self.killed + TAKEOVER + NOTICED_SILENT + grace + TURN + MARGIN
        sample.reconnecting = await self.see(sample, lambda sight: sight.is_reconnecting, until)
        if self.comes_back(n):
            late = self.office.random.uniform(0, grace - MARGIN)
            await asyncio.sleep(self.serving + late - time.monotonic())
            await sample.agent.come()
            await asyncio.sleep(self.serving + grace + TAKEOVER - time.monotonic())
        else:
            sample.red = await self.see(sample, lambda sight: sight.is_red(), until)
            sample.told = await sample.talker.told(is_lost_line, sample.begin, until)

    def judge(self, stored):
        first = min((at for at in self.caller.answered if at > self.killed), default=None)
        self.add("first call taken, after the kill", first and first - self.killed, most=TAKEOVER)
        for n, sample in enumerate(self.samples):
            for watcher, at in sample.reconnecting.items():
                self.add(f"seen reconnecting after the kill, {watcher}", at and at - self.killed,
                         most=TAKEOVER)
            if self.comes_back(n):
                self.judge_returned(stored, sample)
            else:
                self.judge_missing(stored, sample)

    def judge_returned(self, stored, sample):
        self.judge_undisturbed(stored, sample)
        changes = stored.changes_since(sample.agent.public_id, self.serving)
        if [each["reconnecting"] for each in changes] != [True, False]:
            return self.wrong(sample, f"changed his colour like this: {changes}")
        if self.assigned_while(stored, sample, *changes):
            self.wrong(sample, "was given work before he was back")

    def judge_missing(self, stored, sample):
        grace = self.office.grace
        most = TAKEOVER + NOTICED_SILENT + grace + TURN
        for watcher, at in sample.red.items():
            self.add(f"red after serving, {watcher}", at and at - self.serving, least=grace)
            self.add(f"red after the kill, {watcher}", at and at - self.killed, most=most)
        self.add("re-queued after serving", sample.told and sample.told - self.serving, least=grace)
        self.add("re-queued after the kill", sample.told and sample.told - self.killed, most=most)
        row = stored.conversations[sample.conversation]  # who is back may have it meanwhile
        if row["ticket"] != sample.ticket or row["agent"] == sample.agent.public_id:
            self.wrong(sample, f"left a conversation that was not re-queued: {row}")
        if any(decided > self.serving
               for _, _, decided in stored.assignments[sample.agent.public_id]):
            self.wrong(sample, "was given work after the restart")
