"""Rows of lists show the items that name them, all or as few as the query says, and how many there are."""

import pytest
from synthesis.threads import Shuffled, mocks_of_threads, written


@pytest.fixture(scope="module")
def mocks():
    found = mocks_of_threads()
    found.ids = written(found)
    return found


def test_what_names_a_row_stands_below_it(mocks):
    rows = mocks.ask("GET", "/remarks?page=atlas7").json["rows"]
    assert [row["id"] for row in rows] == mocks.ids[:2]
    assert [[one["id"] for one in row["answers"]] for row in rows] == [mocks.ids[2:], []]
    assert {one["text"] for one in rows[0]["answers"]} == {"by ada", "by bob", "by cem"}


def test_as_many_are_shown_as_the_query_says_and_all_are_counted(mocks):
    row = mocks.ask("GET", "/remarks?page=atlas7&few=2").json["rows"][0]
    assert ([one["id"] for one in row["answers"]], row["count"]) == (mocks.ids[2:4], 3)


def test_a_page_of_others_shows_nothing_of_it(mocks):
    assert mocks.ask("GET", "/remarks?page=other").json == {"rows": []}


def test_rows_that_chance_shows_are_none_of_those_below():
    definitions = mocks_of_threads(Shuffled).made.definitions
    assert "keep_rows" not in repr(definitions)
