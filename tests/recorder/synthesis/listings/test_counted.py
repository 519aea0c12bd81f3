"""What a body says of items is understood where they are listed, and where they are only counted."""

import pytest
from synthesis.cellars import Guessing, mocks_of_cellars

BOTTLES = [("oak", "red", 3), ("elm", "white", 7), ("ash", "red", 9), ("fir", "pink", 1)]


def filled(mocks):
    """Put some bottles in."""
    for name, kind, age in BOTTLES:
        mocks.ask("POST", "/bottles", {"name": name, "kind": kind, "age": age})
    return mocks


@pytest.fixture(scope="module")
def mocks():
    return filled(mocks_of_cellars())


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"kind": {"any_": ["red", "pink"]}}, ["ash", "fir", "oak"]),
        ({"kind": {"not_any_": ["red"]}}, ["elm", "fir"]),
        ({"age": {"ge_": 3, "le_": 7}}, ["elm", "oak"]),
        ({"name": {"like_": "A"}}, ["ash", "oak"]),
        ({"kind": {"any_": ["rose"]}}, []),
    ],
)
def test_conditions_in_a_body_choose_what_is_listed_and_what_is_counted(mocks, wanted, names):
    listed = mocks.ask("POST", "/bottles/filter", {"bottles": wanted, "sort": "NAME_ASC"}).json
    assert [one["name"] for one in listed] == names
    assert mocks.ask("POST", "/bottles/count", {"bottles": wanted}).json == {"bottles": len(names)}


def test_order_and_limit_change_what_is_shown_and_not_how_many_there_are(mocks):
    some = {"bottles": {"kind": {"any_": ["red"]}}, "sort": "AGE_DESC", "limit": 1}
    assert [one["name"] for one in mocks.ask("POST", "/bottles/filter", some).json] == ["ash"]
    assert mocks.ask("POST", "/bottles/count", {}).json == {"bottles": len(BOTTLES)}


def test_numbers_that_are_none_of_a_list_are_not_counted():
    made = mocks_of_cellars(Guessing).made.definitions
    assert [one for one in made if one["match"]["path"] == "/bottles/count" and "list" in one] == []
