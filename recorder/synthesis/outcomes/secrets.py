"""Secrets: what is not the password with which an account was made, where all accepted calls sent that one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.request_terms import form_term, json_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_FEW_SESSIONS: Final = 3
_SECRET: Final = re.compile(r"pass(?:word|phrase|code|wd)?|pin|secret", re.IGNORECASE)
_SENT: Final = ("request.json.", "request.form.")
_REMEMBERED: Final = "request"
"""Where what was sent when an account was made is kept in what is looked up by its name."""


def wrong_secrets(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Term]:
    """Give when a secret is another than the one that what is named by something else that is sent was made with.

    In all of the accepted calls, `fine`, it was that one; only after few sessions, more of them show what is refused.
    """
    accepted = [scene for scene in fine if scene.sample.succeeded]
    is_few = len({scene.sample.session for scene in accepted}) <= _FEW_SESSIONS
    if not accepted or not is_few or behaviour.endpoint.method != "POST":
        return
    for name, lookup in behaviour.lookups.items():
        if lookup.by is not None or not lookup.key.text.startswith(_SENT):
            continue
        for secret in _secrets(accepted[0]):
            sent = form_term(secret) if lookup.key.text.startswith(_SENT[1]) else json_term((secret,))
            if all(_is_right(scene, name, secret, sent) for scene in accepted):
                kept = member(f"vars.{name}", (_REMEMBERED, secret))
                text = f"vars.{name} is not none and {kept} is defined and {kept} != {sent.text}"
                yield Term(text, _differs(name, secret, sent), secret, 1.0, sent.uses | {name}, sent.keeps)


def _secrets(scene: Scene) -> list[str]:
    documents: list[Mapping[str, Any]] = [scene.sample.form, *filter(_is_object, [scene.sample.json])]
    return [name for one in documents for name in one if _SECRET.fullmatch(str(name))]


def _is_object(document: Any) -> bool:
    return isinstance(document, dict)


def _remembered(scene: Scene, name: str, secret: str) -> Any:
    return look(scene.looked_up(name), (_REMEMBERED, secret))


def _is_right(scene: Scene, name: str, secret: str, sent: Term) -> bool:
    return sent.get(scene) is not MISSING and _remembered(scene, name, secret) == sent.get(scene)


def _differs(name: str, secret: str, sent: Term) -> Any:
    def holds(scene: Scene) -> bool:
        kept = _remembered(scene, name, secret)
        return kept is not MISSING and kept != sent.get(scene)

    return holds
