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
    if reply.match and route is not None:
        own = ((b"X-Mimic-Match", match_of(reply, route)),)
        return (*reply.headers, *markers_of(reply.source, route, trace), *own, *reply.notes)
    return (*reply.headers, *markers_of(reply.source, route, trace), *reply.notes)


def match_of(reply: Reply, route: Route) -> bytes:
    """Give how a case matched: `TIER; case=N; score=…`, where the case names no tier as the route's path matched."""
    if reply.match.startswith(b"; "):
        kind, _, score = route.match_marker.partition(b"; ")
        return b"%s%s; %s" % (kind, reply.match, score)
    return reply.match if reply.match == b"miss" else b"%s; score=%d" % (reply.match, route.score)
