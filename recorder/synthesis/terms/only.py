"""Only some: which items of a list count, by what they say in a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import literal


class Only(NamedTuple):
    """Which items count: those that say so in a field, or with `but` those that do not; null is what was never done."""

    field: str
    value: Any
    but: bool = False

    def counts(self, item: Mapping[str, Any]) -> bool:
        """Tell whether an item counts."""
        return bool(item.get(self.field, MISSING) == self.value) != self.but

    def text(self, items: str) -> str:
        """Write the items of a list, given as an expression, that count."""
        if self.value is None:
            return f"({items} | selectattr({literal(self.field)}, 'none') | list)"
        return f"{'drop' if self.but else 'keep'}_rows({items}, {literal(self.field)}, {literal(self.value)})"
