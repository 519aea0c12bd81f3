"""Comparisons: conditions that two values are equal, that one is larger, or that a list has one in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations
from typing import Any, Final, NamedTuple

from recorder.synthesis.conditions.condition import Condition, are_namesakes, condition, subject_of
from recorder.synthesis.conditions.field_conditions import INDEXED
from recorder.synthesis.conditions.row_faults import fault_names
from recorder.synthesis.samples.amounts import as_number, digits_of
from recorder.synthesis.samples.values import MISSING, as_text, is_number, is_scalar, same
from recorder.synthesis.terms.callers import OWN_COUNT
from recorder.synthesis.terms.differences import LEFT
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, used_by
from recorder.synthesis.terms.vocabulary import Vocabulary

_MOST_PAIRS: Final = 400
_MOST_HELD: Final = 60
_MOST_DAYS: Final = 100
_MOST_LISTS: Final = 12
_MOST_CONTAINED: Final = 40
_DEAREST: Final = 5
_OF_VERSION: Final = 0.25
_TOLD: Final = 0.3
"""What a comparison costs with what refusals tell to be left."""
_PRECONDITIONS: Final = ("if-match", "if-none-match")
_NOT_ASKED: Final = ("request.method", "request.url", "request.path_params")
_NOT_HELD: Final = ("vars.list", "| sum(", "net(")
"""What is worked out of what is held: it is equal to other numbers by chance."""
_ID: Final = re.compile(r"(?:^|_)id$|[a-z]Id$")
_PLAIN: Final = re.compile(r"[\w.\[\]'\xa7-]+")
_DAY: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_MONTH: Final = len("2025-01")
_BOUND: Final = re.compile(r"max|maximum|limit|quota|capacity|allowed|total|size", re.IGNORECASE)
_COUNT: Final = re.compile(r"used|count|taken|current|consumed|spent|reserved|sold|booked", re.IGNORECASE)
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
Pairs = dict[tuple[str, str], tuple[Term, Term]]
"""Pairs of terms by what is written for them."""


def of_pairs(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions that compare what is asked with what is held, and what is held with other things held."""
    pairs = _pairs(scenes, vocabulary)
    for name, lookup in vocabulary.lookups.items():
        if "_of_" in lookup.collection:
            yield _of_another_request(name)
    yield from _of_containment(scenes, vocabulary)
    for one, other in list(pairs.values())[:_MOST_PAIRS]:
        yield from _of_pair(one, other, scenes)


def _pairs(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Pairs:
    faults = fault_names(vocabulary.lookups)
    found = _day_pairs(scenes, vocabulary)
    for scene in _some(scenes):
        everything = [pair for pair in vocabulary.everything(scene) if not pair[0].uses & faults]
        held = [
            _Side.of(term, value)
            for term, value in [*everything, *vocabulary.hidden_terms(scene)]
            if _is_held(term, value)
        ]
        asked = [_Side.of(term, value) for term, value in everything if _is_asked(term, value)]
        for left in asked:
            for right in held:
                if _may_be_compared(left, right):
                    found.setdefault((left.term.text, right.term.text), (left.term, right.term))
        for one, other in _equal_ones(held[:_MOST_HELD]):
            found.setdefault((one.text, other.text), (one, other))
        for one, other in _own_numbers(held[:_MOST_HELD]):
            if (other.text, one.text) not in found:
                found.setdefault((one.text, other.text), (one, other))
        if len(found) > 500:
            break
    return found


def _day_pairs(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Pairs:
    """Give the days that are asked and held, which are few, and seldom there: what is closed is so in few sessions."""
    found: Pairs = {}
    for scene in scenes[:: max(1, len(scenes) // _MOST_DAYS)]:
        days = [(term, value) for term, value in vocabulary.everything(scene) if _is_day(value)]
        for one in (term for term, value in days if _is_asked(term, value)):
            for other in (term for term, value in days if _is_held(term, value) and not INDEXED.search(term.text)):
                if len(found) < _MOST_DAYS:
                    found.setdefault((one.text, other.text), (one, other))
    return found


class _Side(NamedTuple):
    """A side of a comparison: what is asked of each value again for every other one is worked out once."""

    term: Term
    text: str
    bare: str
    is_number: bool
    is_at_a_place: bool
    is_day: bool

    @classmethod
    def of(cls, term: Term, value: Any) -> _Side:
        text = as_text(value)
        is_at_a_place = INDEXED.search(term.text) is not None
        is_amount = is_number(value) or (not is_at_a_place and digits_of(value) is not None)
        return cls(term, text, text.strip('"'), is_amount, is_at_a_place, _is_day(value))


def _equal_ones(held: Sequence[_Side]) -> Iterator[tuple[Term, Term]]:
    """Give the terms of different things that have one value, in the order of all pairs.

    In which form two things were sent says nothing of them.
    """
    held = [one for one in held if not one.term.text.endswith("._content_type")]
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(held):
        if one.text:
            places[one.text].append(place)
    for place, one in enumerate(held):
        for other in places[one.text] if one.text else ():
            if other > place and one.term.uses != held[other].term.uses:
                yield one.term, held[other].term


def _own_numbers(held: Sequence[_Side]) -> Iterator[tuple[Term, Term]]:
    """Give the numbers of one thing of which one is called as the other's bound: how often, and how often at most."""
    numbers = [one for one in held if one.is_number and not one.is_at_a_place and not _ID.search(one.term.name)]
    for one, other in permutations(numbers, 2):
        is_quota = other.term.name == OWN_COUNT and one.term.name != OWN_COUNT
        is_own = one.term.uses == other.term.uses
        if is_quota or (is_own and _is_bound_of(one.term.name, other.term.name)):
            yield one.term, other.term


def _is_bound_of(one: str, other: str) -> bool:
    """Tell whether a name is that of what another bounds: `max_visits` bounds `visits`, `cardLimit` a `count`."""
    if one != other and are_namesakes(one, other) and _BOUND.search(one):
        return True
    return any(map(_BOUND.fullmatch, _WORDS.findall(one))) and any(map(_COUNT.fullmatch, _WORDS.findall(other)))


def _some(scenes: Sequence[Scene]) -> Sequence[Scene]:
    return scenes[:: max(1, len(scenes) // 40)]


def _is_held(term: Term, value: Any) -> bool:
    return _is_of_items(term) and _is_plain(value) and term.cost < _DEAREST


def _is_of_items(term: Term) -> bool:
    is_of_row = "row" in term.uses and term.text.startswith("resource.")
    return is_of_row or ("vars." in term.text and not any(text in term.text for text in _NOT_HELD))


def _is_asked(term: Term, value: Any) -> bool:
    is_said = term.text.startswith("request.") and not term.text.startswith(_NOT_ASKED)
    return (is_said or (term.text.startswith("row") and "row" in term.uses)) and _is_plain(value)


def _is_plain(value: Any) -> bool:
    return is_scalar(value) and value is not None and not isinstance(value, bool)


def _may_be_compared(left: _Side, right: _Side) -> bool:
    if left.text and left.bare == right.bare:
        return True
    if left.is_number and right.is_number and not right.is_at_a_place:
        return True
    if left.is_day and right.is_day and not right.is_at_a_place:
        return True
    return are_namesakes(left.term.name, right.term.name)


def _is_day(value: Any) -> bool:
    """Tell whether a text is a day, or a month."""
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _of_another_request(name: str) -> Condition:
    """Give the condition that a call that is known by its key asks something else than before."""

    def differs(scene: Scene) -> bool:
        known = scene.looked_up(name)
        return isinstance(known, dict) and not same(scene.sample.json, known.get("request", MISSING))

    text = f"vars.{name} is not none and request.json != vars.{name}.request"
    term = Term(text, differs, "", 0.3, frozenset({name}))
    return Condition(term, f"pair.{name}")


def _preconditions(one: Term, other: Term, scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions that a precondition speaks of another version than the one held, or of it (RFC 9110 §13.1).

    A version may be held without the quotes that an entity tag has.
    """
    is_bare = any(as_text(one.get(scene)) == f'"{as_text(other.get(scene))}"' for scene in scenes)

    def differs(scene: Scene) -> bool:
        asked, held = one.get(scene), as_text(other.get(scene))
        is_there = isinstance(asked, str) and asked != "*" and other.get(scene) is not MISSING
        return is_there and asked != (f'"{held}"' if is_bare else held)

    said = f"('\"' ~ {other.text} ~ '\"')" if is_bare else f"({other.text} | string)"

    def is_of_it(scene: Scene) -> bool:
        asked, held = one.get(scene), as_text(other.get(scene))
        return other.get(scene) is not MISSING and asked == (f'"{held}"' if is_bare else held)

    text = f"{one.text} is defined and {one.text} not in ['*', {said}]"
    yield condition(text, differs, 0.4, _about(one, other), (one, other), turns=False)
    if is_bare:
        text = f"{other.text} is defined and {one.text} == {said}"
        yield condition(text, is_of_it, _OF_VERSION, _about(one, other), (one, other))


def _of_pair(one: Term, other: Term, scenes: Sequence[Scene]) -> Iterator[Condition]:
    first, second, about, both = one.text, other.text, _about(one, other), (one, other)
    # The first row of a list is seldom the one that is meant, whatever its members are called.
    alike = are_namesakes(one.name, other.name) and "[0]" not in second
    if one.name in _PRECONDITIONS and first.startswith("request.headers"):
        yield from _preconditions(one, other, scenes)
    is_single = len({scene.sample.session for scene in scenes}) == 1
    if first.startswith("request.") and (is_single or any(one.get(scene) is MISSING for scene in scenes)):
        text = f"{first} is defined and ({first} | string) != ({second} | string)"
        yield condition(text, _differ(one, other), (0.45 if is_single else 0.6) if alike else 0.85, about, both)
    text = f"{second} is defined and ({first} | string) == ({second} | string)"
    yield condition(text, _are_equal(one, other), 0.5 if alike else 0.8, about, both)
    days = [(left, right) for scene in scenes if _is_day(left := one.get(scene)) and _is_day(right := other.get(scene))]
    if days:
        yield from _of_days(one, other, by_month=any(len(left) != len(right) for left, right in days))
    are_written = [any(digits_of(term.get(scene)) is not None for scene in scenes) for term in both]
    larger, at_most = (_is_larger(one, other, are_written, is_larger=is_larger) for is_larger in (True, False))
    more, less = (_compared(first, sign, second, are_written) for sign in (">", "<="))
    if other.name == LEFT and first.startswith("request."):
        yield from _of_what_is_left(one, other, more, larger)
        return
    yield condition(more, larger, 0.7 if alike else 1.1, about, both, turns=False)
    yield condition(less, at_most, 0.75 if alike else 1.2, about, both, turns=False)


def _of_what_is_left(one: Term, other: Term, more: str, larger: Callable[[Scene], bool]) -> Iterator[Condition]:
    """Give the conditions that more is asked for than is left, or all of it; they are on what is asked."""

    def is_all(scene: Scene) -> bool:
        asked, left = as_number(one.get(scene)), other.get(scene)
        return asked is not None and is_number(left) and asked == left

    uses, keeps = used_by((one, other))
    text = f"{one.text} is number and {one.text} == {other.text}"
    for written, holds in ((more, larger), (text, is_all)):
        yield Condition(Term(written, holds, LEFT, _TOLD, uses, keeps, inline=False), subject_of(one))


def _of_days(one: Term, other: Term, *, by_month: bool) -> Iterator[Condition]:
    """Give the conditions that a day is after another one, or not, as when what is before it is closed.

    Of a day and a month the months are compared.
    """
    end = _MONTH if by_month else None

    def compared(scene: Scene, *, is_after: bool) -> bool:
        left, right = one.get(scene), other.get(scene)
        return _is_day(left) and _is_day(right) and (left[:end] > right[:end]) is is_after

    about, both = _about(one, other), (one, other)
    part = f"[:{end}]" if by_month else ""
    for sign, is_after in (("<=", False), (">", True)):
        text = f"{one.text} is string and {other.text} is string and {one.text}{part} {sign} {other.text}{part}"
        holds = partial(compared, is_after=is_after)
        yield condition(text, holds, 0.7, about, both, turns=False)


def _compared(first: str, sign: str, second: str, are_written: Sequence[bool]) -> str:
    """Write which is more. Beside what is worked out, and is a number, the other has to be there."""
    if any(are_written):
        pairs = list(zip((first, second), are_written, strict=True))
        guards = [f"{side} is {'string' if is_text else 'number'}" for side, is_text in pairs]
        left, right = (f"({side} | float)" if is_text else side for side, is_text in pairs)
        return " and ".join([*guards, f"{left} {sign} {right}"])
    plain = [side for side in (first, second) if _PLAIN.fullmatch(side)]
    guards = [] if len(plain) == 2 else [f"{side} is number" for side in plain]
    return " and ".join([*guards, f"{first} {sign} {second}"])


def _about(one: Term, other: Term) -> str:
    return f"pair.{subject_of(one)}.{subject_of(other)}"


def _differ(one: Term, other: Term) -> Callable[[Scene], bool]:
    return lambda scene: one.get(scene) is not MISSING and not _equal_texts(one.get(scene), other.get(scene))


def _are_equal(one: Term, other: Term) -> Callable[[Scene], bool]:
    return lambda scene: _equal_texts(one.get(scene), other.get(scene))


def _is_larger(one: Term, other: Term, are_written: Sequence[bool], *, is_larger: bool) -> Callable[[Scene], bool]:
    def holds(scene: Scene) -> bool:
        left = _measured(one.get(scene), is_text=are_written[0])
        if left is None:
            return False
        right = _measured(other.get(scene), is_text=are_written[1])
        return right is not None and (left > right) is is_larger

    return holds


def _measured(value: Any, *, is_text: bool) -> float | None:
    """Give a number, or what a text of one comes to, where such are compared."""
    return as_number(value) if isinstance(value, str) is is_text else None


def _equal_texts(one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING or one is None or other is None:
        return False
    return is_scalar(one) and is_scalar(other) and as_text(one) == as_text(other)


def _of_containment(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions that a list that is held has what is asked for, or who asks, in it."""
    found: Pairs = {}
    for scene in _some(scenes):
        everything = vocabulary.everything(scene)
        held = [(term, rows) for term, rows in everything if _is_of_items(term) and isinstance(rows, list)]
        for holder, rows in held[:_MOST_LISTS]:
            for one, value in everything:
                if _is_sought(value) and value in rows and one.cost < _DEAREST:
                    found.setdefault((one.text, holder.text), (one, holder))
    for one, holder in list(found.values())[:_MOST_CONTAINED]:
        text = f"{one.text} in {holder.text}"
        yield condition(text, _is_among(one, holder), 0.6, _about(one, holder), (one, holder))


def _is_sought(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_among(one: Term, holder: Term) -> Callable[[Scene], bool]:
    def holds(scene: Scene) -> bool:
        rows = holder.get(scene)
        return isinstance(rows, list) and one.get(scene) in rows

    return holds
