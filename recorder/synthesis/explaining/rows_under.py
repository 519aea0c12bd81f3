"""Rows under: lists whose rows are all items below what a path names, as the members of a group in its statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.rows_below import own_id, rows_below
from recorder.synthesis.samples.kinds import kinds_of
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look
from recorder.synthesis.terms.only import Only
from recorder.synthesis.terms.scene import GONE, HIDDEN, Scene
from recorder.synthesis.terms.term import Term, member
from recorder.synthesis.terms.vocabulary import Vocabulary

_LEAST_ROWS: Final = 4
_LEAST_LISTS: Final = 3
_TENTHS: Final = 9
_MOST_COLLECTIONS: Final = 12
_MOST_PIVOTS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class _Under:
    """The items of a collection whose keys begin as a path says, of these those that say so in a field."""

    collection: str
    prefix: Term
    only: Only | None = None

    def items(self, scene: Scene) -> dict[str, Any]:
        """Give the items by their ids, in their order."""
        held = scene.timeline.under(self.collection, self.prefix.get(scene), scene.moment)
        return {
            own_id(key): item
            for key, item in held.items()
            if isinstance(item, dict) and (self.only is None or self.only.counts(item))
        }

    def agree(self, cases: Sequence[Case], own: Path) -> tuple[int, int]:
        """Tell how many lists have just these items as rows, which hold their ids at `own`, and how many have others.

        Where a row's item was not seen there are more than are known, so that such a list tells nothing.
        """
        right = wrong = 0
        for scene, rows in cases:
            held, told = self.items(scene), _ids_of(rows, own)
            if set(told) == set(held):
                right += 1
            elif not set(held) < set(told):
                wrong += 1
        return right, wrong

    @property
    def source(self) -> Term:
        """The term of the items."""
        items = f"{member('resource', (self.collection,))}.under({self.prefix.text})"
        text = items if self.only is None else self.only.text(items)
        return Term(text, lambda scene: [*self.items(scene).values()], self.collection, 1.5)


def rows_beneath(cases: Sequence[Case], vocabulary: Vocabulary) -> tuple[Term, list[Case]] | None:
    """Give the term of the items that name what stands above lists, or that are below the same path as these.

    With it come the lists that show these items.
    """
    source = rows_below(cases, vocabulary)
    if source is None:
        return rows_under(cases)
    return source, [(scene, value) for scene, value in cases if len(source.get(scene)) == len(value)]


def rows_under(cases: Sequence[Case]) -> tuple[Term, list[Case]] | None:
    """Give the term of the items that lists show, where nine of ten show just those below the same part of the path.

    With it come the lists that have them in their order. Four rows in three lists have to say so at least, most lists
    in that order, and the lists have to differ.
    """
    shown = [case for case in cases if case[1]]
    rows = [row for _, value in shown for row in value]
    if len(shown) < _LEAST_LISTS or len(rows) < _LEAST_ROWS or not all(isinstance(row, dict) for row in rows):
        return None
    longest = sorted(shown, key=lambda case: -len(case[1]))[:_MOST_PIVOTS]
    likely = {(one.source.text, own): (one, own) for case in longest for one, own in _likely(case, shown)}
    best: tuple[int, _Under, Path] | None = None
    for found, own in likely.values():
        if len({tuple(_ids_of(value, own)) for _, value in shown}) < _LEAST_LISTS:
            continue
        right, wrong = found.agree(cases, own)
        is_clear = right * 10 >= (right + wrong) * _TENTHS and right * 2 > len(cases)
        if is_clear and (best is None or right > best[0]) and _are_in_order(found, own, shown):
            best = right, found, own
    if best is None:
        return None
    _, found, own = best
    return found.source, [case for case in cases if _ids_of(case[1], own) == [*found.items(case[0])]]


def _are_in_order(found: _Under, own: Path, shown: Sequence[Case]) -> bool:
    """Tell whether most lists with several rows have them in the order in which the items are held."""
    told = [(_ids_of(rows, own), [*found.items(scene)]) for scene, rows in shown if len(rows) > 1]
    return sum(one == other for one, other in told) * 2 >= sum(set(one) == set(other) for one, other in told)


def _likely(pivot: Case, shown: Sequence[Case]) -> Iterator[tuple[_Under, Path]]:
    """Give what the rows may be, with the place of their ids: items of one kind only where others are not shown."""
    scene, rows = pivot
    endpoint = scene.endpoint
    names = [name for name in scene.timeline.names() if not name.endswith((HIDDEN, GONE))]
    for count in range(len(endpoint.params), 0, -1):
        prefix = key_term(endpoint, count, trailing=True)
        for name in names[:_MOST_COLLECTIONS]:
            whole = _Under(name, prefix)
            held = whole.items(scene)
            for own in _ids(rows[0]) if held else ():
                if not all(as_text(look(row, own)) in held for row in rows):
                    continue
                yield whole, own
                items = [item for one, _ in shown for item in whole.items(one).values()]
                for field, values in kinds_of(items):
                    yield from ((_Under(name, prefix, Only(field, value)), own) for value in values)


def _ids(row: dict[str, Any]) -> Iterator[Path]:
    """Give the places at which a row may hold the id of an item: its members, and ids in objects of it."""
    for name, value in row.items():
        if is_scalar(value) and value is not None and not isinstance(value, bool):
            yield (name,)
        elif isinstance(value, dict):
            yield from ((name, inner) for inner in value if is_called_id(inner))


def _ids_of(rows: Sequence[Any], own: Path) -> list[str]:
    return [as_text(look(row, own)) for row in rows]
