"""Names: the words of persons' names that were learnt, in memory only, with a fast look whether bytes can hold one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.kinds import MIN_LENGTH
from sanitizers.naming import SHORTEST_NUMBERED, is_distinctive, is_short_name
from sanitizers.needles import Form, Needles
from sanitizers.pseudonym import composed, is_worded
from sanitizers.reveal import revealed
from sanitizers.variants import packed
from sanitizers.wording import WORD, fold, is_initial

if TYPE_CHECKING:
    from collections.abc import Iterable

_LETTER: Final = rb"(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])"
_ESCAPED_LETTER: Final = re.compile(rb"(?:\\u00|%(?:25)*)" + _LETTER)
_ASCII_RUN: Final = re.compile(r"[a-z]{3,}")
_ESCAPE_BYTES: Final = 6


class Names:
    """A growing set of words in small letters; keeps the newest `limit`."""

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._words: dict[str, None] = {}
        self._distinctive = Needles(limit, _distinctive_forms)
        self._ordinary = Needles(limit, _ordinary_forms)

    def __repr__(self) -> str:
        return f"Names({len(self._words)})"

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def learn(self, words: Iterable[str]) -> frozenset[str]:
        """Know these words from now on; gives those that are new."""
        fresh = dict.fromkeys(word for word in words if word not in self._words)
        if not fresh:
            return frozenset()
        self._words.update(fresh)
        for old in list(self._words)[: max(0, len(self._words) - self._limit)]:
            del self._words[old]
        self._distinctive.add(word for word in fresh if is_distinctive(word))
        self._ordinary.add(word for word in fresh if not is_distinctive(word))
        return frozenset(fresh)

    def present(self, data: bytes) -> set[str]:
        """Give the words in `data` that can mean a person, also written in escapes: all that a walk would find."""
        if not self._words:
            return set()
        small = data.lower()
        if _hides_words(small):
            data = revealed(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            small = data.lower()
        return self._distinctive.found(small) | self._ordinary.found(data)


class PackedNames:
    """A growing set of full names, sought in base64 and in hexadecimal digits; keeps the newest `limit`."""

    def __init__(self, limit: int = 20_000) -> None:
        self._needles = Needles(limit, _packed_forms)

    def __len__(self) -> int:
        return len(self._needles)

    def learn(self, names: Iterable[str]) -> None:
        """Know those of these names from now on that are long enough for their code to be nothing else."""
        self._needles.add(name for name in names if len(name) >= MIN_LENGTH and len(words_of(name)) > 1)

    def found(self, data: bytes) -> set[str]:
        """Give the names of which some code stands in `data`."""
        return self._needles.found(data)


def hides_words(text: str) -> bool:
    """Say whether some letters of a text may not stand there as such."""
    return "%" in text or "\\" in text or "&" in text or "eyJ" in text


def _hides_words(small: bytes) -> bool:
    """Say whether plain letters are written as escapes in `small`, or a JSON text in base64."""
    return b"eyj" in small or ((b"%" in small or b"\\u00" in small) and _ESCAPED_LETTER.search(small) is not None)


def words_of(name: str) -> frozenset[str]:
    """Give the words of a person's name that have stand-ins of their own, in small letters and without initials."""
    if not is_worded(composed(name)):
        return frozenset()
    return frozenset(fold(word) for word in WORD.findall(name) if not is_initial(word))


def written_words(words: Iterable[str]) -> set[bytes]:
    """Give the ways in which words stand in bytes: in small letters, capitals, and with a capital."""
    return {form.encode() for word in words for form in (word, word.upper(), word.capitalize())}


def _packed_forms(name: str) -> list[Form]:
    return [Form(name, form) for form in packed(name).values()]


def _distinctive_forms(word: str) -> list[Form]:
    if word.isascii():
        return [Form(word, word.encode(), _is_word)]
    run = max(_ASCII_RUN.findall(word), key=len, default="")
    if run:
        return [Form(word, run.encode())]
    plain = {word, word.upper(), word.capitalize()}
    escaped = {form.encode("ascii", "backslashreplace").lower() for form in plain}
    coded = {"".join(f"%{byte:02x}" if byte > 127 else chr(byte) for byte in form.encode()).encode() for form in plain}
    return [Form(word, form) for form in {form.encode() for form in plain} | escaped | coded]


def _ordinary_forms(word: str) -> list[Form]:
    forms = (word, word.upper(), word.capitalize()) if is_short_name(word) else (word.capitalize(),)
    return [Form(word, form.encode(), _is_word) for form in forms]


def _is_word(data: bytes, start: int, end: int) -> bool:
    """Say whether no letter or digit touches a word; one before it may be the end of an escape, as in `%2C`."""
    after = data[end : end + 1]
    if after.isalpha() or (after.isdigit() and end - start < SHORTEST_NUMBERED):
        return False
    if not data[max(0, start - 1) : start].isalnum():
        return True
    before = data[max(0, start - _ESCAPE_BYTES) : start]
    return b"%" in before or b"\\" in before
