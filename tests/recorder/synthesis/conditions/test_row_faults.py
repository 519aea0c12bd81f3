"""What no row of an accepted call was is a reason to refuse: an unknown account, whichever row names it."""

from __future__ import annotations

import pytest
from synthesis.counters import Desk, moving
from synthesis.telling import learnt, scenes_of

from recorder.synthesis.conditions.row_faults import row_fault_lookups
from recorder.synthesis.samples.values import MISSING

FINE = [{"of": word, "count": count} for word, count in (("tea", 2), ("rye", 1), ("oil", 4), ("salt", 3))]


def free(name, known):
    """Give a name, all of which are free here."""
    del known
    return name


def lookups_of(*refused):
    """Give the faults that are found where two lists are accepted, and these are refused; with the scenes."""
    rows = [("POST", "/orders", {"lines": FINE}, 201, {"id": 1}), ("POST", "/orders", {"lines": FINE}, 201, {"id": 2})]
    rows += [("POST", "/orders", {"lines": lines}, 422, {"error": "no"}) for lines in refused]
    scenes = scenes_of(*rows)
    return row_fault_lookups(scenes, (), {}, free), scenes


@pytest.fixture(scope="module")
def desk():
    mocks = learnt(Desk, moving, 6)
    return mocks, [mocks.ask("POST", "/accounts", {"name": name}).json["id"] for name in ("till", "bank")]


def test_an_account_that_is_not_there_is_refused_in_any_row_with_its_place(desk):
    mocks, (till, bank) = desk
    for at in range(3):
        entries = [{"account": till, "side": "debit", "sum": 8}, *[{"account": bank, "side": "credit", "sum": 4}] * 2]
        entries[at] = {**entries[at], "account": "a-nobody"}
        given = mocks.ask("POST", "/moves", {"entries": entries})
        assert (given.status, given.json) == (422, {"error": "unknown account", "field": f"entries[{at}].account"})


def test_accounts_that_were_just_made_are_no_fault(desk):
    mocks, (till, bank) = desk
    entries = [{"account": till, "side": "debit", "sum": 8}, {"account": bank, "side": "credit", "sum": 8}]
    assert mocks.ask("POST", "/moves", {"entries": entries}).status == 201


def test_a_fault_is_the_first_row_that_is_otherwise_than_all_accepted_ones():
    bad = [*FINE[:2], {"of": "ash", "count": 0}, {"of": "elm", "count": -1}]
    found, scenes = lookups_of(bad, bad)
    assert found["line_with_no_count"].find(scenes[2])[1] == {**bad[2], "_at": 2, "_fits": False}
    assert found["line_with_no_count"].find(scenes[0])[1] is MISSING


def test_a_fault_that_was_seen_once_is_none():
    assert lookups_of([{"of": "ash", "count": 0}], [{"of": "ash", "count": 5}])[0] == {}


def test_rows_that_have_both_of_two_members_or_none_are_a_fault():
    sides = [{"in": 5}, {"out": 5}, {"in": 2}, {"out": 2}]
    rows = [("POST", "/moves", {"lines": sides}, 201, {"id": number}) for number in (1, 2)]
    rows += [("POST", "/moves", {"lines": [line]}, 422, {"error": "no"}) for line in ({"in": 1, "out": 1}, {})]
    found = row_fault_lookups(scenes_of(*rows), (), {}, free)
    assert list(found) == ["line_without_one_side"]
