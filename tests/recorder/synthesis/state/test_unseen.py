"""Rows that no list showed are told by the gaps in the numbers of those that were shown."""

from __future__ import annotations

import pytest
from synthesis.telling import BEGAN, told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.byproducts import find_origins
from recorder.synthesis.state.unseen import with_unseen
from recorder.synthesis.state.world import first_look


def ring(tone):
    return ("POST", "/bells", {"tone": tone}, 204, None)


def heard(*rows):
    """Give an answer with these rows: number and second."""
    return ("GET", "/rings", None, 200, [{"id": number, "at": int(BEGAN) + second} for number, second in rows])


def unseen(*rows):
    """Give the keys of the rows that each call made unseen, by its place."""
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    world = first_look(samples, endpoints, bindings)
    found = with_unseen(find_origins(world), world, bindings)
    return {number: [one.key for one in made if not one.is_seen] for number, made in found.items()}


BELLS = [ring(tone) for tone in "cdefga"]


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([heard((1, 0), (2, 1), (4, 3), (6, 5))], {0: [], 1: [], 2: ["3"], 3: [], 4: ["5"], 5: []}),
        ([heard((1, 0), (2, 1), (3, 2), (4, 3))], {0: [], 1: [], 2: [], 3: [], 4: ["5"], 5: ["6"]}),
        ([heard((1, 0), (2, 2), (3, 3), (4, 5))], {0: [], 2: [], 3: [], 5: []}),
    ],
)
def test_a_gap_is_a_row_that_a_call_made(rows, missing):
    assert unseen(*BELLS, *rows) == missing


def lane(name, place):
    return ("POST", "/lanes", {"name": name}, 201, {"id": f"lane-{name}", "name": name, "place": place})


def test_a_number_that_another_call_gave_to_a_row_is_no_gap():
    rows = [
        ("POST", "/boards", {"name": "x"}, 204, None),
        lane("one", 1),
        lane("two", 2),
        ("GET", "/lanes/lane-one", None, 200, lane("one", 1)[4]),
    ]
    began = [
        {"id": f"lane-{name}", "name": name, "place": place, "at": int(BEGAN)} for place, name in enumerate("abc", 1)
    ]
    assert (
        unseen(("POST", "/boards", {"name": "y"}, 204, None), ("GET", "/lanes", None, 200, began), *rows).get(2, [])
        == []
    )
