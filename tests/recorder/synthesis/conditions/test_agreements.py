"""What a request says in two parts may have to be the same."""

from __future__ import annotations

from base64 import b64encode

from journeys import call
from synthesis.scenes import held_in, scenes_of
from synthesis.telling import Mocks

from recorder.synthesis.conditions.agreements import of_agreements
from recorder.synthesis.terms.vocabulary import Vocabulary


def as_user(name, password="window-7-blue"):
    return ((b"Authorization", b"Basic " + b64encode(f"{name}:{password}".encode())),)


def conditions(*calls):
    scenes = scenes_of(*calls)
    return held_in(of_agreements(scenes, Vocabulary(scenes, {})), scenes)


def of(owner, user, status):
    return call("POST", "/notes", {"owner": owner}, headers=as_user(user), status=status)


OWNER = "request.json.owner is defined and (request.json.owner | string) != (request.auth.username | string)"


def test_a_part_that_agrees_in_what_succeeded_may_not_agree():
    made = conditions(of("dana", "dana", 201), of("milo", "milo", 201), of("dana", "milo", 403))
    assert made[OWNER] == [2]


def test_what_was_the_same_each_time_may_be_so_by_chance():
    assert conditions(of("dana", "dana", 201), of("dana", "dana", 201), of("dana", "milo", 403)) == {}


def test_where_nothing_was_refused_or_little_agrees_there_is_nothing_to_tell():
    assert conditions(of("dana", "dana", 201), of("milo", "milo", 201)) == {}
    assert conditions(of("dana", "milo", 201), of("milo", "dana", 201), of("ada", "ada", 403)) == {}


def test_a_path_is_for_whom_it_names():
    def basic(name, secret):
        return {"Authorization": as_user(name, secret)[0][1].decode()}

    def visit(user, secret):
        path = f"/vault/{user}/{secret}"
        return [
            ("GET", path, None, 401, {"error": "who are you"}),
            ("GET", path, None, 200, {"user": user}, basic(user, secret)),
            ("GET", path, None, 401, {"error": "who are you"}, basic(user, "garnet-9")),
        ]

    mocks = Mocks(*[visit(name, f"{name}-key-1") for name in ("dana17", "milo23", "vera31", "otis47")])
    given = [
        mocks.ask("GET", "/vault/nora59/pebble-7", None, basic("nora59", word)) for word in ("pebble-7", "marble-8")
    ]
    assert [one.status for one in given] == [200, 401]
