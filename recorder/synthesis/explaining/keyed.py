"""Objects whose members are called as something that was asked or is held: balances by the numbers of accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.explaining.objects import Explain
from recorder.synthesis.explaining.reckoning import reckoned
from recorder.synthesis.nodes.composition import Composed, Expressed
from recorder.synthesis.nodes.node import Node
from recorder.synthesis.samples.values import as_text
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_FEWEST: Final = 4
_MOST_MEMBERS: Final = 6
_SPOKEN_OF: Final = ("request.json", "request.path_params", "vars.")


@dataclass(frozen=True, slots=True, eq=False)
class Keyed(Expressed, Composed):
    """An object whose members' names are worked out."""

    members: Sequence[tuple[Term, Node]]

    @property
    def nodes(self) -> Sequence[Node]:
        return [node for _, node in self.members]

    @property
    def terms(self) -> list[Term]:
        return [term for name, node in self.members for term in (name, *node.terms)]

    def expression(self) -> str:
        return f"{{{', '.join(f'{name.text}: {node.expression()}' for name, node in self.members)}}}"

    def value(self, scene: Scene) -> Any:
        return {as_text(name.get(scene)): node.value(scene) for name, node in self.members}


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
    if len(told) < len(names) or not all({as_text(one.get(s)) for one in told} == set(value) for s, value in cases):
        return None
    return Keyed([(name, _member(name, cases, grounds, explain, depth)) for name in told])


def _name(text: str, scene: Scene, cases: Sequence[Case], grounds: Grounds) -> Term | None:
    for term in grounds.vocabulary.giving(text, scene):
        if term.text.startswith(_SPOKEN_OF) and all(as_text(term.get(one)) in value for one, value in cases):
            return term
    return None


def _member(name: Term, cases: Sequence[Case], grounds: Grounds, explain: Explain, depth: int) -> Node:
    inside = [(scene, value[as_text(name.get(scene))]) for scene, value in cases]
    node = explain(inside, name.name, depth + 1)
    return (reckoned(grounds, inside, {}) if node.unknown else None) or node
