"""What an application may send, and what of it reaches the wire."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from listener import (
    answers,
    body,
    connect,
    exchange,
    listening,
    read_all,
    read_until,
    sends,
    start,
    statuses,
    talk,
    until,
)

from gateway.inbound.framing import ResponseError

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
GET_10 = b"GET /x HTTP/1.0\r\n\r\n"
CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


LENGTH_2 = (b"Content-Length", b"2")


def test_nothing_follows_on_the_connection_after_a_longer_body():
    assert exchange(sends(start(200, LENGTH_2), body(b"okay")), GET + GET).count(b"HTTP/1.1") == 1


def test_a_response_cannot_be_written_twice():
    raised = []

    async def app(scope, receive, send):
        mimic = scope["extensions"]["mimic"]
        mimic.write_response(200, None, [], b"ok")
        with pytest.raises(ResponseError):
            mimic.write_response(200, None, [], b"ok")
        raised.append(True)

    assert statuses(exchange(app)) == [200]
    assert raised


def test_an_application_may_answer_without_a_task():
    class Now:
        def answer_now(self, cycle):
            if cycle.path == "/task":
                return False
            if cycle.path == "/bad":
                raise ValueError("no")
            cycle.write_response(200, None, [], b"now")
            return True

        async def __call__(self, scope, receive, send):
            await sends(start(200, LENGTH_2), body(b"ok"))(scope, receive, send)

    raw = GET + GET.replace(b"/x", b"/task") + GET * 40 + GET.replace(b"/x", b"/bad")
    assert [answer.body for answer in answers(exchange(Now(), raw))][:-1] == [b"now", b"ok", *[b"now"] * 40]
    assert statuses(exchange(Now(), raw))[-1] == 500


@pytest.mark.parametrize(
    ("size", "at_once"),
    [(5, True), (65_537, False)],  # the second is too large to be waited for
)
def test_a_request_with_a_body_may_be_answered_without_a_task_where_they_came_together(size, at_once):
    class Now:
        def answer_now(self, cycle):
            seen.append(cycle.body_done)
            if cycle.body_done:
                cycle.write_response(200, None, [], b"%d" % len(cycle.body))
            return cycle.body_done

        async def __call__(self, scope, receive, send):
            got = 0
            while (message := await receive())["more_body"]:
                got += len(message["body"])
            told = b"%d" % (got + len(message["body"]))
            await sends(start(200, (b"content-length", b"%d" % len(told))), body(told))(scope, receive, send)

    seen = []
    raw = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (size, b"b" * size)
    assert [answer.body for answer in answers(exchange(Now(), raw + raw))] == [b"%d" % size] * 2
    assert seen[0] is at_once


def test_interim_responses_come_before_the_response():
    async def app(scope, receive, send):
        mimic = scope["extensions"]["mimic"]
        mimic.informational(103, [(b"Link", b"</a>; rel=preload"), (b"Content-Length", b"3")])
        with pytest.raises(ResponseError):
            mimic.informational(101, [])
        mimic.write_response(200, None, [], b"ok")
        mimic.informational(103, [])

    assert (
        exchange(app)
        == b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
    )
    assert exchange(app, GET_10).startswith(b"HTTP/1.1 200 OK\r\n")


async def read_then_answer(scope, receive, send):
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    await sends(start(200), body(b"%d" % size))(scope, receive, send)


EXPECTS = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"


def test_a_client_is_told_to_continue_when_the_body_is_wanted():
    with listening(read_then_answer) as listener, connect(listener.port) as sock:
        sock.sendall(EXPECTS)
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"abcd")
        assert answers(read_until(sock, b"0\r\n\r\n"))[0].body == b"4"


def test_a_client_is_not_told_to_continue_when_the_answer_is_known():
    with listening(sends(start(401), body(b"no"))) as listener, connect(listener.port) as sock:
        sock.sendall(EXPECTS)
        (answer,) = answers(read_all(sock))
        assert (answer.status, answer.header(b"connection")) == (401, b"close")


def test_a_client_that_does_not_wait_is_not_told_to_continue():
    assert statuses(exchange(read_then_answer, EXPECTS + b"abcd")) == [200]


def test_an_error_in_mid_upload_can_be_read_by_the_client():
    with listening(sends(start(403), body(b"no"))) as listener, connect(listener.port) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 1000)
        with contextlib.suppress(OSError):
            sock.sendall(b"x" * 2_000_000)
        (answer,) = answers(read_all(sock))
        assert (answer.status, answer.body, answer.header(b"connection")) == (403, b"no", b"close")


@pytest.mark.parametrize("status", [200, 404])
def test_a_short_rest_of_a_body_does_not_cost_the_connection(status):
    with listening(sends(start(status, LENGTH_2), body(b"ok"))) as listener, connect(listener.port) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        read_until(sock, b"ok")
        sock.sendall(b"x" * 1000 + CLOSE)
        assert statuses(read_all(sock)) == [status]


def test_pipelined_answers_keep_their_order():
    async def app(scope, receive, send):
        if scope["path"] == "/slow":
            await asyncio.sleep(0.05)
        await sends(start(200), body(scope["path"].encode()))(scope, receive, send)

    raw = b"".join(b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n" % name for name in (b"slow", b"1", b"slow", b"2"))
    assert [answer.body for answer in answers(exchange(app, raw))] == [b"/slow", b"/1", b"/slow", b"/2"]


def test_only_so_many_pipelined_requests_are_read_ahead():
    heard, gate = [], asyncio.Event()

    async def app(scope, receive, send):
        heard.append(scope["path"])
        await gate.wait()
        await sends(start(204), body())(scope, receive, send)

    with listening(app) as listener, connect(listener.port) as sock:
        sock.sendall(b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % n for n in range(10_000)))
        sock.shutdown(socket.SHUT_WR)
        until(lambda: any(connection.unfed for connection in listener.state.connections))
        (connection,) = listener.state.connections
        assert (len(connection.queue), connection.read_paused) == (16, True)
        listener.loop.call_soon_threadsafe(gate.set)
        assert len(answers(read_all(sock))) == 10_000
    assert heard == [f"/{n}" for n in range(10_000)]


@pytest.mark.parametrize("phase", ["before the answer", "in mid-body", "in mid-upload"])
def test_a_client_that_leaves_is_noticed(phase):
    told: list[str] = []

    async def app(scope, receive, send):
        mimic = scope["extensions"]["mimic"]
        mimic.on_disconnect = lambda: told.append("callback")
        if phase == "in mid-body":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send(body(b"first", more=True))
        while (await receive())["type"] != "http.disconnect":
            pass
        told.append("receive")
        await sends(start(200), body(b"dropped"))(scope, receive, send)
        assert mimic.gone

    with listening(app) as listener:
        sock = connect(listener.port)
        sock.sendall(
            b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc" if phase == "in mid-upload" else GET
        )
        until(lambda: listener.state.tasks)
        if phase == "in mid-body":
            sock.recv(1000)
        sock.close()
        until(lambda: told == ["callback", "receive"])
        until(lambda: not listener.state.tasks and not listener.state.connections)


def test_a_reset_is_noticed_while_the_application_only_sends():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not scope["extensions"]["mimic"].gone:
            await send(body(b"x" * 65536, more=True))

    with listening(app) as listener:
        sock = connect(listener.port)
        sock.sendall(GET)
        sock.recv(1000)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        until(lambda: not listener.state.tasks)


def test_an_application_that_always_has_more_to_send_leaves_room_for_others():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while scope["path"] == "/endless":
            await send(body(b"x", more=True))
        await send(body(b"x"))

    with listening(app) as listener, connect(listener.port) as endless:
        endless.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        endless.recv(100)
        assert statuses(talk(listener.port, GET)) == [200]
        endless.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        endless.close()
        assert statuses(talk(listener.port, GET)) == [200]


def test_a_slow_reader_holds_the_application_back():
    sent = [0]

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send(body(b"x" * 65536, more=True))
            sent[0] += 65536

    with listening(app) as listener, connect(listener.port) as sock:
        sock.sendall(GET)
        until(lambda: any(connection.write_paused for connection in listener.state.connections))
        assert sent[0] < 16_000_000


def test_a_stopped_reader_of_an_upload_holds_the_client_back():
    gate = asyncio.Event()

    async def app(scope, receive, send):
        await gate.wait()
        await read_then_answer(scope, receive, send)

    with listening(app) as listener, connect(listener.port) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\nConnection: close\r\n\r\n")
        sock.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while sent < 1_000_000:
                sent += sock.send(b"x" * 65536)
        until(lambda: any(connection.read_paused for connection in listener.state.connections))
        sock.setblocking(True)
        listener.loop.call_soon_threadsafe(gate.set)
        sock.sendall(b"x" * (30_000_000 - sent))
        assert answers(read_all(sock))[0].body == b"30000000"


@pytest.mark.parametrize("more_headers", [[], [LENGTH_2]])
def test_an_aborted_body_is_seen_to_be_cut_off(more_headers):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": more_headers})
        await send(body(b"o", more=True))
        scope["extensions"]["mimic"].abort()
        await send(body(b"k"))

    data = exchange(app)
    assert data.endswith(b"\r\no" if more_headers else b"1\r\no\r\n")


def test_an_aborted_body_that_ends_with_the_connection_is_reset():
    gate = asyncio.Event()

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send(body(b"o", more=True))
        await gate.wait()
        scope["extensions"]["mimic"].abort()

    with listening(app) as listener, connect(listener.port) as sock:
        sock.sendall(GET_10)
        read_until(sock, b"o")
        listener.loop.call_soon_threadsafe(gate.set)
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


def test_a_connection_can_be_reset_before_any_answer():
    async def app(scope, receive, send):
        scope["extensions"]["mimic"].abort(reset=True)

    with listening(app) as listener, connect(listener.port) as sock:
        sock.sendall(GET)
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


async def raises_at_once(scope, receive, send):
    raise RuntimeError("a bug")


async def raises_late(scope, receive, send):
    await sends(start(200), body(b"o", more=True))(scope, receive, send)
    raise RuntimeError("a bug")


@pytest.mark.parametrize("app", [raises_at_once, sends(), sends(body(b"early"))])
def test_an_application_without_an_answer_is_a_500(app, caplog):
    assert statuses(exchange(app)) == [500]
    assert caplog.records[-1].levelno == logging.ERROR


@pytest.mark.parametrize("app", [raises_late, sends(start(200), body(b"o", more=True))])
def test_an_application_that_stops_in_mid_body_is_seen_to_be_cut_off(app):
    assert exchange(app).endswith(b"\r\n\r\n1\r\no\r\n")


def test_the_head_of_a_stream_does_not_wait_for_its_first_event():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()
        await receive()

    with listening(app) as listener, connect(listener.port) as sock:
        sock.sendall(GET)
        assert read_until(sock, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


def build_fastapi():
    app = FastAPI()
    left = []

    @app.post("/items/{name}")
    async def item(name: str, request: Request):
        return {"name": name, "size": len(await request.body()), "header": request.headers["x-mixed"]}

    @app.get("/stream")
    async def stream():
        async def events():
            try:
                while True:
                    yield b"event\n"
                    await asyncio.sleep(0.01)
            finally:
                left.append(True)

        return StreamingResponse(events(), media_type="text/event-stream")

    app.left = left
    return app


def test_a_fastapi_application_works_unchanged():
    raw = b"POST /items/a%20b HTTP/1.1\r\nHost: a\r\nX-Mixed: y\r\nContent-Length: 4\r\n\r\nabcd" + GET
    first, second = answers(exchange(build_fastapi(), raw))
    assert (first.status, first.body) == (200, b'{"name":"a b","size":4,"header":"y"}')
    assert second.status == 404


def test_a_starlette_stream_ends_when_its_client_leaves():
    app = build_fastapi()
    with listening(app) as listener:
        sock = connect(listener.port)
        sock.sendall(b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        read_until(sock, b"event\n\r\n")
        sock.close()
        until(lambda: app.left)


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop])
def test_the_standard_event_loop_serves_as_well(loop_factory):
    with listening(read_then_answer, loop_factory=loop_factory) as listener:
        raw = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd"
        assert [answer.body for answer in answers(talk(listener.port, raw + raw))] == [b"4", b"4"]
        assert statuses(talk(listener.port, b"NONSENSE\r\n\r\n")) == [400]
