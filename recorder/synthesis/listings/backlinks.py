"""Backlinks: members of items that list the keys of those other items which list them, as a user's groups do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.linked_rows import (
    Place,
    Shape,
    is_list_of,
    keys_at,
    keys_text,
    places_of_keys,
    shape_of,
)
from recorder.synthesis.samples.values import as_text, is_scalar, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member
from recorder.synthesis.terms.timeline import Timeline

_LEAST: Final = 3
_LEAST_GONE: Final = 2
_TENTHS: Final = 9
_MOST_SEEN: Final = 800


@dataclass(frozen=True, slots=True, eq=False)
class Backlink:
    """A list in the items of a collection: the keys of those of `other` whose list `field` has the item's own key.

    With a `shape` it has rows that show this of each of them. With `lets_go` the lists of the others lose the key of an
    item that is deleted, and follow one that is renamed.
    """

    collection: Collection
    place: Place
    other: Collection
    field: Place
    lets_go: bool = False
    shape: Shape | None = None

    @property
    def member(self) -> str:
        """The name of the list."""
        return self.place[0]

    def of(
        self, timeline: Timeline, item: Mapping[str, Any], moment: int, called: Mapping[str, str] | None = None
    ) -> list[Any]:
        """Give the keys or the rows of those that list an item at a moment, in the order in which they came.

        What lists still call otherwise may be `called` by another key since.
        """
        own = as_text(look(item, self.collection.id_path or ()))
        others = timeline.under(self.other.name, "", moment).values()
        return [
            look(one, self.other.id_path or ()) if self.shape is None else self.shape.of(one)
            for one in others
            if own in (_called(each, called or {}) for each in keys_at(one, self.field))
        ]

    @property
    def text(self) -> str:
        """Write it for the item `vars.row`."""
        own = member("vars.row", self.collection.id_path or ())
        shown = member("row", self.other.id_path or ()) if self.shape is None else self.shape.text
        return f"each(resource.{self.other.name}.all(), {shown} if {own} in {keys_text('row', self.field)} else omit)"


def find_backlinks(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> list[Backlink]:
    """Find the lists of keys that change though no call to the item does it, and always are what others list.

    Of two lists that tell of each other the one that calls write stands for itself.
    """
    flat = {one.name: one for one in collections if one.count == 1 and one.id_path is not None}
    looks = [
        _Look(flat[name], scene, item)
        for scene in scenes
        for name, _, item in items_seen(scene, bindings[scene.endpoint])
        if name in flat and isinstance(item, dict)
    ]
    lists: dict[str, dict[Place, set[str]]] = defaultdict(lambda: defaultdict(set))
    keys: dict[str, set[str]] = defaultdict(set)
    for seen in looks:
        keys[seen.collection.name].add(as_text(look(seen.item, seen.collection.id_path or ())))
        for place, texts in places_of_keys(seen.item):
            lists[seen.collection.name][place].update(texts)
    renamed = _renamed(scenes, bindings)
    best: dict[tuple[str, str], tuple[int, Backlink]] = {}
    for one, other in product(flat.values(), flat.values()):
        own = [each for each in looks if each.collection is one][:_MOST_SEEN]
        names = [name for name, listed in lists[one.name].items() if listed & keys[other.name]]
        fields = [name for name, listed in lists[other.name].items() if listed & keys[one.name]]
        for name, field in product(names, fields) if one is not other else ():
            found = _shaped(Backlink(one, name, other, field), own)
            right = _right(found, own, renamed) if found is not None else 0
            if found is not None and right > best.get((one.name, name[0]), (0, found))[0]:
                best[one.name, name[0]] = right, found
    kept = [found for right, found in best.values() if not _is_worse(right, found, best)]
    return [replace(one, lets_go=_lets_go(one, looks)) for one in kept]


def _shaped(found: Backlink, looks: Sequence[_Look]) -> Backlink | None:
    """Give it with what its rows show, where it has rows; None where that is not of the items that they name."""
    if found.place[1] is None:
        return found
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for one in looks:
        rows = one.item.get(found.member)
        for row in rows if isinstance(rows, list) else ():
            key = as_text(row.get(found.place[1])) if isinstance(row, dict) else ""
            item = one.scene.timeline.get(found.other.name, key, one.scene.moment + 1)
            pairs += [(row, item)] if isinstance(item, dict) and item else []
    shape = shape_of(pairs)
    return replace(found, shape=shape) if shape is not None else None


@dataclass(frozen=True, slots=True)
class _Look:
    """An item as an answer showed it."""

    collection: Collection
    scene: Scene
    item: dict[str, Any]


_Renamed: TypeAlias = Mapping[tuple[int, str], list[tuple[int, str, str]]]
"""What items were called by, and from which moment on how, by session and collection."""


def _renamed(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> _Renamed:
    found: dict[tuple[int, str], list[tuple[int, str, str]]] = defaultdict(list)
    for scene in scenes:
        binding = bindings[scene.endpoint]
        if binding.moves and binding.collection is not None and scene.sample.succeeded:
            old = binding.key(scene.endpoint.values(scene.sample))
            shown = look(scene.sample.answer_json, (*(binding.entity or ()), *(binding.collection.id_path or ())))
            if is_scalar(shown) and as_text(shown) != old:
                found[scene.sample.session, binding.collection.name].append((scene.moment, old, as_text(shown)))
    return found


def _called(key: str, called: Mapping[str, str]) -> str:
    for _ in called:
        key = called.get(key, key)
    return key


def _right(found: Backlink, looks: Sequence[_Look], renamed: _Renamed) -> int:
    """Count the looks in which it tells what nothing else did, 0 where it is not so nearly always."""
    right = surprising = total = 0
    for one in looks:
        shown = one.item.get(found.member)
        if not is_list_of(shown, found.place):
            continue
        moves = renamed.get((one.scene.sample.session, found.collection.name), ())
        called = {old: new for moment, old, new in moves if moment <= one.scene.moment}
        made = found.of(one.scene.timeline, one.item, one.scene.moment + 1, called)
        key = as_text(look(one.item, found.collection.id_path or ()))
        before = one.scene.timeline.get(found.collection.name, key, one.scene.moment)
        is_new = isinstance(before, dict) and not same(before.get(found.member), shown)
        total += 1
        right += same(made, shown)
        surprising += same(made, shown) and is_new
    return surprising if surprising >= _LEAST and right * 10 >= total * _TENTHS else 0


def _is_worse(right: int, found: Backlink, best: Mapping[tuple[str, str], tuple[int, Backlink]]) -> bool:
    """Tell whether the other list follows from this one rather than this one from it."""
    turned = best.get((found.other.name, found.field[0]))
    return turned is not None and turned[1].other is found.collection and turned[0] > right


def _lets_go(found: Backlink, looks: Sequence[_Look]) -> bool:
    """Tell whether lists lose the keys of items that are gone, wherever one was looked at after that."""
    lost = 0
    for one in looks:
        if one.collection is not found.other:
            continue
        timeline, moment = one.scene.timeline, one.scene.moment
        key = as_text(look(one.item, found.other.id_path or ()))
        listed = keys_at(timeline.get(found.other.name, key, moment), found.field)
        shown = keys_at(one.item, found.field)
        there = timeline.under(found.collection.name, "", moment)
        gone = [each for each in listed if each not in there and timeline.ever(found.collection.name, each, moment)]
        if any(each in shown for each in gone):
            return False
        lost += len(gone)
    return lost >= _LEAST_GONE


def link_up(backlinks: Sequence[Backlink], timeline: Timeline, moment: int) -> None:
    """Have lists of keys be what they follow from after a moment, where something changed in it."""
    for one in backlinks:
        is_changed = timeline.changed(one.collection.name, moment)
        if one.lets_go and is_changed:
            _let_go(one, timeline, moment)
        if is_changed or timeline.changed(one.other.name, moment):
            for key, item in timeline.under(one.collection.name, "", moment + 1).items():
                if isinstance(item, dict) and one.member in item:
                    made = one.of(timeline, item, moment + 1)
                    if not same(made, item[one.member]):
                        timeline.put(one.collection.name, key, {**item, one.member: made}, moment)


def _let_go(one: Backlink, timeline: Timeline, moment: int) -> None:
    before, after = (timeline.under(one.collection.name, "", when) for when in (moment, moment + 1))
    gone, new = [key for key in before if key not in after], [key for key in after if key not in before]
    called = dict(zip(gone, new, strict=True)) if len(gone) == len(new) == 1 else {}
    for key, item in timeline.under(one.other.name, "", moment + 1).items() if gone else ():
        listed = keys_at(item, one.field)
        rows = listed if one.field[1] is None else item[one.field[0]] if listed else []
        pairs = list(zip(listed, rows, strict=True)) if len(listed) == len(rows) else []
        made = [row if one.field[1] else called.get(each, each) for each, row in pairs if _stays(each, gone, called)]
        if made != rows:
            timeline.put(one.other.name, key, {**item, one.field[0]: made}, moment)


def _stays(key: str, gone: Sequence[str], called: Mapping[str, str]) -> bool:
    return key in called or key not in gone


def relinks(
    backlinks: Sequence[Backlink], endpoint: Endpoint, binding: Binding, saved: set[str]
) -> Iterator[dict[str, Any]]:
    """Give the saves that write lists of keys anew where something was saved from which they follow."""
    for one in backlinks:
        if one.lets_go and binding.collection is one.collection and binding.role == "item":
            field, old = member("vars.row", (one.field[0],)), key_term(endpoint, 1).text
            made = ""
            if binding.removes and endpoint.method == "DELETE":
                test = "reject(" if one.field[1] is None else f"rejectattr({literal(one.field[1])}, "
                made = f"({field} | {test}'equalto', {old}) | list)"
            elif binding.moves and one.field[1] is None:
                new = member("vars.answer.json", (*(binding.entity or ()), *(one.collection.id_path or ())))
                made = f"each({field}, {new} if row == {old} else row)"
            if made:
                yield _save(one.other.name, one.field[0], made)
        if saved & {one.collection.name, one.other.name}:
            yield _save(one.collection.name, one.member, one.text)


def _save(collection: str, name: str, text: str) -> dict[str, Any]:
    return {"in": collection, "under": "", "as": "row", "item": {name: f"{{{{ {text} }}}}"}, "merge": True}
