"""What a cycle needs of the connection that carries it."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol


class Carrier(Protocol):
    """The connection, as much of it as a cycle uses."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    tasks: set[asyncio.Task[None]]
    write_paused: bool
    scheme: str
    client: tuple[str, int] | None

    async def drain(self) -> None:
        """Wait until the client has read enough of what was written, or is gone."""

    def attend(self, cycle: Any) -> None:
        """Let the application answer in a task."""

    def completed(self, cycle: Any) -> None:
        """Take note that the response is whole."""

    def break_off(self, *, reset: bool) -> None:
        """End the connection in mid-response."""

    def body_taken(self) -> None:
        """Take note that the application took the body bytes that were waiting."""
