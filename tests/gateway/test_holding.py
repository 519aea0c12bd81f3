"""An answer is held until it is whole, too large or too slow; nothing of it is lost or out of order."""

import asyncio

import pytest

from gateway.holding import Held


class Coming:
    """An answer whose body comes when the test says so."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.done = False
        self.news = asyncio.Event()

    def come(self, *pieces, done=False):
        self.pieces += pieces
        self.done = done
        self.news.set()

    def take(self):
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken

    async def read(self):
        while not self.pieces and not self.done:
            self.news.clear()
            await self.news.wait()
        return self.take()


class Passage:
    copy = None


async def rest_of(held):
    return [piece async for piece in _pieces(held)]


async def _pieces(held):
    while piece := await held.read():
        yield piece


async def test_what_is_whole_is_held_whole():
    answer = Coming(b"ab")
    held = Held(answer, 100)
    asyncio.get_running_loop().call_soon(lambda: answer.come(b"c", done=True))
    await held.fill(Passage(), 5.0)
    assert (held.body, held.is_whole, held.whole_body()) == (b"abc", True, b"abc")


@pytest.mark.parametrize("most", [100, 3])
async def test_what_is_slow_comes_in_order(most):
    answer = Coming(b"ab")
    held = Held(answer, most)
    await held.fill(Passage(), 0.0)
    answer.come(b"cd")
    first = await held.read()
    answer.come(b"ef", done=True)
    assert (held.body, held.is_whole, first, await rest_of(held)) == (b"ab", False, b"cd", [b"ef"])
    assert held.whole_body() == (b"abcdef" if most == 100 else None)


async def test_what_is_too_large_is_not_waited_for():
    answer = Coming(b"abcd")
    held = Held(answer, 3)
    await held.fill(Passage(), 5.0)
    assert (held.body, held.is_whole, held.whole_body()) == (b"abcd", False, None)


async def test_who_gives_up_leaves_nobody_waiting():
    answer = Coming()
    filling = asyncio.get_running_loop().create_task(Held(answer, 3).fill(Passage(), 5.0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    filling.cancel()
    await asyncio.gather(filling, return_exceptions=True)
    await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if "read" in repr(task.get_coro())] == []
