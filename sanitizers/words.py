"""Words: a set of them, written in the source as a person would, with spaces."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Give the words of a text."""
    return frozenset(text.split())
