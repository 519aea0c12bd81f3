"""One request on its way to an upstream and back: what is known of it, and what each event makes of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from cassettes.exchange import Exchange, Failure, Headers, Request, Response, without_headers
from gateway.copy import BodyCopy
from gateway.hop import outgoing_headers, returning_headers
from gateway.mode import Answering, Checking, Forward, Reply, Source
from gateway.outbound.failure import UpstreamError
from gateway.problem import problem
from gateway.wire import Downstream

_SAFE_TO_REPEAT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
NO_BODY_STATUSES: Final = frozenset({204, 304})
_CLIENT_GONE: Final = "the client went away"


@dataclass(frozen=True, slots=True)
class ForwardLimits:
    """Bytes of one body that are copied: for the recorder, and for the journal."""

    record_bytes: int = 32 << 20
    journal_bytes: int = 16 << 10


@dataclass(slots=True)
class Passage:
    """One request on its way: what is known of it so far, for the journal and the recorder."""

    request: Request
    plan: Forward
    downstream: Downstream
    trace: bytes
    route: str
    via: bytes
    markers: Headers
    body_is_whole: bool
    limits: ForwardLimits
    body_begun: bytes = b""
    """What was read of the request's body already, where it is not whole."""
    check: Checking | None = None
    """What the answer is compared with."""
    began: float = field(default_factory=perf_counter)
    status: int = 0
    source: Source = "upstream"
    note: str = ""
    headers: Headers = ()
    told: Headers = ()
    """The head as the client gets it, empty until the upstream's is there."""
    framed: bool = False
    """Whether the head tells how long the body is."""
    copy: BodyCopy | None = None
    sent: BodyCopy | None = None
    first_byte: float = 0.0
    instead: Reply | None = None
    """What to answer instead, when nothing of the upstream's answer has been sent."""


def prepare(passage: Passage) -> tuple[bytes, list[tuple[bytes, bytes]], bool]:
    """Give the target and headers to send, and whether a body follows; what is to be copied is copied from here on.

    Raises LoopError and UpgradeError.
    """
    plan, request = passage.plan, passage.request
    headers, has_body = outgoing_headers(request.headers, plan.upstream.authority, passage.via)
    if plan.change_request is not None:
        headers = list(plan.change_request(tuple(headers)))
    limit = passage.limits.record_bytes if plan.offer else passage.limits.journal_bytes if plan.keeps_copy else 0
    if limit:
        kept = passage.limits.journal_bytes
        passage.copy = BodyCopy(limit, kept, perf_counter)
        passage.sent = BodyCopy(limit, kept, perf_counter) if has_body else None
    base_path = plan.upstream.base_path
    return base_path + request.target if base_path else request.target, headers, has_body


def take_head(passage: Passage, answer: Answering) -> bool:
    """Settle what the client is told; False where it is answered otherwise `instead`."""
    plan = passage.plan
    passage.first_byte = perf_counter()
    status = passage.status = answer.status
    fallback = plan.fallback
    if fallback is not None and status in fallback.statuses and _may_fall_back(passage, sent=True):
        answer.abort()
        _fall_back(passage, b"status-%d" % status)
        return False
    headers, has_length = returning_headers(answer.headers)
    if plan.change_response is not None:
        headers = plan.change_response(headers)
    passage.headers = headers
    passage.framed = has_length or status in NO_BODY_STATUSES or passage.request.method == "HEAD"
    if plan.added:
        headers = (*without_headers(headers, {name.lower() for name, _ in plan.added}), *plan.added)
    passage.told = (*headers, (b"Via", b"1.1 " + passage.via), *passage.markers, *plan.notes)
    if passage.copy is not None:
        passage.copy.begin()
    return True


def take_whole(passage: Passage, answer: Answering) -> bytes:
    """Give the body of an answer that is done."""
    data = answer.take()
    if passage.copy is not None:
        passage.copy.add_whole(data)
    return data


def offer(passage: Passage, answer: Answering) -> None:
    """Hand the finished exchange to the recorder, where there is one."""
    copy = passage.copy
    if passage.plan.offer is None or copy is None:
        return
    if not copy.whole:
        lose(passage, "a body was larger than record_bytes")
        return
    chunks = () if passage.framed else copy.chunks()
    response = Response(answer.status, passage.headers, copy.body(), answer.reason, answer.trailers, chunks)
    _hand_over(passage, response, None)


def _hand_over(passage: Passage, response: Response | None, failure: Failure | None) -> None:
    plan, sent, copy = passage.plan, passage.sent, passage.copy
    if plan.offer is None:
        return
    if (sent is not None and not sent.whole) or (copy is not None and not copy.whole):
        lose(passage, "a body was larger than record_bytes")
        return
    now = perf_counter()
    plan.offer(
        Exchange(
            request=with_body(passage.request, sent) if sent is not None else passage.request,
            response=response,
            failure=failure,
            started_at=round(time.time() - (now - passage.began), 3),
            first_byte_ms=round((passage.first_byte - passage.began) * 1000, 3) if passage.first_byte else 0.0,
            duration_ms=round((now - passage.began) * 1000, 3),
            upstream=plan.upstream.name,
            route=passage.route,
            trace=passage.trace.decode(),
        )
    )


def leave(passage: Passage) -> None:
    """Conclude from the client's departure."""
    lose(passage, _CLIENT_GONE)


def refuse(passage: Passage, why: object) -> None:
    """Conclude that the request cannot be written down for the upstream."""
    passage.source = "error"
    passage.instead = problem(400, "unsendable", f"The request cannot be forwarded: {why}.")


def lose(passage: Passage, reason: str) -> None:
    """Note that the exchange is not recorded, and why."""
    passage.note = reason
    if passage.plan.offer is not None:
        passage.plan.offer.lose(reason)


def with_body(request: Request, sent: BodyCopy, size: int | None = None) -> Request:
    """Give the request with the body that was seen passing, or the first `size` bytes of it."""
    body = request.body or (sent.body() if size is None else sent.head(size))
    return Request(request.method, request.target, request.headers, body, request.client, request.scheme)


def fail(passage: Passage, error: UpstreamError) -> None:
    """Conclude from an upstream's failure: a cut, a fallback or an error."""
    failure = Failure(error.kind, error.detail)
    passage.note = f"upstream {error.kind}"
    if passage.downstream.started:
        _hand_over_cut_off(passage, failure)
        passage.downstream.forget()
        passage.downstream.cut()
        return
    _hand_over(passage, None, failure)
    if passage.plan.fallback is not None and _may_fall_back(passage, sent=error.request_sent, kind=error.kind):
        _fall_back(passage, error.kind.encode())
        return
    passage.source = "error"
    passage.instead = _problem_of(failure, passage.plan.upstream.name)


def _hand_over_cut_off(passage: Passage, failure: Failure) -> None:
    copy = passage.copy
    body = copy.body() if copy is not None else b""
    chunks = copy.chunks() if copy is not None else ()
    _hand_over(passage, Response(passage.status, passage.headers, body, chunks=chunks), failure)


def _may_fall_back(passage: Passage, *, sent: bool, kind: str = "") -> bool:
    if kind in ("tls", "denied") or passage.plan.fallback is None:
        return False
    return not sent or passage.request.method in _SAFE_TO_REPEAT or passage.plan.fallback.unsafe


def _fall_back(passage: Passage, reason: bytes) -> None:
    fallback = passage.plan.fallback
    if fallback is None:
        return
    reply = fallback.reply
    passage.source = "fallback"
    passage.note = f"fallback: {reason.decode()}"
    notes = (*reply.notes, (b"X-Mimic-Fallback-Reason", reason))
    passage.instead = Reply(reply.status, reply.headers, "fallback", reply.body, notes=notes)


def _problem_of(failure: Failure, upstream: str) -> Reply:
    if failure.kind == "denied":
        return problem(502, "egress-denied", f"The upstream {upstream!r} may not be reached.", upstream=upstream)
    if failure.kind == "timeout":
        return problem(504, "upstream-timeout", failure.detail, upstream=upstream, failure=failure.kind)
    return problem(502, "upstream-failed", failure.detail, upstream=upstream, failure=failure.kind)
