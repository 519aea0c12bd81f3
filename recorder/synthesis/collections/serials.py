"""Serials: numbers that items get in turn, whichever call gives them, as the number of an invoice when it is issued."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection, Serial
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import Path, as_text, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal

_LEAST: Final = 4
_Member: TypeAlias = tuple[Collection, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """An item as the answer of a write shows it: where, and whether the call made it."""

    collection: Collection
    where: Path
    item: Mapping[str, Any]
    is_new: bool


def find_serials(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> None:
    """Find the numbers that new items get, or those that something is done with, one more than any had before.

    At least two endpoints have to give them: what one alone counts on is learnt of its answers. A number that is no
    higher than others is one that the item has already, but not where it is new.
    """
    told: dict[_Member, list[tuple[Scene, _Shown, int]]] = defaultdict(list)
    for scene in scenes:
        for shown in _shown(scene, bindings[scene.endpoint]):
            for name, value in shown.item.items():
                if isinstance(value, int) and not isinstance(value, bool):
                    told[shown.collection, name].append((scene, shown, value))
    for (collection, name), numbers in told.items():
        if _is_serial(numbers):
            for scene, shown, _ in numbers:
                binding = bindings[scene.endpoint]
                place = (*shown.where, name)
                if place not in binding.ids_made and _is_below(scene.endpoint, collection):
                    binding.serials.setdefault(place, Serial(collection, name, _next(scene.endpoint, collection, name)))


def _shown(scene: Scene, binding: Binding) -> Iterator[_Shown]:
    """Give the items of its own or beside that the answer of a write shows."""
    if scene.sample.method in READS or not scene.sample.succeeded:
        return
    found = [(one.collection, one.entity, True) for one in binding.also if not one.is_sent]
    if binding.collection is not None:
        found.append((binding.collection, binding.entity, binding.role == "collection"))
    for collection, where, is_new in found:
        item = look(scene.sample.answer_json, where) if where is not None else None
        if where is not None and isinstance(item, dict) and collection.id_path is not None:
            yield _Shown(collection, where, item, is_new)


def _is_serial(numbers: Sequence[tuple[Scene, _Shown, int]]) -> bool:
    """Tell whether numbers count on by one below each item above, and no item gets a second one."""
    last: dict[tuple[int, tuple[str, ...]], int] = {}
    had: dict[tuple[int, str], int] = {}
    new: Counter[Endpoint] = Counter()
    for scene, shown, value in numbers:
        place = scene.sample.session, tuple(scene.endpoint.values(scene.sample)[: shown.collection.count - 1])
        before, own = last.get(place, 0), look(shown.item, shown.collection.id_path or ())
        if had.setdefault((scene.sample.session, as_text(own)), value) != value:
            return False
        if value == before + 1:
            new[scene.endpoint] += 1
            last[place] = value
        elif shown.is_new or value > before:
            return False
    return len(new) > 1 and new.total() >= _LEAST and len(set(last.values())) > 1


def _is_below(endpoint: Endpoint, collection: Collection) -> bool:
    above = collection.home[:-1]
    return endpoint.template[: len(above)] == above


def _next(endpoint: Endpoint, collection: Collection, name: str) -> str:
    """Write the next number: one more than any that an item has below the same one above."""
    count = collection.count - 1
    rows = f"under({key_term(endpoint, count, trailing=True).text})" if count else "all()"
    field = literal(name)
    known = f"(resource.{collection.name}.{rows} | selectattr({field}, 'number') | map(attribute={field}) | list)"
    return f"((([0] + {known}) | max) + 1)"


def is_next(scene: Scene, serial: Serial, value: Any) -> bool:
    """Tell whether a value is one more than any that an item had before."""
    return isinstance(value, int) and value == 1 + scene.timeline.highest(
        serial.collection.name, serial.member, scene.moment
    )
