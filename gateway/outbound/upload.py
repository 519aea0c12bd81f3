"""The part of a request's body that does not go with the head: read, framed and written in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from math import inf
from typing import Protocol

from gateway.outbound.failure import UnsendableRequestError

_SLICE = 64 << 10


class Carrier(Protocol):
    """The connection that carries an upload; `drain` is there while its write buffer is full."""

    transport: asyncio.Transport | None
    drain: asyncio.Future[None] | None

    def sent(self) -> None:
        """Note that the whole body was written."""

    def broke(self, error: BaseException | None) -> None:
        """Note that the body will not be whole; None where the task was cancelled by someone else."""


class Upload:
    """Writes `body` as exactly `length` bytes, or in chunked coding where that is None.

    `deadline` (the loop's clock) is when the upstream must have taken what was written; it is infinite while it is
    the body that is waited for.
    """

    __slots__ = ("_carrier", "_idle_s", "_length", "_loop", "_stopped", "_task", "deadline")

    def __init__(self, carrier: Carrier, body: bytes | AsyncIterator[bytes], length: int | None, idle_s: float) -> None:
        self.deadline = inf
        self._carrier = carrier
        self._length = length
        self._idle_s = idle_s
        self._stopped = False
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._send(body))
        self._task.add_done_callback(self._ended)

    def stop(self) -> None:
        """Write no more."""
        self._stopped = True
        self._task.cancel()

    async def _send(self, body: bytes | AsyncIterator[bytes]) -> None:
        length = self._length
        left = length or 0
        async with aclosing(_pieces(body)) as pieces:
            async for piece in pieces:
                left -= len(piece)
                if length is None:
                    await self._write(b"%x\r\n%b\r\n" % (len(piece), piece))
                elif left >= 0:
                    await self._write(piece)
                else:
                    raise UnsendableRequestError("the body is longer than its Content-Length")
        if length is None:
            await self._write(b"0\r\n\r\n")
        elif left:
            raise UnsendableRequestError("the body is shorter than its Content-Length")

    async def _write(self, data: bytes) -> None:
        assert self._carrier.transport is not None
        self._carrier.transport.write(data)
        if self._carrier.drain is not None:
            self.deadline = self._loop.time() + self._idle_s
            await self._carrier.drain
            self.deadline = inf

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if self._stopped:
            return
        if error is None and not task.cancelled():
            self._carrier.sent()
        else:
            self._carrier.broke(error)


async def _pieces(body: bytes | AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    if isinstance(body, bytes):
        for start in range(0, len(body), _SLICE):
            yield body[start : start + _SLICE]
        return
    try:
        async for piece in body:
            if piece:
                yield piece
    finally:
        if isinstance(body, AsyncGenerator):
            await body.aclose()
