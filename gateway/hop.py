"""What belongs to one connection and what travels on: header hygiene between two hops."""

from __future__ import annotations

from typing import Final

from cassettes.exchange import Headers

# RFC 9110 §7.6.1: these belong to one connection and must not be forwarded.
HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NAMES_NO_HEADER: Final = frozenset({b"close", b"keep-alive"})
_OURS_ALONE: Final = frozenset({b"x-mimic-key", b"x-mimic-session"})


class LoopError(Exception):
    """The request has passed this gateway before (its own id stands in Via)."""


class UpgradeError(Exception):
    """The request asks for another protocol."""


# What a header's name asks for, by the very bytes it was sent as: most ask for nothing, and one look-up tells.
_PLAIN: Final = b""
_ASKING: Final = HOP_BY_HOP | _OURS_ALONE | {b"host", b"content-length", b"via"}
_KINDS: Final[dict[bytes, bytes]] = {}
_MOST_KINDS: Final = 4096


def _learn(name: bytes) -> bytes:
    """Give the name in lower case where it asks for something, else an empty one; remember that."""
    lower = name.lower()
    kind = lower if lower in _ASKING else _PLAIN
    if len(_KINDS) < _MOST_KINDS:
        _KINDS[name] = kind
    return kind


def outgoing_headers(headers: Headers, authority: bytes, via: bytes) -> tuple[list[tuple[bytes, bytes]], bool]:
    """Give the headers for the upstream, and whether the request announces a body.

    Host becomes the upstream's, Via is appended; everything else keeps its bytes and order. Raises LoopError where
    `via` (pseudonym of this gateway) was passed before, UpgradeError for a WebSocket handshake.
    """
    out: list[tuple[bytes, bytes]] = []
    named: set[bytes] = set()
    has_body = False
    trailers = False
    for pair in headers:
        kind = _KINDS.get(pair[0])
        if kind is None:
            kind = _learn(pair[0])
        if not kind:
            out.append(pair)
        elif kind == b"host":
            out.append((pair[0], authority))
        elif kind == b"content-length":
            has_body = has_body or pair[1].strip(b"0 ") != b""
            out.append(pair)
        elif kind == b"via":
            if via in pair[1]:
                raise LoopError
            out.append(pair)
        elif kind == b"connection":
            named |= _tokens(pair[1].lower()) - _NAMES_NO_HEADER
        elif kind == b"transfer-encoding":
            has_body = True
        elif kind == b"te":
            trailers = b"trailers" in _tokens(pair[1].lower())
        elif kind == b"upgrade" and pair[1].lower() == b"websocket":
            raise UpgradeError
    if named:
        out = [pair for pair in out if pair[0].lower() not in named]
    if trailers:
        out += ((b"TE", b"trailers"), (b"Connection", b"TE"))
    out.append((b"Via", b"1.1 " + via))
    return out, has_body


def returning_headers(headers: Headers) -> tuple[Headers, bool]:
    """Give the upstream's end-to-end headers, and whether its Content-Length is among them."""
    named: set[bytes] = set()
    has_length = False
    out: list[tuple[bytes, bytes]] = []
    for pair in headers:
        kind = _KINDS.get(pair[0])
        if kind is None:
            kind = _learn(pair[0])
        if not kind or kind not in HOP_BY_HOP:
            has_length = has_length or kind == b"content-length"
            out.append(pair)
        elif kind == b"connection":
            named |= _tokens(pair[1].lower()) - _NAMES_NO_HEADER
    if named:
        out = [pair for pair in out if pair[0].lower() not in named]
    return tuple(out), has_length


def _tokens(value: bytes) -> set[bytes]:
    return {token.strip() for token in value.split(b",")}
