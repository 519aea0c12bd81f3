"""Bounds: conditions on how large a number is, or how long a text or a list."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from cassettes.conventions import words_of
from recorder.synthesis.conditions.condition import Condition, Subject
from recorder.synthesis.nodes.kinds import looks_like_a_time
from recorder.synthesis.samples.amounts import as_number, digits_of
from recorder.synthesis.samples.values import is_number
from recorder.synthesis.terms.term import literal

_MOST_GAPS: Final = 24
_FEW_GAPS: Final = 8
_ROUND: Final = (1_000_000, 100_000, 10_000, 1_000, 500, 100, 50, 10, 5)
_WHOLE: Final = re.compile(r"-?\d{1,12}")
_OF_COUNT: Final = 0.15
_SIGNS: Final = ("<", ">=")
Measure = Callable[[Any], float | None]
"""Gives how large a value is, None where it is of another kind."""


def of_size(subject: Subject, hints: Sequence[float]) -> Iterator[Condition]:
    """Give conditions at every step between the values that are there, best at numbers that refusals speak of."""
    text, given = subject.text, subject.given
    numbers = sorted({value for value in given if is_number(value) and not looks_like_a_time(value)})
    if len(numbers) > 1:
        for cut in _cuts(numbers, hints):
            yield from _at(cut, subject, text, _number, 0.35 if cut in (0, 1) else 0.6)
        if _is_count_of_held(subject, numbers):
            yield from _of_counts(numbers, subject)
    texts = [value for value in given if isinstance(value, str)]
    if texts and text.startswith("request.") and sum(map(_is_whole, texts)) * 2 > len(texts):
        for cut in _cuts(sorted({_as_whole(one) for one in texts}), hints):
            yield from _at(cut, subject, f"{text} is defined and ({text} | int)", _whole, 0.6)
    elif texts and text.startswith("request.") and _are_amounts(texts):
        amounts = sorted({float(one) for one in texts if digits_of(one) is not None or _is_whole(one)})
        for cut in _cuts(amounts, hints, _FEW_GAPS):
            yield from _at(cut, subject, f"{text} is string and ({text} | float)", _amount, 0.6)
    lengths = sorted({len(value) for value in given if isinstance(value, str | list)})
    if len(lengths) > 1 and not subject.is_marked:
        measured = f"{text} is sequence and {text} is not mapping and ({text} | length)"
        for cut in _cuts(lengths, hints):
            yield from _at(cut, subject, measured, _length, 0.4 if cut == 1 else 0.7)


def _is_count_of_held(subject: Subject, numbers: Sequence[float]) -> bool:
    """Tell whether numbers are how many there are of something, by what they are called."""
    is_held = "vars." in subject.text and all(isinstance(number, int) for number in numbers)
    return is_held and list(words_of(subject.term.name))[-1:] == ["count"]


def _of_counts(counts: Sequence[float], subject: Subject) -> Iterator[Condition]:
    """Give conditions that counts are larger than some that there are, or smaller: more than equality to one says."""
    for low, high in list(pairwise(counts))[:_FEW_GAPS]:
        for cut, sign in ((low + 1, ">="), (high, "<")):
            held = _bounded(_number, cut, sign)
            yield subject.condition(f"{subject.text} {sign} {literal(cut)}", held, _OF_COUNT, turns=False)


def _at(cut: float, subject: Subject, text: str, measure: Measure, cost: float) -> Iterator[Condition]:
    for sign in _SIGNS:
        yield subject.condition(f"{text} {sign} {literal(cut)}", _bounded(measure, cut, sign), cost, turns=False)


def _bounded(measure: Measure, cut: float, sign: str) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        measured = measure(value)
        return measured is not None and (measured < cut) is (sign == "<")

    return holds


def _number(value: Any) -> float | None:
    return value if is_number(value) else None


def _whole(value: Any) -> float | None:
    return _as_whole(value) if isinstance(value, str) else None


def _length(value: Any) -> float | None:
    return len(value) if isinstance(value, str | list) else None


def _amount(value: Any) -> float | None:
    return as_number(value) if isinstance(value, str) else None


def _are_amounts(texts: Sequence[str]) -> bool:
    """Tell whether texts are numbers, most of them written with a point."""
    return sum(digits_of(one) is not None for one in texts) * 2 > len(texts)


def _is_whole(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None


def _as_whole(text: str) -> int:
    """Give the whole number that a text is, 0 for any other: what the filter `int` gives."""
    return int(text) if _is_whole(text) else 0


def _cuts(numbers: Sequence[float], hints: Sequence[float], most: int = _MOST_GAPS) -> list[float]:
    """Give a number in each gap, one that refusals speak of or else a round one; the widest gaps, if there are many.

    Where numbers begin to be positive is always a bound that may matter, however large others are.
    """
    gaps = sorted(pairwise(numbers), key=lambda pair: (not pair[0] <= 0 <= pair[1], pair[0] - pair[1]))
    if most < _MOST_GAPS:  # those first that refusals speak of
        gaps.sort(key=lambda pair: _hinted(pair[0], pair[1], hints) is None)
    gaps = gaps[:most]
    return sorted({_hinted(low, high, hints) or _roundest(low, high) for low, high in gaps})


def _hinted(low: float, high: float, hints: Sequence[float]) -> float | None:
    """Give a bound in a gap: a number that is spoken of, as the least that is right, or the most."""
    are_whole = isinstance(low, int) and isinstance(high, int)
    told = (
        made
        for hint in hints
        if isinstance(hint, int) or not are_whole
        for made in ((hint, hint + 1) if isinstance(hint, int) else (hint,))
    )
    return next((made for made in told if low < made <= high and made), None)


def _roundest(low: float, high: float) -> float:
    """Give the roundest number above `low` and not above `high`."""
    are_whole = isinstance(low, int) and isinstance(high, int)
    if low < 0 <= high:
        return 0
    if low <= 0 < high and high >= 1:
        return 1 if are_whole else high
    for unit in _ROUND if are_whole else (*_ROUND, 1):
        made = math.floor(high / unit) * unit
        if low < made <= high:
            return made
    return high
