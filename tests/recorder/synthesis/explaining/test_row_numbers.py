"""Rows that are written count on from what was reached, one for each; a row that is refused does not count."""

import pytest
from synthesis.vaults import mocks_of_vaults


@pytest.fixture(scope="module")
def mocks():
    return mocks_of_vaults(8)


def test_rows_count_on_and_so_does_what_comes_after_them(mocks):
    mocks.ask("PUT", "/shelves40")
    first = mocks.ask("PUT", "/shelves40/a-1", {"kind": "map", "title": "one", "pages": 3}).json
    rows = [
        {"key": "b-2", "kind": "letter", "title": "made", "pages": 2},
        {"key": "a-1", "v": "7-000000000000", "kind": "map", "title": "stale", "pages": 1},
        {"key": "a-1", "v": first["v"], "kind": "map", "title": "in time", "pages": 6},
    ]
    told = mocks.ask("POST", "/shelves40/_many", {"rows": rows}).json["rows"]
    assert [first["n"], *(row.get("n") for row in told)] == [1, 2, None, 3]
    assert mocks.ask("PUT", "/shelves40/c-3", {"kind": "map", "title": "next", "pages": 9}).json["n"] == 4
