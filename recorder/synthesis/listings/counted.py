"""Counted lists: calls that tell how many items a list would give, asked as the list is: `/things/count?kind=map`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cassettes.conventions import told_by_name
from cassettes.definition import ListSpec
from cassettes.listing import excerpt, query_of
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.listing import Draft, selector_in, values_of, with_owner
from recorder.synthesis.listings.lists import Listed
from recorder.synthesis.listings.page_terms import page_terms
from recorder.synthesis.samples.values import as_text
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.scene import HIDDEN, Lookup, Scene
from recorder.synthesis.terms.term import Term

_LEAST: Final = 3
_LEAST_NUMBERS: Final = 2
_TENTHS: Final = 9
_OF_PARTS: Final = ("page", "sort", "fields_param", "latest_first")
"""What a list says of which part it gives, and how: it does not change how many there are."""
_BODY: Final = "{{ request.json }}"


def learn_counts(
    endpoints: Sequence[Endpoint],
    listed: Mapping[Endpoint, Listed | None],
    bindings: Mapping[Endpoint, Binding],
    scenes: Mapping[Endpoint, Sequence[Scene]],
    lookups: Mapping[Endpoint, Mapping[str, Lookup]],
) -> dict[Endpoint, Listed]:
    """Give the lists that calls count, where a list beside them is known.

    Nine of ten numbers have to be right, of three calls at least, one of which is asked for only some of the items; of
    a path that ends in a word for how many there are, as `/things/count`, all.
    """
    lists = [(one, made) for one, made in listed.items() if made is not None]
    found: dict[Endpoint, Listed] = {}
    for endpoint in endpoints if lists else ():
        told = _told(endpoint, bindings[endpoint], scenes[endpoint])
        is_count = _is_called_so(endpoint)
        for other, made in lists if is_count or len(told) >= _LEAST else ():
            if told and endpoint.params == other.params and made.right * 2 > made.tried:
                counted = _counted(told, other, bindings[other], made, lookups[endpoint], is_count=is_count)
                if counted is not None:
                    found[endpoint] = counted
                    break
    return found


def _is_called_so(endpoint: Endpoint) -> bool:
    last = endpoint.template[-1] if endpoint.template else None
    return last is not None and "total" in told_by_name(last)


def _told(endpoint: Endpoint, binding: Binding, scenes: Sequence[Scene]) -> list[tuple[Scene, set[int]]]:
    """Give the calls with the whole numbers that their answers tell; none where they show items."""
    if binding.role in ("item", "collection") or binding.entity is not None or endpoint.operation is not None:
        return []
    pairs = [(scene, _numbers(scene.sample.answer_json)) for scene in scenes if scene.sample.succeeded]
    return pairs if all(numbers for _, numbers in pairs) else []


def _numbers(answer: Any) -> set[int]:
    values = answer.values() if isinstance(answer, dict) else [answer]
    return {value for value in values if isinstance(value, int) and not isinstance(value, bool)}


def _counted(
    told: Sequence[tuple[Scene, set[int]]],
    other: Endpoint,
    binding: Binding,
    made: Listed,
    lookups: Mapping[str, Lookup],
    *,
    is_count: bool,
) -> Listed | None:
    draft = {name: part for name, part in made.spec.items() if name not in _OF_PARTS}
    model = ListSpec.model_validate(draft)
    for scene, _ in told:
        scene.lookups = lookups
    callers = callers_of([scene for scene, _ in told], lookups)
    pages = [_page(scene, model, draft, other, binding, callers) for scene, _ in told]
    right = [page["total"] for page, (_, numbers) in zip(pages, told, strict=True) if page["total"] in numbers]
    if is_count and len(right) < len(told):
        return None
    is_asked = any(page["total"] < page["all"] for page in pages) and len(set(right)) >= _LEAST_NUMBERS
    if not is_count and (not is_asked or len(right) * 10 < len(told) * _TENTHS):
        return None
    for (scene, _), page in zip(told, pages, strict=True):
        scene.values = {**scene.values, "list": page}
    return Listed(draft, tuple(page_terms(str(draft["in"]))), len(right), len(told))


def _page(
    scene: Scene,
    model: ListSpec,
    draft: Draft,
    other: Endpoint,
    binding: Binding,
    callers: Mapping[str, Term],
) -> dict[str, Any]:
    prefix = as_text(prefix_term(other, binding).get(scene)) if "under" in draft else ""
    held = scene.timeline.under(str(draft["in"]), prefix, scene.moment)
    made = scene.timeline.under(str(draft["in"]) + HIDDEN, prefix, scene.moment)
    pool = [with_owner(item, made.get(key)) for key, item in held.items()]
    asked = query_of(scene.sample.json) if draft.get("params") == _BODY else scene.sample.query
    who = values_of(model, {text: term.get(scene) for text, term in callers.items()})
    return excerpt(model, pool, asked, who, selector=selector_in(scene, binding))
