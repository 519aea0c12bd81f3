"""A document is fetched as it lies there, and nothing else is asked on the way."""

import asyncio
import gzip

import pytest
from serving_gateway import an_upstream, ok

from gateway.errors import ConfigError
from gateway.fetching import fetch

DOCUMENT = b'{"openapi": "3.0.0"}'


async def fetched(url, **more):
    return await asyncio.to_thread(fetch, url, **more)


async def test_a_document_is_fetched():
    async with an_upstream(ok(DOCUMENT)) as server:
        assert await fetched(f"{server.url}/api/openapi.json?v=3") == DOCUMENT
    assert server.requests[0].startswith(b"GET /api/openapi.json?v=3 HTTP/1.1\r\n")


async def test_its_coding_is_undone():
    async with an_upstream(ok(gzip.compress(DOCUMENT), b"Content-Encoding: gzip")) as server:
        assert await fetched(server.url) == DOCUMENT


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "was answered 404"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/x\r\nContent-Length: 0\r\n\r\n",
            "was answered 302, which points to 'http://10.0.0.1/x': redirects are not followed",
        ),
        (ok(b"x" * 2000), "larger than 1000 bytes"),
        (ok(b"no gzip", b"Content-Encoding: gzip"), "cannot be read"),
        (b"nonsense\r\n\r\n", "cannot be fetched"),
    ],
)
async def test_what_is_no_document_is_told(answer, told):
    async with an_upstream(answer) as server:
        with pytest.raises(ConfigError, match=r"^http://127\.0\.0\.1:\d+.*: ") as raised:
            await fetched(server.url, largest_bytes=1000)
    assert told in str(raised.value)


@pytest.mark.parametrize("url", ["ftp://a.test/x", "http://user@a.test/", "http://169.254.169.254/latest/meta-data"])
def test_what_may_not_be_asked_is_not_asked(url):
    with pytest.raises(ConfigError, match="cannot be fetched"):
        fetch(url)
