"""What the admin API changed, written into the files of the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.documents.definitions import Origin
from gateway.documents.editing import add_to_file, document_in, edit_file
from gateway.errors import ConfigError


class WriteBack:
    """Knows the file of each definition; one that is new goes into `new_file`, and nowhere without one."""

    def __init__(self, new_file: Path | None) -> None:
        self._new_file = new_file
        self._added: dict[str, Path] = {}

    def document(self, identity: str, origins: Mapping[str, Origin]) -> dict[str, Any] | None:
        """Give a definition as its file has it, None where no file does."""
        file = self._file(identity, origins)
        return document_in(file, identity) if file is not None and _holds(file, identity) else None

    def write(self, changes: Mapping[str, Mapping[str, Any] | None], origins: Mapping[str, Origin]) -> None:
        """Write definitions by id, None for those that are gone; raises ConfigError where a file cannot be written."""
        for identity, document in changes.items():
            file = self._file(identity, origins)
            if file is not None and _holds(file, identity):
                edit_file(file, identity, document)
            elif document is not None and (target := file or self._new_file) is not None:
                add_to_file(target, document)
                self._added[identity] = target

    def _file(self, identity: str, origins: Mapping[str, Origin]) -> Path | None:
        origin = origins.get(identity)
        return origin.file if origin is not None else self._added.get(identity)


def _holds(file: Path, identity: str) -> bool:
    try:
        document_in(file, identity)
    except ConfigError:
        return False
    return True
