"""A wording: a text of words and nothing else, as a name is; rewritten word by word, so that a part is known alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST: Final = 160
_LETTERS: Final = r"[^\W\d_]+"
_MARKS: Final = r"[ '’‘`´.,_()\"&·-]"
_WORDING: Final = re.compile(rf"{_MARKS}{{0,3}}{_LETTERS}(?:{_MARKS}{{1,4}}{_LETTERS})*{_MARKS}{{0,3}}")
_FIRST_OF_WORD_SIGNS: Final = "\u3040"  # from here on (kana, Han, Hangul) one character can be a word

WORD: Final = re.compile(_LETTERS)
"""A run of letters."""


def fold(word: str) -> str:
    """Give what the spellings of a word in small and capital letters share."""
    return word.lower().replace("ς", "σ")


def is_initial(word: str) -> bool:
    """Say whether a word is one letter."""
    return len(word) == 1 and word < _FIRST_OF_WORD_SIGNS


def is_wording(text: str) -> bool:
    """Say whether a text is words and what stands between them, at least one of them more than a letter."""
    if len(text) > _LONGEST:
        return False
    if text.isalpha():
        return not is_initial(text)
    return _WORDING.fullmatch(text) is not None and not all(map(is_initial, WORD.findall(text)))


def reworded(text: str, word: Callable[[str], str], initial: Callable[[str, str], str]) -> str:
    """Give a wording with each word replaced, in the case it had; what stands between the words stays.

    `word` gets a word and `initial` a letter and the word that it belongs to, all in small letters.
    """
    spots = list(WORD.finditer(text))
    plain = [fold(spot[0]) for spot in spots]
    pieces: list[str] = []
    at = 0
    for index, spot in enumerate(spots):
        new = initial(plain[index], _near(plain, index)) if is_initial(plain[index]) else word(plain[index])
        pieces += (text[at : spot.start()], cased(new, spot[0]))
        at = spot.end()
    return "".join([*pieces, text[at:]])


def _near(plain: list[str], index: int) -> str:
    """Give the word that an initial stands before, or else after."""
    around = [*plain[index + 1 :], *reversed(plain[:index])]
    return next((word for word in around if not is_initial(word)), "")


def cased(new: str, old: str) -> str:
    """Write a word of small letters in the case of another."""
    if old.islower():
        return new
    if old.isupper():
        return new.upper()
    if old[1:].islower() or not old[1:]:
        return new[:1].upper() + new[1:]
    return "".join(char.upper() if old[place : place + 1].isupper() else char for place, char in enumerate(new))
