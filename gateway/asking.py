"""Recorded requests sent to a live upstream once more, one after the other, through the one way out."""

from __future__ import annotations

import time
from typing import Final

from cassettes.exchange import Exchange, Request, Response
from gateway.hop import HOP_BY_HOP
from gateway.outbound.egress import Egress, Timeouts
from gateway.outbound.origin import Origin
from gateway.outbound.upstream import Upstream, UpstreamCutOffError

LARGEST_BYTES: Final = 64 << 20
_LEFT_OUT: Final = HOP_BY_HOP | {b"content-length", b"expect"}


class Asker:
    """Sends requests to one origin and gives what came as exchanges; close it when done."""

    def __init__(self, origin: Origin, *, timeout_s: float, verify: bool = True, ca_file: str | None = None) -> None:
        egress = Egress(ca_file=ca_file, verify=verify)
        timeouts = Timeouts(connect_s=timeout_s, first_byte_s=timeout_s, idle_s=timeout_s, total_s=timeout_s)
        self._upstream = Upstream("drift", origin, egress, timeouts=timeouts, max_connections=1)

    async def ask(self, request: Request) -> Exchange:
        """Send one request and give the exchange.

        Raises UpstreamError where no whole answer came, and UnsendableRequestError.
        """
        headers = [
            (name, self._upstream.authority if name.lower() == b"host" else value)
            for name, value in request.headers
            if name.lower() not in _LEFT_OUT and not name.lower().startswith(b"x-mimic-")
        ]
        body = request.body or (None if request.method in ("GET", "HEAD", "OPTIONS", "DELETE") else b"")
        began, clock = time.time(), time.perf_counter()
        answer = await self._upstream.send(request.method, self._upstream.base_path + request.target, headers, body)
        first_byte_ms = (time.perf_counter() - clock) * 1000
        try:
            pieces, size = [], 0
            while piece := await answer.read():
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_BYTES:
                    raise UpstreamCutOffError(f"the answer is larger than {LARGEST_BYTES >> 20} MiB", request_sent=True)
        finally:
            answer.release()
        response = Response(answer.status, answer.headers, b"".join(pieces), answer.reason)
        taken_ms = (time.perf_counter() - clock) * 1000
        return Exchange(request, response, started_at=began, first_byte_ms=first_byte_ms, duration_ms=taken_ms)

    async def close(self) -> None:
        """Close the connection."""
        await self._upstream.close()
