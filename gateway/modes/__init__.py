"""The modes, one file each, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cassettes.definition import MockDefinition
from gateway.mode import Mode, Services
from gateway.modes.fallback import FallbackMode
from gateway.modes.mock import MockMode
from gateway.modes.passthrough import PassthroughMode
from gateway.modes.proxy import ProxyMode
from gateway.modes.record import RecordMode
from gateway.modes.replay import ReplayMode

MODES: Final[Mapping[str, Callable[[MockDefinition, Services], Mode]]] = {
    "mock": MockMode,
    "passthrough": PassthroughMode,
    "proxy": ProxyMode,
    "proxy-with-fallback": FallbackMode,
    "record": RecordMode,
    "replay": ReplayMode,
}
