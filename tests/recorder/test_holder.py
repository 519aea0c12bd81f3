"""Holders of credentials: whose answers a client may get."""

from __future__ import annotations

from plays import asks, call

from cassettes.cassette import Interaction
from cassettes.key import Key, make_key
from recorder.client import ClientSession
from recorder.holder import Holders
from recorder.track import Track


def key_of(name: bytes, target: bytes = b"/a") -> Key:
    return make_key(asks(target=target, headers=((b"Authorization", b"Bearer " + name),)))


def recorded(*holders: tuple[bytes, int]) -> tuple[Holders, list[Track]]:
    known, tracks = Holders(), []
    for number, (name, status) in enumerate(holders, 1):
        interaction = Interaction(number, call(asks(), name, status=status))
        known.add(key_of(name), interaction)
        tracks.append(Track(number, key_of(name), [interaction]))
    return known, tracks


def test_a_known_credential_gets_its_own_tracks_only():
    holders, tracks = recorded((b"ann", 200), (b"bob", 200))
    assert holders.choose(key_of(b"bob"), tracks, ClientSession("s", "s")) == tracks[1:]
    assert isinstance(holders.choose(key_of(b"bob"), tracks[:1], ClientSession("s", "s")), str)


def test_an_unknown_one_stands_for_the_only_holder_that_was_let_in_and_stays_so():
    holders, tracks = recorded((b"wrong", 401), (b"ann", 200))
    session = ClientSession("s", "s")
    chosen = holders.choose(key_of(b"own"), tracks, session)
    assert chosen == tracks[1:]
    holders.settle(key_of(b"own"), chosen, session)
    assert session.holders == {"authorization bearer": b"ann"}


def test_it_is_not_decided_for_a_client_between_two_holders_with_different_answers():
    holders, tracks = recorded((b"ann", 200), (b"bob", 200))
    session = ClientSession("s", "s")
    assert isinstance(holders.choose(key_of(b"own"), tracks, session), str)
    holders.settle(key_of(b"own"), tracks[1:], session)
    assert holders.choose(key_of(b"own"), tracks, session) == tracks[1:]
