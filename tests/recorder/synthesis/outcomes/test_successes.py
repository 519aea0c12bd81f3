"""With which status calls mostly succeed is counted over all that did."""

from __future__ import annotations

from types import SimpleNamespace

from synthesis.telling import scenes_of

from recorder.synthesis.outcomes.successes import usual_success


def calls(*statuses):
    return SimpleNamespace(scenes=scenes_of(*[("POST", "/x", None, status, {}) for status in statuses]))


def test_the_status_is_that_of_most_successes_and_else_the_usual_one():
    assert usual_success([calls(202, 404), calls(201, 202, 409, 409, 409)], 200) == 202
    assert usual_success([calls(404)], 200) == usual_success([], 200) == 200
