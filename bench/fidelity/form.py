"""The form of a value: what can be said of an id, a token or a time without knowing which one it is."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_TIMES: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT"
    r"|(?<![\w.-])1[5-9]\d{8}(?:\d{3})?(?:\.\d+)?(?![\w-])"
)
# What stands in quotes without a space is one word: an entity tag, whose text may be base64.
_WORDS: Final = re.compile(r"\"[^\"\s]{6,}\"|[A-Za-z0-9_.~\-]+|[^A-Za-z0-9_.~\-\"]+|\"")
_BASE64: Final = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+_=.~-][A-Za-z0-9+/_=.~-]{15,}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX: Final = re.compile(r"[0-9a-f]{6,}|[0-9A-F]{6,}")
TIME: Final = "\u231a"
OPAQUE_LENGTH: Final = 8


def pieces(text: str, *, times: bool = True) -> list[str]:
    """Split a text into words and what stands between them; with `times` every time, in whatever notation, is TIME."""
    if _BASE64.fullmatch(text) and is_opaque(text):
        return [text]
    return _WORDS.findall(_TIMES.sub(TIME, text) if times else text)


def is_time(number: float) -> bool:
    """Tell whether a number is the time of these years, in seconds or milliseconds."""
    return 1.5e9 <= number < 2.0e9 or 1.5e12 <= number < 2.0e12


def is_opaque(word: str) -> bool:
    """Tell whether a word looks like an id or a token: long, with letters and digits mixed, or of digits alone."""
    word = word.strip('"')
    if len(word) < OPAQUE_LENGTH:
        return word.isdigit() and len(word) >= 6
    if _UUID.fullmatch(word) or _HEX.fullmatch(word) or word.isdigit():
        return True
    changes = sum(_class(left) != _class(right) for left, right in pairwise(word))
    return changes >= 3 and any(letter.isdigit() for letter in word)


def has_form_of(word: str, examples: tuple[str, ...]) -> bool:
    """Tell whether a word could stand where the examples do: of their class, and of their length if they have one."""
    lengths = {len(example) for example in examples if not example.isdigit()}
    if len(lengths) == 1 and all(is_opaque(example) for example in examples):
        # Entity tags often begin with a size, which has a digit more or less.
        slack = 2 if word.startswith('"') else 0
        if abs(len(word) - lengths.pop()) > slack:
            return False
    return _form(word) <= max(_form(example) for example in examples)


def _form(word: str) -> int:
    """Give how much a word's alphabet allows: digits, hexadecimal, an id's letters, anything."""
    word = word.strip('"')
    if word.isdigit():
        return 0
    if _UUID.fullmatch(word):
        return 1
    if _HEX.fullmatch(word):
        return 2
    return 3 if re.fullmatch(r"[A-Za-z0-9_.~\-]*", word) else 4


def _class(letter: str) -> str:
    if letter.isdigit():
        return "0"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    return "-"
