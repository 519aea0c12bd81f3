"""The framing of a response: its head as bytes, and how the end of its body is marked on the wire.

ResponseError
"""

from __future__ import annotations

import http
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gateway.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
BREAKS = b"\r\n\0"
LENGTH_DIGITS = 18
FRAMING = frozenset({b"content-length", b"transfer-encoding", b"connection"})
STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}".encode() for status in http.HTTPStatus if status >= 200
}
INTERIM_LINES = {100: b"HTTP/1.1 100 Continue", 102: b"HTTP/1.1 102 Processing", 103: b"HTTP/1.1 103 Early Hints"}
BODILESS = frozenset({204, 304})
REMEMBERED_NAMES = 4096

_lower: dict[bytes, bytes] = {}  # name as given -> lower case, for names already seen to be tokens


class ResponseError(GatewayError):
    """A response that cannot be written as it was given; says which part is wrong, never a header's value."""


class Asked(NamedTuple):
    """What of the request decides the framing: HEAD, HTTP/1.1, and whether the connection ends after the answer."""

    head_only: bool
    http11: bool
    close: bool


PLAIN = Asked(head_only=False, http11=True, close=False)
"""The usual question: HTTP/1.1, not HEAD, on a connection that stays open."""


class Frame(NamedTuple):
    """A head ready to be written, and what follows it.

    `left` is the number of body bytes announced; None where the body is chunked or ends with the connection.
    """

    head: bytes
    bodiless: bool
    chunked: bool
    left: int | None
    close: bool


Field = tuple[int, bytes, bytes, bytes]
"""A header that takes part in the framing: the place of its line, its name in lower case and as given, its value."""


def frame(
    status: int,
    reason: bytes | None,
    headers: Iterable[Sequence[bytes]],
    asked: Asked,
    size: int | None = None,
) -> Frame:
    """Give the head of a response; names keep their case and order.

    A body whose `size` is known gets that Content-Length whatever was given; one still to come is framed by the given
    Content-Length unless Transfer-Encoding is given too, else by chunks, for HTTP/1.0 by the end of the connection
    (RFC 9112 §6.3). A response to HEAD and a 304 keep the Content-Length given; a 204 has none.

    Raises ResponseError for a status outside 200-999 and for anything that would break out of its line.
    """
    lines = [(STATUS_LINES.get(status) if reason is None else None) or status_line(status, reason)]
    fields: list[Field] = []
    for pair in headers:
        lower = _lower.get(pair[0]) or lowered(pair[0])
        if lower in FRAMING:
            fields.append((len(lines), lower, pair[0], pair[1]))
        lines.append(b": ".join(pair))
    bodiless = asked.head_only or status in BODILESS
    if len(fields) == 1 and not (bodiless or asked.close) and fields[0][1] == b"content-length":
        length = given_length(fields)
        if size is None or size == length:  # most answers
            return Frame(joined(lines), False, False, length, False)
    length, chunked = body_framing(status, fields, asked, size, bodiless=bodiless)
    place_framing(lines, fields, length, chunked=chunked)
    close = close_line(lines, fields, close=asked.close or not (bodiless or chunked or length is not None))
    head = joined([line for line in lines if line])
    return Frame(head, bodiless, chunked, 0 if bodiless else length, close)


def joined(lines: list[bytes]) -> bytes:
    """Give the lines as one block with the empty line that ends it; raise ResponseError where one is two."""
    lines += (b"", b"")
    block = b"\r\n".join(lines)
    # Every line ends in exactly one CR and one LF, so any more of them came from inside a line.
    if len(block) - len(block.translate(None, BREAKS)) != 2 * (len(lines) - 1):
        raise unsafe_line(lines)
    return block


def body_framing(
    status: int,
    fields: list[Field],
    asked: Asked,
    size: int | None,
    *,
    bodiless: bool,
) -> tuple[int | None, bool]:
    """Give the Content-Length to write, or None, and whether the body is chunked."""
    given = given_length(fields) if fields else None
    if bodiless:
        if status == 204:
            # RFC 9110 §8.6 wants none here, but an upstream's "0" is harmless and is passed on as it came.
            return (0 if given == 0 else None), False
        return (size or None) if given is None and status != 304 else given, False
    if size is not None:
        return size, False
    coded = any(field[1] == b"transfer-encoding" for field in fields)
    if given is not None and not coded:
        return given, False
    return None, asked.http11


def given_length(fields: list[Field]) -> int | None:
    """Give the Content-Length among the fields; raise ResponseError where there are two, or it is no number."""
    given: bytes | None = None
    for _, lower, _, value in fields:
        if lower != b"content-length":
            continue
        if not value.isdigit() or len(value) > LENGTH_DIGITS or (given is not None and value != given):
            raise ResponseError("the response's Content-Length must be one decimal number")
        given = value
    return None if given is None else int(given)


def place_framing(lines: list[bytes], fields: list[Field], length: int | None, *, chunked: bool) -> None:
    """Leave exactly the framing header that is true among the lines, in the place and spelling it was given."""
    wanted = b"transfer-encoding" if chunked else b"content-length" if length is not None else b""
    value = b"chunked" if chunked else b"%d" % length if length is not None else b""
    placed = False
    for place, lower, name, _ in fields:
        if lower == b"connection":
            continue
        lines[place] = b""
        if lower == wanted and not placed:
            lines[place] = name + b": " + value
            placed = True
    if wanted and not placed:
        lines.append(wanted + b": " + value)


def close_line(lines: list[bytes], fields: list[Field], *, close: bool) -> bool:
    """Make the Connection header say what will happen; give whether the connection ends after this response."""
    given = [field for field in fields if field[1] == b"connection"]
    for _, _, _, value in given:
        if any(option.strip(b" \t").lower() == b"close" for option in value.split(b",")):
            return True
    if close:
        for place, _, _, _ in given:
            lines[place] = b""
        lines.append(b"connection: close")
    return close


@lru_cache(256)
def status_line(status: int, reason: bytes | None) -> bytes:
    """Give the first line; without a reason one of the statuses that have no standard phrase."""
    if not 200 <= status <= 999:
        raise ResponseError(f"{status} is not the status of a final response; use 200 to 999")
    return b"HTTP/1.1 %d %b" % (status, reason or b"")


def lowered(name: bytes) -> bytes:
    """Give the lower-case form of a header name; raise ResponseError where it is not a token (RFC 9110 §5.1)."""
    if TOKEN.fullmatch(name) is None:
        raise ResponseError(f"{name[:40]!r} is not a header name")
    lower = bytes(name).lower()
    if len(_lower) < REMEMBERED_NAMES:
        _lower[bytes(name)] = lower
    return lower


def unsafe_line(lines: list[bytes]) -> ResponseError:
    """Name the line that holds a carriage return, a line feed or a NUL; its value stays unsaid."""
    for place, line in enumerate(lines):
        if b"\r" in line or b"\n" in line or b"\0" in line:
            what = "the reason phrase" if place == 0 else f"the value of {line.partition(b':')[0].decode('latin-1')}"
            return ResponseError(f"{what} holds a CR, LF or NUL")
    return ResponseError("the head of the response is not well-formed")


def frame_interim(status: int, headers: Iterable[Sequence[bytes]]) -> bytes:
    """Give an informational response (RFC 9110 §15.2) as bytes; 101 is not one of them, since nothing is switched."""
    if not 100 <= status <= 199 or status == 101:
        raise ResponseError(f"{status} is not an informational status; use 100 or 102 to 199")
    return joined([INTERIM_LINES.get(status) or b"HTTP/1.1 %d " % status, *field_lines(headers)])


def field_lines(headers: Iterable[Sequence[bytes]]) -> list[bytes]:
    """Give the lines of headers that frame nothing (of interim responses and trailers), framing headers left out."""
    return [b": ".join(pair) for pair in headers if (_lower.get(pair[0]) or lowered(pair[0])) not in FRAMING]


def frame_last_chunk(trailers: Iterable[Sequence[bytes]]) -> bytes:
    """Give the end of a chunked body with its trailers (RFC 9112 §7.1.2)."""
    return joined([b"0", *field_lines(trailers)])
