"""Made by `PUT`: things under ids that callers choose, where an API was seen to make others so (RFC 9110, 9.3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member, used_by

_OK: Final = 200
_CREATED: Final = 201
_SOME: Final = 5


def are_made_by_put(collection: Collection, behaviours: Sequence[Behaviour]) -> bool:
    """Tell whether the API makes things by `PUT`, and those of this collection have texts as ids, as callers choose."""
    own = [one for one in behaviours if one.collection is collection]
    path = collection.id_path or ()
    items = [item for one in own for scene in one.scenes[:_SOME] for item in scene.held(collection.name)[:_SOME]]
    ids = [value for item in items if path and (value := look(item, path)) is not MISSING]
    return bool(ids) and all(isinstance(one, str) for one in ids) and any(map(_makes, behaviours))


def _makes(behaviour: Behaviour) -> bool:
    if behaviour.endpoint.method != "PUT" or behaviour.binding.role != "item":
        return False
    return any(_is_made(scene) for scene in behaviour.scenes)


def _is_made(scene: Scene) -> bool:
    return scene.sample.answered_status == _CREATED and scene.looked_up("item") is MISSING


def with_makings(behaviours: Sequence[Behaviour]) -> None:
    """Have a `PUT` that was only recorded replacing things make those that are not there."""
    for behaviour in behaviours:
        is_put = behaviour.endpoint.method == "PUT" and behaviour.binding.role == "item"
        if not is_put or behaviour.collection is None or behaviour.endpoint.operation is not None:
            continue
        are_there = all(scene.looked_up("item") is not MISSING for scene in behaviour.scenes)
        _, last = behaviour.cases[-1]
        is_plain = last.status == _OK and last.answered.code is None
        if is_plain and are_there and behaviour.scenes and are_made_by_put(behaviour.collection, behaviours):
            last.answered = made_or_changed(_with_id(last.answered, behaviour))


def made_or_changed(answered: Answered) -> Answered:
    """Give an answer whose status tells whether the thing was there."""
    text = f"{_CREATED} if vars.item is none else {_OK}"
    return replace(answered, code=Term(text, _status, uses=frozenset({"item"})))


def _with_id(answered: Answered, behaviour: Behaviour) -> Answered:
    """Give an answer that is the thing alone with the id that the path says, which a new thing has nowhere else."""
    path = behaviour.collection.id_path if behaviour.collection is not None else None
    body = answered.body
    if behaviour.binding.entity != () or path is None or len(path) != 1 or body is None or answered.names:
        return answered
    own = f"{{{literal(str(path[0]))}: {member('request.path_params', (behaviour.endpoint.params[-1],))}}}"
    uses, keeps = used_by(body.terms)
    return replace(answered, body=Said(Term(f"merge({body.expression()}, {own})", body.value, uses=uses, keeps=keeps)))


def _status(scene: Scene) -> int:
    return _CREATED if scene.looked_up("item") is MISSING else _OK
