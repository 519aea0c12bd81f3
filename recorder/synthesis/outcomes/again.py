"""Done again: what moves a thing on to a state is not done with a thing that is in this state already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_CONFLICT: Final = 409
_OF_STATES: Final = (400, 409, 422, 423)
_WORD: Final = re.compile(r"[A-Za-z]+(?:[ _-][A-Za-z]+)*")


class Again(NamedTuple):
    """Where the term holds, a thing is in the state already that the call would bring it to."""

    term: Term
    status: int


def done_again(behaviour: Behaviour, behaviours: Sequence[Behaviour], fine: Sequence[Scene]) -> Iterator[Again]:
    """Give when what a call does was done before, by the word that all accepted calls brought one member to."""
    done = [scene for scene in fine if scene.sample.succeeded]
    is_few = are_few(done)
    entity = behaviour.binding.entity
    if behaviour.binding.role != "action" or behaviour.endpoint.method != "POST" or entity is None:
        return
    if not done or not is_few or not behaviour.endpoint.template[-1] or "item" not in behaviour.lookups:
        return
    for name in _moved(done, entity):
        reached = {look(scene.sample.answer_json, (*entity, name)) for scene in done}
        before = {look(scene.looked_up("item"), (name,)) for scene in fine}
        if len(reached) == 1 and not reached & before:
            yield Again(_has(name, reached.pop()), _status(behaviours))
            return


def _moved(done: Sequence[Scene], entity: tuple[str | int, ...]) -> list[str]:
    """Give the members that were one word before each of these calls and are another one after it."""
    found: list[str] = []
    for name, value in _members(look(done[0].sample.answer_json, entity)):
        pairs = [(look(one.looked_up("item"), (name,)), look(one.sample.answer_json, (*entity, name))) for one in done]
        if _is_word(value) and all(_is_word(old) and _is_word(new) and old != new for old, new in pairs):
            found.append(name)
    return found


def _members(item: Any) -> list[tuple[str, Any]]:
    return list(item.items()) if isinstance(item, dict) else []


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _has(name: str, word: str) -> Term:
    def holds(scene: Scene) -> bool:
        item = scene.looked_up("item")
        return item is not MISSING and look(item, (name,)) == word

    text = f"vars.item is not none and {member('vars.item', (name,))} == {literal(word)}"
    return Term(text, holds, name, uses=frozenset({"item"}))


def _status(behaviours: Sequence[Behaviour]) -> int:
    """Give with which status things are refused for the state that they are in: as other actions are, most often."""
    told = Counter(
        scene.sample.answered_status
        for one in behaviours
        if one.binding.role == "action"
        for scene in one.scenes
        if scene.sample.answered_status in _OF_STATES
    )
    return told.most_common(1)[0][0] if told else _CONFLICT
