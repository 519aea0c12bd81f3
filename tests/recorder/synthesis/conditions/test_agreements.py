"""What a request says in two parts may have to be the same."""

from __future__ import annotations

from base64 import b64encode

import pytest
from journeys import call
from synthesis.scenes import held_in, scenes_of
from synthesis.telling import Mocks, learnt, word

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


class Rooms:
    """Rooms of those who signed up, each with a note that only they read; `is_open` lets everybody read them."""

    is_open = False

    def __init__(self, chance):
        self.chance = chance
        self.people, self.notes = {}, {}

    def answer(self, method, target, sent, headers):
        _, _, *rest = target.split("/")
        if not rest:
            name, token = f"p-{sent['name']}", word(self.chance, "0123456789abcdef", 32)
            self.people[token] = name
            return 201, {"person": name, "token": token}
        who = self.people.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if who is None:
            return 401, {"error": "who asks?"}
        if who != rest[0] and not (self.is_open and method == "GET"):
            return 403, {"error": "not yours"}
        if method == "PUT":
            self.notes[who] = sent
            return 200, {}
        return (200, self.notes[rest[0]]) if rest[0] in self.notes else (404, {"error": "no note"})


class OpenRooms(Rooms):
    is_open = True


def keeping(ask, words):
    people = []
    for _ in range(2):
        made = ask("POST", "/people", {"name": word(words)}).json
        people.append((f"/people/{made['person']}/note", {"Authorization": f"Bearer {made['token']}"}))
    for path, who in people:
        ask("PUT", path, {"text": word(words)}, who)
        ask("GET", path, None, who)
    (mine, me), (other, _) = people
    ask("GET", other, None, me)
    ask("PUT", other, {"text": word(words)}, me)
    ask("GET", mine, None, me)


@pytest.mark.parametrize(("service", "status"), [(Rooms, 403), (OpenRooms, 200)])
def test_what_the_path_names_may_have_to_be_who_asks(service, status):
    mocks = learnt(service, keeping, 6)
    people = [mocks.ask("POST", "/people", {"name": name}).json for name in ("ada", "bob")]
    paths = [f"/people/{one['person']}/note" for one in people]
    whose = [{"Authorization": f"Bearer {one['token']}"} for one in people]
    assert mocks.ask("PUT", paths[0], {"text": "x"}, whose[1]).status == 403
    for path, who in zip(paths, whose, strict=True):
        assert mocks.ask("PUT", path, {"text": path}, who).status == 200
    assert [mocks.ask("GET", path, None, whose[0]).status for path in paths] == [200, status]
    assert mocks.ask("PUT", paths[0], {"text": "x"}, whose[1]).status == 403
    cases = mocks.definition("put-people-note")["cases"]
    assert any("path_params.people | string) != (vars." in str(one.get("when")) for one in cases)
