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
from listener import answers, connect, listening, read_all, read_until, statuses, talk, until

from gateway.framing import ReadyResponse, ResponseError

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n"
GET_10 = b"GET /x HTTP/1.0\r\n\r\n"
CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def sends(*messages):
    """An application that sends these messages; a start may leave out its type."""

    async def app(scope, receive, send):
        for message in messages:
            await send({"type": "http.response.start"} | message if "status" in message else message)

    return app


def start(status=200, *headers, **more):
    return {"status": status, "headers": list(headers), **more}


def body(content=b"", *, more=False):
    return {"type": "http.response.body", "body": content, "more_body": more}


def exchange(app, raw=GET):
    with listening(app) as listener:
        return talk(listener.port, raw)


LENGTH_2 = (b"Content-Length", b"2")
WRITTEN = {
    "names keep their case": (
        GET,
        [start(200, (b"X-CamelCase", b"1"), LENGTH_2), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nX-CamelCase: 1\r\nContent-Length: 2\r\n\r\nok",
    ),
    "repeated headers keep their order": (
        GET,
        [start(200, (b"Set-Cookie", b"a"), (b"X", b"1"), (b"set-cookie", b"b"), LENGTH_2), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX: 1\r\nset-cookie: b\r\nContent-Length: 2\r\n\r\nok",
    ),
    "a reason of its own": (
        GET,
        [start(200, LENGTH_2, reason=b"Fine by me"), body(b"ok")],
        b"HTTP/1.1 200 Fine by me\r\nContent-Length: 2\r\n\r\nok",
    ),
    "an empty reason": (
        GET,
        [start(200, LENGTH_2, reason=b""), body(b"ok")],
        b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok",
    ),
    "a status without a phrase": (
        GET,
        [start(999, LENGTH_2), body(b"ok")],
        b"HTTP/1.1 999 \r\nContent-Length: 2\r\n\r\nok",
    ),
    "8-bit values": (
        GET,
        [start(200, (b"X", b"caf\xe9"), LENGTH_2), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 2\r\n\r\nok",
    ),
    "no length": (
        GET,
        [start(200), body(b"o", more=True), body(b"k")],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
    ),
    "an empty body without length": (
        GET,
        [start(200), body()],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    "transfer-encoding as given": (
        GET,
        [start(200, (b"Transfer-Encoding", b"chunked"), (b"A", b"b")), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ),
    "length and transfer-encoding": (
        GET,
        [start(200, LENGTH_2, (b"Transfer-Encoding", b"gzip")), body(b"okay")],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nokay\r\n0\r\n\r\n",
    ),
    "two equal lengths": (
        GET,
        [start(200, LENGTH_2, LENGTH_2), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ),
    "HEAD keeps its length": (
        HEAD,
        [start(200, (b"Content-Length", b"10")), body(b"0123456789")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
    ),
    "HEAD without length": (
        HEAD,
        [start(200, (b"Transfer-Encoding", b"chunked")), body(b"0123456789")],
        b"HTTP/1.1 200 OK\r\n\r\n",
    ),
    "204": (GET, [start(204, LENGTH_2), body(b"ok")], b"HTTP/1.1 204 No Content\r\n\r\n"),
    "204 with transfer-encoding": (
        GET,
        [start(204, (b"Transfer-Encoding", b"chunked")), body(b"ok")],
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ),
    "304 keeps its length": (
        GET,
        [start(304, (b"Content-Length", b"10")), body(b"0123456789")],
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
    ),
    "HTTP/1.0 with a length": (
        GET_10,
        [start(200, LENGTH_2), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nconnection: close\r\n\r\nok",
    ),
    "HTTP/1.0 without": (
        GET_10,
        [start(200, (b"Transfer-Encoding", b"chunked")), body(b"o", more=True), body(b"k")],
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok",
    ),
    "close asked for": (
        CLOSE,
        [start(200, LENGTH_2, (b"Connection", b"keep-alive")), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nconnection: close\r\n\r\nok",
    ),
    "close answered": (
        GET,
        [start(200, LENGTH_2, (b"Connection", b"X, Close")), body(b"ok")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X, Close\r\n\r\nok",
    ),
    "a longer body is cut": (
        GET,
        [start(200, LENGTH_2), body(b"okay")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ),
    "a shorter body is seen to be short": (
        GET,
        [start(200, LENGTH_2), body(b"o")],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
    ),
    "trailers": (
        GET,
        [
            start(200, trailers=True),
            body(b"ok"),
            {"type": "http.response.trailers", "headers": [(b"Grpc-Status", b"0")], "more_trailers": True},
            {"type": "http.response.trailers", "headers": [(b"x", b"y"), (b"Content-Length", b"9")]},
        ],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nGrpc-Status: 0\r\nx: y\r\n\r\n",
    ),
    "trailers where there is no place for them": (
        GET,
        [
            start(200, LENGTH_2, trailers=True),
            body(b"ok"),
            {"type": "http.response.trailers", "headers": [(b"x", b"y")]},
        ],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ),
}


@pytest.mark.parametrize(("raw", "messages", "wire"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_response_is_written_so_that_its_end_is_certain(raw, messages, wire):
    assert exchange(sends(*messages), raw) == wire


NOT_WRITTEN = {
    "a line break in a value": start(200, (b"X", b"a\r\nSet-Cookie: b")),
    "an LF in a value": start(200, (b"X", b"a\nb")),
    "a NUL in a value": start(200, (b"X", b"a\0b")),
    "a line break in a name": start(200, (b"X\r\nY", b"a")),
    "a colon in a name": start(200, (b"X: y", b"a")),
    "an empty name": start(200, (b"", b"a")),
    "a line break in the reason": start(200, reason=b"a\r\nX: y"),
    "two lengths": start(200, LENGTH_2, (b"content-length", b"3")),
    "a length that is no number": start(200, (b"Content-Length", b"+2")),
    "status 199": start(199),
    "status 1000": start(1000),
    "text for bytes": start(200, ("X", "a")),
}


@pytest.mark.parametrize("message", NOT_WRITTEN.values(), ids=NOT_WRITTEN.keys())
def test_a_head_that_would_break_out_of_its_line_is_a_500_and_a_log_line(message, caplog):
    answered = answers(exchange(sends(message, body(b"ok"))))
    assert [(answer.status, answer.header(b"content-type")) for answer in answered] == [
        (500, b"application/problem+json")
    ]
    assert caplog.records
    assert "Set-Cookie" not in caplog.text


def test_nothing_follows_on_the_connection_after_a_longer_body():
    assert exchange(sends(start(200, LENGTH_2), body(b"okay")), GET + GET).count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("raw", "wire"),
    [
        (GET, b"Content-Length: 2\r\nA: b\r\n\r\nok"),
        (HEAD, b"Content-Length: 7\r\nA: b\r\n\r\n"),
        (CLOSE, b"Content-Length: 2\r\nA: b\r\nconnection: close\r\n\r\nok"),
        (GET_10, b"Content-Length: 2\r\nA: b\r\nconnection: close\r\n\r\nok"),
    ],
)
@pytest.mark.parametrize("ready", [False, True])
def test_a_whole_response_may_be_written_at_once(raw, wire, ready):
    parts = (200, None, [(b"Content-Length", b"7"), (b"A", b"b"), (b"Transfer-Encoding", b"chunked")], b"ok")
    prepared = ReadyResponse(*parts)

    async def app(scope, receive, send):
        mimic = scope["extensions"]["mimic"]
        mimic.write_ready(prepared) if ready else mimic.write_response(*parts)

    assert exchange(app, raw) == b"HTTP/1.1 200 OK\r\n" + wire


def test_a_large_whole_response_arrives_whole():
    async def app(scope, receive, send):
        scope["extensions"]["mimic"].write_response(200, b"Big", [], b"x" * 3_000_000)

    (answer,) = answers(exchange(app))
    assert (answer.status, len(answer.body)) == (200, 3_000_000)


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
        def answer_now(self, scope):
            if scope["path"] == "/task":
                return False
            if scope["path"] == "/bad":
                raise ValueError("no")
            scope["extensions"]["mimic"].write_response(200, None, [], b"now")
            return True

        async def __call__(self, scope, receive, send):
            await sends(start(200, LENGTH_2), body(b"ok"))(scope, receive, send)

    raw = GET + GET.replace(b"/x", b"/task") + GET * 40 + GET.replace(b"/x", b"/bad")
    assert [answer.body for answer in answers(exchange(Now(), raw))][:-1] == [b"now", b"ok", *[b"now"] * 40]
    assert statuses(exchange(Now(), raw))[-1] == 500


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
