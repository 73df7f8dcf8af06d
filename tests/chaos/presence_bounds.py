#!/usr/bin/python3
"""Measures how soon, and never too soon, it shows that an agent is gone: 20 samples of each bound
of P7, on one server, and of R7.

  presence_bounds.py --server BUILD/switchboard [--rounds N] [--seed S] [--tenant-grace SECONDS]

Agents lose their connections in every way there is, while visitors call without end and others talk
with them; a manager's screen, the HTTP interface, the visitors and the database tell when what
happened. All of a round at the same time; the killed server is another one. With another
--tenant-grace than the 15 s that are judged by, it must fail. Needs Debian's python3-websockets and
python3-protobuf. Exits 1 when a bound was broken, 2 when there was nothing to judge, 77 without
those packages.
"""
import argparse
import asyncio
import multiprocessing
import os
import pathlib
import resource
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    from presence import teams
    from presence.bounds import Bounds
    from presence.node_death import NodeDeath
    from presence.office import Office, Sitter, Talker
    from harness.world import is_long
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

GRACE = 15  # seconds
RESERVE_SLOTS = 50  # one conversation of these is more than two of a team's


class Faults:
    """The ways to lose a connection."""

    def __init__(self, office):
        self.cutter = office.cutter

    async def close(self, agent):
        await agent.socket.close()

    async def end(self, agent):
        self.cutter.cut_from(agent.address, by_reset=False)

    async def reset(self, agent):
        self.cutter.cut_from(agent.address, by_reset=True)

    async def swallow(self, agent):
        """The server has just heard of him, so that it takes the longest to notice."""
        await (await agent.socket.ping())
        self.cutter.swallow_from(agent.address)


class Show:
    """A server with its teams, and a reserve for everybody."""

    def __init__(self, program, seed, make_teams):
        self.office = Office(program, seed, GRACE)
        self.bounds = Bounds()
        self.teams = make_teams(self.office, self.bounds)

    def prepare(self, tenant_grace):
        office = self.office
        office.prepare(tenant_grace)
        group = office.group("reserve")
        self.reserve = Sitter(office, "reserve", office.hire("reserve", group, RESERVE_SLOTS))
        self.ballast = Talker(office, "ballast", office.site("ballast", [group]))
        for team in self.teams:
            team.prepare(group)

    async def play(self):
        office = self.office
        try:
            await office.open_doors()
            office.spawn(self.reserve.live())
            office.spawn(self.ballast.live())
            await self.reserve.is_welcome.wait()
            await self.ballast.start()
            await asyncio.gather(*(team.settle() for team in self.teams))
            stored = await asyncio.to_thread(office.stored)
            await asyncio.gather(*(team.run(stored) for team in self.teams))
            await office.poller.ask_afresh()
            stored = await asyncio.to_thread(office.stored)
            for team in self.teams:
                team.judge(stored)
        finally:
            await office.leave()


def one_server(office, bounds):
    faults = Faults(office)
    return [
        teams.Lost(office, bounds, "close frame", faults.close),
        teams.Lost(office, bounds, "end of stream", faults.end),
        teams.Lost(office, bounds, "reset", faults.reset),
        teams.Lost(office, bounds, "black hole", faults.swallow, teams.NOTICED_SILENT),
        teams.Blip(office, bounds, "blip", [faults.close, faults.reset, faults.swallow]),
        teams.Tabs(office, bounds, "one of two tabs", [faults.close, faults.reset]),
        teams.LoggedOut(office, bounds, "logout"),
        teams.Frozen(office, bounds, "not confirmed"),
    ]


def another_server(office, bounds):
    return [NodeDeath(office, bounds, "node death")]


def play_show(program, seed, tenant_grace, make_teams):
    """The bounds, and what else was wrong; everything is gone afterwards, unless there was nothing
    to judge."""
    show = Show(program, seed, make_teams)
    office = show.office
    try:
        show.prepare(tenant_grace)
        asyncio.run(show.play())
    except (RuntimeError, TimeoutError, asyncio.TimeoutError) as why:
        raise RuntimeError(f"{why!r} after {office.violations}\n{office.last_words()}"
                           f"kept: {office.folder}") from None
    finally:
        office.remove()
    office.forget()
    return show.bounds, office.violations


def play_round(arguments, seed):
    """Both at once, in processes of their own, so that none holds up the clock of the other. What
    was broken."""
    broken = []
    with multiprocessing.Pool(2) as pool:
        shows = [(arguments.server.resolve(), seed, arguments.tenant_grace, make_teams)
                 for make_teams in (one_server, another_server)]
        for bounds, violations in pool.starmap(play_show, shows, chunksize=1):
            bounds.print()
            broken += violations + bounds.all_broken()
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3 if is_long() else 1)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--tenant-grace", type=int, default=GRACE)
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # three sockets for each connection
    print(f"seed {arguments.seed}")
    for number in range(arguments.rounds):
        try:
            broken = play_round(arguments, arguments.seed + number)
        except RuntimeError as why:
            print(f"invalid: {why}")
            return 2
        for what in broken[:20]:
            print(f"broken: {what}")
        if broken:
            print(f"{len(broken)} in all")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
