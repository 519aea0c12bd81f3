"""A broken answer as bytes: what a client is sent in place of a well-formed one before its connection ends."""

from __future__ import annotations

from random import Random
from typing import Final

from cassettes.definition import FaultName
from cassettes.exchange import Headers, header, without_headers
from gateway.inbound.framing import BODILESS, Asked, frame

GARBAGE_BYTES: Final = 512
_TOO_MANY_BYTES: Final = 16
_LENGTH: Final = frozenset({b"content-length"})
_NO_HTTP: Final = b"\xff"


def broken_answer(
    fault: FaultName,
    status: int,
    reason: bytes | None,
    headers: Headers,
    body: bytes,
    asked: Asked,
    *,
    length: int | None = None,
    seed: int = 0,
) -> bytes:
    """Give the bytes to write before closing: none for `reset`, `empty` and `hang`.

    `length` is that of the whole body, where `body` is only its beginning. An answer without a body (to HEAD, 204,
    304) is cut off in its head. What HTTP/1.0 does not have (chunks) is cut off in the body. Raises ResponseError.
    """
    if fault == "garbage":
        return _NO_HTTP + Random(seed).randbytes(GARBAGE_BYTES - 1)  # noqa: S311  # noise, not a secret
    whole = len(body) if length is None else length
    ends = asked._replace(close=True)
    if fault == "wrong-length":
        if asked.head_only or status in BODILESS:
            return frame(status, reason, _long(headers, whole), ends).head
        return frame(status, reason, headers, ends, whole + _TOO_MANY_BYTES).head + body
    if fault == "malformed-chunk" and asked.http11 and not asked.head_only and status not in BODILESS:
        return _malformed_chunks(frame(status, reason, without_headers(headers, _LENGTH), ends).head, body)
    if fault in ("truncate", "malformed-chunk"):
        head = frame(status, reason, headers, ends, whole).head
        if asked.head_only or status in BODILESS or not whole:
            return head[: len(head) // 2]
        return head + body[: whole // 2]
    return b""


def _long(headers: Headers, whole: int) -> Headers:
    told = header(headers, b"content-length") or b""
    length = int(told) if told.isdigit() else whole
    return (*without_headers(headers, _LENGTH), (b"Content-Length", b"%d" % (length + _TOO_MANY_BYTES)))


def _malformed_chunks(head: bytes, body: bytes) -> bytes:
    half = body[: (len(body) + 1) // 2]
    first = b"%x\r\n%b\r\n" % (len(half), half) if half else b""
    return head + first + b"no-length\r\n" + body[len(half) :]
