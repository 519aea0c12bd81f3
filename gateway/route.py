"""A definition compiled for serving: immutable, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote_to_bytes

from cassettes.definition import Match, MockDefinition
from cassettes.exchange import header
from gateway.binding import bind
from gateway.mode import Meddling, Plan, Services
from gateway.view import RequestView

Predicate: TypeAlias = Callable[[RequestView], bool]


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
    decide: Callable[[RequestView], Plan]
    needs_body: bool
    mode_name: str
    marker: bytes
    trouble: Meddling | None = None
    tags: frozenset[str] = frozenset()

    def matches(self, view: RequestView) -> bool:
        """Say whether method and predicates hold; the path is the index's business."""
        if self.method is not None and self.method != view.request.method:
            return False
        return not self.predicates or all(holds(view) for holds in self.predicates)


def compile_route(definition: MockDefinition, services: Services, position: int) -> Route:
    """Bind a definition to its mode and services; raises what the services raise where they cannot be had."""
    match = definition.match
    segments, is_prefix = path_segments(str(match.path))
    predicates = _predicates(match)
    kind = 2 if is_prefix else (1 if None in segments else 0)
    bound = bind(definition, services)
    return Route(
        id=definition.id,
        method=None if match.method == "*" else str(match.method).upper(),
        segments=segments,
        is_prefix=is_prefix,
        predicates=predicates,
        rank=(-definition.priority, kind, -len(predicates), -position),
        decide=bound.decide,
        needs_body=bound.needs_body,
        mode_name=definition.mode,
        marker=quote(definition.id, safe="/ -_.:").encode(),
        trouble=services.trouble(definition) if definition.faults is not None else None,
        tags=frozenset(definition.tags),
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
    headers = (_header_equals(name.lower().encode(), str(value).encode()) for name, value in match.headers.items())
    query = (_query_equals(name.encode(), str(value).encode()) for name, value in match.query.items())
    return (*headers, *query)


def _header_equals(name: bytes, value: bytes) -> Predicate:
    return lambda view: header(view.request.headers, name) == value


def _query_equals(name: bytes, value: bytes) -> Predicate:
    def holds(view: RequestView) -> bool:
        for pair in view.request.query.split(b"&"):
            key, _, text = pair.partition(b"=")
            if unquote_to_bytes(key) == name and unquote_to_bytes(text.replace(b"+", b" ")) == value:
                return True
        return False

    return holds
