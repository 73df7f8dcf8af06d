"""What must hold whatever happened, judged from the history of the clients and what is stored."""
import collections

PUBLIC = 1  # Visibility
TRANSCRIPT = """
  SELECT c.public_id AS conversation, c.state, e.seq, e.pos, e.kind, e.visibility, e.author_kind,
         coalesce(v.public_id, a.public_id) AS author, e.client_message_id AS id, e.body
    FROM entry e
    JOIN conversation c USING (tenant_id, conversation_id)
    LEFT JOIN visitor v ON v.tenant_id = e.tenant_id AND v.visitor_id = e.author_id
                       AND e.author_kind = 1
    LEFT JOIN agent a ON a.tenant_id = e.tenant_id AND a.agent_id = e.author_id
                     AND e.author_kind = 2
   ORDER BY e.tenant_id, e.conversation_id, e.seq"""

# Each gives no rows. P2: seqs without a gap; P4: one open claim per active conversation and none
# for others; P5: the load is that of the open claims (of channel 0: on all channels).
RULES = {
    "P2: the seqs of a conversation have a gap": """
      SELECT conversation_id, max(seq) FROM entry GROUP BY tenant_id, conversation_id
      HAVING max(seq) <> count(*) OR min(seq) <> 1""",
    "P2: the log has a position twice or beyond its head": """
      SELECT pos FROM entry JOIN tenant_owner USING (tenant_id)
       GROUP BY tenant_id, pos HAVING count(*) > 1 OR pos > max(log_pos)""",
    "P3: a client id is stored twice": """
      SELECT client_message_id FROM entry WHERE client_message_id IS NOT NULL
       GROUP BY tenant_id, author_kind, author_id, client_message_id HAVING count(*) > 1""",
    "P4: claims and states of conversations disagree": """
      SELECT c.conversation_id, c.state, count(l.claim_id) FROM conversation c
        LEFT JOIN claim l ON l.tenant_id = c.tenant_id AND l.conversation_id = c.conversation_id
                         AND l.to_pos IS NULL AND l.wrap_up_pos IS NULL
       GROUP BY c.tenant_id, c.conversation_id
      HAVING count(l.claim_id) <> CASE c.state WHEN 2 THEN 1 ELSE 0 END""",
    "P5: an agent's load is not that of his claims": """
      SELECT a.agent_id, a.active, count(l.claim_id) FROM agent_channel a
        LEFT JOIN claim l ON l.tenant_id = a.tenant_id AND l.agent_id = a.agent_id
                         AND a.channel IN (0, l.channel) AND l.to_pos IS NULL
       GROUP BY a.tenant_id, a.agent_id, a.channel HAVING a.active <> count(l.claim_id)""",
}
# The same where no limit is lowered below a load.
STEADY = {
    "P5: an agent has more than slots_max": """
      SELECT agent_id, active, slots_max FROM agent_channel WHERE active > slots_max""",
}


class Stored:
    """The transcripts by SQL."""

    def __init__(self, postgres):
        self.postgres = postgres
        self.entries = postgres.rows(TRANSCRIPT)
        self.by_place = {(e["conversation"], e["seq"]): e for e in self.entries}
        self.by_id = collections.defaultdict(list)
        self.conversations = collections.defaultdict(list)
        for entry in self.entries:
            self.conversations[entry["conversation"]].append(entry)
            if entry["id"]:
                self.by_id[entry["id"]].append(entry)

    def broken_rules(self, are_limits_steady=True):
        for rule, sql in (RULES | STEADY if are_limits_steady else RULES).items():
            rows = self.postgres.rows(sql)
            if rows:
                yield f"{rule}: {rows[:3]}"

    def seqs(self, conversation, is_agent):
        return [e["seq"] for e in self.conversations[conversation]
                if is_agent or e["visibility"] == PUBLIC]


def body_of(entry):
    for kind in ("text", "note"):
        if kind in entry:
            return entry[kind]["text"]
    return None


def same(shown, stored):
    """Whether what a client was shown is this row."""
    body = body_of(shown)
    return (shown.get("clientMsgId") or None) == stored["id"] and (
        body is None or body == stored["body"]
    ) and shown["author"].get("id") == stored["author"]


def durability(history, stored):
    """P1, P3: what was acknowledged is stored once, where it was said, with the text said."""
    said = {line["value"]["id"]: (line["proc"], line["value"]) for line in
            history.of("send", "invoke")}
    acknowledged = {}
    for line in history.of("send", "ok"):
        name, answer = line["value"]["id"], line["value"]["stored"]
        if acknowledged.setdefault(name, answer) != answer:
            yield f"P3: {name} was answered {acknowledged[name]} and then {answer}"
    for name, answer in acknowledged.items():
        rows = stored.by_id.get(name, [])
        if len(rows) != 1:
            yield f"P1: {name} was acknowledged and is stored {len(rows)} times"
            continue
        row = rows[0]
        if (row["conversation"], row["seq"]) != (answer["conversationId"], answer["seq"]):
            yield f"P1: {name} was acknowledged at {answer} and is stored at {row}"
        if row["body"] != said[name][1]["text"]:
            yield f"P1: {name} is stored with another text: {row}"
    for name in stored.by_id.keys() - said.keys():
        yield f"P1: {name} is stored and was said by nobody"
    for line in history.of("send", "fail"):
        if line["value"]["id"] in stored.by_id:
            yield f"P1: {line['value']['id']} was refused and is stored"


def no_phantoms(history, stored):
    """P12: whatever anybody was shown is stored."""
    seen = set()
    for how in ("shown", "page"):
        for line in history.of(how, "ok"):
            entry = line["value"]["entry"]
            place = (entry["conversationId"], entry["seq"])
            row = stored.by_place.get(place)
            if place not in seen and (row is None or not same(entry, row)):
                seen.add(place)
                yield f"P12: {line['proc']} was shown {entry}, stored is {row}"


def order(history, stored):
    """P2: per sender and conversation the order of saying is that of seqs, but for what the server
    asked to be said again; whoever was answered before another spoke comes before him."""
    again = {line["value"]["id"] for line in history.of("send", "retry")}
    last = {}
    for line in history.of("send", "invoke"):
        rows = stored.by_id.get(line["value"]["id"], [])
        if not rows or line["value"]["id"] in again:
            continue
        key = (line["proc"], rows[0]["conversation"])
        if rows[0]["seq"] <= last.get(key, 0):
            yield f"P2: {line['proc']} said {line['value']} after seq {last[key]}"
        last[key] = max(last.get(key, 0), rows[0]["seq"])
    answered = {}
    for line in history.lines:
        if line["f"] != "send":
            continue
        rows = stored.by_id.get(line["value"]["id"], [])
        if line["phase"] == "ok":
            place = line["value"]["stored"]
            key = place["conversationId"]
            answered[key] = max(answered.get(key, 0), place["seq"])
        elif line["phase"] == "invoke" and rows:
            if rows[0]["seq"] <= answered.get(rows[0]["conversation"], 0):
                yield f"P2: {line['value']['id']} was said after a later seq was acknowledged"


def streams(people, stored):
    """P9: what each person has of a conversation is its transcript for him, and to its end."""
    for person in people:
        for conversation, held in person.held.items():
            wanted = stored.seqs(conversation, person.is_agent)
            if sorted(held.entries) != wanted:
                missing = sorted(set(wanted) - set(held.entries))
                yield (f"P9: {person.name} has {len(held.entries)} of {len(wanted)} entries of "
                       f"{conversation}, not {missing[:5]}, stream up to {held.head}")


def attention(stored):
    """R7: of clients that confirm at once none is ever taken for a frozen one."""
    for entry in stored.entries:
        if not entry["id"] and "agent_unresponsive" in entry["body"]:
            yield f"R7: somebody was unresponsive in {entry['conversation']} at {entry['seq']}"


def all_of(history, people, stored):
    yield from stored.broken_rules()
    yield from durability(history, stored)
    yield from no_phantoms(history, stored)
    yield from order(history, stored)
    yield from streams(people, stored)
    yield from attention(stored)
