"""Of many things that one call writes each comes out by itself: made, written over, deleted, or refused as stale."""

import pytest
from synthesis.vaults import mocks_of_vaults


@pytest.fixture(scope="module")
def mocks():
    return mocks_of_vaults(8)


def test_each_row_is_answered_by_what_becomes_of_it(mocks):
    mocks.ask("PUT", "/shelves30")
    old = mocks.ask("PUT", "/shelves30/a-1", {"kind": "map", "title": "one", "pages": 3}).json["v"]
    new = mocks.ask("PUT", f"/shelves30/a-1?v={old}", {"kind": "map", "title": "two", "pages": 4}).json["v"]
    gone = mocks.ask("PUT", "/shelves30/b-2", {"kind": "map", "title": "three", "pages": 5}).json["v"]
    rows = [
        {"key": "a-1", "v": old, "kind": "map", "title": "too late", "pages": 1},
        {"key": "c-3", "kind": "letter", "title": "made", "pages": 2},
        {"key": "b-2", "v": gone, "gone": True},
        {"key": "a-1", "v": new, "kind": "map", "title": "in time", "pages": 6},
    ]
    told = mocks.ask("POST", "/shelves30/_many", {"rows": rows}).json["rows"]
    assert told[0] == {"id": "a-1", "no": True}
    assert [row["id"] for row in told] == ["a-1", "c-3", "b-2", "a-1"]
    assert [row["v"].partition("-")[0] for row in told[1:]] == ["1", "2", "3"]
    assert mocks.ask("GET", "/shelves30/a-1").json["title"] == "in time"
    assert mocks.ask("GET", "/shelves30/c-3").json == {
        "_id": "c-3", "_v": told[1]["v"], "kind": "letter", "title": "made", "pages": 2
    }  # fmt: skip
    assert mocks.ask("GET", "/shelves30/b-2").status == 404
