"""Sums go on from what an answer announces of an item, though the rows behind that are never shown."""

from __future__ import annotations

from collections import Counter

import pytest
from synthesis.telling import learnt, word
from synthesis.tills import Till


class Teller(Till):
    """A till that pays out, and tells what is left of the account, but makes no entry that shows it."""

    def __init__(self, chance):
        super().__init__(chance)
        self.paid = Counter()

    def add_payouts(self, sent):
        self.paid[sent["account"]] += sent["amount"]
        left = self.shown(self.accounts[sent["account"]])["sum"]
        return 201, {"payout": word(self.chance), "amount": sent["amount"], "left": left}

    def shown(self, account):
        found = super().shown(account)
        return {**account, "sum": found["sum"] - self.paid[account["code"]]}


def telling(ask, words):
    """Open two accounts, post entries between them, and have some paid out now and then."""
    codes = [word(words, size=6) for _ in range(2)]
    for code in codes:
        ask("POST", "/accounts", {"code": code, "name": word(words)})
    for number in range(5):
        amount = words.randint(1_000, 99_999)
        lines = [{"account": codes[0], "in": amount}, {"account": codes[1], "out": amount}]
        made = ask("POST", "/entries", {"day": "2025-04-11", "lines": lines})
        ask("GET", f"/entries/{made.json['id']}")
        if number == 3:
            ask("POST", "/payouts", {"account": codes[0], "amount": words.randint(10, 900)})
        for code in codes:
            ask("GET", f"/accounts/{code}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Teller, telling, 8)


def test_what_is_announced_is_what_later_rows_are_added_to(mocks):
    for code in ("till", "bank"):
        mocks.ask("POST", "/accounts", {"code": code, "name": code})

    def post(amount):
        lines = [{"account": "till", "in": amount}, {"account": "bank", "out": amount}]
        mocks.ask("POST", "/entries", {"day": "2025-05-02", "lines": lines})
        return [mocks.ask("GET", f"/accounts/{code}").json["sum"] for code in ("till", "bank")]

    assert post(2_500) == [2_500, -2_500]
    paid = mocks.ask("POST", "/payouts", {"account": "till", "amount": 100}).json
    assert paid["left"] == 2_400
    assert mocks.ask("GET", "/accounts/till").json["sum"] == 2_400
    assert post(40) == [2_440, -2_540]
