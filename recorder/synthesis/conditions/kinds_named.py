"""Kinds named: what texts say before a sign, as `map` in `map:blue` and `https` in an address, where few kinds come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.conditions.condition import Condition, Subject
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal

_SENT: Final = ("request.json", "request.form", "request.query")
_SIGNS: Final = ":/"
_MOST: Final = 6
_EACH: Final = 3
_LEAST: Final = 6


def of_kinds(subject: Subject, scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions on the kind that a sent text names: that it is one, or none of those that were accepted."""
    if not subject.text.startswith(_SENT) or are_few(scenes):
        return
    pairs = list(zip(scenes, subject.values, strict=True))
    good = [(scene, value) for scene, value in pairs if scene.sample.succeeded and isinstance(value, str)]
    sign = next((one for one in _SIGNS if good and all(one in value.strip(one) for _, value in good)), None)
    if sign is None:
        return
    sessions: dict[str, set[int]] = defaultdict(set)
    for scene, value in good:
        sessions[value.partition(sign)[0]].add(scene.sample.session)
    is_few = len(sessions) <= _MOST and len(good) >= max(_LEAST, _EACH * len(sessions))
    if not is_few or any(len(where) == 1 for where in sessions.values()):
        return
    kind = f"({subject.text} | split({literal(sign)}) | first)"
    known = frozenset(sessions)
    text = f"{subject.text} is string and {kind} not in {literal(sorted(known))}"
    yield subject.condition(text, _is_other(sign, known), 0.42, turns=False)
    for one in sorted(known) if len(known) > 1 else ():
        yield subject.condition(f"{subject.text} is string and {kind} == {literal(one)}", _is_of(sign, one), 0.45)


def _is_other(sign: str, known: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value.partition(sign)[0] not in known


def _is_of(sign: str, kind: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value.partition(sign)[0] == kind
