"""A recorded request goes out once more as it was, but for what belongs to the connection, and the answer is whole."""

from contextlib import asynccontextmanager

import pytest
from serving_gateway import an_upstream, ok

from cassettes.exchange import Request
from gateway.asking import Asker
from gateway.outbound.egress import parse_origin
from gateway.outbound.failure import UpstreamError, UpstreamTimeoutError

RECORDED = Request(
    "GET", b"/a%2Fb?q=1", ((b"Host", b"old.test"), (b"X-Kind", b"a"), (b"Connection", b"close"), (b"X-Mimic-Session", b"s"))
)  # fmt: skip


@asynccontextmanager
async def asking(url, timeout_s=5.0):
    asker = Asker(parse_origin(url), timeout_s=timeout_s)
    try:
        yield asker
    finally:
        await asker.close()


async def test_the_request_is_the_recorded_one_with_the_services_name():
    async with an_upstream(ok(b"hello", b"X-Now: b")) as server, asking(f"{server.url}/v2") as asker:
        live = await asker.ask(RECORDED)
    head = server.requests[0]
    assert head.startswith(b"GET /v2/a%2Fb?q=1 HTTP/1.1\r\n")
    assert (b"X-Kind: a\r\n" in head, b"old.test" in head, b"X-Mimic" in head) == (True, False, False)
    assert (live.response.status, live.response.body) == (200, b"hello")
    assert (b"X-Now", b"b") in live.response.headers
    assert 0 < live.first_byte_ms <= live.duration_ms


async def test_a_body_is_sent_with_its_own_length():
    sent = Request("POST", b"/a", ((b"Host", b"old.test"), (b"Content-Length", b"99")), b'{"n": 1}')
    async with an_upstream(ok(b"")) as server, asking(server.url) as asker:
        await asker.ask(sent)
    assert b"content-length: 8\r\n" in server.requests[0].lower()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", UpstreamTimeoutError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", UpstreamTimeoutError),
        (b"nonsense\r\n\r\n", UpstreamError),
    ],
)
async def test_an_answer_that_is_not_whole_is_none(answer, error):
    async with an_upstream(answer) as server, asking(server.url, timeout_s=0.2) as asker:
        with pytest.raises(error):
            await asker.ask(RECORDED)
