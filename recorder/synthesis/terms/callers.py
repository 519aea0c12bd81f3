"""Callers: the terms that tell who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from recorder.synthesis.samples.values import Path, leaves, look
from recorder.synthesis.terms.request_terms import username_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, member

OWN_COUNT: Final = "own_count"
"""What terms are called that count what the caller has."""
_MOST_CALLERS: Final = 40


def callers_of(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> dict[str, Term]:
    """Give the terms that tell who asks, by how they are written in a definition."""
    found: dict[str, Term] = {}
    if any(scene.sample.auth.username for scene in scenes):
        term = username_term()
        found[said_as(term)] = term
    for name in lookups:
        for scene in scenes[:20]:
            item = scene.looked_up(name)
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                if len(path) <= 3 and isinstance(value, str | int) and not isinstance(value, bool):
                    term = _part(name, path)
                    found.setdefault(said_as(term), term)
    return dict(islice(found.items(), _MOST_CALLERS))


def said_as(term: Term) -> str:
    """Write a term as it stands in a definition."""
    return f"{{{{ {term.text} }}}}"


def _part(name: str, path: Path) -> Term:
    return Term(
        member(f"vars.{name}", path),
        lambda scene: look(scene.looked_up(name), path),
        str(path[-1]),
        1.0,
        frozenset({name}),
    )
