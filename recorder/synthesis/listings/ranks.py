"""Ranks: numbers that tell the places of items among others, which shift when one comes, goes or moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term, prefix_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, look, parts
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import member

_LEAST: Final = 4
_FEWEST_SESSIONS: Final = 2
_TENTHS: Final = 9
_MOST_FIELDS: Final = 8
_DEEPEST: Final = 2
_SOME: Final = 40
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Rank:
    """A whole number of the items of a collection: the place among those with the same `group`, () for among all."""

    collection: Collection
    member: str
    group: Path
    bindings: Mapping[Endpoint, Binding]

    def shifted(self, row: Item, old: Item | None, new: Item | None) -> Any:
        """Give the number of an item once another one, that was `old`, became `new`; None for one that is not there."""
        number = row.get(self.member)
        if not isinstance(number, int):
            return number
        before, after = (self._place(row, one) for one in (old, new))
        number -= int(before is not None and number > before)
        return number + int(after is not None and number >= after)

    def _place(self, row: Item, other: Item | None) -> int | None:
        """Give the number of the other item where it is of the same group."""
        place = other.get(self.member) if other is not None else None
        is_of = other is not None and (not self.group or _is_same(look(row, self.group), look(other, self.group)))
        return place if is_of and isinstance(place, int) and not isinstance(place, bool) else None

    def settle(self, scene: Scene) -> None:
        """Have the others shift when a call makes, moves or ends an item."""
        name, key = self.collection.name, _written(scene, self.bindings[scene.endpoint], self.collection)
        if key is None:
            return
        old, new = (scene.timeline.get(name, key, scene.moment + later) for later in (0, 1))
        both = [one if isinstance(one, dict) else None for one in (old, new)]
        for other, row in scene.timeline.under(name, _above(key), scene.moment + 1).items():
            if other != key and isinstance(row, dict) and (made := self.shifted(row, *both)) != row.get(self.member):
                scene.timeline.put(name, other, {**row, self.member: made}, scene.moment)

    def saves(self, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
        """Write what becomes of the others where a call tells its item, or the new one, or ends it."""
        binding, own = self.bindings[endpoint], self.collection.id_path
        ends = _ends(endpoint, binding)
        new = None if ends or binding.entity is None else member("vars.answer.json", binding.entity)
        old = "vars.item" if binding.role in ("item", "action") else None
        is_of = binding.collection is self.collection and endpoint.method not in READS
        if own is None or not is_of or (new is None and not ends):
            return
        number = member("vars.row", (self.member,))
        text = number
        for base, sign, test in ((old, "-", ">"), (new, "+", ">=")):
            if base is not None:
                place = member(base, (self.member,))
                tests = [f"{place} is number", *self._groups(base), f"{text} {test} {place}"]
                text = f"({text} {sign} (1 if {' and '.join(tests)} else 0))"
        is_own = f"({member('vars.row', own)} | string) == ({member(new or str(old), own)} | string)"
        kept = f"{number} if {number} is not number or {is_own} else {text}"
        item = {self.member: f"{{{{ {kept} }}}}"}
        yield {"in": self.collection.name, "under": self._under(endpoint, binding), "as": "row", "item": item,
               "merge": True}  # fmt: skip

    def _under(self, endpoint: Endpoint, binding: Binding) -> str:
        count = self.collection.count - 1
        if not count:
            return ""
        is_item = binding.role in ("item", "action")
        above = key_term(endpoint, count, trailing=True) if is_item else prefix_term(endpoint, binding)
        return f"{{{{ {above.text} }}}}"

    def _groups(self, base: str) -> list[str]:
        if not self.group:
            return []
        return [f"({member('vars.row', self.group)} | string) == ({member(base, self.group)} | string)"]


def _written(scene: Scene, binding: Binding, collection: Collection) -> str | None:
    """Give the key of the item that a call writes, makes or ends, None where it does nothing of this."""
    if scene.sample.method in READS or not scene.sample.succeeded or binding.collection is not collection:
        return None
    shown = next((key for name, key, _ in items_seen(scene, binding) if name == collection.name), None)
    if shown is None and _ends(scene.endpoint, binding):
        return binding.key(scene.endpoint.values(scene.sample))
    return shown


def _ends(endpoint: Endpoint, binding: Binding) -> bool:
    return endpoint.method == "DELETE" and binding.role == "item"


def _above(key: str) -> str:
    return key.rpartition("/")[0] + "/" if "/" in key else ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_same(one: Any, other: Any) -> bool:
    return one is not MISSING and as_text(one) == as_text(other)


class _Looked(NamedTuple):
    """A call with the items of one collection that its answer shows, by key."""

    scene: Scene
    shown: Mapping[str, dict[str, Any]]


def find_ranks(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> list[Rank]:
    """Find the numbers that shift: nine of ten looks are right with that, and four more than without at least.

    Of one session nothing is told: all that it made may be in one group.
    """
    found: list[Rank] = []
    if len({scene.sample.session for scene in scenes}) < _FEWEST_SESSIONS:
        return found
    calls = _calls(scenes, bindings)
    for collection in collections:
        own = calls.get(collection.name, [])
        if collection.id_path is None or all(one.scene.sample.method in READS for one in own):
            continue
        for name in _numbers(own, collection):
            looks, plain = _right(None, name, own)
            if looks - plain < _LEAST:
                continue
            likely = [Rank(collection, name, group, bindings) for group in _groups(own, name)]
            right = [_right(rank, name, own)[1] for rank in likely]
            best = max(right, default=0)
            if best >= plain + _LEAST and best * 10 >= looks * _TENTHS:
                found.append(likely[right.index(best)])
    return found


def _calls(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> dict[str, list[_Looked]]:
    """Give, by collection, the calls that show its items or have to do with it."""
    found: dict[str, list[_Looked]] = defaultdict(list)
    for scene in scenes:
        shown: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        collection = bindings[scene.endpoint].collection
        if collection is not None and scene.sample.method not in READS:
            shown[collection.name] = {}
        for name, key, item in items_seen(scene, bindings[scene.endpoint]):
            if isinstance(item, dict):
                shown[name][key] = item
        for name, items in shown.items():
            found[name].append(_Looked(scene, items))
    return found


def _numbers(calls: Sequence[_Looked], collection: Collection) -> list[str]:
    """Give the members that are whole numbers or null, none above the number of all items that were seen."""
    told: dict[str, set[Any]] = defaultdict(set)
    keys = {key for one in calls for key in one.shown}
    for name, value in (pair for one in calls for item in one.shown.values() for pair in item.items()):
        told[name].add(value if _is_whole(value) or value is None else MISSING)
    own = collection.id_path[0] if collection.id_path else ""
    whole = {name: values - {None} for name, values in told.items() if name != own and MISSING not in values}
    return [
        name
        for name, values in whole.items()
        if len(values) > _LEAST // 2 and min(values) >= 0 and max(values) <= len(keys)
    ]


def _groups(calls: Sequence[_Looked], number: str) -> list[Path]:
    """Give the members, also those of objects, that several items have alike, those of ids first; and () for all."""
    told: dict[Path, Counter[str]] = defaultdict(Counter)
    for item in (item for one in calls[:: len(calls) // _SOME | 1] for item in one.shown.values()):
        for path, value in parts(item, longest_list=0):
            if 0 < len(path) <= _DEEPEST and path != (number,) and isinstance(value, str | int):
                told[path][as_text(value)] += 1
    likely = [path for path, counts in told.items() if 1 < len(counts) * 2 <= counts.total()]
    likely.sort(key=lambda path: not str(path[-1]).lower().endswith("id"))
    return [(), *likely[:_MOST_FIELDS]]


def _right(rank: Rank | None, name: str, calls: Sequence[_Looked]) -> tuple[int, int]:
    """Give how many looks there are at items that were known, and how many are as expected."""
    sessions: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    looks = right = 0
    for scene, shown in calls:
        known = sessions[scene.sample.session]
        if scene.sample.method in READS:
            told = [key for key, item in shown.items() if key in known and name in item]
            looks += len(told)
            right += sum(known[key].get(name) == shown[key][name] for key in told)
        elif rank is not None and (key := _written(scene, rank.bindings[scene.endpoint], rank.collection)) is not None:
            old, new = known.get(key), shown.get(key)
            for other, row in known.items():
                if other != key and _above(other) == _above(key):
                    row[name] = rank.shifted(row, old, new)
            if new is None:
                known.pop(key, None)
        for key, item in shown.items():
            known[key] = {**known.get(key, {}), **item}
    return looks, right
