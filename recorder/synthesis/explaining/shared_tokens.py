"""Shared tokens: what two headers of an answer hold and is made anew, as a token in a cookie and in a header beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.explaining.derive import Names, part_at, unknown_before
from recorder.synthesis.nodes.kinds import fixed_ends
from recorder.synthesis.nodes.node import MADE_UP, Joined, MadeUp, Named, Node, Piece, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, as_text, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

Header: TypeAlias = tuple[str, Node, Term | None]
"""A header's name, its value and, where it is not always there, the condition."""
_KINDS: Final = ("token", "uuid")
_SHORTEST: Final = 8
_Place: TypeAlias = tuple[int, Path, int]
"""A header, where in its lines a text stands, and which of its pieces is meant."""


def share_tokens(headers: Sequence[Header], scenes: Sequence[Scene], names: Names) -> list[Header]:
    """Have a token that stands in two headers of each answer be made once."""
    split = [(name, _without_ends(name, node, scenes), condition) for name, node, condition in headers]
    made = [*split]
    first: dict[tuple[str, ...], _Place] = {}
    for at, (name, node, condition) in enumerate(split):
        if condition is not None:
            continue
        for path, piece, values in _tokens(node, [_told(name, node, scene) for scene in scenes], scenes):
            known = first.setdefault(values, (at, path, piece))
            if known != (at, path, piece):
                told = _named(made, known, names)
                term = Term(f"vars.{told.name}", unknown_before, told.name)
                made[at] = (name, _with_piece(made[at][1], path, piece, Said(term)), None)
    return [one if one is not other else known for one, other, known in zip(made, split, headers, strict=True)]


def _without_ends(name: str, node: Node, scenes: Sequence[Scene]) -> Node:
    """Give a token that is made with what it always begins or ends with as a text of these pieces."""
    values = [value for scene in scenes if (value := scene.sample.answer_header(name)) is not None]
    if not isinstance(node, MadeUp) or not _is_token(node) or not values:
        return node
    begin, end = fixed_ends(values)
    before, after = f"({literal(begin)} ~ " if begin else "(", f" ~ {literal(end)})" if end else ")"
    if not (begin or end) or not (node.text.startswith(before) and node.text.endswith(after)):
        return node
    own = MadeUp(node.text[len(before) : -len(after)], node.kind)
    return Joined([piece for piece in (begin, own, end) if piece])


def _told(name: str, node: Node, scene: Scene) -> Any:
    """Give what a header said, its lines where the node makes several."""
    is_several = not isinstance(node, MadeUp | Joined)
    return scene.sample.answer_lines(name) if is_several else scene.sample.answer_header(name)


def _tokens(node: Node, told: Sequence[Any], scenes: Sequence[Scene]) -> Iterator[tuple[Path, int, tuple[str, ...]]]:
    """Give the pieces that are made anew and long, with what they were in each scene."""
    for path, part in walk(node):
        pieces = _pieces(part)
        if not any(_is_token(piece) for piece in pieces):
            continue
        found = [_read(pieces, look(one, path), scene) for one, scene in zip(told, scenes, strict=True)]
        for at, piece in enumerate(pieces) if all(found) else ():
            values = tuple(one[at] for one in found)
            if _is_token(piece) and all(len(value) >= _SHORTEST for value in values):
                yield path, at, values


def _pieces(part: Node) -> Sequence[Piece]:
    return part.pieces if isinstance(part, Joined) else [part] if isinstance(part, MadeUp) else []


def _is_token(piece: Piece) -> bool:
    return isinstance(piece, MadeUp) and piece.kind in _KINDS


def _read(pieces: Sequence[Piece], text: Any, scene: Scene) -> Mapping[int, str]:
    """Give what each piece of a text is, nothing where the text is not made of them."""
    forms = []
    for piece in pieces:
        value = piece if isinstance(piece, str) else piece.value(scene)
        forms.append("(.+?)" if value is MADE_UP or value is MISSING else f"({re.escape(as_text(value))})")
    found = re.fullmatch("".join(forms), text, re.DOTALL) if isinstance(text, str) else None
    return dict(enumerate(found.groups())) if found is not None else {}


def _named(headers: list[Header], place: _Place, names: Names) -> Named:
    """Have a piece of a header be worked out before the answer, and give it."""
    at, path, piece = place
    name, node, condition = headers[at]
    part = part_at(node, path)
    own = _pieces(part)[piece] if not isinstance(part, Named) else part
    if isinstance(own, Named):
        return own
    assert not isinstance(own, str), "a token is made"
    told = Named(names.free((name, "token")), own)
    headers[at] = (name, _with_piece(node, path, piece, told), condition)
    return told


def _with_piece(node: Node, path: Path, piece: int, new: Node) -> Node:
    part = part_at(node, path)
    if not isinstance(part, Joined):
        return replaced(node, path, new)
    pieces = [*part.pieces[:piece], new, *part.pieces[piece + 1 :]]
    return replaced(node, path, Joined(pieces))
