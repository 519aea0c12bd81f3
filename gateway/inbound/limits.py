"""The limits of the listening side: how much a client may send, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one listener accepts; sizes in bytes, times in seconds.

    `header_bytes` counts names, values and their separators; beyond it, or beyond `header_count`, the answer is 431;
    a longer target is 414, a longer body 413 (None: any length). A head that is not complete `header_read_s` after its
    first byte, or a body that sends nothing for `body_idle_s`, is 408; an idle connection is closed after
    `keep_alive_s`. A connection beyond `connections` gets 503. A client may queue `pipelined` requests behind the one
    being answered; then its socket is not read.
    """

    header_bytes: int = 65_536
    header_count: int = 200
    target_bytes: int = 16_384
    body_bytes: int | None = None
    header_read_s: float = 10.0
    body_idle_s: float = 30.0
    keep_alive_s: float = 75.0
    connections: int = 10_000
    pipelined: int = 16
