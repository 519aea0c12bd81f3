"""Running text: sentences, logs, scripts; what in them looks like another layer is taken apart as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, settle, shift
from sanitizers.layers import blob
from sanitizers.layers.escapes import JSON, PERCENT, REFERENCES, Escapes

if TYPE_CHECKING:
    from sanitizers.walk import Walk

_URL: Final = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s\"'<>\\^`{}|]+")
_PERCENT_RUN: Final = re.compile(r"[^\s\"'<>&=?#/;,]+")
_WORD_RUN: Final = re.compile(r"[^\s\"'<>]+")
_HEXADECIMAL: Final = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{16,128}")
_BLOCK: Final = 1 << 16
_BLOCK_END: Final = re.compile(r"\s")


def embedded(text: str, walk: Walk, depth: int, *, with_json: bool = True) -> list[Edit]:
    """Give the edits of a running text, block by block where it is long, so that no search holds on for long."""
    if not walk.thorough and _HEXADECIMAL.fullmatch(text):
        return list(blob.hex_edits(text, walk, depth))
    found: list[Edit] = []
    if with_json and ('{"' in text or '":' in text or '\\":' in text):
        from sanitizers.layers.json_text import JsonScan

        found += JsonScan(text, walk, depth).run()
    if len(text) <= _BLOCK:
        return settle(found + _block(text, walk, depth))
    if "-----BEGIN" in text:  # a key block may be cut by the end of a block
        found += walk.plain(text, depth)
    start = 0
    while start < len(text):
        space = _BLOCK_END.search(text, start + _BLOCK, start + 2 * _BLOCK)
        end = space.end() if space else start + _BLOCK
        found += shift(_block(text[start:end], walk, depth), start)
        start = end
    return settle(found)


def _block(text: str, walk: Walk, depth: int) -> list[Edit]:
    found: list[Edit] = []
    if "://" in text:
        found += _urls(text, walk, depth)
    found += walk.plain(text, depth)
    if "%" in text:
        found += _runs(_PERCENT_RUN, PERCENT, text, walk, depth)
    if "&" in text and ";" in text:
        found += _runs(_WORD_RUN, REFERENCES, text, walk, depth)
    if "\\" in text:
        found += _runs(_WORD_RUN, JSON, text, walk, depth)
    found += blob.edits(text, walk, depth)
    return settle(found)


def _runs(pattern: re.Pattern[str], escapes: Escapes, text: str, walk: Walk, depth: int) -> list[Edit]:
    return [
        edit
        for run in pattern.finditer(text)
        if escapes.present(run[0]) and escapes.decode(run[0]) != run[0]
        for edit in shift(walk.coded(escapes, run[0], depth, walk.value), run.start())
    ]


def _urls(text: str, walk: Walk, depth: int) -> list[Edit]:
    from sanitizers.layers import url

    return [
        edit for match in _URL.finditer(text) for edit in shift(url.edits(match[0], walk, depth + 1), match.start())
    ]
