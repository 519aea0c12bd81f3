"""Tellings: members of an item that the answers of an operation tell of, without showing the item."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.binding import Binding
from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.sample import Sample
from recorder.synthesis.values import MISSING, Path, as_text, is_scalar, leaves, look, same

_READS: Final = ("GET", "HEAD", "OPTIONS")
_WRITES: Final = ("PUT", "POST", "PATCH")
_LEAST: Final = 2
_MOST_TENTHS: Final = 8
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
        place = binding.made[:-1] if isinstance(binding.made, tuple) else _place_of_key(endpoint)
        if place is not None:
            binding.told = _told(endpoint, binding, place, known, looks)


def find_told_members(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> None:
    """Find for each call on a path that writes an item and does not show it which members its answers tell of.

    They may be called otherwise there, as the `rev` of an answer that is the item's `_rev`.
    """
    for endpoint in endpoints:
        binding = bindings[endpoint]
        is_free = endpoint.operation is None and binding.entity is None and not binding.told
        makes = binding.role == "collection" and isinstance(binding.made, tuple)
        if is_free and endpoint.method in _WRITES and (binding.role == "item" or makes):
            binding.told = _told_by_values(endpoint, binding, endpoints, bindings)


def _told_by_values(
    endpoint: Endpoint, binding: Binding, endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]
) -> dict[str, Path]:
    looks: dict[tuple[int, str], list[tuple[int, Any]]] = defaultdict(list)
    for other in endpoints:
        own = bindings[other]
        if own.collection is binding.collection and own.role == "item":
            for sample in (sample for sample in other.samples if sample.succeeded):
                is_shown = other.method in _READS and own.entity is not None and not sample.query
                item = look(sample.answer_json, own.entity or ()) if is_shown else None
                looks[sample.session, own.key(other.values(sample))].append((sample.number, item))
    votes: dict[str, Counter[Path]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    for sample in (sample for sample in endpoint.samples if sample.succeeded):
        key = binding.key(endpoint.values(sample)) if binding.role == "item" else key_of(endpoint, binding, sample)
        later = sorted(one for one in looks.get((sample.session, key), ()) if one[0] > sample.number)
        item = later[0][1] if later else None
        given = sample.json if isinstance(sample.json, dict) else {}
        for name, value in item.items() if isinstance(item, dict) else ():
            if is_scalar(value) and value is not None and not same(given.get(name, MISSING), value):
                counts[name] += 1
                places = leaves(sample.answer_json, longest_list=0)
                votes[name].update(place for place, told in places if place and same(told, value))
    best = {name: max(found, key=lambda place: (found[place], -len(place))) for name, found in votes.items() if found}
    return {
        name: place
        for name, place in best.items()
        if votes[name][place] >= _LEAST and votes[name][place] * 10 >= counts[name] * _MOST_TENTHS
    }


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
            is_shown = is_read and binding.role == "item" and binding.entity is not None
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
    for place in ((), *((name,) for name in (good[0].answer_json if good else ()))):
        shown = [(look(sample.answer_json, place), endpoint.values(sample)) for sample in good]
        if shown and all(isinstance(one, dict) and set(keys) & set(map(_text, one.values())) for one, keys in shown):
            return place
    return None


def _text(value: Any) -> str:
    return as_text(value) if is_scalar(value) else ""


def _told(endpoint: Endpoint, binding: Binding, place: Path, known: set[str], looks: Looks) -> dict[str, Path]:
    right: dict[str, int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    for sample in endpoint.samples:
        shown = look(sample.answer_json, place) if sample.succeeded else MISSING
        calls = looks.get((sample.session, key_of(endpoint, binding, sample)), ())
        after = next((item for number, item in calls if number > sample.number), None)
        for name, value in shown.items() if isinstance(shown, dict) else ():
            if name in known and is_scalar(value):
                is_other = isinstance(after, dict) and not same(after.get(name, MISSING), value)
                (wrong if is_other else right)[name] += 1
    return {name: (*place, name) for name, count in right.items() if wrong[name] * 10 <= count}
