"""Endowments: members that new items have by what is sent, though the answer that makes them does not tell of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.binding import Collection as Held
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.nodes.node import MADE_UP, Node, Object
from recorder.synthesis.samples.values import MISSING, leaves
from recorder.synthesis.state.spells import Kind, Spell
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, guarded, used_by
from recorder.synthesis.terms.vocabulary import Vocabulary

_LEAST: Final = 3
_DISTINCT: Final = 2
_MOST_GUESSED: Final = 4


def find_endowments(
    held: Held,
    spells: Sequence[Spell],
    changed_by: Mapping[str, Collection[Kind]],
    bindings: Mapping[Endpoint, Binding],
) -> dict[Endpoint, dict[str, Term]]:
    """Find what new items of a collection have by what was sent for them, by the endpoint that makes them.

    `changed_by` are the kinds of calls that change a member: items are looked at as they were before those.
    """
    by_maker: dict[Endpoint, list[Spell]] = defaultdict(list)
    for one in spells:
        if one.maker is not None and bindings[one.maker.endpoint].entity is not None:
            by_maker[one.maker.endpoint].append(one)
    found: dict[Endpoint, dict[str, Term]] = {}
    for endpoint, made in by_maker.items():
        names = dict.fromkeys(name for one in made for name in one.after)
        known = {*held.begins, *held.stamps, *held.withheld}
        told = {name: _told(name, made, changed_by.get(name, ()), endpoint) for name in names if name not in known}
        found[endpoint] = {name: term for name, term in told.items() if term is not None}
    return {endpoint: terms for endpoint, terms in found.items() if terms}


def _told(name: str, spells: Sequence[Spell], kinds: Collection[Kind], endpoint: Endpoint) -> Term | None:
    """Give what a member comes to in new items, None where answers tell it, or too little is known."""
    if any(name in one.before for one in spells):
        return None
    early = [one for one in spells if not one.of(kinds)]
    cases = [(one.maker, {name: one.after[name]} if name in one.after else {}) for one in early if one.maker]
    having = [value for _, value in cases if value]
    if len(having) < _LEAST or len({repr(value) for value in having}) < _DISTINCT:
        return None
    inside = [scene for scene, _ in cases]
    for scene in inside:
        scene.lookups = {}
    vocabulary = Vocabulary(inside, {}, [answer_term()])
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, endpoint.id)
    node = explainer.explain(cases)
    if not isinstance(node, Object) or name not in node.members or explainer.tables:
        return None
    if node.unknown * _MOST_GUESSED > len(_names(having)):
        return None
    term = _term(name, *node.members[name])
    return None if any(term.get(scene) is MADE_UP for scene in inside) else term


def _names(values: Sequence[Any]) -> set[str]:
    """Give what the parts of members are called; one alone may not be a guess, of several few may."""
    return {str(path[-1]) for value in values for path, _ in leaves(value) if path}


def _term(name: str, node: Node, condition: Term | None) -> Term:
    """Write a member that may be there under a condition as one term."""

    def get(scene: Scene) -> Any:
        if condition is not None and not condition.get(scene):
            return MISSING
        return node.value(scene)

    text = node.expression()
    if condition is not None:
        text = f"({text} if {guarded(condition.text)} else omit)"
    uses, keeps = used_by([*node.terms, *([condition] if condition is not None else [])])
    return Term(text, get, name, 1.0, uses, keeps)
