"""Named things: objects that show the thing which a term names, with its id and perhaps a link to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.links import ADDRESS, origin
from recorder.synthesis.explaining.objects import Members
from recorder.synthesis.explaining.row_decisions import rows_of
from recorder.synthesis.nodes.node import Chosen, Each, Fixed, Joined, Node, Object, Piece, Said
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

Explain: TypeAlias = "Callable[[Sequence[Case], str], Node]"


def named_thing(term: Term, cases: Sequence[Case], explain: Explain) -> Node | None:
    """Explain values as what a term gives, as the thing of which it is the id, or as such a thing for each of its rows.

    Nothing is shown as null where the term gives null. `explain` tells what else is in such objects.
    """
    there = [(scene, value) for scene, value in cases if value is not None or term.get(scene) is not None]
    if not there:
        return None
    node = _thing(term, there, explain)
    if node is None or len(there) == len(cases):
        return node
    is_none = Term(f"{term.text} is none", lambda scene: term.get(scene) is None, term.name, 0.3, term.uses, term.keeps)
    return Chosen([(is_none, Fixed(None)), (None, node)])


def _thing(term: Term, cases: Sequence[Case], explain: Explain) -> Node | None:
    values = [value for _, value in cases]
    if all(same(term.get(scene), value) for scene, value in cases):
        return Said(term)
    if all(isinstance(value, dict) for value in values):
        return _object(term, cases, explain)
    if not all(isinstance(value, list) for value in values):
        return None
    for source in (term, _sorted(term), _sorted(term, is_unique=True)):
        rows = rows_of(source, cases)
        item = _object(ROW, rows, explain) if rows and all(isinstance(row, dict) for _, row in rows) else None
        if item is not None:
            return Each(source, item)
    return None


def _sorted(term: Term, *, is_unique: bool = False) -> Term:
    """Give the term of a list's texts in their order, each perhaps only once."""

    def get(scene: Scene) -> Any:
        rows = term.get(scene)
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            return MISSING
        return sorted(dict.fromkeys(rows) if is_unique else rows, key=str.lower)

    text = f"({term.text}{' | unique' if is_unique else ''} | sort)"
    return Term(text, get, term.name, term.cost + 0.3, term.uses, term.keeps)


def _object(term: Term, cases: Sequence[Case], explain: Explain) -> Object | None:
    """Explain objects that have what a term gives as a member, under the same names in all."""
    names = list(cases[0][1])
    if any(list(value) != names for _, value in cases):
        return None
    members: Members = {}
    is_named = False
    for name in names:
        inner = [(scene, value[name]) for scene, value in cases]
        if all(is_scalar(value) and same(term.get(scene), value) for scene, value in inner):
            members[name], is_named = (Said(term), None), True
            continue
        node = _link(term, inner) or explain(inner, name)
        if node.unknown:
            return None
        members[name] = (node, None)
    return Object(members) if is_named else None


def _link(term: Term, cases: Sequence[Case]) -> Joined | None:
    """Explain links that end with what a term gives, behind what is the same in all."""
    heads = {_head(scene, value, as_text(term.get(scene))) for scene, value in cases}
    if len(heads) != 1 or (head := heads.pop()) is None:
        return None
    is_whole, before = head
    pieces: list[Piece] = [Said(ADDRESS)] if is_whole else []
    return Joined([*pieces, before, Said(term)])


def _head(scene: Scene, value: Any, end: str) -> tuple[bool, str] | None:
    """Give what a link has before its end, and whether that begins with the service's own address."""
    if not isinstance(value, str) or not end or not value.endswith(f"/{end}"):
        return None
    before, base = value.removesuffix(end), origin(scene.sample)
    return (True, before.removeprefix(base)) if before.startswith(f"{base}/") else (False, before)
