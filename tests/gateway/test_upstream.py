"""The outgoing client against real sockets that behave, misbehave and break."""

from __future__ import annotations

import asyncio
import random
import socket

import pytest
import uvloop
from rawserver import Peer, RawServer, ok, saying, settled, until, upstream_of

from gateway.connection import HIGH_WATER
from gateway.egress import Egress, Timeouts, parse_origin
from gateway.upstream import (
    UnsendableRequestError,
    Upstream,
    UpstreamConnectError,
    UpstreamCutOffError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamResetError,
    UpstreamResponse,
    UpstreamTimeoutError,
)

HOST = [(b"Host", b"up.test")]


pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")


@pytest.fixture(params=[asyncio.DefaultEventLoopPolicy, uvloop.EventLoopPolicy], ids=["asyncio", "uvloop"])
def event_loop_policy(request):
    return request.param()


async def body_of(answer: UpstreamResponse) -> bytes:
    pieces = []
    while piece := await answer.read():
        pieces.append(piece)
    return b"".join(pieces)


async def get(upstream: Upstream, target: bytes = b"/") -> tuple[int, bytes]:
    answer = await upstream.send("GET", target, HOST, None)
    return answer.status, await body_of(answer)


async def echo_target(peer: Peer) -> None:
    while True:
        await peer.say(ok(await peer.target()))


async def pieces_of(*pieces: bytes):
    for piece in pieces:
        yield piece


# What is sent


async def test_target_and_headers_go_out_byte_for_byte():
    headers = [(b"hOsT", b"a"), (b"X-Caf\xe9", b"caf\xe9 \xff"), (b"Set", b"1"), (b"Set", b"2"), (b"Empty", b"")]
    for target in (b"//x/../%zz?a=%2f&&[]#frag", b"*", b'/%c3%28;,|^"', b"/\xff"):
        async with upstream_of(saying(ok(b""))) as (upstream, server):
            await upstream.send("PROPFIND", target, headers, None)
            expected = b"PROPFIND " + target + b" HTTP/1.1\r\n"
            expected += b"hOsT: a\r\nX-Caf\xe9: caf\xe9 \xff\r\nSet: 1\r\nSet: 2\r\nEmpty: \r\n\r\n"
            assert server.heads == [expected]


@pytest.mark.parametrize(
    ("headers", "body", "chunked", "wire"),
    [
        ([], None, False, b"POST / HTTP/1.1\r\n\r\n"),
        ([], b"", False, b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n"),
        ([], b"abc", False, b"POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc"),
        ([(b"Content-Length", b"3")], b"abc", False, b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"),
        ([], b"abc", True, b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        (
            [],
            ("ab", "", "c"),
            True,
            b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
        ),
        ([(b"content-length", b"3")], ("ab", "c"), False, b"POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc"),
    ],
)
async def test_only_the_length_of_the_body_is_added(headers, body, chunked, wire):
    heard = b""

    async def script(peer: Peer) -> None:
        nonlocal heard
        heard = await peer.reader.readexactly(len(wire))
        await peer.say(ok(b""))
        heard += await peer.reader.read(1)

    async with upstream_of(script) as (upstream, _):
        content = pieces_of(*(piece.encode() for piece in body)) if isinstance(body, tuple) else body
        answer = await upstream.send("POST", b"/", headers, content, chunked=chunked)
        assert answer.status == 200
        assert heard == wire


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("GET", b"/a b", [], None),
        ("GET", b"/a HTTP/1.1\r\nX: y", [], None),
        ("GET", b"", [], None),
        ("GET", b"/\0", [], None),
        ("GET /", b"/", [], None),
        ("G\r\nT", b"/", [], None),
        ("CONNECT", b"a:443", [], None),
        ("GET", b"/", [(b"X", b"a\r\nY: b")], None),
        ("GET", b"/", [(b"X", b"a\nY: b")], None),
        ("GET", b"/", [(b"X\r\nY", b"a")], None),
        ("GET", b"/", [(b"X", b"a\0")], None),
        ("POST", b"/", [(b"Transfer-Encoding", b"chunked")], b"a"),
        ("POST", b"/", [(b"Content-Length", b"2")], b"a"),
        ("POST", b"/", [(b"Content-Length", b"2")], None),
        ("POST", b"/", [(b"Content-Length", b"+1")], b"a"),
        ("POST", b"/", [(b"Content-Length", b"1"), (b"content-length", b"1")], b"a"),
    ],
)
async def test_a_request_that_could_be_read_in_two_ways_is_never_sent(method, target, headers, body):
    async with upstream_of(saying(ok(b""))) as (upstream, server):
        with pytest.raises(UnsendableRequestError):
            await upstream.send(method, target, headers, body)
        assert server.connections == 0


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


# What comes back


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


async def test_a_body_without_a_length_ends_with_the_connection():
    async with upstream_of(saying(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")) as (upstream, _):
        assert await get(upstream) == (200, b"until the end")
        assert upstream.stats.open == 0


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
        await peer.say(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
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
        assert (answer.status, await body_of(answer)) == (413, b"no")
        await asyncio.wait_for(ended.wait(), 10)
        assert upstream.stats.open == 0


# What goes wrong

LONG = b"x" * 70_000


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
        b"HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n",
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


async def test_a_refused_connection_says_that_nothing_was_sent():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{closed.getsockname()[1]}"), Egress())
        with pytest.raises(UpstreamConnectError) as caught:
            await upstream.send("POST", b"/", HOST, b"x")
        assert (caught.value.kind, caught.value.request_sent, upstream.stats.open) == ("connect", False, 0)
        await upstream.close()


# Connections that are used again


async def test_500_requests_outlive_an_upstream_that_closes_after_each_answer():
    async with upstream_of(saying(ok(b"fine"))) as (upstream, server):
        for _ in range(500):
            assert await get(upstream) == (200, b"fine")
        assert server.connections == 500


@pytest.mark.parametrize(
    ("method", "body", "repeated"),
    [
        ("GET", None, True),
        ("PUT", b"x", True),
        ("DELETE", None, True),
        ("POST", b"x", False),
        ("PATCH", b"x", False),
        ("PUT", ("x",), False),
        ("PUT", bytes(300_000), False),
    ],
)
async def test_only_what_does_no_harm_twice_is_repeated_after_a_failed_reuse(method, body, repeated):
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(ok(b"fine"))
        await peer.head()
        if peer.number > 1:
            await peer.say(ok(b"fine"))

    async with upstream_of(script) as (upstream, server):
        await get(upstream)
        content = pieces_of(b"x") if isinstance(body, tuple) else body
        if repeated:
            answer = await upstream.send(method, b"/", HOST, content)
            assert (answer.status, answer.reused, server.connections) == (200, False, 2)
        else:
            with pytest.raises(UpstreamResetError):
                await upstream.send(method, b"/", HOST, content)
            assert server.connections == 1


async def test_a_repeated_request_is_repeated_once():
    async def script(peer: Peer) -> None:
        await peer.head()
        if peer.number == 1:
            await peer.say(ok(b"fine"))
            await peer.head()

    async with upstream_of(script) as (upstream, server):
        await get(upstream)
        with pytest.raises(UpstreamResetError):
            await get(upstream)
        assert server.connections == 2


async def test_a_post_avoids_an_idle_connection_that_the_kernel_knows_to_be_closed():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{listener.getsockname()[1]}"), Egress())
        asking = asyncio.ensure_future(get(upstream))
        loop = asyncio.get_running_loop()
        listener.setblocking(False)
        first, _ = await loop.sock_accept(listener)
        await loop.sock_recv(first, 1000)
        await loop.sock_sendall(first, ok(b"1"))
        assert await asking == (200, b"1")
        first.close()  # no turn of the loop lies between this and the pick
        posting = asyncio.ensure_future(upstream.send("POST", b"/", HOST, b"x"))
        second, _ = await asyncio.wait_for(loop.sock_accept(listener), 10)
        await loop.sock_recv(second, 1000)
        await loop.sock_sendall(second, ok(b"2"))
        assert await body_of(await posting) == b"2"
        await upstream.close()
        second.close()


async def test_idle_connections_are_closed_after_a_while_and_the_newest_is_used_first():
    async with upstream_of(echo_target, idle_timeout_s=0.2) as (upstream, server):
        await asyncio.gather(*(get(upstream) for _ in range(5)))
        assert upstream.stats.idle == server.connections > 1
        await until(lambda: upstream.stats.open == 0)


async def test_a_full_pool_makes_the_next_one_wait_and_then_says_so():
    release = asyncio.Event()

    async def script(peer: Peer) -> None:
        while True:
            await peer.head()
            await release.wait()
            await peer.say(ok(b"at last"))

    async with upstream_of(script, max_connections=2, pool_wait_s=0.2) as (upstream, server):
        first = [asyncio.ensure_future(get(upstream)) for _ in range(2)]
        await until(lambda: len(server.heads) == 2)
        with pytest.raises(UpstreamTimeoutError) as caught:
            await get(upstream)
        assert (caught.value.phase, caught.value.request_sent) == ("pool", False)
        third = asyncio.ensure_future(get(upstream))
        await until(lambda: upstream.stats.waiting == 1)
        release.set()
        assert await asyncio.gather(*first, third) == [(200, b"at last")] * 3
        assert server.connections == 2


async def test_a_waiting_request_takes_the_place_of_a_connection_that_breaks():
    async def script(peer: Peer) -> None:
        await peer.head()
        await go.wait()
        if peer.number > 1:
            await peer.say(ok(b"second"))

    go = asyncio.Event()
    async with upstream_of(script, max_connections=1) as (upstream, _):
        first = asyncio.ensure_future(upstream.send("POST", b"/", HOST, b""))
        second = asyncio.ensure_future(get(upstream))
        await until(lambda: upstream.stats.waiting == 1)
        go.set()
        with pytest.raises(UpstreamResetError):
            await first
        assert await second == (200, b"second")


async def test_close_fails_what_is_under_way_and_refuses_what_comes_later():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.reader.read()

    async with upstream_of(script, max_connections=1) as (upstream, server):
        asking = [asyncio.ensure_future(get(upstream)) for _ in range(2)]
        await until(lambda: bool(server.heads))
        await upstream.close()
        failures = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(failure) for failure in failures] == [UpstreamCutOffError, UpstreamConnectError]
        with pytest.raises(UpstreamConnectError):
            await get(upstream)
        assert upstream.stats.open == 0


# Giving up


async def test_a_cancelled_request_closes_its_connection():
    gone = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.reader.read()
        gone.set()

    async with upstream_of(script) as (upstream, server):
        asking = asyncio.ensure_future(get(upstream))
        await until(lambda: bool(server.heads))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(gone.wait(), 10)
        assert upstream.stats.open == 0


async def test_after_a_storm_of_cancellations_everyone_gets_their_own_answer():
    async def script(peer: Peer) -> None:
        while True:
            target = await peer.target()
            await peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            await asyncio.sleep(chance.random() * 0.002)
            await peer.say(b"%x\r\n%b\r\n0\r\n\r\n" % (len(target), target))

    async def ask(number: int) -> None:
        target = b"/%d" % number
        assert await get(upstream, target) == (200, target)

    chance = random.Random(49)
    async with upstream_of(script, max_connections=8, pool_wait_s=20) as (upstream, _):
        for wave in range(15):
            tasks = [asyncio.ensure_future(ask(wave * 100 + number)) for number in range(40)]
            while any(not task.done() for task in tasks):
                await asyncio.sleep(0.0005)
                chance.choice(tasks).cancel()
            for failure in await asyncio.gather(*tasks, return_exceptions=True):
                assert failure is None or isinstance(failure, asyncio.CancelledError), failure
        stats = upstream.stats
        assert (stats.in_use, stats.waiting) == (0, 0)
        assert stats.open <= 8
        await asyncio.gather(*(ask(number) for number in range(50)))


async def test_a_cancel_that_comes_with_the_answer_does_not_harm_the_next_request():
    async with upstream_of(echo_target) as (upstream, _):
        await get(upstream)
        for _ in range(50):
            asking = asyncio.ensure_future(upstream.send("GET", b"/a", HOST, None))
            await asyncio.sleep(0)
            connection = next(connection for connection in upstream._connections if connection.busy)
            connection._waiter.add_done_callback(lambda _, asking=asking: asking.cancel())
            other = await asyncio.gather(asking, get(upstream, b"/b"), return_exceptions=True)
            assert other[1] == (200, b"/b")
        assert upstream.stats.in_use == 0


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


# Deadlines


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


async def test_an_upstream_that_takes_no_body_meets_the_upload_deadline():
    async def script(peer: Peer) -> None:
        await peer.head()
        await asyncio.Event().wait()

    async with upstream_of(script, timeouts=Timeouts(idle_s=0.2)) as (upstream, _):
        with pytest.raises(UpstreamTimeoutError) as caught:
            await asyncio.wait_for(upstream.send("POST", b"/", HOST, bytes(32 << 20)), 10)
        assert caught.value.phase == "upload"


async def test_a_reader_that_pauses_is_not_the_upstreams_fault():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(ok(bytes(8 << 20)))
        await peer.reader.read()

    async with upstream_of(script, timeouts=Timeouts(idle_s=0.1)) as (upstream, _):
        answer = await upstream.send("GET", b"/", HOST, None)
        await asyncio.sleep(0.4)  # longer than any deadline: the pause itself is what is tested
        assert len(await body_of(answer)) == 8 << 20


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


async def test_nothing_ticks_while_nothing_is_open():
    async with RawServer(saying(ok(b""))) as server:
        upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{server.port}"), Egress())
        await get(upstream)
        await until(lambda: upstream._timer is None)
        assert await get(upstream) == (200, b"")
        await upstream.close()
