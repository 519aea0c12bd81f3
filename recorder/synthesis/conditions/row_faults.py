"""Row faults: the first row of a sent list that is not as the rows of all accepted calls are, as an unknown account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.keys import param_terms
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.amounts import amount
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look, parts
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import literal, member

AT: Final = "_at"
"""The member of such a row that tells its place, from 0."""
_FITS: Final = "_fits"
_NAME: Final = "_name"
_SOME: Final = 400
_LEAST_ROWS: Final = 6
_LEAST: Final = 2
_SHORT: Final = 2
Fits = Callable[[Scene, Any], bool]
"""Tells whether a row is as it should be."""
Above = tuple[str, Callable[[Scene], str]]
"""What the keys of the items that rows name begin with, as it is written and in a scene."""


@dataclass(frozen=True, slots=True, eq=False)
class FaultyRow(Lookup):
    """The first row of the list `key` that does not fit; `said` writes what fits of `row`.

    Rows that `are_names`, and no objects, are told as objects all the same.
    """

    fits: Fits = lambda _scene, _row: True
    said: str = ""
    are_names: bool = False

    @property
    def text(self) -> str:
        """The expression that looks it up."""
        told = f"{literal(AT)}: at, {literal(_FITS)}: {self.said}"
        seen = f"{{{literal(_NAME)}: row, {told}}}" if self.are_names else f"merge(row, {{{told}}})"
        return f"find(each({self.key.text}, {seen}), {literal(_FITS)}, false)"

    def find(self, scene: Scene) -> tuple[str, Any]:
        """Give the row, MISSING where all fit."""
        rows = self.key.get(scene)
        for at, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) is self.are_names or not self.fits(scene, row):
                return "", {**(row if isinstance(row, dict) else {_NAME: row}), AT: at, _FITS: False}
        return "", MISSING


def fault_names(lookups: Mapping[str, Lookup]) -> frozenset[str]:
    """Give the names of such rows: that there is one is all that decides, and not what is in it."""
    return frozenset(name for name, one in lookups.items() if isinstance(one, FaultyRow))


def row_fault_lookups(
    scenes: Sequence[Scene],
    collections: Sequence[Collection],
    known: Mapping[str, Lookup],
    free: Callable[[str, Mapping[str, Lookup]], str],
) -> dict[str, Lookup]:
    """Give the faults of rows that no accepted call had, and two or more that were refused."""
    some = scenes[:: len(scenes) // _SOME | 1]
    fine, refused = [one for one in some if one.sample.succeeded], [one for one in some if not one.sample.succeeded]
    found: dict[str, Lookup] = {}
    for path, are_names in _lists(fine) if len(refused) >= _LEAST else ():
        for name, fits, said in (_ways_of_names if are_names else _ways)(path, fine, refused, collections):
            own = free(name, {**known, **found})
            lookup = FaultyRow(own, "", json_term(path), fits=fits, said=said, are_names=are_names)
            hits = sum(lookup.find(scene)[1] is not MISSING for scene in refused)
            if hits >= _LEAST and all(lookup.find(scene)[1] is MISSING for scene in fine):
                found[own] = lookup
    return found


def _lists(scenes: Sequence[Scene]) -> list[tuple[Path, bool]]:
    """Give where accepted calls send lists with rows enough to tell what they have in common.

    Rows are objects, or with True texts, which may be names.
    """
    counts: Counter[tuple[Path, bool]] = Counter()
    for scene in scenes:
        for path, value in parts(scene.sample.json, longest_list=0) if scene.sample.json is not MISSING else ():
            if path and isinstance(value, list) and value:
                are_names = all(isinstance(row, str) for row in value)
                if are_names or all(isinstance(row, dict) for row in value):
                    counts[path, are_names] += len(value)
    return [one for one, count in counts.items() if count >= _LEAST_ROWS]


def _ways_of_names(
    path: Path, fine: Sequence[Scene], refused: Sequence[Scene], collections: Sequence[Collection]
) -> Iterator[tuple[str, Fits, str]]:
    """Give in what the items are alike that the rows of accepted calls name."""
    good = [(scene, row) for scene in fine for row in _rows(scene, path)]
    if any(_rows(scene, path) for scene in refused):
        for collection in collections:
            yield from _of_items(singular(str(path[-1])), "", collection, good)


def _ways(
    path: Path, fine: Sequence[Scene], refused: Sequence[Scene], collections: Sequence[Collection]
) -> Iterator[tuple[str, Fits, str]]:
    """Give in what the rows of accepted calls are alike: what to call a row that is not, what tells, and how."""
    good = [(scene, row) for scene in fine for row in _rows(scene, path)]
    others = [row for scene in refused for row in _rows(scene, path) if isinstance(row, dict)]
    label = singular(str(path[-1]))
    names = list(dict.fromkeys(name for _, row in good for name in row))
    for name in names:
        is_named = all(isinstance(row.get(name), str) and len(row[name]) > _SHORT for _, row in good)
        if is_named and any(name in row for row in others):
            for collection in collections:
                yield from _of_items(name, name, collection, good)
    for name in names:
        has_all = all(name in row for _, row in good)
        if has_all and any(name not in row for row in others):
            yield f"{label}_without_{name}", _has(name), f"({member('row', (name,))} is defined)"
        yield from _of_amounts(name, label, [row for _, row in good], others)
    for one, other in ((one, other) for at, one in enumerate(names) for other in names[at + 1 :]):
        if all((one in row) != (other in row) for _, row in good):
            first, second = (f"({member('row', (name,))} is defined)" for name in (one, other))
            yield f"{label}_without_one_side", _has_one(one, other), f"({first} != {second})"


def _rows(scene: Scene, path: Path) -> list[Any]:
    found = look(scene.sample.json, path)
    return [row for row in found if isinstance(row, dict | str)] if isinstance(found, list) else []


def _of_items(
    label: str, name: str, collection: Collection, good: Sequence[tuple[Scene, Any]]
) -> Iterator[tuple[str, Fits, str]]:
    """Give that a row names an item of a collection, and that this item has a word that all named ones have."""
    aboves = _aboves(good[0][0], collection)
    above = next((one for one in aboves if all(_item(collection, one, name, *each) for each in good)), None)
    if above is None:
        return
    text = f"resource.{collection.name}.get({above[0]}{member('row', (name,) if name else ())})"
    yield f"unknown_{label}", _names(collection, above, name), f"({text} is mapping)"
    items = [_item(collection, above, name, *one) for one in good]
    for field, value in items[0].items() if len(items) >= _LEAST_ROWS else ():
        words = {as_text(item.get(field)) for item in items}
        if isinstance(value, str | bool) and is_scalar(value) and len(words) == 1:
            told = f"({text} is not mapping or {member(text, (field,))} == {literal(value)})"
            yield f"{label}_by_{field}", _names(collection, above, name, field, value), told


def _aboves(scene: Scene, collection: Collection) -> Iterator[Above]:
    """Give what items may be below: the first parameters of the path, and where that is one thing what is sent."""
    terms = param_terms(scene.endpoint)
    for count in range(len(scene.params) + 1):
        yield "".join(f"{one.text} ~ '/' ~ " for one in terms[:count]), partial(_first_params, count)
    for name, value in (
        scene.sample.json.items() if collection.count > 1 and isinstance(scene.sample.json, dict) else ()
    ):
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield f"{json_term((name,)).text} ~ '/' ~ ", partial(_sent, name)


def _first_params(count: int, scene: Scene) -> str:
    return "".join(f"{value}/" for value in list(scene.params.values())[:count])


def _sent(name: str, scene: Scene) -> str:
    return f"{as_text(look(scene.sample.json, (name,)))}/"


def _item(collection: Collection, above: Above, name: str, scene: Scene, row: Any) -> Any:
    """Give the item that a row names, None where there is none."""
    own = row.get(name) if name and isinstance(row, dict) else row
    found = scene.timeline.get(collection.name, above[1](scene) + as_text(own), scene.moment)
    return found if isinstance(found, dict) else None


def _names(collection: Collection, above: Above, name: str, field: str = "", value: Any = None) -> Fits:
    def fits(scene: Scene, row: Any) -> bool:
        item = _item(collection, above, name, scene, row)
        return item is not None if not field else item is None or item.get(field) == value

    return fits


def _of_amounts(
    name: str, label: str, good: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, Fits, str]]:
    """Give that an amount is more than nothing."""
    made = [value for row in good if (value := amount(row.get(name))) is not None]
    if len(made) < _LEAST_ROWS or min(made) <= 0:
        return
    if any((value := amount(row.get(name))) is not None and value <= 0 for row in others):
        shown = member("row", (name,))
        is_text = any(isinstance(row.get(name), str) for row in good)
        said = (
            f"({shown} is not string or ({shown} | float) > 0)"
            if is_text
            else f"({shown} is not number or {shown} > 0)"
        )
        yield f"{label}_with_no_{name}", _is_positive(name, is_text=is_text), said


def _is_positive(name: str, *, is_text: bool) -> Fits:
    def fits(_: Scene, row: dict[str, Any]) -> bool:
        value = row.get(name)
        return isinstance(value, str) is not is_text or (made := amount(value)) is None or made > 0

    return fits


def _has(name: str) -> Fits:
    return lambda _scene, row: name in row


def _has_one(one: str, other: str) -> Fits:
    return lambda _scene, row: (one in row) != (other in row)
