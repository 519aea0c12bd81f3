"""Related rows: lists that are the items of a collection which have a field in common with what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from recorder.synthesis.explaining.change import related_term
from recorder.synthesis.explaining.changed_lists import length
from recorder.synthesis.explaining.grounds import Case, fits
from recorder.synthesis.samples.values import as_text, is_scalar, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary


def related_rows(cases: Sequence[Case], vocabulary: Vocabulary) -> Term | None:
    """Give the term of the items that lists are, all of which have what is asked for in one field."""
    scene, pivot = max(cases, key=length)
    if not pivot or not all(isinstance(row, dict) for row in pivot):
        return None
    for collection in scene.timeline.names():
        held = scene.timeline.under(collection, "", scene.moment).values()
        if collection.endswith("~") or not all(any(same(row, item) for item in held) for row in pivot):
            continue
        for field, term in _shared(pivot, scene, vocabulary):
            made = related_term(collection, field, term)
            if "headers" not in term.text and fits(made, cases):
                return made
    return None


def _shared(rows: Sequence[dict[str, Any]], scene: Scene, vocabulary: Vocabulary) -> Iterator[tuple[str, Term]]:
    """Give the fields that have one value in all rows, with the terms that give it, also as text."""
    for field, value in rows[0].items():
        if is_scalar(value) and value is not None and all(same(look(row, (field,)), value) for row in rows):
            as_texts = [] if isinstance(value, str) else vocabulary.giving(as_text(value), scene)
            for term in [*vocabulary.giving(value, scene), *as_texts]:
                yield field, term
