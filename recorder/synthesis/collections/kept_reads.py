"""Kept reads: how often what goes on was read, and what was sent for it, as what its next read may turn on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.terms.scene import ASKED, Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import hidden_name

READS: Final = "count.reads"
"""The attribute by which it is kept how often an item was read."""
_COST: Final = 3.0
_COST_OF_ASKED: Final = 2.0
_ITEM: Final = frozenset({"item"})
_HELD: Final = f"vars.item.{hidden_name(READS)}"
ONE_MORE: Final = f"(({_HELD} | default(0)) + 1)"
"""What writes how often an item was read, with this time."""


def poll_terms(binding: Binding, lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the terms of how often the item that a call names was read before, and of what was sent for it."""
    collection = binding.collection
    if collection is None or binding.role != "item" or "item" not in lookups:
        return
    if collection.counts_reads:
        keeps = frozenset({(collection.name, READS)})
        yield Term(f"({_HELD} | default(0))", _reads, "reads", _COST, _ITEM, keeps)
    if collection.goes_on:
        keeps = frozenset({(collection.name, ASKED)})
        yield Term(f"vars.item.{hidden_name(ASKED)}", _asked, "asked", _COST_OF_ASKED, _ITEM, keeps)


def _asked(scene: Scene) -> Any:
    return scene.hidden("item", ASKED)


def _reads(scene: Scene) -> Any:
    found = scene.hidden("item", READS)
    return found if isinstance(found, int) else 0
