"""Sums over rows that have one amount each: their side is a word, or which of two accounts they name."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.counters import Desk, Purses, moving, paying
from synthesis.telling import Session, learnt

from recorder.synthesis.terms.views import Legs, Sided, leg_views, sided_views


def balances(ask, script, seed=4_711):
    """Give what all answers to a session say of amounts, by the place of the call."""
    found = []

    def kept(*words):
        given = ask(*words)
        found.append(given)
        return given

    script(kept, Random(seed))
    return found


def told(given, *path):
    """Give a part of an answer, None where it is not there."""
    value = given.json
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


@pytest.fixture(scope="module")
def desk():
    return learnt(Desk, moving, 6)


@pytest.fixture(scope="module")
def purses():
    return learnt(Purses, paying, 8)


def test_balances_inside_an_account_are_added_up_by_the_side_that_entries_say(desk):
    mocked, real = balances(desk.ask, moving), balances(Session(Desk(Random(5))).ask, moving)
    shown = [[told(one, "balances") for one in some if told(one, "balances")] for some in (mocked, real)]
    assert shown[0] == shown[1]


def test_what_is_sent_from_one_to_another_lessens_the_one_and_its_fee_too(purses):
    mocked, real = balances(purses.ask, paying), balances(Session(Purses(Random(5))).ask, paying)
    shown = [[told(one, "result", "purse", "balance") for one in some] for some in (mocked, real)]
    assert shown[0] == shown[1]


def test_what_is_free_is_the_balance_without_what_is_held(purses):
    mocked, real = balances(purses.ask, paying), balances(Session(Purses(Random(5))).ask, paying)
    shown = [[told(one, "result", "purse", "free") for one in some] for some in (mocked, real)]
    assert shown[0] == shown[1]


def test_calls_of_several_kinds_make_things_of_one(purses):
    kept = {save["in"] for one in ("purse.fill", "flow.send", "flow.undo") for save in cases(purses, one)}
    assert "flows" in kept


def cases(mocks, method):
    """Give the saves of an operation."""
    return [save for case in mocks.definition(f"post-rpc-{method}")["cases"] for save in case.get("save", ())]


ENTRIES = [{"side": side, "sum": amount} for side, amount in (("debit", 5), ("credit", 3), ("credit", 2))]
FLOWS = [{"from": "a", "to": "b", "amount": 5, "fee": 1}, {"from": "b", "to": "c", "amount": 3, "fee": 2}]


def test_the_side_of_a_row_is_one_of_two_words():
    [view] = sided_views(ENTRIES, [("side", ["credit", "debit"])])
    assert view == Sided("side", "sum", ("credit", "debit"))
    assert list(view.rows(ENTRIES[0], {})) == [({**ENTRIES[0], "debit": 5}, {})]


def test_what_flows_has_a_leg_for_each_of_two_that_it_names():
    views = list(leg_views(FLOWS, ["from", "to"]))
    assert Legs("from", "to", "amount", "fee") in views
    rows = [row for row, _ in Legs("from", "to", "amount", "fee").rows(FLOWS[0], FLOWS[0])]
    assert rows == [{"account": "a", "out": 6}, {"account": "b", "in": 5}]


def test_what_names_the_same_twice_has_no_legs():
    assert list(leg_views([{"from": "a", "to": "a", "amount": 5}], ["from", "to"])) == []


def test_a_few_amounts_may_be_written_without_cents():
    rows = [{"side": ("in", "out")[at % 2], "sum": f"{at * 7}.50"} for at in range(1, 20)]
    kinds = [("side", ["in", "out"])]
    assert list(sided_views([*rows, {"side": "in", "sum": "3400"}], kinds)) == [Sided("side", "sum", ("in", "out"))]
    assert list(sided_views([*rows, {"side": "in", "sum": "none"}], kinds)) == []
    assert list(sided_views([*rows, *[{"side": "in", "sum": "3400"}] * 9], kinds)) == []
