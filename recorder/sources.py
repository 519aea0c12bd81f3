"""The sources that a value may have: what was seen before, found by the value and by what it can become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from recorder.transformation import earlier_forms, folded, relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST: Final = 6
_KEYS: Final = 2_000_000
_LONGEST: Final = 4096


class Origin(NamedTuple):
    """A value that was seen: its interaction, place, text and kind; `at` is when it was known, in Unix seconds."""

    number: int
    place: str
    value: str
    kind: str
    is_response: bool
    at: float
    name: str = ""


class Sources:
    """An index of origins; a bounded number for each value, the earliest, and of each name the first."""

    def __init__(self) -> None:
        self._by_value: dict[str, list[Origin]] = {}
        self._by_name: dict[tuple[str, str], list[Origin]] = {}
        self._by_part: dict[str, list[Origin]] = {}
        self._by_place: dict[str, Origin] = {}

    def add(self, origin: Origin) -> None:
        """Remember a value that tells by itself; also by what it is when decoded."""
        text = origin.value
        if len(text) > _LONGEST or len(self._by_value) > _KEYS:
            return
        if origin.place == "request.path":
            self._by_place[origin.place] = origin
        _keep(self._by_value.setdefault(folded(text), []), origin)
        for form in earlier_forms(text):
            _keep(self._by_value.setdefault(folded(form), []), origin)

    def add_part(self, origin: Origin, part: str) -> None:
        """Remember that a value holds this text, which tells by itself."""
        if len(self._by_part) <= _KEYS:
            _keep(self._by_part.setdefault(part, []), origin)

    def add_named(self, origin: Origin, names: Iterable[str]) -> None:
        """Remember a value that tells something under one of these names only."""
        if len(self._by_name) > _KEYS:
            return
        for name in names:
            _keep(self._by_name.setdefault((name, origin.value), []), origin)

    def like(self, text: str) -> Sequence[Origin]:
        """Give the origins that this text equals or was made of, the earliest first."""
        found = list(self._by_value.get(folded(text), ()))
        if len(text) <= _LONGEST:
            for form in earlier_forms(text):
                found += self._by_value.get(folded(form), ())
        return [origin for origin in found if relation(origin.value, text) is not None]

    def holding(self, part: str) -> Sequence[Origin]:
        """Give the origins that hold this text and more."""
        return self._by_part.get(part, ())

    def named(self, name: str, text: str) -> Sequence[Origin]:
        """Give the origins of this very text under this name, the earliest first."""
        return self._by_name.get((name, text), ())

    def placed(self, place: str) -> Iterable[Origin]:
        """Give the origin at a place, where that is indexed: the whole path of a request."""
        found = self._by_place.get(place)
        return () if found is None else (found,)


def _keep(origins: list[Origin], origin: Origin) -> None:
    if len(origins) < _MOST or (len(origins) < 2 * _MOST and all(one.name != origin.name for one in origins)):
        origins.append(origin)
