"""What one session never sent follows what is sent under its name, where the answer shows things as they were sent."""

from __future__ import annotations

from synthesis.telling import Mocks

PEOPLE = [
    ("POST", "/people", {"name": "Ada"}, 201, {"id": "p-71c0abx9", "name": "Ada", "bio": None, "currency": "EUR"}),
    ("POST", "/people", {"name": "Bob"}, 201, {"id": "p-82d1bcy8", "name": "Bob", "bio": None, "currency": "EUR"}),
    ("GET", "/people/p-71c0abx9", None, 200, {"id": "p-71c0abx9", "name": "Ada", "bio": None, "currency": "EUR"}),
]
CHANGED = {"id": "p-71c0abx9", "name": "Eve", "bio": None, "currency": "EUR"}


def test_what_was_never_sent_is_shown_when_it_is():
    mocks = Mocks(PEOPLE)
    made = mocks.ask("POST", "/people", {"name": "Cy", "bio": "Likes tea.", "currency": "CAD"}).json
    assert (made["bio"], made["currency"]) == ("Likes tea.", "CAD")
    assert mocks.ask("GET", f"/people/{made['id']}").json == made


def test_what_is_not_sent_is_as_it_was():
    made = Mocks(PEOPLE).ask("POST", "/people", {"name": "Cy"}).json
    assert (made["bio"], made["currency"]) == (None, "EUR")


def test_what_an_item_has_follows_what_is_sent():
    mocks = Mocks([*PEOPLE, ("PATCH", "/people/p-71c0abx9", {"name": "Eve"}, 200, CHANGED)])
    made = mocks.ask("POST", "/people", {"name": "Bob"}).json
    given = mocks.ask("PATCH", f"/people/{made['id']}", {"currency": "SEK"})
    assert given.json == made | {"currency": "SEK"} == mocks.ask("GET", f"/people/{made['id']}").json


def test_what_was_sent_and_shown_otherwise_stays_as_it_was():
    rows = [
        ("POST", "/people", {"name": "Dee", "currency": "CAD"}, 201, PEOPLE[0][4] | {"id": "p-93e2", "name": "Dee"})
    ]
    made = Mocks([*PEOPLE, *rows]).ask("POST", "/people", {"name": "Cy", "currency": "SEK"}).json
    assert made["currency"] == "EUR"


def test_of_several_sessions_nothing_is_taken_to_be_so():
    mocks = Mocks(PEOPLE, PEOPLE)
    assert mocks.ask("POST", "/people", {"name": "Cy", "currency": "CAD"}).json["currency"] == "EUR"
