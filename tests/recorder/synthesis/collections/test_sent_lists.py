"""Rows that several members tell apart are put into a list by calls that are sent them, and taken out of it."""

import pytest
from synthesis.rosters import mocks_of_rosters
from synthesis.telling import Mocks

ADA = {"who": "p:ada", "part": "hand", "where": "hall:north"}
BEN = {"who": "p:ben", "part": "guest", "where": "hall:north"}


@pytest.fixture(scope="module")
def mocks():
    return mocks_of_rosters()


def rows(mocks, hall, **asked):
    return [one["about"] for one in mocks.ask("POST", f"/halls/{hall}/rows", asked).json["rows"]]


def test_what_is_given_is_listed_as_it_was_recorded_until_it_is_taken(mocks):
    mocks.ask("POST", "/halls/oak-1/changes", {"give": [ADA, BEN]})
    assert mocks.ask("POST", "/halls/oak-1/rows", {}).json == {
        "rows": [{"about": ADA, "note": None}, {"about": BEN, "note": None}]
    }
    other = {**BEN, "where": "hall:south"}
    mocks.ask("POST", "/halls/oak-1/changes", {"take": [ADA], "give": [other]})
    assert rows(mocks, "oak-1") == [BEN, other]
    assert rows(mocks, "elm-2") == []


def test_members_that_are_sent_choose_rows(mocks):
    other = {**ADA, "where": "hall:south"}
    mocks.ask("POST", "/halls/oak-3/changes", {"give": [ADA, BEN, other]})
    assert rows(mocks, "oak-3", where="hall:north") == [ADA, BEN]
    assert rows(mocks, "oak-3", who="p:ada", part="hand") == [ADA, other]


def test_what_is_there_is_not_given_again_and_what_is_not_there_is_not_taken(mocks):
    assert mocks.ask("POST", "/halls/oak-4/changes", {"give": [ADA]}).status == 200
    again = mocks.ask("POST", "/halls/oak-4/changes", {"give": [ADA]})
    assert (again.status, again.json) == (409, {"why": "p:ada is hand already"})
    absent = mocks.ask("POST", "/halls/oak-4/changes", {"take": [BEN]})
    assert (absent.status, absent.json) == (409, {"why": "p:ben is not guest"})
    assert rows(mocks, "oak-4") == [ADA]


def session(listed):
    """Send rows twice, and list what there is after each."""
    first, second = [{"a": "x1", "b": "y1"}, {"a": "x1", "b": "y2"}], [{"a": "x2", "b": "y1"}]
    return [
        ("POST", "/put", {"rows": first}, 200, {}),
        ("GET", "/rows", None, 200, {"rows": listed(first)}),
        ("POST", "/put", {"rows": second}, 200, {}),
        ("GET", "/rows", None, 200, {"rows": listed([*first, *second])}),
    ]


def test_rows_that_lists_do_not_show_are_no_items():
    found = Mocks(*(session(lambda _: [{"a": "q", "b": "r"}, {"a": "q", "b": "s"}]) for _ in range(3)))
    assert not any(
        "save" in case for one in found.made.definitions for case in one["cases"] if "rows" in str(case.get("save"))
    )


def test_rows_that_one_member_tells_apart_have_no_compound_key():
    def plain(rows):
        return [{"a": row["a"] + row["b"], "b": row["b"]} for row in rows]

    told = Mocks(*(session(plain) for _ in range(3)))
    assert " ~ ' ' ~ " not in str(told.made.definitions)


def test_one_session_tells_what_is_given_and_taken():
    mocks = mocks_of_rosters(1)
    mocks.ask("POST", "/halls/fir-1/changes", {"give": [ADA, BEN]})
    mocks.ask("POST", "/halls/fir-1/changes", {"take": [ADA]})
    assert rows(mocks, "fir-1") == [BEN]
