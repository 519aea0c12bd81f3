"""Locations: what `Location` headers tell of new items."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_under(location: str | None, path: str) -> bool:
    """Tell whether a location is right under a path."""
    last = last_segment(location)
    return bool(last) and urlsplit(location or "").path.rstrip("/") == f"{path.rstrip('/')}/{last}"


def last_segment(location: str | None) -> str | None:
    """Give the last part of the path of a location."""
    return None if location is None else location.partition("?")[0].rstrip("/").rpartition("/")[2]
