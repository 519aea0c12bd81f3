"""Octets: data that is no text, looked at in its printable runs and rewritten without changing its length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, Hit
from sanitizers.layers.escapes import JSON

if TYPE_CHECKING:
    from sanitizers.walk import Walk

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_RUN: Final = re.compile(r"[ -~\t\r\n]{6,}")
_LONG_RUN: Final = re.compile(r"[ -~\t\r\n]{12,}")
_ESCAPE: Final = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|%[0-9a-fA-F]{2}")
_STRUCTURED: Final = ("{", "[", "<", "--")
# PNG, JPEG, GIF, zip, gzip, zstd, WebP and other RIFF, WOFF2, MP4: mostly noise, in which short runs mean nothing.
_NOISY: Final = re.compile(
    r"\x89PNG|\xff\xd8\xff|\udcff\udcd8\udcff|\udc89PNG|GIF8|PK\x03\x04|\x1f(?:\x8b|\udc8b)|\(\xb5/|\(\udcb5/|RIFF|wOF|.{4}ftyp",
    re.DOTALL,
)


def recognises(text: str) -> bool:
    return not text.startswith(_STRUCTURED) and _CONTROLS.search(text) is not None


def edits(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of the printable runs; each new text is as long as the old one."""
    runs = _LONG_RUN if _NOISY.match(text) else _RUN
    return [
        _fitted(edit, run[0], run.start(), walk)
        for run in runs.finditer(text)
        for edit in walk.value(run[0], depth + 1)
    ]


def _fitted(edit: Edit, run: str, at: int, walk: Walk) -> Edit:
    old = run[edit.start : edit.end]
    new, hits = edit.text, edit.hits
    if len(new) != len(old):
        new = laid_over(old, new)
        if "\\" in old:  # whoever reads it again will see it without its escapes
            walk.keep(JSON.decode(old), JSON.decode(new))
        hits = tuple(Hit(old, walk.keep(old, new), hit.kind, hit.rule, hit.path) for hit in hits[:1]) + hits[1:]
    return Edit(edit.start + at, edit.end + at, new, hits)


def laid_over(old: str, new: str) -> str:
    """Write letters and digits of `new` where `old` has its own, over and over if need be; escapes in `old` stay."""
    letters = [char for char in new if char.isalpha() and char.isascii()] or ["x"]
    digits = [char for char in new if char.isdigit() and char.isascii()] or ["1"]
    kept = {place for escape in _ESCAPE.finditer(old) for place in range(*escape.span())}

    def drawn(place: int, char: str) -> str:
        if place in kept or not char.isalnum():
            return char
        source = digits if char.isdigit() else letters
        return source[place % len(source)]

    return "".join(drawn(place, char) for place, char in enumerate(old))
