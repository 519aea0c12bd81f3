"""What a new thing is called where the call that makes it does not say, though all recorded calls did."""

from __future__ import annotations

import re

from synthesis.telling import Mocks

LAMP = {"id": 40, "name": "Lamp", "price": 3}
LAMPS = [
    ("POST", "/lamps", LAMP, 201, LAMP),
    ("GET", "/lamps/40", None, 200, LAMP),
]
CLUB = {"id": "c-71c0abx9", "slug": "oak-and-ash", "name": "Oak and Ash", "size": 1}
CLUBS = [
    ("POST", "/clubs", {"slug": "oak-and-ash", "name": "Oak and Ash"}, 201, CLUB),
    ("GET", "/clubs/oak-and-ash", None, 200, CLUB),
]


def test_a_number_that_is_not_sent_is_the_next_one():
    mocks = Mocks(LAMPS)
    mocks.ask("POST", "/lamps", {"id": 70, "name": "Desk", "price": 4})
    made = mocks.ask("POST", "/lamps", {"name": "Floor", "price": 5}).json
    assert made == {"id": 71, "name": "Floor", "price": 5}
    assert mocks.ask("GET", "/lamps/71").json == made


def test_an_id_that_is_sent_is_kept():
    made = Mocks(LAMPS).ask("POST", "/lamps", {"id": 70, "name": "Desk", "price": 4})
    assert made.json == {"id": 70, "name": "Desk", "price": 4}


def test_a_slug_that_is_not_sent_is_that_of_the_name():
    mocks = Mocks(CLUBS)
    made = mocks.ask("POST", "/clubs", {"name": "Elm Grove"}).json
    assert made["slug"] == "elm-grove"
    assert mocks.ask("GET", "/clubs/elm-grove").json == made
    assert mocks.ask("POST", "/clubs", {"name": "Elm Grove", "slug": "elms"}).json["slug"] == "elms"


def test_another_text_is_made_up_each_time():
    plan = {"id": "gold", "name": "Gold", "price": 3}
    mocks = Mocks([("POST", "/plans", plan, 201, plan), ("GET", "/plans/gold", None, 200, plan)])
    made = [mocks.ask("POST", "/plans", {"name": "Iron", "price": 4}).json["id"] for _ in range(2)]
    assert len({*made}) == 2
    assert all(re.fullmatch(r"[\w-]{16}", one) for one in made)


def test_after_more_than_few_sessions_nothing_is_taken_to_be_so():
    assert "id" not in Mocks(*[LAMPS] * 4).ask("POST", "/lamps", {"name": "Floor", "price": 5}).json
