"""A recorded session is told again from its beginning, as long as the requests come as they were recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plays import UPSTREAMS, ByHeart, asks, call

from cassettes.cassette import Cassette, Interaction, Manifest
from recorder.player import Player, PlayOptions
from recorder.retelling import Retelling

A, B, C = (asks(target=target) for target in (b"/a", b"/b", b"/c"))


def tape(*sessions, sanitizer=None, name="test"):
    """Give a cassette of sessions, each a list of (request, body), recorded one after the other."""
    kept = []
    for session, calls in enumerate(sessions, 1):
        for request, body in calls:
            number = len(kept) + 1
            exchange = replace(call(request, body), started_at=float(number))
            kept.append(Interaction(number, exchange, f"s{session}"))
    cassette = Cassette(Manifest(name, upstreams=UPSTREAMS), tuple(kept))
    return name, Player(cassette, sanitizer, PlayOptions())


def told(retelling, *requests):
    found = [retelling.next(request) for request in requests]
    return [None if one is None else (one.played.response.body, one.played.interaction.number) for one in found]


def test_the_answers_come_in_the_order_of_the_session():
    one = Retelling([tape([(A, b"1"), (B, b"2"), (A, b"3")])])
    assert told(one, A, B, A, A) == [(b"1", 1), (b"2", 2), (b"3", 3), None]
    assert one.over


def test_the_first_request_that_agrees_with_none_ends_it_until_it_begins_again():
    one = Retelling([tape([(A, b"1"), (B, b"2")])])
    assert told(one, A, C, B) == [(b"1", 1), None, None]
    one.rewind()
    assert (one.over, one.place) == (False, 0)
    assert told(one, A, B) == [(b"1", 1), (b"2", 2)]


def test_a_session_is_not_entered_in_its_middle():
    assert told(Retelling([tape([(A, b"1"), (B, b"2")])]), B, A) == [None, None]


def test_of_several_sessions_the_first_that_still_agrees_answers():
    one = Retelling([tape([(A, b"1"), (B, b"2")], [(A, b"3"), (C, b"4"), (A, b"5")], [(A, b"6"), (C, b"7")])])
    assert told(one, A, C, A, A) == [(b"1", 1), (b"4", 4), (b"5", 5), None]


def test_only_the_sessions_that_are_named_are_told():
    assert told(Retelling([tape([(A, b"1")], [(A, b"2")])], ["s2"]), A) == [(b"2", 2)]
    assert Retelling([tape([(A, b"1")])], ["nope"]).over


def test_sessions_of_several_cassettes_are_tried_in_their_order():
    one = Retelling([tape([(A, b"1")], name="one"), tape([(A, b"2"), (B, b"3")], name="two")])
    assert [(one.next(request).cassette, one.place) for request in (A, B)] == [("one", 1), ("two", 2)]


def test_the_order_is_that_in_which_requests_were_sent():
    name, player = tape([(A, b"1"), (B, b"2")])
    late = replace(call(C, b"0"), started_at=0.5)
    player.add(Interaction(3, late, "s1"))
    one = Retelling([(name, player)])
    assert told(one, C, A, B) == [(b"0", 3), (b"1", 1), (b"2", 2)]


def test_nobody_who_replays_by_tracks_is_moved():
    name, player = tape([(A, b"1"), (A, b"2")])
    told(Retelling([(name, player)]), A)
    assert player.play(A).response.body == b"1"


def test_a_request_that_cannot_be_cleaned_agrees_with_nothing():
    class Refusing(ByHeart):
        def clean_request(self, request):
            from sanitizers.errors import UnreadableBodyError

            raise UnreadableBodyError("no")

    assert told(Retelling([tape([(A, b"1")], sanitizer=Refusing({}))]), A) == [None]


@pytest.mark.parametrize("ending", [True, False])
def test_it_can_be_ended_from_outside(ending):
    one = Retelling([tape([(A, b"1")])])
    if ending:
        one.end()
    assert told(one, A) == [None if ending else (b"1", 1)]
