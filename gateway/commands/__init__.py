"""What the commands do: serve a gateway, steer a running one, look at cassettes."""

from __future__ import annotations

from gateway.commands.control import list_definitions, set_enabled, show_status, steer_recording, switch_mode
from gateway.commands.serving import record, replay, up
from gateway.commands.shelves import list_cassettes, scan, show_cassette

__all__ = [
    "list_cassettes",
    "list_definitions",
    "record",
    "replay",
    "scan",
    "set_enabled",
    "show_cassette",
    "show_status",
    "steer_recording",
    "switch_mode",
    "up",
]
