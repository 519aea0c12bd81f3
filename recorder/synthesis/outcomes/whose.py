"""Whose an item is: refusals for that, lent to the other calls that are made to the same things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.term import Term

_STATUSES: Final = (403, 404)
_GONE: Final = 404
_READS: Final = ("GET", "HEAD")
_CREDENTIALS: Final = ("request.auth", "request.cookies", "request.headers")
_SENT: Final = ("request.json", "request.form", "request.query", "request.path", "request.headers['if-")
_ITEM: Final = "vars.item"


class Whose(NamedTuple):
    """Where the term holds, another endpoint, the lender, refuses with this outcome."""

    term: Term
    outcome: Outcome
    lender: Behaviour


def whose(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Iterator[Whose]:
    """Give what others refuse for whose an item is: writes also what writes do, and first what is not to be seen.

    Only after few sessions: more of them show what is refused.
    """
    collection, is_item = behaviour.collection, behaviour.binding.role == "item"
    if not is_item or collection is None or behaviour.endpoint.operation is not None:
        return
    found: dict[str, Whose] = {}
    for other in behaviours:
        is_of_all = other.endpoint.method in _READS or behaviour.endpoint.method not in _READS
        if other is behaviour or other.collection is not collection or other.binding.role != "item" or not is_of_all:
            continue
        if not are_few(other.scenes):
            continue
        for rule, outcome in other.cases:
            if rule is not None and is_of_whose(rule, outcome, other):
                found.setdefault(rule.terms[0].text, Whose(rule.terms[0], outcome, other))
    known = {term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms}
    lent = [one for one in found.values() if one.term.text not in known]
    for one in sorted(lent, key=lambda one: one.outcome.status != _GONE):
        for name in one.term.uses:
            behaviour.lookups.setdefault(name, one.lender.lookups[name])
        yield one


def is_of_whose(rule: Rule, outcome: Outcome, behaviour: Behaviour) -> bool:
    """Tell whether a refusal is for what the item has and who asks, and for nothing else."""
    if outcome.status not in _STATUSES or len(rule.terms) != 1 or f"{_ITEM}." not in rule.terms[0].text:
        return False
    term = rule.terms[0]
    keys = [behaviour.lookups[name].key.text for name in term.uses if name != "item" and name in behaviour.lookups]
    is_known = len(keys) == len(term.uses) - 1 and all(key.startswith(_CREDENTIALS) for key in keys)
    is_sent = any(part in term.text for part in _SENT)
    return is_known and not is_sent and (bool(keys) or any(part in term.text for part in _CREDENTIALS))
