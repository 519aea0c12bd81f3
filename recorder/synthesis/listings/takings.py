"""Takings: words and flags of items that calls set for all that a list names, as for the seats that a booking takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.looks import first_alike
from recorder.synthesis.listings.named_rows import NamedRows, ways_of
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import is_word
from recorder.synthesis.terms.scene import Scene

_LEAST: Final = 5
_LEAST_MOVED: Final = 3
_TENTHS: Final = 9
_MOST_PARTS: Final = 2
Call: TypeAlias = tuple[Endpoint, Sequence[NamedRows]]
"""A call that names an item in its lists, with each way to read that."""


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """A word of the items of a collection that each success of an endpoint sets for all that a list names."""

    endpoint: Endpoint
    binding: Binding
    collection: Collection
    member: str
    rows: NamedRows
    value: str | bool

    def settle(self, scene: Scene) -> None:
        """Have items show what a call sets."""
        if scene.endpoint is not self.endpoint or not scene.sample.succeeded:
            return
        name = self.collection.name
        for key in self.rows.keys(scene, self.binding):
            item = scene.timeline.get(name, key, scene.moment + 1)
            if isinstance(item, dict):
                scene.timeline.put(name, key, {**item, self.member: self.value}, scene.moment)

    def save(self) -> dict[str, Any]:
        """Write what becomes of the items."""
        name, key = self.collection.name, self.rows.key_text(self.endpoint)
        return {
            "in": name,
            "each": f"{{{{ {self.rows.text} or [] }}}}",
            "key": f"{{{{ {key} }}}}",
            "item": {self.member: self.value},
            "merge": True,
            "when": f"resource.{name}.get({key}) is mapping",
        }


@dataclass(slots=True)
class _Walk:
    """An item as it was seen last, with the calls since then whose lists name it."""

    before: Mapping[str, Any]
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Span:
    """Two looks at an item that followed each other, with the calls between whose lists name it."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    calls: Sequence[Call]


def find_takings(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> list[Taking]:
    """Find the calls that set words of the items that a list of theirs names."""
    named = [one for one in collections if one.id_path is not None and one.count in range(1, _MOST_PARTS + 1)]
    spans = _spans(scenes, bindings, named)
    found: list[Taking] = []
    for collection in named:
        own = [span for span in spans[collection.name] if span.calls]
        for name in sorted({name for span in own for name in _moved(span)}):
            found += _solved(collection, name, own, bindings)
    return found


def _spans(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> dict[str, list[_Span]]:
    """Give, by collection, the looks at items that followed each other.

    What most sessions saw alike at first was so before the first look of any.
    """
    begun = first_alike(scenes, bindings)
    walks: dict[tuple[int, str], dict[str, _Walk]] = {
        (session, name): {key: _Walk(item) for key, item in items.items()}
        for session in dict.fromkeys(scene.sample.session for scene in scenes)
        for name, items in begun.items()
    }
    found: dict[str, list[_Span]] = defaultdict(list)
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        for name, key, item in items_seen(scene, binding):
            own = walks.setdefault((sample.session, name), {})
            if key in own and sample.method in READS and isinstance(item, dict):
                found[name].append(_Span(own[key].before, item, own[key].calls))
            if isinstance(item, dict):
                own[key] = _Walk(item)
        if sample.method in READS or not sample.succeeded:
            continue
        for collection in collections:
            known = walks.get((sample.session, collection.name))
            if known and binding.collection is not collection:
                for key, ways in _named(scene, binding, collection, known).items():
                    known[key].calls.append((scene.endpoint, ways))
    return found


def _named(scene: Scene, binding: Binding, collection: Collection, known: Container[str]) -> dict[str, list[NamedRows]]:
    found: dict[str, list[NamedRows]] = defaultdict(list)
    for way in ways_of(scene, binding, collection, known):
        for key in dict.fromkeys(way.keys(scene, binding)):
            if key in known:
                found[key].append(way)
    return found


def _is_state(value: Any) -> bool:
    return isinstance(value, bool) or is_word(value)


def _moved(span: _Span) -> Iterator[str]:
    """Give the words and flags that became others."""
    for name, value in span.after.items():
        old = span.before.get(name)
        if _is_state(value) and type(old) is type(value) and old != value:
            yield name


def _solved(
    collection: Collection, name: str, spans: Sequence[_Span], bindings: Mapping[Endpoint, Binding]
) -> Iterator[Taking]:
    """Give the calls that set a word, where nine of ten looks after such calls show what the last of them sets."""
    looks = [one for one in spans if _is_state(one.after.get(name)) and name in one.before]
    sets: dict[Endpoint, tuple[NamedRows, str | bool]] = {}
    votes: dict[tuple[Endpoint, NamedRows], list[_Span]] = defaultdict(list)
    for span in looks:
        endpoint, ways = span.calls[-1]
        for way in ways:
            votes[endpoint, way].append(span)
    for (endpoint, way), inside in sorted(votes.items(), key=lambda one: -len(one[1])):
        [(value, count)] = Counter(span.after[name] for span in inside).most_common(1)
        moved = sum(span.before[name] != value for span in inside if span.after[name] == value)
        is_told = count >= _LEAST and count * 10 >= len(inside) * _TENTHS and moved >= _LEAST_MOVED
        if is_told and endpoint not in sets:
            sets[endpoint] = way, value
    right = sum(span.after[name] == _expected(span, name, sets) for span in looks)
    if right * 10 >= len(looks) * _TENTHS:
        for endpoint, (way, value) in sets.items():
            yield Taking(endpoint, bindings[endpoint], collection, name, way, value)


def _expected(span: _Span, name: str, sets: Mapping[Endpoint, tuple[NamedRows, str | bool]]) -> Any:
    """Give what the last call that sets a word made it, else what it was."""
    for endpoint, ways in reversed(span.calls):
        if endpoint in sets and sets[endpoint][0] in ways:
            return sets[endpoint][1]
    return span.before[name]
