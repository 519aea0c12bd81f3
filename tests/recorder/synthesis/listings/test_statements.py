"""Statements tell of the lines behind a sum in their order, and overviews of all items with what they come to."""

from __future__ import annotations

import pytest
from synthesis.telling import learnt
from synthesis.tills import Till, keeping


@pytest.fixture(scope="module")
def mocks():
    made = learnt(Till, keeping, 6)
    for code in ("till", "bank"):
        made.ask("POST", "/accounts", {"code": code, "name": code})
    for day, amount in (("2025-07-01", 250), ("2025-02-01", 40)):
        lines = [{"account": "till", "in": amount}, {"account": "bank", "out": amount}]
        made.ask("POST", "/entries", {"day": day, "lines": lines})
    return made


def test_a_statement_has_the_lines_by_day_with_what_they_come_to_so_far(mocks):
    shown = mocks.ask("GET", "/accounts/till/statement").json
    assert [(row["day"], row["after"]) for row in shown["rows"]] == [("2025-02-01", 40), ("2025-07-01", 290)]
    assert shown["end"] == 290


def test_a_statement_of_some_days_goes_on_from_what_was_before(mocks):
    shown = mocks.ask("GET", "/accounts/bank/statement?since=2025-03-01").json
    assert [(row["day"], row["after"]) for row in shown["rows"]] == [("2025-07-01", -290)]


def test_an_overview_has_each_item_on_its_side(mocks):
    rows = {row["code"]: row for row in mocks.ask("GET", "/overview").json["rows"]}
    assert (rows["till"], rows["bank"]) == (
        {"code": "till", "over": 290, "under": 0},
        {"code": "bank", "over": 0, "under": 290},
    )
