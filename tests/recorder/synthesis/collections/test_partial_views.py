"""What the calls to an item never show of it is kept all the same, and shown where it was shown."""

import pytest
from synthesis.threads import mocks_of_threads, written


@pytest.fixture(scope="module")
def mocks():
    found = mocks_of_threads()
    found.ids = written(found)
    return found


def test_a_read_leaves_out_what_it_never_shows_and_nothing_is_lost(mocks):
    assert "mark" not in mocks.ask("GET", f"/remarks/{mocks.ids[0]}").json
    assert all(row["mark"] for row in mocks.ask("GET", "/remarks?page=atlas7").json["rows"])
