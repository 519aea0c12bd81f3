"""What one write refuses for whose an item is, other writes refuse."""

from __future__ import annotations

from synthesis.telling import Mocks

ADA, BOB = {"X-Api-Key": "key-ada-7Qm2"}, {"X-Api-Key": "key-bob-3Xw9"}
TASK = {"id": "t-71", "title": "sweep", "owner": "ada"}
ROWS = [
    ("POST", "/users", {"name": "ada"}, 201, {"name": "ada", "key": ADA["X-Api-Key"]}),
    ("POST", "/users", {"name": "bob"}, 201, {"name": "bob", "key": BOB["X-Api-Key"]}),
    ("POST", "/tasks", {"title": "sweep"}, 201, TASK, ADA),
    ("POST", "/tasks", {"title": "mow"}, 201, {"id": "t-72", "title": "mow", "owner": "bob"}, BOB),
    ("GET", "/tasks/t-71", None, 200, TASK, ADA),
    ("GET", "/tasks/t-71", None, 200, TASK, BOB),
    ("PATCH", "/tasks/t-71", {"title": "x"}, 403, {"error": "not yours"}, BOB),
    ("PATCH", "/tasks/t-71", {"title": "dust"}, 200, {**TASK, "title": "dust"}, ADA),
]


def test_a_write_that_nobody_recorded_is_refused_to_others_and_reads_are_not():
    mocks = Mocks(ROWS)
    assert mocks.wrong == []
    cy, dee = ({"X-Api-Key": mocks.ask("POST", "/users", {"name": name}).json["key"]} for name in ("cy", "dee"))
    path = f"/tasks/{mocks.ask('POST', '/tasks', {'title': 'rake'}, cy).json['id']}"
    for method, sent in (("DELETE", None), ("PUT", {"title": "y"}), ("PATCH", {"title": "y"})):
        assert mocks.ask(method, path, sent, dee)[:2] == (403, {"error": "not yours"})
    assert mocks.ask("GET", path, None, dee).json["title"] == "rake"
    assert mocks.ask("DELETE", path, None, cy).status == 204


def test_what_others_did_to_an_item_is_not_refused():
    removed = [
        ("POST", "/tasks", {"title": "paint"}, 201, {"id": "t-73", "title": "paint", "owner": "ada"}, ADA),
        ("DELETE", "/tasks/t-73", None, 204, None, BOB),
    ]
    mocks = Mocks([*ROWS, *removed])
    cy, dee = ({"X-Api-Key": mocks.ask("POST", "/users", {"name": name}).json["key"]} for name in ("cy", "dee"))
    path = f"/tasks/{mocks.ask('POST', '/tasks', {'title': 'rake'}, cy).json['id']}"
    assert mocks.ask("DELETE", path, None, dee).status == 204
