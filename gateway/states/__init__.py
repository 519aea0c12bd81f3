"""The state backends, one file each, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gateway.state import StateBackend
from gateway.states.memory import MemoryBackend
from gateway.states.redis import RedisBackend
from gateway.states.sqlite import SqliteBackend

BACKENDS: Final[Mapping[str, Callable[[str], StateBackend]]] = {
    "memory": lambda _place: MemoryBackend(),
    "sqlite": SqliteBackend,
    "redis": RedisBackend,
}
"""How each is opened at a place: nothing for memory, a file's path for SQLite, a URL for Redis."""
