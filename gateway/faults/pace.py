"""Answers that take their time: late, slow, in pieces, or broken on purpose or as recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from cassettes.definition import FaultName
from cassettes.exchange import Headers
from gateway.faults.breakage import broken_answer
from gateway.mode import Pace, Reply
from gateway.wire import Downstream

HANG_S: Final = 600.0
DRIP_S: Final = 10.0
HEADLESS: Final = frozenset({"reset", "empty", "garbage", "hang"})
"""The faults of which a client sees not even a status."""
_BROKEN_IN_BODY: Final = frozenset({"truncate", "wrong-length", "malformed-chunk"})
_MOST_DROPS: Final = 1000
CLIENT_GONE: Final = "the client went away"
_AS_RECORDED: Final = "broken off, as recorded"

Write: TypeAlias = Callable[[bytes], Awaitable[None]]


class Throttle:
    """Gives a body in pieces, no faster than a pace allows; its clock begins with the first byte."""

    def __init__(self, pace: Pace, write: Write) -> None:
        self._pace = pace
        self._write = write
        self._clock = asyncio.get_running_loop().time
        self._began = 0.0
        self._given = 0

    async def give(self, data: bytes) -> None:
        """Write the next bytes of the body; each piece comes when all up to its end may have come."""
        pace = self._pace
        for start in range(0, len(data), pace.piece_bytes):
            piece = data[start : start + pace.piece_bytes]
            if self._given == 0:
                self._began = self._clock()
            elif pace.between_s:
                await asyncio.sleep(pace.between_s)
            self._given += len(piece)
            if pace.bytes_per_s is not None:
                early_s = self._began + self._given / pace.bytes_per_s - self._clock()
                if early_s > 0:
                    await asyncio.sleep(early_s)
            await self._write(piece)


def writer(pace: Pace | None, downstream: Downstream) -> Write:
    """Give how a body's pieces are written to the client."""
    return downstream.write if pace is None else Throttle(pace, downstream.write).give


async def perform(downstream: Downstream, reply: Reply, headers: Headers, *, bodiless: bool = False) -> str:
    """Give an answer that takes time; say what is to be noted of it beside its troubles.

    `bodiless` says that the client gets no body of it, whatever there is.
    """
    task = asyncio.current_task()
    try:
        if reply.fault == "hang":
            await _take_body(downstream)
        if task is not None:
            downstream.when_gone(task.cancel)
        if reply.fault is not None:
            await act_out(downstream, reply, headers, bodiless=bodiless)
            return ""
        await asyncio.sleep(reply.delay_s)
        if reply.breaks is not None and not reply.headers and not reply.body:
            downstream.cut()
            return _AS_RECORDED
        await downstream.start(reply.status, reply.reason, headers, trailers=bool(reply.trailers))
        write = writer(reply.pace, downstream)
        for delay_s, data in () if bodiless else reply.pieces or ((0.0, reply.body),):
            if delay_s:
                await asyncio.sleep(delay_s)
            await write(data)
        if reply.breaks is not None:
            downstream.cut()
            return _AS_RECORDED
        await downstream.finish(reply.trailers or None)
    except asyncio.CancelledError:
        if not downstream.gone:
            raise
        return CLIENT_GONE
    finally:
        downstream.forget()
    return ""


async def _take_body(downstream: Downstream) -> None:
    """Read the request's body away: while it is unread, nobody would notice that the client goes away."""
    while downstream.more_body:
        await downstream.read()


async def act_out(
    downstream: Downstream, reply: Reply, headers: Headers, *, length: int | None = None, bodiless: bool = False
) -> None:
    """Break an answer as its fault says; `length` is that of the whole body where `reply` has only its beginning."""
    fault = reply.fault
    assert fault is not None
    if fault == "hang":
        await asyncio.sleep(HANG_S)
        downstream.cut()
    elif fault == "drip":
        whole = length is None or length <= len(reply.body)
        await _drip(downstream, reply, headers, b"" if bodiless else reply.body, whole=whole)
    else:
        await asyncio.sleep(reply.delay_s)
        await _break(downstream, reply, fault, headers, length)


async def _break(downstream: Downstream, reply: Reply, fault: FaultName, headers: Headers, length: int | None) -> None:
    status, reason, body = reply.status, reply.reason, reply.body
    if fault == "reset":
        downstream.cut(reset=True)
    elif downstream.takes_any_bytes:
        downstream.break_off(
            lambda asked: broken_answer(
                fault, status, reason or None, headers, body, asked, length=length, seed=reply.seed
            )
        )
    else:
        # Another server than ours chooses its own bytes: all that can be done is to stop.
        if fault in _BROKEN_IN_BODY:
            await downstream.start(status, reason, headers)
            await downstream.write(body[: len(body) // 2])
        downstream.cut()


async def _drip(downstream: Downstream, reply: Reply, headers: Headers, body: bytes, *, whole: bool) -> None:
    """Give the body a byte at a time (in a thousand pieces where it is longer) over the reply's delay or 10 s."""
    over_s = reply.delay_s or DRIP_S
    if not body:
        await asyncio.sleep(over_s)
    await downstream.start(reply.status, reply.reason, headers)
    size = -(-len(body) // _MOST_DROPS)
    throttle = Throttle(Pace(max(size, 1), bytes_per_s=max(len(body), 1) / over_s), downstream.write)
    await throttle.give(body)
    if whole:
        await downstream.finish()
    else:
        downstream.cut()
