"""Naming: where in a text words that belong to persons' names mean a person, and where they are ordinary words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sanitizers.ordinary import ORDINARY
from sanitizers.rules.vocabulary import split_words
from sanitizers.wording import WORD, fold, is_initial
from sanitizers.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_GAP: Final = re.compile(r"(?:, |\. |[ .,'’_-])")
_AFTER_INITIAL: Final = re.compile(r"(?:\. ?|['’_-])")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)[ .,]{1,2}\Z")
_NUMBER: Final = re.compile(r"\d{1,4}(?![^\W_])")
SHORTEST_NUMBERED: Final = 5
"""A word as long as this may be a name with a number after it."""

_WIDEST_GAP: Final = 24  # room for a particle or an initial between two names
_LONGEST_FIELD: Final = 48
_AUTHORITY: Final = re.compile(r"://[^\s/?#\"'<>\\]*")
_PERSONS: Final = words(
    "patient doctor physician nurse owner author creator editor customer client user username member employee manager "
    "assignee assigned reporter reviewer approver requester teacher student pupil guest host contact sender recipient "
    "receiver signer driver passenger tenant payer payee beneficiary buyer seller applicant candidate attendee "
    "participant organizer organiser participant player speaker person people who whom by nickname nick login "
    "displayname screenname realname greeting salutation holder insured resident donor witness spouse partner parent "
    "guardian caller callee operator technician analyst agent lead supervisor mentor"
)
_SEARCHES: Final = words("q query search searchterm term keyword keywords s filter name find lookup text")
_GREETINGS: Final = words(
    "hello hi hey dear mr mrs ms miss dr prof herr frau senor senora monsieur madame hola bonjour"
)


@lru_cache(maxsize=8192)
def is_person(name: str) -> bool:
    """Say whether a field is called as a person is: by its last word, as in `assignedDoctor` and `created_by`."""
    found = [word for word in split_words(name) if not word.isdigit()] if len(name) <= 64 else []
    return bool(found) and (
        found[-1] in _PERSONS or found[-1].removesuffix("s") in _PERSONS or "".join(found[-2:]) in _PERSONS
    )


def is_search(name: str) -> bool:
    """Say whether a parameter is called as those are that hold what is searched for."""
    return name.lower() in _SEARCHES


def is_short_name(word: str) -> bool:
    """Say whether a word in small letters is one of two that means nothing else, as `xu`."""
    return len(word) < 3 and word not in ORDINARY


def is_distinctive(word: str) -> bool:
    """Say whether a word in small letters, once it was in a name, means a person wherever it stands."""
    return len(word) > 2 and word not in ORDINARY


class _Token:
    """A word of a text that is in someone's name, or an initial."""

    __slots__ = ("end", "is_initial", "raw", "start", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end = match.span()
        self.raw = match[0]
        self.word = fold(self.raw)
        self.is_initial = is_initial(self.raw)


def persons(text: str, knows: Callable[[str], bool], *, of_person: bool = False) -> Iterator[tuple[int, int]]:
    """Give the stretches of a text that name a person; `knows` says of a word in small letters if it is in a name.

    Known words side by side are a name where one of them is distinctive, and so is a distinctive one alone. Ordinary
    words are where they begin with a capital and follow a greeting, or stand in a short field `of_person`.
    """
    hosts = [match.span() for match in _AUTHORITY.finditer(text)] if "://" in text else []
    for run in _runs(text, knows):
        full = _full(run)
        if len(full) == 1 and any(start < run[-1].end and run[0].start < end for start, end in hosts):
            continue
        if _is_named(text, run, full, of_person):
            yield run[0].start, run[-1].end


def surely_persons(text: str, knows: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Give the stretches that can be nothing else: two distinctive words of names side by side."""
    for run in _runs(text, knows):
        if sum(is_distinctive(token.word) and len(token.word) > 3 for token in run) > 1:
            yield run[0].start, run[-1].end


def may_be_neighbours(text: str, words: Collection[str]) -> bool:
    """Say whether two of these words may stand side by side in a text; fast, and never no where they do."""
    small = text.lower()
    spans = sorted((start, start + len(word)) for word in words for start in _places(word, small))
    return any(start - end <= _WIDEST_GAP for (_, end), (start, _) in pairwise(spans))


def _places(word: str, text: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + len(word))


def _runs(text: str, knows: Callable[[str], bool]) -> Iterator[list[_Token]]:
    """Give the known words that stand side by side, with the initials that belong to them."""
    run: list[_Token] = []
    for match in WORD.finditer(text):
        raw = match[0]
        if not (is_initial(raw) or knows(fold(raw))) or _is_part_of_code(text, *match.span()):
            found, run = run, []
        elif run and _GAP.fullmatch(text, run[-1].end, match.start()) is None:
            found, run = run, [_Token(match)]
        else:
            found = []
            run.append(_Token(match))
        if _full(found):
            yield _trimmed(found, text)
    if _full(run):
        yield _trimmed(run, text)


def _is_part_of_code(text: str, start: int, end: int) -> bool:
    """Say whether digits touch a word, other than a number after it, as in `jansen42`."""
    if text[start - 1 : start].isdigit():
        return True
    return text[end : end + 1].isdigit() and (end - start < SHORTEST_NUMBERED or _NUMBER.match(text, end) is None)


def _full(run: list[_Token]) -> list[_Token]:
    return [token for token in run if not token.is_initial]


def _trimmed(run: list[_Token], text: str) -> list[_Token]:
    """Drop letters at both ends that are no initials."""
    while run[0].is_initial and _AFTER_INITIAL.fullmatch(text, run[0].end, run[1].start) is None:
        del run[0]
    while run[-1].is_initial and text[run[-1].end : run[-1].end + 1] != ".":
        del run[-1]
    return run


def _is_named(text: str, run: list[_Token], full: list[_Token], of_person: bool) -> bool:
    if len(full) > 1 and any(is_distinctive(token.word) for token in full):
        return True
    first = full[0]
    if len(full) == 1 and is_distinctive(first.word):
        whole = of_person or len(text.strip()) == len(first.raw)
        return len(first.word) > 3 or len(run) > 1 or first.raw.istitle() or (first.raw.islower() and whole)
    if not all(token.raw.istitle() or (of_person and is_short_name(token.word)) for token in full):
        return False
    return (of_person and len(text) <= _LONGEST_FIELD) or _is_greeted(text[max(0, first.start - 16) : first.start])


def _is_greeted(before: str) -> bool:
    greeting = _LAST_WORD.search(before)
    return greeting is not None and fold(greeting[1]) in _GREETINGS
