#!/usr/bin/python3
"""Kills the server, PostgreSQL, or both, again and again while people talk, and checks that nothing
that was promised is lost.

  kill_rounds.py --server BUILD/tests/switchboard_stoppable [--rounds N] [--seed S] [--only KIND]

In a round the server is ended by kill -9 at a point named in server/domain/stop_point.hpp or at any
time, or the postmaster is, or both, or nobody is and batches take long; at least 20 sends are in
flight. What was killed is started again at once, or PostgreSQL only after the lease has run out; the
clients resume and say again what was not answered; then all of tests/chaos/harness/checks.py must
hold. Needs Debian's python3-websockets and python3-protobuf.
Exits 1 when a promise was broken, 2 when there was nothing to judge, 77 without those packages; of
the first two the folder with the history and the log is kept.
"""
import argparse
import asyncio
import os
import pathlib
import signal
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    from harness.world import World, is_long
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

IN_FLIGHT_MIN = 20
LEASE_LEFT_MIN = 4.0  # seconds: what is left of a lease of 6 s that is renewed every 2 s
# How often each point is passed before the process stops, at least and at most.
POINTS = {"gathered": (1, 25), "sent": (1, 25), "answered": (1, 25), "published": (60, 200),
          "acknowledged": (60, 300)}
STOP_MAX = 60  # seconds until a point is reached
AWAY = 60 if is_long() else 8  # seconds without a database; the lease ends after 4.5
STALL = 7  # seconds; longer than an agent's client has to confirm
SERVES_WITHIN = 5  # seconds after the database is back


class Invalid(Exception):
    """The round did not happen as it should: nothing to judge."""


class Rounds:
    def __init__(self, world):
        self.world = world
        self.random = world.random
        self.survived = {}
        self.in_flight = []
        self.to_first_answer = []

    async def bring_in_flight(self):
        """Sends until enough await their answer; then nobody waits any more until the kill."""
        end = time.monotonic() + STOP_MAX
        while self.world.in_flight() < IN_FLIGHT_MIN:
            self.world.burst()
            await asyncio.sleep(0)
            if time.monotonic() > end:
                raise Invalid("too few sends in flight")
        self.in_flight.append(self.world.in_flight())

    async def at_point(self, point):
        """The process is stopped in the middle of a burst, at the n-th passing of the point."""
        world = self.world
        world.kill_server()
        stop_at = f"{point}:{self.random.randint(*POINTS[point])}"
        await world.start(stop_at)
        stopped = asyncio.ensure_future(world.server.wait_until_stopped())
        stopped.add_done_callback(lambda _: world.something_came())
        if not await world.until(lambda: stopped.done() or world.is_welcome(), STOP_MAX):
            raise Invalid("the clients did not come back")
        end = time.monotonic() + STOP_MAX
        while not stopped.done():
            world.burst()
            await world.until(lambda: stopped.done() or world.in_flight() == 0, 1)
            if time.monotonic() > end:
                raise Invalid(f"{stop_at} was not reached")
        if not stopped.result():
            raise Invalid("the server ended by itself")
        if not world.is_welcome():  # on the way back in: another kill than was meant
            world.kill_server()
            self.survived["coming back"] = self.survived.get("coming back", 0) + 1
            return await self.at_point(point)
        await self.bring_in_flight()
        world.kill_server()

    async def at_any_time(self):
        await self.in_a_burst()
        self.world.kill_server()

    async def postmaster(self):
        await self.in_a_burst()
        self.world.postgres.kill()
        await asyncio.to_thread(self.world.postgres.start)

    async def database_away(self):
        """F6: nobody is sent away, nothing is acknowledged, and soon everybody is served again."""
        world = self.world
        await self.in_a_burst()
        world.postgres.kill()
        connections = self.connections()
        await asyncio.sleep(1)  # what was stored before is answered
        world.acknowledged_at = None
        end = time.monotonic() + AWAY
        while time.monotonic() < end:
            world.burst()
            await asyncio.sleep(0.5)
        if world.acknowledged_at is not None:
            world.wrong("F6: something was acknowledged without a database")
        await asyncio.to_thread(world.postgres.start)
        if not await world.until(lambda: world.acknowledged_at is not None, SERVES_WITHIN):
            world.wrong(f"F6: nothing was answered within {SERVES_WITHIN} s")
        await world.until(world.is_answered, STOP_MAX)
        if self.connections() != connections:
            world.wrong(f"F6: {self.connections() - connections} connections were lost")

    async def slow_store(self):
        """F7: a batch takes long while the lease goes on. Nobody is taken for silent meanwhile."""
        world = self.world
        connections = self.connections()
        world.burst()
        stopped = await asyncio.to_thread(world.postgres.stop_writers)
        try:
            if len(stopped) < 2:
                raise Invalid("nobody writes batches")
            await self.bring_in_flight()
            await asyncio.sleep(STALL)
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        await world.until(world.is_answered, STOP_MAX)
        if self.connections() != connections:
            world.wrong(f"F7: {self.connections() - connections} connections were lost")

    def connections(self):
        return sum(person.connections for person in self.world.people)

    async def both(self):
        await self.in_a_burst()
        self.world.kill_server()
        self.world.postgres.kill()
        await asyncio.to_thread(self.world.postgres.start)

    async def in_a_burst(self):
        self.world.burst()
        await asyncio.sleep(self.random.uniform(0, 0.05))
        await self.bring_in_flight()

    async def run(self, kind):
        world = self.world
        if kind in POINTS:
            await self.at_point(kind)
        else:
            await getattr(self, kind.replace(" ", "_"))()
        if not world.is_serving.is_set():
            begun = time.monotonic()
            await world.start()
            await world.until(lambda: world.acknowledged_at is not None, STOP_MAX)
            if world.acknowledged_at is not None:
                self.to_first_answer.append(world.acknowledged_at - begun)
        await world.quiet()
        if not world.violations:
            self.survived[kind] = self.survived.get(kind, 0) + 1

    def judge_restarts(self):
        """A35: no start waits for the lease of the process before; if one did, all would."""
        if self.to_first_answer and min(self.to_first_answer) > LEASE_LEFT_MIN:
            self.world.wrong(f"A35: after a kill the first answer took at least "
                             f"{min(self.to_first_answer):.1f} s")

    def report(self):
        world = self.world
        print(f"survived {sum(self.survived.values())} kills: " +
              ", ".join(f"{times} {kind}" for kind, times in self.survived.items()))
        if self.in_flight:
            print(f"sends in flight at a kill: {min(self.in_flight)} to {max(self.in_flight)}, "
                  f"median {statistics.median(self.in_flight):.0f}")
        if self.to_first_answer:
            print(f"from the start of the server to the first answer: "
                  f"{min(self.to_first_answer):.2f} to {max(self.to_first_answer):.2f} s, "
                  f"median {statistics.median(self.to_first_answer):.2f} s")
        shown = len(world.history.of("shown", "ok"))
        print(f"{world.counts['acknowledged']} answers, {shown} entries shown, "
              f"{self.connections()} connections; " +
              ", ".join(f"{what}: {times}" for what, times in sorted(world.counts.items())
                        if what != "acknowledged"))


def schedule(arguments, random):
    """Kinds of rounds: each named point as often as any other, and any time as often as all."""
    if arguments.only:
        return [arguments.only] * arguments.rounds
    cycle = [*POINTS, "at any time", "postmaster", "database away", "slow store",
             *["at any time"] * 4, "both"]
    kinds = (cycle * (arguments.rounds // len(cycle) + 1))[: arguments.rounds]
    random.shuffle(kinds)
    return kinds


async def play(world, arguments):
    rounds = Rounds(world)
    world.prepare()
    await world.start()
    world.enter()
    while not any(person.own for person in world.people) and not world.violations:
        world.burst()
        await world.quiet()
    end = time.monotonic() + arguments.seconds
    try:
        for kind in schedule(arguments, world.random):
            if world.violations or time.monotonic() > end:
                break
            await rounds.run(kind)
        if not world.violations:
            await world.read_afresh()
        rounds.judge_restarts()
    finally:
        rounds.report()
        await world.leave()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=65 if is_long() else 9)
    parser.add_argument("--only", help="a kind of round")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--seconds", type=float, default=1e9, help="no round begins after them")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")

    world = World(arguments.server.resolve(), arguments.seed)
    try:
        asyncio.run(play(world, arguments))
    except (Invalid, RuntimeError) as why:
        print(f"invalid: {why}\n{world.last_words()}kept: {world.folder}")
        return 2
    finally:
        world.remove()
    for what in world.violations[:10]:
        print(f"broken: {what}")
    if world.violations:
        print(f"{world.last_words()}kept: {world.folder}")
    else:
        world.forget()
    return 1 if world.violations else 0


if __name__ == "__main__":
    sys.exit(main())
