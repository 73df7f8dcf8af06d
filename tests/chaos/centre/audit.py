"""Holds what people are shown, what REST tells and what is stored against the ledger. Every function
yields what differs, in words."""
import datetime

from .callers import short

REASON_SHOWN_TO_VISITORS = {"blocked": "agent"}  # docs/desk.md, "Blocks"
PREVIEW = 200  # characters


def differ(where, found, wanted):
    if found != wanted:
        yield f"{where}: found {found!r}, must be {wanted!r}"


def moment(text):
    """A time in microseconds, however many digits it was written with."""
    if text is None:
        return None
    whole, _, fraction = text.removesuffix("Z").partition(".")
    seconds = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6] or 0)


# Entries.


def body_of(entry):
    """Of an entry of the socket: kind and body as a line has them."""
    if "system" in entry:
        return "system", (entry["system"]["code"], entry["system"].get("parameters", {}))
    if "block" in entry:
        return "block", entry["block"].get("parameters", {}).get("reason", "")
    for kind in ("text", "note"):
        if kind in entry:
            return kind, entry[kind]["text"]
    return "unsupported", entry.get("unsupported")


def entry_differs(where, entry, line):
    """Of an entry as the socket shows it. The first who is shown it teaches its time."""
    line.at = line.at or moment(entry["at"])
    author = entry["author"]
    found = (short(author["kind"]), author.get("id"),
             not entry.get("agentsOnly", False), *body_of(entry), moment(entry["at"]))
    wanted = (line.author, line.who, line.is_public, line.kind, line.body, line.at)
    return differ(f"{where} seq {entry['seq']}", found, wanted)


def timeline_differs(where, entries, talk, is_agent):
    yield from differ(f"{where}: seqs", sorted(entries), talk.seqs(is_agent))
    for seq, entry in entries.items():
        if seq <= len(talk.lines):
            yield from entry_differs(where, entry, talk.lines[seq - 1])


def held_differs(person, talk):
    held = person.held.get(talk.id)
    entries = held.entries if held is not None else {}
    yield from timeline_differs(f"{person.name} of talk {talk.number}", entries, talk,
                                person.is_agent)


# Summaries.


def state_of(summary):
    return (short(summary["state"]), summary.get("agent", {}).get("name", ""),
            short(summary.get("closeReason", "")))


def bar_differs(where, summary, talk):
    """The summary of an open conversation as its agent sees it."""
    awaits, since = talk.awaiting()
    texts = talk.messages("visitor")
    found = {
        "state": state_of(summary), "channel": short(summary["channel"]),
        "visitor": (summary["visitor"]["id"], summary["visitor"]["name"]),
        "awaiting": (short(summary["awaiting"]), moment(summary.get("awaitingSince"))),
        "unread": summary.get("unread", 0), "last seq": summary["lastSeq"],
        "preview": summary["lastVisitorMessage"], "opened": moment(summary["openedAt"]),
        "unconfirmed": summary.get("needsConfirmation", False),
        "patient": summary.get("patient", False), "left": summary.get("visitorLeft", False),
    }
    wanted = {
        "state": (talk.state, talk.agent, ""), "channel": talk.channel,
        "visitor": (talk.visitor, talk.visitor_name),
        "awaiting": (awaits, since.at if since else None),
        "unread": talk.unread(), "last seq": len(talk.lines),
        "preview": texts[-1][1].body[:PREVIEW], "opened": talk.lines[0].at,
        "unconfirmed": talk.state == "active" and not talk.is_joined,
        "patient": talk.is_patient, "left": talk.has_left,
    }
    for what, value in found.items():
        yield from differ(f"{where}, {what}", value, wanted[what])


def agent_differs(person, talk):
    """What the desk of who has it, or had it last, shows of the conversation."""
    yield from held_differs(person, talk)
    where = f"{person.name}'s bar, talk {talk.number}"
    summary = person.summaries.get(talk.id)
    if summary is None:
        yield f"{where}: missing"
    elif talk.is_open():
        yield from bar_differs(where, summary, talk)
    else:
        yield from differ(where, state_of(summary), ("closed", talk.agent, talk.reason))


def visitor_differs(person, talk):
    yield from held_differs(person, talk)
    where = f"{person.name}'s screen, talk {talk.number}"
    summary = person.summaries.get(talk.id)
    if summary is None:
        yield f"{where}: missing"
        return
    reason = REASON_SHOWN_TO_VISITORS.get(talk.reason, talk.reason) or ""
    yield from differ(where, state_of(summary),
                      (talk.state, talk.agent if talk.is_joined else "", reason))


# Status and queue.


def look_of(desk, channel):
    seat = desk.seats[channel]
    return (*seat.wish, *desk.colour(channel))


def watch_differs(watcher, ledger):
    """The manager's screen."""
    if not watcher.is_watching:
        yield f"{watcher.name} is not watching"
        return
    for desk in ledger.desks.values():
        for channel, seat in desk.seats.items():
            presence = watcher.presence.get((desk.id, channel))
            where = f"{watcher.name} of {desk.name} on {channel}"
            if presence is None:
                yield f"{where}: nothing"
                continue
            found = (*watcher.look_of(presence), presence.get("slotsUsed", 0), presence["slotsMax"])
            yield from differ(where, found, (*look_of(desk, channel), seat.used, seat.slots_max))
    yield from differ(f"{watcher.name}: who waits", sorted(watcher.queue),
                      sorted(talk.id for talk in ledger.queue()))


def live_differs(live, ledger):
    """GET /v1/live: agents, and the queue in its order."""
    found, wanted = {}, {}
    for line in live["agents"]:
        for each in line["presence"]:
            cause = "" if each["intent"] == "available" else each["reason"]
            found[line["agent"]["name"], each["channel"]] = (
                each["intent"], cause, each["text"], each["status"], each["reason"],
                each["reconnecting"], each["slots_used"], each["slots_max"], each["enabled"])
    for desk in ledger.desks.values():
        for channel, seat in desk.seats.items():
            intent, _, text = seat.wish
            status, reason, reconnecting = desk.colour(channel)
            wanted[desk.name, channel] = (
                intent, "" if intent == "available" else reason, text, status, reason,
                reconnecting, seat.used, seat.slots_max, True)
    for key in found.keys() | wanted.keys():
        yield from differ(f"REST of {key}", found.get(key), wanted.get(key))
    yield from differ("REST: the queue",
                      [(each["conversation"], each["channel"], each["patient"], each["visitor_left"],
                        each["visitor"]["id"]) for each in live["queue"]],
                      [(talk.id, talk.channel, talk.is_patient, talk.has_left, talk.visitor)
                       for talk in ledger.queue()])


def places_differ(callers, ledger):
    """What those who wait were told of their place, and everybody of what he can expect."""
    for site in ledger.sites.values():
        for channel in site.rules:
            for place, talk in enumerate(ledger.queue(site.key, channel), 1):
                person = callers.get(talk.visitor)
                if person is not None and person.is_welcome.is_set():
                    yield from differ(f"{person.name}'s place", person.places.get(talk.id), place)
    for person in callers.values():
        if person.is_welcome.is_set():
            yield from availability_differs(person, ledger)


def availability_differs(person, ledger):
    for channel in ledger.sites[person.site].rules:
        wanted = "NO" if person.id in ledger.blocked else ledger.availability(person.site, channel)
        yield from differ(f"{person.name}'s availability on {channel} of {person.site}",
                          person.availability.get(f"CHANNEL_{channel.upper()}"),
                          f"AVAILABILITY_{wanted}")


# Conversations by REST.


def resource_differs(found, talk):
    """GET /v1/conversations/{conversation}."""
    agent = found["agent"]["name"] if found["agent"] else ""
    yield from differ(
        f"REST of talk {talk.number}",
        (found["id"], found["channel"], found["site"], found["state"], found["visitor"]["id"],
         found["visitor"]["name"], agent, found["close_reason"], found["closed_at"] is not None),
        (talk.id, talk.channel, talk.site, talk.state, talk.visitor, talk.visitor_name, talk.agent,
         talk.reason, not talk.is_open()))


def touched_differs(day):
    """What everybody who is there must have been shown since the last settlement."""
    ledger, centre = day.ledger, day.centre
    yield from watch_differs(centre.watcher, ledger)
    for number in sorted(ledger.touched):
        talk = ledger.talks[number - 1]
        caller = day.callers.get(talk.visitor)
        if caller is not None and caller.is_welcome.is_set():
            yield from visitor_differs(caller, talk)
        agent = centre.seated.get(talk.agent)
        if agent is not None and agent.is_welcome.is_set():
            yield from agent_differs(agent, talk)
