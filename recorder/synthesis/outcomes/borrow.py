"""Refusals that an API is known for, lent to endpoints where none was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recorder.synthesis.conditions.guards import Rule
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.outcomes.preconditions import preconditions
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term

_NO_CREDENTIALS: Final = "not request.headers.authorization"
_CREDENTIALS: Final = ("request.auth.token", "request.cookies", "request.headers")


@dataclass(frozen=True, slots=True, eq=False)
class Refusal:
    """A case before all that succeed: where the term holds, this is answered.

    `is_first` puts it before other refusals.
    """

    term: Term
    answered: Answered
    note: str
    is_first: bool = False


def refusals(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Iterator[Refusal]:
    """Give what this endpoint would refuse, by what its neighbours refused and by what HTTP means.

    A refusal is lent only where no recorded call that succeeded would have been refused by it.
    """
    fine = [scene for scene in behaviour.scenes if scene.sample.status < 400]
    if not fine:
        return
    told = {term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms}
    if not any(map(_is_anonymous, fine)) and _NO_CREDENTIALS not in told:
        found = _known(behaviours, 401, _wants_credentials, behaviour)
        if found is not None:
            note = "other endpoints refuse calls without credentials"
            yield Refusal(Term(_NO_CREDENTIALS, _is_anonymous), found, note, is_first=True)
    for term in preconditions(behaviour, behaviours):
        if not any(term.get(scene) for scene in fine):
            failed = _known(behaviours, 412, lambda _rule: True, behaviour)
            yield Refusal(term, failed or Answered(412, (), "none", Fixed(None)), "what HTTP says of preconditions")
    for name, lookup in behaviour.lookups.items():
        term = _absence(name)
        if term.text not in told and not any(term.get(scene) for scene in fine):
            answered = _of_absence(name, lookup, behaviour, behaviours)
            if answered is not None:
                is_item = name == "item"
                note = "there is no such item" if is_item else f"there is no {name}: what other endpoints answer then"
                yield Refusal(term, answered, note)


def _of_absence(name: str, lookup: Lookup, behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Answered | None:
    """Give what is answered where an item of the path, or a ticket, is not there."""
    is_path = name == "item" or lookup.key.text.startswith("request.path_params")
    is_ticket = lookup.key.text.startswith(_CREDENTIALS)
    if lookup.by is not None or not (is_path or is_ticket):
        return None
    found = _known(behaviours, 404 if is_path else 401, _wants_something, behaviour)
    if found is None and name == "item" and behaviour.endpoint.operation is None:
        return Answered(404, (), "none", Fixed(None))
    return found


def _is_anonymous(scene: Scene) -> bool:
    return not scene.sample.headers.get("authorization")


def _absence(name: str) -> Term:
    return Term(f"vars.{name} is none", lambda scene: scene.looked_up(name) is MISSING, name, 1.0, frozenset({name}))


def _wants_credentials(rule: Rule) -> bool:
    return any(term.text == _NO_CREDENTIALS for term in rule.terms)


def _wants_something(rule: Rule) -> bool:
    return any(term.text.endswith("is none") for term in rule.terms)


def _known(
    behaviours: Sequence[Behaviour], status: int, fits: Callable[[Rule], bool], borrower: Behaviour
) -> Answered | None:
    """Give the answer of the nearest endpoint that refuses so, if it can be given here as well."""
    best: tuple[int, Answered] | None = None
    for other in behaviours:
        for rule, outcome in other.cases:
            if rule is None or outcome.status != status or not fits(rule) or not _lends(outcome, borrower):
                continue
            distance = 0 if other.collection is borrower.collection else 4
            distance += 0 if other.endpoint.method == borrower.endpoint.method else 1
            distance += outcome.answered.unknown
            if best is None or distance < best[0]:
                best = (distance, outcome.answered)
    return best[1] if best is not None else None


def _lends(outcome: Outcome, borrower: Behaviour) -> bool:
    """Tell whether an answer says nothing that its borrower's requests do not have."""
    params = {f"request.path_params.{name}" for name in borrower.endpoint.params}
    for term in outcome.answered.terms:
        text = term.text
        if text.startswith("request.path_params") and text.split(" ")[0].strip("(") not in params:
            return False
        if "vars." in text or "request.json" in text or "request.form" in text:
            return False
    return True
