#!/usr/bin/python3
"""Forty people claim, close, go on break, change limits, reconnect and block at once, and whatever
they were told, and whatever is stored, is replayed by position.

  races.py --server BUILD/switchboard [--seconds 10] [--seed S]

Over four I/O threads, with PostgreSQL flushing. P4, P5, P6 and P10 must hold at every position
(tests/chaos/race/promises.py), each refusal must have been true when it was said (refusals.py),
whoever watches nothing is shown nobody's presence, and nobody is stuck at the end. Needs Debian's
python3-websockets and python3-protobuf. Exits 1 when a promise was broken, 2 when too little
happened to judge by, 77 without those packages; of the first two the folder with the history, the
rows and the log is kept.
"""
import argparse
import asyncio
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    from race import tally
    from race.arena import Arena
    from harness.world import is_long
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

SHORT = 8  # seconds
STRETCHES_MAX = 8


async def play(world, seconds):
    """What happened, by kind; None when it broke before. What is rare may take some more time."""
    world.prepare()
    await world.start()
    counts = None
    try:
        await world.open()
        for _ in range(STRETCHES_MAX):
            await world.race(seconds)
            await world.settle()
            if not world.violations:
                await world.judge()
                counts = world.counted()
            if world.violations or not tally.missing(counts, seconds):
                break
    finally:
        await world.leave()
    return counts


def say(world, counts):
    silent = [agent for agent in world.agents if agent not in world.managers[:2]]
    print(f"survived {len(world.deeds)} deeds of {len(world.people)} people up to position "
          f"{world.head()}: " + ", ".join(f"{counts[what]} {what}" for what in tally.LEAST) +
          f"; {len(silent)} who watched nobody were shown the presence of "
          f"{sum(agent.foreign_presence for agent in silent)} others; seed {world.seed}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    asked = float(os.environ.get("SWITCHBOARD_CHAOS_SECONDS", SHORT)) if is_long() else SHORT
    parser.add_argument("--seconds", type=float, default=asked)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)

    world = Arena(arguments.server.resolve(), arguments.seed)
    try:
        counts = asyncio.run(play(world, arguments.seconds))
        if counts:
            say(world, counts)
    except RuntimeError as why:
        print(f"invalid: {why}\n{world.last_words()}kept: {world.folder}")
        return 2
    finally:
        world.remove()
    for what in world.violations[:10]:
        print(f"broken: {what}")
    if len(world.violations) > 10:
        (world.folder / "violations").write_text("\n".join(world.violations))
    if world.violations:
        print(f"{len(world.violations)} broken, seed {world.seed}, kept: {world.folder}")
        return 1
    too_seldom = tally.missing(counts, arguments.seconds)
    if too_seldom:
        print(f"invalid: too seldom {too_seldom}, seed {world.seed}, kept: {world.folder}")
        return 2
    world.forget()
    return 0


if __name__ == "__main__":
    sys.exit(main())
