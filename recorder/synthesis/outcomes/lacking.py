"""Lacking successes: endpoints that were only seen to refuse, and what tells why, so that all else can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.outcomes.preconditions import preconditions
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, leaves, look
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_GONE: Final = (404, 410)
_FORBIDDEN: Final = 403
_UNAUTHORIZED: Final = 401
_CONFLICT: Final = 409
_FAILED: Final = 412
_BAD: Final = (400, 422)
_STATES: Final = ("status", "state", "phase", "stage")
_SHORTEST: Final = 3
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MOST_MEMBERS: Final = 20
_NOBODY: Final = Term("not request.headers.authorization", lambda scene: not scene.sample.headers.get("authorization"))


def only_refuses(behaviour: Behaviour) -> bool:
    """Tell whether all calls were refused that ask for an item, or that do something with one.

    What is done under a word in the plural may be the making of another thing.
    """
    role, last = behaviour.binding.role, behaviour.endpoint.template[-1:]
    is_done = role == "action" and last != (None,) and not str(last[0]).endswith("s")
    is_such = (role == "item" or is_done) and behaviour.endpoint.operation is None
    return is_such and bool(behaviour.scenes) and all(scene.sample.answered_status >= 400 for scene in behaviour.scenes)


def with_success(behaviour: Behaviour, behaviours: Sequence[Behaviour], success: Outcome, entity: Path | None) -> bool:
    """Have an endpoint that only refused answer with success where what it refused for does not hold; tell whether.

    So it is where the refusal that is left for all other calls has one of the plainest reasons: nobody says who calls,
    there is no such item, it belongs to somebody else, it is asked for in another version, a member is wrong that
    the refusal names, or it is to be replaced by less than a whole. `entity` is where the item stands in the success.
    """
    _, last = behaviour.cases[-1]
    reason = _reason(behaviour, behaviours, last)
    if reason is None:
        return False
    rule = Rule((reason,), last.label, len(last.scenes))
    behaviour.binding.entity = entity
    behaviour.binding.removes = behaviour.endpoint.method == "DELETE"
    behaviour.cases = [*behaviour.cases[:-1], (rule, last), (None, success)]
    return True


def _reason(behaviour: Behaviour, behaviours: Sequence[Behaviour], outcome: Outcome) -> Term | None:
    scenes = outcome.scenes
    if outcome.status in _GONE and all(scene.looked_up("item") is MISSING for scene in scenes):
        return Term("vars.item is none", lambda scene: scene.looked_up("item") is MISSING, uses=frozenset({"item"}))
    if outcome.status == _UNAUTHORIZED and not any(scene.sample.headers.get("authorization") for scene in scenes):
        return _NOBODY
    if outcome.status in (_UNAUTHORIZED, _FORBIDDEN):
        return _by_nobody(behaviour, behaviours, scenes) or next(_not_owned(behaviour, behaviours, scenes), None)
    if behaviour.binding.role == "action":
        return _in_a_state(scenes) if outcome.status == _CONFLICT else None
    if outcome.status == _FAILED:
        return next(preconditions(behaviour, behaviours), None)
    is_bad = outcome.status in _BAD
    return next(_wrong(scenes), None) or _of_less(behaviour, behaviours, scenes) if is_bad else None


def _in_a_state(scenes: Sequence[Scene]) -> Term | None:
    """Give that a thing is in the state that these refusals say, where each of the things had it."""
    told = [f" {_words(scene.sample.told_text)} " for scene in scenes]
    items = [scene.looked_up("item") for scene in scenes]
    for name in _STATES:
        state = {look(item, (name,)) for item in items if isinstance(item, dict)}
        if len(state) == 1 and all(_says(said, one) for said in told for one in state):
            (word,) = state
            text = f"vars.item is not none and {member('vars.item', (name,))} == {literal(word)}"
            return Term(text, _unknown, uses=frozenset({"item"}))
    return None


def _by_nobody(behaviour: Behaviour, behaviours: Sequence[Behaviour], scenes: Sequence[Scene]) -> Term | None:
    """Give that a call has neither credentials nor a cookie, where accepted writes to such items had one of them."""
    accepted = [
        scene.sample
        for other in behaviours
        if other.collection is behaviour.collection and other.endpoint.method not in READS and other.endpoint.params
        for scene in other.scenes
        if scene.sample.succeeded
    ]
    asked = [scene.sample for scene in scenes]
    if not accepted or not all(one.cookies or one.headers.get("authorization") for one in accepted):
        return None
    names = sorted({name for one in accepted for name in one.cookies})
    if any(one.headers.get("authorization") or any(name in one.cookies for name in names) for one in asked):
        return None
    said = [_NOBODY.text, *(f"{member('request.cookies', (name,))} is not defined" for name in names)]
    return Term(
        " and ".join(said), lambda scene: _NOBODY.get(scene) and not any(one in scene.sample.cookies for one in names)
    )


def _of_less(behaviour: Behaviour, behaviours: Sequence[Behaviour], scenes: Sequence[Scene]) -> Term | None:
    """Give that a thing is to be replaced by one that lacks what all had that were made, where each refused one did."""
    made = [
        scene.sample.json
        for other in behaviours
        if other.collection is behaviour.collection and other.endpoint.method in ("POST", "PUT")
        and other.binding.role in ("collection", "item")
        for scene in other.scenes
        if scene.sample.succeeded
    ]  # fmt: skip
    sent = [scene.sample.json for scene in scenes]
    if behaviour.endpoint.method != "PUT" or not made or not all(isinstance(one, dict) for one in [*made, *sent]):
        return None
    needed = [name for name in made[0] if all(name in one for one in made)]
    if not all(any(name not in one for name in needed) for one in sent):
        return None
    lacks = " or ".join(f"{member('request.json', (name,))} is not defined" for name in needed)
    return Term(f"not (request.json is mapping) or {lacks}", lambda scene: _lacks(scene.sample.json, needed))


def _lacks(sent: object, needed: Sequence[str]) -> bool:
    return not isinstance(sent, dict) or any(name not in sent for name in needed)


def _wrong(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give that a member is sent which these refusals name, or with the word that all of them say."""
    told = [f" {_words(scene.sample.told_text)} " for scene in scenes]
    documents = [scene.sample.json for scene in scenes]
    for path, _ in leaves(documents[0], longest_list=2) if isinstance(documents[0], dict) else ():
        sent = [look(one, path) for one in documents]
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        text = json_term(path).text
        if all(_says(said, value) for said, value in zip(told, sent, strict=True)):
            words = ", ".join(map(literal, dict.fromkeys(sent)))
            yield Term(f"{text} is defined and {text} in [{words}]", _unknown)
        elif MISSING not in sent and all(_says(said, name) for said in told):
            yield Term(f"{text} is defined", _unknown)


def _says(said: str, text: object) -> bool:
    words = _words(text) if isinstance(text, str) else ""
    return len(words) >= _SHORTEST and f" {words} " in said


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text)).lower()


def _not_owned(behaviour: Behaviour, behaviours: Sequence[Behaviour], scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give when a member of the item, which tells who made it, is another than who calls."""
    item = scenes[0].looked_up("item")
    paths = [path for path, value in leaves(item, longest_list=0) if is_scalar(value)] if isinstance(item, dict) else []
    callers = callers_of(scenes, behaviour.lookups)
    for caller in callers.values():
        for path in paths[:_MOST_MEMBERS]:
            is_other = all(_differ(look(scene.looked_up("item"), path), caller.get(scene)) for scene in scenes)
            if is_other and _tells_who_made(path, caller, behaviour, behaviours):
                text = f"vars.item is not none and {member('vars.item', path)} != {caller.text}"
                yield Term(text, _unknown, uses=caller.uses | {"item"}, keeps=caller.keeps)


def _differ(one: object, other: object) -> bool:
    return is_scalar(one) and is_scalar(other) and as_text(one) != as_text(other)


def _tells_who_made(path: Path, caller: Term, behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> bool:
    """Tell whether whatever was made of this kind got who called as this member, by several callers or one."""
    shown = [
        (look(scene.sample.answer_json, (*one.binding.entity, *path)), caller.get(scene))
        for one in behaviours
        if one.collection is behaviour.collection and one.endpoint.method == "POST" and one.binding.entity is not None
        and one.binding.role == "collection"
        for scene in one.scenes
        if scene.sample.succeeded
    ]  # fmt: skip
    return bool(shown) and all(is_scalar(one) and one == other for one, other in shown)


def _unknown(_scene: Scene) -> object:
    return MISSING
