"""Sent keys: lists of what names the members of a set, as requests send them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_SENT: Final = ("request.json", "request.form", "request.query", "request.path_params")
_SOME: Final = 60
_PAIR: Final = 2


def sent_keys(grounds: Grounds, cases: Sequence[Case], field: str) -> Iterator[Term]:
    """Give the terms of lists of keys that requests send: as such, as objects that have them, alone, or in quotes."""
    found: dict[str, Term] = {}
    for scene, _ in some_of(cases):
        for term, value in grounds.vocabulary.everything(scene):
            if not term.text.startswith(_SENT) or isinstance(value, bool) or not isinstance(value, str | int | list):
                continue
            for made in _key_terms(term, value, field):
                found.setdefault(made.text, made)
    yield from found.values()


def _key_terms(term: Term, value: Any, field: str) -> Iterator[Term]:
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            for name in dict.fromkeys([field, *value[0]]):
                if name and all(isinstance(look(one, (name,)), str | int) for one in value):
                    text = f"({term.text} | map(attribute={literal(name)}) | list)"
                    yield keys_term(term, text, attributes(name))
                    return
        elif all(isinstance(one, str | int) for one in value):
            yield keys_term(term, term.text, lambda given: given)
        return
    yield keys_term(term, f"[{term.text}]", lambda given: [given])
    if isinstance(value, str) and value.isdigit():
        yield keys_term(term, f"[({term.text} | int)]", lambda given: [int(given)])
    for quote in ('"', "'"):
        if isinstance(value, str) and value.count(quote) == _PAIR:
            yield keys_term(term, f"[({term.text} | split({literal(quote)}))[1]]", _quoted(quote))


def attributes(name: str) -> Callable[[Any], Any]:
    """Give what reads a member of each row."""
    return lambda given: [one[name] for one in given]


def _quoted(quote: str) -> Callable[[Any], Any]:
    return lambda given: [given.split(quote)[1]]


def keys_term(term: Term, text: str, call: Callable[[Any], Any]) -> Term:
    """Give the term of a list of keys that is made of what another term gives, MISSING where it is none."""

    def get(scene: Scene) -> Any:
        given = term.get(scene)
        if given is MISSING:
            return MISSING
        try:
            made = call(given)
        except (TypeError, KeyError, ValueError, AttributeError, IndexError):
            return MISSING
        is_list = isinstance(made, list) and all(isinstance(one, str | int) for one in made)
        return made if is_list else MISSING

    return Term(text, get, term.name, term.cost + 0.3, term.uses, term.keeps)


def some_of(cases: Sequence[Case]) -> Sequence[Case]:
    """Give some of many cases."""
    # An odd step, so that calls which come by turns are all seen.
    return cases[:: len(cases) // _SOME | 1]
