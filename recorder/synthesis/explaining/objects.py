"""Objects: member by member, or laid over others that were sent or held."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from cassettes.xmltree import in_one_order, is_tree
from recorder.synthesis.explaining.grounds import Case, Grounds, in_few_sessions, is_last_of
from recorder.synthesis.explaining.page_relations import when_there_is, where_listed
from recorder.synthesis.nodes.kinds import looks_like_a_time
from recorder.synthesis.nodes.node import Chosen, Fixed, MadeUp, Node, Object, Over, Said, walk
from recorder.synthesis.samples.values import MISSING, look, same
from recorder.synthesis.terms.scene import ASKED, Scene
from recorder.synthesis.terms.term import Term, literal, part_of
from recorder.synthesis.terms.vocabulary import hidden_name

Explain: TypeAlias = "Callable[[Sequence[Case], str, int], Node]"
"""Explains a part: its cases, its name, how deep in the answer it is."""
Folder: TypeAlias = "Callable[[Sequence[Case], str, int], tuple[Term, Node] | None]"
"""Explains what is a list only where a condition holds: gives that and the list, None where there is no such thing."""
Members: TypeAlias = "dict[str, tuple[Node, Term | None]]"
Layer: TypeAlias = dict[str, Any]
_MOST_MEMBERS: Final = 200
_SEVERAL: Final = 3
_ONE_OR_OTHER: Final = 2
_ASKED: Final = f"vars.item.{hidden_name(ASKED)}"
_A_ROW: Final = re.compile(r"vars\.list\.items\W*\[\d|vars\.list\.last\b")
"""A row of a list, by which no other row is to be explained."""


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """Explains objects on the grounds of an endpoint; `explain` explains their members, `folder` lists in folders."""

    grounds: Grounds
    explain: Explain
    folder: Folder

    def plain(self, cases: Sequence[Case], depth: int) -> Object:
        """Explain objects member by member."""
        members: Members = {}
        for name in names_of(cases)[:_MOST_MEMBERS]:
            condition = self.when(cases, name)
            there = having(cases, name)
            is_usual = condition is not None or len(there) * 2 >= len(cases)
            if is_usual or len(there) > 1:
                node = self.explain(there, name, depth + 1)
                condition = _where_given(node, cases, name) or condition
                if is_usual or condition is not None:
                    members[name] = (node, condition)
        return Object(members)

    def when(self, cases: Sequence[Case], name: str) -> Term | None:
        """Give the condition of a member that is not always there; None where it is, or nothing tells when."""
        holds, scenes = [name in value for _, value in cases], [scene for scene, _ in cases]
        if all(holds):
            return None
        are_rows = all(isinstance(value, list) and value for _, value in having(cases, name))
        return (where_listed(scenes, holds) if are_rows else None) or when_there_is(self.grounds, name, scenes, holds)

    def layered(self, cases: Sequence[Case], depth: int) -> Over | None:
        """Explain objects as others laid over each other: the item as it was, what was sent, and a few members."""
        if not self.grounds.uses_echo:
            return None
        best: tuple[float, Over] | None = None
        for bases in self._bases(cases):
            made = self._over(cases, bases, depth)
            if made is None:
                continue
            over, covered = made
            cost = over.unknown * 3 + len(over.over.members) + len(over.under.members) + len(bases) - covered * 0.2
            if best is None or cost < best[0]:
                best = (cost, over)
        return best[1] if best is not None else None

    def _bases(self, cases: Sequence[Case]) -> list[tuple[Term, ...]]:
        """Give the objects that these may be made of: those most like the largest, and each with what was sent."""
        scene, pivot = max(cases, key=lambda case: len(case[1]))
        found: list[tuple[int, Term]] = []
        for term, value in self.grounds.vocabulary.objects(scene):
            alike = [inner for name, inner in value.items() if name in pivot and same(pivot[name], inner)]
            # What was made in one moment has the same times, whatever else it is.
            equal = sum(len(cases) > 1 or not looks_like_a_time(inner) for inner in alike)
            is_chance = in_few_sessions(cases) and is_last_of(term)
            is_chance = is_chance or ("row" in scene.values and _A_ROW.search(term.text) is not None)
            if equal and term.text.count("[") < 3 and term.cost < 3 and not is_chance:
                found.append((equal, term))
        nearest = [term for _, term in sorted(found, key=lambda one: (-one[0], one[1].cost))[:6]]
        sent = [term for term in nearest if term.text.startswith(("request.json", "request.form", _ASKED))]
        for one, _ in cases:  # what was sent elsewhere may have nothing to do with the pivot
            sent += [term for term, _ in self.grounds.vocabulary.objects(one) if _is_sent(term)]
        sent = list({term.text: term for term in sent}.values())
        held = [term for term in nearest if not term.text.startswith(("request.", _ASKED))]
        return [*((term,) for term in nearest), *((one, other) for one in held[:4] for other in sent[:5])]

    def _kept_or_null(self, cases: Sequence[Case], bases: Sequence[Term], name: str) -> Chosen | None:
        """Explain a member as what the first of the bases gives, and as null where something that is asked tells it."""
        kept = part_of(bases[0], (name,), look)
        pairs = [(case, kept.get(case[0])) for case in having(cases, name)]
        clear = [(case, case[1] is None) for case, old in pairs if old is not None and case[1] in (None, old)]
        if sum(is_null for _, is_null in clear) < _SEVERAL:
            return None
        told = self.grounds.tell_apart([case for case, _ in clear], [is_null for _, is_null in clear])
        if told is None or len(told) != _ONE_OR_OTHER or told[0][0] is None:
            return None
        return Chosen([(condition, Fixed(None) if is_null else Said(kept)) for condition, is_null in told])

    def _over(self, cases: Sequence[Case], bases: tuple[Term, ...], depth: int) -> tuple[Over, int] | None:
        """Give objects laid over these, with how many members the bases give."""
        laid: list[Layer] = []
        for scene, _ in cases:
            made = _laid(bases, scene)
            if made is None:
                return None
            laid.append(made)
        names = names_of(cases)
        own, defaults = _not_given(cases, laid, names)
        extra = {name for (_, value), under in zip(cases, laid, strict=True) for name in under if name not in value}
        if any(name in names and name not in own for name in extra):
            return None
        covered = len(names) - len(own)
        if not covered or (covered < 2 and len(names) > 3) or len(extra - set(own)) > covered:
            return None
        over: Members = {}
        for name in own:
            below = self.folder(having(cases, name), name, depth + 1)
            rest, under_rest = _but_lists(cases, laid, name) if below is not None else (cases, laid)
            told = self.explain(having(rest, name), name, depth + 1)
            if (told.unknown or isinstance(told, MadeUp)) and _mostly_stays(rest, under_rest, name):
                covered += 1
                kept: Node | None = self._kept_or_null(rest, bases, name)
                kept = kept or (Said(part_of(bases[0], (name,), look)) if below is not None else None)
                over |= {name: (_listed(below, kept), None)} if kept is not None else {}
            else:
                over[name] = (_listed(below, told), _where_given(told, cases, name) or self.when(cases, name))
        under: Members = {}
        for name in defaults:
            lacking = [case for case, given in zip(cases, laid, strict=True) if name not in given]
            under[name] = (self.explain(having(lacking, name), name, depth + 1), self.when(lacking, name))
        bases = _cut(bases, [name for name, (_, condition) in over.items() if condition is not None and name in extra])
        order = names if is_tree(cases[0][0].sample.answer_json) else ()
        return Over(Object(under), bases, Object(over), sorted(extra - set(own)), order), covered


def _but_lists(cases: Sequence[Case], laid: Sequence[Layer], name: str) -> tuple[Sequence[Case], Sequence[Layer]]:
    """Leave out the cases in which a member is a list."""
    pairs = [pair for pair in zip(cases, laid, strict=True) if not isinstance(pair[0][1].get(name), list)]
    return [case for case, _ in pairs], [under for _, under in pairs]


def _listed(below: tuple[Term, Node] | None, other: Node) -> Node:
    return other if below is None else Chosen([below, (None, other)])


def names_of(cases: Sequence[Case]) -> list[str]:
    """Give the names of the members of objects, in an order that all of them have, as far as there is one."""
    made: list[str] = []
    for names in dict.fromkeys(tuple(value) for _, value in cases):
        made = in_one_order(made, names)
    return made


def having(cases: Sequence[Case], name: str) -> list[Case]:
    """Give the cases of a member: those where it is there."""
    return [(scene, value[name]) for scene, value in cases if name in value]


def _cut(bases: tuple[Term, ...], names: Sequence[str]) -> tuple[Term, ...]:
    """Give the terms of objects without members that are laid over them only at times."""
    if not names:
        return bases

    def without(base: Term) -> Term:
        def get(scene: Scene) -> Any:
            found = base.get(scene)
            return (
                {one: value for one, value in found.items() if one not in names} if isinstance(found, dict) else found
            )

        text = f"without({base.text}, {', '.join(map(literal, names))})"
        return replace(base, text=text, get=get)

    return tuple(without(base) for base in bases)


def _where_given(node: Node, cases: Sequence[Case], name: str) -> Term | None:
    """Give the condition of a member that is there just where what it is made of is."""
    if not isinstance(node, Said) or all(name in value for _, value in cases):
        return None
    term = node.term
    if any((term.get(scene) is MISSING) == (name in value) for scene, value in cases):
        return None
    text = f"{term.text} is defined"
    return Term(text, lambda scene: term.get(scene) is not MISSING, name, term.cost, term.uses, term.keeps)


def _is_sent(term: Term) -> bool:
    return term.text in ("request.form", _ASKED) or (term.text.startswith("request.json") and term.text.count(".") < 3)


def _laid(bases: Sequence[Term], scene: Scene) -> Layer | None:
    """Give the objects laid over each other; None where the first is not there."""
    layers = [base.get(scene) for base in bases]
    if not isinstance(layers[0], dict):
        return None
    made: Layer = {}
    for layer in layers:
        made |= layer if isinstance(layer, dict) else {}
    return made


def _mostly_stays(cases: Sequence[Case], laid: Sequence[Layer], name: str) -> bool:
    """Tell whether a member is what the layers give but for a few, for whose sake it is not made anew."""
    stays = sum(
        name in value and name in under and same(value[name], under[name])
        for (_, value), under in zip(cases, laid, strict=True)
    )
    return stays * 3 > len(cases) * 2 and all(name in value for _, value in cases)


def _not_given(cases: Sequence[Case], laid: Sequence[Layer], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the members that the layers do not give, and those that they lack only in some scenes."""
    own: list[str] = []
    defaults: list[str] = []
    for name in names:
        there = [(value[name], under) for (_, value), under in zip(cases, laid, strict=True) if name in value]
        given = [(value, under[name]) for value, under in there if name in under]
        is_lacking = len(given) < len(there)
        if (is_lacking and not given) or not all(same(value, other) for value, other in given):
            own.append(name)
        elif is_lacking:
            defaults.append(name)
    return own, defaults


def is_mostly_known(item: Node) -> bool:
    """Tell whether at least half of a new item's values are no guesses."""
    values = sum(not isinstance(part, Object) for _, part in walk(item))
    return item.unknown * 2 <= values - (values == 1)
