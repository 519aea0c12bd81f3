"""Item members: lists in items that have a path below the item's, as `/issues/1/labels` where issues show labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, look, same

_READS: Final = ("GET", "HEAD", "OPTIONS")
Looks = Mapping[tuple[int, str], Sequence[tuple[int, Any]]]
"""By session and key what an item was shown as, with the number of the sample, in their order; {} for other calls."""


def bind_members(endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding]) -> None:
    """Bind calls that change a list of an item, and answer with what it is then, to the item that has it.

    Where the path of the list is read itself it is a collection of its own, and left as it is.
    """
    by_home: dict[Template, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        home = endpoint.template[:-1] if endpoint.template[-1:] == (None,) else endpoint.template
        by_home[home].append(endpoint)
    for home, inside in by_home.items():
        above = [one for one, _ in bindings[inside[0]].parents if one.template == home[:-1]]
        if not above or not home[-1] or any(one.method in _READS and one.operation is None for one in inside):
            continue
        looks = _looks(above[0], bindings)
        for endpoint in inside:
            place = _place(endpoint, bindings[endpoint], above[0], home[-1], looks)
            if place is not None:
                bindings[endpoint] = _to_item(bindings[endpoint], above[0], {home[-1]: place})


def _to_item(binding: Binding, collection: Collection, told: dict[str, Path]) -> Binding:
    parents = [one for one in binding.parents if one[1] < collection.count]
    return Binding("action", collection, parents=parents, also=binding.also, told=told)


def _looks(collection: Collection, bindings: Mapping[Endpoint, Binding]) -> Looks:
    found: dict[tuple[int, str], list[tuple[int, Any]]] = defaultdict(list)
    below = collection.template
    for endpoint, binding in bindings.items():
        is_shown = binding.collection is collection and binding.role != "collection" and binding.entity is not None
        if not is_shown and (endpoint.method in _READS or endpoint.template[: len(collection.template)] != below):
            continue
        for sample in endpoint.samples:
            item = look(sample.answer_json, binding.entity or ()) if is_shown else None
            if sample.succeeded:
                key = "/".join(endpoint.values(sample)[: collection.count])
                found[sample.session, key].append((sample.number, item if isinstance(item, dict) else {}))
    return {place: sorted(shown, key=lambda one: one[0]) for place, shown in found.items()}


def _place(endpoint: Endpoint, binding: Binding, collection: Collection, name: str, looks: Looks) -> Path | None:
    """Give where the answers have the list that items show the next time; None where they do not."""
    good = [sample for sample in endpoint.samples if sample.succeeded]
    if not good or (binding.entity is not None and binding.role == "action"):
        return None
    for place in _places(good[0], name):
        lists = [look(sample.answer_json, place) for sample in good]
        if not all(isinstance(one, list) for one in lists):
            continue
        keys = ["/".join(endpoint.values(sample)[: collection.count]) for sample in good]
        later = [_next(looks, sample, key, name) for sample, key in zip(good, keys, strict=True)]
        seen = [same(one, after) for one, after in zip(lists, later, strict=True) if after is not MISSING]
        if sum(seen) * 2 > len(seen):
            return place
    return None


def _places(sample: Sample, name: str) -> Iterator[Path]:
    if isinstance(sample.answer_json, list):
        yield ()
    elif isinstance(look(sample.answer_json, (name,)), list):
        yield (name,)


def _next(looks: Looks, sample: Sample, key: str, name: str) -> Any:
    """Give the list of the item as it is shown after a call, MISSING where it is not."""
    shown = looks.get((sample.session, key), ())
    after: Any = next((item for number, item in shown if number > sample.number), {})
    return look(after, (name,))
