"""Cuts: the first or the last letters of a known text, as an entity tag or a short code has those of an id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Grounds, is_of_transport
from recorder.synthesis.nodes.kinds import fixed_ends
from recorder.synthesis.nodes.node import Piece, Said
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, applied

_SHORTEST: Final = 4
_SHORTEST_ALONE: Final = 6
"""How many letters are hardly those of another text by chance, where only one text tells."""


def cut(grounds: Grounds, texts: Sequence[str], scenes: Sequence[Scene]) -> list[Piece] | None:
    """Explain texts as fixed ends around the first or the last letters of something known."""
    is_alone = len(set(texts)) == 1
    ends = _ends_alone(texts[0]) if is_alone else fixed_ends(texts)
    head, tail = ends
    bare = [text[len(head) : len(text) - len(tail)] for text in texts]
    size = len(bare[0])
    if size < (_SHORTEST_ALONE if is_alone else _SHORTEST) or {*map(len, bare)} != {size}:
        return None
    if is_alone and not _is_telling(bare[0]):
        return None
    term = next(_cuts(grounds, bare, scenes), None)
    return [piece for piece in (head, Said(term), tail) if piece != ""] if term is not None else None


def _ends_alone(text: str) -> tuple[str, str]:
    """Give what stands around the first word of one text."""
    start = next((place for place, sign in enumerate(text) if sign.isalnum()), len(text))
    end = next((place for place in range(start, len(text)) if not text[place].isalnum()), len(text))
    return text[:start], text[end:]


def _is_telling(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _cuts(grounds: Grounds, bare: Sequence[str], scenes: Sequence[Scene]) -> Iterator[Term]:
    size = len(bare[0])
    wanted = bare[0].lower()
    known = [*grounds.vocabulary.everything(scenes[0]), *grounds.vocabulary.hidden_terms(scenes[0])]
    for term, value in sorted(known, key=lambda one: one[0].cost):
        if not isinstance(value, str) or len(value) <= size or is_of_transport(term):
            continue
        for text, call in _ways(size):
            if call(value).lower() != wanted:
                continue
            made = applied(text, term, call, 0.5)
            for one in (made, applied("({} | upper)", made, str.upper, 0.3)):
                if all(one.get(scene) == given for scene, given in zip(scenes, bare, strict=True)):
                    yield one


def _ways(size: int) -> list[tuple[str, Callable[[Any], Any]]]:
    return [(f"{{}}[:{size}]", partial(_first, size=size)), (f"{{}}[-{size}:]", partial(_last, size=size))]


def _first(text: Any, size: int) -> Any:
    return text[:size] if isinstance(text, str) else MISSING


def _last(text: Any, size: int) -> Any:
    return text[-size:] if isinstance(text, str) else MISSING
