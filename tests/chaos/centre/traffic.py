"""What goes on at any hour: visitors start, everybody talks, conversations end or rest."""
from .ledger import CHANNELS

OPEN_MAX = 40
WHERE = [("shop", "chat")] * 4 + [("help", "chat")] * 3 + [("post", "chat"), ("shop", "messaging"),
                                                         ("help", "messaging"), ("post", "messaging")]


def at_hand(day, *states):
    """Conversations in these states whose visitor is there."""
    return [talk for talk in day.ledger.open.values()
            if talk.state in states and talk.visitor in day.callers]


async def arrival(day):
    if len(day.ledger.open) < OPEN_MAX:
        await day.arrive(*day.random.choice(WHERE))


async def second_channel(day):
    """Somebody who is there starts on the other channel too; where there is one open, he is told."""
    talks = at_hand(day, "active", "queued")
    if not talks:
        return
    talk = day.random.choice(talks)
    other = CHANNELS[1 - CHANNELS.index(talk.channel)]
    if (talk.visitor, other) not in day.ledger.open:
        await day.start(day.callers[talk.visitor], other)


async def chatter(day):
    talks = at_hand(day, "active", "queued")
    await day.chatter(day.random.sample(talks, min(8, len(talks))))


async def ending(day):
    talks = at_hand(day, "active") * 3 + at_hand(day, "queued", "inactive")
    if not talks:
        return
    talk = day.random.choice(talks)
    by = day.random.choice(["visitor"] * 4 + ["agent"] * 5 + ["manager"])
    await day.close(talk, "visitor" if by == "agent" and not has_agent(day, talk) else by)


def has_agent(day, talk):
    return talk.agent and day.ledger.desks[talk.agent].is_connected


async def rest(day):
    talks = at_hand(day, "active")
    if talks:
        await day.set_inactive(day.random.choice(talks))


async def comeback(day):
    talks = at_hand(day, "inactive")
    if not talks:
        return
    talk = day.random.choice(talks)
    if day.random.random() < 0.6 or not has_agent(day, talk):
        return await day.tell(talk, "visitor")
    is_full = not day.ledger.desks[talk.agent].has_room(talk.channel)
    await day.tell(talk, "agent", code="agent_full" if is_full else None)


async def reading(day):
    talks = [talk for talk in at_hand(day, "active") if talk.seen < len(talk.lines)]
    if talks:
        await day.read_all(day.random.choice(talks))


async def wrapping_up(day):
    held = [number for desk in day.ledger.desks.values() for number in desk.wrap_ups]
    if held:
        await day.finish_wrap_up(day.ledger.talks[day.random.choice(held) - 1])


async def patience(day):
    """A visitor whose conversations wait for him goes, or comes back."""
    away = [day.gone[talk.visitor] for talk in day.ledger.open.values() if talk.visitor in day.gone]
    patient = [caller for caller in day.callers.values() if day.open_of(caller) and all(
        talk.is_patient or talk.channel == "messaging" for talk in day.open_of(caller))]
    if away and (not patient or day.random.random() < 0.5):
        await day.come_back(day.random.choice(away))
    elif patient:
        await day.go(day.random.choice(patient))


OFTEN = [(arrival, 36), (chatter, 22), (ending, 20), (rest, 4), (comeback, 5), (reading, 4),
         (wrapping_up, 4), (patience, 3), (second_channel, 2)]


async def traffic(day, steps):
    whats, weights = zip(*OFTEN)
    for what in day.random.choices(whats, weights, k=steps):
        await what(day)
