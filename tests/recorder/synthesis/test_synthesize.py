"""The pass makes of recorded sessions definitions that answer other sessions as the service would."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, as_the_service, learnt, recorded, visits, word

from recorder.synthesis.synthesize import synthesize

ROOT = Path(__file__).parents[3]
MAKE = """
import sys; sys.path[:0] = ["tests", "tests/recorder"]
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, visits
from synthesis.collections.test_references import Login, a_login
from recorder.writing import definitions_text
both = {"Cookie": "zeta=1; alpha=1; mid=1", "X-Zeta": "q", "X-Alpha": "q", "X-Mid": "q"}
cookies = [("GET", "/my", None, 401, {"error": "no"}), ("GET", "/my", None, 200, {"ok": 1}, both)] * 3
mocks = Mocks(*visits(Shelf, a_visit, 3), *visits(Login, a_login, 3), cookies)
sys.stdout.write(definitions_text(mocks.made.definitions, None))
"""


def test_making_reading_listing_and_deleting_is_one_collection():
    mocks = learnt(Shelf, a_visit)
    assert mocks.paths == [
        ("POST", "/things"), ("GET", "/things/{thing}"), ("PATCH", "/things/{thing}"), ("GET", "/things"), ("DELETE", "/things/{thing}"),
    ]  # fmt: skip
    assert mocks.made.summary == {
        "interactions": 36, "sessions": 4, "definitions": 6, "generalized": 36, "literal": 0, "generalized_share": 1.0,
        "literal_share": 0.0,
    }  # fmt: skip
    made = mocks.ask("POST", "/things", {"name": "never heard", "size": 77})
    key = made.json["id"]
    assert (made.status, made.json) == (201, {"id": key, "name": "never heard", "size": 77})
    assert mocks.ask("GET", f"/things/{key}")[:2] == (200, made.json)
    assert mocks.ask("GET", "/things")[:2] == (200, [made.json])
    assert mocks.ask("DELETE", f"/things/{key}")[:2] == (204, None)
    assert mocks.ask("GET", f"/things/{key}")[:2] == (404, {"error": "no such thing"})
    assert mocks.ask("GET", "/things")[:2] == (200, [])


def test_a_session_that_nobody_recorded_is_answered_as_the_service_would():
    mocked, real = as_the_service(Shelf, a_visit, learnt(Shelf, a_visit))
    assert mocked == real == [201, 201, 200, 200, 200, 200, 204, 404, 200]


def test_one_session_is_enough_for_what_shows_in_it():
    mocked, real = as_the_service(Shelf, a_visit, learnt(Shelf, a_visit, count=1))
    assert mocked == real


def test_what_was_there_before_is_a_seed():
    class Full(Shelf):
        seeds = ({"id": "oldthing", "name": "Lamp", "size": 3}, {"id": "oddthing", "name": "Mug", "size": 4})

    def visit(ask, words):
        ask("GET", "/things")
        ask("GET", "/things/oldthing")
        a_visit(ask, words)

    mocks = learnt(Full, visit)
    assert mocks.definition("get-things")["collections"] == {
        "things": {"seed": {"oldthing": Full.seeds[0], "oddthing": Full.seeds[1]}}
    }
    assert mocks.ask("GET", "/things").json == list(Full.seeds)
    assert mocks.ask("GET", "/things/oddthing").json == Full.seeds[1]


def test_me_is_no_user():
    def session(seed):
        key = word(Random(seed))
        return [
            ("POST", "/users", {"name": f"n{seed}"}, 201, {"id": key, "name": f"n{seed}"}),
            ("GET", f"/users/{key}", None, 200, {"id": key, "name": f"n{seed}"}),
            ("GET", "/users/me", None, 200, {"role": "guest", "limits": {"users": 5}}),
        ]

    mocks = Mocks(*map(session, range(1, 5)))
    assert mocks.paths == [("POST", "/users"), ("GET", "/users/{user}"), ("GET", "/users/me")]
    assert mocks.ask("GET", "/users/me")[:2] == (200, {"role": "guest", "limits": {"users": 5}})
    assert mocks.ask("GET", "/users/nobody-yet").status == 404


def test_the_same_recording_gives_the_same_bytes_whatever_the_hashes_are():
    def made(seed):
        return subprocess.run(
            [sys.executable, "-c", MAKE], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            check=True, timeout=120,
        ).stdout  # fmt: skip

    first, *others = [made(seed) for seed in ("0", "1", "4711")]
    assert first.startswith(b"- id: recorded-sessions\n")
    assert others == [first, first]


def test_nothing_recorded_gives_nothing():
    assert synthesize([recorded()]).definitions == []


def test_several_cassettes_are_learnt_from_together():
    one, two = (recorded(*visits(Shelf, a_visit, 1), name=name) for name in ("one", "two"))
    made = synthesize([one, two])
    assert [len(behaviour.scenes) for behaviour in made.behaviours] == [4, 6, 2, 4, 2]
    assert [(sample.name, sample.session) for sample in made.samples][::9] == [("one", 0), ("two", 1)]


def test_what_was_cleaned_of_an_address_is_not_put_together_again_of_what_answers_tell():
    """Rooms are called after their addresses: with name and host put together the mocks had these as they were."""
    names = {"ocean-river-71": "qwert-yuiop-12", "sky-stone-802": "zxc-vbnma-345", "meadow-elm-3": "lkjhgf-dsa-6"}
    rooms = [{"id": f"{name}.hall.example", "address": f"{other}@example.com"} for name, other in names.items()]
    asked = [("POST", "/houses", {"host": "hall.example"}, 201, {}), ("GET", "/rooms", None, 200, rooms)]
    asked += [("GET", f"/rooms/{room['id']}", None, 200, room) for room in rooms]
    recording = recorded(asked, asked)
    cleaned = replace(recording, manifest=replace(recording.manifest, profile="default"))
    text = str(synthesize([cleaned]).definitions)
    assert ("ocean-river-71.hall.example" in text, "ocean-river-71@" in text) == (True, False)
