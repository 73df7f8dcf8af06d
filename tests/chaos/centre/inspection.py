"""Compares everything with the ledger: in the middle of the day, and once it is over."""
import asyncio
import collections
import json

from . import audit
from harness import checks
from .audit import differ, moment

MUST_STAY_0 = ("stuck_total", "cap_refused_by_db_total", "diverged_total", "fenced_total",
               "handler_failures_total", "overloaded_total", "slow_consumer_closed_total",
               "reads_refused_total", "log_overrun_total")
CLOCK_SLACK = 0.005  # seconds
AT_ONCE = 50  # sockets that read everything afresh
CODES = {  # server/domain
    "channel": {1: "chat", 4: "messaging"},
    "close": {1: "visitor", 2: "agent", 3: "manager", 4: "abandoned", 5: "wait_limit", 6: "idle",
              7: "blocked"},
    "author": {1: "visitor", 2: "agent", 3: "bot", 4: "manager", 5: "system",
               6: "site"},
    "entry": {1: "text", 2: "note", 3: "system", 4: "link", 5: "block"},
    "missed": {1: "busy", 2: "absent", 3: "blocked", 4: "full"},
    "intent": {1: "available", 2: "unavailable"},
    "status": {1: "available", 2: "busy", 3: "unavailable"},
    "reason": {1: "ready", 2: "at_capacity", 3: "total_capacity", 4: "wrap_up", 5: "not_enabled",
               6: "not_connected", 7: "away", 8: "chosen", 9: "set_by_manager", 10: "missed_offer",
               11: "unresponsive"},
}


class Counters:
    """What the server counted in all of its lives. A life that ended by a kill is known up to the
    last look before it; what it stored after that is `unsure`."""

    def __init__(self, day):
        self.day = day
        self.before = 0  # entries counted by lives that are over
        self.unsure = 0
        self.last = 0

    def lines(self):
        return sum(len(talk.lines) for talk in self.day.ledger.talks)

    def look(self):
        """What differs."""
        told = self.day.centre.metrics()
        for name in MUST_STAY_0:
            yield from differ(name, told.get(name), 0)
        self.last = told["entries_total"]
        counted, lines = self.before + self.last, self.lines()
        if not lines - self.unsure <= counted <= lines:
            yield f"entries_total: counted {counted}, written {lines}, of these unsure {self.unsure}"

    def life_ends(self):
        self.before += self.last
        self.lines_at_end = self.lines()

    def life_begins(self):
        """Once the ledger has what was said while the server was killed."""
        self.unsure += self.lines() - self.lines_at_end


async def fresh_tabs(day):
    """Every agent's welcome, and all he can read, on a connection that never resumed."""
    tabs = [agent.again() for agent in day.centre.seated.values()
            if agent.is_welcome.is_set() and not day.ledger.desks[agent.name].is_away]

    for tab in tabs:
        tab.enter()

    def differs():
        for tab in tabs:
            if not tab.is_welcome.is_set():
                yield f"no welcome for {tab.name}"
                continue
            desk = day.ledger.desks[tab.name.removesuffix(" again")]
            talks = day.ledger.talks_of(desk)
            yield from differ(f"{tab.name}'s bar", sorted(tab.summaries),
                              sorted(talk.id for talk in talks))
            for talk in talks:
                yield from audit.agent_differs(tab, talk)

    await day.settle(differs)
    for tab in tabs:
        await tab.leave()


def by_rest(day):
    """Status, queue, and every open conversation."""
    centre, ledger = day.centre, day.ledger
    yield from audit.live_differs(centre.seek("showLive"), ledger)
    found = {}
    for state in ("queued", "active", "inactive"):
        listed = centre.all_of("listConversations", query=f"state={state}")
        yield from differ(f"REST: how many are {state}", {each["state"] for each in listed} or {state},
                          {state})
        found |= {each["id"]: each for each in listed}
    still_open = {talk.id: talk for talk in ledger.open.values()}
    yield from differ("REST: which are open", sorted(found), sorted(still_open))
    for id in found.keys() & still_open.keys():
        yield from audit.resource_differs(found[id], still_open[id])
        yield from differ("REST of one", centre.seek("getConversation", {"conversation": id}),
                          found[id])


async def checkpoint(day):
    """Everything that can be seen while the day goes on."""
    ledger = day.ledger
    ledger.touched |= {talk.number for talk in ledger.open.values()}
    await day.settle(lambda: audit.places_differ(day.callers, ledger))
    reply = await day.done(
        day.centre.watcher.ask("watch", {"agents": True, "queue": True}), "live")
    found = list(differ("the order of the watched queue",
                        [each["conversationId"] for each in reply.get("queue", [])],
                        [talk.id for talk in ledger.queue()]))
    await fresh_tabs(day)
    found += list(by_rest(day))
    found += list(day.counters.look())
    if found:
        day.fail(found)


# Once the day is over.


def stored_line(row):
    kind = CODES["entry"][row["kind"]]
    return body_as_written(kind, row["body"])


def body_as_written(kind, body):
    """Kind and body as a line has them, of a row or of an entry by REST."""
    if kind not in ("system", "block"):
        return kind, body
    parameters = json.loads(body)
    if kind == "block":
        return kind, parameters["reason"]
    return kind, (parameters.pop("code"), parameters)


def transcripts(day, stored):
    """By SQL and by REST, line by line."""
    yield from differ("conversations by SQL", sorted(stored.conversations),
                      sorted(talk.id for talk in day.ledger.talks))
    for talk in day.ledger.talks:
        wanted = [(seq, line.author, line.who, *(line.kind, line.body), line.is_public)
                  for seq, line in enumerate(talk.lines, 1)]
        rows = [(row["seq"], CODES["author"][row["author_kind"]], row["author"], *stored_line(row),
                 row["visibility"] == checks.PUBLIC) for row in stored.conversations[talk.id]]
        yield from first_difference(f"SQL, talk {talk.number}", rows, wanted)
        listed = day.centre.all_of("listEntries", {"conversation": talk.id})
        entries = [(each["seq"], each["author"]["kind"], each["author"].get("id"),
                    *body_as_written(each["kind"], each["body"]), each["visibility"] == "all",
                    moment(each["at"])) for each in listed]
        yield from first_difference(
            f"REST, talk {talk.number}", entries,
            [(*each, line.at or entry[-1])  # a line that nobody was there to see
             for each, line, entry in zip(wanted, talk.lines, entries)])


def first_difference(where, found, wanted):
    yield from differ(f"{where}: how many lines", len(found), len(wanted))
    for one, other in zip(found, wanted):
        if one != other:
            yield from differ(where, one, other)
            return


CONVERSATIONS = """
  SELECT c.public_id AS id, c.state, c.close_reason, c.channel, coalesce(a.name, '') AS agent,
         extract(epoch FROM c.opened_at) AS opened, extract(epoch FROM c.queued_at) AS queued,
         extract(epoch FROM c.assigned_at) AS assigned
    FROM conversation c LEFT JOIN agent a USING (tenant_id, agent_id)"""


def conversations(day):
    """Rows of SQL and resources of REST: all are closed, by whom and why; and how long they waited."""
    rows = {row["id"]: row for row in day.centre.postgres.rows(CONVERSATIONS)}
    for talk in day.ledger.talks:
        row = rows[talk.id]
        yield from differ(
            f"SQL, talk {talk.number}",
            (row["state"], CODES["close"].get(row["close_reason"]), row["agent"],
             CODES["channel"][row["channel"]]),
            (0, talk.reason, talk.agent, talk.channel))
        found = day.centre.seek("getConversation", {"conversation": talk.id})
        yield from audit.resource_differs(found, talk)
        yield from waits(day, talk, row)


def waits(day, talk, row):
    for what, known in (("queued", day.waited), ("assigned", day.assigned)):
        if talk.number not in known:
            continue
        begin, end = known[talk.number]
        if what == "assigned" and not talk.agent:
            continue  # it was assigned once, and came to wait again
        if not begin - CLOCK_SLACK <= float(row[what]) <= end + CLOCK_SLACK:
            yield (f"talk {talk.number} was {what} at {row[what]}, seen between {begin:.6f} and "
                   f"{end:.6f}")


def seconds_waited(day):
    """Of those who waited and got an agent, as stored."""
    rows = {row["id"]: row for row in day.centre.postgres.rows(CONVERSATIONS)}
    return sorted(float(rows[talk.id]["assigned"]) - float(rows[talk.id]["queued"])
                  for talk in day.ledger.talks if talk.waits and rows[talk.id]["assigned"])


CLAIMS = """
  SELECT c.public_id AS id, a.name AS agent, l.kind, l.to_pos IS NULL AS is_open
    FROM claim l JOIN conversation c USING (tenant_id, conversation_id)
    JOIN agent a ON a.tenant_id = l.tenant_id AND a.agent_id = l.agent_id"""
MISSED = """
  SELECT s.site_key AS site, m.channel, m.cause, count(*) AS times
    FROM missed_contact m JOIN site s USING (tenant_id, site_id) GROUP BY 1, 2, 3"""
AFTERWARDS = """
  SELECT c.public_id AS id, f.tags, f.note, a.public_id AS agent, r.stars, r.comment
    FROM conversation c
    LEFT JOIN conversation_form f USING (tenant_id, conversation_id)
    LEFT JOIN agent a ON a.tenant_id = f.tenant_id AND a.agent_id = f.by_id
    LEFT JOIN conversation_rating r ON r.tenant_id = c.tenant_id
                                   AND r.conversation_id = c.conversation_id"""
BLOCKS = """
  SELECT visitor_public_id AS visitor, reason, lifted_at IS NOT NULL AS lifted
    FROM block ORDER BY block_id"""


def tallies(day):
    """Claims, refused starts, blocks, forms and ratings by SQL."""
    postgres, ledger = day.centre.postgres, day.ledger
    numbers = {talk.id: talk.number for talk in ledger.talks}
    claims = postgres.rows(CLAIMS)
    yield from differ("claims", collections.Counter((numbers[c["id"]], c["agent"]) for c in claims),
                      collections.Counter(ledger.claims))
    yield from differ("open claims", [claim for claim in claims if claim["is_open"]], [])
    yield from differ("claims by kind", collections.Counter(claim["kind"] for claim in claims),
                      collections.Counter({2: len(ledger.claims) - ledger.wrapped,
                                           3: ledger.wrapped}))
    missed = {(row["site"], CODES["channel"][row["channel"]], CODES["missed"][row["cause"]]):
              row["times"] for row in postgres.rows(MISSED)}
    yield from differ("refused starts", missed, dict(ledger.missed))
    blocks = [[row["visitor"], row["reason"], row["lifted"]] for row in postgres.rows(BLOCKS)]
    yield from differ("blocks", blocks, day.blocks)
    listed = [[each["visitor"]["id"], each["reason"], each["lifted_at"] is not None]
              for each in reversed(day.centre.all_of("listBlocks", query="lifted=true"))]
    yield from differ("blocks by REST", listed, day.blocks)
    for row in postgres.rows(AFTERWARDS):
        number = numbers[row["id"]]
        form = (row["agent"], row["tags"], row["note"]) if row["agent"] else None
        yield from differ(f"form of talk {number}", form, day.forms.get(number))
        rating = (row["stars"], row["comment"]) if row["stars"] else None
        yield from differ(f"rating of talk {number}", rating, day.ratings.get(number))


CHANGES = """
  SELECT a.name AS agent, p.channel, p.intent, p.cause, p.wish_text, p.status, p.reason,
         p.reconnecting, coalesce(b.name, k.name) AS by_name
    FROM presence_change p JOIN agent a USING (tenant_id, agent_id)
    LEFT JOIN agent b ON p.by_kind IN (2, 3, 4) AND b.tenant_id = p.tenant_id AND b.agent_id = p.by_id
    LEFT JOIN api_key k ON p.by_kind = 6 AND k.tenant_id = p.tenant_id AND k.number = p.by_id
   ORDER BY p.pos"""


def who_wished(row):
    """In the ledger's words."""
    if row["by_name"] is None:
        return "nobody"
    return "self" if row["by_name"] == row["agent"] else row["by_name"]


def changes(day):
    """Each change of colour or wish is stored once, and was seen by who watched (S7)."""
    stored = collections.defaultdict(list)
    for row in day.centre.postgres.rows(CHANGES):
        intent = CODES["intent"][row["intent"]]
        cause = "" if intent == "available" else CODES["reason"][row["cause"]]
        stored[row["agent"], CODES["channel"][row["channel"]]].append(
            ((intent, cause, row["wish_text"]),
             (CODES["status"][row["status"]], CODES["reason"][row["reason"]], row["reconnecting"]),
             who_wished(row)))
    for key in stored.keys() | day.ledger.changes.keys():
        yield from first_difference(f"presence_change of {key}", stored[key], day.ledger.changes[key])
    for name, channel in day.ledger.changes:
        desk = day.ledger.desks[name]
        wanted = [(*wish, *colour) for wish, colour, _ in day.ledger.changes[name, channel]]
        seen = day.centre.watcher.seen[desk.id, channel]
        # Before the first change he was red; and nobody can watch while the server is killed.
        yield from first_difference(f"what Max saw of {name} on {channel}", steady(seen[1:]),
                                    steady(wanted))


def steady(looks):
    """Without what lasted until a connection was back, and without repetitions."""
    kept = []
    for look in looks:
        if not look[-1] and (not kept or kept[-1] != look):
            kept.append(look)
    return kept


async def afresh(day):
    """Every conversation from its first entry, by sockets that never resumed, of both sides."""
    readers = []
    for number, caller in enumerate([*day.callers.values(), *day.gone.values()]):
        reader = day.centre.new_caller(number, "shop")
        reader.name, reader.site, reader.token = f"{caller.name} afresh", caller.site, caller.token
        readers.append((reader, [talk for talk in day.ledger.talks if talk.visitor == caller.id]))
    for agent in day.centre.seated.values():
        talks = [talk for talk in day.ledger.talks if talk.agent == agent.name]
        readers.append((agent.again(), talks))
    for first in range(0, len(readers), AT_ONCE):
        await read_afresh(day, readers[first:first + AT_ONCE])


async def read_afresh(day, readers):
    for reader, talks in readers:
        for talk in talks:
            reader.expect(talk.id)
        reader.enter()

    def differs():
        for reader, talks in readers:
            if not reader.is_welcome.is_set():
                yield f"no welcome for {reader.name}"
            for talk in talks:
                yield from audit.held_differs(reader, talk)

    await day.agree(differs)
    await asyncio.gather(*(reader.leave() for reader, _ in readers))


async def the_end(day):
    """Everything that remains, once all is closed."""
    stored = await asyncio.to_thread(checks.Stored, day.centre.postgres)
    history = day.centre.history
    found = [*day.counters.look(), *by_rest(day), *transcripts(day, stored), *conversations(day),
             *tallies(day), *changes(day), *stored.broken_rules(),
             *checks.durability(history, stored), *checks.no_phantoms(history, stored),
             *checks.order(history, stored)]
    if found:
        day.fail(found)
    await afresh(day)
