#!/usr/bin/python3
"""Cuts the clients' connections at random bytes while people talk, also across a kill of the server,
and checks that whoever resumes has every entry once, in order, and nothing else (P9).

  resume_cuts.py --server BUILD/switchboard [--seconds 20] [--seed S]

Needs Debian's python3-websockets and python3-protobuf. Exits 1 when the promise was broken, 2 when
there was nothing to judge, 77 without those packages.
"""
import argparse
import asyncio
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    from harness.cutter import Cutter
    from harness.world import World, is_long
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

CUTS_MIN = 10


async def cut_now_and_then(world, cutter):
    """Each connection every 0.2 to 2 s."""
    while True:
        await asyncio.sleep(world.random.uniform(0.2, 2) / len(world.people))
        cutter.arm()


async def talk(world, until):
    while time.monotonic() < until and not world.violations:
        world.burst()
        await asyncio.sleep(world.random.uniform(0.02, 0.2))


async def play(world, seconds):
    cutter = Cutter(world.server.port, world.random)
    world.port = await cutter.start()
    world.prepare()
    await world.start()
    world.enter()
    await world.until(world.is_welcome, 60)
    nemesis = asyncio.ensure_future(cut_now_and_then(world, cutter))
    end = time.monotonic() + seconds
    await talk(world, end - seconds / 2)
    world.kill_server()
    await world.start()
    await talk(world, end)
    nemesis.cancel()
    cutter.spare_all()
    await world.quiet()
    if not world.violations:
        await world.read_afresh()
    await world.leave()
    shown = len(world.history.of("shown", "ok"))
    print(f"{cutter.cuts} cuts and a kill, {shown} entries shown over "
          f"{sum(person.connections for person in world.people)} connections, "
          f"{world.counts['acknowledged']} answers")
    return cutter.cuts >= CUTS_MIN


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=300 if is_long() else 20)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")

    world = World(arguments.server.resolve(), arguments.seed)
    try:
        was_cut = asyncio.run(play(world, arguments.seconds))
    except RuntimeError as why:
        print(f"invalid: {why}\n{world.last_words()}kept: {world.folder}")
        return 2
    finally:
        world.remove()
    for what in world.violations[:10]:
        print(f"broken: {what}")
    if world.violations:
        print(f"kept: {world.folder}")
        return 1
    world.forget()
    return 0 if was_cut else 2


if __name__ == "__main__":
    sys.exit(main())
