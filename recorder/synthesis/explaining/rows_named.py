"""Rows named: how many items name each row of a list, by themselves or in a list of theirs, as votes name options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, look, same
from recorder.synthesis.terms.scene import GONE, HIDDEN, Scene
from recorder.synthesis.terms.spread import scattered
from recorder.synthesis.terms.term import Term, literal, member

_MOST_ROWS: Final = 60
_MOST_COLLECTIONS: Final = 12
_MOST_MEMBERS: Final = 4
_LEAST: Final = 3
_TENTHS: Final = 9
_COST: Final = 1.7


def counts_naming(rows: Sequence[Case]) -> Iterator[Term]:
    """Give how many items name each row, where that is what nine of ten rows show in a member that they are given.

    Three different numbers have to be so, each not 0.
    """
    some = [rows[place] for place in sorted(sorted(range(len(rows)), key=scattered)[:_MOST_ROWS])]
    wanted = _numbers_shown(some)
    if not wanted:
        return
    scenes = [scene for scene, _ in some]
    names = dict.fromkeys(name for scene in scenes for name in scene.timeline.names())
    held = [name for name in names if not name.endswith((HIDDEN, GONE))][:_MOST_COLLECTIONS]
    for name in held:
        for prefix, text in _wholes(name, scenes):
            for own in _names_of(scenes):
                for by in _naming(prefix, own, scenes):
                    term = _count(prefix, text, own, by)
                    told = [term.get(scene) for scene in scenes]
                    if any(_is_shown(told, column) for column in wanted):
                        yield term
                        yield _count_of_all(prefix, text, by)


def _numbers_shown(rows: Sequence[Case]) -> list[list[Any]]:
    """Give the members of rows as they are shown that are whole numbers and differ, in all rows each."""
    first = rows[0][1] if rows else None
    columns = [[look(row, (name,)) for _, row in rows] for name in (first if isinstance(first, dict) else ())]
    return [one for one in columns if all(type(value) is int for value in one) and len({*one} - {0}) >= _LEAST]


def _is_shown(told: Sequence[Any], column: Sequence[Any]) -> bool:
    right = sum(map(same, told, column))
    return right * 10 >= len(column) * _TENTHS


_Items = Callable[[Scene], Sequence[Any]]


def _wholes(name: str, scenes: Sequence[Scene]) -> Iterator[tuple[_Items, str]]:
    """Give the items below what the path names, or all, with the expression of these."""
    resource = member("resource", (name,))
    endpoint = scenes[0].endpoint
    prefix = key_term(endpoint, len(endpoint.params), trailing=True)

    def below(scene: Scene) -> Sequence[Any]:
        return scene.below(name, prefix.get(scene))

    if endpoint.params and any(below(scene) for scene in scenes):
        yield below, f"{resource}.under({prefix.text})"
    else:
        yield lambda scene: scene.held(name), f"{resource}.all()"


def _names_of(scenes: Sequence[Scene]) -> list[Term]:
    """Give what may name a row: itself, or a text or number in it."""
    row = ROW.get(scenes[0])
    if is_scalar(row):
        return [ROW]
    named = [name for name, value in row.items() if _may_name(value)] if isinstance(row, dict) else []
    return [_member_of_row(name) for name in named[:_MOST_MEMBERS]]


def _may_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _member_of_row(name: str) -> Term:
    return Term(member("row", (name,)), lambda scene: look(ROW.get(scene), (name,)), name, 1.0, ROW.uses)


def _naming(items: _Items, own: Term, scenes: Sequence[Scene]) -> list[str]:
    """Give the members of items, alone or in lists, that have what names some row."""
    found: dict[str, None] = {}
    for scene in scenes:
        key = as_text(own.get(scene))
        for item in items(scene)[:_MOST_ROWS]:
            for name, value in item.items() if isinstance(item, dict) else ():
                if name not in found and key in _texts(value):
                    found[name] = None
    return list(found)[:_MOST_MEMBERS]


def _texts(value: Any) -> list[str]:
    return [as_text(one) for one in (value if isinstance(value, list) else [value]) if _may_name(one)]


def _count_of_all(items: _Items, text: str, by: str) -> Term:
    """Give the term of how often items have anything in a member."""

    def get(scene: Scene) -> Any:
        return sum(len(_texts(look(item, (by,)))) for item in items(scene))

    return Term(f"(each(groups({text}, {literal(by)}), row[1]) | sum)", get, by, _COST, ROW.uses)


def _count(items: _Items, text: str, own: Term, by: str) -> Term:
    """Give the term of how often items have in a member what names the row."""

    def get(scene: Scene) -> Any:
        key = own.get(scene)
        if key is MISSING:
            return MISSING
        return sum(_texts(look(item, (by,))).count(as_text(key)) for item in items(scene))

    named = f"each(groups({text}, {literal(by)}), {{'of': row[0], 'n': row[1]}})"
    return Term(f"total(keep_rows({named}, 'of', {own.text}), 'n')", get, by, _COST, ROW.uses)
