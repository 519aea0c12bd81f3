"""What the listening side makes of raw bytes: which requests reach the application, and which are refused."""

from __future__ import annotations

import json

import pytest
from listener import answers, connect, listening, read_all, read_until, statuses, talk, until

from gateway.limits import Limits

OK = b"GET /after HTTP/1.1\r\nHost: a\r\n\r\n"


class Echo:
    """Reads the whole body and answers what it saw as JSON; keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[dict] = []

    async def __call__(self, scope, receive, send) -> None:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            if not message["more_body"]:
                break
        mimic = scope["extensions"]["mimic"]
        self.seen.append({"scope": scope, "body": body, "raw_headers": mimic.raw_headers, "target": mimic.target})
        answer = json.dumps({"method": scope["method"], "path": scope["path"], "size": len(body)}).encode()
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"Content-Length", b"%d" % len(answer))]}
        )
        await send({"type": "http.response.body", "body": answer})


@pytest.fixture(scope="module")
def shared():
    with listening(Echo()) as listener:
        yield listener


@pytest.fixture
def echo(shared):
    shared.seen.clear()
    return shared


def get(
    lines: bytes = b"",
    target: bytes = b"/x",
    version: bytes = b"1.1",
    method: bytes = b"GET",
    host: bytes = b"Host: a\r\n",
) -> bytes:
    return method + b" " + target + b" HTTP/" + version + b"\r\n" + host + lines + b"\r\n"


def post(lines: bytes, body: bytes) -> bytes:
    return get(lines, method=b"POST") + body


CHUNKED = b"Transfer-Encoding: chunked\r\n"

REFUSED = {
    # framing: two parties could see the end of the body in different places
    "content-length and transfer-encoding": (post(b"Content-Length: 4\r\n" + CHUNKED, b"0\r\n\r\n"), 400),
    "transfer-encoding and content-length": (post(CHUNKED + b"Content-Length: 4\r\n", b"0\r\n\r\n"), 400),
    "two different lengths": (post(b"Content-Length: 4\r\nContent-Length: 5\r\n", b"abcd"), 400),
    "two equal lengths": (post(b"Content-Length: 4\r\nContent-Length: 4\r\n", b"abcd"), 400),
    "a list of lengths": (post(b"Content-Length: 4, 4\r\n", b"abcd"), 400),
    "a signed length": (post(b"Content-Length: +4\r\n", b"abcd"), 400),
    "a negative length": (post(b"Content-Length: -4\r\n", b"abcd"), 400),
    "a hexadecimal length": (post(b"Content-Length: 0x4\r\n", b"abcd"), 400),
    "an empty length": (post(b"Content-Length: \r\n", b"abcd"), 400),
    "a length with a space inside": (post(b"Content-Length: 4 4\r\n", b"abcd"), 400),
    "a length beyond 64 bits": (post(b"Content-Length: 99999999999999999999999\r\n", b"abcd"), 400),
    "a space before the colon": (post(b"Content-Length : 4\r\n", b"abcd"), 400),
    "gzip, chunked": (post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"), 501),
    "gzip only": (post(b"Transfer-Encoding: gzip\r\n", b"abcd"), 501),
    "identity": (post(b"Transfer-Encoding: identity\r\n", b""), 501),
    "chunked, identity": (post(b"Transfer-Encoding: chunked, identity\r\n", b""), 400),
    "chunked twice in a list": (post(b"Transfer-Encoding: chunked, chunked\r\n", b"0\r\n\r\n"), 400),
    "chunked twice in two lines": (post(CHUNKED + CHUNKED, b"0\r\n\r\n"), 400),
    "chunked with a vertical tab": (post(b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n"), 400),
    "xchunked": (post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"), 501),
    "quoted chunked": (post(b'Transfer-Encoding: "chunked"\r\n', b"0\r\n\r\n"), 501),
    "a space before the colon of transfer-encoding": (post(b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n"), 400),
    "transfer-encoding in HTTP/1.0": (get(CHUNKED, version=b"1.0", method=b"POST") + b"0\r\n\r\n", 400),
    # chunks
    "a bad chunk terminator": (post(CHUNKED, b"5\r\nAAAAAXX2\r\n45\r\n0\r\n\r\n"), 400),
    "a signed chunk size": (post(CHUNKED, b"+4\r\nabcd\r\n0\r\n\r\n"), 400),
    "a 0x chunk size": (post(CHUNKED, b"0x4\r\nabcd\r\n0\r\n\r\n"), 400),
    "a negative chunk size": (post(CHUNKED, b"-1\r\nabcd\r\n0\r\n\r\n"), 400),
    "an overflowing chunk size": (post(CHUNKED, b"fffffffffffffffff\r\nabcd\r\n0\r\n\r\n"), 400),
    "a bare LF after the chunk size": (post(CHUNKED, b"4\nabcd\r\n0\r\n\r\n"), 400),
    "a bare CR after the chunk size": (post(CHUNKED, b"4\rabcd\r\n0\r\n\r\n"), 400),
    "a space after the chunk size": (post(CHUNKED, b"4 \r\nabcd\r\n0\r\n\r\n"), 400),
    "an LF in a chunk extension": (post(CHUNKED, b"4;a\nb\r\nabcd\r\n0\r\n\r\n"), 400),
    "a long chunk extension": (post(CHUNKED, b"4;" + b"x" * 40_000 + b"\r\nabcd\r\n0\r\n\r\n"), 400),
    "long chunk extensions in sum": (post(CHUNKED, (b"1;" + b"x" * 500 + b"\r\na\r\n") * 90 + b"0\r\n\r\n"), 400),
    "100,000 trailers": (post(CHUNKED, b"0\r\n" + b"a: b\r\n" * 100_000 + b"\r\n"), 400),
    # Host
    "no host": (get(host=b""), 400),
    "two hosts": (get(b"Host: b\r\n"), 400),
    "two equal hosts": (get(b"Host: a\r\n"), 400),
    "an empty host": (get(host=b"Host:\r\n"), 400),
    "a host with a path": (get(host=b"Host: x/../admin?\r\n"), 400),
    "a host with user information": (get(host=b"Host: u@a\r\n"), 400),
    "a host with a space": (get(host=b"Host: a b\r\n"), 400),
    "a host list": (get(host=b"Host: a, b/\r\n"), 400),
    "a host with a bad port": (get(host=b"Host: a:80x\r\n"), 400),
    "a host with a long port": (get(host=b"Host: a:999999\r\n"), 400),
    "a host with two ports": (get(host=b"Host: a:80:80\r\n"), 400),
    "a bare IPv6 host": (get(host=b"Host: ::1\r\n"), 400),
    "a host with 8-bit bytes": (get(host=b"Host: caf\xe9\r\n"), 400),
    "two hosts in HTTP/1.0": (get(b"Host: b\r\n", version=b"1.0"), 400),
    # lines
    "bare LF lines": (b"GET /x HTTP/1.1\nHost: a\n\n", 400),
    "a bare LF header line": (b"GET /x HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400),
    "a bare CR in a value": (get(b"X: a\rb\r\n"), 400),
    "a folded line": (get(b"X: a\r\n b\r\n"), 400),
    "a NUL in a value": (get(b"X: a\0b\r\n"), 400),
    "a NUL in a name": (get(b"X\0: a\r\n"), 400),
    "a line without a colon": (get(b"X\r\n"), 400),
    "an empty name": (get(b": a\r\n"), 400),
    "a leading space": (b"GET /x HTTP/1.1\r\n Host: a\r\n\r\n", 400),
    "a control character in a name": (get(b"X\x01: a\r\n"), 400),
    # the first line
    "an unknown method": (get(method=b"BREW"), 400),
    "a lower-case method": (get(method=b"get"), 400),
    "garbage": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "HTTP/0.9": (b"GET /x\r\n\r\n", 505),
    "HTTP/9.9": (get(version=b"9.9"), 400),
    "HTTP/2.0": (get(version=b"2.0"), 505),
    "the HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a version without a number": (get(version=b"x"), 400),
    "a target with 8-bit bytes": (get(target=b"/caf\xe9"), 400),
    "a relative target": (get(target=b"x"), 400),
    "an asterisk with GET": (get(target=b"*"), 400),
    "a foreign scheme": (get(target=b"ftp://a/x"), 400),
    "an authority with GET": (get(target=b"a:80"), 400),
    "CONNECT": (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501),
    # limits
    "a target of 17 kB": (get(target=b"/" + b"x" * 17_000), 414),
    "a target of 1 MB": (get(target=b"/" + b"x" * 1_000_000), 414),
    "201 headers": (get(b"".join(b"X-%d: y\r\n" % n for n in range(200))), 431),
    "2,000 headers": (get(b"".join(b"X-%d: y\r\n" % n for n in range(2000))), 431),
    "66 kB of headers": (get(b"".join(b"X-%d: %b\r\n" % (n, b"y" * 660) for n in range(100))), 431),
    "one header of 1 MB": (get(b"X: " + b"y" * 1_000_000 + b"\r\n"), 431),
    "headers without end": (b"GET /x HTTP/1.1\r\n" + b"X: y\r\n" * 100_000, 431),
    "10 MB without a line end": (b"GET /" + b"x" * 10_000_000, 414),
    # Connection and Expect
    "connection names host": (get(b"Connection: close, Host\r\n"), 400),
    "connection names content-length": (post(b"Connection: Content-Length\r\nContent-Length: 4\r\n", b"abcd"), 400),
    "connection names authorization": (get(b"Connection: authorization\r\nAuthorization: x\r\n"), 400),
    "connection names cookie in a second line": (get(b"Connection: keep-alive\r\nConnection: Cookie\r\n"), 400),
    "an unknown expectation": (post(b"Expect: 200-ok\r\nContent-Length: 4\r\n", b"abcd"), 417),
}


@pytest.mark.parametrize(("raw", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_an_unsafe_request_is_refused_once_and_nothing_after_it_is_heard(echo, raw, status):
    answered = answers(talk(echo.port, raw + OK))
    assert [answer.status for answer in answered] == [status]
    problem = json.loads(answered[0].body)
    assert (problem["status"], answered[0].header(b"connection")) == (status, b"close")
    assert answered[0].header(b"content-type") == b"application/problem+json"
    assert problem["detail"].endswith(".")
    assert echo.seen == []


@pytest.mark.parametrize(("raw", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_does_not_depend_on_how_the_bytes_are_cut(echo, raw, status):
    with connect(echo.port) as sock:
        try:
            for at in range(0, min(len(raw), 400), 3):
                sock.sendall(raw[at : at + 3] if at + 3 < 400 else raw[at:])
            sock.sendall(OK)
        except OSError:
            pass
        assert statuses(read_all(sock)) == [status]
    assert echo.seen == []


ACCEPTED = {
    "a plain GET": (get(), b"/x", b""),
    "a port in Host": (get(host=b"Host: a.test:8080\r\n"), b"/x", b""),
    "an IPv6 host": (get(host=b"Host: [::1]:80\r\n"), b"/x", b""),
    "an underscore in Host": (get(host=b"Host: my_service\r\n"), b"/x", b""),
    "HTTP/1.0 without Host": (get(host=b"", version=b"1.0"), b"/x", b""),
    "a query": (get(target=b"/x?a=%ff&b"), b"/x?a=%ff&b", b""),
    "raw target bytes": (
        get(target=b"/%2F%2e%c3%28;,//x/../y?&&[]{}|^\"'"),
        b"/%2F%2e%c3%28;,//x/../y?&&[]{}|^\"'",
        b"",
    ),
    "absolute-form": (get(target=b"http://b.test:81/x?y"), b"http://b.test:81/x?y", b""),
    "absolute-form without a path": (get(target=b"http://b.test"), b"http://b.test", b""),
    "asterisk-form": (get(target=b"*", method=b"OPTIONS"), b"*", b""),
    "an unusual method": (get(method=b"PROPFIND"), b"/x", b""),
    "a body": (post(b"Content-Length: 4\r\n", b"abcd"), b"/x", b"abcd"),
    "a length with leading zeros": (post(b"Content-Length: 004\r\n", b"abcd"), b"/x", b"abcd"),
    "a chunked body": (post(CHUNKED, b"4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n"), b"/x", b"abcde"),
    "CHUNKED": (post(b"transfer-encoding: CHUNKED\r\n", b"4\r\nabcd\r\n0\r\n\r\n"), b"/x", b"abcd"),
    "a short chunk extension": (post(CHUNKED, b"4;a=b\r\nabcd\r\n0\r\n\r\n"), b"/x", b"abcd"),
    "trailers": (post(CHUNKED, b"4\r\nabcd\r\n0\r\nX: y\r\n\r\n"), b"/x", b"abcd"),
    "an underscore header": (post(b"Content_Length: 9\r\nContent-Length: 4\r\n", b"abcd"), b"/x", b"abcd"),
    "two spaces in the first line": (b"GET  /x HTTP/1.1\r\nHost: a\r\n\r\n", b"/x", b""),
    "empty lines before": (b"\r\n\r\n" + get(), b"/x", b""),
    "keep-alive": (get(b"Connection: keep-alive\r\n"), b"/x", b""),
    "two cookies": (get(b"Cookie: a=1\r\nCookie: b=2\r\n"), b"/x", b""),
    "200 headers": (get(b"".join(b"X-%d: y\r\n" % n for n in range(199))), b"/x", b""),
    "64 kB of headers": (get(b"".join(b"X-%d: %b\r\n" % (n, b"y" * 640) for n in range(100))), b"/x", b""),
    "a target of 16 kB": (get(target=b"/" + b"x" * 16_000), b"/" + b"x" * 16_000, b""),
    "an h2c upgrade": (get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n"), b"/x", b""),
    "an upgrade header alone": (post(b"Upgrade: h2c\r\nContent-Length: 4\r\n", b"abcd"), b"/x", b"abcd"),
    "chunks with many blank lines": (
        post(CHUNKED, b"2000\r\n" + b"\r\n" * 4096 + b"\r\n0\r\n\r\n"),
        b"/x",
        b"\r\n" * 4096,
    ),
    "a body of blank lines": (post(b"Content-Length: 400000\r\n", b"\r\n" * 200_000), b"/x", b"\r\n" * 200_000),
}


@pytest.mark.parametrize(("raw", "target", "body"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_sound_request_arrives_whole_and_so_does_the_one_after_it(echo, raw, target, body):
    expected = [200] if b"HTTP/1.0" in raw else [200, 200]
    assert statuses(talk(echo.port, raw + OK)) == expected
    assert (echo.seen[0]["target"], echo.seen[0]["body"]) == (target, body)


@pytest.mark.parametrize("raw", [raw for raw, _, _ in ACCEPTED.values() if len(raw) < 1000])
def test_a_sound_request_may_come_byte_by_byte(echo, raw):
    with connect(echo.port) as sock:
        for at in range(len(raw)):
            sock.sendall(raw[at : at + 1])
        sock.sendall(get(b"Connection: close\r\n"))
        assert set(statuses(read_all(sock))) == {200}
    assert len(echo.seen) == (1 if b"HTTP/1.0" in raw else 2)


def test_names_keep_their_case_and_order_beside_the_lower_case_ones(echo):
    talk(echo.port, get(b"X-B: 1\r\nx-a: 2\r\nX-b: caf\xe9\r\n"))
    assert echo.seen[0]["raw_headers"] == ((b"Host", b"a"), (b"X-B", b"1"), (b"x-a", b"2"), (b"X-b", b"caf\xe9"))
    assert echo.seen[0]["scope"]["headers"] == [(b"host", b"a"), (b"x-b", b"1"), (b"x-a", b"2"), (b"x-b", b"caf\xe9")]


def test_the_scope_has_what_asgi_promises(echo):
    talk(echo.port, get(target=b"/caf%C3%A9%2F?q=%20"))
    scope = echo.seen[0]["scope"]
    wanted = ("type", "http_version", "scheme", "method", "root_path", "path", "raw_path", "query_string", "state")
    assert [scope[key] for key in wanted] == [
        "http",
        "1.1",
        "http",
        "GET",
        "",
        "/café/",
        b"/caf%C3%A9%2F",
        b"q=%20",
        {"lives": True},
    ]
    assert (scope["client"][0], scope["server"]) == ("127.0.0.1", ("127.0.0.1", echo.port))
    assert "http.response.trailers" in scope["extensions"]


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"http://b:1/x?y", b"/x", b"y"),
        (b"HTTPS://b?y", b"/", b"y"),
        (b"http://b", b"/", b""),
        (b"//b/x", b"//b/x", b""),
    ],
)
def test_the_path_of_any_form_is_the_origins(echo, target, path, query):
    talk(echo.port, get(target=target))
    assert (echo.seen[0]["scope"]["raw_path"], echo.seen[0]["scope"]["query_string"]) == (path, query)


def test_a_websocket_handshake_reaches_the_application_as_http_and_is_the_last(echo):
    raw = get(b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n")
    answered = answers(talk(echo.port, raw + OK))
    assert [(answer.status, answer.header(b"connection")) for answer in answered] == [(200, b"close")]
    assert (b"upgrade", b"websocket") in echo.seen[0]["scope"]["headers"]
    assert len(echo.seen) == 1


@pytest.mark.parametrize(
    ("framing", "body"), [(b"Content-Length: 34\r\n", b"x" * 34), (CHUNKED, b"22\r\n" + b"x" * 34 + b"\r\n0\r\n\r\n")]
)
def test_the_body_of_a_declined_upgrade_is_a_body_and_not_a_request(echo, framing, body):
    raw = post(b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + framing, body)
    assert statuses(talk(echo.port, raw + OK)) == [200]
    assert [seen["body"] for seen in echo.seen] == [b"x" * 34]


@pytest.mark.parametrize(
    "raw", [get(b"Connection: close\r\n"), get(version=b"1.0"), get(b"Connection: keep-alive\r\n", version=b"1.0")]
)
def test_nothing_is_heard_after_the_last_request(echo, raw):
    answered = answers(talk(echo.port, raw + OK))
    assert [(answer.status, answer.header(b"connection")) for answer in answered] == [(200, b"close")]
    assert len(echo.seen) == 1


def test_what_came_before_a_malformed_request_is_answered_first(echo):
    assert statuses(talk(echo.port, OK + OK + b"NONSENSE\r\n\r\n")) == [200, 200, 400]


def test_a_refusal_to_head_has_no_body(echo):
    data = talk(echo.port, get(method=b"HEAD", host=b""))
    assert data.startswith(b"HTTP/1.1 400 ")
    assert data.endswith(b"\r\n\r\n")


def test_a_million_small_chunks_are_one_body(echo):
    with connect(echo.port) as sock:
        sock.sendall(post(CHUNKED + b"Connection: close\r\n", b"") + b"1\r\nx\r\n" * 1_000_000 + b"0\r\n\r\n")
        assert json.loads(answers(read_all(sock))[0].body)["size"] == 1_000_000


@pytest.mark.parametrize(
    ("raw", "reaches"),
    [
        (post(b"Content-Length: 11\r\n", b"x" * 11), False),
        (post(CHUNKED, b"b\r\n" + b"x" * 11 + b"\r\n0\r\n\r\n"), True),
        (post(b"Content-Length: 10\r\n", b"x" * 10), True),
    ],
)
def test_a_body_over_the_limit_is_refused(raw, reaches):
    started = []

    async def app(scope, receive, send):
        started.append(scope)
        await Echo()(scope, receive, send)

    with listening(app, Limits(body_bytes=10)) as listener:
        expected = 200 if b"Length: 10" in raw else 413
        assert statuses(talk(listener.port, raw)) == [expected]
    assert bool(started) is reaches or expected == 413


def test_a_connection_too_many_is_told_so_and_room_is_made_again():
    with listening(Echo(), Limits(connections=2)) as listener:
        first, second = connect(listener.port), connect(listener.port)
        until(lambda: len(listener.state.connections) == 2)
        assert statuses(talk(listener.port, OK)) == [503]
        first.close()
        until(lambda: len(listener.state.connections) == 1)
        with connect(listener.port) as sock:
            sock.sendall(get(b"Connection: close\r\n"))
            assert statuses(read_all(sock)) == [200]
        second.close()


def test_keep_alive_serves_many_requests_on_one_connection(echo):
    with connect(echo.port) as sock:
        for _ in range(5):
            sock.sendall(OK)
            assert read_until(sock, b"}").startswith(b"HTTP/1.1 200 OK\r\nContent-Length: ")
    assert len(echo.seen) == 5
