"""An exporter turns definitions, or a cassette, into a foreign document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from cassettes.cassette import Cassette
from cassettes.definition import MockDefinition


class Exporter(Protocol):
    """One kind of foreign document; both give it as plain values, the same each time."""

    def of_definitions(self, definitions: Iterable[MockDefinition], title: str) -> dict[str, Any]:
        """Describe what definitions answer."""

    def of_cassette(self, cassette: Cassette, title: str) -> dict[str, Any]:
        """Describe what was recorded."""
