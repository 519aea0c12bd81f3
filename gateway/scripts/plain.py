"""A script's value as a plain JSON value, measured: a script can make a value that is huge once it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

DEPTH: Final = 64
_ATOMS: Final = frozenset({bool, int, float, type(None)})
_INTEGER_BITS: Final = 64


class UnfitError(TypeError):
    """The value is no JSON value, or too large; the message says which, and holds nothing of it."""


@dataclass(slots=True)
class Room:
    """What is left of the values, and of the bytes of text, that may be taken."""

    values: int
    text_bytes: int


def plain(value: Any, room: Room, depth: int = 0) -> Any:
    """Copy a value: tuples become lists, and what is shared is counted each time it would be written.

    Raises UnfitError.
    """
    room.values -= 1
    if room.values < 0:
        raise UnfitError("a value is too large: it holds too many values; write it down first, with json.dumps")
    kind = type(value)
    if kind in _ATOMS:
        if kind is int and value.bit_length() >= _INTEGER_BITS:
            raise UnfitError("a whole number is larger than JSON readers can take; give it as text")
        return value
    if kind is str:
        return _text(value, room)
    if depth >= DEPTH:
        raise UnfitError(f"a value is nested deeper than {DEPTH} levels, or in itself")
    if kind is list or kind is tuple:
        return [plain(item, room, depth + 1) for item in value]
    if kind is dict:
        return {_key(key, room): plain(item, room, depth + 1) for key, item in value.items()}
    raise UnfitError(f"a {kind.__name__} is not a JSON value; give a text, number, boolean, None, list or dict")


def _text(text: str, room: Room) -> str:
    room.text_bytes -= len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if room.text_bytes < 0:
        raise UnfitError("a value is too large: it holds too much text")
    return text


def _key(key: Any, room: Room) -> str:
    if type(key) is not str:
        raise UnfitError(f"a key of a mapping is a {type(key).__name__}; it has to be text")
    return _text(key, room)
