"""Compound keys: what tells items apart that have no id, several of their members together, as who has what of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look
from recorder.synthesis.terms.term import member


@dataclass(frozen=True, slots=True)
class Compound:
    """The members that tell items apart, and the `place` in an item of the part that has them."""

    place: Path
    members: tuple[str, ...]

    def key(self, part: Any) -> Any:
        """Give the key of what has such members, MISSING where it lacks one."""
        values = [part.get(name) for name in self.members] if isinstance(part, dict) else [None]
        if any(value is None or not is_scalar(value) for value in values):
            return MISSING
        return " ".join(map(as_text, values))

    def key_in(self, item: Any) -> Any:
        """Give the key of an item."""
        return self.key(look(item, self.place))

    def text(self, part: str, others: Mapping[str, str] | None = None) -> str:
        """Write the key of what an expression gives, with the expressions of `others` in the place of its members."""
        told = others or {}
        return " ~ ' ' ~ ".join(told.get(name) or member(part, (name,)) for name in self.members)

    def around(self, part: Any) -> Any:
        """Give an item that has nothing but this part."""
        for step in reversed(self.place):
            part = {str(step): part}
        return part

    def text_around(self, part: str) -> str:
        """Write an item that has nothing but the part that an expression gives."""
        for step in reversed(self.place):
            part = f"{{'{step}': {part}}}"
        return part
