"""Carry a request to the upstream and its answer back, streaming both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from cassettes.definition import FaultName
from cassettes.exchange import header
from gateway.faults.pace import act_out, writer
from gateway.holding import Held, compare_late, hold
from gateway.mode import Answering, Reply
from gateway.outbound.failure import UnsendableRequestError, UpstreamError
from gateway.passage import (
    NO_BODY_STATUSES,
    Passage,
    fail,
    leave,
    lose,
    offer,
    prepare,
    refuse,
    take_head,
    take_whole,
)
from gateway.wire import ClientGoneError

# How much of an answer that is to be broken is waited for, and how long.
_BEGINNING_BYTES: Final = 1 << 20
_BEGINNING_S: Final = 5.0


async def forward(passage: Passage, answer: Answering | None = None) -> None:
    """Perform the plan; afterwards the passage tells what happened, or what to answer `instead`.

    `answer` is one that is coming already. Raises LoopError and UpgradeError before anything was sent.
    """
    try:
        if answer is None:
            answer = await _ask(passage)
        else:
            passage.downstream.when_gone(_stop_current_task())
        await _return(passage, answer)
    except UpstreamError as error:
        fail(passage, error)
    except ClientGoneError:
        leave(passage)
    except asyncio.CancelledError:
        if not passage.downstream.gone:
            raise
        leave(passage)
    except UnsendableRequestError as error:
        refuse(passage, error)
    finally:
        passage.downstream.forget()
        if answer is not None:
            answer.release()


async def _ask(passage: Passage) -> Answering:
    target, headers, has_body = prepare(passage)
    request, downstream = passage.request, passage.downstream
    body = await _request_body(passage, has_body=has_body)
    if body is None or isinstance(body, bytes):
        downstream.when_gone(_stop_current_task())
    chunked = has_body and header(request.headers, b"content-length") is None
    return await passage.plan.upstream.send(
        request.method, target, headers, body, chunked=chunked, on_informational=downstream.inform
    )


async def _request_body(passage: Passage, *, has_body: bool) -> bytes | AsyncIterator[bytes] | None:
    if passage.body_is_whole:
        return passage.request.body or (b"" if has_body else None)
    if not has_body:
        passage.downstream.more_body = False
        return None
    first = passage.body_begun or await passage.downstream.read()
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
    if not passage.told and not take_head(passage, answer):
        return
    plan = passage.plan
    if plan.fault is not None:
        await _break(passage, plan.fault, answer)
        return
    check, held = passage.check, None
    if check is not None:
        held = await hold(passage, answer, check)
        if passage.instead is not None:
            return
    if plan.delay_s:
        await asyncio.sleep(plan.delay_s)
    is_whole = answer.done if held is None else held.is_whole
    if is_whole and passage.framed and plan.pace is None:
        data = take_whole(passage, answer) if held is None else held.body
        await passage.downstream.reply(answer.status, answer.reason, passage.told, data)
    else:
        await _stream(passage, answer, held)
    if check is not None and held is not None:
        await compare_late(passage, answer, check, held)
    offer(passage, answer)


async def _stream(passage: Passage, answer: Answering, held: Held | None) -> None:
    """Give the body as it comes, and before that what is held of it."""
    downstream, copy = passage.downstream, passage.copy
    announces = not passage.framed and header(answer.headers, b"trailer") is not None
    await downstream.start(answer.status, answer.reason, passage.told, trailers=announces)
    write = writer(passage.plan.pace, downstream)
    if held is not None and held.body:
        await write(held.body)
    while True:
        if held is not None:
            data = await held.read()
        else:
            data = answer.take() or (b"" if answer.done else await answer.read())
        if not data:
            break
        if copy is not None:
            copy.add(data)
        await write(data)
    await downstream.finish(answer.trailers if announces else None)


async def _break(passage: Passage, fault: FaultName, answer: Answering) -> None:
    """Act out a fault on the upstream's answer; what there is of its body soon is enough for that."""
    plan, status = passage.plan, answer.status
    body = await _beginning(passage, answer)
    length = len(body)
    if answer.done:
        offer(passage, answer)
    else:
        lose(passage, "the answer was broken on purpose before it was whole")
        answer.abort()
        length = max(int(header(answer.headers, b"content-length") or 0), length + 1)
    reply = Reply(
        status, passage.told, "upstream", body, answer.reason, delay_s=plan.delay_s, fault=fault, seed=plan.seed
    )
    bodiless = passage.request.method == "HEAD" or status in NO_BODY_STATUSES
    await act_out(passage.downstream, reply, passage.told, length=length, bodiless=bodiless)


async def _beginning(passage: Passage, answer: Answering) -> bytes:
    pieces: list[bytes] = []
    left = _BEGINNING_BYTES
    try:
        async with asyncio.timeout(_BEGINNING_S):
            while left > 0 or answer.done:
                data = answer.take() or (b"" if answer.done else await answer.read())
                if not data:
                    break
                if passage.copy is not None:
                    passage.copy.add(data)
                pieces.append(data)
                left -= len(data)
    except TimeoutError:
        pass
    return b"".join(pieces)
