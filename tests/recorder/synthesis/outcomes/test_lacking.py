"""Endpoints that were only seen to refuse, and why, answer all other calls."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks

ADA, BOB = {"X-Api-Key": "key-ada-7Qm2"}, {"X-Api-Key": "key-bob-3Xw9"}
USERS = [
    ("POST", "/users", {"username": name}, 201, {"username": name, "key": key["X-Api-Key"]})
    for name, key in (("ada", ADA), ("bob", BOB))
]
TASKS = [
    ("POST", "/tasks", {"title": title}, 201, {"ok": True, "task": {"id": f"task-{title}", "title": title, "owner": name}}, key)
    for title, name, key in (("sweep", "ada", ADA), ("paint", "bob", BOB))
]  # fmt: skip
READ = (
    "GET",
    "/tasks/task-sweep",
    None,
    200,
    {"ok": True, "task": {"id": "task-sweep", "title": "sweep", "owner": "ada"}},
    ADA,
)


def made(mocks):
    """Give who calls and the path of a task of theirs."""
    key = mocks.ask("POST", "/users", {"username": "cy"}).json["key"]
    task = mocks.ask("POST", "/tasks", {"title": "mow"}, {"X-Api-Key": key}).json["task"]
    return {"X-Api-Key": key}, f"/tasks/{task['id']}", task


def test_what_was_only_refused_for_being_of_somebody_else_is_answered_to_its_owner():
    refused = ("PATCH", "/tasks/task-sweep", {"title": "x"}, 403, {"error": "not yours"}, BOB)
    mocks = Mocks([*USERS, *TASKS, READ, refused])
    assert mocks.wrong == []
    caller, path, task = made(mocks)
    given = mocks.ask("PATCH", path, {"title": "rake"}, caller)
    assert given[:2] == (200, {"ok": True, "task": {**task, "title": "rake"}})
    assert given.headers["match"].startswith("schema;")
    assert mocks.ask("GET", path, None, caller).json["task"]["title"] == "rake"
    other = {"X-Api-Key": mocks.ask("POST", "/users", {"username": "dee"}).json["key"]}
    assert mocks.ask("PATCH", path, {"title": "y"}, other)[:2] == (403, {"error": "not yours"})
    assert mocks.ask("PATCH", "/tasks/nothing", {"title": "y"}, caller).status == 404


def test_what_was_only_refused_for_not_being_there_is_answered_where_it_is():
    refused = ("DELETE", "/tasks/task-nobody", None, 404, {"error": "no such task"}, ADA)
    mocks = Mocks([*USERS, *TASKS, READ, refused])
    caller, path, _ = made(mocks)
    assert [mocks.ask("DELETE", path, None, caller)[:2] for _ in range(2)] == [
        (204, None),
        (404, {"error": "no such task"}),
    ]


def test_what_was_refused_for_a_reason_that_nothing_shows_is_refused():
    refused = ("PATCH", "/tasks/task-sweep", {"title": "x"}, 409, {"error": "not now"}, ADA)
    mocks = Mocks([*USERS, *TASKS, READ, refused])
    caller, path, _ = made(mocks)
    assert mocks.ask("PATCH", path, {"title": "rake"}, caller).status == 409


@pytest.mark.parametrize(
    ("sent", "told", "asked", "expected"),
    [
        ({"owner": "bob"}, "owner cannot be changed", {"owner": "dee"}, 422),
        ({"owner": "bob"}, "owner cannot be changed", {"title": "rake"}, 200),
        ({"title": "x", "mood": "sulky"}, "There is no sulky", {"mood": "sulky"}, 422),
        ({"title": "x", "mood": "sulky"}, "There is no sulky", {"mood": "merry"}, 200),
        ({"title": "x"}, "This will not do", {"title": "rake"}, 422),
    ],
)
def test_a_change_refused_for_what_it_sent_is_done_where_that_is_not_sent(sent, told, asked, expected):
    mocks = Mocks([*USERS, *TASKS, READ, ("PATCH", "/tasks/task-sweep", sent, 422, {"error": told}, ADA)])
    assert mocks.wrong == []
    caller, path, _ = made(mocks)
    assert mocks.ask("PATCH", path, asked, caller).status == expected


def test_a_change_refused_for_its_version_is_done_with_the_right_one():
    texts = {1: "a", 2: "b"}
    shown = {at: {"id": at, "text": text, "version": 1} for at, text in texts.items()}
    rows = [("POST", "/pages", {"text": texts[at]}, 201, one) for at, one in shown.items()]
    rows += [("GET", f"/pages/{at}", None, 200, one, {}, {"etag": '"1"'}) for at, one in shown.items()]
    stale = ("PATCH", "/pages/1", {"text": "c"}, 412, {"error": "changed since"}, {"if-match": '"0"'})
    mocks = Mocks([*rows, stale])
    path = f"/pages/{mocks.ask('POST', '/pages', {'text': 'd'}).json['id']}"
    assert mocks.ask("PATCH", path, {"text": "e"}, {"if-match": '"7"'}).status == 412
    given = mocks.ask("PATCH", path, {"text": "e"}, {"if-match": '"1"'})
    assert (given.status, given.json["text"]) == (200, "e")


IN = {"Cookie": "pass=9Xw2qLr7Tz"}
NOTE = {"id": "n-7", "text": "salt", "size": 3}
NOTES = [
    ("POST", "/notes", {"text": "salt", "size": 3}, 201, NOTE, IN),
    ("GET", "/notes/n-7", None, 200, NOTE),
    ("PATCH", "/notes/n-7", {"size": 4}, 200, {**NOTE, "size": 4}, IN),
    ("GET", "/notes/n-9", None, 404, {"why": "no note"}),
]


def a_note(mocks):
    """Give the path of a note."""
    return f"/notes/{mocks.ask('POST', '/notes', {'text': 'oil', 'size': 1}, IN).json['id']}"


def test_what_was_only_refused_to_nobody_is_done_for_who_has_a_cookie_as_with_other_writes():
    mocks = Mocks([*NOTES, ("DELETE", "/notes/n-7", None, 403, {"why": "not you"})])
    path = a_note(mocks)
    assert mocks.ask("DELETE", path).status == 403
    assert (mocks.ask("DELETE", path, None, IN).status, mocks.ask("GET", path).status) == (204, 404)


def test_what_was_refused_to_who_has_a_cookie_is_refused_for_something_else():
    mocks = Mocks([*NOTES, ("DELETE", "/notes/n-7", None, 403, {"why": "not now"}, IN)])
    assert mocks.ask("DELETE", a_note(mocks), None, IN).status == 403


def test_what_was_only_refused_for_sending_less_than_a_whole_is_replaced_by_one():
    mocks = Mocks([*NOTES, ("PUT", "/notes/n-7", {"text": "ash"}, 400, {"why": "not whole"}, IN)])
    path = a_note(mocks)
    assert mocks.ask("PUT", path, {"text": "ash"}, IN)[:2] == (400, {"why": "not whole"})
    assert mocks.ask("PUT", path, {"text": "ash", "size": 2}, IN).status == 200
    assert mocks.ask("GET", path).json["text"] == "ash"


def test_a_whole_one_that_was_refused_is_refused_for_something_else():
    mocks = Mocks([*NOTES, ("PUT", "/notes/n-7", {"text": "ash", "size": 2}, 400, {"why": "not so"}, IN)])
    assert mocks.ask("PUT", a_note(mocks), {"text": "ash", "size": 2}, IN).status == 400


def done(told, status, key=ADA):
    return ("POST", "/tasks/task-sweep/finish", None, status, {"error": told}, key)


def test_what_was_only_asked_of_a_thing_that_is_not_there_is_done_with_one_that_is():
    refused = ("POST", "/tasks/task-nobody/finish", None, 404, {"error": "no such task"}, ADA)
    mocks = Mocks([*USERS, *TASKS, READ, refused])
    caller, path, task = made(mocks)
    assert mocks.ask("POST", f"{path}/finish", None, caller)[:2] == (200, {"ok": True, "task": task})
    assert mocks.ask("POST", "/tasks/task-none/finish", None, caller).status == 404


def test_what_was_only_refused_in_the_state_that_it_tells_is_done_in_others():
    closed = {"id": "task-sweep", "title": "sweep", "owner": "ada", "status": "closed"}
    tasks = [("POST", "/tasks", {"title": "sweep"}, 201, {"ok": True, "task": closed}, ADA)]
    read = ("GET", "/tasks/task-sweep", None, 200, {"ok": True, "task": closed}, ADA)
    change = (
        "PATCH",
        "/tasks/task-sweep",
        {"status": "open"},
        200,
        {"ok": True, "task": closed | {"status": "open"}},
        ADA,
    )
    mocks = Mocks([*USERS, *tasks, read, done("The task is closed", 409), change])
    key = mocks.ask("POST", "/users", {"username": "cy"}).json["key"]
    path = f"/tasks/{mocks.ask('POST', '/tasks', {'title': 'mow'}, {'X-Api-Key': key}).json['task']['id']}"
    assert mocks.ask("POST", f"{path}/finish", None, {"X-Api-Key": key}).status == 409
    mocks.ask("PATCH", path, {"status": "open"}, {"X-Api-Key": key})
    assert mocks.ask("POST", f"{path}/finish", None, {"X-Api-Key": key}).status == 200


def test_what_is_not_found_of_a_thing_that_is_there_stays_refused():
    mocks = Mocks([*USERS, *TASKS, READ, done("no helper", 404)])
    caller, path, _ = made(mocks)
    assert mocks.ask("POST", f"{path}/finish", None, caller).status == 404
