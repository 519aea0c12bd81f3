"""Sent rows: things that are sent as a list, or one of them alone, as `{"rows": […]}` and `{"row": {…}}`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.samples.values import MISSING, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, is_there
from recorder.synthesis.terms.vocabulary import Vocabulary

_SENT = "request.json"


def or_alone(term: Term, cases: Sequence[Case], vocabulary: Vocabulary) -> Term | None:
    """Give the list that is sent, or where none is, one of the thing that is sent in its stead.

    None where all calls sent the list, or what some sent instead is not shown as the only row of their answers.
    """
    alone = [(scene, rows) for scene, rows in cases if term.get(scene) is MISSING]
    if not term.text.startswith(_SENT) or not alone or len(alone) == len(cases):
        return None
    if any(len(rows) != 1 or not isinstance(rows[0], dict) for _, rows in alone):
        return None
    for other, _ in vocabulary.objects(alone[0][0]):
        if other.text.startswith(_SENT) and all(_is_shown(other.get(scene), rows[0]) for scene, rows in alone):
            return _either(term, other)
    return None


def _is_shown(sent: Any, row: dict[str, Any]) -> bool:
    """Tell whether all that was sent of a thing is shown of it, or was made into another value."""
    if not isinstance(sent, dict) or not sent or not set(sent) <= set(row):
        return False
    return any(same(value, row[name]) for name, value in sent.items())


def _either(term: Term, other: Term) -> Term:
    there = is_there(term)

    def get(scene: Scene) -> Any:
        found = term.get(scene)
        return [other.get(scene)] if found is MISSING else found

    text = f"({term.text} if {there.text} else [{other.text}])"
    cost, uses, keeps = max(term.cost, other.cost) + 0.1, term.uses | other.uses, term.keeps | other.keeps
    return Term(text, get, term.name, cost, uses, keeps)
