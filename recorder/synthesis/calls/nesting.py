"""Nesting: things whose ids are only told apart together with those of the things that they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from typing import Final

from recorder.synthesis.calls.arguments import Kind, Place
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, as_text, look

_SHORT: Final = 8


def find_owners(
    kinds: Sequence[Kind], made: Mapping[Endpoint, tuple[Kind, Path]], put: Container[Kind] = ()
) -> dict[Kind, Kind]:
    """Give for kinds of things with ids that other sessions use for others the kind of what they belong to.

    So, too, for things that are `put` under ids that callers choose.
    All operations on them, named by their paths, say to which it belongs: the one under which it was made.
    """
    found: dict[Kind, Kind] = {}
    for kind in kinds:
        if kind not in put and not _is_ambiguous(kind):
            continue
        others = [one for one in kinds if one is not kind and not _is_under(one, kind, found)]
        likely = [one for one in others if _owns(one, kind, made)]
        if likely:
            found[kind] = max(likely, key=lambda one: len({value for _, value in one.places}))
    return found


def _is_under(one: Kind, kind: Kind, owners: Mapping[Kind, Kind]) -> bool:
    """Tell whether one kind belongs to another already, also by others between."""
    above = owners.get(one)
    return above is not None and (above is kind or _is_under(above, kind, owners))


def _is_ambiguous(kind: Kind) -> bool:
    sessions: dict[str, set[int]] = defaultdict(set)
    for session, value in kind.places:
        sessions[value].add(session)
    if len({session for session, _ in kind.places}) == 1:
        return all(len(value) < _SHORT for value in sessions)
    return sum(len(one) > 1 for one in sessions.values()) * 5 >= len(sessions)


def _owns(owner: Kind, kind: Kind, made: Mapping[Endpoint, tuple[Kind, Path]]) -> bool:
    endpoints = {one.endpoint for one in kind.arguments} | {one for one, (own, _) in made.items() if own is kind}
    if not all(owner.keys_of(one) for one in endpoints):
        return False
    makers = [(one, path) for one, (own, path) in made.items() if own is kind]
    known: dict[Place, set[str]] = defaultdict(set)
    for endpoint, path in makers:
        for sample, value in owner.keys_of(endpoint)[0].values:
            known[sample.session, as_text(look(sample.answer_json, path))].add(value)
    used: dict[Place, set[str]] = defaultdict(set)
    for argument in kind.arguments:
        named = {sample.number: value for sample, value in owner.keys_of(argument.endpoint)[0].values}
        for sample, value in argument.values:
            used[sample.session, value].add(named.get(sample.number, ""))
    return all(owners <= known[place] if place in known else len(owners) == 1 for place, owners in used.items())
