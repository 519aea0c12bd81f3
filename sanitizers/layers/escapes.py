"""Codings that write one character as several: percent, JSON escapes, character references."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from sanitizers.edit import Edit, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PERCENT_STYLE: Final = re.compile(r"%[0-9a-f]?[a-f]|%[a-f]")
_UNRESERVED: Final = "-._~"


@dataclass(frozen=True)
class Escapes:
    """A coding: what one escape looks like, how it is undone, and how new text is written in an old text's style."""

    pattern: re.Pattern[str]
    undo: Callable[[re.Match[str]], str]
    write: Callable[[str, str], str]

    @cached_property
    def present(self) -> Callable[[str], re.Match[str] | None]:
        return self.pattern.search

    def decode(self, raw: str) -> str:
        return self.pattern.sub(self.undo, raw)

    def offsets(self, raw: str) -> list[int]:
        """Give where each decoded character begins in `raw`, and the end."""
        places: list[int] = []
        at = 0
        for match in self.pattern.finditer(raw):
            places.extend(range(at, match.start()))
            places.extend([match.start()] * len(self.undo(match)))
            at = match.end()
        places.extend(range(at, len(raw) + 1))
        return places

    def outward(self, edits: Sequence[Edit], raw: str) -> list[Edit]:
        """Translate edits of the decoded text into edits of `raw`."""
        if not edits:
            return []
        return moved(edits, raw, self.offsets(raw), self.write)


def _undo_percent(match: re.Match[str]) -> str:
    found = match[0]
    return " " if found == "+" else unquote(found, errors="surrogateescape")


def _write_percent(new: str, old: str) -> str:
    literal = "".join({c for c in old if ord(c) < 128 and c not in "%+"}) + _UNRESERVED
    text = quote(new, safe=literal, errors="surrogateescape")
    return re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), text) if _PERCENT_STYLE.search(old) else text


def _write_form(new: str, old: str) -> str:
    text = _write_percent(new, old)
    return text.replace("%20", "+") if "+" in old else text


def _undo_json(match: re.Match[str]) -> str:
    found = match[0]
    simple = _JSON_SIMPLE.get(found[1])
    if simple is not None:
        return simple
    if found[1] != "u" or len(found) < 6:
        return found[1:]
    if len(found) == 12:
        high, low = int(found[2:6], 16), int(found[8:12], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return chr(int(found[2:6], 16))


def _write_json(new: str, old: str) -> str:
    text = json.dumps(new, ensure_ascii="\\u" in old)[1:-1]
    return text.replace("/", "\\/") if "\\/" in old else text


def _undo_reference(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _write_reference(new: str, old: str) -> str:
    text = new.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' not in old else text


_JSON_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
_ONE_PERCENT: Final = (
    r"%[Ff][0-4](?:%[89ABab][0-9A-Fa-f]){3}|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
    r"|%[CDcd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[0-9A-Fa-f]{2}"
)

PERCENT: Final = Escapes(re.compile(_ONE_PERCENT), _undo_percent, _write_percent)
FORM: Final = Escapes(re.compile(rf"\+|{_ONE_PERCENT}"), _undo_percent, _write_form)
JSON: Final = Escapes(
    re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL),
    _undo_json,
    _write_json,
)
REFERENCES: Final = Escapes(
    re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"), _undo_reference, _write_reference
)
