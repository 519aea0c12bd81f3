"""Path templates of a document, found by a request's path: literal segments before templated ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from urllib.parse import unquote

_T = TypeVar("_T")
_PARAMETER: Final = re.compile(r"\{([^{}]*)\}")


def template_regex(path: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Compile a path template, and give the names of its parameters in order."""
    pieces = _PARAMETER.split(path)
    source = "".join(re.escape(piece) if number % 2 == 0 else "([^/]+?)" for number, piece in enumerate(pieces))
    return re.compile(source + r"\Z"), tuple(pieces[1::2])


@dataclass(slots=True)
class _Segment(Generic[_T]):
    literal: dict[str, _Segment[_T]] = field(default_factory=dict)
    templated: dict[str, tuple[re.Pattern[str], _Segment[_T]]] = field(default_factory=dict)
    here: list[tuple[tuple[str, ...], _T]] = field(default_factory=list)


class Paths(Generic[_T]):
    """Maps path templates to values; several values may stand under one template."""

    def __init__(self) -> None:
        self._root: _Segment[_T] = _Segment()

    def add(self, path: str, value: _T) -> None:
        """Put a value under a template."""
        place = self._root
        names: list[str] = []
        for part in path.split("/")[1:]:
            if "{" not in part:
                place = place.literal.setdefault(unquote(part), _Segment())
                continue
            regex, found = template_regex(part)
            names += found
            shape = _PARAMETER.sub("{}", part)
            if shape not in place.templated:
                place.templated[shape] = (regex, _Segment())
            place = place.templated[shape][1]
        place.here.append((tuple(names), value))

    def find(self, path: str) -> list[tuple[dict[str, str], _T]]:
        """Give the values under the most literal template that a path (as sent) satisfies, each with its parameters."""
        found = _walk(self._root, path.split("/")[1:], 0, ())
        if found is None:
            return []
        place, values = found
        return [(dict(zip(names, values, strict=True)), value) for names, value in place.here]


def _walk(
    place: _Segment[_T], parts: list[str], depth: int, values: tuple[str, ...]
) -> tuple[_Segment[_T], tuple[str, ...]] | None:
    if depth == len(parts):
        return (place, values) if place.here else None
    part = unquote(parts[depth])
    following = place.literal.get(part)
    if following is not None:
        found = _walk(following, parts, depth + 1, values)
        if found is not None:
            return found
    for regex, following in place.templated.values():
        matched = regex.match(part)
        if matched is not None:
            found = _walk(following, parts, depth + 1, (*values, *matched.groups()))
            if found is not None:
                return found
    return None
