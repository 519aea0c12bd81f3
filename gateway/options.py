"""What the data plane is told when it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cassettes.exchange import Request
from gateway.passage import ForwardLimits


@dataclass(frozen=True, slots=True)
class PlaneOptions:
    """Whether answers carry markers and a log line, how large a body may be that has to be collected, who we are."""

    markers: bool = True
    access_log: bool = False
    collect_bytes: int = 64 << 20
    forward: ForwardLimits = ForwardLimits()
    show_path: Callable[[Request], str] = repr
    """The path as it may stand in a log: a path can hold a secret too."""
    served_names: frozenset[bytes] = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})
