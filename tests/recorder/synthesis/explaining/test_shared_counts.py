"""Numbers that writes to several kinds of things count on together are one count, also where a read tells the last."""

import pytest
from synthesis.harbours import Harbour, sailing
from synthesis.telling import Mocks, learnt, scenes_of

from recorder.synthesis.explaining.shared_counts import SharedCounts

CATS, DOGS = ("POST", "/cats"), ("POST", "/dogs")
TURNS = (CATS, DOGS, CATS, CATS, DOGS, CATS, DOGS)


def rows(numbers, calls=TURNS, name="id"):
    return [(*call, {"name": "Rex"}, 201, {name: number}) for call, number in zip(calls, numbers, strict=True)]


def made_of(rows, name="id"):
    scenes = scenes_of(*rows)
    cases = [(scene, scene.sample.answer_json[name]) for scene in scenes if scene.sample.segments[-1] == "cats"]
    return SharedCounts(scenes).made(cases, name)


def test_what_two_kinds_of_writes_count_on_is_one_count():
    made = made_of(rows(range(41, 48)))
    assert (made.text, made.kind) == ("((state.incr('id:count') + 40))", "counter")
    assert made_of(rows(map(str, range(41, 48)))).text == "((state.incr('id:count') + 40) | string)"


@pytest.mark.parametrize(
    ("numbers", "calls"),
    [
        ((1, 1, 2, 3, 2, 4, 3), TURNS),
        ((1, 2, 3, 4, 5), [CATS] * 5),
        ((41, 42, 43, 44, 45), [CATS, CATS, CATS, DOGS, DOGS]),
        ((41, 42, 45, 46, 49, 52, 53), TURNS),
    ],
)
def test_counts_of_their_own_thin_evidence_and_gaps_are_no_shared_count(numbers, calls):
    assert made_of(rows(numbers, calls)) is None


def test_a_read_tells_the_last_number_that_was_given():
    told = [*rows((1, 2, 3), TURNS[:3]), ("GET", "/last", None, 200, {"id": 3}), *rows((4, 5, 6, 7), TURNS[3:])]
    scenes = scenes_of(*told, ("GET", "/last", None, 200, {"id": 7}))
    reads = [(scene, scene.sample.answer_json["id"]) for scene in scenes if scene.sample.method == "GET"]
    assert SharedCounts(scenes).made(reads, "id").text == "(((state.get('id:count') or 0) + 0))"
    assert SharedCounts(scenes).made(reads[:1], "id") is None


def test_a_mock_counts_on_with_the_other_kind():
    first = [*rows(range(41, 48)), ("GET", "/cats/41", None, 200, {"id": 41, "name": "Rex"})]
    mocks = Mocks(first, rows(range(41, 48)))
    told = [mocks.ask(*call, {"name": "Tom"}).json["id"] for call in (DOGS, DOGS, CATS, DOGS)]
    assert told == [41, 42, 43, 44]


def test_only_what_is_changed_gets_the_next_number():
    mocks = learnt(Harbour, sailing, 8)
    boat = mocks.ask("POST", "/boats", {"name": "tern", "oars": 2}).json
    path = f"/boats/{boat['id']}"
    turns = [mocks.ask("PATCH", f"{path}/trim", {"oars": oars}).json["turn"] for oars in (2, 4, 4)]
    dock = mocks.ask("POST", "/docks", {"name": "east"}).json
    assert [boat["turn"], *turns, dock["turn"]] == [501, 501, 502, 502, 503]
