"""Lists that were never read to their end: a flag says that there is no more, or no next page does."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks


def session(flag):
    rows = [{"id": number, "text": text} for number, text in enumerate(("sweep", "paint", "mow"), 1)]
    made = [("POST", "/notes", {"text": one["text"]}, 201, one) for one in rows]
    pages = [
        ("GET", f"/notes?offset={at}&limit=1", None, 200, {"notes": rows[at : at + 1], "next": at + 1, **flag})
        for at in (0, 1)
    ]
    return [*made, *pages]


@pytest.mark.parametrize(("flag", "after"), [({"more": True}, 3), ({}, None)])
def test_the_last_page_tells_where_it_ends_if_a_flag_says_that_it_is_the_last(flag, after):
    mocks = Mocks(session(flag))
    for text in ("rake", "prune", "dust"):
        mocks.ask("POST", "/notes", {"text": text})
    last = mocks.ask("GET", "/notes?offset=2&limit=1")
    assert [one["text"] for one in last.json["notes"]] == ["dust"]
    assert last.json["next"] == after
    assert last.json.get("more", False) is False
