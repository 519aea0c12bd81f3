"""Lawful numbers: those that come to what a law of their object says, though few calls of the endpoint show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.explaining.derive import Names, named_part
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.laws import Law, Laws, Place, form_of
from recorder.synthesis.nodes.node import Chosen, Each, Fixed, Named, Node, Object, Over, Said, Table, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, canon, is_number, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member, used_by

_FEW: Final = 3
_MARKED: Final = re.compile(
    "\N{SECTION SIGN}[^\N{SECTION SIGN}]*\N{SECTION SIGN}([^\N{SECTION SIGN}]*)\N{SECTION SIGN}"
)


def with_laws(node: Node, cases: Sequence[Case], laws: Laws, names: Names) -> Node:
    """Explain the numbers that are guesses, or were only told apart, by laws of the objects that they are in."""
    left = [path for path, part in walk(node) if path and _is_open(part, path, cases)]
    for _ in range(len(left)):
        made = next(
            (
                (path, made)
                for path in left
                if (made := _by_law(node, path, [one for one in left if one != path], cases, laws, names))
            ),
            None,
        )
        if made is None:
            break
        node = made[1]
        left.remove(made[0])
    return _with_rows(node, left, cases, laws, names)


def with_totals(node: Node, cases: Sequence[Case], laws: Laws, names: Names) -> Node:
    """Explain what is still open once other numbers are derived, and a total that is left a guess of guesses beside it.

    What has more values is made of what has fewer.
    """
    node = with_laws(node, cases, laws, names)
    left = [path for path, part in walk(node) if path and _is_open(part, path, cases)]
    guesses = [path for path in left if _is_guess(dict(walk(node))[path])]
    if not guesses:
        return node
    path = max(guesses, key=lambda one: len({canon(look(value, one)) for _, value in cases}))
    elsewhere = [one for one in left if one[:-1] != path[:-1]]
    return _by_law(node, path, elsewhere, cases, laws, names) or node


def _with_rows(node: Node, left: Sequence[Path], cases: Sequence[Case], laws: Laws, names: Names) -> Node:
    """Explain guesses in the rows of a list that are made of the rows of another one."""
    for path, part in list(walk(node)):
        each = part.node if isinstance(part, Named) else part
        row = each.item if isinstance(each, Each) and len(path) > 0 else None
        shown = form_of([look(value, path[:-1]) for _, value in cases]) if isinstance(row, Over | Object) else None
        if not isinstance(each, Each) or row is None or shown is None:
            continue
        guessed = [where[0] for where, one in walk(row) if len(where) == 1 and _is_guess(one)]
        for field in map(str, guessed):
            law = laws.of_row(shown, path[-1:], field, [one[len(path) - 1 :] for one in left if one[:-1] == path[:-1]])
            told = _row_texts(node, law, path[:-1], row, cases, names) if law is not None else None
            if law is not None and told is not None:
                node, texts, terms = told
                uses, keeps = used_by(terms)
                number = Said(Term(law.write(*texts), _unknown, field, 1.0, uses, keeps))
                row = replaced(row, (field,), number)
                made = Each(each.source, row)
                known = dict(walk(node))[path]
                node = replaced(node, path, Named(known.name, made) if isinstance(known, Named) else made)
    return node


def _row_texts(
    node: Node, law: Law, above: Path, row: Node, cases: Sequence[Case], names: Names
) -> tuple[Node, list[str], list[Term]] | None:
    """Write what a law of rows speaks of: members of the row as they are explained, else of the row it is made of."""
    texts: list[str] = []
    terms: list[Term] = []
    members = dict(walk(row))
    for operand in law.operands:
        place: Place = operand.part
        own = members.get(place.path) if place.in_row else None
        if own is not None:
            texts.append(own.expression())
            terms += own.terms
        elif place.in_row:
            if not isinstance(row, Over) or not row.bases:
                return None
            texts.append(member(row.bases[-1].text, place.path))
            terms.append(row.bases[-1])
        else:
            found = _known(node, (*above, *place.path), cases, names)
            if found is None:
                return None
            node, term = found
            texts.append(place.form.format(term.text))
            terms.append(term)
    return node, texts, terms


def _is_open(part: Node, path: Path, cases: Sequence[Case]) -> bool:
    is_doubtful = isinstance(part, Chosen | Table) or (isinstance(part, Fixed) and len(cases) <= _FEW)
    is_doubtful = is_doubtful or _is_guess(part)
    return is_doubtful and all(is_number(look(value, path)) for _, value in cases)


def _is_guess(part: Node) -> bool:
    return (isinstance(part, Fixed) and part.guess) or (isinstance(part, Said) and part.unknown > 0)


def _by_law(
    node: Node, path: Path, others: Sequence[Path], cases: Sequence[Case], laws: Laws, names: Names
) -> Node | None:
    for size in range(len(path) - 1, -1, -1):
        above, own = path[:size], path[size:]
        shown = form_of([look(value, above) for _, value in cases])
        if shown is None:
            continue
        law = laws.of(shown, own, [one[size:] for one in others if one[:size] == above])
        made = _said(node, law, above, path, cases, names) if law is not None else None
        if made is not None:
            return made
    return None


def _said(node: Node, law: Law, above: Path, path: Path, cases: Sequence[Case], names: Names) -> Node | None:
    """Give the node with what a law says at a path; None where something that it speaks of is not known."""
    texts: list[str] = []
    terms: list[Term] = []
    for operand in law.operands:
        place: Place = operand.part
        found = _known(node, (*above, *place.path), cases, names)
        if found is None:
            return None
        node, term = found
        terms.append(term)
        texts.append(place.form.format(term.text))
    uses, keeps = used_by(terms)
    return replaced(node, path, Said(Term(law.write(*texts), _unknown, str(path[-1]), 1.0, uses, keeps)))


def _known(node: Node, path: Path, cases: Sequence[Case], names: Names) -> tuple[Node, Term] | None:
    """Give the node, with a name for what stands at a path if it needs one, and the term that gives that."""
    parts = dict(walk(node))
    at = next(path[:size] for size in range(len(path), -1, -1) if path[:size] in parts)
    part, rest = parts[at], path[len(at) :]
    if not rest:
        return named_part(node, at, names)
    if isinstance(part, Over):
        return next(
            ((node, term) for base in reversed(part.bases) if (term := _of_base(base, rest, path, cases))), None
        )
    return (node, _inside(part.term, rest)) if isinstance(part, Said) else None


def _of_base(base: Term, rest: Path, path: Path, cases: Sequence[Case]) -> Term | None:
    """Give the term of a member of what an object is laid over, where that is what was answered."""
    is_kept = all(same(look(base.get(scene), rest), look(value, path)) for scene, value in cases)
    return _inside(base, rest) if is_kept else None


def _inside(base: Term, rest: Path) -> Term:
    text = member(_MARKED.sub(r"\1", base.text), rest)
    return Term(text, lambda scene: look(base.get(scene), rest), str(rest[-1]), base.cost, base.uses, base.keeps)


def _unknown(_scene: Scene) -> object:
    return MISSING
