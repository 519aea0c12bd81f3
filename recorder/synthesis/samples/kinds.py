"""Kinds: fields that sort objects into few kinds, as the type of accounts and the side of entries do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

_MOST_KINDS: Final = 6


def kinds_of(items: Sequence[dict[str, Any]]) -> list[tuple[str, list[Any]]]:
    """Give the fields that sort items into few kinds, each with its kinds, the most frequent first."""
    found: dict[str, Counter[Any]] = {}
    for item in items:
        for field, value in item.items():
            if isinstance(value, str | bool):
                found.setdefault(field, Counter())[value] += 1
    return [
        (field, [value for value, _ in values.most_common()])
        for field, values in found.items()
        if 1 < len(values) <= _MOST_KINDS and len(values) * 2 <= sum(values.values())
    ]
