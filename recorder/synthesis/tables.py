"""A table: what was recorded for each value of the one term that tells the values of a part apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from recorder.synthesis.grounds import Case, Grounds
from recorder.synthesis.node import Table
from recorder.synthesis.term import Term, is_whom
from recorder.synthesis.values import as_text, common, is_scalar, same

_MOST_ROWS: Final = 400
_DEAREST: Final = 2.3
_MANY_SESSIONS: Final = 5


def told_by_table(grounds: Grounds, cases: Sequence[Case], name: str, *, whom: bool = False) -> Table | None:
    """Give what was recorded for each value of a term, where there is one; the grounds keep the table.

    With `whom` only for each who asks.
    """
    if len(cases) < 3:
        return None
    best: tuple[float, Term, dict[str, Any]] | None = None
    for term, value in grounds.vocabulary.everything(cases[0][0]):
        is_other_header = term.text.startswith("request.headers") and not is_whom(term)
        if not is_scalar(value) or value is None or term.cost > _DEAREST or is_other_header:
            continue
        if whom and not is_whom(term):
            continue
        rows = _rows(term, cases)
        if 1 < len(rows) <= _MOST_ROWS and _is_shared(term, cases):
            cost = len(rows) + term.cost
            if best is None or cost < best[0]:
                best = (cost, term, rows)
    if best is None:
        return None
    made = re.sub(r"\W+", "_", f"{grounds.name}_{name}".strip("_")).lower()
    while any(table.name == f"recorded_{made}" and dict(table.rows) != best[2] for table in grounds.tables):
        made += "_"
    known = is_whom(best[1]) or _are_the_same_everywhere(best[1], cases)
    otherwise = common([value for _, value in cases])
    table = Table(f"recorded_{made}", best[1], best[2], otherwise, unknown=0 if known else 1)
    grounds.tables.append(table)
    return table


def _rows(term: Term, cases: Sequence[Case]) -> dict[str, Any]:
    """Give the values by what the term gives, as text; none where the term does not tell them apart."""
    rows: dict[str, Any] = {}
    for scene, wanted in cases:
        key = as_text(term.get(scene))
        if key in rows and not same(rows[key], wanted):
            return {}
        rows[key] = wanted
    return rows


def _are_the_same_everywhere(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether all that a term gives came up in several sessions of many: what belongs to it is known by then."""
    seen: dict[str, set[int]] = {}
    for scene, _ in cases:
        seen.setdefault(as_text(term.get(scene)), set()).add(scene.sample.session)
    sessions = set().union(*seen.values())
    return len(sessions) >= _MANY_SESSIONS and all(len(inside) > 1 for inside in seen.values())


def _is_shared(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether most values of a term came up more than once, and in several sessions where there are several."""
    seen: dict[str, set[tuple[int, int]]] = {}
    for scene, _ in cases:
        seen.setdefault(as_text(term.get(scene)), set()).add((scene.sample.session, scene.moment))
    several = len({scene.sample.session for scene, _ in cases}) > 1
    again = sum(len({session for session, _ in places} if several else places) > 1 for places in seen.values())
    return again * 2 > len(seen)
