"""Pieces: what stands before or behind a sign in a text, as a file's name in its path or the host of an address.

What is called after an e-mail address is its name in capitals, or the whole with another sign in the place of the `@`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from recorder.synthesis.samples.values import MISSING

_LONGEST: Final = 200
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?=$|[T ])")
_OF_DATES: Final = {7: 0.5, 4: 0.7, 10: 0.6}
"""How many signs of a date tell the month, the year and the day, with what that costs."""


class Piece(NamedTuple):
    """How a piece is written, `{}` being the whole, the function that cuts it out, and what it costs."""

    text: str
    call: Callable[[Any], Any]
    cost: float


_HOST: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]")
_FIRST: Final = {"@": 0.5, " ": 0.6, ":": 0.8, "/": 0.8}
_FOR_AT: Final = {".": 0.6, "-": 0.65, "_": 0.65}
_LAST: Final = {"/": 0.4, "@": 0.6, ".": 0.6, " ": 0.6, ":": 0.7}


def pieces_of(text: str) -> Iterator[Piece]:
    """Give the pieces of a text by the signs that are usual: what is before the first one, and behind the last.

    Of a date, or a time that begins with one, these are the month, the year and the day; of an address the host, too.
    """
    if len(text) > _LONGEST:
        return
    for size, cost in _OF_DATES.items() if _DATE.match(text) else ():
        if size < len(text):
            yield Piece(f"{{}}[:{size}]", partial(_begin, size), cost)
    for sign, cost in _FIRST.items():
        if sign in text:
            yield Piece(f"({{}} | split({sign!r}) | first)", partial(_first, sign), cost)
    for sign, cost in _LAST.items():
        if sign in text:
            yield Piece(f"({{}} | split({sign!r}) | last)", partial(_last, sign), cost)
    if text.count("@") == 1:
        yield Piece("({} | split('@') | first | capitalize)", _called, 0.65)
        for sign, cost in _FOR_AT.items():
            yield Piece(f"({{}} | replace('@', {sign!r}))", partial(_without_at, sign), cost)
    if _HOST.match(text):
        yield Piece("({} | split('/'))[2]", _host, 0.5)
    if "/" in text:
        yield Piece("(({} | split('/'))[:-1] | join('/'))", _without_last, 0.7)


def _begin(size: int, text: Any) -> str:
    return str(text)[:size]


def _first(sign: str, text: Any) -> str:
    return str(text).split(sign)[0]


def _last(sign: str, text: Any) -> str:
    return str(text).split(sign)[-1]


def _called(text: Any) -> str:
    return str(text).split("@")[0].capitalize()


def _without_at(sign: str, text: Any) -> str:
    return str(text).replace("@", sign)


def _without_last(text: Any) -> str:
    return "/".join(str(text).split("/")[:-1])


def _host(text: Any) -> Any:
    return text.split("/")[2] if isinstance(text, str) and _HOST.match(text) else MISSING
