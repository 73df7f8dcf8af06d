"""kill -9 in the middle of the day, while messages are in flight."""
from . import audit
from .traffic import at_hand

IN_FLIGHT_MIN = 5
TRIES_MAX = 20


async def kill(day, with_postgres, newcomers):
    """`newcomers` start at these sites at that moment: nobody is free there, and they have to wait.
    Everybody comes back, says again what was not answered, and nobody is seen red."""
    for site in set(newcomers):
        await make_room(day, day.centre.keys[site], newcomers.count(site))
    starters = [await day.come(site) for site in newcomers]
    found = list(day.counters.look())
    if found:
        day.fail(found)
    day.counters.life_ends()
    seen = {key: len(looks) for key, looks in day.centre.watcher.seen.items()}
    said, starts = await in_flight(day, starters)
    for desk in day.ledger.desks.values():
        desk.is_connected = False
    await day.centre.kill(with_postgres)
    day.kills += 1
    await day.until(day.centre.is_answered, "the answers to what was said at the kill")
    come_back(day)
    told_of(day, said, starts)
    day.counters.life_begins()
    day.ledger.touched |= {talk.number for talk in day.ledger.open.values()}
    await day.settle()
    nobody_was_red(day, seen)


async def make_room(day, site, places):
    """Who starts there waits: nobody is free, and so many may still queue."""
    if day.ledger.choose(site, "chat") is not None:
        raise RuntimeError("somebody is free")
    _, waiting_max = day.ledger.sites[site].rules["chat"]
    while len(waiting := day.ledger.queue(site, "chat")) + places > waiting_max:
        await day.close(waiting[-1], "visitor")


async def in_flight(day, starters):
    """Everybody speaks at once until so many await their answer; no answer is awaited any more."""
    said = []
    starts = []
    for _ in range(TRIES_MAX):
        speeches = day.speeches(at_hand(day, "active", "queued"))
        said += speeches
        for talk, author, text, kind in speeches:
            day.say(talk, author, text, kind)
        if not starts:
            starts = [(caller, caller.say_now("start", day.text(caller.name)))
                      for caller in starters]
        answers = day.centre.counts["acknowledged"]
        await day.until(lambda: day.centre.counts["acknowledged"] > answers, "the first answer")
        if day.centre.in_flight() >= IN_FLIGHT_MIN:
            day.in_flight.append(day.centre.in_flight())
            return said, starts
        await day.until(day.centre.is_answered, "all answers")  # so that their order is known
    raise RuntimeError("too few sends in flight")


def come_back(day):
    """A new owner takes everybody for gone a moment ago, then each is back."""
    ledger = day.ledger
    ledger.finish()
    for desk in ledger.desks.values():
        if desk.is_present:
            ledger.connect(desk)


def told_of(day, said, starts):
    for talk, author, text, kind in said:
        day.ledger.say(talk, author, text, kind)
    for caller, message in sorted(starts, key=lambda each: int(each[1].stored["pos"])):
        talk = day.ledger.start(caller.id, caller.name, caller.site, "chat", message.text)
        talk.id = message.stored["conversationId"]


def nobody_was_red(day, seen):
    for desk in day.ledger.desks.values():
        for channel in desk.seats:
            looks = day.centre.watcher.seen[desk.id, channel][seen[desk.id, channel]:]
            wanted = desk.colour(channel)
            for look in looks:
                if look[3] == "unavailable" and wanted[0] != "unavailable":
                    day.fail([f"S6: {desk.name} was seen {look} on {channel} after a kill"])
    found = list(audit.live_differs(day.centre.seek("showLive"), day.ledger))
    if found:
        day.fail(found)
