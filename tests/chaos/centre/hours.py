"""The hours of the contact centre's day, in their order."""
import asyncio

from . import audit
from .centre import KEY_NAME
from .disaster import kill
from .traffic import at_hand, traffic

BREAK = "lunch, back at 1 – ä€😀"


async def fill(day, site, channel, waiting):
    """Visitors come until so many wait, or one was refused."""
    key = day.centre.keys[site]
    while len(day.ledger.queue(key, channel)) < waiting:
        if await day.arrive(site, channel) is None:
            return


async def dawn(day):
    """Nobody is there: visitors wait, are refused, leave messages, give up."""
    for site in day.centre.keys:
        await day.come(site)  # who only looks, all day
    await fill(day, "shop", "chat", 5)
    await day.arrive("help", "chat")  # refused: absent
    await fill(day, "post", "chat", 2)
    await day.go(day.callers[day.ledger.talks[-1].visitor])  # it was left as a message
    await day.arrive("help", "messaging")
    await fill(day, "shop", "messaging", 6)  # the sixth is refused: full
    await day.chatter(at_hand(day, "queued")[:4])
    await somebody_gives_up(day)


async def somebody_gives_up(day):
    talk = day.ledger.queue(day.centre.keys["shop"], "chat")[1]
    day.centre.settings(visitor_grace_seconds=1)
    await day.go(day.callers[talk.visitor])
    day.ledger.visitor_gone(talk.visitor)
    await day.settle()
    day.centre.settings(visitor_grace_seconds=60)


async def opening(day):
    """One after the other begins, and what waits is served in its order."""
    for name in ("Ada", "Jan", "Cid", "Hal", "Eva"):
        await day.begin(name)


async def morning(day):
    for name in ("Gus", "Ida", "Fay"):
        await day.begin(name)
        await traffic(day, day.steps // 3)


async def rush(day):
    """Everybody has all he may have, others wait; the server is killed in the middle of it."""
    await fill(day, "shop", "chat", 4)
    await fill(day, "help", "chat", 1)  # refused: busy
    waiting = at_hand(day, "queued")
    await day.close(waiting[0], "visitor")  # those behind move up
    await kill(day, with_postgres=False, newcomers=("shop", "shop"))
    await fill(day, "shop", "chat", 13)  # the last is refused: full


async def reinforcements(day):
    await day.begin("Bea")
    await day.begin("Dan")
    await traffic(day, day.steps)


async def breaks(day):
    """Red by choice: what runs goes on; what waits can still be taken by hand, within the limits."""
    await day.wish("Eva", "unavailable", "chat", BREAK)
    await day.wish("Fay", "unavailable", None, "")
    await day.wish("Fay", "unavailable", None, BREAK)
    await day.set_away("Gus", True)
    await day.chatter(at_hand(day, "active"))
    await traffic(day, day.steps // 2)
    await taken_by_hand(day)
    await day.set_away("Gus", False)
    await day.wish("Fay", "available", "messaging")
    await day.wish("Fay", "available")
    await day.wish("Eva", "available")


async def taken_by_hand(day):
    """Bea and Dan are red and take what waits: one of them wins, and who is full is told so."""
    for name in ("Bea", "Dan"):
        await day.wish(name, "unavailable", text="by hand")
        for talk in [each for each in at_hand(day, "active") if each.agent == name]:
            await day.close(talk, "agent")
    await fill(day, "shop", "chat", 3)
    waiting = day.ledger.queue(day.centre.keys["shop"], "chat")
    await race(day, waiting[1], "Bea", "Dan")
    await day.claim("Dan", waiting[1], code="already_taken")
    if day.ledger.desks["Bea"].has_room("chat"):
        await day.claim("Bea", waiting[0])
    else:
        await day.claim("Bea", waiting[0], code="agent_full")
    for name in ("Dan", "Bea"):
        await day.wish(name, "available")


async def race(day, talk, *names):
    asked = {name: day.centre.seated[name].ask("claim", {"conversationId": talk.id})
             for name in names}
    replies = dict(zip(names, await asyncio.gather(*asked.values())))
    winners = [name for name, reply in replies.items() if "done" in reply]
    told = [reply["error"].get("takenBy", {}).get("name") for reply in replies.values()
            if reply.get("error", {}).get("code") == "already_taken"]
    if len(winners) != 1 or told != winners * (len(names) - 1):
        day.fail([f"R8: {names} claimed at once: {replies}"])
    day.ledger.claim(talk, day.ledger.desks[winners[0]])
    await day.settle()


async def direction(day):
    """A manager, and a program with a key, set agents red and change limits."""
    await day.wish("Cid", "unavailable", "chat", "training", by="Max")
    await day.wish("Hal", "unavailable", by=KEY_NAME)
    await traffic(day, day.steps // 3)
    await day.wish("Cid", "available", by="Max")
    await day.wish("Hal", "available")
    await fill(day, "shop", "chat", 2)
    await day.limit("Ada", "chat", 4, 5)  # two more at once
    await day.limit("Ada", "chat", 1, 2)  # what runs goes on
    await day.chatter(at_hand(day, "active"))
    await day.limit("Ada", "chat", 2, 3)
    await total_limit(day, "Fay", 1)
    await traffic(day, day.steps // 3)
    await total_limit(day, "Fay", 3)


async def total_limit(day, name, total_max):
    desk = day.ledger.desks[name]
    day.centre.ask("setTotalLimit", 200, {"agent": desk.id}, total_max=total_max)
    day.ledger.set_total(desk, total_max)
    await day.settle()


async def resting(day):
    """Conversations rest, and come back: to their agent up to his hard limit, else to whoever is
    free, else to the queue with the place they had."""
    await fill(day, "shop", "chat", 3)
    of_ada = [talk for talk in at_hand(day, "active") if talk.agent == "Ada"]
    for talk in of_ada[:2]:
        await day.set_inactive(talk)  # each time the next who waits takes the slot
    await fill(day, "shop", "chat", 1)
    if of_ada:
        await day.tell(of_ada[0], "agent", code="agent_full")
        await day.tell(of_ada[0], "agent", "note")  # a note wakes nobody
    for talk in of_ada[:2]:
        await day.tell(talk, "visitor")  # above her limit; beyond the hard one: before who waits
    await traffic(day, day.steps // 3)


async def abuse(day):
    """A visitor is blocked by his agent, another by a program; both are let in again later."""
    await day.arrive("post", "messaging")
    talk, other = [talk for talk in at_hand(day, "active") if talk.agent][:2]
    caller = day.callers[talk.visitor]
    agent = day.centre.seated[talk.agent]
    blocked = await by_his_agent(day, talk, caller)
    if await day.start(caller, "chat"):
        day.fail(["B1: a blocked visitor was let in"])
    await day.done(agent.ask("liftBlock", blocked), code="forbidden")
    by_key = day.centre.ask("createBlock", 201, None, day.centre.api_key, conversation=other.id,
                            reason="spam")["id"]
    await blocked_now(day, day.callers[other.visitor], "site", None, "spam")
    await traffic(day, day.steps // 3)
    await day.done(day.centre.watcher.ask("liftBlock", blocked))
    day.centre.ask("liftBlock", 204, {"block": by_key}, day.centre.api_key)
    for each, (visitor, _, _) in enumerate(day.blocks[-2:], -2):
        day.ledger.blocked.discard(visitor)
        day.blocks[each][2] = True
        await try_again(day, day.callers[visitor])


async def by_his_agent(day, talk, caller):
    """Saying it twice is saying it once."""
    agent = day.centre.seated[talk.agent]
    ask = {"conversationId": talk.id, "reason": "abuse"}
    blocked = await day.done(agent.ask("block", ask), "blocked")
    await blocked_now(day, caller, "agent", agent.id, "abuse")
    again = await day.done(agent.ask("block", ask | {"reason": "again"}), "blocked")
    if again != blocked:
        day.fail([f"B1: blocked twice: {blocked}, {again}"])
    return blocked


async def blocked_now(day, caller, kind, by, reason):
    day.ledger.block(caller.id, kind, by, reason)
    day.blocks.append([caller.id, reason, False])
    await day.settle(lambda: audit.availability_differs(caller, day.ledger))


async def try_again(day, caller):
    if day.ledger.refusal(caller.id, caller.site, "messaging") is None:
        await day.close(await day.start(caller, "messaging"), "visitor")
    else:
        await day.go(caller)


async def wrap_up(day):
    """Gus's slot is held after the end until he says so, or for a second."""
    desk = day.ledger.desks["Gus"]
    while not desk.wrap_ups:
        mine = [talk for talk in at_hand(day, "active") if talk.agent == "Gus"]
        if mine:
            await day.close(mine[0], "visitor")
        elif await day.arrive("help", "chat") is None:
            await day.close(next(talk for talk in at_hand(day, "active")
                                 if talk.channel == "chat"), "agent")
    while desk.wrap_ups:
        await day.finish_wrap_up(day.ledger.talks[min(desk.wrap_ups) - 1])
    await day.limit("Gus", "chat", 2, 2, wrap_up=1)
    mine = [talk for talk in at_hand(day, "active") if talk.agent == "Gus"]
    for talk in mine[:1]:
        await day.done(day.centre.seated["Gus"].ask("close", {"conversationId": talk.id}), "closed")
        day.ledger.close(talk, "agent")
        day.ledger.finish_wrap_up(talk)  # by itself
        await day.settle()
    await day.limit("Gus", "chat", 2, 2)


async def shift_change(day):
    """Those of the morning log out in the middle of their work: it goes on with others, or waits with
    the place it had. Server and database are killed."""
    await fill(day, "shop", "chat", 2)
    await day.end("Ada")
    await day.begin("Kim")
    await day.end("Eva")
    await day.end("Hal")
    await day.begin("Leo")
    await fill(day, "shop", "chat", 3)
    await kill(day, with_postgres=day.is_long, newcomers=("shop",))
    await traffic(day, day.steps)
    await day.begin("Ada")


async def lost_connection(day):
    """Ida's connection breaks and does not come back within the grace time."""
    await fill(day, "shop", "chat", 1)
    day.centre.settings(agent_grace_seconds=1)
    agent, desk = day.centre.seated["Ida"], day.ledger.desks["Ida"]
    day.centre.people.remove(agent)
    agent.may_live = False
    agent.socket.transport.abort()
    await agent.living
    day.ledger.disconnect(desk)  # nothing new is assigned, nobody sees red
    day.ledger.lose(desk, "not_connected")
    await day.settle()
    for conversation in [each for each in agent.held if not agent.held[each].is_over]:
        agent.let_go(conversation)
    day.centre.settings(agent_grace_seconds=30)
    await day.begin("Ida")


async def hung_client(day):
    """Whoever is next has a client that confirms nothing: another gets it, and he turns red."""
    key = day.centre.keys["help"]
    while (desk := day.ledger.choose(key, "chat")) is None:
        await day.close(next(talk for talk in at_hand(day, "active") if talk.channel == "chat"),
                        "visitor")
    day.centre.settings(confirm_within_seconds=3)
    day.centre.seated[desk.name].confirms = desk.confirms = False
    talk = await day.start(await day.come("help"), "chat", settles=False)
    day.ledger.unresponsive(talk)
    await day.settle()
    day.centre.settings(confirm_within_seconds=5)
    day.centre.seated[desk.name].confirms = desk.confirms = True
    await day.wish(desk.name, "available")


async def afternoon(day):
    await traffic(day, day.steps)


async def evening(day):
    """The shop closes: those who waited too long are sent away, or become messages; the silent rest,
    and end."""
    await fill(day, "shop", "chat", 2)
    await fill(day, "post", "messaging", 1)
    for name in ("Ada", "Bea", "Cid", "Dan", "Ida"):
        await day.end(name)
    await waited_too_long(day, "shop", "chat", "close")
    await waited_too_long(day, "shop", "messaging", "leave_message")
    await silence(day)


async def waited_too_long(day, site, channel, then):
    key = day.centre.keys[site]
    when, waiting_max = day.ledger.sites[key].rules[channel]
    day.centre.change_rule(site, channel, when, waiting_max, 1, then)
    for talk in day.ledger.queue(key, channel):
        if talk.is_patient:
            continue
        if then == "close":
            day.ledger.close(talk, "system", "wait_limit")
        else:
            day.ledger.leave_as_message(talk)
    await day.settle()
    day.centre.change_rule(site, channel, when, waiting_max)


def last_word(talk):
    """When anything was last said, or it was assigned."""
    return max(line.at for line in talk.lines if line.kind == "text" or (
        line.kind == "system" and line.body[0] in ("assigned", "claimed", "active_again")))


async def silence(day):
    for talk in day.ledger.queue():  # else the slots that become free would be taken again
        if any(desk.is_present for desk in day.ledger.serving(talk.site)):
            await day.close(talk, "manager")
    active = [talk for talk in day.ledger.open.values() if talk.state == "active"]
    day.centre.settings(inactive_after_seconds=1, close_after_seconds=0)
    for talk in sorted(active, key=lambda each: (last_word(each), each.number)):
        day.ledger.set_inactive(talk)
    await day.settle()
    day.centre.settings(inactive_after_seconds=0, close_after_seconds=1)
    for talk in list(day.ledger.open.values()):
        if talk.state == "inactive" and talk.channel == "chat":
            day.ledger.close(talk, "system", "idle")
    await day.settle()
    day.centre.settings(close_after_seconds=1800)


async def midnight(day):
    """The last one logs out, and a manager ends what is left."""
    for name in ("Fay", "Gus", "Jan", "Kim", "Leo"):
        await day.end(name)
    for talk in list(day.ledger.open.values()):
        await day.close(talk, "manager")
    for caller in list(day.callers.values()):
        await day.go(caller)


HOURS = (dawn, opening, morning, rush, reinforcements, breaks, direction, resting, abuse, wrap_up,
         shift_change, lost_connection, hung_client, afternoon, evening, midnight)
