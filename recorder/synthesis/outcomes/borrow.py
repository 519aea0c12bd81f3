"""Refusals that an API is known for, lent to endpoints where none was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.outcomes.again import done_again
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.outcomes.callers_first import SHOWN
from recorder.synthesis.outcomes.error_style import as_others
from recorder.synthesis.outcomes.few_words import none_of_few
from recorder.synthesis.outcomes.handed_keys import without_a_key
from recorder.synthesis.outcomes.lending import lent
from recorder.synthesis.outcomes.preconditions import preconditions
from recorder.synthesis.outcomes.secrets import wrong_secrets
from recorder.synthesis.outcomes.unfit import Unfit, unfit, usual_status
from recorder.synthesis.outcomes.unknown_methods import is_remote
from recorder.synthesis.outcomes.unsent import unsent
from recorder.synthesis.outcomes.usual import usual_refusals
from recorder.synthesis.outcomes.whose import whose
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term

_NO_OBJECT: Final = "request.json is not mapping"
_WITH_BODY: Final = ("PUT", "PATCH")
_COOKIES: Final = "request.cookies"
_UNLIKE: Final = 20
"""How much farther a refusal is that is not known to be for the same."""
_MOST_TOGETHER: Final = 30
"""So many conditions are joined at most: an expression may not be nested too deep."""
_NO_CREDENTIALS: Final = "not request.headers.authorization"
_CREDENTIALS: Final = (SHOWN, "request.cookies", "request.headers")


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

    A refusal is lent only where no recorded call that succeeded would have been refused by it; where none succeeded,
    no recorded call at all.
    """
    fine = [scene for scene in behaviour.scenes if scene.sample.status < 400] or behaviour.scenes
    told = {term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms}
    has_credentials = bool(fine) or any(map(_is_accepted_with_credentials, _scenes(behaviours)))
    if has_credentials and not any(map(_is_anonymous, fine)) and _NO_CREDENTIALS not in told:
        found = _known(behaviours, 401, _wants_credentials, behaviour)
        note = "other endpoints refuse calls without credentials"
        if found is None and _are_few_sessions(fine) and not _is_told_of(behaviours, 401) and not is_remote(behaviour):
            found, note = (
                _unauthorized(behaviour, behaviours),
                "all calls had credentials: what HTTP says of those that have none",
            )
        if found is not None:
            yield Refusal(Term(_NO_CREDENTIALS, _is_anonymous), found, note, is_first=True)
    for term, lender in without_a_key(behaviours, behaviour):
        found = _known(behaviours, 401, _speaks_of(lender), behaviour)
        if found is not None and not any(term.get(scene) for scene in fine):
            yield Refusal(term, found, "other endpoints refuse calls without a key that was given", is_first=True)
    for term in preconditions(behaviour, behaviours):
        if not any(term.get(scene) for scene in fine):
            failed = _known(behaviours, 412, lambda _rule: True, behaviour)
            yield Refusal(term, failed or as_others(412, behaviour, behaviours), "what HTTP says of preconditions")
    if not behaviour.scenes and behaviour.endpoint.method in _WITH_BODY:
        unread = _known(behaviours, 400, _wants_a_body, behaviour) or as_others(400, behaviour, behaviours)
        yield Refusal(Term(_NO_OBJECT, _is_no_object), unread, "what is sent is no object")
    for name, lookup in behaviour.lookups.items():
        term = _absence(name)
        if term.text not in told and not any(term.get(scene) for scene in fine):
            answered = _of_absence(name, lookup, behaviour, behaviours)
            if answered is not None:
                is_item = name == "item"
                note = "there is no such item" if is_item else f"there is no {name}: what other endpoints answer then"
                yield Refusal(
                    term, answered, note, _tells_who_calls(lookup) and not any(map(term.get, behaviour.scenes))
                )
    yield from _owned(behaviour, behaviours, fine)
    yield from _usual(behaviour, behaviours, fine)
    yield from _unfit(behaviour, behaviours, fine)
    for one in unsent(behaviour, fine):
        lack = _known(behaviours, one.status, _speaks_of(one.term), behaviour)
        yield Refusal(one.term, lack or as_others(one.status, behaviour, behaviours), one.note, one.is_first)


def _usual(behaviour: Behaviour, behaviours: Sequence[Behaviour], fine: Sequence[Scene]) -> Iterator[Refusal]:
    """Give what nearly every service refuses: wrong passwords, what is so already, and what is there already."""
    for term, status, note in wrong_secrets(behaviour, behaviours, fine):
        wrong = _known(behaviours, status, _wants_another, behaviour) or as_others(status, behaviour, behaviours)
        yield Refusal(term, wrong, note)
    for again in done_again(behaviour, behaviours, fine):
        refused = _known(behaviours, again.status, _wants_a_state, behaviour)
        yield Refusal(again.term, refused or as_others(again.status, behaviour, behaviours), "it is so already")
    for usual in usual_refusals(behaviour, fine):
        fits = _wants_a_body if usual.is_first else _wants_another
        known = _known(behaviours, usual.status, fits, behaviour) or as_others(usual.status, behaviour, behaviours)
        yield Refusal(usual.term, known, usual.note, usual.is_first)


def _owned(behaviour: Behaviour, behaviours: Sequence[Behaviour], fine: Sequence[Scene]) -> Iterator[Refusal]:
    """Give what other endpoints refuse for whose an item is."""
    for term, outcome, lender in whose(behaviour, behaviours):
        answered = lent(outcome.answered, lender.endpoint, behaviour.endpoint)
        if answered is not None and not any(term.get(scene) for scene in fine):
            yield Refusal(term, answered, "other endpoints refuse so what is somebody else's")


def _unfit(behaviour: Behaviour, behaviours: Sequence[Behaviour], fine: Sequence[Scene]) -> Iterator[Refusal]:
    """Give what is refused of the form of a request, unless the API tells errors with 2xx."""
    operations = (scene.sample for one in behaviours if one.endpoint.operation is not None for scene in one.scenes)
    if any(sample.status >= 400 > sample.answered_status for sample in operations):
        return
    alike: dict[int, list[Unfit]] = defaultdict(list)
    for one in [*unfit(behaviour, fine), *none_of_few(behaviour, behaviours, fine)]:
        alike[usual_status(behaviour, behaviours, in_query=one.in_query)].append(one)
    for status, some in alike.items():
        known = _known(behaviours, status, _wants_a_form, behaviour) or as_others(status, behaviour, behaviours)
        for part in _in_parts(some):
            note = f"nothing that was accepted was so: {', '.join(dict.fromkeys(one.note for one in part))}"
            yield Refusal(_any([one.term for one in part]), known, note)


def _in_parts(some: Sequence[Unfit]) -> Iterator[list[Unfit]]:
    """Give conditions in as many parts as are needed for each to make one expression."""
    part: list[Unfit] = []
    size = 0
    for one in some:
        own = 1 + one.term.text.count(" or ") + one.term.text.count(" and ")
        if part and size + own > _MOST_TOGETHER:
            yield part
            part, size = [], 0
        part.append(one)
        size += own
    if part:
        yield part


def _any(terms: Sequence[Term]) -> Term:
    """Give that one of these holds."""
    if len(terms) == 1:
        return terms[0]
    text = " or ".join(f"({term.text})" for term in terms)
    return Term(text, lambda scene: any(term.get(scene) is True for term in terms), terms[0].name)


def _of_absence(name: str, lookup: Lookup, behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Answered | None:
    """Give what is answered where an item of the path, or a ticket, is not there."""
    is_path = name == "item" or (lookup.key.text.startswith("request.path_params") and not lookup.uses)
    is_ticket = lookup.key.text.startswith(_CREDENTIALS)
    if lookup.by is not None or not (is_path or is_ticket) or (name == "gone" and not _brings_back(behaviour)):
        return None
    found = _known(behaviours, 404 if is_path else 401, _wants_something, behaviour)
    if found is None and is_ticket:
        alike = [one for one in behaviours if lookup.collection in _wanted_by(one)]
        found = _known(alike, 403, _wants_something, behaviour)
    if found is None and name == "item" and behaviour.endpoint.operation is not None:
        own = [one for one in behaviours if one.collection is behaviour.collection]
        found = _known(own, 400, _wants_item, behaviour)
    is_sent = is_ticket and not lookup.key.text.startswith(_COOKIES)
    is_usual = is_sent and _are_few_sessions(behaviour.scenes) and not is_remote(behaviour)
    if found is None and is_usual and not _is_told_of(behaviours, 401):
        return _unauthorized(behaviour, behaviours)
    if name == "item" and any(outcome.answered.code is not None for _, outcome in behaviour.cases):
        return None  # what is not there is made
    if found is None and name == "item" and behaviour.endpoint.operation is None:
        return as_others(404, behaviour, behaviours)
    return found


def _brings_back(behaviour: Behaviour) -> bool:
    """Tell whether all that is answered with success shows what was deleted, after few sessions."""
    fine = [outcome for _, outcome in behaviour.cases if outcome.status < 300]
    shown = [any("gone" in term.uses for term in outcome.answered.terms) for outcome in fine]
    return bool(fine) and all(shown) and _are_few_sessions(behaviour.scenes)


def _tells_who_calls(lookup: Lookup) -> bool:
    """Tell whether something is looked up by what tells who calls: nothing else is looked at before that is known."""
    return lookup.key.text == SHOWN


def _is_anonymous(scene: Scene) -> bool:
    return not scene.sample.headers.get("authorization")


def _is_accepted_with_credentials(scene: Scene) -> bool:
    return scene.sample.succeeded and not _is_anonymous(scene)


def _scenes(behaviours: Sequence[Behaviour]) -> Iterator[Scene]:
    return (scene for one in behaviours for scene in one.scenes)


def _are_few_sessions(scenes: Sequence[Scene]) -> bool:
    """Tell whether there is too little recorded to say that a refusal which nobody provoked does not exist."""
    return bool(scenes) and are_few(scenes)


def _is_told_of(behaviours: Sequence[Behaviour], status: int) -> bool:
    return any(outcome.status == status for one in behaviours for _, outcome in one.cases)


def _unauthorized(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Answered:
    """Give what HTTP says to answer to a call without credentials, of the scheme that calls had (RFC 9110 §15.5.2)."""
    scheme = next((scene.sample.auth.scheme for scene in behaviour.scenes if scene.sample.auth.scheme), "")
    told = as_others(401, behaviour, behaviours)
    header = ("www-authenticate", Fixed(scheme.capitalize()), None)
    return replace(told, headers=[*told.headers, header]) if scheme else told


def _is_no_object(scene: Scene) -> bool:
    return not isinstance(scene.sample.json, dict)


def _wants_a_body(rule: Rule) -> bool:
    return any(term.text.startswith("request.") and "request.json is not " in term.text for term in rule.terms)


def _wants_a_form(rule: Rule) -> bool:
    return any(term.text.lstrip("(").startswith("request.") for term in rule.terms)


def _wants_a_state(rule: Rule) -> bool:
    """Tell whether a rule refuses what is not in the state for it."""
    return any("vars.item." in term.text and ("==" in term.text or "!=" in term.text) for term in rule.terms)


def _wants_another(rule: Rule) -> bool:
    """Tell whether a rule refuses what is there already."""
    return any(term.text.endswith("is not none") for term in rule.terms)


def _absence(name: str) -> Term:
    return Term(f"vars.{name} is none", lambda scene: scene.looked_up(name) is MISSING, name, 1.0, frozenset({name}))


def _wants_credentials(rule: Rule) -> bool:
    return any(term.text == _NO_CREDENTIALS for term in rule.terms)


def _speaks_of(term: Term) -> Callable[[Rule], bool]:
    return lambda rule: any(one.text == term.text for one in rule.terms)


def _wants_something(rule: Rule) -> bool:
    return any(term.text.endswith("is none") for term in rule.terms)


def _wanted_by(behaviour: Behaviour) -> set[str]:
    """Give the tables of which a call has to show something that is in them, or is refused."""
    told = {term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms}
    return {one.collection for name, one in behaviour.lookups.items() if _absence(name).text in told}


def _wants_item(rule: Rule) -> bool:
    """Tell whether a rule refuses what speaks of an item that is not there, and nothing else."""
    return [term.text for term in rule.terms] == ["vars.item is none"]


def _known(
    behaviours: Sequence[Behaviour], status: int, fits: Callable[[Rule], bool], borrower: Behaviour
) -> Answered | None:
    """Give the answer of the nearest endpoint that refuses so, if it can be given here as well.

    With few sessions that of any refusal with this status is better than none, where there is no other.
    """
    best: tuple[int, Answered] | None = None
    for other in behaviours:
        for rule, outcome in other.cases:
            is_such = rule is not None and fits(rule)
            if outcome.status != status or not (is_such or _are_few_sessions(other.scenes)):
                continue
            answered = lent(outcome.answered, other.endpoint, borrower.endpoint)
            if answered is None:
                continue
            is_near = other.collection is borrower.collection
            if outcome.answered.status < 400 and not is_near and not _are_of_one_door(other, borrower):
                continue  # what only counts as refused is no rule of the whole API
            distance = (0 if is_near else 4) + (0 if _are_told_alike(other, borrower) else 2)
            distance += 0 if other.endpoint.method == borrower.endpoint.method else 1
            distance += answered.unknown + (0 if is_such else _UNLIKE)
            if best is None or distance < best[0]:
                best = (distance, answered)
    return best[1] if best is not None else None


def _are_of_one_door(one: Behaviour, other: Behaviour) -> bool:
    """Tell whether two endpoints are methods of JSON-RPC at one path, of which nobody called the other one."""
    first, second = one.endpoint.operation, other.endpoint.operation
    if first is None or second is None or other.scenes:
        return False
    return bool(first.envelope and second.envelope) and first.segments == second.segments


def _are_told_alike(one: Behaviour, other: Behaviour) -> bool:
    """Tell whether two endpoints are of one protocol: the same field tells their calls apart, if any does."""
    first, second = one.endpoint.discriminator, other.endpoint.discriminator
    if first is None or second is None:
        return first is second
    return (first.where, first.name) == (second.where, second.name)
