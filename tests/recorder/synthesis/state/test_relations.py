"""Whether somebody may is told by the rows that there are: words that go with others, and groups."""

import pytest
from synthesis.rosters import Rosters, mocks_of_rosters, tending
from synthesis.telling import learnt


@pytest.fixture(scope="module")
def mocks():
    return mocks_of_rosters(10)


def may(mocks, hall, who, part, where):
    asked = {"question": {"who": who, "part": part, "where": where}}
    return mocks.ask("POST", f"/halls/{hall}/questions", asked).json["may"]


def test_a_row_stands_for_the_parts_that_go_with_its_own(mocks):
    mocks.ask("POST", "/halls/ash-1/changes", {"give": [{"who": "p:ada", "part": "head", "where": "hall:north"}]})
    assert [may(mocks, "ash-1", "p:ada", part, "hall:north") for part in ("head", "hand", "guest")] == [True] * 3
    assert not may(mocks, "ash-1", "p:ada", "head", "hall:south")
    assert not may(mocks, "ash-2", "p:ada", "head", "hall:north")
    mocks.ask("POST", "/halls/ash-1/changes", {"give": [{"who": "p:ben", "part": "guest", "where": "hall:north"}]})
    assert [may(mocks, "ash-1", "p:ben", part, "hall:north") for part in ("head", "hand", "guest")] == [
        False,
        False,
        True,
    ]


def test_who_is_of_a_group_has_what_the_group_has(mocks):
    rows = [
        {"who": "p:cid", "part": "member", "where": "crew:blue"},
        {"who": "crew:blue@member", "part": "guest", "where": "hall:west"},
    ]
    mocks.ask("POST", "/halls/ash-3/changes", {"give": rows})
    assert may(mocks, "ash-3", "p:cid", "guest", "hall:west")
    assert not may(mocks, "ash-3", "p:dot", "guest", "hall:west")


def test_what_fits_is_listed_once_each(mocks):
    rows = [
        {"who": "p:ada", "part": "head", "where": "hall:north"},
        {"who": "p:ada", "part": "guest", "where": "hall:north"},
        {"who": "p:ada", "part": "guest", "where": "hall:south"},
    ]
    mocks.ask("POST", "/halls/ash-4/changes", {"give": rows})
    asked = {"who": "p:ada", "part": "hand"}
    assert mocks.ask("POST", "/halls/ash-4/places", asked).json == {"places": ["hall:north"]}
    asked = {"who": "p:ada", "part": "guest"}
    assert mocks.ask("POST", "/halls/ash-4/places", asked).json == {"places": ["hall:north", "hall:south"]}


class Whims(Rosters):
    """A service that says yes and no by chance."""

    def may(self, asked):
        return self.chance.random() < 0.5


def test_what_rows_do_not_tell_is_not_told_by_them():
    definition = next(one for one in learnt(Whims, tending, 10).made.definitions if one["id"] == "post-hall-questions")
    assert "selectattr" not in str(definition["cases"])
