"""Slashes at the ends of paths: where they are only how a service writes its paths, and where they name something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import parts

_NAMING = frozenset({"PUT", "PATCH", "DELETE"})


def set_slashes_aside(samples: Sequence[Sample]) -> None:
    """Take the slash at the end for no part of a path, where all paths of a service end so, or those of its lists.

    `/talks/` is then seen above `/talks/5/`, and above `/talks/5`. Where single paths end so and are written to, as a
    folder in a store of objects, the slash belongs to a name and stays.
    """
    written = [sample for sample in samples if len(sample.segments) > 1 or sample.segments[0]]
    ending = [sample for sample in written if not sample.segments[-1]]
    is_usual = len(ending) * 2 > len(written)
    methods: dict[tuple[str, ...], set[str]] = {}
    for sample in ending:
        methods.setdefault(sample.segments, set()).add(sample.method)
    above = Counter(sample.segments[:-1] for sample in written)
    lists = {sample.segments for sample in ending if _lists_or_makes(sample)}
    for sample in ending:
        is_list = sample.segments in lists and not methods[sample.segments] & _NAMING
        if is_usual or (is_list and above[sample.segments[:-1]]):
            sample.segments, sample.ending = sample.segments[:-1], "/"


def _lists_or_makes(sample: Sample) -> bool:
    if sample.method == "POST":
        return sample.succeeded
    return sample.succeeded and any(isinstance(value, list) for _, value in parts(sample.answer_json, longest_list=0))
