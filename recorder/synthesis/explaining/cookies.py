"""Cookies: the lines that set them, explained part by part where no rule holds for the whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.phrases import merged
from recorder.synthesis.nodes.node import Fixed, Joined, MadeUp, Node, Piece

_LINE: Final = re.compile(r"([^=;]+)=([^;]*)(;.*|)")
_PARTS: Final = re.compile(r"(;\s*[\w-]+(?:=|(?=;|\Z)))")


def around_cookie(cases: Sequence[Case], explain: Callable[[Sequence[Case], str], Node]) -> Node | None:
    """Guess the value of a cookie alone, where its name is always the same or known, and so is what is said of it.

    Times until which it is kept are as far away as they were.
    """
    found = [_LINE.fullmatch(value) for _, value in cases]
    told = [one for one in found if one is not None]
    if len(told) < len(cases):
        return None
    name = _known([one[1] for one in told], cases, explain)
    value = explain([(scene, one[2]) for (scene, _), one in zip(cases, told, strict=True)], told[0][1])
    behind = _attributes([one[3] for one in told], cases, explain)
    if name is None or behind is None or isinstance(value, Fixed):
        return None
    return Joined(merged([name, "=", value, *behind]))


def _attributes(
    lines: Sequence[str], cases: Sequence[Case], explain: Callable[[Sequence[Case], str], Node]
) -> list[Piece] | None:
    """Explain what is said of a cookie, each on its own; None where the cookies have other attributes."""
    split = [_PARTS.split(line) for line in lines]
    if len({tuple(parts[1::2]) for parts in split}) > 1:
        return None
    pieces: list[Piece] = []
    for place, texts in enumerate(zip(*split, strict=True)):
        known = _known(texts, cases, explain) if place % 2 == 0 else texts[0]
        if known is None:
            return None
        pieces.append(known)
    return pieces


def _known(texts: Sequence[str], cases: Sequence[Case], explain: Callable[[Sequence[Case], str], Node]) -> Piece | None:
    """Give what texts are: always the same, a time, or what is known; None where that is none of them."""
    parts = [(scene, text) for (scene, _), text in zip(cases, texts, strict=True)]
    node = explain(parts, "expires") if texts[0] else None
    if isinstance(node, MadeUp) and node.text.startswith("now("):
        return node
    if len(set(texts)) == 1:
        return texts[0]
    return node if node is not None and not node.unknown and not isinstance(node, MadeUp) else None
