"""Repeats: parts of an answer that stand in it twice, or that others are made of, and are worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recorder.synthesis.explaining.derive import Names, name_at, part_at, unknown_before
from recorder.synthesis.explaining.grounds import Case, in_one_session
from recorder.synthesis.nodes.node import Chosen, Fixed, Joined, MadeUp, Named, Node, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, canon, look
from recorder.synthesis.terms.term import Get, Term, applied


def made_up_terms(node: Node, cases: Sequence[Case], names: Names) -> list[tuple[Term, Path, str]]:
    """Give terms for the parts of an answer that are made anew, so that others can be explained by them."""
    found: list[tuple[Term, Path, str]] = []
    for path, part in walk(node):
        is_new = isinstance(part, MadeUp | Named) or _may_be_made_up(part) or _is_around_new(part)
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


def _may_be_made_up(part: Node) -> bool:
    """Tell whether a part is made anew where it is not told: a code, unless one was sent."""
    return isinstance(part, Chosen) and not part.unknown and any(isinstance(node, MadeUp) for node in part.nodes)


def _is_around_new(part: Node) -> bool:
    """Tell whether a part is a path that ends with what is made anew, as `/things/a7`."""
    *before, last = part.pieces if isinstance(part, Joined) else ("",)
    return isinstance(last, MadeUp) and isinstance(before[-1], str) and before[-1].endswith("/")


def _is_reckoned(part: Node, cases: Sequence[Case]) -> bool:
    """Tell whether a part is a number that is reckoned, which headers of one session may tell as well."""
    return isinstance(part, Said) and part.term.text.endswith(" + 1)") and in_one_session(cases)


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
    return node


def name_used(node: Node, uses: frozenset[str], terms: Sequence[tuple[Term, Path, str]]) -> Node:
    """Name the parts that headers were explained by."""
    for _, path, name in terms:
        if f"made:{name}" in uses:
            part = part_at(node, path)
            if not isinstance(part, Named):
                node = replaced(node, path, Named(name, part))
    return node
