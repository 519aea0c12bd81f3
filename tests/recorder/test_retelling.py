"""A recorded session is told again from its beginning, as long as the requests come as they were recorded."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from plays import UPSTREAMS, ByHeart, asks, call

from cassettes.cassette import Cassette, Interaction, Manifest
from recorder.player import Player, PlayOptions
from recorder.retelling import Retelling
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES

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


def login(token, session):
    """Give a session that logs in, is given a token, and asks for something of its own with it."""
    mine = asks(target=b"/" + session, headers=((b"Authorization", b"Bearer " + token),))
    return [(A, b'{"token": "' + token + b'"}'), (mine, b'{"by": "' + token + b'"}')]


def test_sessions_that_begin_alike_go_on_with_what_the_first_was_given():
    first, second = b"9f86d081884c7d659a2f", b"60303ae22b998861bce3"
    one = Retelling([tape(login(first, b"one"), login(second, b"two"))])
    asked = asks(target=b"/two", headers=((b"Authorization", b"Bearer " + first),))
    assert told(one, A, asked) == [(b'{"token": "' + first + b'"}', 1), (b'{"by": "' + first + b'"}', 4)]


def test_what_a_client_sent_under_one_credential_is_put_back_under_every_other():
    mail = b"dana.whitfield@corp.internal"

    def calls(first, other):
        """Give a session that sends an address under one token, and is shown it under another."""
        sent = asks("POST", b"/me", ((b"Authorization", b"Bearer " + first),), b"mail=" + mail)
        return [call(sent, b"ok"), call(asks("GET", b"/me", ((b"Authorization", b"Bearer " + other),)), mail)]

    live = calls(b"tk9f8e7d6c5b4a3210", b"tk0a1b2c3d4e5f6789")
    cleaner, player = (Sanitizer(PROFILES["default"], b"k" * 32) for _ in range(2))
    kept = [cleaner.clean(exchange).exchange for exchange in live]
    for exchange in kept:
        player.learn(exchange)
    assert mail not in kept[1].response.body
    one = Retelling([tape([(exchange.request, exchange.response.body) for exchange in kept], sanitizer=player)])
    assert told(one, *(exchange.request for exchange in live)) == [(b"ok", 1), (mail, 2)]


@pytest.mark.parametrize(
    ("live", "goes_on"),
    [("reversed", True), ("cut", True), ("token", False), ("another", False)],
)
def test_what_a_client_made_of_the_stand_in_of_a_token_is_what_it_had_made_of_the_token(live, goes_on):
    """A recording has the stand-in of a token turned round, and a client turns round the stand-in that it was given."""
    token = b"9f86d081884c7d659a2f"

    def confirming(text):
        return asks("POST", b"/confirm", ((b"Content-Type", b"application/json"),), b'{"token": "' + text + b'"}')

    cleaner, player = (Sanitizer(PROFILES["default"], b"k" * 32) for _ in range(2))
    calls = [(A, b'{"token": "' + token + b'"}'), (confirming(token[::-1]), b"no"), (confirming(token), b"yes")]
    cleaned = [
        cleaner.clean(replace(call(request, body), started_at=float(n))) for n, (request, body) in enumerate(calls)
    ]
    kept = tuple(Interaction(n, one.exchange, "s", findings=one.findings) for n, one in enumerate(cleaned, 1))
    for one in kept:
        player.learn(one.exchange)
    given = json.loads(kept[0].exchange.response.body)["token"].encode()
    sent = {"reversed": given[::-1], "cut": given[:-1], "token": given, "another": b"60303ae22b998861bce3"}[live]
    one = Retelling([("test", Player(Cassette(Manifest("test"), kept), player, PlayOptions()))])
    asked = [A, confirming(sent), confirming(given)]
    assert [number for _, number in filter(None, told(one, *asked))] == ([1, 2, 3] if goes_on else [1])
