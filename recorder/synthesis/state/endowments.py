"""Endowments: members that new items have by what is sent, though the answer that makes them does not tell of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection as Held
from recorder.synthesis.collections.binding import Endowment
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.nodes.node import MADE_UP, Node, Table
from recorder.synthesis.samples.values import MISSING, leaves, same
from recorder.synthesis.state.endowed import Endowed
from recorder.synthesis.state.spells import Kind, Spell
from recorder.synthesis.terms.request_terms import answer_term, json_term, location_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, guarded, used_by
from recorder.synthesis.terms.vocabulary import Vocabulary

_LEAST: Final = 3
_DISTINCT: Final = 2
_MOST_GUESSED: Final = 4
_TENTHS: Final = 9


def find_endowments(
    held: Held,
    spells: Sequence[Spell],
    changed_by: Mapping[str, Collection[Kind]],
    named: Mapping[Endpoint, Mapping[str, Lookup]],
) -> dict[Endpoint, Endowment]:
    """Find what new items of a collection have by what was sent for them, by the endpoint that makes them.

    `changed_by` are the kinds of calls that change a member: items are looked at as they were before those. `named` are
    the items that calls name.
    """
    by_maker: dict[Endpoint, list[Spell]] = defaultdict(list)
    for one in spells:
        if one.maker is not None:
            by_maker[one.maker.endpoint].append(one)
    found: dict[Endpoint, Endowment] = {}
    for endpoint, made in by_maker.items():
        names = dict.fromkeys(name for one in made for name in one.after)
        known = {*held.begins, *held.stamps, *held.withheld}
        lookups, tables = named.get(endpoint, {}), list[Table]()
        terms: dict[str, Term] = {}
        for name in names:
            term = _told(name, made, changed_by.get(name, ()), endpoint, lookups, tables) if name not in known else None
            if term is not None:
                terms[name] = term
        if terms:
            found[endpoint] = Endowment(terms, lookups, {table.name: table.rows for table in tables})
    return found


def _told(
    name: str,
    spells: Sequence[Spell],
    kinds: Collection[Kind],
    endpoint: Endpoint,
    lookups: Mapping[str, Lookup],
    tables: list[Table],
) -> Term | None:
    """Give what a member comes to in new items, None where answers tell it, or too little is known."""
    if any(name in one.before for one in spells):
        return None
    early = [one for one in spells if not one.of(kinds)]
    cases = [(one.maker, {name: one.after[name]} if name in one.after else {}) for one in early if one.maker]
    having = [value for _, value in cases if value]
    if len(having) < _LEAST or len({repr(value) for value in having}) < _DISTINCT:
        return None
    sent = _as_sent(name, cases)
    if sent is not None:
        return sent
    inside = [scene for scene, _ in cases]
    for scene in inside:
        scene.lookups = lookups
    vocabulary = Vocabulary(inside, lookups, [answer_term(), location_term()])
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, _called(endpoint), tables=[*tables])
    endowed = Endowed(explainer, lookups, _called(endpoint))
    there = [(scene, value[name]) for scene, value in cases if value]
    condition = None
    if len(there) < len(cases):
        condition = explainer.condition(inside, [bool(value) for _, value in cases])
        if condition is None:
            return None
    node = endowed.explain(there, name)
    if node.unknown * _MOST_GUESSED > len(_names(having)):
        return None
    term = _term(name, node, condition)
    if any(term.get(scene) is MADE_UP for scene in inside):
        return None
    tables += explainer.tables[len(tables) :]
    return term


def _called(endpoint: Endpoint) -> str:
    return re.sub(r"\W+", "_", f"new_{endpoint.id}").strip("_").lower()


def _as_sent(name: str, cases: Sequence[tuple[Scene, Mapping[str, Any]]]) -> Term | None:
    """Give the member of that name that is sent, where nearly all new items have just that, or neither is there."""
    base = cases[0][0].sample.operation.base if cases[0][0].sample.operation is not None else ()
    term = json_term((*base, name))
    pairs = [(term.get(scene), value.get(name, MISSING)) for scene, value in cases]
    right = sum(one is other or same(one, other) for one, other in pairs)
    if right * 10 < len(cases) * _TENTHS:
        return None
    is_always = all(term.get(scene) is not MISSING for scene, _ in cases)
    text = term.text if is_always else f"({term.text} if {term.text} is defined else omit)"
    return replace(term, text=text)


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
