"""Endpoints show, make, change and list the items of collections."""

from __future__ import annotations

from random import Random

from synthesis.telling import told, word

from recorder.synthesis.collections.binding import ONLY
from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of

ADA = {"id": 11, "name": "Ada"}
BO = {"id": 12, "name": "Bo"}
USERS = [
    ("POST", "/users", {"name": "Ada"}, 201, ADA), ("POST", "/users", {"name": "Bo"}, 201, BO), ("GET", "/users/11", None, 200, ADA),
    ("GET", "/users", None, 200, [ADA, BO]), ("PATCH", "/users/11", {"name": "Eve"}, 200, {**ADA, "name": "Eve"}),
    ("DELETE", "/users/12", None, 204, None), ("GET", "/users/12", None, 404, {"error": "none"}),
]  # fmt: skip


def bound(*rows):
    """Give the collections by name, and for each endpoint (by id) its binding."""
    collections, bindings = bind(endpoints_of(told(*rows)))
    return {one.name: one for one in collections}, {endpoint.id: binding for endpoint, binding in bindings.items()}


def roles(*rows):
    _, bindings = bound(*rows)
    return {name: (one.role, one.collection.name if one.collection else None) for name, one in bindings.items()}


def test_each_endpoint_has_its_part_in_a_collection():
    assert roles(*USERS) == {
        "post-users": ("collection", "users"), "get-user": ("item", "users"), "get-users": ("collection", "users"),
        "patch-user": ("item", "users"), "delete-user": ("item", "users"),
    }  # fmt: skip


def test_it_is_known_where_an_item_its_id_and_the_rows_stand():
    collections, bindings = bound(*USERS)
    users = collections["users"]
    assert (users.template, users.home, users.count, users.id_path, users.is_single) == (
        ("users", None),
        ("users",),
        1,
        ("id",),
        False,
    )
    assert (bindings["post-users"].made, bindings["post-users"].entity) == (("id",), ())
    assert (bindings["get-user"].entity, bindings["get-users"].rows) == ((), ())


def test_envelopes_are_looked_into():
    rows = [
        (method, path, sent, status, {"data": told} if told else told) for method, path, sent, status, told in USERS
    ]
    _, bindings = bound(*rows)
    assert (bindings["get-user"].entity, bindings["get-users"].rows, bindings["post-users"].made) == (
        ("data",), ("data",), ("data", "id"),
    )  # fmt: skip


def test_an_id_may_be_told_by_the_place_alone():
    rows = [
        row
        for number in (21, 22)
        for row in (
            ("POST", "/users", {"name": "Ada"}, 201, None, {}, {"Location": f"/users/{number}"}),
            ("GET", f"/users/{number}", None, 200, {"name": "Ada"}),
        )
    ]
    collections, bindings = bound(*rows)
    assert (bindings["post-users"].made, collections["users"].id_path) == ("location", None)


def test_items_inside_items_have_keys_of_both():
    posts = [{"id": number, "text": f"t{number}"} for number in (31, 32)]
    rows = [
        *USERS[:4], *(("POST", "/users/11/posts", {"text": one["text"]}, 201, one) for one in posts),
        ("GET", "/users/11/posts/31", None, 200, posts[0]), ("GET", "/users/11/posts", None, 200, posts),
    ]  # fmt: skip
    _, bindings = bound(*rows)
    item, many = bindings["get-user-post"], bindings["get-user-posts"]
    assert (item.role, item.collection.name, [(one.name, count) for one, count in item.parents]) == (
        "item",
        "posts",
        [("users", 1)],
    )
    assert (item.key(("11", "31")), many.prefix(("11",))) == ("11/31", "11/")


def test_what_has_one_item_behind_its_path_is_single():
    rows = [
        ("GET", "/settings", None, 200, {"theme": "dark", "size": 3}), ("PUT", "/settings", {"theme": "light", "size": 4}, 200, {"theme": "light", "size": 4}),
        ("GET", "/settings", None, 200, {"theme": "light", "size": 4}),
    ]  # fmt: skip
    collections, bindings = bound(*rows)
    assert (collections["settings"].is_single, bindings["get-settings"].key(()), ONLY) == (True, "it", "it")


def test_what_keeps_nothing_has_no_collection():
    rows = [("GET", f"/echo/{word(Random(n))}x1", None, 200, {"ok": n}) for n in range(3)]
    collections, bindings = bound(*rows)
    assert (collections, {one.role for one in bindings.values()}) == ({}, {"none"})


def test_what_is_done_to_an_item_is_an_action():
    rows = [*USERS[:4], ("POST", "/users/11/activate", None, 200, {"ok": True})]
    assert roles(*rows)["post-user-activate"] == ("action", "users")


def test_a_list_of_what_is_deleted_later_is_no_list_of_what_was_deleted():
    gone = [("DELETE", f"/users/{one['id']}", None, 204, None) for one in (ADA, BO)]
    others = ("GET", "/users/others", None, 200, [ADA, BO])
    assert roles(*USERS[:4], *gone, others)["get-users-others"] == ("collection", "users_gone")
    assert roles(*USERS[:4], others, *gone)["get-users-others"] != ("collection", "users_gone")
