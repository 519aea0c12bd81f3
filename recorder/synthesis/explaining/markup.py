"""Texts of elements, such as XML: explained element by element where all have the same ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from recorder.synthesis.nodes.node import Joined, Node, Piece
from recorder.synthesis.terms.scene import Scene

_TAG: Final = re.compile(r"(<[^<>]{1,500}>)")
_NAME: Final = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_MOST_NAMES: Final = 60
_MOST_PIECES: Final = 2_000

Text: TypeAlias = tuple[Scene, str]


def element_names(text: str) -> str:
    """Give the names of a text's elements, each once: which document it is."""
    return " ".join(sorted(set(_NAME.findall(text)))[:_MOST_NAMES])


def by_elements(cases: Sequence[Text], explain: Callable[[Sequence[Text], str], Node]) -> Node | None:
    """Explain what stands in each element on its own, under the element's name; None where the elements differ."""
    split = [_TAG.split(text) for _, text in cases]
    first = split[0]
    if not 7 <= len(first) <= _MOST_PIECES or any(parts[1::2] != first[1::2] for parts in split):
        return None
    pieces: list[Piece] = []
    for place, fixed in enumerate(first):
        inside = [parts[place] for parts in split]
        if place % 2 or (len(set(inside)) == 1 and (not fixed.strip() or len(cases) > 2)):
            pieces.append(fixed)
            continue
        named = _NAME.match(first[place - 1]) if place else None
        pieces.append(
            explain([(scene, one) for (scene, _), one in zip(cases, inside, strict=True)], named[1] if named else "")
        )
    return Joined(pieces)
