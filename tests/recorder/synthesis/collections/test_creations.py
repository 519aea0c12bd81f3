"""What a call makes in another collection is told by ids that paths name later, and by what holds them."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks, told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of


def made_by_checkout(answer, order):
    """Give where a checkout is found to tell of the new order, or None."""
    key = str(order["id"])
    rows = [
        ("POST", "/carts", {}, 201, {"id": "c-900001"}), ("GET", "/carts/c-900001", None, 200, {"id": "c-900001"}),
        ("POST", "/carts/c-900001/checkout", {}, 200, answer), ("GET", f"/orders/{key}", None, 200, order),
        ("PATCH", f"/orders/{key}", {"note": "x"}, 200, order), ("GET", "/orders/7", None, 404, {"error": "none"}),
    ]  # fmt: skip
    endpoints = endpoints_of(told(*rows))
    _, bindings = bind(endpoints)
    checkout = next(one for one in endpoints if one.template[-1] == "checkout")
    return [(one.collection.name, one.made) for one in bindings[checkout].also]


ORDER = {"id": 4, "total": 12, "state": "new"}


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        ({"order": ORDER}, [("orders", ("order", "id"))]),
        (ORDER, [("orders", ("id",))]),
        ({"order_id": 4, "ok": True}, [("orders", ("order_id",))]),
        ({"lines": 4, "ok": True}, []),
    ],
)
def test_a_short_id_has_to_be_called_so_or_stand_in_what_looks_like_an_item(answer, made):
    assert made_by_checkout(answer, ORDER) == made


def test_what_an_action_on_an_item_shows_whole_with_another_id_is_a_new_item():
    def entry(key, of=None):
        return {"id": key, "text": "oak", "reverses": of}

    rows = [("POST", "/entries", {"text": "oak"}, 201, entry(1)), ("POST", "/entries", {"text": "oak"}, 201, entry(2)),
            ("POST", "/entries/1/reverse", {}, 201, entry(3, 1)), ("GET", "/entries/3", None, 200, entry(3, 1)),
            ("POST", "/entries/2/reverse", {}, 201, entry(4, 2)), ("GET", "/entries/2", None, 200, entry(2)),
            ("POST", "/entries/2/post", {}, 200, entry(2)), ("POST", "/entries/1/post", {}, 200, entry(1))]  # fmt: skip
    endpoints = endpoints_of(told(*rows))
    _, bindings = bind(endpoints)
    made = {one.template[-1]: [(two.collection.name, two.made) for two in bindings[one].also] for one in endpoints}
    assert made["reverse"] == [("entries", ("id",))]
    assert made["post"] == []


def remark(number, text, **more):
    return {"id": number, "text": text, "author": "ada", "votes": 0, **more}


REMARKS = [
    ("POST", "/new", {"text": "Rain again."}, 201, remark(1, "Rain again.", mark="q1")),
    ("POST", "/new", {"text": "And wind."}, 201, remark(2, "And wind.", mark="q2")),
    ("POST", "/new", {"text": "Sun at last."}, 201, remark(3, "Sun at last.", mark="q3")),
]


def test_one_session_reads_one_of_many_that_it_made_elsewhere():
    mocks = Mocks([*REMARKS, ("GET", "/remarks/2", None, 200, remark(2, "And wind."))])
    made = mocks.ask("POST", "/new", {"text": "Snow, too."}).json
    assert mocks.ask("GET", f"/remarks/{made['id']}").json["text"] == "Snow, too."
    assert mocks.ask("PUT", f"/remarks/{made['id']}", {"text": "Hail."}).json["text"] == "Hail."
    assert mocks.ask("DELETE", f"/remarks/{made['id']}").status == 204
    assert mocks.ask("GET", f"/remarks/{made['id']}").status == 404


def test_what_only_has_its_number_is_another_thing():
    other = {"id": 2, "text": "Two", "author": "bob", "votes": 9}
    mocks = Mocks([*REMARKS, ("GET", "/remarks/2", None, 200, other)])
    made = mocks.ask("POST", "/new", {"text": "Snow, too."}).json
    assert mocks.ask("GET", f"/remarks/{made['id']}").json["text"] != "Snow, too."
