"""The markers: response headers that say who answered, and why."""

from __future__ import annotations

from typing import Final

from cassettes.exchange import Headers
from gateway.mode import Reply, Source
from gateway.route import Route

_SERVED_BY: Final[dict[str, Headers]] = {
    source: ((b"X-Mimic-Served-By", source.encode()),)
    for source in ("mock", "upstream", "cassette", "fallback", "error")
}


def markers_of(source: Source, route: Route | None, trace: bytes) -> Headers:
    """Give the markers of an answer that came from there."""
    if route is None:
        return (*_SERVED_BY[source], (b"X-Mimic-Trace", trace))
    return (*_SERVED_BY[source], *route.markers, (b"X-Mimic-Trace", trace))


def marked(reply: Reply, route: Route | None, trace: bytes) -> Headers:
    """Give a reply's headers with its markers."""
    return (*reply.headers, *markers_of(reply.source, route, trace), *reply.notes)
