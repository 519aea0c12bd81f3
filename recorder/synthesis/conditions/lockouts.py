"""Lockouts: refusals that are told by how often the same was tried before, as wrong passwords for one address."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, is_number, leaves, look
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Get, Term

COUNT: Final = "tries"
"""The member that tells how often something was tried."""
SUCCESS: Final = 200
_LEAST: Final = 2
_COST: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Lockout:
    """From `limit` counted calls with one `key` on, all with that key are refused: with which status, say `locks`.

    Calls to `endpoint` count that are answered with one of the statuses `counted`: of successes 200 stands for all.
    With `reaches` the call that reaches the limit is answered as those after it are. With `is_forgiven` a success ends
    the count, and so do the `pardons`: successes of other endpoints, each with what gives the key there. `lookups` find
    the count, for each endpoint that is locked.
    """

    endpoint: Endpoint
    collection: str
    key: Term
    limit: int
    counted: frozenset[int]
    locks: Mapping[Endpoint, int]
    lookups: Mapping[Endpoint, Lookup]
    reaches: bool = False
    is_forgiven: bool = True
    pardons: Mapping[Endpoint, Term] = field(default_factory=dict)

    def counts(self, status: int) -> bool:
        """Tell whether a call to the endpoint that is answered so is counted."""
        is_last = self.reaches and status == self.locks[self.endpoint]
        return is_last or (SUCCESS if SUCCESS <= status < 300 else status) in self.counted

    def tried(self, scene: Scene) -> int:
        """Give how often it was tried before, as a scene sees it."""
        count = look(self.lookups[scene.endpoint].find(scene)[1], (COUNT,))
        return count if isinstance(count, int) else 0

    def text_at(self, endpoint: Endpoint) -> str:
        """Give the expression of the count."""
        return f"vars.{self.lookups[endpoint].name}.{COUNT}"

    def tried_term(self, endpoint: Endpoint) -> Term:
        """Give the term of the count, 0 where nothing was tried."""
        text = f"({self.text_at(endpoint)} | default(0))"
        return Term(text, self.tried, COUNT, _COST, frozenset({self.lookups[endpoint].name}))

    def reached(self, endpoint: Endpoint, limit: int) -> Term:
        """Give the condition that it was tried so often."""
        text = f"{self.text_at(endpoint)} >= {limit}"
        uses = frozenset({self.lookups[endpoint].name})
        return Term(text, lambda scene: self.tried(scene) >= limit, "", _COST, uses, inline=False)


class Locked(NamedTuple):
    """What is told of an endpoint's refusals by counts: rules that come first, and what becomes of others."""

    first: list[Rule]
    lasts: dict[Hashable, Rule]
    """By what a refusal is called that is counted, the rule of the one that reaches the limit instead."""


def set_apart(
    lockouts: Sequence[Lockout],
    endpoint: Endpoint,
    groups: Mapping[Hashable, Sequence[Scene]],
    masks: MutableMapping[Hashable, int],
    judge: Judge,
) -> Locked:
    """Take out of the `masks` what lockouts tell, and give the rules for that.

    The refusal that reaches a limit counts as one of those before it: their rules tell that something is wrong.
    """
    told = Locked([], {})
    for one in (one for one in lockouts if endpoint in one.locks):
        inside = [(label, scenes) for label, scenes in groups.items() if _status(label) == one.locks[endpoint]]
        locked = {label: [scene for scene in scenes if one.tried(scene) >= one.limit] for label, scenes in inside}
        last = {label: [scene for scene in scenes if one.tried(scene) == one.limit - 1] for label, scenes in inside}
        label = max(locked, key=lambda one: len(locked[one]), default=None)
        if label is not None and locked[label]:
            masks[label] &= ~judge.mask(locked[label])
            told.first.append(Rule((one.reached(endpoint, one.limit),), label, len(locked[label])))
        if one.reaches and endpoint is one.endpoint:
            _move_last(one, last, groups, masks, judge, told)
    return told


def _move_last(
    one: Lockout,
    last: Mapping[Hashable, Sequence[Scene]],
    groups: Mapping[Hashable, Sequence[Scene]],
    masks: MutableMapping[Hashable, int],
    judge: Judge,
    told: Locked,
) -> None:
    """Have the calls that reach the limit count as those before them."""
    label = max(last, key=lambda known: len(last[known]), default=None)
    before = [known for known in groups if one.counts(_status(known)) and known not in last]
    if label is None or not last[label] or not before:
        return
    moved = judge.mask(last[label])
    masks[label] &= ~moved
    masks[max(before, key=lambda known: len(groups[known]))] |= moved
    rule = Rule((one.reached(one.endpoint, one.limit - 1),), label, len(last[label]))
    told.lasts.update(dict.fromkeys(before, rule))


def with_lasts(rules: Sequence[Rule], told: Locked) -> list[Rule]:
    """Put before each rule of what is counted that the call which reaches the limit is refused as locked."""
    made: list[Rule] = [*told.first]
    for rule in rules:
        last = told.lasts.get(rule.label)
        if last is not None:
            made.append(Rule((*last.terms, *rule.terms), last.label, last.support))
        made.append(rule)
    return made


def left_terms(lockouts: Sequence[Lockout], endpoint: Endpoint, scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give what is left until something is locked, as answers tell it: a number less the count, always the same one."""
    for one in (one for one in lockouts if endpoint in one.locks):
        counts: dict[int, int] = {}
        wholes: dict[tuple[int, Path], set[int]] = {}
        tried: dict[tuple[int, Path], set[int]] = {}
        for scene in scenes:
            counts[id(scene)] = one.tried(scene)
            for path, value in leaves(scene.sample.answer_json, longest_list=0):
                if is_number(value) and isinstance(value, int):
                    place = scene.sample.status, path
                    wholes.setdefault(place, set()).add(value + counts[id(scene)])
                    tried.setdefault(place, set()).add(counts[id(scene)])
        known = one.tried_term(endpoint)
        likely = sorted({min(sums) for place, sums in wholes.items() if len(sums) == 1 and len(tried[place]) >= _LEAST})
        for whole in likely:
            yield Term(f"({whole} - {known.text})", _left(one, whole), COUNT, 0.9, known.uses)


def _left(one: Lockout, whole: int) -> Get:
    return lambda scene: whole - one.tried(scene)


def _status(label: Hashable) -> int:
    return label[0] if isinstance(label, tuple) else 0
