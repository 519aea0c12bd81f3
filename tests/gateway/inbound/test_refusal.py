"""Which requests are refused before any application sees them, and how."""

from __future__ import annotations

import json

import pytest
from listener import CHUNKED, OK, answers, connect, get, post, read_all, statuses, talk

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
