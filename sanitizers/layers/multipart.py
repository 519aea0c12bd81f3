"""Multipart bodies: each part's head and content, with the part's name as the value's name (RFC 7578)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, at_path, shift
from sanitizers.layers.escapes import PERCENT
from sanitizers.layers.pairs import shown

if TYPE_CHECKING:
    from sanitizers.walk import Walk

_START: Final = re.compile(r"(?:\r?\n)?--([\w'()+,./:=? -]{1,70}?)[ \t]*\r?\nContent-", re.IGNORECASE)
_NAME: Final = re.compile(r";\s*name\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;]+))", re.IGNORECASE)
_FILENAME: Final = re.compile(
    r";\s*filename(?:\*\s*=\s*[\w-]*'[\w-]*'|\s*=\s*\"?)((?:[^\";\r\n\\]|\\.)*)", re.IGNORECASE
)
_HEAD_END: Final = re.compile(r"\r?\n\r?\n")


def recognises(text: str) -> bool:
    return _START.match(text) is not None


def edits(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of all parts; the path of each hit is the part's name."""
    start = _START.match(text)
    if start is None:
        return []
    delimiter = re.compile(r"(?:\A|\r?\n)--" + re.escape(start[1]) + r"(?:--)?[ \t]*(?:\r?\n|\Z)")
    found: list[Edit] = []
    at = 0
    for match in [*delimiter.finditer(text), None]:
        end = match.start() if match else len(text)
        found += shift(_part(text[at:end], walk, depth), at)
        at = match.end() if match else end
    return found


def _part(part: str, walk: Walk, depth: int) -> list[Edit]:
    gap = _HEAD_END.search(part)
    if gap is None:
        return walk.value(part, depth + 1)
    head, content = part[: gap.start()], part[gap.end() :]
    match = _NAME.search(head)
    name = (match[1] or match[2] or "") if match else ""
    found: list[Edit] = []
    for filename in _FILENAME.finditer(head):
        found += shift(walk.coded(PERCENT, filename[1], depth, walk.value), filename.start(1))
    if match and name:
        found += shift(walk.value(name, depth + 1), match.start(1) if match[1] else match.start(2))
    if len(content) < 65536 and "\n" not in content:
        inside = walk.named("field", name, content, depth + 1)
    else:
        inside = walk.value(content, depth + 1)
    return at_path(found + shift(inside, gap.end()), shown(name))
