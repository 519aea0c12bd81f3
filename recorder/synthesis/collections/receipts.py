"""Receipts: answers of writes that tell the id and the version of an item, and do not show what was sent for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, leaves, look, same

_READS: Final = ("GET", "HEAD", "OPTIONS")
_LEAST: Final = 2
_DEEPEST: Final = 2


class _Pair(NamedTuple):
    """A write, and the item as it was read next, before anything else was done with it."""

    write: Sample
    item: dict[str, Any]


def find_receipts(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the writes whose answers are receipts: what they tell of the item, and where in it stands what is sent."""
    for collection in collections:
        own = [one for one in endpoints if bindings[one].collection is collection and one.operation is None]
        own = [one for one in own if bindings[one].role != "action"]
        pairs = written_and_read(own, bindings)
        for endpoint in own:
            found = pairs.get(endpoint, ())
            binding = bindings[endpoint]
            where = _place_of_sent(found)
            if where is None or _shows_sent(endpoint, binding, where):
                continue
            binding.entity, binding.sent = None, where
            binding.told = _told(found, where)
        _tell_alike(own, bindings)


def written_and_read(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> dict[Endpoint, list[_Pair]]:
    """Give by endpoint the writes of items that were read next, each with what was read."""
    calls: list[tuple[int, Endpoint, Sample]] = sorted(
        ((sample.number, endpoint, sample) for endpoint in own for sample in endpoint.samples if sample.succeeded),
        key=lambda call: call[0],
    )
    found: dict[Endpoint, list[_Pair]] = defaultdict(list)
    last: dict[tuple[int, str], tuple[Endpoint, Sample] | None] = {}
    for _, endpoint, sample in calls:
        binding = bindings[endpoint]
        key = _key(endpoint, binding, sample)
        if key is None:
            continue
        place = sample.session, key
        if endpoint.method not in _READS:
            last[place] = endpoint, sample
            continue
        item = look(sample.answer_json, binding.entity) if binding.entity is not None else MISSING
        written = last.pop(place, None)
        if written is not None and isinstance(item, dict) and not sample.query:
            found[written[0]].append(_Pair(written[1], item))
    return found


def _key(endpoint: Endpoint, binding: Binding, sample: Sample) -> str | None:
    """Give the key of the item that a call reads, writes, does something with or makes, None for none."""
    if binding.role in ("item", "action") and binding.collection is not None:
        return binding.key(endpoint.values(sample))
    if binding.role != "collection" or endpoint.method != "POST" or binding.made is None:
        return None
    made = binding.made_id(sample)
    return f"{binding.prefix(endpoint.values(sample))}{as_text(made)}" if is_scalar(made) and made else None


def is_contradicted(endpoint: Endpoint, endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> bool:
    """Tell whether what an action shows beside an item's id is not the item: read next, most of it is otherwise.

    So is a refund that tells its own amount and time, and which payment it is of.
    """
    binding = bindings[endpoint]
    collection = binding.collection
    if binding.role != "action" or binding.entity is None or collection is None or endpoint.method in _READS:
        return False
    own = [one for one in endpoints if bindings[one].collection is collection and bindings[one].role == "item"]
    told = [
        (look(pair.write.answer_json, binding.entity), pair.item)
        for pair in written_and_read([*own, endpoint], bindings)[endpoint]
    ]
    alike = [
        same(value, item[name])
        for one, item in told
        for name, value in (one.items() if isinstance(one, dict) else ())
        if name in item and (name,) != collection.id_path and is_scalar(value) and value is not None
    ]
    return len(told) >= _LEAST and len(alike) > len(told) and sum(alike) * 2 < len(alike)


def _place_of_sent(pairs: Sequence[_Pair]) -> Path | None:
    """Give where the items that are read hold what was sent: all of it, at the top or in one member."""
    counts: Counter[Path] = Counter()
    told = [one for one in pairs if isinstance(one.write.json, dict) and one.write.json]
    for write, item in told:
        for where in [(), *((name,) for name, value in item.items() if isinstance(value, dict))]:
            counts[where] += _holds(look(item, where), write.json)
    best = max(counts, key=lambda where: (counts[where], -len(where)), default=None)
    return best if best is not None and counts[best] >= _LEAST and counts[best] * 10 >= len(told) * 8 else None


def _holds(held: Any, sent: dict[str, Any]) -> bool:
    """Tell whether an item holds what was sent, but for one member: that may say which version is written over."""
    right = sum(same(held.get(name, MISSING), value) for name, value in sent.items())
    return right > 0 and right >= len(sent) - (len(sent) > 1)


def _shows_sent(endpoint: Endpoint, binding: Binding, where: Path) -> bool:
    """Tell whether answers show what was sent where reads do: then they show the item."""
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.json, dict) and sample.json]
    place = (*(binding.entity or ()), *where)
    shown = (look(sample.answer_json, place) for sample in good)
    right = [
        any(same(value.get(name, MISSING), sent) for name, sent in sample.json.items())
        for sample, value in zip(good, shown, strict=True)
        if isinstance(value, dict)
    ]
    return sum(right) * 2 > len(good)


def _told(pairs: Sequence[_Pair], where: Path) -> dict[str, Path]:
    """Give the members of items that receipts tell of, by any name, with their places."""
    names = {name: None for _, item in pairs for name, value in item.items() if is_scalar(value) and (name,) != where}
    return {name: place for name in names if (place := _place_of(name, pairs)) is not None}


def _place_of(name: str, pairs: Sequence[_Pair]) -> Path | None:
    """Give where receipts tell of a member: the place at which its values stood in nearly all of them."""
    having = [(write, item[name]) for write, item in pairs if name in item and is_scalar(item[name])]
    if not having or len(having) * 10 < len(pairs) * 9:
        return None
    counts: Counter[Path] = Counter()
    values: dict[Path, set[str]] = defaultdict(set)
    for write, value in having:
        for place, told in _scalars(write):
            if same(told, value):
                counts[place] += 1
                values[place].add(as_text(value))
    likely = [place for place, count in counts.items() if count * 10 >= len(having) * 9]
    varied = [place for place in likely if len(values[place]) > 1 or place[-1:] == (name,)]
    return min(varied, key=lambda place: (place[-1] != name, len(place)), default=None)


def _scalars(write: Sample) -> Iterator[tuple[Path, Any]]:
    for place, value in leaves(write.answer_json, longest_list=0) if isinstance(write.answer_json, dict) else ():
        if place and len(place) <= _DEEPEST and value is not None:
            yield place, value


def _tell_alike(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> None:
    """Have other writes, and deletions of what is left, tell what receipts tell, where their answers look the same."""
    model = max((one for one in own if bindings[one].told), key=lambda one: len(bindings[one].told), default=None)
    if model is None:
        return
    for endpoint in own:
        binding = bindings[endpoint]
        good = [sample for sample in endpoint.samples if sample.succeeded]
        is_write = endpoint.method not in _READS and (binding.role == "item" or binding.made is not None)
        if not is_write or not good or binding.told or binding.entity not in (None, ()):
            continue
        known = bindings[model].told
        if all(look(sample.answer_json, place) is not MISSING for sample in good for place in known.values()):
            binding.told, binding.entity = dict(known), None
            binding.sent = bindings[model].sent if endpoint.method != "DELETE" else None
