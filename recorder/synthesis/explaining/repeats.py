"""Repeats: parts of an answer that stand in it twice, or that others are made of, and are worked out once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.derive import Names, name_at, named_part, part_at, unknown_before
from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.nodes.node import Chosen, Fixed, Joined, MadeUp, Named, Node, Piece, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, as_text, canon, is_scalar, look
from recorder.synthesis.terms.term import Get, Term, applied

_FEW: Final = 3
_LONG: Final = 6
_WORDS: Final = re.compile(r"([\w][\w.-]*\w|\w)")


def made_up_terms(node: Node, cases: Sequence[Case], names: Names) -> list[tuple[Term, Path, str]]:
    """Give terms for the parts of an answer that are made anew, so that others can be explained by them."""
    found: list[tuple[Term, Path, str]] = []
    alone = [_recorded(cases, path) for path, part in walk(node) if path and isinstance(part, MadeUp | Named)]
    for path, part in walk(node):
        is_around = _is_around_new(part) and not any(_ends_in(_recorded(cases, path), one, cases) for one in alone)
        is_new = isinstance(part, MadeUp | Named) or _may_be_made_up(part) or is_around
        if not path or not (is_new or _is_reckoned(part, cases)):
            continue
        name = part.name if isinstance(part, Named) else names.free(path)
        term = Term(f"vars.{name}", _recorded(cases, path), str(path[-1]), 0.7, frozenset({f"made:{name}"}))
        found.append((term, path, name))
    return found


def tails(terms: Sequence[tuple[Term, Path, str]], cases: Sequence[Case]) -> list[Term]:
    """Give terms for the ends of paths that are made anew, as the id in `/things/a7`, which a link may end with."""
    found: list[Term] = []
    for term, _, _ in terms:
        values = [term.get(scene) for scene, _ in cases]
        if values and all(isinstance(value, str) and "/" in value for value in values):
            found.append(applied("({} | split('/') | last)", term, _last_part, 0.1))
    return found


def _last_part(text: Any) -> Any:
    return text.rpartition("/")[2] if isinstance(text, str) else MISSING


def is_guess(part: Node) -> bool:
    """Tell whether a single value is a guess."""
    return part.unknown > 0 and isinstance(part, Fixed | Said | Chosen)


def guessed_terms(node: Node, cases: Sequence[Case], names: Names) -> list[tuple[Term, Path, str]]:
    """Give terms for the texts of an answer that are guesses, so that what they stand in can be made of them."""
    found: list[tuple[Term, Path, str]] = []
    for path, part in walk(node):
        values = [look(value, path) for _, value in cases] if is_guess(part) else [None]
        if path and all(isinstance(value, str) or value is MISSING for value in values):
            name = names.free(path)
            term = Term(f"vars.{name}", _recorded(cases, path), str(path[-1]), 0.9, frozenset({f"made:{name}"}))
            found.append((term, path, name))
    return found


def told_terms(node: Node, cases: Sequence[Case], names: Names) -> list[tuple[Term, Path, str]]:
    """Give terms for the parts of an answer that are known, where a text beside them is a guess that may tell them.

    So a refusal says in words what its members are: how much is there, and of what.
    """
    guesses = [path[:-1] for path, part in walk(node) if path and is_guess(part) and _is_text(cases, path)]
    found: list[tuple[Term, Path, str]] = []
    for path, part in walk(node) if guesses else ():
        if not path or path[:-1] not in guesses or part.unknown or not isinstance(part, Said | Chosen | Named):
            continue
        values = [look(value, path) for _, value in cases]
        if all(isinstance(value, str | int | float) and not isinstance(value, bool) for value in values):
            name = part.name if isinstance(part, Named) else names.free(path)
            term = Term(f"vars.{name}", _recorded(cases, path), str(path[-1]), 0.8, frozenset({f"made:{name}"}))
            found.append((term, path, name))
    return found


def around_told(node: Node, cases: Sequence[Case], names: Names) -> Node:
    """Have a text that was the same in the few answers there are follow the members beside it that it tells."""
    if len(cases) > _FEW:
        return node
    for path, part in list(walk(node)):
        known = _pieces_of(part)
        beside = dict(_told_beside(node, path, cases)) if path and known and _is_text(cases, path) else {}
        pieces: list[Piece] = []
        for piece in known:
            for word in _WORDS.split(piece) if isinstance(piece, str) else (piece,):
                where = beside.get(word) if isinstance(word, str) else None
                if where is not None:
                    node = name_at(node, where, names)
                    told = Term(part_at(node, where).expression(), unknown_before, str(where[-1]), 0.8)
                    pieces.append(Said(told))
                elif word:
                    pieces.append(word)
        if len(pieces) > 1 and sum(map(_is_worked_out, pieces)) > sum(map(_is_worked_out, known)):
            node = replaced(node, path, Joined(pieces))
    return node


def _pieces_of(part: Node) -> Sequence[Piece]:
    """Give the pieces of a text that is fixed, at least between what is known."""
    if isinstance(part, Joined):
        return part.pieces
    return [part.content] if isinstance(part, Fixed) and not part.guess and isinstance(part.content, str) else []


def _is_worked_out(piece: Piece) -> bool:
    return not isinstance(piece, str)


def _told_beside(node: Node, path: Path, cases: Sequence[Case]) -> Iterator[tuple[str, Path | None]]:
    """Give the words that known members beside a place were, each with its place; None where two were the same."""
    found: dict[str, Path | None] = {}
    for where, part in walk(node):
        if where[:-1] != path[:-1] or not where or where == path:
            continue
        values = {as_text(look(value, where)) for _, value in cases if is_scalar(look(value, where))}
        word = next(iter(values)) if len(values) == 1 else ""
        inside = part.node if isinstance(part, Named) else part
        is_known = isinstance(inside, Said | Chosen) and not inside.unknown
        if word and (word.isdigit() or (len(word) >= _LONG and word.isascii())):
            found[word] = where if is_known and word not in found else None
    yield from found.items()


def _is_text(cases: Sequence[Case], path: Path) -> bool:
    return all(isinstance(look(value, path), str) for _, value in cases)


def _may_be_made_up(part: Node) -> bool:
    """Tell whether a part is made anew where it is not told: a code, unless one was sent."""
    return isinstance(part, Chosen) and not part.unknown and any(isinstance(node, MadeUp) for node in part.nodes)


def _is_around_new(part: Node) -> bool:
    """Tell whether a part is a path that ends with what is made anew, as `/things/a7`."""
    *before, last = part.pieces if isinstance(part, Joined) else ("",)
    return isinstance(last, MadeUp) and isinstance(before[-1], str) and before[-1].endswith("/")


def _ends_in(whole: Get, one: Get, cases: Sequence[Case]) -> bool:
    """Tell whether a path ends with what stands elsewhere by itself: it is made there, and the path of it."""
    pairs = [(whole(scene), one(scene)) for scene, _ in cases]
    return all(isinstance(text, str) and text.endswith(f"/{own}") for text, own in pairs)


def _is_reckoned(part: Node, cases: Sequence[Case]) -> bool:
    """Tell whether a part is a number that is reckoned, which headers of one session may tell as well."""
    return isinstance(part, Said) and part.term.text.endswith(" + 1)") and in_few_sessions(cases)


def _recorded(cases: Sequence[Case], path: Path) -> Get:
    """Give what reads the part of an answer at a path, as it was recorded."""
    recorded = {id(scene): look(value, path) for scene, value in cases}
    return lambda scene: recorded.get(id(scene), MISSING)


def share_repeats(node: Node, cases: Sequence[Case], names: Names) -> Node:
    """Have what is made anew once where it stands twice in every answer, as a time or an id can."""
    first: dict[tuple[Any, ...], Path] = {}
    for path, part in list(walk(node)):
        if not path or not isinstance(part, MadeUp):
            continue
        values = tuple(canon(look(value, path)) for _, value in cases)
        known = first.setdefault(values, path)
        if known is not path:
            node = name_at(node, known, names)
            origin = part_at(node, known)
            assert isinstance(origin, Named), "it has just been named"
            node = replaced(node, path, Said(Term(f"vars.{origin.name}", unknown_before, origin.name)))
    return _share_with_options(node, cases, names)


def _share_with_options(node: Node, cases: Sequence[Case], names: Names) -> Node:
    """Have what is made anew once where it also stands in a part that some answers do not have, as an order's bill."""
    for path, part in list(walk(node)):
        if not path or not isinstance(part, Chosen):
            continue
        options = list(part.options)
        for place, (condition, option) in enumerate(part.options):
            shared = option
            for where, made in list(walk(option)):
                known = _always_there(node, (*path, *where), cases) if isinstance(made, MadeUp) else None
                if known is not None:
                    node, told = named_part(node, known, names)
                    shared = replaced(shared, where, Said(told))
            options[place] = condition, shared
        if options != list(part.options):
            node = replaced(node, path, Chosen(options))
    return node


def _always_there(node: Node, path: Path, cases: Sequence[Case]) -> Path | None:
    """Give where all answers show what is made anew, and just what stands at another place where that is there."""
    shown = [(look(value, path), value) for _, value in cases]
    there = [(canon(one), value) for one, value in shown if one is not MISSING]
    for where, part in walk(node):
        made = part.node if isinstance(part, Named) else part
        if where and isinstance(made, MadeUp) and len({one for one, _ in there}) > 1:
            is_always = all(look(value, where) is not MISSING for _, value in cases)
            if is_always and all(canon(look(value, where)) == one for one, value in there):
                return where
    return None


def name_used(node: Node, uses: frozenset[str], terms: Sequence[tuple[Term, Path, str]]) -> Node:
    """Name the parts that headers were explained by."""
    for _, path, name in terms:
        if f"made:{name}" in uses:
            part = part_at(node, path)
            if not isinstance(part, Named):
                node = replaced(node, path, Named(name, part))
    return node
