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
_OURS_ALONE: Final = frozenset({b"x-mimic-key", b"x-mimic-session"})


class LoopError(Exception):
    """The request has passed this gateway before (its own id stands in Via)."""


class UpgradeError(Exception):
    """The request asks for another protocol."""


def outgoing_headers(headers: Headers, authority: bytes, via: bytes) -> tuple[list[tuple[bytes, bytes]], bool]:
    """Give the headers for the upstream, and whether the request announces a body.

    Host becomes the upstream's, Via is appended; everything else keeps its bytes and order. Raises LoopError where
    `via` (pseudonym of this gateway) was passed before, UpgradeError for a WebSocket handshake.
    """
    out: list[tuple[bytes, bytes]] = []
    named: set[bytes] | None = None
    has_body = False
    trailers = False
    for pair in headers:
        lower = pair[0].lower()
        if lower in HOP_BY_HOP:
            value = pair[1].lower()
            if lower == b"connection":
                named = _tokens(value) - {b"close", b"keep-alive"} | (named or set())
            elif lower == b"transfer-encoding":
                has_body = True
            elif lower == b"te":
                trailers = b"trailers" in _tokens(value)
            elif lower == b"upgrade" and value == b"websocket":
                raise UpgradeError
            continue
        if lower == b"host":
            out.append((pair[0], authority))
            continue
        if lower == b"content-length":
            has_body = has_body or pair[1].strip(b"0 ") != b""
        elif lower == b"via" and via in pair[1]:
            raise LoopError
        elif lower in _OURS_ALONE:
            continue
        out.append(pair)
    if named:
        out = [pair for pair in out if pair[0].lower() not in named]
    if trailers:
        out.append((b"TE", b"trailers"))
        out.append((b"Connection", b"TE"))
    out.append((b"Via", b"1.1 " + via))
    return out, has_body


def returning_headers(headers: Headers) -> tuple[Headers, bool]:
    """Give the upstream's end-to-end headers, and whether its Content-Length is among them."""
    named: set[bytes] | None = None
    has_length = False
    out: list[tuple[bytes, bytes]] = []
    for pair in headers:
        lower = pair[0].lower()
        if lower in HOP_BY_HOP:
            if lower == b"connection":
                named = _tokens(pair[1].lower()) - {b"close", b"keep-alive"} | (named or set())
            continue
        if lower == b"content-length":
            has_length = True
        out.append(pair)
    if named:
        out = [pair for pair in out if pair[0].lower() not in named]
    return tuple(out), has_length


def _tokens(value: bytes) -> set[bytes]:
    return {token.strip() for token in value.split(b",")}
