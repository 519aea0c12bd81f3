"""The kinds of store, by the scheme of their URL."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from cassettes.errors import CassetteError
from cassettes.stores.files import FileStore
from cassettes.stores.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cassettes.store import Store

STORES: Final[Mapping[str, Callable[[str], Store]]] = MappingProxyType(
    {
        "file": FileStore,
        "memory": MemoryStore,
    }
)


def open_store(url_or_path: str | Path) -> Store:
    """Open the store at a URL such as `file:///srv/tapes` or `memory:`, or in the folder at a path.

    What follows the scheme goes to the kind of store, without the slashes of an empty host. Raises CassetteError for
    an unknown scheme.
    """
    if not isinstance(url_or_path, str):
        return FileStore(url_or_path)
    scheme, colon, rest = url_or_path.partition(":")
    if not colon or (scheme not in STORES and not rest.startswith("//")):
        return FileStore(url_or_path)
    if scheme not in STORES:
        raise CassetteError(f"no store has the scheme {scheme[:40]!a}; known are {', '.join(STORES)}, or a path")
    return STORES[scheme](unquote(rest.removeprefix("//")))
