"""An HTTP call as plain frozen values: what was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Ordered, repeated pairs of name and value, bytes as on the wire; names keep their case."""

FailureKind: TypeAlias = Literal["connect", "tls", "timeout", "reset", "protocol", "cut-off", "denied"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked.

    `target` is the origin-form request target as on the wire (path and query, never decoded); `body` is the content
    after de-chunking with content codings still applied; `client` is the downstream IP address or "".
    """

    method: str
    target: bytes
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    client: str = ""
    scheme: str = "http"

    @property
    def path(self) -> bytes:
        return self.target.partition(b"?")[0]

    @property
    def query(self) -> bytes:
        return self.target.partition(b"?")[2]

    def __repr__(self) -> str:  # a log line must never carry a header, a query or a body
        return f"Request({self.method} {self.path.decode('latin-1')})"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a streamed body: when it came (ms after the response's head) and its length in bytes of `body`."""

    at_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class Response:
    """What came back.

    `body` is the content after de-chunking with content codings still applied (what the client saw). `chunks` is
    empty unless the body was streamed; its sizes add up to `len(body)`.
    """

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    reason: bytes = b""
    trailers: Headers = ()
    chunks: tuple[Chunk, ...] = ()

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no whole response came: the kind, and one sentence without any value from the traffic."""

    kind: FailureKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with what came of it: a response, a failure, or (cut off in mid-body) both.

    `started_at` is Unix time in seconds; `first_byte_ms` and `duration_ms` count from there; `upstream` is the alias
    of the real service; `route` the id of the definition that sent it there; `trace` the id the client was given.
    """

    request: Request
    response: Response | None = None
    failure: Failure | None = None
    started_at: float = 0.0
    first_byte_ms: float = 0.0
    duration_ms: float = 0.0
    upstream: str = ""
    route: str = ""
    trace: str = ""


def header(headers: Headers, name: bytes) -> bytes | None:
    """Give the first value of the header called `name` (lower case), or None."""
    for key, value in headers:
        if key.lower() == name:
            return value
    return None


def header_values(headers: Headers, name: bytes) -> Iterator[bytes]:
    """Give every value of the header called `name` (lower case), in order."""
    return (value for key, value in headers if key.lower() == name)


def without_headers(headers: Headers, names: Collection[bytes]) -> Headers:
    """Give the headers whose lower-case name is not in `names`, in order."""
    return tuple(pair for pair in headers if pair[0].lower() not in names)
