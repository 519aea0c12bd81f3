"""What sessions saw before any call could have made it was there from the beginning."""

from __future__ import annotations

from synthesis.telling import told_in

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.byproducts import find_origins
from recorder.synthesis.state.world import first_look


def made_of(*sessions):
    samples = told_in(*sessions)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    found = find_origins(first_look(samples, endpoints, bindings))
    return [one.key for rows in found.values() for one in rows]


def test_what_several_sessions_saw_before_any_call_was_there_whatever_became_of_it():
    look = [("GET", "/halls", None, 200, [{"id": "great-hall", "state": "empty"}])]
    book = [
        ("POST", "/bookings", {"hall": "great-hall"}, 204, None),
        ("GET", "/halls", None, 200, [{"id": "great-hall", "state": "booked"}]),
    ]
    assert made_of(look, look, book, book) == []
    assert made_of(look, book, book) == ["great-hall", "great-hall"]


def test_what_several_sessions_saw_alike_and_no_call_named_was_there():
    def visit(number):
        made = {"id": f"visit-{number}a7", "colour": "scarlet"}
        halls = [{"id": "great-hall", "colour": "scarlet"}, {"id": f"hall-{number}b9", "colour": "scarlet"}]
        return [("POST", "/visits", made, 201, made), ("GET", "/halls", None, 200, halls)]

    assert sorted(made_of(*map(visit, range(3)))) == ["hall-0b9", "hall-1b9", "hall-2b9"]
    assert "great-hall" in made_of(*map(visit, range(2)))


def test_what_calls_name_was_made_by_them_though_several_sessions_saw_it_alike():
    made = [
        ("POST", "/visits", {"hall": "great-hall"}, 204, None),
        ("GET", "/halls", None, 200, [{"id": "great-hall", "colour": "scarlet"}]),
    ]
    assert made_of(made, made, made) == ["great-hall"] * 3
