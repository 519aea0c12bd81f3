"""Usual refusals: what nearly every service refuses, where too little was recorded to say otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.collections.references import free_name
from recorder.synthesis.endpoints.verbs import words_of
from recorder.synthesis.outcomes.behaviour import Behaviour, entity_in_request
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, is_scalar, look, same
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import form_term, json_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Get, Term, member

_WRITES: Final = ("POST", "PUT", "PATCH")
_NAMES: Final = ("username", "userName", "user_name", "login", "handle", "slug", "email")
_SECRETS: Final = ("password", "passphrase", "secret")
_STOCK: Final = frozenset(("stock", "available", "availability", "remaining", "left"))
"""What members are called that say how much there is of a thing."""
_SOME: Final = 2
_BAD_REQUEST: Final = 400
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """Where the term holds, a service answers with this status; `is_first` puts it before other refusals."""

    term: Term
    status: int
    note: str
    is_first: bool = False


def usual_refusals(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Usual]:
    """Give what is refused of a body that is no JSON, and of a thing that is there already.

    `fine` are the calls that were not refused: none of them would be.
    """
    is_told_apart = behaviour.endpoint.operation is not None or bool(behaviour.endpoint.element)
    if is_told_apart or not fine or not are_few(fine) or behaviour.endpoint.method not in _WRITES:
        return
    told = " ".join(term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms)
    if all(isinstance(scene.sample.json, dict) for scene in fine) and "request.json is not mapping" not in told:
        text = "request.body and request.json is not mapping"
        yield Usual(Term(text, _is_no_object), _BAD_REQUEST, "what is sent is no object of JSON", is_first=True)
    elif "request.json is not" not in told and all(isinstance(scene.sample.json, dict | list) for scene in fine):
        text = "request.body and request.json is not defined"
        yield Usual(Term(text, _is_unreadable), _BAD_REQUEST, "what is sent is no JSON", is_first=True)
    if any(outcome.status == _CONFLICT for _, outcome in behaviour.cases) or behaviour.endpoint.method != "POST":
        return
    yield from _beyond_stock(behaviour, fine)
    for term in _taken(behaviour, fine):
        if not any(term.get(scene) for scene in fine):
            yield Usual(term, _CONFLICT, f"there is one with this {term.name} already")


def _beyond_stock(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Usual]:
    """Give when more is asked for than there is of a thing that says how much that is."""
    for name in behaviour.lookups:
        found = [scene for scene in fine if isinstance(scene.looked_up(name), dict)]
        for own in _stocked(found, name):
            held = Term(member(f"vars.{name}", (own,)), _held(name, (own,)), own, uses=frozenset({name}))
            for text in _members(found[0].sample):
                sent = json_term((text,))
                pairs = [(sent.get(scene), held.get(scene)) for scene in found]
                if sum(is_number(one) for one, _ in pairs) < _SOME or any(_is_beyond(*pair) for pair in pairs):
                    continue
                are_numbers = f"{sent.text} is number and {held.text} is number"
                term = Term(f"{are_numbers} and {sent.text} > {held.text}", _is_more(sent, held), text, uses=held.uses)
                yield Usual(term, _CONFLICT, f"there is less of {name} than that")


def _stocked(found: Sequence[Scene], name: str) -> list[str]:
    """Give the members of what is looked up that say how much there is of it."""
    items = [scene.looked_up(name) for scene in found]
    named = [own for own in items[0] if own.isidentifier() and not _STOCK.isdisjoint(words_of(own))] if items else []
    return [own for own in named if all(is_number(item.get(own)) for item in items)]


def _is_beyond(sent: Any, held: Any) -> bool:
    return is_number(sent) and is_number(held) and sent > held


def _is_more(sent: Term, held: Term) -> Get:
    return lambda scene: _is_beyond(sent.get(scene), held.get(scene))


def _held(name: str, where: Path) -> Get:
    return lambda scene: look(scene.looked_up(name), where)


def _members(sample: Sample) -> list[str]:
    return list(sample.json) if isinstance(sample.json, dict) else list(sample.form)


def _is_unreadable(scene: Scene) -> bool:
    return bool(scene.sample.body) and scene.sample.json is MISSING


def _is_no_object(scene: Scene) -> bool:
    return bool(scene.sample.body) and not isinstance(scene.sample.json, dict)


def _taken(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Term]:
    """Give when a new thing has the id, or the name of a person or a page, that another one has."""
    binding = behaviour.binding
    if binding.role == "collection" and binding.collection is not None and isinstance(binding.made, tuple):
        lead = entity_in_request(fine, binding)
        prefix = prefix_term(behaviour.endpoint, binding)
        yield _taken_id(behaviour, _sent_term(fine, (*lead, binding.made[-1])), binding.collection, prefix)
        if prefix.text == "''" and binding.entity is not None:
            yield from _taken_names(behaviour, fine, binding.collection, lead, binding.entity)
    for one in binding.also:
        if not one.is_sent and not one.is_told and one.entity is not None and one.collection.count == 1:
            yield from _taken_names(behaviour, fine, one.collection, (), one.entity)


def _sent_term(fine: Sequence[Scene], path: Path) -> Term:
    """Give the term of a member of what these calls sent, in JSON or in a form."""
    return form_term(str(path[-1])) if all(scene.sample.form for scene in fine) else json_term(path)


def _taken_id(behaviour: Behaviour, sent: Term, collection: Collection, prefix: Term) -> Term:
    def key(scene: Scene) -> Any:
        value = sent.get(scene)
        return f"{as_text(prefix.get(scene))}{as_text(value)}" if is_scalar(value) and value is not None else MISSING

    text = sent.text if prefix.text == "''" else f"{prefix.text} ~ {sent.text}"
    return _taken_by(behaviour, Lookup("", collection.name, Term(text, key, sent.name)), sent)


def _taken_by(behaviour: Behaviour, lookup: Lookup, sent: Term) -> Term:
    """Give the term that a look-up finds something; the behaviour looks it up."""
    known = next((name for name, one in behaviour.lookups.items() if one.text == lookup.text), None)
    name = known or free_name(f"taken_{sent.name}", behaviour.lookups)
    behaviour.lookups.setdefault(name, replace(lookup, name=name))

    def is_taken(scene: Scene) -> bool:
        return sent.get(scene) is not MISSING and lookup.find(scene)[1] is not MISSING

    text = f"{sent.text} is defined and vars.{name} is not none"
    return Term(text, is_taken, sent.name, uses=frozenset({name}))


def _taken_names(
    behaviour: Behaviour, fine: Sequence[Scene], collection: Collection, lead: Path, entity: Path
) -> Iterator[Term]:
    """Give so for names that all of these calls sent and were shown; an address only beside a password."""
    documents = [scene.sample.form or look(scene.sample.json, lead) for scene in fine]
    for name in _NAMES:
        is_account = all(isinstance(one, dict) and any(secret in one for secret in _SECRETS) for one in documents)
        if name == "email" and not is_account:
            continue
        shown = [look(scene.sample.answer_json, (*entity, name)) for scene in fine]
        sent = _sent_term(fine, (*lead, name))
        if _names_who_is_known(behaviour, fine, sent):
            continue
        if all(same(sent.get(scene), value) for scene, value in zip(fine, shown, strict=True)):
            yield _taken_by(behaviour, Lookup("", collection.name, sent, by=name), sent)


def _names_who_is_known(behaviour: Behaviour, fine: Sequence[Scene], sent: Term) -> bool:
    """Tell whether what was sent always named somebody who was there already, as who signs in does."""
    asked = [one for one in behaviour.lookups.values() if one.key.text == sent.text]
    return any(all(one.find(scene)[1] is not MISSING for scene in fine) for one in asked)
