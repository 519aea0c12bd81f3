"""The index: from a key to its tracks, however many there are and whenever they were added."""

from __future__ import annotations

from dataclasses import replace

from plays import asks, call

from cassettes.cassette import Interaction
from cassettes.key import KeyPolicy, make_key
from recorder.client import ClientSession
from recorder.index import Index


def an_index(*targets: bytes) -> Index:
    index = Index(KeyPolicy())
    for number, target in enumerate(targets, 1):
        put(index, number, target)
    return index


def put(index: Index, number: int, target: bytes) -> None:
    request = asks(target=target)
    index.add(Interaction(number, call(request, b"%d" % number)), make_key(request))


def numbers(found) -> list[int]:
    return [step.interaction.number for step in found.steps]


def test_a_key_finds_its_track_with_all_its_steps():
    index = an_index(b"/a", b"/b", b"/a")
    assert numbers(index.exact(make_key(asks(target=b"/a")))) == [1, 3]
    assert index.exact(make_key(asks(target=b"/c"))) is None


def test_a_looser_tier_joins_tracks_also_those_added_after_it_was_first_asked_for():
    index, session = an_index(b"/a?_=1700000000001", b"/a?_=1700000000002"), ClientSession("s", "s")
    asked = make_key(asks(target=b"/a?_=1700000000009"))
    pool, tier = index.looser(asked, session)
    assert (numbers(pool), tier.name) == ([1, 2], "volatile")
    put(index, 3, b"/a?_=1700000000003")
    assert numbers(index.looser(asked, session)[0]) == [1, 2, 3]


def test_preparing_changes_no_answer():
    index = an_index(*(b"/a?page=%d" % number for number in range(300)))
    index.prepare()
    assert index.looser(make_key(asks(target=b"/a?page=400")), ClientSession("s", "s")) == ""
    assert numbers(index.exact(make_key(asks(target=b"/a?page=299")))) == [300]


def test_a_recorded_request_is_known_as_it_is_cleaned_today_too():
    index = an_index(b"/a?sid=raw")
    today = make_key(asks(target=b"/a?sid=stand-in"))
    assert index.exact(today) is None
    index.reclean(today, lambda request: replace(request, target=request.target.replace(b"raw", b"stand-in")))
    assert numbers(index.exact(today)) == [1]
