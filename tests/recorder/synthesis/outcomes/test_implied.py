"""What known items can be asked for by HTTP is answered though no session asked for it, and never with an invention."""

from __future__ import annotations

import pytest
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, learnt, word


def a_look(ask, words):
    """Make things and change one: none is read, listed, replaced or deleted."""
    first = ask("POST", "/things", {"name": word(words), "size": words.randint(1, 9_999)}).json
    ask("POST", "/things", {"name": word(words), "size": words.randint(1, 9_999)})
    ask("PATCH", f"/things/{first['id']}", {"size": words.randint(1, 9_999)})


def test_what_was_made_can_be_read_replaced_changed_listed_and_deleted():
    mocks = learnt(Shelf, a_look, count=1)
    made = mocks.ask("POST", "/things", {"name": "lamp", "size": 4}).json
    path = f"/things/{made['id']}"
    assert mocks.ask("GET", path)[:2] == (200, made)
    assert mocks.ask("PUT", path, {"name": "rug"})[:2] == (200, {"name": "rug", "id": made["id"]})
    assert mocks.ask("GET", "/things")[:2] == (200, [{"name": "rug", "id": made["id"]}])
    assert mocks.ask("DELETE", path)[:2] == (204, None)
    assert [mocks.ask(method, path, {}).status for method in ("GET", "PUT", "DELETE")] == [404] * 3


def test_what_is_implied_is_of_low_confidence_and_says_so():
    mocks = learnt(Shelf, a_look, count=1)
    made = mocks.ask("POST", "/things", {"name": "lamp", "size": 4}).json
    assert mocks.ask("GET", f"/things/{made['id']}").headers["match"].startswith("schema;")
    assert (
        mocks.definition("get-thing")["description"] == "low confidence, no recorded call: what HTTP says of such items"
    )
    assert "enabled" not in mocks.definition("get-thing")


def test_what_is_sent_to_what_is_implied_has_to_be_an_object():
    mocks = learnt(Shelf, a_look, count=1)
    made = mocks.ask("POST", "/things", {"name": "lamp", "size": 4}).json
    assert mocks.ask("PUT", f"/things/{made['id']}", [1]).status == 400


def test_items_that_no_call_wrote_are_not_written():
    rows = [
        ("GET", "/lamps", None, 200, [{"id": 1, "name": "old"}, {"id": 2, "name": "new"}]),
        ("GET", "/lamps/1", None, 200, {"id": 1, "name": "old"}),
    ]
    mocks = Mocks(rows)
    assert mocks.ask("GET", "/lamps/2")[:2] == (200, {"id": 2, "name": "new"})
    assert mocks.paths == [("GET", "/lamps"), ("GET", "/lamps/{lamp}")]


def test_items_stand_in_the_envelope_that_other_answers_have():
    rows = [
        ("POST", "/lamps", {"name": "old"}, 201, {"ok": True, "data": {"id": 7, "name": "old"}}),
        ("POST", "/lamps", {"name": "new"}, 201, {"ok": True, "data": {"id": 8, "name": "new"}}),
        ("GET", "/lamps/7", None, 200, {"ok": True, "data": {"id": 7, "name": "old"}}),
    ]
    mocks = Mocks(rows)
    assert mocks.ask("PATCH", "/lamps/7", {"name": "red"}).status == 404
    made = mocks.ask("POST", "/lamps", {"name": "blue"}).json["data"]["id"]
    given = mocks.ask("PATCH", f"/lamps/{made}", {"name": "red"})
    assert given[:2] == (200, {"ok": True, "data": {"id": made, "name": "red"}})


@pytest.mark.parametrize(("count", "are_implied"), [(3, True), (4, False)])
def test_what_many_sessions_did_not_ask_for_is_not_implied(count, are_implied):
    paths = set(learnt(Shelf, a_visit, count=count).paths)
    assert (("PUT", "/things/{thing}") in paths) == are_implied


def test_what_is_sent_replaces_what_calls_never_sent_but_the_id():
    told = {"id": "p-71c0abx9", "name": "Ada", "language": "en"}
    rows = [
        ("POST", "/people", {"name": "Ada"}, 201, told),
        ("PATCH", "/people/p-71c0abx9", {"name": "Eve"}, 200, told | {"name": "Eve"}),
    ]
    mocks = Mocks(rows)
    made = mocks.ask("POST", "/people", {"name": "Bob"}).json
    sent = {"name": "Cy", "language": "sv", "id": "another"}
    assert mocks.ask("PUT", f"/people/{made['id']}", sent).json == sent | {"id": made["id"]}


def test_headers_that_all_answers_have_are_on_implied_ones_too():
    usual = {"Cache-Control": "no-cache"}
    rows = [
        ("POST", "/people", {"name": "Ada"}, 201, {"id": "p-71c0abx9", "name": "Ada"}, {}, usual),
        ("GET", "/people/p-71c0abx9", None, 200, {"id": "p-71c0abx9", "name": "Ada"}, {}, usual),
        ("GET", "/about", None, 200, {"version": "1"}, {}, usual),
    ]
    mocks = Mocks(rows)
    made = mocks.ask("POST", "/people", {"name": "Bob"}).json
    assert mocks.ask("PATCH", f"/people/{made['id']}", {"name": "Cy"}).headers["cache-control"] == "no-cache"


def test_what_is_made_below_another_thing_and_has_a_path_of_its_own_is_changed_there():
    rows = []
    for room, key in (("r1", "bk_71x0"), ("r2", "bk_93y4")):
        item = {"id": key, "room": room, "day": 3}
        rows += [
            ("POST", f"/rooms/{room}/bookings", {"day": 3}, 201, item),
            ("GET", f"/bookings/{key}", None, 200, item),
        ]
    mocks = Mocks(rows)
    made = mocks.ask("POST", "/rooms/r1/bookings", {"day": 5}).json
    assert mocks.ask("PATCH", f"/bookings/{made['id']}", {"day": 6}).json == {**made, "day": 6}
    assert mocks.ask("GET", f"/bookings/{made['id']}").json["day"] == 6
    assert mocks.ask("PATCH", "/bookings/bk_none", {"day": 6}).status == 404
