"""How long a client may take, and how a connection ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest
from listener import answers, connect, listening, read_all, read_until, statuses, talk, until

from gateway.inbound.limits import Limits

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
QUICK = 0.1
ALLOWED = 2.0
PATIENT = 30.0


async def hello(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def limits(head=PATIENT, body=PATIENT, idle=PATIENT):
    return Limits(header_read_s=head, body_idle_s=body, keep_alive_s=idle)


def test_a_client_that_sends_nothing_is_left_without_a_word():
    with listening(hello, limits(head=QUICK)) as listener, connect(listener.port) as sock:
        assert read_all(sock) == b""


@pytest.mark.parametrize("sent", [b"G", b"GET /x HT", b"GET /x HTTP/1.1\r\nHost: a\r\nX: "])
def test_a_head_that_does_not_end_is_a_408(sent):
    with listening(hello, limits(head=QUICK)) as listener, connect(listener.port) as sock:
        sock.sendall(sent)
        assert statuses(read_all(sock)) == [408]


def test_a_head_that_drips_is_a_408_however_steadily_it_drips():
    with listening(hello, limits(head=QUICK)) as listener, connect(listener.port) as sock:
        sock.settimeout(0.02)
        sock.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\nX: ")
        data = b""
        while not data:
            try:
                data = sock.recv(1000)
            except TimeoutError:
                sock.sendall(b"y")
        assert data.startswith(b"HTTP/1.1 408 ")


def test_a_second_head_that_does_not_end_is_a_408_too():
    with listening(hello, limits(head=QUICK)) as listener, connect(listener.port) as sock:
        sock.sendall(GET + b"GET /x")
        assert statuses(read_all(sock)) == [200, 408]


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 10\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]
)
def test_a_body_that_stops_is_a_408(framing):
    with listening(hello, limits(body=QUICK)) as listener, connect(listener.port) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\n" + framing)
        assert statuses(read_all(sock)) == [408]


def test_a_body_that_stops_after_the_answer_began_cuts_the_answer():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            pass

    with listening(app, limits(body=QUICK)) as listener, connect(listener.port) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        assert read_all(sock) == b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def test_a_client_that_waits_for_100_is_not_late():
    gate = asyncio.Event()

    async def app(scope, receive, send):
        await gate.wait()
        await hello(scope, receive, send)

    # Once it is told to go on the client has to be in time, also on a machine that is busy with other tests.
    with listening(app, limits(body=ALLOWED)) as listener, connect(listener.port) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        sock.settimeout(1.5 * ALLOWED)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(20)
        listener.loop.call_soon_threadsafe(gate.set)
        read_until(sock, b"100 Continue\r\n\r\n")
        sock.sendall(b"ab")
        assert statuses(read_until(sock, b"ok")) == [200]


def test_an_application_may_take_longer_than_any_limit_of_the_client():
    gate = asyncio.Event()

    async def app(scope, receive, send):
        await gate.wait()
        await hello(scope, receive, send)

    with listening(app, limits(QUICK, QUICK, QUICK)) as listener, connect(listener.port) as sock:
        sock.sendall(GET)
        sock.settimeout(4 * QUICK)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(20)
        listener.loop.call_soon_threadsafe(gate.set)
        assert statuses(read_all(sock)) == [200]


def test_an_idle_connection_is_closed():
    with listening(hello, limits(idle=QUICK)) as listener, connect(listener.port) as sock:
        sock.sendall(GET)
        assert statuses(read_all(sock)) == [200]
        until(lambda: not listener.state.connections)


def test_a_client_that_ends_its_sending_side_is_still_answered():
    with listening(hello) as listener:
        assert statuses(talk(listener.port, GET + GET)) == [200, 200]


def test_a_download_outlives_the_clients_sending_side():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for n in range(40):
            await send({"type": "http.response.body", "body": b"%d," % n, "more_body": True})
            await asyncio.sleep(0.03)
        await send({"type": "http.response.body", "body": b"end"})

    with listening(app) as listener:
        (answer,) = answers(talk(listener.port, GET))
        assert answer.body.endswith(b"39,end")


def test_a_refused_client_that_keeps_sending_can_read_why():
    with listening(hello) as listener, connect(listener.port) as sock:
        sock.sendall(b"NONSENSE\r\n\r\n")
        sock.sendall(b"x" * 1_000_000)
        assert statuses(read_all(sock)) == [400]


def test_a_refused_client_that_never_stops_is_cut():
    with listening(hello) as listener, connect(listener.port) as sock:
        sock.sendall(b"NONSENSE\r\n\r\n")
        with pytest.raises(OSError):
            sock.sendall(b"x" * 100_000_000)
        until(lambda: not listener.state.connections)


def test_a_refused_client_that_stays_is_closed_at_last():
    with listening(hello) as listener, connect(listener.port) as sock:
        sock.sendall(b"NONSENSE\r\n\r\n")
        read_all(sock)
        until(lambda: not listener.state.connections)


def test_a_client_that_never_reads_does_not_fill_the_memory():
    async def app(scope, receive, send):
        scope["extensions"]["mimic"].write_response(200, None, [], b"x" * 20_000)

    many = GET * 1000
    sent = 0

    def stuck():
        nonlocal sent
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += sock.send(many[sent % len(GET) :])
        return any(connection.write_paused and connection.read_paused for connection in listener.state.connections)

    with listening(app) as listener, connect(listener.port) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        until(stuck)
        (connection,) = listener.state.connections
        assert connection.transport.get_write_buffer_size() < 1_000_000
