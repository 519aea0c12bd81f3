"""Wholes: things whose id stands in an object inside them, as `{"meta": {"id": "a7"}, "spec": {}}`, told by lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.calls.arguments import Place
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look

Shown: TypeAlias = tuple[Path, Path]
"""Where answers show a thing, and where in it its id is."""
_LEAST: Final = 2
_MOST_ROWS: Final = 5_000


class Wholes:
    """Knows the rows of all lists that operations answered with."""

    def __init__(self, operations: Sequence[Endpoint]) -> None:
        self._rows = [row for one in operations for row in _rows(one)][:_MOST_ROWS]

    def around(self, shown: Shown, known: set[Place]) -> Shown:
        """Give the object around one with an id, where rows of lists are such wholes; `known` are the ids."""
        where, own = shown
        if not where or not isinstance(where[-1], str):
            return shown
        longer = (where[-1], *own)
        inside, plain = (
            sum(_holds(row, place, session, known) for session, row in self._rows) for place in (longer, own)
        )
        return (where[:-1], longer) if inside >= _LEAST and inside > plain else shown


def _rows(endpoint: Endpoint) -> Iterator[tuple[int, dict[str, Any]]]:
    for sample in endpoint.samples:
        for _, rows in lists_in(sample.answer_json) if sample.succeeded else ():
            yield from ((sample.session, row) for row in rows if isinstance(row, dict))


def _holds(row: dict[str, Any], place: Path, session: int, known: set[Place]) -> bool:
    value = look(row, place)
    return is_scalar(value) and (session, as_text(value)) in known
