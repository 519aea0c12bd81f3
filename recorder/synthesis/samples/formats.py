"""Formats at the ends of paths: where `.json` only says how a thing is to be shown, and where it is part of a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.slashes import set_slashes_aside

_FORMATS: Final = frozenset({".json", ".xml"})


def set_endings_aside(samples: Sequence[Sample]) -> None:
    """Take slashes and formats at the end for no part of a path, where they are none."""
    set_slashes_aside(samples)
    set_formats_aside(samples)


def set_formats_aside(samples: Sequence[Sample]) -> None:
    """Take the format at the end for no part of a path, where a service is seen to name formats so.

    It is, where there is something below a path without the format, as `/talks/5.json` or `/talks/new` is below the
    `/talks` of `/talks.json`, and all that was answered is of the format: a file has nothing below its name.
    """
    by_format: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_format[_format(sample)].append(sample)
    for ending in sorted(_FORMATS & by_format.keys()):
        inside = by_format[ending]
        stems = {_stem(sample, ending) for sample in inside}
        below = {above for sample in samples for above in _above(sample)}
        if stems & below and all(_is_of(sample, ending) for sample in inside):
            for sample in inside:
                sample.segments, sample.ending = _stem(sample, ending), ending


def _format(sample: Sample) -> str:
    """Give the format in which a path ends, "" where it ends in none."""
    last = sample.segments[-1] if sample.segments else ""
    return next((ending for ending in _FORMATS if last.endswith(ending) and last != ending), "")


def _stem(sample: Sample, ending: str) -> tuple[str, ...]:
    return (*sample.segments[:-1], sample.segments[-1].removesuffix(ending))


def _above(sample: Sample) -> Iterator[tuple[str, ...]]:
    return (sample.segments[:size] for size in range(1, len(sample.segments)))


def _is_of(sample: Sample, ending: str) -> bool:
    """Tell whether what was answered is of a format, or is no success."""
    return not sample.succeeded or not sample.answer_body or sample.answer_type.endswith(ending[1:])
