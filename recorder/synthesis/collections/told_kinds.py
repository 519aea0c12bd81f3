"""Told kinds: the words by which things say what kind of thing they are, as `{"kind": "Scale"}` does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

Kinds: TypeAlias = "Mapping[str, set[str]]"
"""All words that things of some sort say, by the name of the member."""
_NAMES: Final = frozenset(("kind", "type", "object", "resourcetype", "class"))


def told_kinds(things: Iterable[Any]) -> dict[str, set[str]]:
    """Give what things say of their kind."""
    found = defaultdict[str, set[str]](set)
    for one in things:
        for name, value in one.items() if isinstance(one, dict) else ():
            if name.lstrip("@_").lower() in _NAMES and isinstance(value, str):
                found[name].add(value)
    return dict(found)


def are_of_another_kind(some: Kinds, others: Kinds) -> bool:
    """Tell whether things always say one kind, and others always another."""
    return any(len(some[name]) == len(others[name]) == 1 and some[name] != others[name] for name in {*some} & {*others})
