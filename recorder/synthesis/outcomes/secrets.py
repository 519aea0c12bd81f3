"""Secrets: what is refused of another password than the one that an account was made with, and of nobody's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from recorder.synthesis.endpoints.verbs import words_of
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, look, same
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import form_term, json_term
from recorder.synthesis.terms.scene import HIDDEN, Lookup, Scene
from recorder.synthesis.terms.term import Get, Term, member
from recorder.synthesis.terms.vocabulary import hidden_name

_WRITES: Final = ("POST", "PUT", "PATCH")
_SECRET: Final = frozenset(("password", "passphrase", "secret", "passwd", "pwd", "passcode", "pin"))
_CURRENT: Final = frozenset(("current", "old", "present"))
"""How the secret is called, too, that is sent beside the one in its place."""
_WHO_CALLS: Final = ("request.auth", "request.cookies", "request.headers")
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403


class Wrong(NamedTuple):
    """Where the term holds, a secret is wrong, which is refused with this status."""

    term: Term
    status: int
    note: str


def wrong_secrets(behaviour: Behaviour, behaviours: Sequence[Behaviour], fine: Sequence[Scene]) -> Iterator[Wrong]:
    """Give when a secret is another than the one that what is sent beside it names, or who calls, was made with.

    `fine` are the calls that were not refused: none of them would be. After more than a few sessions it was seen what
    is refused.
    """
    is_told_apart = behaviour.endpoint.operation is not None or bool(behaviour.endpoint.element)
    if is_told_apart or not fine or not are_few(fine) or behaviour.endpoint.method not in _WRITES:
        return
    told = " ".join(term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms)
    shut_out = _shut_out(behaviour, fine, told, is_changed=_is_changed(behaviour, behaviours))
    yield from (one for one in shut_out if not any(map(one.term.get, fine)))


def _is_changed(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> bool:
    """Tell whether some call may set another password for an account that is there already."""
    others = [one for one in behaviours if one is not behaviour and one.binding.role != "collection"]
    scenes = (scene for one in others for scene in one.scenes if scene.sample.succeeded)
    return any(any(map(_is_secret, _members(scene.sample))) for scene in scenes)


def _shut_out(behaviour: Behaviour, fine: Sequence[Scene], told: str, *, is_changed: bool) -> Iterator[Wrong]:
    """Give when another password is sent than the one that an account was made with, or one for no account.

    What is hidden in an item is not known any more once it `is_changed`; of what came with a ticket that is followed.
    """
    are_known = all(scene.sample.headers.get("authorization") or scene.sample.cookies for scene in fine)
    for name, lookup in sorted(behaviour.lookups.items(), key=lambda pair: pair[1].key.text.startswith(_WHO_CALLS)):
        found = [scene for scene in fine if scene.looked_up(name) is not MISSING]
        is_caller = lookup.key.text.startswith(_WHO_CALLS)
        for sent, old in _secrets(found, name, lookup):
            if old.text in told or (old.keeps and is_changed):
                return
            text = f"vars.{name} is not none and {sent.text} is string and {sent.text} != ({old.text} | string)"
            term = Term(text, _is_another(sent, old), sent.name, uses=old.uses, keeps=old.keeps)
            yield Wrong(term, _FORBIDDEN if are_known else _UNAUTHORIZED, f"{sent.name} is another one than was set")
            keys = {as_text(lookup.key.get(scene)) for scene in found}
            is_told = f"vars.{name} is none" in told or is_caller
            if len(found) == len(fine) and len(keys) > 1 and not is_told:
                nobody = Term(f"vars.{name} is none", _is_nobody(name), name, uses=frozenset({name}))
                yield Wrong(nobody, _UNAUTHORIZED, f"there is no {name} that is so called")
            return


def _secrets(found: Sequence[Scene], name: str, lookup: Lookup) -> Iterator[tuple[Term, Term]]:
    """Give the secrets that all these calls send as they are remembered, with where they are."""
    for text in filter(_may_be_secret, _members(found[0].sample)) if found else ():
        sent = json_term((text,)) if isinstance(found[0].sample.json, dict) else form_term(text)
        for old in _remembered(found[0], name, lookup):
            if all(isinstance(sent.get(one), str) and same(sent.get(one), old.get(one)) for one in found):
                yield sent, old


def _remembered(scene: Scene, name: str, lookup: Lookup) -> Iterator[Term]:
    """Give the secrets that are remembered with what is looked up: with a ticket, or hidden in an item."""
    request = look(scene.looked_up(name), ("request",))
    for own in filter(_is_secret, request if isinstance(request, dict) else ()):
        where = ("request", own)
        yield Term(member(f"vars.{name}", where), _held(name, where), own, uses=frozenset({name}))
    hidden = scene.timeline.get(lookup.collection + HIDDEN, scene.key_of(name), scene.moment)
    for own in hidden if isinstance(hidden, dict) else ():
        if _is_secret(own.rpartition(".")[2]):
            keeps = frozenset({(lookup.collection, own)})
            text = f"vars.{name}.{hidden_name(own)}"
            yield Term(text, _hidden(name, own), own, uses=frozenset({name}), keeps=keeps)


def _held(name: str, where: Path) -> Get:
    return lambda scene: look(scene.looked_up(name), where)


def _hidden(name: str, attribute: str) -> Get:
    return lambda scene: scene.hidden(name, attribute)


def _members(sample: Sample) -> list[str]:
    return list(sample.json) if isinstance(sample.json, dict) else list(sample.form)


def _is_another(sent: Term, old: Term) -> Get:
    def holds(scene: Scene) -> bool:
        given, known = sent.get(scene), old.get(scene)
        return isinstance(given, str) and known is not MISSING and given != as_text(known)

    return holds


def _is_secret(name: str) -> bool:
    return not _SECRET.isdisjoint(words_of(name))


def _may_be_secret(name: str) -> bool:
    return not (_SECRET | _CURRENT).isdisjoint(words_of(name))


def _is_nobody(name: str) -> Get:
    return lambda scene: scene.looked_up(name) is MISSING
