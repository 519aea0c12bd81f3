"""Lists that repeat the id of what they are below are lists of what is below it."""

from __future__ import annotations

import pytest
from synthesis.telling import told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of

HALLS = [{"hallId": f"hall-{own}", "name": f"the {own} hall", "floor": 2} for own in ("red", "old", "new")]
SEATS = [{"seatId": "A1", "price": 7}, {"seatId": "A2", "price": 5}]


def bound(view):
    """Give what reads below a hall are bound to: their part, the collection, and where the rows and the item stand."""
    reads = [("GET", f"/halls/{hall['hallId']}", None, 200, hall) for hall in HALLS]
    views = [("GET", f"/halls/{hall['hallId']}/view", None, 200, view(hall)) for hall in HALLS]
    endpoints = endpoints_of(told(("GET", "/halls", None, 200, HALLS), *reads, *views))
    _, bindings = bind(endpoints)
    one = next(bindings[endpoint] for endpoint in endpoints if endpoint.template[-1] == "view")
    return one.role, one.collection.name, one.rows, one.entity


def test_an_id_around_a_list_is_no_item():
    assert bound(lambda hall: {"hallId": hall["hallId"], "seats": SEATS}) == ("collection", "view", ("seats",), None)


@pytest.mark.parametrize("more", [{"name": "the hall"}, {"floor": 2, "seats": SEATS}])
def test_what_shows_more_of_the_item_is_the_item(more):
    assert bound(lambda hall: {"hallId": hall["hallId"], **more}) == ("action", "halls", None, ())


@pytest.mark.parametrize("more", [{"seats": []}, {"seats": ["A1"]}, {"open": True}])
def test_without_rows_the_id_tells_the_item(more):
    assert bound(lambda hall: {"hallId": hall["hallId"], **more}) == ("action", "halls", None, ())


def test_the_same_ids_below_several_items_are_of_several_rows():
    priced = {hall["hallId"]: place for place, hall in enumerate(HALLS)}

    def view(hall):
        rows = [{**seat, "price": seat["price"] + priced[hall["hallId"]]} for seat in SEATS]
        return {"hallId": hall["hallId"], "seats": rows}

    assert bound(view) == ("collection", "view", ("seats",), None)
