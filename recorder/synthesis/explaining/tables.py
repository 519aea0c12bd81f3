"""A table: what was recorded for each value of the term, or of the two terms, that tell the values of a part apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from recorder.synthesis.endpoints.paths import is_typed
from recorder.synthesis.explaining.grounds import Case, Grounds, in_few_sessions
from recorder.synthesis.nodes.node import Table
from recorder.synthesis.samples.values import as_text, common, is_scalar, same
from recorder.synthesis.terms.pieces import pieces_of
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, applied, is_whom, used_by

_MOST_ROWS: Final = 400
_DEAREST: Final = 2.3
_MANY_SESSIONS: Final = 5
_SENT: Final = ("request.json", "request.form", "request.query", "vars.asked", "request.path_params")
_FEWEST_OF_TWO: Final = 12
_MOST_OF_ONE: Final = 12
_MOST_TERMS: Final = 8
_SOME_THINGS: Final = 3
_NAMING: Final = re.compile(r"(?:^|_)(?:id|sku|code|key|slug|isbn|ean)$|(?:Id|Sku|Code|Key|Slug)$")
"""What members are called that say which thing is meant."""
_LONG: Final = 8
_CAPITALS: Final = re.compile(r"[A-Z][A-Z_]+")
_WORD: Final = re.compile(r"[A-Z][A-Z_]+|[a-z]+(?:[_-][a-z]+)?")
_SAYS_WHAT: Final = re.compile(r"(?:action|event|command|transition|operation|state|status)$", re.IGNORECASE)
_AGAIN: Final = 3
"""So many calls there are at least for each pair of values."""


def told_by_table(
    grounds: Grounds, cases: Sequence[Case], name: str, *, whom: bool = False, by_two: bool = False
) -> Table | None:
    """Give what was recorded for each value of a term, where there is one; the grounds keep the table.

    With `whom` only for each who asks, `by_two` only for pairs of values that are sent.
    """
    if len(cases) < 3:
        return None
    best: tuple[float, Term, dict[str, Any]] | None = None
    # What a session was given it looks things up by: in another session it is another key.
    leading = {lookup.key.text for lookup in cases[0][0].lookups.values()} if in_few_sessions(cases) else set()
    for term, value in _telling(grounds, cases) if not by_two else ():
        is_other_header = term.text.startswith("request.headers") and not is_whom(term)
        if not is_scalar(value) or value is None or term.cost > _DEAREST or is_other_header:
            continue
        if whom and (not is_whom(term) or term.text in leading):
            continue
        rows = _rows(term, cases)
        if 1 < len(rows) <= _MOST_ROWS and (_is_shared(term, cases) or _are_words_of_few(term, cases)):
            cost = len(rows) + term.cost
            if best is None or cost < best[0]:
                best = (cost, term, rows)
    best = best or (None if whom else _by_two(grounds, cases))
    if best is None:
        return None
    made = re.sub(r"\W+", "_", f"{grounds.name}_{name}".strip("_")).lower()
    while any(table.name == f"recorded_{made}" and dict(table.rows) != best[2] for table in grounds.tables):
        made += "_"
    known = by_two or is_whom(best[1]) or _are_the_same_everywhere(best[1], cases)
    otherwise = common([value for _, value in cases])
    table = Table(f"recorded_{made}", best[1], best[2], otherwise, unknown=0 if known else 1)
    grounds.tables.append(table)
    return table


def _telling(grounds: Grounds, cases: Sequence[Case]) -> Iterator[tuple[Term, Any]]:
    """Give the terms that might tell values apart, and of what is sent its pieces, as the endings of names are."""
    for scene, _ in cases[:1]:
        for term, value in grounds.vocabulary.everything(scene):
            yield term, value
            if isinstance(value, str) and term.text.startswith(_SENT):
                for piece in pieces_of(value):
                    yield applied(piece.text, term, piece.call, piece.cost), piece.call(value)


def _by_two(grounds: Grounds, cases: Sequence[Case]) -> tuple[float, Term, dict[str, Any]] | None:
    """Give what was recorded for each pair of values of two terms that are sent, where the pairs came up again."""
    if len(cases) < _FEWEST_OF_TWO or not all(is_scalar(value) for _, value in cases):
        return None
    few: list[Term] = []
    for term, value in grounds.vocabulary.everything(cases[0][0]):
        if term.text.startswith(_SENT) and isinstance(value, str | int) and not isinstance(value, bool):
            given = [term.get(scene) for scene, _ in cases]
            if all(isinstance(one, str | int) for one in given) and 2 <= len(set(given)) <= _MOST_OF_ONE:
                few.append(term)
    best: tuple[float, Term, dict[str, Any]] | None = None
    for one, other in combinations(few[:_MOST_TERMS], 2):
        term = _pair(one, other)
        rows = _rows(term, cases)
        if len(rows) > 2 and len(rows) * _AGAIN <= len(cases) and _is_shared(term, cases):
            cost = len(rows) + term.cost
            if best is None or cost < best[0]:
                best = (cost, term, rows)
    return best


def _pair(one: Term, other: Term) -> Term:
    def get(scene: Scene) -> str:
        return f"{as_text(one.get(scene))}/{as_text(other.get(scene))}"

    uses, keeps = used_by((one, other))
    return Term(f"({one.text} ~ '/' ~ {other.text})", get, one.name, one.cost + other.cost, uses, keeps)


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
    several = not in_few_sessions(cases)
    again = sum(len({session for session, _ in places} if several else places) > 1 for places in seen.values())
    are_shared = len({as_text(value) for _, value in cases}) < len(seen)
    is_naming = again > 0 or (are_shared and _NAMING.search(term.name) is not None)
    return again * 2 > len(seen) or (is_naming and not several and _names_things(term, cases))


def _are_words_of_few(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether what one session sends and is answered are words of which a service knows few, each of its own.

    So is the state that comes of a code: of `DEPOT`, `IN_TRANSIT`. Words in small letters are so where a name says it.
    """
    pairs = [(term.get(scene), value) for scene, value in cases]
    is_sent = term.text.startswith(_SENT) and all(isinstance(one, str) for pair in pairs for one in pair)
    if not is_sent or not in_few_sessions(cases) or len({value for _, value in pairs}) < _SOME_THINGS:
        return False
    words = _WORD if _SAYS_WHAT.search(term.name) else _CAPITALS
    return all(words.fullmatch(one) for pair in pairs for one in pair)


def _names_things(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether what is sent names things: texts, of which several have values of their own."""
    if not all(is_scalar(value) for _, value in cases):
        return False
    names = [term.get(scene) for scene, _ in cases]
    is_sent = term.text.startswith(_SENT) and all(isinstance(name, str) for name in names)
    if not is_sent or all(len(name) >= _LONG and is_typed(name) for name in names):
        return False  # what a session made has other ids in the next one
    things = len(set(names))
    return min(things, len({as_text(value) for _, value in cases})) >= _SOME_THINGS
