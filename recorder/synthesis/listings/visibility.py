"""Visibility: lists that show everybody what is public, callers what is their own too, and somebody everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from cassettes.comparing import TESTS, read_field, texts_of
from recorder.synthesis.listings.listing import Draft, Listing
from recorder.synthesis.listings.meanings import constants, fields_of
from recorder.synthesis.samples.values import MISSING, as_text
from recorder.synthesis.terms.callers import said_as
from recorder.synthesis.terms.scene import OWNER, Scene
from recorder.synthesis.terms.term import Term, literal

_LEAST: Final = 2
_FEWEST: Final = 4
_MOST_OF: Final = 0.98
_OPERATORS: Final = ("eq", "ne")


@dataclass(frozen=True, slots=True)
class _Row:
    """An item that a list could have given, and whether it did."""

    listing: Listing
    item: Any
    is_given: bool


def public_or_own(draft: Draft, listings: Sequence[Listing], callers: MutableMapping[str, Term]) -> Draft:
    """Say that a list gives what has a word that tells it is public, and what has to do with who asks.

    Whoever was shown more, in several sessions and by one name, comes with the service and sees everything. What tells
    that is added to `callers`, and to those of the listings.
    """
    plain = [one for one in listings if not one.query]
    rows = list(_rows(plain))
    hidden = [row for row in rows if not row.is_given]
    if len(plain) < _FEWEST or len(hidden) < _LEAST:
        return draft
    public = [test for test in _words(plain) if _are_given(rows, partial(_holds, test=test))]
    for text, member in _members_of_callers(plain):
        if not _are_given(rows, partial(_is_own, text=text, member=member)):
            continue
        for test in public:
            rest = [row for row in rows if not _holds(row, test)]
            told = {as_text(row.listing.callers[text]) for row in rest if _is_own(row, text, member)}
            if len(told) < _LEAST or not any(not row.is_given for row in rest):
                continue
            shown = [row for row in _rows(listings) if row.is_given and not _holds(row, test)]
            more = [row for row in shown if not _is_own(row, text, member)]
            whom = _whom(more, listings, callers)
            if more and whom is None:
                continue
            own = {"field": member, "op": "eq", "value": text}
            return {**draft, "any": [test, own, *([_everything(whom, listings, callers)] if whom is not None else [])]}
    return draft


def _rows(listings: Sequence[Listing]) -> Iterator[_Row]:
    for one in listings:
        given = set(one.given)
        for key, item in zip(one.ids, one.pool, strict=True):
            yield _Row(one, item, key in given)


def _words(listings: Sequence[Listing]) -> Iterator[Draft]:
    """Give the tests that a word or flag of few tells what is public."""
    for name, value in constants(listings):
        yield from ({"field": name, "op": operator, "value": value} for operator in _OPERATORS)


def _members_of_callers(listings: Sequence[Listing]) -> Iterator[tuple[str, str]]:
    """Give what tells who asks, each with the members of items that it may stand in."""
    fields = [field for field in fields_of(listings) if field != OWNER]
    for text, who in listings[0].callers.items():
        if not isinstance(who, list):
            yield from ((text, field) for field in [*fields, OWNER])


def _holds(row: _Row, test: Draft) -> bool:
    return bool(TESTS[test["op"]](read_field(row.item, test["field"].split(".")), texts_of(test["value"])))


def _is_own(row: _Row, text: str, member: str) -> bool:
    who, found = row.listing.callers.get(text), read_field(row.item, member.split("."))
    return isinstance(who, str | int) and isinstance(found, str | int) and as_text(found) == as_text(who)


def _are_given(rows: Sequence[_Row], test: Callable[[_Row], bool]) -> bool:
    """Tell whether almost all items for which a test holds were given, by lists of two sessions or more."""
    found = [row for row in rows if test(row)]
    given = [row for row in found if row.is_given]
    sessions = {row.listing.scene.sample.session for row in given}
    return len(sessions) >= _LEAST and len(given) >= len(found) * _MOST_OF


def _whom(more: Sequence[_Row], listings: Sequence[Listing], callers: Mapping[str, Term]) -> Term | None:
    """Give the condition that somebody asks whom all of these were shown to, and to whom nothing was ever withheld."""
    for text, term in callers.items():
        names = {as_text(row.listing.callers.get(text, MISSING)) for row in more}
        sessions = {row.listing.scene.sample.session for row in more}
        name = next(iter(names), "")
        if len(names) != 1 or len(sessions) < _LEAST or not isinstance(more[0].listing.callers.get(text), str):
            continue
        own = [one for one in listings if as_text(one.callers.get(text, MISSING)) == name]
        if any(not one.query and len(one.given) < len(one.pool) for one in own):
            continue
        condition = f"{term.text} == {literal(name)}"
        return Term(condition, partial(_is_by, term=term, name=name), "", 1.0, term.uses, term.keeps)
    return None


def _is_by(scene: Scene, term: Term, name: str) -> bool:
    return bool(term.get(scene) == name)


def _everything(whom: Term, listings: Sequence[Listing], callers: MutableMapping[str, Term]) -> Draft:
    """Give the test that every item passes where a condition holds: items have an id that is there."""
    text = said_as(whom)
    callers[text] = whom
    for one in listings:
        one.callers[text] = whom.get(one.scene)
    return {"field": fields_of(listings)[0], "op": "present", "value": text}


def are_given(field: str, operator: str, text: str, listings: Sequence[Listing]) -> bool:
    """Tell whether almost all items that have to do with who asks were given."""
    told = _told(field, operator, text, listings)
    mine = sum(told[True])
    held = mine + sum(told[False])
    return mine > 0 and mine * 50 >= held * 49


def are_only(field: str, operator: str, text: str, listings: Sequence[Listing]) -> bool:
    """Tell whether all that was given has to do with what the path names, and much that was not given has not.

    Some that has may be left out for another reason: it is archived, or on the next page.
    """
    told = _told(field, operator, text, listings)
    return len(told[True]) >= _FEWEST and all(told[True]) and told[False].count(False) >= _FEWEST


def _told(field: str, operator: str, text: str, listings: Sequence[Listing]) -> dict[bool, list[bool]]:
    """Tell of each item that was given (True) and that was not whether it has to do with who asks."""
    path = field.split(".")
    told: dict[bool, list[bool]] = {True: [], False: []}
    for one in listings:
        for key, item in zip(one.ids, one.pool, strict=True):
            told[key in one.given].append(TESTS[operator](read_field(item, path), [as_text(one.callers[text])]))
    return told
