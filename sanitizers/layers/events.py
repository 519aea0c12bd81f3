"""Server-sent events: each event's data, which may stand on several lines, read as one text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, shift

if TYPE_CHECKING:
    from sanitizers.walk import Walk

_START: Final = re.compile(
    r"\ufeff?(?:(?:event|id|retry|data):[^\r\n]*|:[^\r\n]*)(?:\r\n|\n|\r)(?:event:|id:|retry:|data:|:|\r|\n|\Z)"
)
_LINE: Final = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_FIELD: Final = re.compile(r"([A-Za-z]*): ?")


def recognises(text: str) -> bool:
    return _START.match(text) is not None


def edits(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of an event stream (WHATWG HTML §9.2.6)."""
    found: list[Edit] = []
    lines: list[tuple[int, str]] = []
    for line in _LINE.finditer(text):
        content = line[1]
        field = _FIELD.match(content)
        if not content:
            found += _event(lines, walk, depth)
            lines = []
            if line.end() == len(text) and not line[2]:
                break
        elif field is not None and field[1] == "data":
            lines.append((line.start() + field.end(), content[field.end() :]))
        else:
            start = field.end() if field else 0
            found += shift(walk.value(content[start:], depth + 1), line.start() + start)
    return sorted(found + _event(lines, walk, depth))


def _event(lines: list[tuple[int, str]], walk: Walk, depth: int) -> list[Edit]:
    if len(lines) < 2:
        return [edit for start, line in lines for edit in shift(walk.value(line, depth + 1), start)]
    joined = "\n".join(line for _, line in lines)
    offsets = [start + place for start, line in lines for place in range(len(line) + 1)]
    inner = walk.value(joined, depth + 1)
    return [
        Edit(offsets[edit.start], offsets[edit.end], edit.text, edit.hits)
        for edit in inner
        if "\n" not in joined[edit.start : edit.end]
    ] + [piece for edit in inner if "\n" in joined[edit.start : edit.end] for piece in _by_line(edit, joined, offsets)]


def _by_line(edit: Edit, joined: str, offsets: list[int]) -> list[Edit]:
    """Cut an edit over several lines into one for each; both texts have their line ends in the same order."""
    old, new = joined[edit.start : edit.end].split("\n"), edit.text.split("\n")
    if len(old) != len(new):
        new = [edit.text.replace("\n", " "), *[""] * (len(old) - 1)]
    pieces: list[Edit] = []
    at = edit.start
    for before, after in zip(old, new, strict=True):
        pieces.append(Edit(offsets[at], offsets[at] + len(before), after, edit.hits))
        at += len(before) + 1
    return pieces
