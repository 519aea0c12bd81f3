"""What was sent last: what calls send about an item that does not show it, and that some other read of it tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.tellings import key_of
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, Path, is_scalar, leaves, look, same
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import hidden_name

_LEAST: Final = 3
_RIGHT_TENTHS: Final = 7
_SHORTEST: Final = 3
_COST: Final = 1.4
BEFORE: Final = " before"
"""The end of the attribute that is what was sent before that."""


def find_last_sent(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the arguments that reads tell of as they were sent last, by calls that made the item or changed it since.

    Only operations are looked at: elsewhere such a thing has a path of its own.
    """
    for collection in collections:
        own = [
            one for one in endpoints if one.operation is not None and one.changes_by_arguments is False
            and bindings[one].collection is collection and (bindings[one].role != "collection" or bindings[one].made)
        ]  # fmt: skip
        collection.last_sent = set(_told_later(own, bindings)) if len(own) > 1 else set()


def noted(sample: Sample, collection: Collection, old: Any) -> dict[str, Any]:
    """Give what a call sends of this, and what was sent before; `old` are the attributes that the item had."""
    given = sample.arguments if collection.last_sent and isinstance(sample.arguments, dict) else {}
    found: dict[str, Any] = {}
    for name in sorted(collection.last_sent & set(given)):
        attribute = f"request.json.{name}"
        found[attribute] = given[name]
        if isinstance(old, dict) and attribute in old:
            found[attribute + BEFORE] = old[attribute]
    return found


def last_sent_terms(binding: Binding, lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the terms of what was sent last, and before that, about the item that a read names."""
    collection = binding.collection
    if collection is None or "item" not in lookups or binding.role == "collection":
        return
    for name in sorted(collection.last_sent):
        for attribute, cost in ((f"request.json.{name}", _COST), (f"request.json.{name}{BEFORE}", _COST + 0.1)):
            text, keeps = f"vars.item.{hidden_name(attribute)}", frozenset({(collection.name, attribute)})
            yield Term(text, partial(_hidden, attribute=attribute), name, cost, frozenset({"item"}), keeps)


def _hidden(scene: Scene, attribute: str) -> Any:
    return scene.hidden("item", attribute)


def _told_later(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> Iterator[str]:
    """Give the names of what is told later, and that some call sent which only changes items."""
    shown = _members_of_items(own, bindings)
    last: dict[tuple[int, str], dict[str, tuple[Any, Endpoint]]] = defaultdict(dict)
    right: dict[tuple[str, Path], set[str]] = defaultdict(set)
    counts: dict[tuple[str, Path], list[bool]] = defaultdict(list)
    changed: set[str] = set()
    for endpoint, sample in _in_order(own):
        known = last[sample.session, key_of(endpoint, bindings[endpoint], sample)]
        if sample.method not in READS:
            given = sample.arguments if isinstance(sample.arguments, dict) else {}
            known |= {name: (value, endpoint) for name, value in given.items() if _is_told(value)}
            continue
        told = [(path, value) for path, value in leaves(sample.answer_json, longest_list=0) if _is_told(value)]
        for path, value in told:
            for name, (sent, by) in known.items() if path[-1] not in shown else ():
                counts[name, path].append(same(sent, value))
                if same(sent, value):
                    right[name, path].add(str(value))
                    changed |= {name} if bindings[by].role == "action" else set()
    for (name, path), values in right.items():
        is_mostly = sum(counts[name, path]) * 10 >= len(counts[name, path]) * _RIGHT_TENTHS
        if name in changed and is_mostly and len(values) >= _LEAST:
            yield name


def _in_order(own: Sequence[Endpoint]) -> list[tuple[Endpoint, Sample]]:
    calls = [(one, sample) for one in own for sample in one.samples if sample.succeeded]
    return sorted(calls, key=lambda call: call[1].number)


def _members_of_items(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> set[Any]:
    """Give the names of what items show where they are read as a whole."""
    found: set[Any] = set()
    for endpoint in own:
        entity = bindings[endpoint].entity
        for sample in endpoint.samples if endpoint.method in READS and entity is not None else ():
            item = look(sample.answer_json, entity or ()) if sample.succeeded else MISSING
            found |= set(item) if isinstance(item, dict) else set()
    return found


def _is_told(value: Any) -> bool:
    """Tell whether a value says enough to be known again."""
    return is_scalar(value) and not isinstance(value, bool) and value is not None and len(str(value)) >= _SHORTEST
