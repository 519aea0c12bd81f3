"""Words for orders: what `?sort=newest` and `?sort=popular` sort by, told by the order of the rows that were listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from cassettes.comparing import MISSING, rank, read_field
from cassettes.conventions import words_of
from cassettes.ordering import read_constant
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
    differ; in one, where the field begins with the word, as `added_at` does with `-added`. What is called as a field,
    as `price_desc` is with its direction, or is a direction alone is no such word; fields may be asked for beside them.
    """
    asked = {value for one in listings for value in one.query.get(name, ())}
    words = [value for value in asked if _is_word(value, fields)]
    if not 0 < len(words) <= _MOST_WORDS or not all(_bare(value) in fields for value in asked.difference(words)):
        return {}
    found = {word: _order(word, [one for one in listings if one.query.get(name) == [word]], fields) for word in words}
    return {word: [order] for word, order in sorted(found.items()) if order is not None}


def _is_word(value: str, fields: Sequence[str]) -> bool:
    bare = _bare(value)
    is_way = bare.lower() in _WAYS
    return bare.isidentifier() and not is_way and bare not in fields and read_constant(bare, fields) is None


def _bare(value: str) -> str:
    """Give a word without the sign of its direction."""
    return value.removeprefix("-").removeprefix("+")


def _order(word: str, listings: Sequence[Listing], fields: Sequence[str]) -> str | None:
    shown = [_rows(one) for one in listings]
    best: tuple[tuple[bool, bool, int], str] | None = None
    for field in fields:
        columns = [[read_field(row, field.split(".")) for row in rows] for rows in shown]
        if any(value is MISSING or value is None for values in columns for value in values):
            continue
        is_near = words_of(field)[: len(words_of(word))] == words_of(word)
        steps = [_step(one, other) for values in columns for one, other in pairwise(values)]
        for sign, way in (("", 1), ("-", -1)):
            strict = steps.count(way)
            if strict >= (1 if is_near else _LEAST) and -way not in steps:
                score = is_near, _is_called(word, sign), strict
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
