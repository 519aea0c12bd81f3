"""The beginning of an upstream's answer, held until it can be compared with a contract or has to be passed on."""

from __future__ import annotations

import asyncio

from cassettes.exchange import header
from gateway.mode import Answering, Checking
from gateway.passage import Passage, lose, offer

_TOO_LARGE = "the response's body is too large to be compared"
_BEGUN = "the answer had begun before it was whole, so it could only be reported"


class Held:
    """What has come of an answer's body; `read` gives the rest, of which a copy is kept as long as it is small."""

    def __init__(self, answer: Answering, most: int) -> None:
        self._answer = answer
        self._most = most
        self._reading: asyncio.Task[bytes] | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self.body = b""
        self.is_whole = False

    async def fill(self, passage: Passage, within_s: float) -> None:
        """Collect the body until it is whole, too large, or the time is over."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        while self._size <= self._most:
            data = self._answer.take()
            if not data and not self._answer.done:
                reading = loop.create_task(self._answer.read())
                # Nobody may wait for it any more when the answer is given up.
                reading.add_done_callback(_look)
                if not await _waited(reading, until - loop.time()):
                    self._reading = reading
                    break
                data = reading.result()
            if data:
                self._keep(data)
                if passage.copy is not None:
                    passage.copy.add(data)
            if self._answer.done and not data:
                self.is_whole = True
                break
        self.body = b"".join(self._pieces)

    async def read(self) -> bytes:
        """Give the next piece of the rest; b"" at the end."""
        reading, self._reading = self._reading, None
        data = await (self._answer.read() if reading is None else reading)
        self._keep(data)
        return data

    def whole_body(self) -> bytes | None:
        """Give all that has come, or None where it is too much."""
        return b"".join(self._pieces) if self._size <= self._most else None

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self._most or not self.body:
            self._pieces.append(data)
        else:
            self._pieces.clear()


async def hold(passage: Passage, answer: Answering, check: Checking) -> Held:
    """Compare an answer as far as it is there soon; the passage tells what the contract has answered `instead`."""
    headers = passage.headers
    is_compared = check.looks_into(answer.status, headers)
    length = header(headers, b"content-length") or b"0"
    if is_compared and length.isdigit() and int(length[:20]) > check.body_bytes:
        check.skip_body(_TOO_LARGE)
        is_compared = False
    held = Held(answer, check.body_bytes if is_compared else 0)
    if is_compared:
        await held.fill(passage, check.hold_s)
    passage.instead = await check.judge(answer.status, headers, held.body if held.is_whole else None)
    if passage.instead is not None:
        _withhold(passage, answer, held)
    elif passage.markers:
        passage.told = (*passage.told, *check.marks)
    return held


def _withhold(passage: Passage, answer: Answering, held: Held) -> None:
    passage.source = "error"
    if held.is_whole:
        offer(passage, answer)
        return
    lose(passage, "the answer broke the contract, and its rest was not waited for")
    answer.abort()


async def compare_late(passage: Passage, answer: Answering, check: Checking, held: Held) -> None:
    """Compare an answer that was passed on before it was whole; it can only be reported."""
    if held.is_whole or not check.looks_into(answer.status, passage.headers):
        return
    body = held.whole_body()
    if body is None:
        check.skip_body(_TOO_LARGE)
    elif await check.judge(answer.status, passage.headers, body) is not None:
        check.skip_body(_BEGUN)


async def _waited(reading: asyncio.Task[bytes], seconds: float) -> bool:
    try:
        done, _ = await asyncio.wait((reading,), timeout=max(seconds, 0))
    except asyncio.CancelledError:
        reading.cancel()
        raise
    return bool(done)


def _look(reading: asyncio.Task[bytes]) -> None:
    if not reading.cancelled():
        reading.exception()
