"""How a response's head is written, and how the end of its body is marked."""

from __future__ import annotations

import pytest
from listener import answers, body, exchange, sends, start

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n"
GET_10 = b"GET /x HTTP/1.0\r\n\r\n"
CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

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


@pytest.mark.parametrize(
    ("raw", "wire"),
    [
        (GET, b"Content-Length: 2\r\nA: b\r\n\r\nok"),
        (HEAD, b"Content-Length: 7\r\nA: b\r\n\r\n"),
        (CLOSE, b"Content-Length: 2\r\nA: b\r\nconnection: close\r\n\r\nok"),
        (GET_10, b"Content-Length: 2\r\nA: b\r\nconnection: close\r\n\r\nok"),
    ],
)
def test_a_whole_response_may_be_written_at_once(raw, wire):
    headers = [(b"Content-Length", b"7"), (b"A", b"b"), (b"Transfer-Encoding", b"chunked")]

    async def app(scope, receive, send):
        scope["extensions"]["mimic"].write_response(200, None, headers, b"ok")

    assert exchange(app, raw) == b"HTTP/1.1 200 OK\r\n" + wire


def test_a_large_whole_response_arrives_whole():
    async def app(scope, receive, send):
        scope["extensions"]["mimic"].write_response(200, b"Big", [], b"x" * 3_000_000)

    (answer,) = answers(exchange(app))
    assert (answer.status, len(answer.body)) == (200, 3_000_000)
