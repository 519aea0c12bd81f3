"""Refusals that an API is known for, lent to endpoints where none was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recorder.synthesis.answer import Answered
from recorder.synthesis.behaviour import Behaviour, Outcome
from recorder.synthesis.guards import Rule
from recorder.synthesis.node import Fixed
from recorder.synthesis.term import Term
from recorder.synthesis.values import MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Refusal:
    """A case before all that succeed: where the term holds, this is answered. `is_first` puts it before other refusals."""

    term: Term
    answered: Answered
    note: str
    is_first: bool = False


_NO_CREDENTIALS: Final = "not request.headers.authorization"


def refusals(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Iterator[Refusal]:
    """Give what this endpoint would refuse, by what its neighbours refused and by what HTTP means.

    A refusal is lent only where no recorded call that succeeded would have been refused by it.
    """
    fine = [scene for scene in behaviour.scenes if scene.sample.status < 400]
    if not fine:
        return
    told = {term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms}
    if all(scene.sample.headers.get("authorization") for scene in fine) and _NO_CREDENTIALS not in told:
        found = _known(
            behaviours, 401, lambda rule: any(term.text == _NO_CREDENTIALS for term in rule.terms), behaviour
        )
        if found is not None:
            term = Term(_NO_CREDENTIALS, lambda scene: not scene.sample.headers.get("authorization"))
            yield Refusal(term, found, "other endpoints refuse calls without credentials", is_first=True)
    for name, lookup in behaviour.lookups.items():
        text = f"vars.{name} is none"
        if text in told or any(scene.looked_up(name) is MISSING for scene in fine):
            continue
        is_path = name == "item" or lookup.key.text.startswith("request.path_params")
        is_ticket = lookup.key.text.startswith(("request.auth.token", "request.cookies", "request.headers"))
        if not is_path and not is_ticket or lookup.by is not None:
            continue
        status = 404 if is_path else 401
        found = _known(
            behaviours, status, lambda rule: any(term.text.endswith("is none") for term in rule.terms), behaviour
        )
        if found is None and is_path and name == "item":
            found = Answered(404, (), "none", Fixed(None))
        if found is not None:
            term = Term(text, lambda scene, name=name: scene.looked_up(name) is MISSING, name, 1.0, frozenset({name}))
            yield Refusal(
                term,
                found,
                f"there is no {name}: what other endpoints answer then" if name != "item" else "there is no such item",
            )


def _known(behaviours: Sequence[Behaviour], status: int, fits: object, borrower: Behaviour) -> Answered | None:
    """Give the answer of the nearest endpoint that refuses so, if it can be given here as well."""
    assert callable(fits)
    best: tuple[int, Answered] | None = None
    for other in behaviours:
        for rule, outcome in other.cases:
            if rule is None or outcome.status != status or not fits(rule) or not _lends(outcome, rule, borrower):
                continue
            distance = 0 if other.collection is borrower.collection else 4
            distance += 0 if other.endpoint.method == borrower.endpoint.method else 1
            distance += outcome.answered.unknown
            if best is None or distance < best[0]:
                best = (distance, outcome.answered)
    return best[1] if best is not None else None


def _lends(outcome: Outcome, rule: Rule, borrower: Behaviour) -> bool:
    del rule
    params = {f"request.path_params.{name}" for name in borrower.endpoint.params}
    for term in outcome.answered.terms:
        text = term.text
        if text.startswith("request.path_params") and text.split(" ")[0].strip("(") not in params:
            return False
        if "vars." in text or "request.json" in text or "request.form" in text:
            return False
    return True
