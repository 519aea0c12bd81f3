"""Secrets: what is not the password with which an account was made, where all accepted calls sent that one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.request_terms import form_term, json_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_FEW_SESSIONS: Final = 3
_SECRET: Final = re.compile(r"pass(?:word|phrase|code|wd)?|pin|secret", re.IGNORECASE)
_CURRENT: Final = re.compile(
    r"(?:current|old|present)(?:_?(?:pass(?:word|phrase|code|wd)?|pin|secret))?", re.IGNORECASE
)
_WRITES: Final = ("POST", "PUT", "PATCH")
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_CREDENTIALS: Final = ("request.auth", "request.cookies", "request.headers")
_SENT: Final = ("request.json.", "request.form.")
_REMEMBERED: Final = "request"
"""Where what was sent when an account was made is kept in what is looked up by its name."""


class Wrong(NamedTuple):
    """Where the term holds, a secret is wrong, which is refused with this status."""

    term: Term
    status: int


def wrong_secrets(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Wrong]:
    """Give when a secret is another than the one that what is sent beside it names, or who calls, was made with.

    In all of the accepted calls, `fine`, it was that one; only after few sessions, more of them show what is refused.
    """
    accepted = [scene for scene in fine if scene.sample.succeeded]
    is_few = len({scene.sample.session for scene in accepted}) <= _FEW_SESSIONS
    if not accepted or not is_few or behaviour.endpoint.method not in _WRITES:
        return
    for name, lookup in behaviour.lookups.items():
        is_named, is_caller = (lookup.key.text.startswith(parts) for parts in (_SENT, _CREDENTIALS))
        if lookup.by is not None or not (is_named or is_caller):
            continue
        for sent in _sent(accepted[0], _SECRET if is_named else _CURRENT):
            for secret in _kept(accepted[0], name):
                if (is_caller or sent.name == secret) and all(_is_right(one, name, secret, sent) for one in accepted):
                    kept = member(f"vars.{name}", (_REMEMBERED, secret))
                    text = f"vars.{name} is not none and {kept} is defined and {kept} != {sent.text}"
                    term = Term(text, _differs(name, secret, sent), sent.name, 1.0, sent.uses | {name}, sent.keeps)
                    yield Wrong(term, _UNAUTHORIZED if is_named else _FORBIDDEN)


def _sent(scene: Scene, pattern: re.Pattern[str]) -> list[Term]:
    """Give the secrets that a call sends."""
    sent = scene.sample.json if isinstance(scene.sample.json, dict) else {}
    terms = [*(json_term((name,)) for name in sent), *(form_term(name) for name in scene.sample.form)]
    return [term for term in terms if pattern.fullmatch(term.name)]


def _kept(scene: Scene, name: str) -> list[str]:
    """Give the secrets that are remembered of what is looked up."""
    kept = look(scene.looked_up(name), (_REMEMBERED,))
    return [one for one in kept if _SECRET.fullmatch(one)] if isinstance(kept, dict) else []


def _remembered(scene: Scene, name: str, secret: str) -> Any:
    return look(scene.looked_up(name), (_REMEMBERED, secret))


def _is_right(scene: Scene, name: str, secret: str, sent: Term) -> bool:
    return sent.get(scene) is not MISSING and _remembered(scene, name, secret) == sent.get(scene)


def _differs(name: str, secret: str, sent: Term) -> Any:
    def holds(scene: Scene) -> bool:
        kept = _remembered(scene, name, secret)
        return kept is not MISSING and kept != sent.get(scene)

    return holds
