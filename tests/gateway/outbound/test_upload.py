"""Bodies that go out piece by piece, through upstreams that stall, refuse and answer early."""

from __future__ import annotations

import asyncio

import pytest
from rawserver import HOST, Peer, body_of, both_loops, ok, pieces_of, saying, settled, upstream_of

from gateway.outbound.egress import Timeouts
from gateway.outbound.upstream import UnsendableRequestError, UpstreamTimeoutError

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops


@pytest.mark.parametrize("pieces", [(b"abc", b"de"), (b"a",)], ids=["longer", "shorter"])
async def test_a_body_of_another_length_than_announced_breaks_the_request(pieces):
    heard = asyncio.get_running_loop().create_future()

    async def script(peer: Peer) -> None:
        await peer.head()
        heard.set_result(await peer.reader.read())

    async with upstream_of(script) as (upstream, _):
        with pytest.raises(UnsendableRequestError):
            await upstream.send("POST", b"/", [(b"content-length", b"4")], pieces_of(*pieces))
        assert len(await heard) < 4
        assert upstream.stats.open == 0


async def test_an_error_of_the_bodys_source_comes_out_of_send_and_closes_the_connection():
    rest = asyncio.get_running_loop().create_future()

    async def script(peer: Peer) -> None:
        await peer.head()
        rest.set_result(await peer.reader.read())

    async def body():
        yield b"ab"
        raise KeyError

    async with upstream_of(script) as (upstream, _):
        with pytest.raises(KeyError):
            await upstream.send("POST", b"/", [], body())
        assert not (await rest).endswith(b"0\r\n\r\n")
        assert upstream.stats.open == 0


async def test_a_large_body_waits_for_an_upstream_that_does_not_read():
    made = taken = 0
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        nonlocal taken
        await peer.head()
        await go_on.wait()
        while taken < total:
            taken += len(await peer.reader.read(1 << 16))
        await peer.say(ok(b"thanks"))

    async def body():
        nonlocal made
        for _ in range(total >> 16):
            made += 1 << 16
            yield bytes(1 << 16)

    total = 48 << 20
    async with upstream_of(script) as (upstream, _):
        sending = asyncio.ensure_future(upstream.send("PUT", b"/", [(b"content-length", b"%d" % total)], body()))
        assert await settled(lambda: made) < 24 << 20
        go_on.set()
        assert await body_of(await sending) == b"thanks"
        assert taken == total


async def test_a_body_can_come_back_while_it_is_still_going_out():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % total)
        while data := await peer.reader.read(1 << 16):
            await peer.say(data)

    async def body():
        for _ in range(total >> 16):
            yield bytes(1 << 16)

    total = 16 << 20
    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("POST", b"/", [(b"content-length", b"%d" % total)], body())
        assert len(await body_of(answer)) == total


async def test_an_early_refusal_is_relayed_and_ends_the_upload():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.reader.read(100)
        await peer.say(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\n")
        await ended.wait()
        await peer.say(b"no")
        await peer.reader.read()

    ended = asyncio.Event()

    async def body():
        try:
            while True:
                yield bytes(1 << 16)
                await asyncio.sleep(0)
        finally:
            ended.set()

    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("POST", b"/", HOST, body(), chunked=True)
        assert (answer.status, await asyncio.wait_for(body_of(answer), 10)) == (413, b"no")
        assert upstream.stats.open == 0


async def test_an_answer_that_is_whole_before_the_body_ends_the_upload_and_the_connection():
    async def body():
        yield b"a"
        await asyncio.Event().wait()

    async with upstream_of(saying(ok(b"enough"), close=False)) as (upstream, _):
        answer = await upstream.send("POST", b"/", HOST, body())
        assert await body_of(answer) == b"enough"
        assert (upstream.stats.open, upstream.stats.idle) == (0, 0)


async def test_an_upstream_that_takes_no_body_meets_the_upload_deadline():
    async def script(peer: Peer) -> None:
        await peer.head()
        await asyncio.Event().wait()

    async with upstream_of(script, timeouts=Timeouts(idle_s=0.2)) as (upstream, _):
        with pytest.raises(UpstreamTimeoutError) as caught:
            await asyncio.wait_for(upstream.send("POST", b"/", HOST, bytes(32 << 20)), 10)
        assert caught.value.phase == "upload"


async def test_a_body_that_comes_slowly_from_the_client_is_not_the_upstreams_fault():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.reader.readexactly(len(b"1\r\na\r\n" * 2 + b"0\r\n\r\n"))
        await peer.say(ok(b"patient"))

    async def body():
        yield b"a"
        await asyncio.sleep(0.4)  # as above
        yield b"a"

    async with upstream_of(script, timeouts=Timeouts(first_byte_s=0.1, idle_s=0.1)) as (upstream, _):
        answer = await upstream.send("POST", b"/", HOST, body())
        assert await body_of(answer) == b"patient"
