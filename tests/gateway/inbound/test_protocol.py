"""What the listening side makes of raw bytes: which requests reach the application, and which are refused."""

from __future__ import annotations

import json

import pytest
from listener import CHUNKED, OK, answers, connect, get, post, read_all, read_until, statuses, talk

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


def test_keep_alive_serves_many_requests_on_one_connection(echo):
    with connect(echo.port) as sock:
        for _ in range(5):
            sock.sendall(OK)
            assert read_until(sock, b"}").startswith(b"HTTP/1.1 200 OK\r\nContent-Length: ")
    assert len(echo.seen) == 5
