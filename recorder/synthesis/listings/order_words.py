"""Words for orders: what `?sort=newest` and `?sort=popular` sort by, told by the order of the rows that were listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from cassettes.comparing import MISSING, rank, read_field
from cassettes.conventions import words_of
from cassettes.listing import read_constant
from recorder.synthesis.listings.listing import Listing
from recorder.synthesis.samples.values import canon

_MOST_WORDS: Final = 6
_LEAST: Final = 2
_WAYS: Final = ("asc", "desc", "ascending", "descending", "true", "false")
_FALLING: Final = frozenset(("newest", "new", "latest", "recent", "last", "top", "best", "popular", "most"))
_RISING: Final = frozenset(("oldest", "old", "earliest", "first", "least", "lowest", "cheapest"))


def order_words(name: str, listings: Sequence[Listing], fields: Sequence[str]) -> Mapping[str, list[str]]:
    """Give the orders that the words of a parameter stand for, each as a field, with a `-` where it falls.

    An order has to hold in all lists that were asked for by the word, and to turn up in two places at least where rows
    differ. What is called as a field, as `price_desc` is with its direction, or is a direction alone is no such word.
    """
    asked = {value for one in listings for value in one.query.get(name, ())}
    if not 0 < len(asked) <= _MOST_WORDS or not all(_is_word(value, fields) for value in asked):
        return {}
    found = {word: _order(word, [one for one in listings if one.query.get(name) == [word]], fields) for word in asked}
    return {word: [order] for word, order in sorted(found.items()) if order is not None}


def _is_word(value: str, fields: Sequence[str]) -> bool:
    is_way = value.lower() in _WAYS
    return value.isidentifier() and not is_way and value not in fields and read_constant(value, fields) is None


def _order(word: str, listings: Sequence[Listing], fields: Sequence[str]) -> str | None:
    shown = [_rows(one) for one in listings]
    best: tuple[tuple[bool, int], str] | None = None
    for field in fields:
        columns = [[read_field(row, field.split(".")) for row in rows] for rows in shown]
        if any(value is MISSING or value is None for values in columns for value in values):
            continue
        steps = [_step(one, other) for values in columns for one, other in pairwise(values)]
        for sign, way in (("", 1), ("-", -1)):
            strict = steps.count(way)
            if strict >= _LEAST and -way not in steps:
                score = _is_called(word, sign), strict
                if best is None or score > best[0]:
                    best = score, f"{sign}{field}"
    return best[1] if best is not None else None


def _rows(one: Listing) -> list[Any]:
    """Give the items that were listed, in their order."""
    held = dict(zip(one.ids, one.pool, strict=True))
    return [held[own] for own in one.given if own in held]


def _step(one: Any, other: Any) -> int:
    if canon(one) == canon(other):
        return 0
    return 1 if rank(one) < rank(other) else -1


def _is_called(word: str, sign: str) -> bool:
    """Tell whether a word says which way an order goes, and that it is this one."""
    return bool((_FALLING if sign else _RISING).intersection(words_of(word)))
