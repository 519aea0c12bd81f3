"""One connection: how a response is read, what is refused, and when the connection is used again."""

from __future__ import annotations

import asyncio

import pytest
from rawserver import HOST, Peer, body_of, both_loops, echo_target, get, ok, saying, until, upstream_of

from gateway.outbound.egress import Timeouts
from gateway.outbound.upstream import UpstreamProtocolError, UpstreamResetError, UpstreamTimeoutError

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops
LONG = b"x" * 70_000


async def test_head_and_body_come_as_they_were_sent_and_the_connection_is_used_again():
    reply = b"HTTP/1.1 201 Very Good\r\nX-b: 2\r\nx-A: caf\xe9 \r\nX-b: 1\r\nContent-Length: 2\r\n\r\nhi"
    async with upstream_of(saying(reply, close=False)) as (upstream, server):
        first = await upstream.send("GET", b"/", HOST, None)
        assert (first.status, first.reason, first.http_version, first.reused) == (201, b"Very Good", "1.1", False)
        assert first.headers == ((b"X-b", b"2"), (b"x-A", b"caf\xe9"), (b"X-b", b"1"), (b"Content-Length", b"2"))
        assert await body_of(first) == b"hi"
        assert first.done
        second = await upstream.send("GET", b"/", HOST, None)
        assert (second.reused, await body_of(second), server.connections) == (True, b"hi", 1)
        assert (upstream.stats.open, upstream.stats.idle, upstream.stats.in_use) == (1, 1, 0)


async def test_a_response_in_single_bytes_is_the_same_response():
    wire = b"HTTP/1.1 200 Okay\r\nX-Long: abc\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nT: 1\r\n\r\n"

    async def script(peer: Peer) -> None:
        await peer.head()
        for byte in wire:
            await peer.say(bytes([byte]))
            await asyncio.sleep(0)

    async with upstream_of(script) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        assert (answer.reason, answer.headers[0]) == (b"Okay", (b"X-Long", b"abc"))
        assert await body_of(answer) == b"hi"
        assert answer.trailers == ((b"T", b"1"),)


@pytest.mark.parametrize(
    ("method", "head"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ],
)
async def test_a_response_that_has_no_body_ends_with_its_head(method, head):
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(head)
        await echo_target(peer)

    async with upstream_of(script) as (upstream, server):
        answer = await upstream.send(method, b"/", HOST, None)
        assert (answer.done, await body_of(answer)) == (True, b"")
        assert await get(upstream, b"/own") == (200, b"/own")
        assert server.connections == 1


@pytest.mark.parametrize(
    ("method", "first"),
    [
        ("GET", ok(b"a") + ok(b"POISON")),
        ("GET", ok(b"a") + b"HTT"),
        ("GET", ok(b"a") + b"junk"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\nPOISON"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\nPOISON"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON"),
        ("HEAD", ok(b"") + ok(b"POISON")),
        ("GET", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\naPOISON"),
    ],
)
async def test_bytes_after_the_end_never_reach_the_next_request(method, first):
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(first if peer.number == 1 else ok(b"own"))
        await peer.reader.read()

    async with upstream_of(script) as (upstream, server):
        answer = await upstream.send(method, b"/", HOST, None)
        assert answer.status < 400
        await body_of(answer)
        assert await get(upstream) == (200, b"own")
        assert server.connections == 2


async def test_a_status_that_nobody_registered_is_passed_on():
    async with upstream_of(saying(b"HTTP/1.1 999 Request denied\r\nContent-Length: 2\r\n\r\nno")) as (upstream, _):
        assert await get(upstream) == (999, b"no")


async def test_bytes_that_come_while_idle_close_the_connection():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(ok(b"own"))
        if peer.number == 1:
            await sent.wait()
            await peer.say(ok(b"POISON"))
        await peer.reader.read()

    sent = asyncio.Event()
    async with upstream_of(script) as (upstream, _):
        assert await get(upstream) == (200, b"own")
        sent.set()
        await until(lambda: upstream.stats.open == 0)
        assert await get(upstream) == (200, b"own")


async def test_informational_responses_are_told_and_are_not_the_response():
    wire = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    told = []
    async with upstream_of(saying(wire + ok(b"final"))) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None, on_informational=lambda *hint: told.append(hint))
        assert (answer.status, await body_of(answer)) == (200, b"final")
        assert told == [(100, ()), (102, ()), (103, ((b"Link", b"</a>"),))]


async def test_an_error_of_the_listener_comes_out_of_send():
    def listen(status, headers):
        raise KeyError(status)

    async with upstream_of(saying(b"HTTP/1.1 103 Early Hints\r\n\r\n" + ok(b""))) as (upstream, _):
        with pytest.raises(KeyError):
            await upstream.send("GET", b"/", HOST, None, on_informational=listen)
        assert upstream.stats.open == 0


@pytest.mark.parametrize(
    "wire",
    [
        b"\x00\x01garbage",
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"HTTP/0.9 200 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 1000 High\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 20 Short\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nbytes",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX : 1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\nX: a\n\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 201 + b"Content-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + LONG + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 " + LONG,
        b"HTTP/1.1 200 OK\r\nX: " + LONG,
        b"HTTP/1.1 102 Processing\r\n\r\n" * 1000,
        b"HTTP/1.1 200 OK\r\nPartial: he",
    ],
)
async def test_what_is_not_http_is_a_protocol_error(wire):
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(wire)
        if wire.endswith(b"Partial: he"):
            return
        await peer.reader.read()

    async with upstream_of(script) as (upstream, _):
        with pytest.raises(UpstreamProtocolError) as caught:
            await asyncio.wait_for(upstream.send("GET", b"/", HOST, None), 5)
        assert (caught.value.kind, caught.value.request_sent) == ("protocol", True)
        assert upstream.stats.open == 0


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_a_connection_closed_before_any_byte_is_a_reset(how):
    async def script(peer: Peer) -> None:
        await peer.head()
        if how == "reset":
            peer.reset()

    async with upstream_of(script) as (upstream, server):
        with pytest.raises(UpstreamResetError) as caught:
            await upstream.send("GET", b"/", HOST, None)
        assert (caught.value.kind, caught.value.request_sent, server.connections) == ("reset", True, 1)


@pytest.mark.parametrize(
    ("timeouts", "wire", "phase"),
    [
        (Timeouts(first_byte_s=0.1), b"", "first-byte"),
        (Timeouts(first_byte_s=0.1), b"HTTP/1.1 200 OK\r\nX: ", "first-byte"),
        (Timeouts(idle_s=0.1), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "idle"),
        (Timeouts(total_s=0.1), b"", "total"),
        (Timeouts(total_s=0.1), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "total"),
    ],
)
async def test_a_silent_upstream_meets_its_deadline(timeouts, wire, phase):
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(wire)
        await peer.reader.read()

    async with upstream_of(script, timeouts=timeouts) as (upstream, _):
        with pytest.raises(UpstreamTimeoutError) as caught:
            await asyncio.wait_for(get(upstream), 10)
        assert (caught.value.kind, caught.value.phase, caught.value.request_sent) == ("timeout", phase, True)
        assert upstream.stats.open == 0


async def test_a_drip_is_stopped_by_the_total_deadline_only():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            await peer.say(b"x")
            await asyncio.sleep(0.02)

    async with upstream_of(script, timeouts=Timeouts(idle_s=0.3, total_s=1.0)) as (upstream, _):
        with pytest.raises(UpstreamTimeoutError) as caught:
            await asyncio.wait_for(get(upstream), 10)
        assert caught.value.phase == "total"
