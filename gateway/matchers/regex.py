"""The one door to RE2: users' patterns, whose time grows with the text and never faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2

LONGEST: Final = 1_000
MEMORY: Final = 8 << 20
# Where its fast automaton grows too large, RE2 takes (instructions of the pattern) * (bytes of the text) steps, each
# measured as 1 to 9 ns.
STEPS: Final = 50_000_000


class RegexError(ValueError):
    """A pattern that is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Regex:
    """A compiled pattern: `matches` asks for the whole text, `found_in` for any part of it.

    A text longer than `longest` (in bytes) is not looked at and holds nothing.
    """

    pattern: str
    matches: Callable[[str], bool]
    found_in: Callable[[str], bool]
    longest: int


@lru_cache(maxsize=4_096)
def compile_regex(pattern: str, *, dot_all: bool = True) -> Regex:
    """Compile a pattern; raises RegexError with what is wrong and what would be right."""
    if len(pattern) > LONGEST:
        raise RegexError(f"a pattern has at most {LONGEST} characters, and this has {len(pattern)}")
    try:
        compiled = re2.compile(pattern.encode(), _options(dot_all=dot_all))
    except UnicodeEncodeError:
        raise RegexError("the pattern holds half a surrogate pair") from None
    except re2.error as error:
        raise RegexError(_reason(error)) from None
    longest = max(STEPS // max(compiled.programsize, 1), 1_000)
    return Regex(pattern, _bounded(compiled.fullmatch, longest), _bounded(compiled.search, longest), longest)


def _bounded(match: Callable[[bytes], Any], longest: int) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        data = text.encode("utf-8", "replace")
        return len(data) <= longest and match(data) is not None

    return holds


def _options(*, dot_all: bool) -> Any:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.never_capture = True
    options.dot_nl = dot_all
    return options


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    if "(?=" in text or "(?!" in text or "(?<" in text:
        return "look-around is not supported: it cannot be matched in linear time; write two tests, or `not`"
    if text.startswith("invalid escape sequence") and text[-1:].isdigit():
        return "a reference back to a group is not supported: it cannot be matched in linear time"
    if "repetition" in text:
        return f"the pattern repeats too often ({text}); a count goes up to 1000, also where counts are nested"
    if "too large" in text:
        return "the pattern is too large when it is compiled; use smaller counts"
    return f"not a regular expression that RE2 knows: {text}"
