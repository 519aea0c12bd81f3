"""Leaders: what is said of the row with the most, as who bids the highest, or which answer of a poll leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.explaining.derive import Names, named_part, unknown_before
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Named, Node, Object, Over, Said, replaced, walk
from recorder.synthesis.samples.values import Path, is_number, is_scalar, look, same
from recorder.synthesis.terms.term import Term, literal, member

_FEWEST: Final = 6
_FEWEST_VALUES: Final = 4
_FEWEST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class _Leader:
    """What a member of the row is that has the most in another one; nothing where several have, if `alone`."""

    shown: str
    most: str
    alone: bool

    def of(self, rows: Sequence[Any]) -> Any:
        """Give it for rows; a row that has nothing leads nothing."""
        best = max((row[self.most] for row in rows), default=0)
        leading = [row[self.shown] for row in rows if row[self.most] == best and best > 0]
        return leading[0] if leading and (len(leading) == 1 or not self.alone) else None

    def text(self, rows: str) -> str:
        """Write it for rows that an expression gives."""
        best = f"({rows} | map(attribute={literal(self.most)}) | max)"
        leading = f"keep_rows({rows}, {literal(self.most)}, {best})"
        leads = f"({rows} | length) > 0 and {best} > 0"
        alone = f" and ({leading} | length) == 1" if self.alone else ""
        return f"({member(f'{leading}[0]', (self.shown,))} if {leads}{alone} else none)"


def with_leaders(node: Node, cases: Sequence[Case], names: Names) -> Node:
    """Explain texts that are not right in all cases as those of the row that has the most in a list beside them.

    Four different ones, in six answers, have to be so in all of them, and the rows have to stand in several places.
    """
    for path, part in list(walk(node)) if len(cases) >= _FEWEST else ():
        wanted = [look(value, path) for _, value in cases]
        is_open = bool(path) and not isinstance(part, Object | Over | Named) and _are_texts(wanted)
        if not is_open or all(same(part.value(scene), value) for (scene, _), value in zip(cases, wanted, strict=True)):
            continue
        for where, lists in _lists(node, cases):
            found = next((one for one in _leaders(lists) if _fits(one, lists, wanted)), None)
            if found is not None:
                node, rows = named_part(node, where, names)
                node = replaced(node, path, Said(Term(found.text(rows.text), unknown_before, found.shown, 1.0)))
                break
    return node


def _are_texts(wanted: Sequence[Any]) -> bool:
    texts = [one for one in wanted if isinstance(one, str)]
    return len(set(texts)) >= _FEWEST_VALUES and all(isinstance(one, str) or one is None for one in wanted)


def _lists(node: Node, cases: Sequence[Case]) -> Iterator[tuple[Path, list[list[Any]]]]:
    """Give the lists of objects in answers that are known."""
    for path, part in walk(node):
        lists = [look(value, path) for _, value in cases] if path and not part.unknown else []
        if lists and all(isinstance(one, list) and all(isinstance(row, dict) for row in one) for one in lists):
            yield path, lists


def _leaders(lists: Sequence[Sequence[dict[str, Any]]]) -> Iterator[_Leader]:
    """Give what may be said of the row with the most of some number."""
    longest = max(lists, key=len)
    if len(longest) < _FEWEST_ROWS:
        return
    rows = [row for one in lists for row in one]
    numbers = [name for name in longest[0] if all(is_number(row.get(name)) for row in rows)]
    shown = [name for name in longest[0] if all(isinstance(row.get(name), str) for row in rows)]
    yield from (_Leader(name, most, alone) for name in shown for most in numbers for alone in (True, False))


def _fits(one: _Leader, lists: Sequence[Sequence[Any]], wanted: Sequence[Any]) -> bool:
    if not all(is_scalar(value) and one.of(rows) == value for rows, value in zip(lists, wanted, strict=True)):
        return False
    places = [[row[one.shown] for row in rows].index(told) for rows, told in zip(lists, wanted, strict=True) if told]
    return len(set(places)) > 1
