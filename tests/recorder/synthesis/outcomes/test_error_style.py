"""A refusal that nobody recorded is told as the service tells the others."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks

MADE = [
    ("POST", "/rooms", {"name": name, "beds": beds}, 201, {"id": at, "name": name, "beds": beds})
    for at, (name, beds) in enumerate((("Ada", 2), ("Bea", 4)), 1)
]


def refused(*answers):
    """Give the answer to a body that is no JSON, which the service with these refusals of reads was not asked for."""
    rows = [("GET", f"/rooms/{90 + at}", None, status, body) for at, (status, body) in enumerate(answers)]
    return Mocks([*MADE, *rows]).ask("POST", "/rooms", ["no", "object"])


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({"error": "Not Found"}, {"error": "Bad Request"}),
        ({"error": "not found"}, {"error": "bad request"}),
        ({"status": 404, "code": "room_not_found"}, {"status": 400, "code": "bad_request"}),
        ({"code": "NOT_FOUND", "message": "No such room."}, {"code": "BAD_REQUEST", "message": "Bad Request."}),
        ({"code": "RoomNotFound", "status": "404"}, {"code": "BadRequest", "status": "400"}),
        ({"type": "https://a.example/errors/not-found"}, {"type": "https://a.example/errors/bad-request"}),
        ({"errors": [{"title": "Not Found"}]}, {"errors": [{"title": "Bad Request"}]}),
        ({"title": "Not Found", "instance": "/rooms/90"}, {"title": "Bad Request", "instance": "/rooms"}),
    ],
)
def test_words_and_numbers_of_a_status_are_those_of_another(recorded, expected):
    answer = refused((404, recorded))
    assert (answer.status, answer.json) == (400, expected)
    assert answer.headers["content-type"] == "application/json"


def test_what_refusals_of_several_statuses_say_is_kept():
    answers = (404, {"kind": "error", "code": "not_found"}), (409, {"kind": "error", "code": "busy"})
    assert refused(*answers).json == {"kind": "error", "code": "bad_request"}


def test_members_are_those_of_most_refusals():
    answers = (404, {"error": "Not Found", "id": 90}), (409, {"error": "Conflict"}), (410, {"error": "Gone"})
    assert refused(*answers).json == {"error": "Bad Request"}


def test_refusals_without_a_body_say_nothing():
    answer = refused((404, None), (410, None), (403, {"error": "Forbidden"}))
    assert (answer.status, answer.json) == (400, None)


def test_where_nothing_was_refused_nothing_is_known_of_bodies():
    assert refused().json is None
