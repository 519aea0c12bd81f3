"""Told only: writes of which nothing is kept, as where a service only shows what would become of a thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import shown_in
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, same

_LEAST: Final = 3
_Place: TypeAlias = tuple[str, str]
"""An item: the collection's name and the key."""


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What a call showed of an item: a read, or a write; MISSING where it is not there, or is not shown."""

    place: _Place
    endpoint: Endpoint
    is_read: bool
    shown: Any


def learn_told_only(
    samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the calls whose items are read next as they were before, though the answers showed them changed.

    All that were read next have to say so, three at least.
    """
    sessions: dict[int, list[_Look]] = defaultdict(list)
    for sample in samples:
        look = _look_of(sample, endpoint_of[sample.number], bindings)
        if look is not None:
            sessions[sample.session].append(look)
    begun = _begun(sessions.values())
    kept: dict[Endpoint, list[bool]] = defaultdict(list)
    for looks in sessions.values():
        for endpoint, is_kept in _followed(looks, begun):
            kept[endpoint].append(is_kept)
    for endpoint, told in kept.items():
        bindings[endpoint].is_told_only = len(told) >= _LEAST and not any(told)


def _look_of(sample: Sample, endpoint: Endpoint, bindings: Mapping[Endpoint, Binding]) -> _Look | None:
    """Give what a call to an item shows of it, also that it is not there; None for others."""
    binding = bindings[endpoint]
    collection, is_read = binding.collection, sample.method in READS
    if collection is None or binding.role not in ("item", "action"):
        return None
    if is_read and (binding.role == "action" or sample.method != "GET" or sample.parameters):
        return None
    is_gone = is_read and sample.status in (404, 410)
    if not sample.succeeded and not is_gone:
        return None
    shown = MISSING if is_gone else shown_in(sample, binding)
    return _Look((collection.name, binding.key(endpoint.values(sample))), endpoint, is_read, shown)


def _begun(sessions: Iterable[Sequence[_Look]]) -> dict[_Place, Any]:
    """Give the items that all sessions which read them before they wrote anything of them saw alike."""
    found: dict[_Place, Any] = {}
    for looks in sessions:
        seen: set[_Place] = set()
        for look in looks:
            if look.is_read and look.place not in seen:
                alike = same(found.setdefault(look.place, look.shown), look.shown)
                found[look.place] = look.shown if alike else MISSING
            seen.add(look.place)
    return found


def _followed(looks: Sequence[_Look], begun: Mapping[_Place, Any]) -> Iterator[tuple[Endpoint, bool]]:
    """Give the writes of a session that are followed by a read of their item, with whether that shows any of it.

    What another call wrote between tells nothing of either.
    """
    known: dict[_Place, Any] = {}
    waiting: dict[_Place, _Look] = {}
    for look in looks:
        before = known.get(look.place, begun.get(look.place, MISSING))
        if not look.is_read:
            is_plain = waiting.get(look.place, look).endpoint is look.endpoint
            waiting[look.place] = look if is_plain else replace(look, shown=MISSING)
            continue
        if look.place in waiting:
            write = waiting.pop(look.place)
            is_kept = _is_kept(write.shown, before, look.shown)
            yield from [(write.endpoint, is_kept)] if is_kept is not None else ()
        known[look.place] = look.shown


def _is_kept(told: Any, before: Any, after: Any) -> bool | None:
    """Tell whether an item is afterwards another one than before; None where no answer told that it would be."""
    if not isinstance(told, dict) or not isinstance(before, dict):
        return None
    changed = [name for name, value in told.items() if not same(before.get(name, MISSING), value)]
    if not changed:
        return None
    is_as_before = isinstance(after, dict) and all(
        same(after.get(name, MISSING), before.get(name, MISSING)) for name in changed
    )
    return not is_as_before
