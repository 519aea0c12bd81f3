"""Requests as bytes: nothing added but the length, nothing sent that could be read in two ways."""

from __future__ import annotations

import pytest
from rawserver import Peer, both_loops, ok, pieces_of, saying, upstream_of

from gateway.outbound.upstream import UnsendableRequestError

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops


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


async def test_target_and_headers_go_out_byte_for_byte():
    headers = [(b"hOsT", b"a"), (b"X-Caf\xe9", b"caf\xe9 \xff"), (b"Set", b"1"), (b"Set", b"2"), (b"Empty", b"")]
    for target in (b"//x/../%zz?a=%2f&&[]#frag", b"*", b'/%c3%28;,|^"', b"/\xff"):
        async with upstream_of(saying(ok(b""))) as (upstream, server):
            await upstream.send("PROPFIND", target, headers, None)
            expected = b"PROPFIND " + target + b" HTTP/1.1\r\n"
            expected += b"hOsT: a\r\nX-Caf\xe9: caf\xe9 \xff\r\nSet: 1\r\nSet: 2\r\nEmpty: \r\n\r\n"
            assert server.heads == [expected]
