"""A write that answers with id and version only keeps what was sent; a read shows it under the names that reads have."""

import pytest
from synthesis.vaults import mocks_of_vaults


@pytest.fixture(scope="module")
def mocks():
    return mocks_of_vaults()


def test_what_was_sent_is_read_with_the_version_that_the_receipt_told(mocks):
    mocks.ask("PUT", "/shelves10")
    told = mocks.ask("PUT", "/shelves10/a-1", {"kind": "map", "title": "old harbour", "pages": 4})
    assert (told.status, told.json["id"]) == (201, "a-1")
    shown = {"_id": "a-1", "_v": told.json["v"], "kind": "map", "title": "old harbour", "pages": 4}
    assert mocks.ask("GET", "/shelves10/a-1").json == shown


def test_a_stale_version_and_none_at_all_are_refused(mocks):
    mocks.ask("PUT", "/shelves11")
    first = mocks.ask("PUT", "/shelves11/a-1", {"kind": "map", "title": "x y", "pages": 1}).json["v"]
    second = mocks.ask("PUT", f"/shelves11/a-1?v={first}", {"kind": "map", "title": "x z", "pages": 2})
    assert second.status == 200
    assert mocks.ask("PUT", f"/shelves11/a-1?v={first}", {"kind": "map", "title": "w", "pages": 3}).status == 409
    assert mocks.ask("PUT", "/shelves11/a-1", {"kind": "map", "title": "w", "pages": 3}).status == 409
    assert mocks.ask("GET", "/shelves11/a-1").json["title"] == "x z"


def test_what_is_put_right_under_the_root_is_there_once_and_only_then(mocks):
    assert mocks.ask("GET", "/shelves12/a-1").status == 404
    assert mocks.ask("GET", "/shelves12").status == 404
    assert mocks.ask("PUT", "/shelves12").status == 201
    assert mocks.ask("PUT", "/shelves12").status == 409
    assert mocks.ask("GET", "/shelves12").status == 200
