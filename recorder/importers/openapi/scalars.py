"""Texts and numbers within the bounds of a schema."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from recorder.importers.openapi.formats import formatted
from recorder.importers.openapi.pattern import matching_texts
from recorder.importers.openapi.words import number_for, text_for
from recorder.openapi.flat import Flat

_INT_BOUNDS: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**53), 2**53)}
_LONGEST: Final = 10_000


def texts(flat: Flat, name: str, h: int) -> Iterator[str]:
    """Give texts that may satisfy the schema, the most realistic first."""
    words = flat.words
    least, most = words.get("minLength", 0), words.get("maxLength")
    kind = words.get("format", "")
    first = [formatted(kind, h), text_for(name, h), text_for(flat.names[0], h) if flat.names else None, "string"]
    plain = [text for text in first if text is not None]
    if kind and plain[0] != first[0]:
        plain.insert(0, f"{kind}-{h % 90 + 10}")
    if not flat.patterns:
        for text in plain:
            yield _sized(text, least, most)
        yield from _numerals(words, h)
        return
    for text in plain[:-1]:
        if least <= len(text) <= (most if most is not None else len(text)):
            yield text
    for number, pattern in enumerate(flat.patterns):
        for variant in range(4):
            yield from matching_texts(pattern, h + variant * 7919 + number, least)
    ends = [matching_texts(pattern, h, 0)[:2] for pattern in flat.patterns]
    for first_text, last_text in product(ends[0], ends[-1]):  # one pattern may speak of the start, another of the end
        yield first_text + last_text
        yield last_text + first_text
    for text in plain:
        yield _sized(text, least, most)


def _numerals(words: dict[str, Any], h: int) -> Iterator[str]:
    if words.get("format"):
        yield str(h % 9000 + 1)


def _sized(text: str, least: int, most: int | None) -> str:
    if len(text) < least:
        text = (text + " " + "lorem ipsum dolor " * (min(least, _LONGEST) // 18 + 1))[:least]
        text = text[:-1] + "." if text.endswith(" ") else text
    return text if most is None else text[:most]


def numbers(flat: Flat, name: str, h: int, *, whole: bool) -> Iterator[float]:
    """Give numbers that may satisfy the schema, the most realistic first."""
    words = flat.words
    low, high = _bounds(words)
    step = words.get("multipleOf")
    told = number_for(name, h)
    candidates: list[float] = [told] if told is not None else []
    candidates += [h % 100 + 1, low, high, (low + high) / 2 if math.isfinite(low + high) else 0, 0, 1, -1]
    if math.isfinite(low):
        candidates += [low + 1, low + 0.5, low + (step or 1)]
    if math.isfinite(high):
        candidates += [high - 1, high - 0.5, high - (step or 1)]
    for candidate in candidates:
        if not math.isfinite(candidate):
            continue
        for number in _near(candidate, step, whole=whole):
            if _is_within(number, words):
                yield number


def _near(number: float, step: float | None, *, whole: bool) -> Iterator[float]:
    if step:
        for count in (math.floor(number / step), math.ceil(number / step)):
            multiple = count * step
            yield int(multiple) if float(multiple).is_integer() and (whole or isinstance(step, int)) else multiple
        return
    if whole:
        yield math.floor(number)
        yield math.ceil(number)
        return
    yield int(number) if isinstance(number, int) else round(number, 6)
    yield number


def _is_within(number: float, words: dict[str, Any]) -> bool:
    low, high = _bounds(words)
    if not low <= number <= high:
        return False
    return not (
        ("exclusiveMinimum" in words and number <= words["exclusiveMinimum"])
        or ("exclusiveMaximum" in words and number >= words["exclusiveMaximum"])
    )


def _bounds(words: dict[str, Any]) -> tuple[float, float]:
    low = max(words.get("minimum", -math.inf), words.get("exclusiveMinimum", -math.inf))
    high = min(words.get("maximum", math.inf), words.get("exclusiveMaximum", math.inf))
    kind = _INT_BOUNDS.get(words.get("format", ""))
    if kind is not None:
        low = max(low, kind[0]) if math.isfinite(low) else low
        high = min(high, kind[1])
    return low, high
