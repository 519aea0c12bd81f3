"""What is there goes down by the rows of what is ordered, and up again where that is called off."""

from __future__ import annotations

from copy import deepcopy
from random import Random

import pytest
from synthesis.telling import Session, learnt, word

PARTS = {"bolt": 40, "nut": 60, "cog": 25, "cam": 31}


class Depot:
    """Parts on shelves; a picking list takes its rows from them when it is sent, and a return puts them back."""

    moves = True

    def __init__(self, chance):
        self.chance = chance
        self.shelves = {name: {"part": name, "there": count} for name, count in PARTS.items()}
        self.lists = {}

    def answer(self, method, target, sent, headers):
        del headers
        [_, kind, *rest] = target.split("/")
        if kind == "shelves":
            if not rest:
                return 200, {"shelves": list(self.shelves.values())}
            found = self.shelves.get(rest[0])
            return (200, found) if found else (404, {"error": "no such shelf"})
        if method == "POST" and not rest:
            made = {"list": word(self.chance), "state": "open", "rows": sent["rows"]}
            self.lists[made["list"]] = made
            return 201, made
        found = self.lists.get(rest[0])
        if found is None:
            return 404, {"error": "no such list"}
        if rest[1:]:
            found["state"] = {"send": "sent", "return": "back"}[rest[1]]
            for row in found["rows"] if self.moves else ():
                self.shelves[row["part"]]["there"] += -row["count"] if rest[1] == "send" else row["count"]
        return 200, found


def picking(ask, words):
    """Write a list, send it, return it at times, and look at shelves before and after."""
    ask("GET", "/shelves")
    for _ in range(2):
        parts = words.sample(sorted(PARTS), 2)
        rows = [{"part": part, "count": words.randint(1, 9)} for part in parts]
        made = ask("POST", "/lists", {"rows": rows}).json["list"]
        ask("GET", f"/shelves/{parts[0]}")
        ask("POST", f"/lists/{made}/send", {})
        ask("GET", f"/shelves/{parts[0]}")
        if words.random() < 0.5:
            ask("POST", f"/lists/{made}/return", {})
            ask("GET", f"/shelves/{parts[1]}")
    ask("GET", f"/shelves/{word(words)}")
    ask("GET", "/shelves")


def shown(asked, seed):
    found = []

    def ask(*words):
        given = asked(*words)
        if "/shelves" in words[1]:
            found.append((given.status, deepcopy(given.json)))
        return given

    picking(ask, Random(seed))
    return found


@pytest.fixture(scope="module")
def mocks():
    return learnt(Depot, picking, 8)


def test_what_is_there_follows_what_is_sent_and_returned(mocks):
    assert shown(mocks.ask, 71) == shown(Session(Depot(Random(71))).ask, 71)


def test_each_row_is_taken_from_what_it_names(mocks):
    saves = [save for one in mocks.definition("post-list-send")["cases"] for save in one.get("save", ())]
    [taken] = [save for save in saves if save["in"] == "shelves"]
    assert (taken["as"], taken["merge"]) == ("row", True)
    assert taken["item"]["there"].startswith("{{ (vars.row.there - total(keep_rows(vars.answer.json.rows, 'part'")


def test_a_list_that_moves_nothing_takes_nothing():
    class Still(Depot):
        moves = False

    mocks = learnt(Still, picking, 8)
    assert not any(
        save["in"] == "shelves"
        for one in mocks.made.definitions
        for case in one.get("cases", ())
        for save in case.get("save", ())
    )


def test_rows_that_name_nothing_take_nothing():
    class Loose(Depot):
        def answer(self, method, target, sent, headers):
            status, found = super().answer(method, target, sent, headers)
            if method == "POST":
                found = {**found, "results": [*found["rows"], {"count": 3, "error": "not a part"}]}
            return status, found

    mocks = learnt(Loose, picking, 8)
    assert shown(mocks.ask, 71) == shown(Session(Loose(Random(71))).ask, 71)
