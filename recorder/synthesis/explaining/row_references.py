"""Row references: items of collections that the rows of a list name, as the lines of an order name products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.keys import param_terms
from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.explaining.rows_within import within_named
from recorder.synthesis.nodes.node import Table
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, part_of
from recorder.synthesis.terms.vocabulary import Vocabulary

_SOME: Final = 24
_OFTEN: Final = 0.8
_SOMETIMES: Final = 0.2
_MOST: Final = 4
_SHORT: Final = 3


def referred(rows: Sequence[Case], name: str, tables: list[Table], vocabulary: Vocabulary) -> list[Term]:
    """Give the items that rows name by their key, or by a field of it; each scene has its row as `row`.

    Where some are of a collection and the others always the same, such as labels that every project begins with, a
    table that is called after `name` has those.
    """
    found: list[Term] = []
    for term in _naming(rows):
        for collection in _names(rows):
            made = _by_key(collection, term, rows, name, tables) or _by_field(collection, term, rows)
            made = made or within_named(collection, term, rows, vocabulary)
            if made is not None:
                found.append(made)
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def or_none(term: Term, cases: Sequence[Case]) -> Term:
    """Give the term of a list that may not be there, as an empty one where nothing was answered either."""
    missing = [value for scene, value in cases if not isinstance(term.get(scene), list)]
    if not missing or any(missing):
        return term

    def get(scene: Scene) -> Any:
        found = term.get(scene)
        return found if isinstance(found, list) else []

    return Term(f"({term.text} or [])", get, term.name, term.cost, term.uses, term.keeps)


def _naming(rows: Sequence[Case]) -> Iterator[Term]:
    """Give the scalars of rows that may name something: the row itself, or a member of it."""
    row = ROW.get(rows[0][0])
    if is_scalar(row) and row is not None:
        yield ROW
    for name, value in row.items() if isinstance(row, dict) else ():
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield part_of(ROW, (name,), look)


def _names(rows: Sequence[Case]) -> list[str]:
    """Give the collections that any of some sessions has."""
    named = (name for scene, _ in rows[:: max(1, len(rows) // _SOME)] for name in scene.timeline.names())
    return [name for name in dict.fromkeys(named) if not name.endswith("~")]


def _by_key(collection: str, term: Term, rows: Sequence[Case], name: str, tables: list[Table]) -> Term | None:
    scene = rows[0][0]
    for count in range(len(scene.params) + 1):
        names = list(scene.params)[:count]
        get = _held(collection, term, _prefix(names))
        share = _share(get, rows)
        pieces = "".join(f"{one.text} ~ '/' ~ " for one in param_terms(scene.endpoint)[:count])
        text = f"resource.{collection}.get({pieces}{term.text})"
        if share >= _OFTEN:
            return Term(text, get, collection, 1.4, frozenset({"row"}))
        others = _fixed(get, term, rows) if share >= _SOMETIMES else {}
        if not others and share >= _SOMETIMES and count == len(scene.params) == len(param_terms(scene.endpoint)):
            return Term(text, _or_nothing(get), collection, 1.4, frozenset({"row"}))
        if others:
            table = Table(f"recorded_{name}_{collection}", term, others, None)
            if all(one.name != table.name for one in tables):
                tables.append(table)
            text = f"({text} or resource.{table.name}.get({term.text}))"
            return Term(text, _or_of(get, term, others), collection, 1.4, frozenset({"row"}))
    return None


def _or_nothing(get: Callable[[Scene], Any]) -> Callable[[Scene], Any]:
    """Have what is not there be null, as templates have it."""

    def found(scene: Scene) -> Any:
        held = get(scene)
        return None if held is MISSING else held

    return found


def _fixed(get: Callable[[Scene], Any], term: Term, rows: Sequence[Case]) -> dict[str, Any]:
    """Give the objects that are no items, by what names them; none where one is not the same again and again.

    Where there are several sessions, most of these name them: what one session alone does is its own.
    """
    found: dict[str, Any] = {}
    sessions: dict[str, set[int]] = {}
    count = 0
    for scene, wanted in rows:
        if get(scene) is MISSING:
            count += 1
            key = as_text(term.get(scene))
            if not isinstance(wanted, dict) or not same(found.setdefault(key, wanted), wanted):
                return {}
            sessions.setdefault(key, set()).add(scene.sample.session)
    again = sum(len(inside) > 1 for inside in sessions.values())
    are_shared = in_few_sessions(rows) or again * 2 > len(found)
    return found if count > len(found) and are_shared else {}


def _or_of(get: Callable[[Scene], Any], term: Term, others: Mapping[str, Any]) -> Callable[[Scene], Any]:
    def found(scene: Scene) -> Any:
        held = get(scene)
        return held if held is not MISSING else others.get(as_text(term.get(scene)), MISSING)

    return found


def _prefix(names: Sequence[str]) -> Callable[[Scene], str]:
    return lambda scene: "".join(f"{scene.params.get(name, '')}/" for name in names)


def _held(collection: str, term: Term, prefix: Callable[[Scene], str]) -> Callable[[Scene], Any]:
    return lambda scene: scene.timeline.get(collection, prefix(scene) + as_text(term.get(scene)), scene.moment)


def _by_field(collection: str, term: Term, rows: Sequence[Case]) -> Term | None:
    """Give the item that has what rows name in a field of the same name, or in one of which no two have the same."""
    scene = rows[0][0]
    wanted = term.get(scene)
    if len(as_text(wanted)) < _SHORT:
        return None
    held = scene.held(collection)
    for item in held:
        for field, value in item.items() if isinstance(item, dict) else ():
            if is_scalar(value) and value is not None and as_text(value) == as_text(wanted):
                if sum(isinstance(one, dict) and one.get(field) == value for one in held) > 1:
                    continue
                get = _found(collection, field, term)
                if _share(get, rows) >= _OFTEN:
                    text = f"(resource.{collection}.all() | selectattr('{field}', 'eq', {term.text}) | first)"
                    return Term(text, get, collection, 1.6, frozenset({"row"}))
    return None


def _found(collection: str, field: str, term: Term) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        wanted = term.get(scene)
        items = scene.held(collection)
        return next((one for one in items if isinstance(one, dict) and one.get(field) == wanted), MISSING)

    return get


def _share(get: Callable[[Scene], Any], rows: Sequence[Case]) -> float:
    some = rows[:: max(1, len(rows) // _SOME)]
    return sum(isinstance(get(scene), dict) for scene, _ in some) / len(some)
