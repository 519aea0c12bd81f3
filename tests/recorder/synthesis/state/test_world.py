"""Sessions are played again on what their answers show: what was there before, what is there at each moment."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import learnt, told_in, word

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.world import play

OLD = {"id": 5, "name": "Old"}
NEW = {"id": 9, "name": "New"}


def played(*sessions):
    samples = told_in(*sessions)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    return play(samples, endpoints, bindings)


SESSION = [
    ("GET", "/users/5", None, 200, OLD), ("POST", "/users", {"name": "New"}, 201, NEW), ("GET", "/users", None, 200, [OLD, NEW]),
    ("PATCH", "/users/9", {"name": "Newer"}, 200, {**NEW, "name": "Newer"}), ("DELETE", "/users/5", None, 204, None),
    ("GET", "/users/5", None, 404, {}),
]  # fmt: skip


def test_what_was_read_and_never_made_was_there_before():
    assert played(SESSION).seeds == {"users": {"5": OLD}}


def test_each_moment_shows_what_was_held():
    world = played(SESSION)
    held = [scene.timeline.under("users", "", scene.moment) for scene in world.scenes]
    assert held == [
        {"5": OLD}, {"5": OLD}, {"5": OLD, "9": NEW}, {"5": OLD, "9": NEW}, {"5": OLD, "9": {**NEW, "name": "Newer"}},
        {"9": {**NEW, "name": "Newer"}},
    ]  # fmt: skip


def test_sessions_begin_alike_and_know_nothing_of_each_other():
    world = played(SESSION, SESSION[:1])
    assert [(scene.sample.session, scene.moment) for scene in world.scenes][-2:] == [(0, 5), (1, 0)]
    assert world.timelines[1].get("users", "9", 9) is MISSING
    assert world.timelines[1].get("users", "5", 9) == OLD


def test_what_is_hidden_from_one_and_listed_later_is_there():
    hidden = [
        ("GET", "/users/5", None, 200, OLD),
        ("GET", "/users/5", None, 404, {}),
        ("GET", "/users", None, 200, [OLD]),
    ]
    world = played(hidden, SESSION)
    assert world.timelines[0].get("users", "5", 9) == OLD


class Bin(Shelf):
    """Things that are deleted at first into a bin, and from there for good."""

    def __init__(self, chance):
        super().__init__(chance)
        self.bin = {}

    def answer(self, method, target, sent, headers):
        key = target.split("/")[2] if target.count("/") > 1 else ""
        if target == "/things/bin":
            return 200, list(self.bin.values())
        if key in self.bin:
            return 410, {"error": "it was deleted"}
        return super().answer(method, target, sent, headers)

    def delete(self, thing, sent, headers):
        del sent, headers
        self.bin[thing["id"]] = self.things.pop(thing["id"])
        return 204, None


def a_deletion(ask, words):
    """Make two things, delete one, look at what is there and what is in the bin, and for one that never was."""
    made = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2)]
    for key in made:
        ask("GET", f"/things/{key}")
    ask("GET", "/things/bin")
    ask("DELETE", f"/things/{made[0]}")
    ask("GET", f"/things/{made[0]}")
    ask("DELETE", f"/things/{made[0]}")
    ask("GET", "/things")
    ask("GET", "/things/bin")
    ask("GET", f"/things/{word(words)}")


def test_what_was_deleted_is_gone_and_what_never_was_is_not_found():
    mocks = learnt(Bin, a_deletion)
    key = mocks.ask("POST", "/things", {"name": "a lamp"}).json["id"]
    assert mocks.ask("DELETE", f"/things/{key}").status == 204
    assert mocks.ask("GET", f"/things/{key}")[:2] == (410, {"error": "it was deleted"})
    assert mocks.ask("DELETE", f"/things/{key}").status == 410
    assert mocks.ask("GET", "/things/nothing")[:2] == (404, {"error": "no such thing"})
    assert (mocks.ask("GET", "/things").json, mocks.ask("GET", "/things/bin").json) == (
        [],
        [{"id": key, "name": "a lamp"}],
    )
