#!/usr/bin/python3
"""A small contact centre's day by script: three groups, three sites, twelve agents with shifts and
breaks, hundreds of visitors, a manager who watches; the server is killed twice, in a long day once
with its PostgreSQL, while messages are in flight. All that anybody is shown, that REST tells, that
is counted and stored must be what the script knows to be true (tests/chaos/centre/ledger.py).

  contact_centre_day.py --server BUILD/tests/switchboard_stoppable [--steps N] [--seed S]

Needs Debian's python3-websockets and python3-protobuf. Exits 1 when something was not true, 2 when
the day could not take place, 77 without those packages; of the first two the folder with the history
and the log is kept.
"""
import argparse
import asyncio
import os
import pathlib
import random
import statistics
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    from centre.centre import Centre
    from centre.day import Broken, Day
    from centre.hours import HOURS
    from centre.inspection import Counters, checkpoint, seconds_waited, the_end
    from harness.world import is_long
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

LONG = 60  # steps; a shorter day is inspected less often, and spares PostgreSQL


async def making(day):
    day.centre.prepare()
    await day.centre.start()
    day.centre.configure()
    day.centre.watcher.enter()


async def play(centre, arguments):
    day = Day(centre, random.Random(arguments.seed))
    day.steps = arguments.steps
    day.is_long = arguments.steps >= LONG
    day.counters = Counters(day)
    try:
        for number, hour in enumerate((making, *HOURS, the_end)):
            begun = time.monotonic()
            await hour(day)
            if hour in HOURS and (day.is_long or number % 3 == 1):
                await checkpoint(day)
            if arguments.verbose:
                print(f"{time.monotonic() - begun:5.1f} s  {hour.__name__}", flush=True)
        report(day)
    except Broken:
        pass
    finally:
        await centre.leave()


def report(day):
    ledger = day.ledger
    waited = seconds_waited(day)
    messages = sum(1 for talk in ledger.talks for line in talk.lines if line.kind in ("text", "note"))
    changes = sum(len(rows) for rows in ledger.changes.values())
    print(f"{day.numbers} visitors, {len(ledger.talks)} conversations, {messages} messages, "
          f"{sum(ledger.missed.values())} starts refused, {len(waited)} waited: "
          f"p50 {statistics.median(waited):.2f} s, max {waited[-1]:.2f} s, "
          f"{changes} changes of colour or wish, {day.kills} kills")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=220 if is_long() else 9,
                        help="of ordinary traffic in each hour that has it")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--verbose", action="store_true", help="say how long each hour took")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)

    centre = Centre(arguments.server.resolve(), arguments.seed)
    try:
        asyncio.run(play(centre, arguments))
    except Exception as why:  # the day did not take place: nothing to judge
        traceback.print_exc()
        print(f"invalid: {why}\n{centre.last_words()}kept: {centre.folder}")
        return 1 if centre.violations else 2
    finally:
        centre.remove()
    for what in centre.violations[:10]:
        print(f"broken: {what}")
    if centre.violations:
        print(f"kept: {centre.folder}")
        return 1
    centre.forget()
    return 0


if __name__ == "__main__":
    sys.exit(main())
