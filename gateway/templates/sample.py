"""Makes texts that a regular expression would match: the inverse of matching, for a bounded subset of patterns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from string import ascii_letters, digits, punctuation
from typing import Final, TypeAlias

from gateway.templates.errors import ExpressionError

LONGEST: Final = 1000
_MANY: Final = 8  # what * and + stand for at most
_DEPTH: Final = 10
_WORD: Final = ascii_letters + digits + "_"
_ANY: Final = ascii_letters + digits + punctuation + " "
_SETS: Final = {"d": digits, "w": _WORD, "s": " \t"}
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r"}

Maker: TypeAlias = Callable[["_Sheet"], None]


@dataclass(slots=True)
class _Sheet:
    """What is written so far, and where chance comes from."""

    random: Random
    text: list[str] = field(default_factory=list)
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > 4 * LONGEST or len(self.text) > LONGEST:
            raise ExpressionError(f"the pattern makes texts of more than {LONGEST} characters")


def sample(pattern: str, random: Random) -> str:
    """Make a text that the pattern matches; raises ExpressionError for what cannot be made."""
    sheet = _Sheet(random)
    _maker(pattern)(sheet)
    return "".join(sheet.text)


@lru_cache(maxsize=256)
def _maker(pattern: str) -> Maker:
    if len(pattern) > LONGEST:
        raise ExpressionError(f"the pattern is longer than {LONGEST} characters")
    reader = _Reader(pattern)
    made = reader.choice(0)
    if reader.at < len(pattern):
        raise ExpressionError("the pattern has a ) too many")
    return made


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise ExpressionError("the pattern ends too early")
        self.at += 1
        return char

    def choice(self, depth: int) -> Maker:
        if depth > _DEPTH:
            raise ExpressionError("the pattern's groups are nested too deep")
        options = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence(depth))
        return options[0] if len(options) == 1 else lambda sheet: sheet.random.choice(options)(sheet)

    def sequence(self, depth: int) -> Maker:
        parts: list[Maker] = []
        while self.peek() not in ("", "|", ")"):
            if self.peek() in "^$":
                self.at += 1
                continue
            parts.append(self.repeated(self.atom(depth)))
        return lambda sheet: _all(parts, sheet)

    def atom(self, depth: int) -> Maker:
        char = self.take()
        if char == "(":
            if self.pattern.startswith("?:", self.at):
                self.at += 2
            elif self.peek() == "?":
                raise ExpressionError("the pattern has a group (?…) that texts cannot be made for")
            made = self.choice(depth + 1)
            if self.peek() != ")":
                raise ExpressionError("a ) is missing in the pattern")
            self.at += 1
            return made
        if char in "*+?":
            raise ExpressionError(f"nothing stands before {char} in the pattern")
        return _one_of(self.set(char))

    def set(self, char: str) -> str:
        if char == ".":
            return _ANY
        if char == "[":
            return self.brackets()
        return self.escaped() if char == "\\" else char

    def escaped(self) -> str:
        char = self.take()
        if char in _SETS:
            return _SETS[char]
        if char.lower() in _SETS:
            return _without(_SETS[char.lower()])
        if char.isalnum() and char not in _PLAIN:
            raise ExpressionError(f"\\{char} cannot stand in a pattern that texts are made for")
        return _PLAIN.get(char, char)

    def brackets(self) -> str:
        inverted = self.peek() == "^"
        self.at += inverted
        chars = ""
        while not chars or self.peek() != "]":
            low = self.set_item()
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self.set_item()
                if len(low) != 1 or len(high) != 1 or not 0 <= ord(high) - ord(low) <= 500:
                    raise ExpressionError("a range in the pattern's [] is not one of at most 500 characters")
                low = "".join(map(chr, range(ord(low), ord(high) + 1)))
            chars += low
        self.at += 1
        return _without(chars) if inverted else chars

    def set_item(self) -> str:
        char = self.take()
        return self.escaped() if char == "\\" else char

    def repeated(self, made: Maker) -> Maker:
        while self.peek() and self.peek() in "*+?{":
            least, most = self.bounds()
            if self.peek() == "?":
                self.at += 1
            made = _repeat(made, least, most)
        return made

    def bounds(self) -> tuple[int, int]:
        char = self.take()
        if char != "{":
            return {"*": (0, _MANY), "+": (1, _MANY), "?": (0, 1)}[char]
        inside, _, _ = self.pattern[self.at :].partition("}")
        self.at += len(inside) + 1
        low, comma, high = inside.partition(",")
        if self.at > len(self.pattern) or not low.isdecimal() or not (high.isdecimal() or not high):
            raise ExpressionError("write a count in the pattern as {3}, {3,5} or {3,}")
        least = int(low[:5])
        most = int(high[:5]) if high else (least + _MANY if comma else least)
        if not least <= most <= LONGEST:
            raise ExpressionError(f"a count in the pattern is not between 0 and {LONGEST}")
        return least, most


def _repeat(made: Maker, least: int, most: int) -> Maker:
    def make(sheet: _Sheet) -> None:
        for _ in range(sheet.random.randint(least, most)):
            sheet.step()
            made(sheet)

    return make


def _all(parts: list[Maker], sheet: _Sheet) -> None:
    for part in parts:
        part(sheet)


def _one_of(chars: str) -> Maker:
    if not chars:
        raise ExpressionError("a [] in the pattern allows no character")

    def make(sheet: _Sheet) -> None:
        sheet.step()
        sheet.text.append(chars if len(chars) == 1 else sheet.random.choice(chars))

    return make


def _without(chars: str) -> str:
    return "".join(char for char in _ANY if char not in chars)
