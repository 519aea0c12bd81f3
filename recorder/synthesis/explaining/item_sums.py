"""Item sums: what the numbers of items come to for what they name, alone or in a list of which each has its share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.samples.kinds import kinds_of
from recorder.synthesis.samples.values import as_text, is_number, look, same
from recorder.synthesis.terms.only import Only
from recorder.synthesis.terms.scene import GONE, HIDDEN, Scene
from recorder.synthesis.terms.term import Term, literal, member

_MOST_LOOKED_AT: Final = 300
_MOST_COLLECTIONS: Final = 12
_MOST_MEMBERS: Final = 4
_MOST_ITEMS: Final = 600
_SCALAR: Final = "_own"
"""The member in which the texts or numbers of a list are seen as objects."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The items of a collection whose keys begin as a path says; all where `prefix` is None."""

    name: str
    prefix: Term | None

    def items(self, scene: Scene) -> list[Any]:
        if self.prefix is None:
            return scene.held(self.name)
        return scene.below(self.name, self.prefix.get(scene))

    @property
    def text(self) -> str:
        resource = member("resource", (self.name,))
        return f"{resource}.all()" if self.prefix is None else f"{resource}.under({self.prefix.text})"


@dataclass(frozen=True, slots=True)
class Share:
    """How an amount of an item is shared among the objects in a list of it: by their number `by`, "" for evenly.

    With `of` the number is that of the item which each of them names by `link`, as it is now.
    """

    link: str
    by: str = ""
    of: Whole | None = None

    def weight(self, row: Any, scene: Scene) -> Any:
        """Give the part of one object in the list."""
        if not self.by:
            return 1
        if self.of is None:
            return look(row, (self.by,))
        above = self.of.prefix.get(scene) if self.of.prefix is not None else ""
        named = scene.timeline.get(self.of.name, f"{above}{as_text(look(row, (self.link,)))}", scene.moment)
        return look(named, (self.by,))

    @property
    def text(self) -> str:
        """Write the part of the object that is `row`."""
        if self.of is None:
            return member("row", (self.by,))
        own = member("row", (self.link,))
        key = own if self.of.prefix is None else f"{self.of.prefix.text} ~ {own}"
        return member(f"{member('resource', (self.of.name,))}.get({key})", (self.by,))


@dataclass(frozen=True, slots=True, eq=False)
class ItemSum:
    """The sum of a number of items that name a row by `link`, or that have an object in the list `within` which does.

    Then the number is that object's, or with a `share` its part of the item's.
    """

    whole: Whole
    link: str
    amount: str
    within: str = ""
    share: Share | None = None
    only: Only | None = None
    known: dict[int, dict[str, float]] = field(default_factory=dict, repr=False)

    def of(self, scene: Scene, key: str) -> float:
        """Give what it comes to for the row with a key."""
        sums = self.known.get(scene.sample.number)
        if sums is None:
            sums = self.known[scene.sample.number] = {}
            for own, value in self._amounts(scene):
                sums[own] = sums.get(own, 0) + value
        return sums.get(key, 0)

    def _amounts(self, scene: Scene) -> Iterator[tuple[str, float]]:
        for item in self.whole.items(scene):
            if not isinstance(item, dict) or (self.only is not None and not self.only.counts(item)):
                continue
            value = look(item, (self.amount,))
            if not self.within:
                yield from [(as_text(look(item, (self.link,))), value)] if is_number(value) else []
                continue
            rows = _rows_in(item, self.within)
            if self.share is None:
                pairs = [(row, look(row, (self.amount,))) for row in rows]
                yield from ((as_text(look(row, (self.link,))), one) for row, one in pairs if is_number(one))
                continue
            weights = [self.share.weight(row, scene) for row in rows]
            if is_number(value) and all(map(is_number, weights)) and sum(weights):
                for row, weight in zip(rows, weights, strict=True):
                    yield as_text(look(row, (self.link,))), value * weight / sum(weights)

    def text(self, own: str) -> str:
        """Write it for the row that an expression names."""
        items = self.whole.text if self.only is None else self.only.text(self.whole.text)
        if not self.within:
            return f"total(keep_rows({items}, {literal(self.link)}, {own}), {literal(self.amount)})"
        if self.link == _SCALAR:
            listed = f"each({member('row', (self.within,))}, {{{literal(_SCALAR)}: row}})"
            items = f"each({items}, merge(row, {{{literal(self.within)}: {listed}}}))"
        rows = f"keep_rows(unfold({items}, {literal(self.within)}), {literal(self.link)}, {own})"
        if self.share is None:
            return f"total({rows}, {literal(self.amount)})"
        amount, others = member("row.of", (self.amount,)), member("row.of", (self.within,))
        if not self.share.by:
            return f"(each({rows}, {amount} / ({others} | length)) | sum)"
        own_part = self.share.text
        return f"(each({rows}, {amount} * {own_part} / (each({others}, {own_part}) | sum)) | sum)"


def item_sums(own: Term, scenes: Sequence[Scene]) -> Iterator[ItemSum]:
    """Give the sums over items, of all or of those of one kind, that name rows."""
    keys = {as_text(own.get(scene)) for scene in scenes}
    names = dict.fromkeys(name for scene in scenes for name in scene.timeline.names())
    wholes = [_whole(name, scenes) for name in names if not name.endswith((HIDDEN, GONE))][:_MOST_COLLECTIONS]
    wholes = [one for one in wholes if max(len(one.items(scene)) for scene in scenes) <= _MOST_ITEMS]
    rows_of = [one for one in wholes if one.prefix is not None and _are_rows(one, own, scenes)]
    for whole in (one for one in wholes if one not in rows_of):
        items = _items(whole, scenes)
        for plain in [*_named_by(whole, items, keys), *_named_within(whole, items, keys, rows_of, scenes)]:
            yield plain
            for name, values in kinds_of(items):
                for value in values:
                    yield ItemSum(whole, plain.link, plain.amount, plain.within, plain.share, Only(name, value))


def _whole(name: str, scenes: Sequence[Scene]) -> Whole:
    """Give the items below what the path names, or all."""
    endpoint = scenes[0].endpoint
    below = Whole(name, key_term(endpoint, len(endpoint.params), trailing=True)) if endpoint.params else None
    return below if below is not None and any(map(below.items, scenes)) else Whole(name, None)


def _items(whole: Whole, scenes: Sequence[Scene]) -> list[dict[str, Any]]:
    """Give the items that any of some scenes has, each once."""
    found = {id(item): item for scene in scenes for item in whole.items(scene) if isinstance(item, dict)}
    return list(found.values())[:_MOST_LOOKED_AT]


def _are_rows(whole: Whole, own: Term, scenes: Sequence[Scene]) -> bool:
    """Tell whether most rows are the items that are named so."""
    assert whole.prefix is not None, "those without are not asked"
    keys = [whole.prefix.get(scene) + as_text(own.get(scene)) for scene in scenes]
    found = [scene.timeline.get(whole.name, key, scene.moment) for scene, key in zip(scenes, keys, strict=True)]
    return sum(same(one, ROW.get(scene)) for one, scene in zip(found, scenes, strict=True)) * 2 > len(scenes)


def _named_by(whole: Whole, items: Sequence[dict[str, Any]], keys: set[str]) -> Iterator[ItemSum]:
    amounts = _numbers(items)
    for link in _links(items, keys):
        yield from (ItemSum(whole, link, amount) for amount in amounts if amount != link)


def _named_within(
    whole: Whole, items: Sequence[dict[str, Any]], keys: set[str], rows_of: Sequence[Whole], scenes: Sequence[Scene]
) -> Iterator[ItemSum]:
    amounts = _numbers(items)
    for name in dict.fromkeys(name for item in items for name, value in item.items() if isinstance(value, list)):
        inside = [row for item in items for row in _rows_in(item, name)]
        for link in _links(inside, keys):
            numbers = [one for one in _numbers(inside) if one != link]
            yield from (ItemSum(whole, link, number, name) for number in numbers)
            shares = [Share(link), *(Share(link, number) for number in numbers)]
            for other in rows_of:
                held = _numbers(_items(other, scenes))
                shares += [Share(link, number, other) for number in held if number != link]
            yield from (ItemSum(whole, link, amount, name, share) for share in reversed(shares) for amount in amounts)


def _rows_in(item: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Give the objects in a list of an item; of one of texts or numbers objects that hold these."""
    found = item.get(name)
    rows = found if isinstance(found, list) else []
    return [row if isinstance(row, dict) else {_SCALAR: row} for row in rows if isinstance(row, dict) or may_name(row)]


def _links(items: Sequence[dict[str, Any]], keys: set[str]) -> list[str]:
    """Give the members of objects that mostly have what names rows."""
    names = dict.fromkeys(name for item in items for name, value in item.items() if may_name(value))
    having = {name: [as_text(item[name]) for item in items if may_name(item.get(name))] for name in names}
    return [name for name, told in having.items() if sum(one in keys for one in told) * 2 > len(told)][:_MOST_MEMBERS]


def _numbers(items: Sequence[dict[str, Any]]) -> list[str]:
    """Give the members that are numbers wherever they are, and no ids."""
    names = dict.fromkeys(name for item in items for name in item)
    numbers = [name for name in names if all(is_number(item.get(name, 0)) for item in items)]
    return [name for name in numbers if not is_called_id(name)][:_MOST_MEMBERS]


def may_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
