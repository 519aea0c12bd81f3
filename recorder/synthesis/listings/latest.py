"""Latest: the highest number that any item of a collection has, deleted ones too, as the time of its last change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, is_number
from recorder.synthesis.terms.scene import GONE, Scene
from recorder.synthesis.terms.term import Term, literal, member

_LARGE: Final = 1_000_000
"""Numbers from here on are times, or count on through all that a service does."""
_LEAST: Final = 2
_MOST: Final = 2


def latest_terms(endpoint: Endpoint, binding: Binding, scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the highest of each large number that the items of the collection behind a path have."""
    collection = binding.collection
    if collection is None or binding.role != "collection":
        return
    prefix = prefix_term(endpoint, binding)
    names = dict.fromkeys(
        name
        for scene in scenes
        for item in scene.below(collection.name, prefix.get(scene))
        if isinstance(item, dict)
        for name, value in item.items()
        if is_number(value) and value >= _LARGE
    )
    for name in list(names)[:_MOST]:
        term = _highest(collection.name, prefix, name)
        if len({term.get(scene) for scene in scenes} - {MISSING}) >= _LEAST:
            yield term


def _highest(collection: str, prefix: Term, name: str) -> Term:
    def get(scene: Scene) -> Any:
        above = prefix.get(scene)
        items = [*scene.below(collection, above), *scene.below(collection + GONE, above)]
        found = [item[name] for item in items if isinstance(item, dict) and is_number(item.get(name))]
        return max(found, default=MISSING)

    def every(kept: str) -> str:
        return f"{member('resource', (kept,))}.under({prefix.text})"

    rows = f"{every(collection)} + {every(collection + GONE)}"
    text = f"(({rows}) | selectattr({literal(name)}, 'number') | map(attribute={literal(name)}) | max)"
    return Term(text, get, f"latest_{name}", 1.9, prefix.uses, frozenset({(collection + GONE, name)}))
