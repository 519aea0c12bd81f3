"""Sums: what the amounts in the rows of a list come to, also one side of them taken from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.samples.amounts import amounts_in
from recorder.synthesis.samples.kinds import kinds_of
from recorder.synthesis.samples.values import MISSING, Path, look, parts
from recorder.synthesis.terms.scene import Lookup, Scene, of_request
from recorder.synthesis.terms.term import Term, literal, member
from recorder.synthesis.terms.views import View, sided_views

DIFFERENCE: Final = "difference"
"""What sums are called of which one is taken from the other: mostly they have to be equal."""
_HELD: Final = 2.6
"""What a sum of what is held costs: of two rows the one is what the other is, too."""
_LOOKED_AT: Final = 40
_MOST_SUMMED: Final = 3
_MOST_ROWS: Final = 300


def sent_sums(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give what the amounts in the rows of sent lists come to."""
    for path, rows in _lists([scene.sample.json for scene in scenes[:_LOOKED_AT]]).items():
        yield from _sums(Term(member("request.json", path), _sent(path), "", 1.35), rows)


def held_sums(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give what the amounts come to in the lists of what is looked up."""
    for name, lookup in lookups.items():
        if lookup.within is not None or not lookup.collection:
            continue
        for path, rows in _lists([lookup.find(scene)[1] for scene in scenes[:_LOOKED_AT]]).items():
            text = member(f"vars.{name}", path)
            yield from _sums(Term(text, _held(name, path), "", _HELD, frozenset({name})), rows)


def _sent(path: Path) -> Callable[[Scene], Any]:
    return of_request(lambda sample: look(sample.json, path))


def _held(name: str, path: Path) -> Callable[[Scene], Any]:
    return lambda scene: look(scene.looked_up(name), path)


def _lists(documents: Sequence[Any]) -> dict[Path, list[dict[str, Any]]]:
    """Give the rows of lists that have amounts in them."""
    found: dict[Path, list[dict[str, Any]]] = defaultdict(list)
    for document in documents:
        for path, value in parts(document, longest_list=0) if document is not MISSING else ():
            rows = [_without_ids(row) for row in value if isinstance(row, dict)] if _is_list(value, path) else []
            found[path] += rows if len(found[path]) < _MOST_ROWS else []
    return {path: rows for path, rows in found.items() if any(map(amounts_in, rows))}


def _is_list(value: Any, path: Path) -> bool:
    return isinstance(value, list) and bool(path)


def _without_ids(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out ids: that they are numbers makes them no amounts."""
    return {name: value for name, value in row.items() if not is_called_id(name)}


def _sums(of: Term, rows: Sequence[dict[str, Any]]) -> Iterator[Term]:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        for name in amounts_in(row):
            counts[name] += 1
    names = sorted(counts, key=lambda name: -counts[name])[:_MOST_SUMMED]
    for name in names:
        yield _sum_of(of, name, "")
    for one, other in combinations(names, 2):
        yield _sum_of(of, one, other)
    for view in sided_views(rows, kinds_of(rows)):
        first, second = view.sides
        yield _sum_of(of, first, "", view)
        yield _sum_of(of, second, "", view)
        yield _sum_of(of, first, second, view)


def _sum_of(of: Term, plus: str, minus: str, view: View | None = None) -> Term:
    def get(scene: Scene) -> Any:
        value = of.get(scene)
        if not isinstance(value, list):
            return MISSING
        rows = [row for row in value if isinstance(row, dict)]
        seen = rows if view is None else [row for one in rows for row, _ in view.rows(one, {})]
        amounts = [amounts_in(row) for row in seen]
        made = sum((one.get(plus, Decimal()) - one.get(minus, Decimal()) for one in amounts), Decimal())
        return int(made) if made == made.to_integral_value() else float(made)

    rows = of.text if view is None else view.text(of.text)
    off = f", {literal(minus)}" if minus else ""
    cost = of.cost + (0.1 if view is not None else 0.0)
    return Term(f"net({rows}, {literal(plus)}{off})", get, DIFFERENCE if minus else plus, cost, of.uses)
