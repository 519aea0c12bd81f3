"""Put below: objects that calls put at a word below a thing, as settings and states, and that are read there again."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import merge
from typing import Any, Final

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, same

_LEAST: Final = 2
_TENTHS: Final = 9


def shows_what_was_put(reads: Endpoint, writes: Endpoint | None) -> bool:
    """Tell whether nearly all reads of a path show the object that was put there last, with little more."""
    if writes is None:
        return False
    last: dict[tuple[int, str], dict[str, Any]] = {}
    told: list[bool] = []
    for sample in _in_order(reads.samples, writes.samples):
        place = sample.session, sample.path
        if sample.method == writes.method and isinstance(sample.json, dict):
            last[place] = sample.json
        elif sample.method == reads.method and place in last:
            told.append(_shows(sample.answer_json, last[place]))
    return len(told) >= _LEAST and sum(told) * 10 >= len(told) * _TENTHS


def _in_order(*some: Sequence[Sample]) -> Sequence[Sample]:
    good = ([sample for sample in one if sample.succeeded] for one in some)
    return list(merge(*good, key=lambda sample: sample.number))


def _shows(shown: Any, sent: dict[str, Any]) -> bool:
    if not isinstance(shown, dict) or len(shown) > 2 * len(sent):
        return False
    return bool(sent) and all(same(value, shown.get(name, MISSING)) for name, value in sent.items())
