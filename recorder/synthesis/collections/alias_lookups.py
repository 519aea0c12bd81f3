"""Alias look-ups: the item that a path names by another of its members than the id, and what that was made under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from recorder.synthesis.collections.binding import Alias
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.values import look
from recorder.synthesis.terms.request_terms import path_term
from recorder.synthesis.terms.scene import ABOVE, HIDDEN, Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import hidden_name


def alias_lookups(alias: Alias, free: Callable[[str], str]) -> dict[str, Lookup]:
    """Give the item that a path names so, and what it was made under; `free` makes a name one that is not used."""
    name = free(singular(alias.collection.name))
    lookup = Lookup(name, alias.collection.name, path_term(alias.param), alias.member)
    if alias.above is None:
        return {name: lookup}
    param, collection = alias.above
    attribute, hidden = f"{ABOVE}{param}", alias.collection.name + HIDDEN

    def get(scene: Scene) -> Any:
        return look(scene.timeline.get(hidden, lookup.find(scene)[0], scene.moment), (attribute,))

    keeps = frozenset({(alias.collection.name, attribute)})
    key = Term(f"vars.{name}.{hidden_name(attribute)}", get, param, 1.0, frozenset({name}), keeps)
    above = free(singular(collection.name))
    return {name: lookup, above: Lookup(above, collection.name, key)}
