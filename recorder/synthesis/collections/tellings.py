"""Tellings: members of an item that the answers of an operation tell of, without showing the item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.places import deepest_item, objects_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, is_scalar, leaves, look, same

_SOME: Final = 2
_READS: Final = ("GET", "HEAD", "OPTIONS")
Looks = Mapping[tuple[int, str], Sequence[tuple[int, Any]]]
"""By session and key what an item was at each look; None stands for a call that may have changed it."""


def find_tellings(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> None:
    """Find for each operation that writes and shows no item which members of it stand in its answers, and where."""
    seen = [one for one in endpoints if one.operation is not None and bindings[one].collection is not None]
    for endpoint in seen:
        binding = bindings[endpoint]
        if endpoint.method in (*_READS, "DELETE") or binding.entity is not None or binding.role == "none":
            continue
        others = [one for one in seen if bindings[one].collection is binding.collection]
        writing = [one for one in endpoints if one.operation is not None and one.method not in _READS]
        looks = _looks(others, bindings, writing)
        known = {name for calls in looks.values() for _, item in calls if isinstance(item, dict) for name in item}
        aside = _told_by_reads(others, bindings) - known
        place = binding.made[:-1] if isinstance(binding.made, tuple) else _place_of_key(endpoint)
        is_seen = place is None and endpoint.method == "PUT"  # put where its id says, which is not told again
        if place is not None or is_seen:
            binding.told = _told(endpoint, binding, place or (), known, aside, looks, is_seen=is_seen)
            binding.told = binding.told or _part(endpoint, place or (), looks)
            assert binding.collection is not None
            binding.collection.aside |= aside & set(binding.told)


def _told_by_reads(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> set[str]:
    """Give the numbers that operations which read tell of an item, whether it has them as members or not."""
    found: set[str] = set()
    for endpoint in endpoints:
        binding = bindings[endpoint]
        is_partial = endpoint.method in _READS and binding.role == "action" and binding.entity is None
        place = _place_of_key(endpoint) if is_partial else None
        shown = [look(one.answer_json, place) for one in endpoint.samples if one.succeeded] if place is not None else []
        found |= {name for one in shown if isinstance(one, dict) for name, value in one.items() if is_number(value)}
    return found


def key_of(endpoint: Endpoint, binding: Binding, sample: Sample) -> str:
    """Give the key of the item that a call makes or names, "" where it does neither."""
    if isinstance(binding.made, tuple):
        return as_text(look(sample.answer_json, binding.made))
    return next(iter(endpoint.values(sample)), "")


def _looks(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding], writing: Sequence[Endpoint]) -> Looks:
    found: dict[tuple[int, str], list[tuple[int, Any]]] = defaultdict(list)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        for sample in endpoint.samples if binding.role != "collection" or binding.made is not None else ():
            is_read = endpoint.method in _READS
            is_shown = is_read and binding.role in ("item", "action") and binding.entity is not None
            if sample.succeeded and (is_shown or not is_read):
                item = look(sample.answer_json, binding.entity or ()) if is_shown else None
                found[sample.session, key_of(endpoint, binding, sample)].append((sample.number, item))
    for sample in (sample for one in writing for sample in one.samples if sample.succeeded):
        for _, value in leaves(sample.arguments, longest_list=0):
            if (sample.session, as_text(value)) in found:
                found[sample.session, as_text(value)].append((sample.number, None))
    return {place: sorted(calls, key=lambda call: call[0]) for place, calls in found.items()}


def _place_of_key(endpoint: Endpoint) -> Path | None:
    """Give where answers show an object with the id that the call names: the whole answer, or a member of it."""
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
    deepest = deepest_item(good[0].answer_json) - 2 if good else 0
    for place in (where for where, _ in (objects_in(good[0].answer_json) if good else ()) if len(where) <= deepest):
        shown = [(look(sample.answer_json, place), endpoint.values(sample)) for sample in good]
        if shown and all(isinstance(one, dict) and set(keys) & set(map(_text, one.values())) for one, keys in shown):
            return place
    return None


def _part(endpoint: Endpoint, place: Path, looks: Looks) -> dict[str, Path]:
    """Give the member of the item that answers show whole: an object which has all that stands at the place."""
    good = [look(sample.answer_json, place) for sample in endpoint.samples if sample.succeeded]
    shown = {name for one in good if isinstance(one, dict) for name in one}
    items = [item for calls in looks.values() for _, item in calls if isinstance(item, dict)]
    names: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for member, value in item.items():
            names[member] |= set(value) if isinstance(value, dict) else set()
    fits = [member for member, inside in names.items() if len(shown) > _SOME and shown <= inside]
    return {fits[0]: place} if place and len(fits) == 1 else {}


def _text(value: Any) -> str:
    return as_text(value) if is_scalar(value) else ""


def _told(
    endpoint: Endpoint,
    binding: Binding,
    place: Path,
    known: set[str],
    aside: set[str],
    looks: Looks,
    *,
    is_seen: bool = False,
) -> dict[str, Path]:
    """Give the members that most answers tell of; with `is_seen` only where the next looks show them."""
    right: dict[str, int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    for sample in endpoint.samples:
        shown = look(sample.answer_json, place) if sample.succeeded else MISSING
        calls = looks.get((sample.session, key_of(endpoint, binding, sample)), ())
        after = next((item for number, item in calls if number > sample.number), None)
        if is_seen and not isinstance(after, dict):
            continue
        for name, value in shown.items() if isinstance(shown, dict) else ():
            if name in known | aside and is_scalar(value):
                is_other = isinstance(after, dict) and name not in aside and not same(after.get(name, MISSING), value)
                (wrong if is_other else right)[name] += 1
    return {
        name: (*place, name)
        for name, count in right.items()
        if wrong[name] * 10 <= count and (count >= _SOME or not is_seen)
    }
