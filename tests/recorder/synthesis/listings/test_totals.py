"""What items come to is summed up from the rows that name them, also those that nobody has looked at."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.telling import Session, learnt, told_in, visits
from synthesis.tills import Till, keeping

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.listings.sources import Only
from recorder.synthesis.listings.totals import find_totals
from recorder.synthesis.state.world import play


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
