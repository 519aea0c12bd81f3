"""What goes with an item that is deleted: the items that name it, where they were found no more after it."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks

MISSED = ("GET", None, 404, {"error": "not found"})


def session(number, *, goes, lists=False):
    """Give a session in which one of two projects is deleted, and what the tasks look like then."""
    projects = [f"p{number}{at}{7919 * (number + 1) + at:06}k" for at in range(2)]
    tasks = [{"id": f"t{at}{number}x{at * 31 + number * 977:05}", "project": projects[at % 2]} for at in range(3)]
    rows = [("POST", "/projects", {"name": f"n{one}"}, 201, {"id": one, "name": f"n{one}"}) for one in projects]
    rows += [("POST", "/tasks", {"project": one["project"]}, 201, one) for one in tasks]
    rows += [("GET", "/tasks", None, 200, {"rows": tasks}), ("DELETE", f"/projects/{projects[0]}", None, 204, None)]
    rows += [("GET", f"/projects/{projects[0]}", None, 404, MISSED[3])]
    left = [one for one in tasks if not goes or one["project"] != projects[0]]
    if lists:
        return [*rows, ("GET", "/tasks", None, 200, {"rows": left})]
    return [*rows, *(read(one) if one in left else ("GET", f"/tasks/{one['id']}", *MISSED[1:]) for one in tasks)]


def read(task):
    return ("GET", f"/tasks/{task['id']}", None, 200, task)


def seen_once(rows):
    """Leave out the first of two lists of tasks."""
    first = next(place for place, row in enumerate(rows) if row[:2] == ("GET", "/tasks"))
    return rows[:first] + rows[first + 1 :]


def left_of(mocks):
    """Give what is listed of two tasks when the project of the first is deleted, by their places."""
    projects = [mocks.ask("POST", "/projects", {"name": name}).json["id"] for name in ("wool", "silk")]
    tasks = [mocks.ask("POST", "/tasks", {"project": one}).json["id"] for one in projects]
    assert mocks.ask("DELETE", f"/projects/{projects[0]}").status == 204
    return [tasks.index(row["id"]) for row in mocks.ask("GET", "/tasks").json["rows"]]


@pytest.mark.parametrize("lists", [False, True])
def test_what_is_found_or_listed_no_more_goes_with_what_it_named(lists):
    mocks = Mocks(*(session(number, goes=True, lists=lists) for number in range(5)))
    assert left_of(mocks) == [1]


def test_what_goes_is_not_found_either():
    mocks = Mocks(*(session(number, goes=True) for number in range(5)))
    project = mocks.ask("POST", "/projects", {"name": "wool"}).json["id"]
    task = mocks.ask("POST", "/tasks", {"project": project}).json["id"]
    mocks.ask("DELETE", f"/projects/{project}")
    assert mocks.ask("GET", f"/tasks/{task}").status == 404


@pytest.mark.parametrize(("goes", "left"), [(True, [1]), (False, [0, 1])])
def test_one_list_of_all_others_tells_what_goes_though_no_list_had_it(goes, left):
    mocks = Mocks(*(seen_once(session(number, goes=goes, lists=True)) for number in range(5)))
    assert left_of(mocks) == left


def test_a_list_that_lacks_others_too_tells_nothing():
    def lacking(rows):
        *most, (method, target, sent, status, told) = seen_once(rows)
        return [*most, (method, target, sent, status, {"rows": told["rows"][1:]})]

    mocks = Mocks(*(lacking(session(number, goes=True, lists=True)) for number in range(5)))
    assert "keep_rows(resource.tasks" not in str(mocks.made.definitions)


def test_what_is_still_there_stays():
    assert left_of(Mocks(*(session(number, goes=False) for number in range(5)))) == [0, 1]


def test_one_that_goes_where_others_stay_is_no_rule():
    mocks = Mocks(session(0, goes=True), *(session(number, goes=False) for number in range(1, 5)))
    assert left_of(mocks) == [0, 1]


def test_one_session_tells_it_too():
    assert left_of(Mocks(session(3, goes=True))) == [1]
