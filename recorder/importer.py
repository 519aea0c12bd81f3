"""An importer turns a foreign document into definitions, and says what it could not take over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

Severity: TypeAlias = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person should know about one place of the document; `pointer` is `#/…`, or `file#/…` in another file.

    A note tells of a choice, a warning of something that was made up or left out, an error of a part that was skipped.
    """

    severity: Severity
    pointer: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Import:
    """What came of a document: definitions as plain documents, in the document's order.

    `document` is the name that the definitions carry in `contract` and `created_by`; `checked` counts the bodies that
    were validated against their own schemas.
    """

    kind: str
    document: str
    definitions: tuple[dict[str, Any], ...] = field(repr=False)
    remarks: tuple[Remark, ...] = ()
    checked: int = 0


class Importer(Protocol):
    """One kind of foreign document.

    Both raise DocumentError where the document as a whole cannot be used; a part that cannot becomes a remark.
    """

    def read_file(self, path: Path, *, seed: int = 0, name: str = "") -> Import:
        """Import a file, and what it refers to inside its own folder; `name` is the document's, else its file's."""

    def read_text(self, text: bytes, name: str, *, seed: int = 0) -> Import:
        """Import a document that stands alone; references to files become remarks."""


class Remarks:
    """Collects remarks, each once."""

    def __init__(self) -> None:
        self._remarks: dict[Remark, None] = {}

    def note(self, pointer: str, sentence: str) -> None:
        """Tell of a choice that was made."""
        self._remarks.setdefault(Remark("note", pointer, sentence))

    def warn(self, pointer: str, sentence: str) -> None:
        """Tell of something that was made up, or left out."""
        self._remarks.setdefault(Remark("warning", pointer, sentence))

    def fail(self, pointer: str, sentence: str) -> None:
        """Tell of a part that was skipped."""
        self._remarks.setdefault(Remark("error", pointer, sentence))

    def all(self) -> tuple[Remark, ...]:
        """Give the remarks in the order they came."""
        return tuple(self._remarks)
