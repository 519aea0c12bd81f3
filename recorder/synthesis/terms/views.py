"""Views: rows with one amount seen as rows with two sides: told by a word of theirs, or by which of two they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final, Protocol

from recorder.synthesis.samples.amounts import amount, amounts_in
from recorder.synthesis.terms.term import literal, member

LEGS: Final = "_legs"
"""The list in which an item that names two others, as a transfer, has a row for each of them."""
NAMED: Final = "account"
"""What these rows name the others by."""
_IN: Final = "in"
_OUT: Final = "out"
_MOST_AMOUNTS: Final = 2
_TWO: Final = 2
_FEW: Final = 10


class View(Protocol):
    """How the rows of a source are seen."""

    @property
    def sides(self) -> Sequence[str]:
        """The members that the rows have in it: one of them each."""

    def rows(self, row: dict[str, Any], item: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Give what a row of an item is seen as, each with its item."""

    def text(self, rows: str) -> str:
        """Write the rows, given as an expression, as they are seen."""

    def items(self, items: str) -> str:
        """Write the items, given as an expression, as they are seen."""


@dataclass(frozen=True, slots=True)
class Sided:
    """Rows that have their amount under the word that says on which side it is, as `debit` and `credit`."""

    field: str
    amount: str
    words: tuple[str, str]

    @property
    def sides(self) -> Sequence[str]:
        return self.words

    def rows(self, row: dict[str, Any], item: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        word = row.get(self.field)
        yield ({**row, word: row.get(self.amount)} if isinstance(word, str) else row), item

    def text(self, rows: str) -> str:
        return f"each({rows}, merge(row, {{{member('row', (self.field,))}: {member('row', (self.amount,))}}}))"

    def items(self, items: str) -> str:
        return items


@dataclass(frozen=True, slots=True)
class Legs:
    """Items that name two others, from one of which an amount goes to the other, perhaps with a fee on top of it."""

    source: str
    target: str
    amount: str
    fee: str = ""

    @property
    def sides(self) -> Sequence[str]:
        return (_IN, _OUT)

    def rows(self, row: dict[str, Any], item: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        del item
        out = row.get(self.amount)
        if self.fee:
            known = amounts_in({name: row.get(name) for name in (self.amount, self.fee)})
            made = sum(known.values())
            out = int(made) if made == int(made) else float(made)
        legs = [
            {NAMED: row.get(self.source), _OUT: out},
            {NAMED: row.get(self.target), _IN: row.get(self.amount)},
        ]
        whole = {**row, LEGS: legs}
        yield from ((leg, whole) for leg in legs)

    def text(self, rows: str) -> str:
        return rows

    def items(self, items: str) -> str:
        source, target, moved = (member("row", (name,)) for name in (self.source, self.target, self.amount))
        out = moved
        if self.fee:
            out = f"net([{{'n': {moved}}}, {{'n': {member('row', (self.fee,))}}}], 'n')"
        first, second = f"{{'{NAMED}': {source}, '{_OUT}': {out}}}", f"{{'{NAMED}': {target}, '{_IN}': {moved}}}"
        return f"each({items}, merge(row, {{{literal(LEGS)}: [{first}, {second}]}}))"


def sided_views(rows: Sequence[dict[str, Any]], kinds: Sequence[tuple[str, Sequence[Any]]]) -> Iterator[Sided]:
    """Give the views of rows that each have one amount, by the fields that have one of two words, given as `kinds`."""
    for name in _amounts(rows):
        for field, words in kinds:
            are_words = len(words) == _TWO and all(isinstance(word, str) and word.isidentifier() for word in words)
            are_apart = are_words and not any(word in row for row in rows for word in words)
            if are_apart and all(field in row for row in rows):
                yield Sided(field, name, (words[0], words[1]))


def leg_views(rows: Sequence[dict[str, Any]], links: Sequence[str]) -> Iterator[Legs]:
    """Give the views of items that name two others by some of these fields, which are never the same."""
    names = _amounts(rows)
    for source, target in permutations(links, 2):
        both = [row for row in rows if row.get(source) is not None and row.get(target) is not None]
        if not both or any(row[source] == row[target] for row in both):
            continue
        for name in names:
            yield Legs(source, target, name)
            yield from (Legs(source, target, name, fee) for fee in names if fee != name)


def _amounts(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Give the fields that have an amount in all rows, the most various first: how much is seldom the same.

    A few may be texts of whole numbers, as amounts of a currency without cents are.
    """
    first = rows[0] if rows else {}
    names = [name for name in first if _has_amounts(name, rows)]
    various = {name: len({amount(row[name]) for row in rows}) for name in names}
    return sorted(names, key=lambda name: -various[name])[:_MOST_AMOUNTS]


def _has_amounts(name: str, rows: Sequence[dict[str, Any]]) -> bool:
    others = [row.get(name) for row in rows if amount(row.get(name)) is None]
    return len(others) * _FEW <= len(rows) and all(isinstance(one, str) and one.isdecimal() for one in others)
