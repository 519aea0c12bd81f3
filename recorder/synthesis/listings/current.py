"""Current: which thing below another one was made last, where calls on that one tell it, as the version in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, as_text, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.spread import spread
from recorder.synthesis.terms.term import Term, member

_SOME: Final = 40
_SHORTEST: Final = 8
"""How many characters an id has at least that no answer has by chance."""


def current_terms(
    endpoint: Endpoint, binding: Binding, collections: Sequence[Collection], scenes: Sequence[Scene]
) -> Iterator[Term]:
    """Give the ids of what was made last below the thing that a path names, where most answers tell them."""
    for collection in collections:
        above = collection.template[:-2]
        is_below = collection.count > 1 and endpoint.template[: len(above)] == above
        if not is_below or collection.id_path is None or binding.collection is collection:
            continue
        term = _last_id(endpoint, collection)
        told = [
            (value, scene) for scene in spread(scenes, _SOME) if len(value := as_text(term.get(scene))) >= _SHORTEST
        ]
        if told and sum(_tells(scene, value) for value, scene in told) * 2 > len(told):
            yield term


def _tells(scene: Scene, value: str) -> bool:
    return value in (scene.sample.answer_text or "") or any(value in line for _, line in scene.sample.answer_headers)


def _last_id(endpoint: Endpoint, collection: Collection) -> Term:
    prefix = key_term(endpoint, collection.count - 1, trailing=True)
    path = collection.id_path or ()

    def get(scene: Scene) -> Any:
        items = scene.below(collection.name, as_text(prefix.get(scene)))
        return look(items[-1], path) if items else MISSING

    text = member(f"(resource.{collection.name}.under({prefix.text}) | last)", path)
    return Term(text, get, str(path[-1]), 1.6)
