"""Masks: addresses of which a little is shown, as `a***@example.com`, so that whoever has it knows it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, Grounds, rank
from recorder.synthesis.nodes.node import Node, Said
from recorder.synthesis.samples.masks import MASKED
from recorder.synthesis.terms.term import Term, applied, literal

_ADDRESS: Final = re.compile(r"[^\s@*•]+@[^\s@*•]+")
_MOST_SHOWN: Final = 3
_LEAST: Final = 2


def masked(grounds: Grounds, cases: Sequence[Case], name: str) -> Node | None:
    """Explain masked addresses as those of an address that was sent or is held.

    A cleaned recording may have stand-ins of them, with other letters and another end, which are of no address: there
    it is told by their form alone, and the first letters are as many as in it.
    """
    forms = [MASKED.fullmatch(value) if isinstance(value, str) else None for _, value in cases]
    told = {(len(form["first"]), form["stars"]) for form in forms if form is not None}
    if None in forms or len(told) != 1:
        return None
    first, stars = told.pop()
    if first > _MOST_SHOWN:
        return None
    terms = sorted(_addresses(grounds, cases), key=lambda one: rank(one, name))
    for term in terms:
        for last in range(_MOST_SHOWN):
            hide = partial(_hidden, first=first, stars=stars, last=last)
            if all(hide(term.get(scene)) == value for scene, value in cases):
                return Said(_term(term, first, stars, last, hide))
    if not terms or not cases[0][0].sample.is_cleaned:
        return None
    return Said(_term(terms[0], first, stars, 0, partial(_hidden, first=first, stars=stars, last=0)))


def _addresses(grounds: Grounds, cases: Sequence[Case]) -> Iterator[Term]:
    """Give the terms that are an address in each scene, and not always the same one."""
    for term, value in grounds.vocabulary.everything(cases[0][0]):
        if _is_address(value):
            values = [term.get(scene) for scene, _ in cases]
            if all(map(_is_address, values)) and (len(set(values)) >= _LEAST or len(cases) < _LEAST):
                yield term


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def _hidden(address: str, first: int, stars: str, last: int) -> str:
    local, _, host = address.partition("@")
    return f"{local[:first]}{stars}{local[max(first, len(local) - last) :] if last else ''}@{host}"


def _term(term: Term, first: int, stars: str, last: int, hide: Callable[[str], str]) -> Term:
    begin, end = f"^({'.?' * first})", f"({'.?' * last})@"
    pattern = f"{begin}[^@]*?{end}" if last else f"{begin}[^@]*@"
    new = f"\\1{stars}\\2@" if last else f"\\1{stars}@"
    return applied(f"({{}} | regex_replace({literal(pattern)}, {literal(new)}))", term, hide, 0.5)
