"""Carry a request to the upstream and its answer back, streaming both ways."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from cassettes.exchange import Exchange, Failure, Headers, Request, Response, header
from gateway.copy import BodyCopy
from gateway.failure import UnsendableRequestError, UpstreamError
from gateway.hop import outgoing_headers, returning_headers
from gateway.mode import Answering, Forward, Reply, Source
from gateway.problem import problem
from gateway.wire import ClientGoneError, Downstream

_SAFE_TO_REPEAT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_NO_BODY_STATUSES: Final = frozenset({204, 304})


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
    began: float = field(default_factory=perf_counter)
    status: int = 0
    source: Source = "upstream"
    note: str = ""
    headers: Headers = ()
    copy: BodyCopy | None = None
    sent: BodyCopy | None = None
    first_byte: float = 0.0
    instead: Reply | None = None
    """What to answer instead, when nothing of the upstream's answer has been sent."""


async def forward(passage: Passage) -> None:
    """Perform the plan; afterwards the passage tells what happened, or what to answer `instead`.

    Raises LoopError and UpgradeError before anything was sent.
    """
    plan, request, downstream = passage.plan, passage.request, passage.downstream
    headers, has_body = outgoing_headers(request.headers, plan.upstream.authority, passage.via)
    if plan.change_request is not None:
        headers = list(plan.change_request(tuple(headers)))
    limit = passage.limits.record_bytes if plan.offer else passage.limits.journal_bytes if plan.keeps_copy else 0
    if limit:
        kept = passage.limits.journal_bytes
        passage.copy = BodyCopy(limit, kept, perf_counter)
        passage.sent = BodyCopy(limit, kept, perf_counter) if has_body else None
    target = plan.upstream.base_path + request.target if plan.upstream.base_path else request.target
    answer: Answering | None = None
    try:
        body = await _request_body(passage, has_body=has_body)
        if body is None or isinstance(body, bytes):
            downstream.when_gone(_stop_current_task())
        chunked = has_body and header(request.headers, b"content-length") is None
        answer = await plan.upstream.send(
            request.method, target, headers, body, chunked=chunked, on_informational=downstream.inform
        )
        passage.first_byte = perf_counter()
        await _return(passage, answer)
    except UpstreamError as error:
        _failed(passage, error)
    except ClientGoneError:
        _lose(passage, "the client went away")
    except asyncio.CancelledError:
        if not downstream.gone:
            raise
        _lose(passage, "the client went away")
    except UnsendableRequestError as error:
        passage.source = "error"
        passage.instead = problem(400, "unsendable", f"The request cannot be forwarded: {error}.")
    finally:
        downstream.forget()
        if answer is not None:
            answer.release()


async def _request_body(passage: Passage, *, has_body: bool) -> bytes | AsyncIterator[bytes] | None:
    if passage.body_is_whole:
        return passage.request.body or (b"" if has_body else None)
    if not has_body:
        passage.downstream.more_body = False
        return None
    first = await passage.downstream.read()
    if not passage.downstream.more_body:
        if passage.sent is not None:
            passage.sent.add(first)
        return first
    return _upload(passage, first, _stop_current_task())


async def _upload(passage: Passage, piece: bytes, stop: Callable[[], object]) -> AsyncIterator[bytes]:
    """Give the pieces of the request's body as they arrive; `stop` ends the request if the client goes away."""
    downstream, sent = passage.downstream, passage.sent
    while True:
        if piece:
            if sent is not None:
                sent.add(piece)
            yield piece
        if not downstream.more_body:
            downstream.when_gone(stop)
            return
        try:
            piece = await downstream.read()
        except ClientGoneError:
            stop()
            raise


def _stop_current_task() -> Callable[[], object]:
    task = asyncio.current_task()
    return task.cancel if task is not None else lambda: None


async def _return(passage: Passage, answer: Answering) -> None:
    plan, downstream = passage.plan, passage.downstream
    status = passage.status = answer.status
    fallback = plan.fallback
    if fallback is not None and status in fallback.statuses and _may_fall_back(passage, sent=True):
        answer.abort()
        _fall_back(passage, b"status-%d" % status)
        return
    headers, has_length = returning_headers(answer.headers)
    if plan.change_response is not None:
        headers = plan.change_response(headers)
    passage.headers = headers
    bare = status in _NO_BODY_STATUSES or passage.request.method == "HEAD"
    told = (*headers, (b"Via", b"1.1 " + passage.via), *passage.markers, *plan.notes)
    copy = passage.copy
    if copy is not None:
        copy.begin()
    if answer.done and (bare or has_length):
        data = answer.take()
        if copy is not None:
            copy.add(data)
        await downstream.reply(status, answer.reason, told, data)
    else:
        await _stream(passage, answer, told, framed=bare or has_length)
    if plan.offer is not None:
        _offer(passage, answer, streamed=not (bare or has_length))


async def _stream(passage: Passage, answer: Answering, told: Headers, *, framed: bool) -> None:
    downstream, copy = passage.downstream, passage.copy
    announces = not framed and header(answer.headers, b"trailer") is not None
    await downstream.start(answer.status, answer.reason, told, trailers=announces)
    while True:
        data = answer.take()
        if not data:
            if answer.done:
                break
            data = await answer.read()
            if not data:
                break
        if copy is not None:
            copy.add(data)
        await downstream.write(data)
    await downstream.finish(answer.trailers if announces else None)


def _offer(passage: Passage, answer: Answering, *, streamed: bool) -> None:
    copy = passage.copy
    if copy is None:
        return
    if not copy.whole:
        _lose(passage, "a body was larger than record_bytes")
        return
    chunks = copy.chunks() if streamed else ()
    response = Response(answer.status, passage.headers, copy.body(), answer.reason, answer.trailers, chunks)
    _hand_over(passage, response, None)


def _hand_over(passage: Passage, response: Response | None, failure: Failure | None) -> None:
    plan, sent, copy = passage.plan, passage.sent, passage.copy
    if plan.offer is None:
        return
    if (sent is not None and not sent.whole) or (copy is not None and not copy.whole):
        _lose(passage, "a body was larger than record_bytes")
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


def _lose(passage: Passage, reason: str) -> None:
    passage.note = reason
    if passage.plan.offer is not None:
        passage.plan.offer.lose(reason)


def with_body(request: Request, sent: BodyCopy, size: int | None = None) -> Request:
    """Give the request with the body that was seen passing, or the first `size` bytes of it."""
    body = request.body or (sent.body() if size is None else sent.head(size))
    return Request(request.method, request.target, request.headers, body, request.client, request.scheme)


def _failed(passage: Passage, error: UpstreamError) -> None:
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
