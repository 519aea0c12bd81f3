"""Keys that were handed out beforehand: an endpoint that refuses all others shows what its neighbours refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.terms.request_terms import header_term, token_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_UNAUTHORIZED: Final = 401
_ABSENT: Final = re.compile(r"(?P<sent>request\.headers\['(?P<name>x-[\w-]+)'\]) is not defined")
_OTHER: Final = re.compile(
    r"(?P<sent>request\.(?:auth\.token|headers\['(?P<name>x-[\w-]+)'\])) is defined and (?P=sent) not in \['.*'\]"
)


def without_a_key(behaviours: Sequence[Behaviour], borrower: Behaviour) -> Iterator[tuple[Term, Term]]:
    """Give when a call has no such key, or one that nobody was given, each with the rule that it is lent from.

    Which keys there are is told by all calls that were not refused as nobody's.
    """
    told = [one.text for one in _rules([borrower])]
    for pattern in (_ABSENT, _OTHER):
        lent = {found["sent"] for text in told if (found := pattern.fullmatch(text)) is not None}
        for lender in _rules(behaviours):
            found = pattern.fullmatch(lender.text)
            if found is not None and found["sent"] not in lent:
                lent.add(found["sent"])
                sent = header_term(found["name"]) if found["name"] else token_term()
                yield (lender if pattern is _ABSENT else _is_anothers(sent, behaviours)), lender


def _rules(behaviours: Sequence[Behaviour]) -> Iterator[Term]:
    """Give the conditions that alone have a call refused as nobody's."""
    for one in behaviours:
        for rule, outcome in one.cases:
            if rule is not None and outcome.status == _UNAUTHORIZED and len(rule.terms) == 1:
                yield rule.terms[0]


def _is_anothers(sent: Term, behaviours: Sequence[Behaviour]) -> Term:
    known = {sent.get(scene) for one in behaviours for scene in one.scenes if scene.sample.status != _UNAUTHORIZED}
    keys = sorted(value for value in known if isinstance(value, str))
    text = f"{sent.text} is defined and {sent.text} not in {literal(keys)}"
    return Term(text, _is_none_of(sent, frozenset(keys)), sent.name)


def _is_none_of(sent: Term, keys: frozenset[str]) -> Callable[[Scene], bool]:
    return lambda scene: isinstance(value := sent.get(scene), str) and value not in keys
