"""The pool: connections that are used again, shared, waited for, given up and closed."""

from __future__ import annotations

import asyncio
import random
import socket

import pytest
from rawserver import (
    HOST,
    Peer,
    RawServer,
    body_of,
    both_loops,
    echo_target,
    get,
    ok,
    pieces_of,
    saying,
    until,
    upstream_of,
)

from gateway.outbound.connection import Connection
from gateway.outbound.egress import Egress, parse_origin
from gateway.outbound.upstream import (
    Upstream,
    UpstreamConnectError,
    UpstreamCutOffError,
    UpstreamResetError,
    UpstreamTimeoutError,
)

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops


async def test_a_refused_connection_says_that_nothing_was_sent():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{closed.getsockname()[1]}"), Egress())
        with pytest.raises(UpstreamConnectError) as caught:
            await upstream.send("POST", b"/", HOST, b"x")
        assert (caught.value.kind, caught.value.request_sent, upstream.stats.open) == ("connect", False, 0)
        await upstream.close()


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


async def test_a_cancel_that_comes_after_the_answer_does_not_harm_who_has_the_connection_now(monkeypatch):
    wake = Connection._wake

    def wake_and_cancel(connection, answering):
        wake(connection, answering)
        asking.cancel()

    async def script(peer: Peer) -> None:
        while True:
            target = await peer.target()
            await both.wait()
            await peer.say(ok(target))

    both = asyncio.Event()
    monkeypatch.setattr(Connection, "_wake", wake_and_cancel)
    async with upstream_of(script, max_connections=1) as (upstream, server):
        asking = asyncio.ensure_future(get(upstream, b"/a"))
        await until(lambda: bool(server.heads))
        other = asyncio.ensure_future(get(upstream, b"/b"))
        await until(lambda: upstream.stats.waiting == 1)
        both.set()
        await asyncio.wait([asking, other])
        assert asking.cancelled()
        assert (other.result(), server.connections) == ((200, b"/b"), 1)


@pytest.mark.parametrize(
    "reply", [ok(b"whole"), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"], ids=["whole", "begun"]
)
async def test_an_answer_to_a_request_cancelled_in_the_same_turn_is_dropped(monkeypatch, reply):
    wake = Connection._wake

    def cancel_and_wake(connection, answering):
        asking.cancel()
        wake(connection, answering)

    monkeypatch.setattr(Connection, "_wake", cancel_and_wake)

    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(reply)
        await peer.reader.read()

    async with upstream_of(script) as (upstream, _):
        asking = asyncio.ensure_future(upstream.send("GET", b"/", HOST, None))
        await asyncio.wait([asking])
        assert asking.cancelled()
        assert upstream.stats.in_use == 0


async def test_a_repeated_request_never_gets_a_used_connection():
    async def script(peer: Peer) -> None:
        await peer.head()
        await peer.say(ok(b"%d" % peer.number))
        await peer.head()
        if peer.number == 1:
            await go.wait()

    go = asyncio.Event()
    async with upstream_of(script, max_connections=1, pool_wait_s=10) as (upstream, server):
        await get(upstream)
        first = asyncio.ensure_future(get(upstream, b"/first"))
        await until(lambda: len(server.heads) == 2)
        second = asyncio.ensure_future(get(upstream, b"/second"))
        await until(lambda: upstream.stats.waiting == 1)
        go.set()
        assert await asyncio.gather(first, second) == [(200, b"3"), (200, b"2")]


async def test_nothing_ticks_while_nothing_is_open():
    async with RawServer(saying(ok(b""))) as server:
        upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{server.port}"), Egress())
        await get(upstream)
        await until(lambda: upstream._timer is None)
        assert await get(upstream) == (200, b"")
        await upstream.close()
