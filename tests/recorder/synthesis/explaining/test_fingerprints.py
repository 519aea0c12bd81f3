"""Tokens that are the same wherever the same is sent are so in mocks; others are made anew each time."""

from itertools import pairwise

import pytest
from synthesis.threads import Known, Shuffled, mocks_of_threads, written


@pytest.fixture(scope="module")
def mocks():
    found = mocks_of_threads()
    found.ids = written(found)
    return found


def test_a_mark_is_the_same_where_the_same_is_sent(mocks):
    rows = mocks.ask("GET", "/remarks?page=atlas7").json["rows"]
    marks = {}
    for one in [*rows, *rows[0]["answers"]]:
        marks.setdefault(one["by"], set()).add(one["mark"])
    assert [len(found) for found in marks.values()] == [1, 1, 1]
    assert len(set.union(*marks.values())) == 3


def test_where_each_has_a_mark_of_its_own_none_comes_again():
    mocks = mocks_of_threads(Shuffled)
    sent = {"page": "p1", "text": "x y", "by": "ada"}
    marks = [mocks.ask("POST", "/remarks", sent).json["mark"] for _ in range(3)]
    assert all(one != other for one, other in pairwise(marks))


def test_what_comes_again_in_other_sessions_is_as_it_was_recorded():
    definitions = mocks_of_threads(Known).made.definitions
    assert "hash(" not in repr(definitions)
