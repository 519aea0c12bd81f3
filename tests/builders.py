"""Builders: small, sensible exchanges and interactions for tests, each part open to change by keyword."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cassettes.cassette import Finding, Interaction
from cassettes.exchange import Chunk, Exchange, Failure, FailureKind, Headers, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

JSON: Headers = ((b"Content-Type", b"application/json"),)


def a_request(
    method: str = "GET",
    target: bytes = b"/pets/1?verbose=true",
    *,
    headers: Headers = ((b"Host", b"api.example.test"), (b"Accept", b"application/json")),
    body: bytes = b"",
    client: str = "192.0.2.7",
    scheme: str = "http",
) -> Request:
    """A GET of a pet."""
    return Request(method, target, headers, body, client, scheme)


def a_response(
    status: int = 200,
    *,
    headers: Headers = JSON,
    body: bytes = b'{"id":1,"name":"Rex"}',
    reason: bytes = b"OK",
    trailers: Headers = (),
    chunks: Iterable[Chunk] = (),
) -> Response:
    """The pet, as compact JSON."""
    return Response(status, headers, body, reason, trailers, tuple(chunks))


def a_failure(kind: FailureKind = "timeout", detail: str = "no answer within 5 s") -> Failure:
    """An upstream that did not answer in time."""
    return Failure(kind, detail)


def an_exchange(
    request: Request | None = None,
    response: Response | None = None,
    *,
    failure: Failure | None = None,
    started_at: float = 1_700_000_000.5,
    first_byte_ms: float = 3.25,
    duration_ms: float = 4.5,
    upstream: str = "pets",
    route: str = "all",
    trace: str = "t-1",
) -> Exchange:
    """The request for a pet and its answer; with a failure and no response given, the failure alone."""
    answered = response if response is not None or failure is not None else a_response()
    return Exchange(
        request if request is not None else a_request(),
        answered,
        failure,
        started_at,
        first_byte_ms,
        duration_ms,
        upstream,
        route,
        trace,
    )


def an_interaction(
    number: int = 1,
    exchange: Exchange | None = None,
    *,
    session: str = "s1",
    findings: Iterable[Finding] = (),
) -> Interaction:
    """The exchange of a pet, kept as number 1 of session s1."""
    return Interaction(number, exchange if exchange is not None else an_exchange(), session, tuple(findings))
