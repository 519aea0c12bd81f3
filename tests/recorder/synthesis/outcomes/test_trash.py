"""What items say to be deletable softly is listed in the trash and brought back, though one session did neither."""

from __future__ import annotations

from synthesis.telling import Mocks


def note(number, text):
    return {"id": number, "text": text, "deleted_at": None}


ROWS = [
    ("POST", "/notes", {"text": "sweep"}, 201, {"ok": True, "data": note(1, "sweep")}),
    ("POST", "/notes", {"text": "paint"}, 201, {"ok": True, "data": note(2, "paint")}),
    ("GET", "/notes/1", None, 200, {"ok": True, "data": note(1, "sweep")}),
    ("GET", "/notes", None, 200, {"ok": True, "data": [note(1, "sweep"), note(2, "paint")], "total": 2}),
    ("DELETE", "/notes/2", None, 204, None),
    ("GET", "/notes/2", None, 404, {"ok": False, "error": "no note 2"}),
    ("GET", "/notes", None, 200, {"ok": True, "data": [note(1, "sweep")], "total": 1}),
]


def test_a_deleted_item_is_in_the_trash_until_it_is_brought_back():
    mocks = Mocks(ROWS)
    assert mocks.wrong == []
    path = f"/notes/{mocks.ask('POST', '/notes', {'text': 'rake'}).json['data']['id']}"
    kept = mocks.ask("GET", path).json
    assert mocks.ask("POST", f"{path}/restore").status == 409
    assert mocks.ask("DELETE", path).status == 204
    assert mocks.ask("GET", "/notes/trash").json == {"ok": True, "data": [kept["data"]], "total": 1}
    given = mocks.ask("POST", f"{path}/restore")
    assert given[:2] == (200, kept)
    assert given.headers["match"].startswith("schema;")
    assert mocks.ask("GET", path).json == kept
    assert mocks.ask("GET", "/notes/trash").json["data"] == []


def test_what_was_never_there_is_not_brought_back():
    assert Mocks(ROWS).ask("POST", "/notes/707/restore")[:2] == (404, {"ok": False, "error": "no note 707"})


def test_items_that_say_nothing_of_it_are_deleted_for_good():
    plain = [(*row[:4], _without(row[4])) for row in ROWS]
    mocks = Mocks(plain)
    assert ("GET", "/notes/trash") not in mocks.paths
    assert ("POST", "/notes/{note}/restore") not in mocks.paths


def _without(answer):
    if isinstance(answer, dict):
        return {name: _without(value) for name, value in answer.items() if name != "deleted_at"}
    return [_without(one) for one in answer] if isinstance(answer, list) else answer
