"""A list that tells of items made elsewhere is no collection of its own."""

from __future__ import annotations

import pytest
from synthesis.telling import told_in, visits, word
from synthesis.tills import Till, keeping

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.collections.feeds import find_feeds
from recorder.synthesis.collections.overviews import set_aside_overviews
from recorder.synthesis.endpoints.endpoint import endpoints_of


def test_statements_and_overviews_are_set_aside_and_what_is_made_stays():
    endpoints = endpoints_of(told_in(*visits(Till, keeping, 4)))
    collections, bindings = bind(endpoints)
    left = set_aside_overviews(endpoints, collections, bindings)
    assert "accounts" in {one.name for one in left}
    bound = {one.id: bindings[one].collection for one in endpoints if one.method == "GET"}
    assert all(found is None for name, found in bound.items() if "overview" in name)


class NamedTill(Till):
    """A till whose overview tells the names of accounts, and their codes under another name than ids have."""

    def answer(self, method, target, sent, headers):
        if target.startswith("/overview"):
            rows = [self.shown(one) for one in self.accounts.values()]
            return 200, {"rows": [{"name": one["name"], "account": one["code"], "over": one["sum"]} for one in rows]}
        return super().answer(method, target, sent, headers)


def test_an_overview_is_set_aside_where_any_of_its_members_names_the_items():
    endpoints = endpoints_of(told_in(*visits(NamedTill, keeping, 4)))
    collections, bindings = bind(endpoints)
    set_aside_overviews(endpoints, collections, bindings)
    assert all(bindings[one].collection is None for one in endpoints if "overview" in one.id)


class Desk:
    """Things that have numbers from 1 on, and notes of what was done, which have them too, and of which are often more.

    It is not told which call made a note.
    """

    def __init__(self, chance):
        del chance
        self.things = []

    def answer(self, method, target, sent, headers):
        del headers
        if method == "POST":
            self.things.append({"id": len(self.things) + 1, "name": sent["name"]})
            return 201, self.things[-1]
        if target == "/notes":
            count = len(self.things) + (len(self.things) == 5)
            return 200, [{"id": place, "what": f"note {place}"} for place in range(1, count + 1)]
        return 200, self.things[int(target.rpartition("/")[2]) - 1]


def filling(ask, words):
    for place in range(words.randint(3, 6)):
        ask("POST", "/things", {"name": f"{word(words)}"})
        ask("GET", f"/things/{place + 1}")
    ask("GET", "/notes")


def test_rows_that_count_on_as_other_things_do_are_no_overview_of_these():
    endpoints = endpoints_of(told_in(*visits(Desk, filling, 24)))
    collections, bindings = bind(endpoints)
    left = set_aside_overviews(endpoints, collections, bindings)
    assert {one.name for one in left} == {"things", "notes"}


FLAVOURS = ("lemon", "mint", "plum", "fig", "rose", "salt")


class Stall:
    """Rounds with flavours to choose from; a result tells how often each was chosen, or of the last rounds."""

    tells_more = True

    def __init__(self, chance):
        self.chance = chance
        self.rounds = {}

    def answer(self, method, target, sent, headers):
        del method, headers
        if target == "/rounds":
            key = word(self.chance)
            flavours = [{"id": at, "flavour": one} for at, one in enumerate(sent["flavours"], 1)]
            self.rounds[key] = {"id": key, "flavours": flavours}
            return 201, self.rounds[key]
        _, _, key, *rest = target.split("/")
        if not rest:
            return 200, self.rounds[key]
        rows = self.rounds[key]["flavours"] if self.tells_more else next(iter(self.rounds.values()))["flavours"]
        return 200, {"flavours": [{**row, "times": len(row["flavour"]) + len(key)} for row in rows]}


class Others(Stall):
    """Results that tell of the first round, whichever was asked for."""

    tells_more = False


def choosing(ask, words):
    for _ in range(3):
        path = f"/rounds/{ask('POST', '/rounds', {'flavours': words.sample(FLAVOURS, 3)}).json['id']}"
        ask("PATCH", path, {"open": True})
        ask("PATCH", path, {"open": False})
        ask("GET", path)
        ask("GET", f"{path}/result")


@pytest.mark.parametrize(("service", "role"), [(Stall, "action"), (Others, "collection")])
def test_rows_that_tell_more_of_the_rows_of_the_item_above_are_kept_nowhere(service, role):
    endpoints = endpoints_of(told_in(*visits(service, choosing, 4)))
    collections, bindings = bind(endpoints)
    left = set_aside_overviews(endpoints, collections, bindings)
    assert ("result" in {one.name for one in left}) is (role == "collection")
    assert find_feeds(endpoints, left, bindings) == []
    [result] = [bindings[one] for one in endpoints if "result" in one.path]
    assert result.role == role
