"""A definition compiled for serving: immutable, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote_to_bytes

from cassettes.definition import Match, MockDefinition
from cassettes.exchange import Request, header
from gateway.mode import Mode, Services
from gateway.modes import MODES

Predicate: TypeAlias = Callable[[Request], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """`rank` orders routes that match the same request: the smallest answers.

    It is (-priority, path kind, -number of predicates, -position), with path kind 0 exact, 1 template, 2 prefix.
    `marker` is the id as a header value.
    """

    id: str
    method: str | None
    segments: tuple[bytes | None, ...]
    is_prefix: bool
    predicates: tuple[Predicate, ...]
    rank: tuple[int, int, int, int]
    mode: Mode
    mode_name: str
    marker: bytes

    def matches(self, request: Request) -> bool:
        """Say whether method and predicates hold; the path is the index's business."""
        if self.method is not None and self.method != request.method:
            return False
        return not self.predicates or all(holds(request) for holds in self.predicates)


def compile_route(definition: MockDefinition, services: Services, position: int) -> Route:
    """Bind a definition to its mode and services; raises what the services raise where they cannot be had."""
    match = definition.match
    segments, is_prefix = path_segments(match.path)
    predicates = _predicates(match)
    kind = 2 if is_prefix else (1 if None in segments else 0)
    return Route(
        id=definition.id,
        method=None if match.method == "*" else match.method.upper(),
        segments=segments,
        is_prefix=is_prefix,
        predicates=predicates,
        rank=(-definition.priority, kind, -len(predicates), -position),
        mode=MODES[definition.mode](definition, services),
        mode_name=definition.mode,
        marker=quote(definition.id, safe="/ -_.:").encode(),
    )


def path_segments(path: str) -> tuple[tuple[bytes | None, ...], bool]:
    """Split a path into literal segments and None for `{name}`; True beside them if it ends in `/**`."""
    is_prefix = path.endswith("/**")
    trimmed = path[:-3] if is_prefix else path
    parts = trimmed.split("/")[1:]
    segments = tuple(
        None if part.startswith("{") and part.endswith("}") else quote(part, safe="%:@!$&'()*+,;=~-._").encode()
        for part in parts
    )
    return segments, is_prefix


def _predicates(match: Match) -> tuple[Predicate, ...]:
    headers = (_header_equals(name.lower().encode(), value.encode()) for name, value in match.headers.items())
    query = (_query_equals(name.encode(), value.encode()) for name, value in match.query.items())
    return (*headers, *query)


def _header_equals(name: bytes, value: bytes) -> Predicate:
    return lambda request: header(request.headers, name) == value


def _query_equals(name: bytes, value: bytes) -> Predicate:
    def holds(request: Request) -> bool:
        for pair in request.query.split(b"&"):
            key, _, text = pair.partition(b"=")
            if unquote_to_bytes(key) == name and unquote_to_bytes(text.replace(b"+", b" ")) == value:
                return True
        return False

    return holds
