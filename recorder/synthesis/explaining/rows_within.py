"""Rows within: items that rows name by their own id alone, where what they are below is named elsewhere in the call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_OFTEN_TENTHS: Final = 8
_MOST_TERMS: Final = 4
_MOST_ABOVE: Final = 8
_ASKED: Final = "request."


def within_named(collection: str, own: Term, rows: Sequence[Case], vocabulary: Vocabulary) -> Term | None:
    """Give the item of a collection whose key is what the call names, and after it what its row does.

    So the seats of a performance are named, which has the same ones as all others: `{"show": "s7", "seats": ["A1"]}`.
    What is above has to differ between calls, unless it was sent.
    """
    if not any("/" in key for key in rows[0][0].timeline.ever_held(collection)):
        return None
    for above in _above(collection, own, rows[0][0], vocabulary):
        get = _held(collection, above, own)
        right = [scene for scene, _ in rows if isinstance(get(scene), dict)]
        names = {as_text(above.get(scene)) for scene in right}
        if len(right) * 10 >= len(rows) * _OFTEN_TENTHS and (len(names) > 1 or above.text.startswith(_ASKED)):
            text = f"resource.{collection}.get({above.text} ~ '/' ~ {own.text})"
            return Term(text, get, collection, 1.5, frozenset({"row"}) | above.uses, above.keeps)
    return None


def _above(collection: str, own: Term, scene: Scene, vocabulary: Vocabulary) -> Iterator[Term]:
    """Give the terms that come to what an item with the row's id stands below, in one scene."""
    end = f"/{as_text(own.get(scene))}"
    keys = [key for key in scene.timeline.under(collection, "", scene.moment) if key.endswith(end)]
    for key in keys[:_MOST_ABOVE]:
        terms = [one for one in vocabulary.giving(key.removesuffix(end), scene) if "row" not in one.uses]
        yield from terms[:_MOST_TERMS]


def _held(collection: str, above: Term, own: Term) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        name = above.get(scene)
        if not is_scalar(name) or name is None:
            return MISSING
        return scene.timeline.get(collection, f"{as_text(name)}/{as_text(own.get(scene))}", scene.moment)

    return get
