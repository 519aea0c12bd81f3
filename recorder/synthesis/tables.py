"""A table: what was recorded for each value of the one term that tells the values of a part apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from recorder.synthesis.grounds import Case, Grounds
from recorder.synthesis.node import Table
from recorder.synthesis.term import Term
from recorder.synthesis.values import as_text, common, is_scalar, same

_MOST_ROWS: Final = 400
_DEAREST: Final = 2.3


def told_by_table(grounds: Grounds, cases: Sequence[Case], name: str) -> Table | None:
    """Give what was recorded for each value of a term, where there is one; the grounds keep the table."""
    if len(cases) < 3:
        return None
    best: tuple[float, Term, dict[str, Any]] | None = None
    for term, value in grounds.vocabulary.everything(cases[0][0]):
        if not is_scalar(value) or value is None or term.cost > _DEAREST or term.text.startswith("request.headers"):
            continue
        rows = _rows(term, cases)
        if 1 < len(rows) <= _MOST_ROWS and _is_shared(term, cases):
            cost = len(rows) + term.cost
            if best is None or cost < best[0]:
                best = (cost, term, rows)
    if best is None:
        return None
    made = re.sub(r"\W+", "_", f"{grounds.name}_{name}".strip("_")).lower()
    table = Table(f"recorded_{made}", best[1], best[2], common([value for _, value in cases]))
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


def _is_shared(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether most values of a term came up more than once, and in several sessions where there are several."""
    seen: dict[str, set[tuple[int, int]]] = {}
    for scene, _ in cases:
        seen.setdefault(as_text(term.get(scene)), set()).add((scene.sample.session, scene.moment))
    several = len({scene.sample.session for scene, _ in cases}) > 1
    again = sum(len({session for session, _ in places} if several else places) > 1 for places in seen.values())
    return again * 2 > len(seen)
