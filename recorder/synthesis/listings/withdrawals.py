"""Withdrawals: numbers of items that go down or up by the rows of a list, as stock does when a cart is paid for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Collected
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.looks import first_alike
from recorder.synthesis.listings.named_rows import document_of
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look, parts
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member

_LEAST: Final = 3
_LEAST_AMOUNTS: Final = 2
_TENTHS: Final = 9
_MOST_ROWS: Final = 60
_DEEPEST: Final = 3
_SOURCES: Final = ("answer", "request", "item")
Amounts: TypeAlias = dict[str, int]
"""How much a call names of each item, by key."""


class Rows(NamedTuple):
    """The rows of a list that a call sends, is answered or finds in the item that its path names.

    `link` is the member of a row that names an item, `amount` the one that says how much.
    """

    source: str
    path: Path
    link: str
    amount: str


@dataclass(frozen=True, slots=True, eq=False)
class Withdrawal:
    """A whole number of the items of a collection that each success of an endpoint moves by the rows that name them."""

    endpoint: Endpoint
    binding: Binding
    collection: Collection
    member: str
    rows: Rows
    sign: int

    def settle(self, scene: Scene) -> None:
        """Have items show what is left after a call."""
        if scene.endpoint is not self.endpoint or not scene.sample.succeeded:
            return
        name, after = self.collection.name, scene.moment + 1
        for key, amount in _amounts(scene, self.binding, self.rows).items():
            item = scene.timeline.get(name, key, after)
            if isinstance(item, dict) and _is_whole(item.get(self.member)):
                moved = item[self.member] + self.sign * amount
                scene.timeline.put(name, key, {**item, self.member: moved}, scene.moment)

    def save(self) -> dict[str, Any]:
        """Write what becomes of the items."""
        old, sign = member("vars.row", (self.member,)), "+" if self.sign > 0 else "-"
        own = member("vars.row", self.collection.id_path or ())
        mine = f"keep_rows({self._written()}, {literal(self.rows.link)}, {own})"
        text = f"({old} {sign} total({mine}, {literal(self.rows.amount)}))"
        return {"in": self.collection.name, "under": "", "as": "row", "item": {self.member: f"{{{{ {text} }}}}"},
                "merge": True}  # fmt: skip

    def _written(self) -> str:
        if self.rows.source != "item":
            base = "request.json" if self.rows.source == "request" else "vars.answer.json"
            return member(base, self.rows.path)
        known = self.binding.collection
        assert known is not None, "an item is one of a collection"
        return member(f"resource.{known.name}.get({key_term(self.endpoint, known.count).text})", self.rows.path)


def find_withdrawals(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> list[Withdrawal]:
    """Find the calls that move numbers of the items that the rows of a list name."""
    found: list[Withdrawal] = []
    first = first_alike(scenes, bindings)
    for collection in collections:
        if collection.id_path is not None and collection.count == 1:
            spans = _spans(collection, scenes, bindings, first.get(collection.name, {}))
            for name in sorted({name for span in spans if span.calls for name in span.moved}):
                found += _solved(collection, name, spans, bindings)
    return found


@dataclass(slots=True)
class _Span:
    """Two looks at an item that followed each other, with the calls between whose rows name it."""

    before: dict[str, Any]
    after: dict[str, Any]
    calls: list[_Call]

    @property
    def moved(self) -> list[str]:
        """The whole numbers that became others."""
        return [
            name
            for name, value in self.after.items()
            if _is_whole(value) and _is_whole(old := self.before.get(name)) and old != value
        ]


@dataclass(slots=True)
class _Call:
    """A call with how much of the item its rows name, in each way to read them."""

    endpoint: Endpoint
    named: dict[Rows, int]


@dataclass(slots=True)
class _Walk:
    before: dict[str, Any]
    calls: list[_Call] = field(default_factory=list)


def _spans(
    collection: Collection,
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    begun: Mapping[str, dict[str, Any]],
) -> list[_Span]:
    """Give the looks at items that followed each other; what all sessions saw first was there before the first look."""
    walks = {
        session: {key: _Walk(item) for key, item in begun.items()}
        for session in dict.fromkeys(scene.sample.session for scene in scenes)
    }
    found: list[_Span] = []
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        own = walks[sample.session]
        shown = {key: item for name, key, item in items_seen(scene, binding) if name == collection.name}
        for key, item in shown.items():
            walk = own.get(key)
            if walk is not None and sample.method in READS and isinstance(item, dict):
                found.append(_Span(walk.before, item, walk.calls))
            if isinstance(item, dict):
                own[key] = _Walk(item)
        if sample.method not in READS and sample.succeeded and binding.collection is not collection:
            for key, named in _named(scene, binding, own).items():
                own[key].calls.append(_Call(scene.endpoint, named))
    return found


def _named(scene: Scene, binding: Binding, known: Collected[str]) -> dict[str, dict[Rows, int]]:
    """Give by key how much a call names of items, for each way to read it."""
    found: dict[str, dict[Rows, int]] = defaultdict(dict)
    for source in _SOURCES:
        for path, rows in _lists(document_of(scene, binding, source)):
            names = list(rows[0])
            for link in [name for name in names if any(as_text(row.get(name)) in known for row in rows)]:
                for amount in [name for name in names if all(_is_whole(row.get(name)) for row in rows)]:
                    way = Rows(source, path, link, amount)
                    for key, count in _amounts(scene, binding, way).items():
                        found[key][way] = count
    return {key: named for key, named in found.items() if key in known}


def _lists(document: Any) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    for path, value in parts(document, longest_list=0) if isinstance(document, dict) else ():
        is_list = isinstance(value, list) and 0 < len(value) <= _MOST_ROWS and 0 < len(path) <= _DEEPEST
        if is_list and all(isinstance(row, dict) for row in value):
            yield path, value


def _amounts(scene: Scene, binding: Binding, way: Rows) -> Amounts:
    rows = look(document_of(scene, binding, way.source), way.path)
    found: Amounts = defaultdict(int)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and is_scalar(row.get(way.link, MISSING)) and _is_whole(row.get(way.amount)):
            found[as_text(row[way.link])] += row[way.amount]
    return dict(found)


def _solved(
    collection: Collection, name: str, spans: Sequence[_Span], bindings: Mapping[Endpoint, Binding]
) -> Iterator[Withdrawal]:
    """Give the calls that move a number one by one, each the one after which most looks are as they should be."""
    looks = [one for one in spans if all(_is_whole(side.get(name)) for side in (one.before, one.after))]
    left = [span.after[name] - span.before[name] for span in looks]
    found: list[Withdrawal] = []
    while any(left):
        best = max(_ways(looks, left), key=lambda one: one.right, default=None)
        if best is None:
            break
        left = best.left
        found.append(Withdrawal(best.endpoint, bindings[best.endpoint], collection, name, best.rows, best.sign))
    is_told = sum(not one for one in left) * 10 >= len(left) * _TENTHS
    yield from found if is_told else ()


class _Way(NamedTuple):
    """A way in which a call moves a number: how many more looks are right then, and what is left of the others."""

    endpoint: Endpoint
    rows: Rows
    sign: int
    right: int
    left: list[int]


def _ways(looks: Sequence[_Span], left: Sequence[int]) -> Iterator[_Way]:
    ways = dict.fromkeys((call.endpoint, way) for span in looks for call in span.calls for way in call.named)
    known = sum(not one for one in left)
    for endpoint, way in ways:
        moved = [sum(call.named.get(way, 0) for call in span.calls if call.endpoint is endpoint) for span in looks]
        for sign in (-1, 1):
            after = [one - sign * amount for one, amount in zip(left, moved, strict=True)]
            told = {amount for one, amount in zip(after, moved, strict=True) if amount and not one}
            right = sum(not one for one in after) - known
            if right >= _LEAST and len(told) >= _LEAST_AMOUNTS:
                yield _Way(endpoint, way, sign, right, after)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
