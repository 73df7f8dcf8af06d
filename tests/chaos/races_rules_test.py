#!/usr/bin/python3
"""Whether the rules of the races bite: a stretch of a log in which all is well, and for each rule
one row or one answer of it changed, which that rule must notice."""
import copy
import sys
import unittest

try:
    from race import promises, refusals
    from race.refusals import Deed, Sayings
    from race.replay import NO_COLOUR, Replay
    from race.steps import Clock
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ANN, BEN, VERA, WALT, XENIA = 1, 2, 2, 10, 14
SITE = 1
GREEN = {"intent": 1, "status": 1, "reason": 1, "reconnecting": False}
ORANGE = {"intent": 1, "status": 2, "reason": 2, "reconnecting": False}
ON_BREAK = {"intent": 2, "status": 3, "reason": 8, "reconnecting": False}


def entry(pos, conversation, code=None, agent=None, by=(5, 0)):
    return {"pos": pos, "conversation_id": conversation, "kind": 3 if code else 1, "code": code,
            "agent": agent, "author_kind": by[0], "author_id": by[1],
            "message": None if code else f"message {pos}"}


def claim(pos, agent, conversation, to_pos=None):
    return {"pos": pos, "agent_id": agent, "conversation_id": conversation, "channel": 1,
            "wrap_up_pos": None, "to_pos": to_pos}


def conversation(pos, visitor):
    return {"id": pos, "public_id": f"c{pos}", "visitor_id": visitor, "site_id": SITE, "channel": 1,
            "ticket": pos}


def limits(pos, agent, most):
    return {"agent_id": agent, "channel": 1, "pos": pos, "enabled": True, "slots_max": most,
            "slots_hard_max": most + 1}


def well():
    """Ann has a slot and Ben is on a break. Vera is served at once, Walt and Xenia wait; when Vera
    is done Ann is given Walt, and Ben takes Xenia by hand. Then Vera is blocked for a while."""
    return {
        "agents": [{"id": ANN, "public_id": "ann", "role": 2, "groups": [1]},
                   {"id": BEN, "public_id": "ben", "role": 2, "groups": [1]}],
        "sites": [{"id": SITE, "groups": [1]}],
        "visitors": [{"id": VERA, "public_id": "vera"}, {"id": WALT, "public_id": "walt"},
                     {"id": XENIA, "public_id": "xenia"}],
        "limits": [limits(0, ANN, 1), limits(0, BEN, 1)],
        "presence": [{"pos": 1, "agent_id": ANN, "channel": 1, **GREEN},
                     {"pos": 8, "agent_id": ANN, "channel": 1, **ORANGE},
                     {"pos": 1, "agent_id": BEN, "channel": 1, **ON_BREAK}],
        "conversations": [conversation(3, VERA), conversation(11, WALT), conversation(15, XENIA)],
        "claims": [claim(5, ANN, 3, to_pos=20), claim(22, ANN, 11), claim(25, BEN, 15)],
        "entries": [entry(4, 3, by=(1, VERA)), entry(7, 3, "assigned", "ann"),
                    entry(9, 3, "joined", "ann"), entry(12, 11, by=(1, WALT)),
                    entry(13, 11, "queued"), entry(16, 15, by=(1, XENIA)), entry(17, 15, "queued"),
                    entry(18, 3, by=(2, ANN)), entry(19, 3, "closed"),
                    entry(24, 11, "assigned", "ann"), entry(27, 15, "claimed", "ben"),
                    entry(29, 15, "joined", "ben")],
        "batches": [{"head": head} for head in (1, 8, 9, 13, 17, 18, 24, 29, 30, 32, 34)],
        "blocks": [{"pos": 30, "public_id": "block", "visitor_id": VERA, "lifted_pos": 34,
                    "expires": False}],
        "missed": [{"pos": 32, "site_id": SITE, "visitor": "vera", "channel": 1, "cause": 3}],
    }


def clock():
    """It is as late as the log is long, and everybody knows it."""
    known = Clock()
    known.seen = [(pos, pos) for pos in range(41)]
    for pos in range(41):
        known.was_decided(pos, pos + 1)
    return known


def told(person, kind, answered, code, answer=None, asked=None, **about):
    return Deed(person, person, kind, about, asked or answered - 1, answered, code, answer)


def deeds():
    return [
        told("ann", "claim", 25, "agent_full", asked=24, conversation="c15"),
        told("ben", "claim", 29, None, asked=24, conversation="c15"),
        told("ann", "claim", 30, "already_taken", {"takenBy": {"id": "ben"}}, conversation="c15"),
        told("ann", "text", 21, "conversation_closed", conversation="c3"),
        told("vera", "start", 33, "nobody_available", asked=31, channel="CHANNEL_CHAT"),
        told("ann", "block", 31, None, {"block": "block"}, visitor="vera", expires=False),
        told("mia", "lift", 35, None, asked=34, block="block"),
    ]


def broken(rows, said, rule=("queue", 2)):
    replay = Replay(rows)
    sayings = Sayings(replay, clock(), said, {(SITE, 1): rule})
    found = [what for rule in promises.RULES for what in rule(replay)]
    return found + [what for rule in refusals.RULES for what in rule(sayings)]


class RulesTest(unittest.TestCase):
    def setUp(self):
        self.rows, self.deeds = copy.deepcopy(well()), deeds()

    def breaks(self, promise, *words):
        found = broken(self.rows, self.deeds)
        self.assertTrue([what for what in found if what.startswith(promise)
                         and all(word in what for word in words)], found)

    def row(self, table, **wanted):
        return next(row for row in self.rows[table]
                    if all(row[name] == value for name, value in wanted.items()))

    def test_all_is_well(self):
        self.assertEqual(broken(self.rows, self.deeds), [])

    def test_p4_a_second_agent(self):
        self.row("claims", pos=25)["conversation_id"] = 11
        self.breaks("P4", "two agents")

    def test_p4_a_claim_nothing_tells_of(self):
        self.rows["entries"].remove(self.row("entries", pos=24))
        self.breaks("P4", "nothing tells")

    def test_p4_a_message_of_another(self):
        self.row("entries", pos=18)["author_id"] = BEN
        self.breaks("P4", "had it not")

    def test_p4_a_message_after_the_end(self):
        self.rows["entries"].append(entry(23, 3, by=(2, ANN)))
        self.breaks("P4", "had it not")

    def test_p5_a_claim_above_the_limit(self):
        self.row("claims", pos=5)["to_pos"] = 23
        self.breaks("P5", "makes 2")

    def test_p5_a_claim_above_the_limit_over_all(self):
        self.rows["limits"].append(limits(20, ANN, 0) | {"channel": 0})
        self.breaks("P5", "in all")

    def test_p5_returning_work_has_a_limit_of_its_own(self):
        self.row("entries", pos=24)["code"] = "active_again"
        self.row("limits", agent_id=ANN)["slots_max"] = 0
        self.rows["entries"].append(entry(21, 11, by=(1, WALT)))
        self.assertFalse([what for what in broken(self.rows, self.deeds)
                          if what.startswith("P5") and "'pos': 22" in what])
        self.row("limits", agent_id=ANN)["slots_hard_max"] = 0
        self.breaks("P5", "'pos': 22")

    def test_p5_a_colour_that_stays(self):
        self.rows["presence"].remove(self.row("presence", pos=8))
        self.breaks("P5", "room for 0")

    def test_s4_work_for_who_is_on_a_break(self):
        self.row("presence", pos=8)["intent"] = 2
        self.breaks("S4", "on a break")

    def test_p6_a_message_of_the_blocked(self):
        self.rows["entries"].append(entry(31, 3, by=(1, VERA)))
        self.breaks("P6", "lies within")

    def test_p6_a_conversation_and_an_agent_for_the_blocked(self):
        self.rows["blocks"].append({"pos": 14, "public_id": "b", "visitor_id": XENIA,
                                    "lifted_pos": None, "expires": False})
        self.breaks("P6", "was opened within")
        self.breaks("P6", "was made within")

    def test_p6_an_answer_to_the_blocked(self):
        self.deeds.append(told("vera", "start", 33, None, channel="CHANNEL_CHAT", again=False))
        self.breaks("P6", "was acknowledged after")

    def test_p10_the_later_one_first(self):
        swapped = {11: 15, 15: 11}
        for row in (self.row("claims", pos=22), self.row("claims", pos=25),
                    self.row("entries", pos=24), self.row("entries", pos=27)):
            row["conversation_id"] = swapped[row["conversation_id"]]
        self.breaks("P10", "went before")

    def test_r5_a_ticket_that_was_lost(self):
        self.row("conversations", id=11)["ticket"] = 16
        self.breaks("R5")

    def test_who_waits_beside_the_free(self):
        self.row("presence", agent_id=BEN).update(GREEN)
        self.breaks("stuck")

    def test_who_is_not_full(self):
        self.row("limits", agent_id=ANN)["slots_max"] = 2
        self.breaks("untrue", "agent_full")

    def test_who_has_not_taken_it(self):
        self.deeds[2].answer["takenBy"]["id"] = "ann"
        self.breaks("untrue", "already_taken")

    def test_what_is_not_closed(self):
        self.deeds[3].about["conversation"] = "c11"
        self.breaks("untrue", "conversation_closed")

    def test_who_is_denied_what_is_his(self):
        self.deeds.append(told("ben", "finish", 31, "not_found", conversation="c3"))
        self.assertEqual(broken(self.rows, self.deeds), [])
        self.deeds[-1].about["conversation"] = "c15"
        self.breaks("untrue", "not_found")
        self.deeds[-1].about["conversation"] = None
        self.breaks("untrue", "not_found")

    def test_who_is_shut_out_of_what_rests(self):
        """Ann's conversation with Walt rests, and then her channel is switched off."""
        self.rows["entries"].append(entry(35, 11, "inactive"))
        self.row("claims", pos=22)["to_pos"] = 35
        self.deeds.append(told("ann", "text", 38, "forbidden", conversation="c11"))
        shut_out = "untrue", "forbidden"
        self.breaks(*shut_out)
        self.rows["limits"].append(limits(36, ANN, 1) | {"enabled": False})
        self.assertFalse([what for what in broken(self.rows, self.deeds) if "forbidden" in what])
        self.deeds[-1].kind = "close"
        self.breaks(*shut_out)

    def test_a_refusal_that_nobody_knows(self):
        self.deeds[0].code = "rate_limit"
        self.breaks("untrue", "rate_limit")

    def test_who_is_turned_away_unblocked(self):
        self.row("blocks", pos=30)["lifted_pos"] = 31
        self.breaks("untrue", "nobody_available")

    def test_who_is_turned_away_and_might_have_waited(self):
        """Nobody is free, but the rule has room for two, or asks nobody to wait."""
        missed = self.row("missed", pos=32)
        self.rows["blocks"].clear()
        for rule, cause, is_right in ((("refuse", 0), 1, True), (("refuse", 0), 2, False),
                                      (("queue", 2), 4, False), (("queue", 0), 4, True),
                                      (("queue", 2), 1, False), (("refuse", 0), 3, False)):
            missed["cause"] = cause
            found = [what for what in broken(self.rows, [], rule) if "turned away" in what]
            self.assertEqual(not found, is_right, (rule, cause))
        missed["cause"] = 2
        self.row("presence", agent_id=BEN).update(NO_COLOUR)
        self.rows["presence"].append({"pos": 31, "agent_id": ANN, "channel": 1, **NO_COLOUR})
        self.assertFalse(self.turned_away())
        self.rows["presence"].append({"pos": 31, "agent_id": BEN, "channel": 1, **GREEN})
        self.assertTrue(self.turned_away())

    def turned_away(self):
        return [what for what in broken(self.rows, [], ("refuse", 0)) if "turned away" in what]

    def test_a_claim_that_was_won_and_is_not_there(self):
        self.row("entries", pos=27)["code"] = "assigned"
        self.breaks("untrue", "is not stored")

    def test_a_claim_of_nobody(self):
        del self.deeds[1]
        self.breaks("P4", "claimed by nobody")

    def test_a_limit_that_was_not_set(self):
        self.deeds.append(told("mia", "limits", 31, None, agent="ann", channel="chat",
                               values={"slots_max": 3}))
        self.breaks("A3")


if __name__ == "__main__":
    unittest.main()
