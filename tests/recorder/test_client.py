"""Client sessions: who is who, and how long each is remembered."""

from __future__ import annotations

from plays import asks

from cassettes.key import make_key
from recorder.client import Clients

ANN = ((b"Authorization", b"Bearer ann"),)


def name_of(clients: Clients, request) -> str:
    return clients.name_of(request, make_key(request))[0]


def test_the_session_header_counts_alone():
    clients = Clients("x-mimic-session")
    named = ((b"X-Mimic-Session", b"one"),)
    names = {name_of(clients, asks(headers=(*named, *who), client=ip)) for who in ((), ANN) for ip in ("1", "2")}
    assert names == {"header one"}


def test_without_it_a_session_is_an_address_with_its_credentials():
    clients = Clients("x-mimic-session")
    names = {name_of(clients, asks(headers=who, client=ip)) for who in ((), ANN) for ip in ("192.0.2.1", "192.0.2.2")}
    assert len(names) == 4
    assert not any("ann" in name for name in names)


def test_loopback_is_one_address_in_both_families():
    clients = Clients("x-mimic-session")
    assert name_of(clients, asks(client="::1")) == name_of(clients, asks(client="127.0.0.1"))


def test_the_session_idle_longest_is_forgotten_first():
    clients, key = Clients("x-mimic-session", limit=2), make_key(asks())
    first = clients.open("a", "a", key)
    clients.open("b", "b", key)
    assert clients.open("a", "a", key) is first
    clients.open("c", "c", key)
    assert clients.get("b") is None
    assert clients.get("a") is first


def test_what_a_client_sent_is_bounded_and_its_version_changes_only_with_it():
    session = Clients("x-mimic-session").open("a", "a", make_key(asks()))
    session.remember({"p": "live"})
    version = session.version
    session.remember({"p": "live"})
    assert session.version == version
    session.remember({str(number): "x" for number in range(5000)})
    assert len(session.stand_ins) == 2000
    assert session.version != version
