"""The behaviour of an endpoint: its outcomes, what tells them apart, how each answers, and what it changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection as Collected
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.marks import Mark
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.conditions.lockouts import Lockout, set_apart, with_lasts
from recorder.synthesis.conditions.reasons import Reason
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.conditions.timetables import Placed
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.answer import Answered, explain_answer
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.laws import Laws
from recorder.synthesis.listings.lists import Listed, well_listed
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.nodes.node import Table
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.callers_first import callers_first
from recorder.synthesis.outcomes.groups import ECHOED, outcome_groups
from recorder.synthesis.outcomes.known import Known, given_tables
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, look
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, member
from recorder.synthesis.terms.vocabulary import Vocabulary

_BIAS: Final[dict[int, tuple[str, ...]]] = {
    304: ("header.if-none-match", "header.if-modified-since", "pair.held"),
    400: ("body", "json", "query", "form", "text"),
    401: ("auth", "exists", "pair"),
    403: ("auth", "pair", "held", "sight"),
    404: ("exists", "sight"),
    405: (),
    406: ("header.accept",),
    409: ("exists", "held", "pair", "json"),
    410: ("exists", "held"),
    412: ("header.if-match", "header.if-none-match", "pair"),
    413: ("parts", "held.(request", "body", "json", "text"),
    415: ("content-type",),
    422: ("json", "form", "query", "body"),
    428: ("header.if-match",),
}
_FEW: Final = 2


@dataclass(eq=False, slots=True)
class Outcome:
    """One way in which an endpoint answers: where all the terms of one of the rules hold; always, where it has none.

    `others` come in its place by chance: it as often as its `weight` says, each of them as it has scenes. Where it
    is not one that `keeps`, nothing becomes of what is held.
    """

    label: Hashable
    status: int
    scenes: list[Scene]
    answered: Answered
    rules: list[Rule] = field(default_factory=list)
    tier: str = "synthesized"
    note: str = ""
    others: list[Outcome] = field(default_factory=list)
    weight: int = 0
    keeps: bool = True


@dataclass(eq=False, slots=True)
class Behaviour:
    """All that was learnt of an endpoint. `unexplained` are scenes whose outcome nothing tells in advance."""

    endpoint: Endpoint
    binding: Binding
    scenes: list[Scene]
    lookups: dict[str, Lookup]
    cases: list[tuple[Rule | None, Outcome]]
    listed: Listed | None
    tables: list[Table]
    unexplained: list[Scene]
    writes: bool
    vocabulary: Vocabulary

    @property
    def collection(self) -> Collection | None:
        return self.binding.collection

    @property
    def terms(self) -> Iterator[Term]:
        """The terms that its conditions, answers and look-ups read."""
        for rule, outcome in self.cases:
            if rule is not None:
                yield from rule.terms
            yield from outcome.answered.terms
            for other in outcome.others:
                yield from other.answered.terms
        for lookup in self.lookups.values():
            yield lookup.key

    def uses(self, name: str) -> bool:
        """Tell whether any of its terms reads what is looked up under a name."""
        return any(name in term.uses for term in self.terms)


def learn(
    endpoint: Endpoint,
    binding: Binding,
    scenes: list[Scene],
    lookups: dict[str, Lookup],
    options: Options,
    listed: Listed | None,
    ordered: frozenset[str],
    collections: Sequence[Collection] = (),
    below: Sequence[Collection] = (),
    laws: Laws | None = None,
    marks: Sequence[Mark] = (),
    totals: Sequence[Total] = (),
    levels: Sequence[Term] = (),
    lockouts: Sequence[Lockout] = (),
    sights: Sequence[Term] = (),
) -> Behaviour:
    """Learn how one endpoint behaves from all its scenes.

    `listed` is what was learnt of its list; lists are in the order of the fields `ordered`. Answers may tell of
    `collections` as wholes, and how many of those `below` are below items. `laws` are what all answers have in common,
    `marks` what callers put on items, `totals` sums, `levels` what there is of one thing with others, `lockouts` tries,
    `sights` whether a list would not show the item to who asks.
    """
    for scene in scenes:
        scene.lookups = lookups
    known = Known(listed, collections, below, marks, totals, levels, lockouts, sights)
    vocabulary = known.vocabulary(endpoint, binding, scenes, lookups)
    deciding = {name: one for name, one in lookups.items() if one.decides}
    judge = Judge(scenes, known.vocabulary(endpoint, binding, scenes, deciding) if deciding != lookups else vocabulary)
    echoed = _echoed_status(scenes, vocabulary) if options.echo else None
    groups = outcome_groups(scenes, echoed)
    rules, default = _told_apart(groups, judge, options, endpoint, lockouts)
    tables, outcomes = [*_timetables(lookups), *given_tables(endpoint, binding)], dict[Hashable, Outcome]()
    for label, inside in groups.items():
        explainer = Explainer(
            vocabulary, judge.decide, _plain(endpoint.id), uses_echo=options.echo, ordered=ordered, laws=laws,
            made=binding.ids_made, serials=binding.serials, entity=_own_item(binding),
        )  # fmt: skip
        answered = explain_answer(well_listed(inside), explainer)
        code = echoed if label == ECHOED else _put_status(endpoint, binding, groups, inside)
        tables.extend(explainer.tables)
        outcomes[label] = Outcome(label, _status(label), inside, replace(answered, code=code or answered.code))
    for rule in rules:
        outcomes[rule.label].rules.append(rule)
    cases = [*((rule, outcomes[rule.label]) for rule in rules), (None, outcomes[default])]
    unexplained = _unexplained(groups, {rule.label for rule in rules} | {default})
    writes = endpoint.method not in READS and (binding.hands_out or not binding.lists_by_call)
    return Behaviour(endpoint, binding, scenes, lookups, cases, listed, tables, unexplained, writes, vocabulary)


def _own_item(binding: Binding) -> Path | None:
    """Give where answers show the item that the path names."""
    return binding.entity if binding.role == "item" else None


def _unexplained(groups: Mapping[Hashable, Sequence[Scene]], told: Collected[Hashable]) -> list[Scene]:
    return [scene for label, inside in groups.items() if label not in told for scene in inside]


def _timetables(lookups: Mapping[str, Lookup]) -> list[Table]:
    placed = [one.timetable for one in lookups.values() if isinstance(one, Placed)]
    return [timetable.table for timetable in placed if timetable is not None]


def _told_apart(
    groups: Mapping[Hashable, Sequence[Scene]],
    judge: Judge,
    options: Options,
    endpoint: Endpoint,
    lockouts: Sequence[Lockout],
) -> tuple[list[Rule], Hashable]:
    """Give the rules that tell outcomes apart, and the outcome where none of them holds."""
    masks = {label: judge.mask(inside) for label, inside in groups.items()}
    last = _last(groups)
    judge.said = {label: _plain_words(inside) for label, inside in groups.items() if _status(label) >= 400}
    judge.reasons = _reasons(groups)
    if options.guards:
        bias = {label: _BIAS.get(_status(label), ()) for label in groups}
        masks = _under_one(masks, judge)
        told = set_apart(lockouts, endpoint, groups, masks, judge)
        rules, rest = judge.rules(masks, bias, last)
        rules = callers_first(with_lasts([*rules, *_refusing(judge, rest, bias)], told), groups)
    else:
        rules, rest = [], masks
    if last in rest or not rest:
        return rules, last
    return rules, max(rest, key=lambda label: (rest[label].bit_count(), -_status(label)))


def _reasons(groups: Mapping[Hashable, Sequence[Scene]]) -> dict[Hashable, Reason]:
    """Give what refusals say that they are about, where few sessions show any."""
    everything = [scene for inside in groups.values() for scene in inside]
    if not are_few(everything):
        return {}
    refused = {label: inside for label, inside in groups.items() if _status(label) >= 300}
    return {label: Reason(inside, _status(label), everything) for label, inside in refused.items()}


def _under_one(masks: Mapping[Hashable, int], judge: Judge) -> dict[Hashable, int]:
    """Put refusals of one status that were seen once or twice under one, where what they all lack is the same item.

    What told them apart in so few calls would be chance, and could refuse what is to be accepted.
    """
    made = dict(masks)
    few = [label for label, mask in masks.items() if _status(label) >= 400 and 0 < mask.bit_count() <= _FEW]
    for absent in judge.absences if len(few) > 1 else ():
        alike: dict[int, list[Hashable]] = defaultdict(list)
        for label in few:
            if label in made and not made[label] & ~absent:
                alike[_status(label)].append(label)
        together = next((labels for labels in alike.values() if len(labels) > 1), [])
        union = reduce(or_, (made[label] for label in together), 0)
        if together and not absent & reduce(or_, made.values()) & ~union:
            made = {label: mask for label, mask in made.items() if label not in together[1:]} | {together[0]: union}
    return made


def _refusing(judge: Judge, rest: Mapping[Hashable, int], bias: Mapping[Hashable, Sequence[str]]) -> list[Rule]:
    """Tell refusals that nothing tells apart at least from successes: what most of them say is said then."""
    refused = {label: mask for label, mask in rest.items() if _status(label) >= 400}
    accepted = {label: mask for label, mask in rest.items() if label not in refused}
    if not refused or not accepted:
        return []
    most = max(refused, key=lambda label: refused[label].bit_count())
    usual = max(accepted, key=lambda label: accepted[label].bit_count())
    rules, _ = judge.rules({**accepted, most: reduce(or_, refused.values())}, bias, usual)
    return [rule for rule in rules if rule.label == most]


def _plain_words(scenes: Sequence[Scene]) -> str:
    """Give what refusals say, letters and digits only: it often names what is wrong."""
    return re.sub(r"[^a-z0-9]", "", " ".join(scene.sample.told_text[:600] for scene in scenes[:3]).lower())


def _plain(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_").lower()


def _status(label: Hashable) -> int:
    return label[0] if isinstance(label, tuple) else 0


def _last(groups: Mapping[Hashable, Sequence[Scene]]) -> Hashable:
    """Give the outcome that is left over when no condition holds: the most frequent success, else what is frequent."""
    fine = [label for label in groups if 200 <= _status(label) < 300]
    return max(fine or list(groups), key=lambda label: len(groups[label]))


def _put_status(
    endpoint: Endpoint, binding: Binding, groups: Mapping[Hashable, Sequence[Scene]], inside: Sequence[Scene]
) -> Term | None:
    """Give what a `PUT` is answered with that was only seen making items: 200 where there is one (RFC 9110, 9.3.4)."""
    accepted = {_status(label) for label in groups if 200 <= _status(label) < 300}
    is_put = endpoint.method == "PUT" and binding.role == "item" and accepted == {_CREATED}
    if not is_put or inside[0].sample.answered_status != _CREATED or "item" not in inside[0].lookups:
        return None
    if any(scene.looked_up("item") is not MISSING for scene in inside):
        return None
    text = f"{_CREATED} if vars.item is none else {_REPLACED}"
    return Term(text, lambda scene: _CREATED if scene.looked_up("item") is MISSING else _REPLACED, uses=_ITEM)


_CREATED: Final = 201
_REPLACED: Final = 200
_ITEM: Final = frozenset({"item"})


def _echoed_status(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Term | None:
    """Find the term that the status is, where a service answers with whatever status it is asked for."""
    statuses = {scene.sample.answered_status for scene in scenes}
    if len(statuses) < 3:
        return None
    pivot = next((scene for scene in scenes if scene.sample.answered_status not in (200, 404)), scenes[0])
    for term in vocabulary.giving(pivot.sample.answered_status, pivot):
        fits = [scene for scene in scenes if term.get(scene) == scene.sample.answered_status]
        if len(fits) * 10 >= len(scenes) * 6 and len({scene.sample.answered_status for scene in fits}) > 2:
            return term
    return None


def made_key(binding: Binding) -> str | None:
    """Give the expression of a new item's own id in the answer that made it."""
    if binding.made is None:
        return None
    if binding.made == "location":
        return "(vars.answer.headers.location | regex_search('([^/?]+)/?(?:[?].*)?$', 1))"
    made = member("vars.answer.json", binding.made)
    return made if binding.collection is None else binding.collection.key_text(made)


def part_of_answer(binding: Binding) -> str | None:
    """Give the expression of the item in an answer, or None where it has none."""
    return None if binding.entity is None else member("vars.answer.json", binding.entity)


def entity_in_request(scenes: Sequence[Scene], binding: Binding) -> Path:
    """Give where in the request's JSON the item stands: where it stands in answers, if requests have that too.

    Of an operation it is what the arguments are.
    """
    operation = scenes[0].sample.operation if scenes else None
    if operation is not None:
        return operation.base
    if binding.entity:
        sent = [scene.sample.json for scene in scenes if isinstance(scene.sample.json, dict)]
        if sent and all(isinstance(look(one, binding.entity), dict) for one in sent):
            return binding.entity
    return ()
