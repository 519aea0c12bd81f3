"""Ends of lists: where the next page would begin is told to the end, where a flag beside it says that there is none.

Lists without such a flag say so by telling no next page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from recorder.synthesis.nodes.node import Node, Object, Said, inner, replaced
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_NEXT: Final = "vars.list.next_offset"
_MORE: Final = ("vars.list.has_more", "(not vars.list.has_more)")
_REACHED: Final = Term(
    "(vars.list.offset + (vars.list.items | length))", lambda _scene: MISSING, uses=frozenset({"list"})
)


def with_ends(behaviours: Sequence[Behaviour]) -> None:
    """Have lists of which nobody saw the last page go on telling where they are, if they tell whether there is more."""
    for behaviour in behaviours:
        if behaviour.listed is not None and not any(map(_is_at_end, behaviour.scenes)):
            for _, outcome in behaviour.cases:
                body = outcome.answered.body
                if body is not None:
                    outcome.answered = replace(outcome.answered, body=_to_the_end(body))


def _is_at_end(scene: Scene) -> bool:
    page = scene.values.get("list")
    return scene.sample.succeeded and isinstance(page, dict) and not page["has_more"]


def _to_the_end(node: Node) -> Node:
    members = inner(node) if isinstance(node, Object) else []
    says_more = any(isinstance(part, Said) and part.term.text in _MORE for _, part in members)
    for step, part in members:
        if isinstance(part, Object):
            node = replaced(node, (step,), _to_the_end(part))
        elif says_more and isinstance(part, Said) and part.term.text == _NEXT:
            node = replaced(node, (step,), Said(_REACHED))
    return node
