"""Row sums: what the items that name each row of a list come to, as what members of a group paid and have to share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.item_sums import ItemSum, Whole, item_sums, may_name
from recorder.synthesis.explaining.objects import Members
from recorder.synthesis.nodes.node import Node, Object, Over, Said
from recorder.synthesis.samples.values import MISSING, as_text, is_number, is_scalar, look
from recorder.synthesis.terms.only import Only
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.spread import scattered
from recorder.synthesis.terms.term import Term, part_of

_MOST_ROWS: Final = 150
_MOST_OWN: Final = 3
_LEAST: Final = 4
_LEAST_AGAIN: Final = 2
_SEVERAL: Final = 3
_LEAST_TENTHS: Final = 6
_COST: Final = 1.8
_NOTHING: Final = 1e-6


def summed(node: Node, rows: Sequence[Case]) -> Node:
    """Explain numbers of rows that nothing else tells as sums over the items that name these rows, or less another sum.

    Items that were made and never shown are missing in what is known, so that not all rows have to come out right: six
    of ten that show any amount, and four different ones; two of those that are summed for another number, too.
    """
    own = node.over if isinstance(node, Over) else node
    if not isinstance(own, Object):
        return node
    some = [rows[place] for place in sorted(sorted(range(len(rows)), key=scattered)[:_MOST_ROWS])]
    wanted = {name: column for name in own.members if (column := _column(own.members[name][0], name, some))}
    if not wanted:
        return node
    found = _Found([scene for scene, _ in some])
    told = {name: term for name, column in wanted.items() if (term := found.single(column)) is not None}
    left = {name: column for name, column in wanted.items() if name not in told}
    told |= {name: term for name, column in left.items() if (term := found.single(column, again=True)) is not None}
    sums = [(term, wanted[name]) for name, term in told.items()]
    for name, column in left.items():
        term = told.get(name) or _of_others(column, sums) or found.difference(column)
        told |= {name: term} if term is not None else {}
    members: Members = dict(own.members)
    for name, term in told.items():
        members[name] = (Said(term), own.members[name][1])
    made = Object(members)
    return replace(node, over=made) if isinstance(node, Over) else made


def _column(node: Node, name: str, rows: Sequence[Case]) -> list[float]:
    """Give the numbers that a member has in all rows, where it is a guess; none where they are too few."""
    values = [look(row, (name,)) for _, row in rows] if node.unknown else []
    are_several = len({round(one, 6) for one in values if is_number(one)} - {0}) >= _LEAST_AGAIN
    return values if are_several and all(map(is_number, values)) else []


class _Found:
    """The sums over items that name rows, for some of these."""

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self._sums = [(own, one) for own in _names_of(scenes) for one in item_sums(own, scenes)]
        self._keys = {own.text: [as_text(own.get(scene)) for scene in scenes] for own, _ in self._sums}
        self._used: set[tuple[Whole, Only | None]] = set()
        self._columns = [
            [one.of(scene, key) for scene, key in zip(scenes, self._keys[own.text], strict=True)]
            for own, one in self._sums
        ]

    def single(self, wanted: Sequence[float], *, again: bool = False) -> Term | None:
        """Give the sum that numbers are, perhaps turned around; `again` of items that are summed already."""
        best: tuple[int, int, int] | None = None
        for place, ((_, one), column) in enumerate(zip(self._sums, self._columns, strict=True)):
            for sign in (1, -1) if not again or (one.whole, one.only) in self._used else ():
                right = _right([sign * value for value in column], wanted, _LEAST_AGAIN if again else _LEAST)
                if right > (best[0] if best is not None else 0):
                    best = right, place, sign
        if best is None:
            return None
        _, place, sign = best
        own, one = self._sums[place]
        self._used.add((one.whole, one.only))
        return _term(own, one, sign)

    def difference(self, wanted: Sequence[float]) -> Term | None:
        """Give the two sums over all items whose difference numbers are."""
        best: tuple[int, Term] | None = None
        plain = [place for place, (_, one) in enumerate(self._sums) if one.only is None]
        for left in plain:
            for right in plain:
                (own, one), (other, two) = self._sums[left], self._sums[right]
                if own is not other or (one.within, one.link) == (two.within, two.link):
                    continue
                told = [plus - minus for plus, minus in zip(self._columns[left], self._columns[right], strict=True)]
                count = _right(told, wanted)
                if count > (best[0] if best is not None else 0):
                    best = count, _less(own, one, two)
        return best[1] if best is not None else None


def _of_others(wanted: Sequence[float], sums: Sequence[tuple[Term, Sequence[float]]]) -> Term | None:
    """Give the term of what all sums beside a number come to, where it is that in all rows."""
    parts = [term for term, _ in sums]
    made = [sum(values) for values in zip(*(column for _, column in sums), strict=True)]
    if len(parts) < _SEVERAL or not all(abs(one - two) <= _NOTHING for one, two in zip(made, wanted, strict=True)):
        return None

    def get(scene: Scene) -> Any:
        values = [part.get(scene) for part in parts]
        return MISSING if MISSING in values else sum(values)

    text = " + ".join(part.text for part in parts)
    return Term(f"({text})", get, "", _COST + 1, ROW.uses)


def _right(told: Sequence[float], wanted: Sequence[float], least: int = _LEAST) -> int:
    """Tell how many rows come out right, 0 where those are too few."""
    pairs = [(one, two) for one, two in zip(told, wanted, strict=True) if abs(one) > _NOTHING or abs(two) > _NOTHING]
    right = [two for one, two in pairs if abs(one - two) <= _NOTHING * max(1.0, abs(two))]
    are_enough = len(right) * 10 >= len(pairs) * _LEAST_TENTHS and len({round(one, 6) for one in right}) >= least
    return len(right) if are_enough else 0


def _term(own: Term, one: ItemSum, sign: int) -> Term:
    def get(scene: Scene) -> Any:
        key = own.get(scene)
        return MISSING if key is MISSING else sign * one.of(scene, as_text(key))

    text = one.text(own.text)
    return Term(text if sign > 0 else f"(-{text})", get, one.amount, _COST, ROW.uses)


def _less(own: Term, one: ItemSum, two: ItemSum) -> Term:
    plus, minus = _term(own, one, 1), _term(own, two, 1)

    def get(scene: Scene) -> Any:
        values = plus.get(scene), minus.get(scene)
        return MISSING if MISSING in values else values[0] - values[1]

    return Term(f"({plus.text} - {minus.text})", get, one.amount, _COST, ROW.uses)


def _names_of(scenes: Sequence[Scene]) -> list[Term]:
    """Give what may name a row: itself, or a text or whole number in it."""
    row = ROW.get(scenes[0])
    if is_scalar(row):
        return [ROW]
    names = [name for name, value in row.items() if may_name(value)] if isinstance(row, dict) else []
    return [part_of(ROW, (name,), look) for name in names[:_MOST_OWN]]
