"""One document fetched from a URL that the operator named, under the same rules as an upstream."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlsplit

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import header
from gateway.errors import ConfigError
from gateway.outbound.egress import Egress, Timeouts
from gateway.outbound.failure import EgressDeniedError, OriginError, UpstreamError
from gateway.outbound.origin import parse_origin
from gateway.outbound.upstream import Upstream

LARGEST_BYTES: Final = 64 << 20
_TIMEOUTS: Final = Timeouts(total_s=60.0)


def fetch(url: str, *, largest_bytes: int = LARGEST_BYTES) -> bytes:
    """Give the content of a document; raises ConfigError that says why there is none.

    No redirect is followed: where one points is told.
    """
    return asyncio.run(_fetch(url, largest_bytes))


async def _fetch(url: str, largest_bytes: int) -> bytes:
    parts = urlsplit(url)
    try:
        origin = parse_origin(f"{parts.scheme}://{parts.netloc}")
    except (OriginError, EgressDeniedError) as error:
        raise ConfigError(f"{url}: cannot be fetched: {error}") from None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    upstream = Upstream("fetch", origin, Egress(), timeouts=_TIMEOUTS)
    headers = [(b"Host", origin.authority), (b"Accept", b"*/*"), (b"Accept-Encoding", b"gzip")]
    try:
        answer = await upstream.send("GET", target.encode("ascii", "replace"), headers, None)
        if answer.status != 200:
            raise ConfigError(f"{url}: was answered {answer.status}{_pointing(answer.headers)}")
        pieces: list[bytes] = []
        size = 0
        while piece := await answer.read():
            size += len(piece)
            if size > largest_bytes:
                answer.abort()
                raise ConfigError(f"{url}: is larger than {largest_bytes} bytes, which is the most that is fetched")
            pieces.append(piece)
        return decode(content_codings(answer.headers), b"".join(pieces), limit_bytes=largest_bytes)
    except UpstreamError as error:
        raise ConfigError(f"{url}: cannot be fetched: {error.detail or error.kind}") from None
    except DecodingError as error:
        raise ConfigError(f"{url}: cannot be read: {error}") from None
    finally:
        await upstream.close()


def _pointing(headers: tuple[tuple[bytes, bytes], ...]) -> str:
    location = header(headers, b"location")
    if location is None:
        return ""
    return f", which points to {location.decode('latin-1')!r}: redirects are not followed, name that URL itself"
