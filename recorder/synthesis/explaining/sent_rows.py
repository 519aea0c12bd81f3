"""Sent rows: things that are sent as a list, or one of them alone, as `{"rows": […]}` and `{"row": {…}}`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Chosen, Node
from recorder.synthesis.samples.values import MISSING, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, is_there
from recorder.synthesis.terms.vocabulary import Vocabulary

_SENT: Final = "request.json"
_LEAST: Final = 2
_MOST: Final = 20
"""How many calls are looked at for what is sent."""


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


def sent_or_not(
    cases: Sequence[Case], vocabulary: Vocabulary, explain: Callable[[Sequence[Case]], Node]
) -> Node | None:
    """Explain a list that some calls send apart from what is there where none is sent, as far as both are known."""
    term = _sent_by_some(cases, vocabulary)
    if term is None:
        return None
    parts: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        parts[term.get(case[0]) is MISSING].append(case)
    made = Chosen([(is_there(term), explain(parts[0])), (None, explain(parts[1]))])
    return None if made.unknown else made


def _sent_by_some(cases: Sequence[Case], vocabulary: Vocabulary) -> Term | None:
    """Give the list that some calls send, and show row by row, where others send none and show rows all the same."""
    scenes = [scene for scene, rows in cases if rows and isinstance(scene.sample.json, dict)]
    for term in {term.text: term for scene in scenes[:_MOST] for term, _ in vocabulary.lists(scene)}.values():
        there = [(value, rows) for scene, rows in cases if (value := term.get(scene)) is not MISSING]
        is_so = term.text.startswith(_SENT) and min(len(there), len(cases) - len(there)) >= _LEAST
        if is_so and all(_are_shown(value, rows) for value, rows in there):
            return term
    return None


def _are_shown(sent: Any, rows: Sequence[Any]) -> bool:
    if not isinstance(sent, list) or len(sent) != len(rows) or not rows:
        return False
    return all(isinstance(row, dict) and _is_shown(one, row) for one, row in zip(sent, rows, strict=True))


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
