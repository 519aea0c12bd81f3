"""Whom a request is for: judged before a route is looked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from cassettes.exchange import Request
from gateway.mode import Reply
from gateway.problem import problem
from gateway.wire import wants_websocket


def judge_target(
    request: Request, headers: Sequence[tuple[bytes, bytes]], served_names: Collection[bytes]
) -> Reply | None:
    """Give the answer to a request that no route can have: for a WebSocket, the server itself, or another server.

    The headers' names are in lower case, as the names that are served are.
    """
    if wants_websocket(headers):
        return problem(501, "websocket", "Upgrading to WebSocket is not served yet; the request was not forwarded.")
    if request.target[:1] == b"/":
        return None
    if request.target == b"*":
        return Reply(204, (), "mock")
    host = request.target.partition(b"://")[2].partition(b"/")[0].rpartition(b"@")[2].lower()
    name = host if host.endswith(b"]") else host.rpartition(b":")[0] or host
    if name not in served_names:
        return problem(421, "misdirected", "The request names an authority that this gateway does not serve.")
    return None


def origin_form(request: Request) -> Request:
    """Give the request with its target as a path and query (RFC 9112 §3.2.1)."""
    if request.target[:1] == b"/":
        return request
    rest = request.target.partition(b"://")[2]
    _, slash, path = rest.partition(b"/")
    return replace(request, target=slash + path or b"/")
