"""What the last row says that names an item is shown by the item: by order, or the greatest."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.counters import Purses, paying
from synthesis.telling import Session, learnt
from synthesis.tills import Till, keeping


class Dated(Till):
    """A till whose accounts tell the greatest day of their entries, posted or not."""

    def shown(self, account):
        days = [
            one["day"]
            for one in self.entries.values()
            if any(line["account"] == account["code"] for line in one["lines"])
        ]
        return {**super().shown(account), "latest": max(days, default=None)}


@pytest.fixture(scope="module")
def till():
    mocks = learnt(Dated, keeping, 8)
    for code in ("till", "bank", "shelf"):
        mocks.ask("POST", "/accounts", {"code": code, "name": code})
    for day in ("2025-07-01", "2025-02-01"):
        lines = [{"account": "till", "in": 5}, {"account": "bank", "out": 5}]
        mocks.ask("POST", "/entries", {"day": day, "lines": lines})
    return mocks


def test_the_greatest_day_of_all_rows_is_shown(till):
    assert till.ask("GET", "/accounts/till").json["latest"] == "2025-07-01"


def test_what_has_no_rows_shows_null(till):
    assert till.ask("GET", "/accounts/shelf").json["latest"] is None


def lasts(ask):
    """Give what all answers to a session say of the day of the last flow, by the place of the call."""
    found = []

    def kept(*words):
        given = ask(*words)
        purse = (given.json.get("result") or {}).get("purse") or {}
        found.append(purse.get("last"))
        return given

    paying(kept, Random(4_711))
    return found


def test_the_last_row_counts_whichever_call_made_it():
    mocked = lasts(learnt(Purses, paying, 8).ask)
    assert mocked == lasts(Session(Purses(Random(5))).ask)
