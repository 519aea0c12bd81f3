"""A request as bytes: the head as the caller chose it, with nothing added but how long the body is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.outbound.failure import UnsendableRequestError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_DIGITS = re.compile(rb"[0-9]{1,18}")
_BREAKS = b"\r\n\0"
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_FRAMING_LENGTHS = frozenset({14, 17})  # spares lower-casing every name
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})  # RFC 9110 §9.2.2
# Larger bodies are written piece by piece, so that a slow upstream is noticed while they go.
_WHOLE_BYTES = 256 << 10


@dataclass(slots=True)
class Message:
    """A request ready to write.

    `first` is the head, with the body where that is small and at hand; `rest` what is still to come, in chunked
    coding or as exactly `length` bytes; `is_head` says that the response has no body; `replayable` that a second
    attempt does no harm.
    """

    first: bytes = field(repr=False)
    is_head: bool
    replayable: bool
    rest: bytes | AsyncIterator[bytes] | None = field(default=None, repr=False)
    length: int | None = None


def compose(
    method: str,
    target: bytes,
    headers: Sequence[tuple[bytes, bytes]],
    body: bytes | AsyncIterator[bytes] | None,
    *,
    chunked: bool = False,
) -> Message:
    """Write down a request byte for byte.

    Raises UnsendableRequestError where the upstream could read it as anything but this one request.
    """
    idempotent = method in _IDEMPOTENT
    if not idempotent and (_TOKEN.fullmatch(method) is None or method == "CONNECT"):
        raise UnsendableRequestError("the method is not one that can be forwarded")
    if target.split() != [target]:
        raise UnsendableRequestError("the target is empty or holds a space; escape it as %20")
    declared = None
    parts = [method.encode(), b" ", target, b" HTTP/1.1\r\n"]
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
        if len(name) in _FRAMING_LENGTHS and name.lower() in _FRAMING:
            declared = _declared_length(name, value, declared)
    head = b"".join(parts)
    # Every line ends in exactly one CR and one LF, so any more of them came from inside a value.
    if len(head) - len(head.translate(None, _BREAKS)) != 2 * (len(headers) + 1):
        raise UnsendableRequestError("a header or the target holds a line break or NUL; remove it")
    if body is None:
        if declared:
            raise UnsendableRequestError("Content-Length announces a body, and there is none")
        return Message(head + b"\r\n", method == "HEAD", idempotent)
    if isinstance(body, bytes):
        return _compose_whole(method, head, body, declared, chunked=chunked)
    if declared is None:
        head += b"transfer-encoding: chunked\r\n"
    return Message(head + b"\r\n", method == "HEAD", replayable=False, rest=body, length=declared)


def _compose_whole(method: str, head: bytes, body: bytes, declared: int | None, *, chunked: bool) -> Message:
    if declared is None and chunked:
        head += b"transfer-encoding: chunked\r\n\r\n"
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif declared is None:
        head += b"content-length: %d\r\n\r\n" % len(body)
    elif declared == len(body):
        head += b"\r\n"
    else:
        raise UnsendableRequestError("Content-Length is not the length of the body")
    if len(body) <= _WHOLE_BYTES:
        return Message(head + body, method == "HEAD", method in _IDEMPOTENT)
    return Message(head, method == "HEAD", replayable=False, rest=body, length=len(body))


def _declared_length(name: bytes, value: bytes, earlier: int | None) -> int:
    if len(name) == 17:
        raise UnsendableRequestError("Transfer-Encoding is this client's to write; remove it")
    if earlier is not None or _DIGITS.fullmatch(value) is None:
        raise UnsendableRequestError("Content-Length is not one plain number")
    return int(value)
