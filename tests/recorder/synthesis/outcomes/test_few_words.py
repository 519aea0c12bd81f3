"""What one call refuses for being none of few words, others of the same collection refuse, too."""

from __future__ import annotations

from synthesis.telling import Mocks


def event(number, kind):
    return {"id": f"e{number}k3", "kind": kind}


KINDS = ("alert", "deploy", "note", "alert", "note")
ROWS = [
    *(("POST", "/events", {"kind": kind}, 201, event(number, kind)) for number, kind in enumerate(KINDS)),
    ("POST", "/events", {"kind": "x"}, 422, {"error": "kind must be one of alert, deploy, note", "field": "kind"}),
    ("GET", "/events", None, 200, [event(number, kind) for number, kind in enumerate(KINDS)]),
    ("GET", "/events?kind=note", None, 200, [event(2, "note"), event(4, "note")]),
    ("GET", "/events/e1k3", None, 200, event(1, "deploy")),
]


def test_a_word_that_is_refused_when_things_are_made_is_refused_where_they_are_listed_and_changed():
    mocks = Mocks(ROWS)
    assert mocks.ask("GET", "/events?kind=marble").status in (400, 422)
    assert mocks.ask("GET", "/events?kind=alert").status == 200
    path = f"/events/{mocks.ask('POST', '/events', {'kind': 'note'}).json['id']}"
    assert mocks.ask("PATCH", path, {"kind": "marble"}).status == 422
    assert mocks.ask("PATCH", path, {"kind": "alert"}).status == 200


def test_what_is_no_object_is_a_bad_request_though_what_is_wrong_in_one_is_not():
    mocks = Mocks(ROWS)
    assert [mocks.ask("POST", "/events", sent).status for sent in ([], 2, b"{", {"kind": "x"})] == [400, 400, 400, 422]


def test_things_are_changed_by_post_where_all_was_written_so():
    posted = ("POST", "/events/e1k3/notes", {"text": "wool"}, 201, {"id": "n7q1", "text": "wool"})
    mocks = Mocks([*ROWS, posted])
    path = f"/events/{mocks.ask('POST', '/events', {'kind': 'note'}).json['id']}"
    assert mocks.ask("POST", path, {"kind": "alert"}).json["kind"] == "alert"
    assert mocks.ask("GET", path).json["kind"] == "alert"
