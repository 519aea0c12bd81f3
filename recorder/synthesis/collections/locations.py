"""Locations: what `Location` headers tell of new items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from recorder.synthesis.samples.sample import Sample


def is_under(location: str | None, path: str) -> bool:
    """Tell whether a location is right under a path."""
    last = last_segment(location)
    return bool(last) and urlsplit(location or "").path.rstrip("/") == f"{path.rstrip('/')}/{last}"


def last_segment(location: str | None) -> str | None:
    """Give the last part of the path of a location."""
    return None if location is None else location.partition("?")[0].rstrip("/").rpartition("/")[2]


def are_located(samples: Sequence[Sample], used: Mapping[int, set[str]]) -> bool:
    """Tell whether most answers say where a new item is: at an id that paths name, of some, or right under the path."""
    told = [(one, location) for one in samples if (location := one.answer_header("location")) is not None]
    named = sum(last_segment(location) in used.get(one.session, ()) for one, location in told)
    under = sum(is_under(location, one.path) for one, location in told)
    return named > 0 and max(named, under) * 2 > len(samples)
