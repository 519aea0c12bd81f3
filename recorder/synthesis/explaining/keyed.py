"""Objects whose members are called as something that was asked or is held: balances by the numbers of accounts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.explaining.objects import Explain
from recorder.synthesis.explaining.reckoning import reckoned
from recorder.synthesis.nodes.composition import Composed, Expressed
from recorder.synthesis.nodes.node import Node, walk
from recorder.synthesis.samples.values import MISSING, as_text, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, part_of

_FEWEST: Final = 4
_MOST_MEMBERS: Final = 6
_VALUE: Final = "value of a row"
_FEWEST_MEMBERS: Final = 2
_FEWEST_FORMS: Final = 3
ExplainRows: TypeAlias = Callable[[Sequence[Case], int], Node]
_LIKE_AN_ID: Final = re.compile(r"(?=.*\d)[\w.:/-]{4,}")
_SPOKEN_OF: Final = ("request.json", "request.path_params", "vars.", "row.")


@dataclass(frozen=True, slots=True, eq=False)
class Keyed(Expressed, Composed):
    """An object whose members' names are worked out; one whose name is not given is not there."""

    members: Sequence[tuple[Term, Node]]

    @property
    def nodes(self) -> Sequence[Node]:
        return [node for _, node in self.members]

    @property
    def terms(self) -> list[Term]:
        return [term for name, node in self.members for term in (name, *node.terms)]

    def with_member(self, place: int, node: Node) -> Keyed:
        """Give this with another node for the member at a place."""
        members = [(name, node if at == place else one) for at, (name, one) in enumerate(self.members)]
        return replace(self, members=members)

    at_times: frozenset[str] = frozenset()
    """The texts of the names that are not always given."""

    def expression(self) -> str:
        pairs = [(name.text, f"{{{name.text}: {node.expression()}}}") for name, node in self.members]
        if not self.at_times:
            return f"{{{', '.join(one[1:-1] for _, one in pairs)}}}"
        parts = (f"({one} if {name} is string else {{}})" if name in self.at_times else one for name, one in pairs)
        return f"merge({', '.join(parts)})"

    def value(self, scene: Scene) -> Any:
        given = [(name.get(scene), node) for name, node in self.members]
        return {as_text(name): node.value(scene) for name, node in given if name is not MISSING}


@dataclass(frozen=True, slots=True, eq=False)
class KeyedByRows(Expressed):
    """An object with a member for each row of a list, called as what the row names."""

    source: Term
    name: Term
    item: Node

    @property
    def unknown(self) -> int:
        return self.item.unknown

    @property
    def terms(self) -> list[Term]:
        return [self.source, self.name, *self.item.terms]

    def expression(self) -> str:
        return f"from_pairs(each({self.source.text}, [{self.name.text}, {self.item.expression()}]))"

    def value(self, scene: Scene) -> Any:
        rows = self.source.get(scene)
        if not isinstance(rows, list):
            return MISSING
        inside = [scene.with_row(row, at) for at, row in enumerate(rows)]
        return {as_text(self.name.get(one)): self.item.value(one) for one in inside}


def keyed_by_rows(cases: Sequence[Case], grounds: Grounds, explain: ExplainRows, depth: int) -> KeyedByRows | None:
    """Explain objects that have a member for each row of a list that was sent or is held."""
    if len(cases) < _FEWEST or not all(isinstance(value, dict) for _, value in cases):
        return None
    scene, pivot = max(cases, key=lambda case: len(case[1]))
    if len(pivot) < _FEWEST_MEMBERS or len({frozenset(value) for _, value in cases}) < _FEWEST_FORMS:
        return None
    for source, rows in grounds.vocabulary.lists(scene):
        for name in _names_in(rows) if "row" not in source.uses else ():
            inside = [(one, _by_name(source, name, one)) for one, _ in cases]
            if all(set(found) == set(value) for (_, found), (_, value) in zip(inside, cases, strict=True)):
                told = [
                    (row, {_VALUE: value[key]})
                    for (_, found), (_, value) in zip(inside, cases, strict=True)
                    for key, row in found.items()
                ]
                # As an object, since only what is beside others or in something is worked out.
                inner = next((part for path, part in walk(explain(told, depth)) if path == (_VALUE,)), None)
                return KeyedByRows(source, name, inner) if inner is not None else None
    return None


def _names_in(rows: Sequence[Any]) -> Iterator[Term]:
    """Give what may name something in the rows of a list: the row itself, or a text of it."""
    if rows and all(isinstance(row, str) for row in rows):
        yield ROW
    for name, value in rows[0].items() if rows and isinstance(rows[0], dict) else ():
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield part_of(ROW, (name,), look)


def _by_name(source: Term, name: Term, scene: Scene) -> dict[str, Scene]:
    rows = source.get(scene)
    inside = [scene.with_row(row, at) for at, row in enumerate(rows)] if isinstance(rows, list) else []
    return {as_text(name.get(one)): one for one in inside}


def keyed(cases: Sequence[Case], grounds: Grounds, explain: Explain, depth: int) -> Keyed | None:
    """Explain objects that have other members nearly each time, all of them called as what terms give."""
    if len(cases) < _FEWEST or not all(isinstance(value, dict) and value for _, value in cases):
        return None
    scene, pivot = max(cases, key=lambda case: len(case[1]))
    counts = Counter(name for _, value in cases for name in value)
    if len(pivot) > _MOST_MEMBERS or max(counts.values()) * 2 > len(cases):
        return None
    names = [_name(text, scene, cases, grounds) for text in pivot]
    told = [name for name in names if name is not None]
    if len(told) < len(names) or not all(_given(told, one) == set(value) for one, value in cases):
        return None
    lacking = (name for name in told if any(name.get(one) is MISSING for one, _ in cases))
    members = [(name, _member(name, cases, grounds, explain, depth)) for name in told]
    return Keyed(members, frozenset(name.text for name in lacking))


def are_called_by_ids(cases: Sequence[Case]) -> bool:
    """Tell whether objects have other members in each session, all of them called as ids are."""
    sessions: dict[str, set[int]] = defaultdict(set)
    for scene, value in cases:
        for name in value:
            sessions[name].add(scene.sample.session)
    are_many = len(set().union(*sessions.values())) >= _FEWEST if sessions else False
    return are_many and all(len(inside) == 1 and _LIKE_AN_ID.fullmatch(name) for name, inside in sessions.items())


def _given(names: Sequence[Term], scene: Scene) -> set[str]:
    return {as_text(value) for name in names if (value := name.get(scene)) is not MISSING}


def _name(text: str, scene: Scene, cases: Sequence[Case], grounds: Grounds) -> Term | None:
    for term in grounds.vocabulary.giving(text, scene):
        if not term.text.startswith(_SPOKEN_OF):
            continue
        given = [(term.get(one), value) for one, value in cases]
        if all((name is MISSING and term.keeps) or as_text(name) in value for name, value in given):
            return term
    return None


def _member(name: Term, cases: Sequence[Case], grounds: Grounds, explain: Explain, depth: int) -> Node:
    inside = [(scene, value[key]) for scene, value in cases if (key := as_text(name.get(scene))) in value]
    node = explain(inside, name.name, depth + 1)
    return (reckoned(grounds, inside, {}) if node.unknown else None) or node
