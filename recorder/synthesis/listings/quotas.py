"""Quotas: how many items there are, in all or of who asks, where new ones are refused from a number on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.spread import spread
from recorder.synthesis.terms.term import Term, literal, member

_LEAST: Final = 2
_MOST: Final = 1
_MOST_FIELDS: Final = 12
_MOST_ITEMS: Final = 60
_COST: Final = 1.1
_REFUSED: Final = 400


def quota_terms(
    endpoint: Endpoint, binding: Binding, scenes: Sequence[Scene], lookups: Mapping[str, Lookup]
) -> Iterator[Term]:
    """Give the counts of items by which new ones are refused: of those of one kind before all that there are.

    In all calls that were refused so there are as many, and one more than in any call that was accepted: two have to be
    refused, or one that says how many there are.
    """
    if endpoint.method != "POST" or binding.role != "collection" or binding.collection is None or binding.is_elsewhere:
        return
    refused = [scene for scene in scenes if scene.sample.status >= _REFUSED]
    if not refused or not any(scene.sample.succeeded for scene in scenes):
        return
    kinds: dict[tuple[int, str], list[Scene]] = defaultdict(list)
    for scene in refused:
        kinds[scene.sample.status, re.sub(r"\d+", "", scene.sample.told_text)].append(scene)
    counts = _counts(binding.collection.name, prefix_term(endpoint, binding), scenes, lookups)
    found = (one for one in counts if any(_is_bound(one, inside, scenes) for inside in kinds.values()))
    yield from islice(found, _MOST)


def _is_bound(count: Term, refused: Sequence[Scene], scenes: Sequence[Scene]) -> bool:
    """Tell whether calls are refused, with one status and in the same words, as soon as there are so many."""
    number: int = count.get(refused[0])
    if number < _LEAST or not (len(refused) >= _LEAST or _says(refused[0].sample.told_text, number)):
        return False
    if any(count.get(scene) != number for scene in refused):
        return False
    reached = 0
    for scene in scenes:
        if scene.sample.succeeded:
            reached = max(reached, count.get(scene))
            if reached >= number:
                return False
    return reached == number - 1


def _says(text: str, number: int) -> bool:
    return re.search(rf"(?<![\w.-]){number}(?![\w.-])", text) is not None


def _counts(name: str, prefix: Term, scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the counts that there may be: of what has in a field what is sent, or who asks, and of all."""
    resource = member("resource", (name,))
    is_below = bool(prefix.text) and prefix.text != "''"
    every = f"{resource}.under({prefix.text})" if is_below else f"{resource}.all()"
    for field, whom in _kinds(name, prefix, scenes, lookups):
        text = f"({every} | selectattr({literal(field)}, 'eq', {whom.text}) | list | length)"
        get = partial(_count, name, prefix, field, whom)
        yield Term(text, get, "count", _COST, whom.uses | prefix.uses, whom.keeps)
    text = f"{resource}.count({prefix.text if is_below else ''})"
    yield Term(text, partial(_count, name, prefix, "", None), "count", _COST, prefix.uses)


def _kinds(
    name: str, prefix: Term, scenes: Sequence[Scene], lookups: Mapping[str, Lookup]
) -> Iterator[tuple[str, Term]]:
    """Give the fields of items which have what calls send under the same name, or what tells who asks."""
    items = [item for scene in spread(scenes, _MOST_ITEMS) for item in _held(name, prefix, scene)[-1:]]
    fields = {field for item in items for field, value in item.items() if is_scalar(value)}
    sent = {field for scene in scenes if isinstance(scene.sample.json, dict) for field in scene.sample.json}
    who = [*callers_of(scenes, lookups).values(), *(json_term((field,)) for field in sorted(fields & sent))]
    for whom in who:
        told = {as_text(value) for scene in scenes if is_scalar(value := whom.get(scene)) and value is not None}
        for field in sorted(fields)[:_MOST_FIELDS]:
            is_sent = whom.text.startswith("request.json.")
            if (not is_sent or whom.name == field) and all(as_text(item.get(field)) in told for item in items):
                yield field, whom


def _held(name: str, prefix: Term, scene: Scene) -> list[dict[str, Any]]:
    above = prefix.get(scene)
    items = scene.below(name, as_text(above)) if above is not MISSING and above else scene.held(name)
    return [item for item in items if isinstance(item, dict)]


def _count(name: str, prefix: Term, field: str, whom: Term | None, scene: Scene) -> int:
    items = _held(name, prefix, scene)
    if whom is None:
        return len(items)
    asking = whom.get(scene)
    return sum(item.get(field, MISSING) == asking for item in items)
