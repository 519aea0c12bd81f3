"""Builders for tests of replay: cassettes of short calls, and a sanitizer that knows its secrets by heart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.exchange import Exchange, Failure, Headers, Request, Response
from recorder.player import Miss, Played, Player, PlayOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST: Headers = ((b"Host", b"127.0.0.1:8000"),)
JSON: Headers = ((b"Content-Type", b"application/json"),)
UPSTREAMS = {"main": "https://staging.example.test"}


def asks(
    method: str = "GET", target: bytes = b"/a", headers: Headers = (), body: bytes = b"", client: str = "127.0.0.1"
) -> Request:
    return Request(method, target, (*HOST, *headers), body, client)


def call(
    request: Request,
    body: bytes = b"",
    *,
    status: int = 200,
    headers: Headers = (),
    failure: Failure | None = None,
    response: Response | None = None,
) -> Exchange:
    given = response if response is not None else Response(status, headers, body, b"OK")
    return Exchange(request, None if failure and response is None else given, failure, upstream="main")


def cassette(*calls: Exchange) -> Cassette:
    kept = tuple(Interaction(number, exchange) for number, exchange in enumerate(calls, 1))
    return Cassette(Manifest("test", upstreams=UPSTREAMS), kept)


def player(*calls: Exchange, sanitizer: Any = None, clock: Any = None, **options: Any) -> Player:
    extra = {"clock": clock} if clock else {}
    return Player(cassette(*calls), sanitizer, PlayOptions(**options), **extra)


def played(one: Player, request: Request) -> Played:
    found = one.play(request)
    assert isinstance(found, Played), found
    return found


def body_of(one: Player, request: Request) -> bytes:
    response = played(one, request).response
    assert response is not None
    return response.body


def missed(one: Player, request: Request) -> Miss:
    found = one.play(request)
    assert isinstance(found, Miss), found
    return found


@dataclass(frozen=True)
class Clean:
    request: Request
    stand_ins: Mapping[bytes, bytes]


class ByHeart:
    """A sanitizer that replaces known secrets by known pseudonyms, wherever they are."""

    def __init__(self, secrets: Mapping[bytes, bytes] | None = None) -> None:
        self.secrets = dict(secrets or {})
        self.cleaned = 0

    def clean_request(self, request: Request) -> Clean:
        self.cleaned += 1
        found = {
            pseudonym: live
            for live, pseudonym in self.secrets.items()
            if live in request.target or live in request.body or any(live in value for _, value in request.headers)
        }
        headers = tuple((name, self.text(value)) for name, value in request.headers)
        return Clean(
            replace(request, target=self.text(request.target), headers=headers, body=self.text(request.body)), found
        )

    def text(self, text: bytes) -> bytes:
        for live, pseudonym in self.secrets.items():
            text = text.replace(live, pseudonym)
        return text
