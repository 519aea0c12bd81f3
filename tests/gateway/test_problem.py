"""A problem document says type, title, status and detail, and whatever facts there are."""

import json

from gateway.problem import problem


def test_a_problem_is_a_whole_reply():
    reply = problem(404, "no-route", "Nothing here.", path="/x")
    assert json.loads(reply.body) == {
        "type": "urn:mimic:problem:no-route",
        "title": "No route matches",
        "status": 404,
        "detail": "Nothing here.",
        "path": "/x",
    }
    assert reply.headers == (
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(reply.body)),
    )
