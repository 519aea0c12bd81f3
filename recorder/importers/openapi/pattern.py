"""Texts that match a regular expression, made from the plainer part of the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

_DIGITS: Final = "0123456789"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORD: Final = _LETTERS + _CAPITALS + _DIGITS + "_"
_PRINTABLE: Final = "".join(chr(code) for code in range(32, 127))
_CLASSES: Final = {
    "d": _DIGITS,
    "w": _WORD,
    "s": " ",
    "D": _LETTERS,
    "W": "-",
    "S": _LETTERS + _DIGITS,
}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_MOST: Final = 2000


class UnreadablePatternError(Exception):
    """The pattern uses what is not understood here."""


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: _Part
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class _Choice:
    branches: tuple[tuple[_Part, ...], ...]


_Part: TypeAlias = "str | _Repeat | _Choice"  # a text is a class of characters: one of them


def matching_texts(pattern: str, h: int, shortest: int = 0) -> list[str]:
    """Give texts that should match, the most likely first; at least one is as long as `shortest`, if that is possible.

    Lookarounds and anchors inside are passed over, so a caller checks what it gets.
    """
    try:
        tree = _Reader(pattern).read()
    except (UnreadablePatternError, IndexError):
        return []
    texts: list[str] = []
    lacking = max(0, shortest - len("".join(_written(tree, h, 0))))
    for extra in (0, lacking, 1, 2, 4, 8, 16, 32, 64, 128, 256):
        text = "".join(_written(tree, h, extra))
        if len(text) <= _MOST and text not in texts:
            texts.append(text)
        if len(text) > shortest + 8 and extra != lacking:
            break
    return sorted(texts, key=lambda text: len(text) < shortest)


def _written(tree: _Part, h: int, extra: int) -> list[str]:
    if isinstance(tree, str):
        return [tree[h % len(tree)]]
    if isinstance(tree, _Choice):
        branch = tree.branches[h % len(tree.branches)]
        return [piece for number, part in enumerate(branch) for piece in _written(part, _mixed(h, number), extra)]
    count = tree.least + extra
    if tree.most is not None:
        count = min(count, tree.most)
    if count == 0 and (tree.most is None or tree.most > 1):
        count = 1 if extra else 0
    return [piece for number in range(min(count, _MOST)) for piece in _written(tree.part, _mixed(h, number), extra)]


def _mixed(h: int, number: int) -> int:
    return (h * 31 + number * 2654435761 + 17) & 0x7FFFFFFF


class _Reader:
    """A recursive descent over ECMA-262 patterns."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0

    def read(self) -> _Part:
        tree = self._choice()
        if self._at < len(self._text):
            raise UnreadablePatternError(self._text)
        return tree

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._text[self._at]
        self._at += 1
        return character

    def _choice(self) -> _Part:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence())
        return _Choice(tuple(branches))

    def _sequence(self) -> tuple[_Part, ...]:
        parts: list[_Part] = []
        while self._peek() not in ("", "|", ")"):
            part = self._atom()
            if part is None:
                continue
            parts.append(self._repeated(part))
        return tuple(parts)

    def _atom(self) -> _Part | None:
        character = self._take()
        if character in "^$":
            return None
        if character == ".":
            return _LETTERS
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "*+?":
            raise UnreadablePatternError(self._text)
        return character

    def _group(self) -> _Part | None:
        passed_over = False
        if self._text.startswith("?", self._at):
            rest = self._text[self._at :]
            passed_over = rest.startswith(("?=", "?!", "?<=", "?<!"))
            if rest.startswith(("?<", "?P<")) and not passed_over:
                self._at = self._text.index(">", self._at) + 1
            else:
                opening = next((one for one in ("?:", "?=", "?!", "?<=", "?<!") if rest.startswith(one)), "")
                if not opening:
                    raise UnreadablePatternError(self._text)
                self._at += len(opening)
        inner = self._choice()
        if self._take() != ")":
            raise UnreadablePatternError(self._text)
        return None if passed_over else inner

    def _escape(self) -> str | None:
        character = self._take()
        if character in "bB":
            return None
        if character in "pP":
            return self._property(negated=character == "P")
        if character in "xu":
            return self._code(character)
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isdigit() or character == "k":
            raise UnreadablePatternError(self._text)  # a backreference
        return character

    def _code(self, kind: str) -> str:
        if self._peek() == "{":
            end = self._text.index("}", self._at)
            digits, self._at = self._text[self._at + 1 : end], end + 1
        else:
            size = 2 if kind == "x" else 4
            digits, self._at = self._text[self._at : self._at + size], self._at + size
        try:
            return chr(int(digits, 16))
        except ValueError:
            raise UnreadablePatternError(self._text) from None

    def _property(self, *, negated: bool) -> str:
        name = self._take()
        if name == "{":
            end = self._text.index("}", self._at)
            name, self._at = self._text[self._at : end], end + 1
        kinds = {"N": _DIGITS, "Nd": _DIGITS, "Lu": _CAPITALS, "P": "-.", "Z": " ", "Zs": " "}
        if negated:
            return _LETTERS if name[0] != "L" else _DIGITS
        return kinds.get(name, _LETTERS)

    def _class(self) -> str:
        negated = self._peek() == "^"
        if negated:
            self._at += 1
        members: list[str] = []
        while self._peek() != "]":
            members += self._member()
        self._at += 1
        if negated:
            left = [one for one in _LETTERS + _DIGITS + _CAPITALS + _PRINTABLE if one not in members]
            members = left
        if not members:
            raise UnreadablePatternError(self._text)
        return "".join(dict.fromkeys(members))

    def _member(self) -> list[str]:
        first = self._escape_in_class() if self._peek() == "\\" else self._take()
        if len(first) != 1 or self._peek() != "-" or self._text[self._at + 1] == "]":
            return list(first)
        self._at += 1
        last = self._escape_in_class() if self._peek() == "\\" else self._take()
        if len(last) != 1:
            return [first, "-", *last]
        codes = range(ord(first), min(ord(last), ord(first) + 512) + 1)
        characters = [chr(code) for code in codes]
        plain = [one for one in characters if one.isalnum() and one.isascii()]
        return plain or characters

    def _escape_in_class(self) -> str:
        self._at += 1
        if self._peek() == "b":
            self._at += 1
            return "\b"
        return self._escape() or ""

    def _repeated(self, part: _Part) -> _Part:
        least, most = self._bounds()
        if (least, most) == (1, 1):
            return part
        if self._peek() in ("?", "+"):
            self._at += 1
        return _Repeat(part, least, most)

    def _bounds(self) -> tuple[int, int | None]:
        character = self._peek()
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if character in simple:
            self._at += 1
            return simple[character]
        if character != "{":
            return 1, 1
        end = self._text.find("}", self._at)
        least, comma, most = self._text[self._at + 1 : end].partition(",")
        if not least.isdigit() or (most and not most.isdigit()):
            return 1, 1  # a brace that counts nothing is a character
        self._at = end + 1
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None
