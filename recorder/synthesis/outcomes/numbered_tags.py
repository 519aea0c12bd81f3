"""Numbered tags: entity tags that are a member of the item in quotes, which counts how often it was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_LEAST: Final = 2
_SOME: Final = 5


def counting_member(collection: Collection, behaviours: Sequence[Behaviour]) -> str | None:
    """Give the member that counts the writes of a collection's items, where all entity tags of the API tell such a one.

    None where the items have no such number, or tags are something else.
    """
    tagged = [pair for one in behaviours for pair in _tagged(one)]
    if len(tagged) < _LEAST:
        return None
    names = [name for name in tagged[0][1] if all(_tag(item.get(name)) == tag for tag, item in tagged)]
    own = [one for one in behaviours if one.collection is collection]
    held = [item for one in own for scene in one.scenes[:_SOME] for item in scene.held(collection.name)[:_SOME]]
    return next((name for name in names if held and all(_tag(look(item, (name,))) for item in held)), None)


def tag_term(name: str, more: int = 0) -> Term:
    """Give the entity tag of the item by the member that counts its writes, after so many more of them."""

    def get(scene: Scene) -> Any:
        count = look(scene.looked_up("item"), (name,))
        return f'"{count + more}"' if isinstance(count, int) else MISSING

    count = member("vars.item", (name,))
    text = f"('\"' ~ {f'({count} + {more})' if more else count} ~ '\"')"
    return Term(text, get, "etag", 1.0, frozenset({"item"}))


def _tagged(behaviour: Behaviour) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the entity tags of answers, each with the item that it is of."""
    for scene in behaviour.scenes if behaviour.binding.entity is not None else ():
        tag, item = scene.sample.answer_header("etag"), look(scene.sample.answer_json, behaviour.binding.entity or ())
        if scene.sample.succeeded and tag is not None and isinstance(item, dict):
            yield tag, item


def _tag(count: Any) -> str | None:
    return f'"{count}"' if isinstance(count, int) and not isinstance(count, bool) else None
