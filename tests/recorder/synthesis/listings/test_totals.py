"""What items come to is summed up from the rows that name them, also those that nobody has looked at."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.telling import Session, learnt, told_in, visits
from synthesis.tills import Till, keeping

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.listings.totals import find_totals
from recorder.synthesis.state.world import play
from recorder.synthesis.terms.only import Only


@pytest.fixture(scope="module")
def mocks():
    return learnt(Till, keeping, 6)


def answers(ask):
    """Give what is answered to a session that neither the mocks nor the service know."""
    found = []

    def kept(*words):
        given = ask(*words)
        found.append(given)
        return given

    keeping(kept, Random(4_711))
    return found


def test_sums_are_over_the_lines_of_entries_that_count():
    samples = told_in(*visits(Till, keeping, 4))
    endpoints = endpoints_of(samples)
    collections, bindings = bind(endpoints)
    found = find_totals(play(samples, endpoints, bindings).scenes, bindings, collections)
    known = {one.member: (one.source.field, one.source.link, one.way.only) for one in found}
    posted = ("lines", "account", Only("state", "posted"))
    assert known == {"sum": posted, "moves": posted}


def test_accounts_that_an_entry_names_come_to_what_its_lines_say(mocks):
    made = {}
    for code in ("till", "bank"):
        assert mocks.ask("POST", "/accounts", {"code": code, "name": code}).json["sum"] == 0
    for day, amount in (("2025-03-01", 250), ("2025-02-01", 40)):
        lines = [{"account": "till", "in": amount}, {"account": "bank", "out": amount}]
        made[amount] = mocks.ask("POST", "/entries", {"day": day, "lines": lines}).json["id"]
    assert mocks.ask("GET", "/accounts/till").json["sum"] == 290
    assert mocks.ask("GET", "/accounts/bank").json == {"code": "bank", "name": "bank", "sum": -290, "moves": 2}
    assert mocks.ask("POST", f"/entries/{made[40]}/void").status == 200
    assert mocks.ask("GET", "/accounts/till").json["sum"] == 250


def test_what_does_not_come_out_even_is_refused(mocks):
    lines = [{"account": "till", "in": 5000}, {"account": "bank", "out": 4999}]
    assert mocks.ask("POST", "/entries", {"day": "2025-03-02", "lines": lines}).status == 422


def test_a_session_that_nobody_has_heard_is_answered_as_the_service_would(mocks):
    mocked, real = answers(mocks.ask), answers(Session(Till(Random(4_711))).ask)
    assert [one.status for one in mocked] == [one.status for one in real]
    sums = [[one.json.get("sum") for one in some if isinstance(one.json, dict)] for some in (mocked, real)]
    assert sums[0] == sums[1]


class ThreeStates(Till):
    """A till whose drafts do not count, while void entries do: what voids them is an entry, too."""

    def add_entries(self, sent):
        status, made = super().add_entries(sent)
        if status == 201 and sent.get("draft"):
            made["state"] = "draft"
        return status, made

    def lines(self, account):
        return [
            (entry, line.get("in", 0) - line.get("out", 0))
            for entry in sorted(self.entries.values(), key=lambda one: one["day"])
            for line in entry["lines"]
            if line["account"] == account["code"] and entry["state"] != "draft"
        ]


def drafting(ask, words):
    """Keep books as ever, then draft an entry, and look at its accounts."""
    keeping(ask, words)
    codes = ["x1", "x2"]
    for code in codes:
        ask("POST", "/accounts", {"code": code, "name": code})
    for _ in range(2):
        amount = words.randint(100, 99_999)
        lines = [{"account": codes[0], "in": amount}, {"account": codes[1], "out": amount}]
        ask("POST", "/entries", {"day": "2025-04-11", "lines": lines, "draft": True})
        made = ask("POST", "/entries", {"day": "2025-04-11", "lines": lines})
        ask("POST", f"/entries/{made.json['id']}/void")
        for code in codes:
            ask("GET", f"/accounts/{code}")


def test_of_three_states_one_may_not_count():
    samples = told_in(*visits(ThreeStates, drafting, 4))
    endpoints = endpoints_of(samples)
    collections, bindings = bind(endpoints)
    found = find_totals(play(samples, endpoints, bindings).scenes, bindings, collections)
    assert {one.member: one.way.only for one in found} == dict.fromkeys(("sum", "moves"), Only("state", "draft", True))
