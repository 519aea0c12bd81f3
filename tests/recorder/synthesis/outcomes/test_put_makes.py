"""A `PUT` that was only recorded replacing things makes them, where the API makes others so."""

from __future__ import annotations

from synthesis.telling import Mocks

BOX = {"id": "attic-boxes", "size": 4}
NOTE = {"id": "5d1c-77e0-mow", "text": "mow"}
ROWS = [
    ("PUT", "/boxes/attic-boxes", {"size": 4}, 201, BOX),
    ("GET", "/boxes/attic-boxes", None, 200, BOX),
    ("POST", "/boxes/attic-boxes/notes", {"text": "mow"}, 201, NOTE),
    ("GET", "/boxes/attic-boxes/notes/5d1c-77e0-mow", None, 200, NOTE),
    ("PUT", "/boxes/attic-boxes/notes/5d1c-77e0-mow", {"text": "dust"}, 200, {**NOTE, "text": "dust"}),
    ("GET", "/boxes/attic-boxes/notes/5d1c-77e0-mow", None, 200, {**NOTE, "text": "dust"}),
]


def test_what_is_not_there_is_made_and_what_is_there_replaced():
    mocks = Mocks(ROWS)
    assert mocks.wrong == []
    path = "/boxes/attic-boxes/notes/7ab3-11f2-rake"
    made = {"id": "7ab3-11f2-rake", "text": "rake"}
    assert mocks.ask("PUT", path, {"text": "rake"})[:2] == (201, made)
    assert mocks.ask("GET", path)[:2] == (200, made)
    assert mocks.ask("PUT", path, {"text": "prune"})[:2] == (200, {**made, "text": "prune"})


def test_where_nothing_is_made_so_what_is_not_there_is_refused():
    posted = [("POST", "/boxes", {"size": 4}, 201, BOX), *ROWS[1:]]
    assert Mocks(posted).ask("PUT", "/boxes/attic-boxes/notes/7ab3-11f2-rake", {"text": "rake"}).status == 404
