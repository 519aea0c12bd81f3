"""Modes decide without I/O: a request goes in, a plan comes out."""

import pytest
from supplied import SomeServices

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.definition import MockDefinition
from cassettes.exchange import Exchange, Failure, Request, Response
from gateway.mode import Forward, Reply
from gateway.modes import MODES
from gateway.view import RequestView
from recorder.player import Player


class Shop:
    """An upstream that is never asked."""

    name, authority, base_path = "shop", b"shop.test", b""


class Shelves(SomeServices):
    """Services over a dictionary of cassettes."""

    def __init__(self, *interactions):
        super().__init__()
        self.interactions = interactions
        self.offered = []

    def upstream(self, reference):
        return Shop

    def player(self, cassette, options, upstream):
        return Player(Cassette(Manifest(cassette), self.interactions), None, options)

    def recording(self, definition):
        return self.offered.append

    def holds_recordings(self, cassette):
        return bool(self.interactions)


def kept(number, target=b"/a", response=None, failure=None):
    response = response or (None if failure else Response(200, ((b"Content-Length", b"2"),), b"hi", b"Fine"))
    return Interaction(number, Exchange(Request("GET", target), response, failure))


def plan(services, request=Request("GET", b"/a"), **document):
    definition = MockDefinition.model_validate({"id": "x", **document})
    return MODES[definition.mode](definition, services).decide(RequestView(request))


def test_mock_gives_the_ready_reply():
    reply = plan(Shelves(), response={"status": 203, "body": "text", "headers": {"X": ["1", "2"]}, "delay_ms": 250})
    assert (reply.status, reply.body, reply.source, reply.delay_s) == (203, b"text", "mock", 0.25)
    assert reply.headers == (
        (b"X", b"1"),
        (b"X", b"2"),
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"4"),
    )


def test_passthrough_keeps_nothing_and_proxy_keeps_a_copy():
    quiet = plan(Shelves(), mode="passthrough", upstream="shop")
    heard = plan(Shelves(), mode="proxy", upstream="shop")
    assert (quiet, heard) == (Forward(Shop, keeps_copy=False), Forward(Shop))


def test_fallback_carries_its_rung():
    forward = plan(
        Shelves(), mode="proxy-with-fallback", upstream="shop", response={"fallback": {"status": 200, "body": "[]"}}
    )
    assert (forward.fallback.reply.body, forward.fallback.reply.source) == (b"[]", "fallback")
    assert forward.fallback.statuses == {502, 503, 504}
    assert forward.fallback.unsafe is False


def test_replay_answers_what_was_recorded():
    reply = plan(Shelves(kept(1)), mode="replay", cassette="c")
    assert (reply.status, reply.reason, reply.body, reply.source) == (200, b"Fine", b"hi", "cassette")
    assert dict(reply.notes)[b"X-Mimic-Cassette"] == b"c"
    assert dict(reply.notes)[b"X-Mimic-Match"] == b"exact; score=1.00; interaction=1"


def test_replay_fails_as_the_upstream_failed():
    told = plan(Shelves(kept(1, failure=Failure("timeout", "no answer in 3 s"))), mode="replay", cassette="c")
    broken = plan(Shelves(kept(1, failure=Failure("reset"))), mode="replay", cassette="c")
    assert (told.status, told.source) == (504, "cassette")
    assert broken.breaks == Failure("reset")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, (502, "error")),
        ({"replay": {"on_miss": "mock"}, "response": {"status": 404}}, (404, "mock")),
    ],
)
def test_a_miss_is_answered_as_told(document, expected):
    reply = plan(Shelves(kept(1)), Request("GET", b"/other"), mode="replay", cassette="c", **document)
    assert (reply.status, reply.source) == expected


@pytest.mark.parametrize("on_miss", ["proxy", "record"])
def test_a_miss_may_go_to_the_upstream(on_miss):
    services = Shelves(kept(1))
    forward = plan(
        services, Request("GET", b"/other"), mode="replay", cassette="c", upstream="shop", replay={"on_miss": on_miss}
    )
    assert isinstance(forward, Forward)
    assert (forward.offer is not None) == (on_miss == "record")
    assert forward.notes == ((b"X-Mimic-Match", b"miss"),)


@pytest.mark.parametrize(
    ("record_mode", "full", "known", "unknown"),
    [
        ("all", True, "records", "records"),
        ("all", False, "records", "records"),
        ("new_episodes", True, "replays", "records"),
        ("new_episodes", False, "records", "records"),
        ("once", True, "replays", "misses"),
        ("once", False, "records", "records"),
        ("none", True, "replays", "misses"),
    ],
)
def test_record_modes_do_what_their_names_say(record_mode, full, known, unknown):
    def what(target):
        services = Shelves(*([kept(1)] if full else []))
        document = {"mode": "record", "upstream": "shop", "cassette": "c", "record_mode": record_mode}
        decided = plan(services, Request("GET", target), **document)
        if isinstance(decided, Reply):
            return "replays" if decided.source == "cassette" else "misses"
        return "records" if decided.offer is not None else "forwards"

    assert (what(b"/a"), what(b"/b")) == (known, unknown)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"mode": "proxy"}, "needs an upstream"),
        ({"mode": "record", "upstream": "x"}, "needs a cassette"),
        ({"mode": "replay"}, "needs a cassette"),
        ({"mode": "mock"}, "needs a response"),
        ({"mode": "proxy-with-fallback", "upstream": "x", "response": {}}, "needs response.fallback"),
        ({"mode": "replay", "cassette": "c", "replay": {"on_miss": "proxy"}}, "needs an upstream"),
        ({"mode": "replay", "cassette": "c", "replay": {"on_miss": "mock"}}, "needs a response"),
        ({"response": {"headers": {"X": "a\r\nSet-Cookie: b"}}}, "would split the response"),
        ({"response": {"status": 600}}, "less than or equal to 599"),
        ({"response": {"status": 100}}, "greater than or equal to 200"),
        ({"match": {"path": "x"}, "response": {}}, "write '/x'"),
    ],
)
def test_a_definition_without_what_its_mode_needs_is_refused(document, told):
    with pytest.raises(ValueError, match=told):
        MockDefinition.model_validate({"id": "x", **document})
