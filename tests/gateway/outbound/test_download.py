"""Bodies that come in piece by piece, and the ways they break."""

from __future__ import annotations

import asyncio

import pytest
from rawserver import HOST, Peer, body_of, both_loops, get, ok, saying, settled, upstream_of

from gateway.outbound.connection import HIGH_WATER
from gateway.outbound.egress import Timeouts
from gateway.outbound.upstream import UpstreamCutOffError, UpstreamError

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops
LONG = b"x" * 70_000


async def test_the_first_piece_is_there_before_the_second_is_sent():
    seen = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        await seen.wait()
        await peer.say(b"3\r\ntwo\r\n0\r\nX-Sum: 6\r\nx-sum: 7\r\n\r\n")
        await peer.reader.read()

    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        assert await answer.read() == b"one"
        assert (answer.take(), answer.done, answer.trailers) == (b"", False, ())
        seen.set()
        assert await answer.read() == b"two"
        assert await answer.read() == b""
        assert answer.trailers == ((b"X-Sum", b"6"), (b"x-sum", b"7"))
        assert upstream.stats.idle == 1


async def test_an_upstream_that_is_not_read_stops_sending():
    sent = 0

    async def script(peer: Peer) -> None:
        nonlocal sent
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % total)
        while sent < total:
            await peer.say(bytes(1 << 16))
            sent += 1 << 16
        await peer.reader.read()

    total = 64 << 20
    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        assert await settled(lambda: sent) < 24 << 20
        got = largest = 0
        while piece := await answer.read():
            got += len(piece)
            largest = max(largest, len(piece))
        assert got == total
        assert largest <= HIGH_WATER + (256 << 10)
        assert upstream.stats.idle == 1


async def test_a_reader_that_pauses_is_not_the_upstreams_fault():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(ok(bytes(8 << 20)))
        await peer.reader.read()

    async with upstream_of(script, timeouts=Timeouts(idle_s=0.1)) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        await asyncio.sleep(0.4)  # longer than any deadline: the pause itself is what is tested
        assert len(await body_of(answer)) == 8 << 20


async def test_a_body_without_a_length_ends_with_the_connection():
    async with upstream_of(saying(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")) as (upstream, _):
        assert await get(upstream) == (200, b"until the end")
        assert upstream.stats.open == 0


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        (b"Content-Length: 10\r\n\r\nabc", "cut-off"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\n", "cut-off"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "cut-off"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", "protocol"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX2\r\nde\r\n0\r\n\r\n", "protocol"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + b"T: 1\r\n" * 300 + b"\r\n", "protocol"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;x=" + LONG * 5 + b"\r\n", "protocol"),
    ],
)
async def test_a_body_that_breaks_gives_what_came_and_then_the_error(rest, kind):
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\n" + rest[: rest.index(b"abc") + 3])
        await begun.wait()
        await peer.say(rest[rest.index(b"abc") + 3 :])

    begun = asyncio.Event()
    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        assert await answer.read() == b"abc"
        begun.set()
        for _ in range(2):
            with pytest.raises(UpstreamError) as caught:
                await answer.read()
            assert (caught.value.kind, caught.value.request_sent) == (kind, True)
        assert not answer.done
        answer.release()
        assert upstream.stats.open == 0


async def test_a_reset_in_the_middle_of_a_body_is_a_cut_off():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await begun.wait()
        peer.reset()

    begun = asyncio.Event()
    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        assert await answer.read() == b"abc"
        begun.set()
        with pytest.raises(UpstreamCutOffError):
            await answer.read()


async def test_a_response_that_is_let_go_early_closes_its_connection():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        await peer.reader.read()

    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        answer.release()
        answer.abort()
        assert upstream.stats.open == 0
        answer.take()
        with pytest.raises(UpstreamCutOffError):
            await answer.read()
