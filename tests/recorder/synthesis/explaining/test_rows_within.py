"""Rows name things by their own id alone, below what the call names."""

from __future__ import annotations

import pytest
from synthesis.telling import learnt
from synthesis.theatres import PLAYS, Theatre, evening


@pytest.fixture(scope="module")
def mocks():
    return learnt(Theatre, evening, 10)


@pytest.mark.parametrize("play", sorted(PLAYS))
def test_what_rows_name_is_that_of_the_thing_which_is_sent(mocks, play):
    given = mocks.ask("POST", "/holds", {"play": play, "seats": ["A2", "B3"]})
    assert given.json["seats"] == [
        {"seatId": "A2", "price": 70 + PLAYS[play]},
        {"seatId": "B3", "price": 50 + PLAYS[play]},
    ]


def test_prices_that_are_another_each_time_are_of_no_seat():
    class Bazaar(Theatre):
        def hold(self, sent):
            status, made = super().hold(sent)
            for row in made.get("seats", ()):
                row["price"] = self.chance.randint(1_000, 90_000)
            return status, made

    mocks = learnt(Bazaar, evening, 10)
    told = next(
        case["response"]["body"]
        for case in mocks.definition("post-holds")["cases"]
        if case["response"]["status"] == 201
    )
    assert ".price" not in str(told["seats"])
