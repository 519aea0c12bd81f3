"""New ids: the id of the only new thing of its kind that was recorded, which the next one does not have, too."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, is_last_of
from recorder.synthesis.nodes.kinds import by_its_form
from recorder.synthesis.nodes.node import Chosen, Fixed, Joined, MadeUp, Node, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_WORD: Final = re.compile(r"[A-Za-z]?[a-z]*(?:[-_ ][A-Za-z]?[a-z]+)*")


def with_new_ids(node: Node, cases: Sequence[Case], places: Collection[Path], name: str) -> Node:
    """Have ids of new things be made anew by their form where one thing was made, and a number counted on from it.

    `places` tells where in answers ids of new things stand; `name` is what a count is called after. What was sent, or
    is a plain word, is no id that the service gave; what the last thing of another kind has is told by that one.
    """
    parts = dict(walk(node)) if len(cases) == 1 else {}
    for path in places:
        part = parts.get(path)
        is_chance = isinstance(part, Said | Joined) and any(map(is_last_of, part.terms))
        if path and (isinstance(part, Fixed) or is_chance):
            scene, whole = cases[0]
            made = _made(look(whole, path), scene, f"{name}_{path[-1]}")
            node = node if made is None else replaced(node, path, _or_sent(made, str(path[-1])))
    return node


def _or_sent(made: MadeUp, name: str) -> Chosen:
    """Have a thing that is sent with an id keep it: who sends one relies on that."""
    sent = member("request.json", (name,))
    there = Term(f"{sent} is defined", lambda scene: _sent_as(name, scene) is not MISSING)
    return Chosen([(there, Said(Term(sent, lambda scene: _sent_as(name, scene)))), (None, made)])


def _sent_as(name: str, scene: Scene) -> Any:
    return look(scene.sample.json, (name,))


def _made(value: Any, scene: Scene, name: str) -> MadeUp | None:
    if _is_sent(value, scene):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return MadeUp(f"(state.incr({literal(f'{name}:count')}) + {value - 1})", "counter")
    return by_its_form(value) if isinstance(value, str) and not _WORD.fullmatch(value) else None


def _is_sent(value: Any, scene: Scene) -> bool:
    sent = scene.sample.json
    told = [as_text(one) for _, one in leaves(sent)] if sent is not MISSING else []
    return value is MISSING or as_text(value) in (*told, *scene.params.values())
