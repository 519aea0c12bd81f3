"""A store: the shelf on which cassettes stand, as named files of bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from cassettes.errors import CassetteBusyError, CassetteError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_SEGMENT: Final = re.compile(r"[A-Za-z0-9._-]{1,255}\Z")


class Store(Protocol):
    """Files by name, such as `shop/bodies/9f…`; every method checks its names and raises CassetteError."""

    def read(self, name: str) -> bytes:
        """Give the whole file; raises CassetteNotFoundError where there is none."""

    def read_part(self, name: str, offset: int, size: int) -> bytes:
        """Give the bytes from `offset` on, at most `size` of them: fewer where the file ends, none behind its end."""

    def size(self, name: str) -> int:
        """Give how many bytes the file has; raises CassetteNotFoundError where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Put the whole file in place, durable when this returns; where it raises, the old or the new stands, whole."""

    def append(self, name: str, content: bytes, *, offset: int | None = None) -> int:
        """Add to the end of the file and give its new size: durable when this returns.

        With an `offset` the file is cut there first, so that what a failed append may have left goes away; that there
        is no such file, or that it is shorter, is an error. Where it raises, what stood before is untouched.
        """

    def delete(self, name: str) -> None:
        """Remove the file where there is one."""

    def move(self, old: str, new: str) -> None:
        """Give all files below the folder `old` a new place below `new`, where there must be none."""

    def list(self, prefix: str = "") -> list[str]:
        """Give the names of all files below the folder `prefix` ("" is the root), sorted."""

    def sweep(self, prefix: str = "") -> None:
        """Remove below the folder `prefix` what interrupted writes have left."""

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold the folder `name` alone, also among processes; raises CassetteBusyError at once where it is held."""


def check_name(name: str) -> str:
    """Give the name back where it is safe: segments of letters, digits, `.`, `_`, `-`, joined by `/`."""
    for segment in name.split("/"):
        if not _SEGMENT.match(segment) or segment in {".", ".."}:
            raise CassetteError(
                f"{name[:80]!a} is not a name: it takes letters, digits, dots, underscores and hyphens, joined by /"
            )
    return name


def busy(name: str) -> CassetteBusyError:
    """Make the error for a folder that is held by another writer."""
    return CassetteBusyError(
        f"the cassette {name or 'here'} is being written by another recorder; "
        "stop that one first, or record into a cassette of another name"
    )
