"""A definition compiled for serving: immutable, in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

from cassettes.definition import Match, MockDefinition, PathMatch
from cassettes.exchange import Headers
from gateway.batch import BATCH
from gateway.binding import Bound, Follow, bind
from gateway.errors import ConfigError
from gateway.matcher import Predicate
from gateway.matchers import compile_condition
from gateway.memory.scenario import ScenarioPredicate
from gateway.mode import Meddling, Plan, Services, Terms
from gateway.pattern import Pattern, PatternName, compile_pattern
from gateway.playback import Retold
from gateway.spelling import bigrams
from gateway.view import RequestView

Key: TypeAlias = tuple[str | int, ...]
"""What a look-up reads: `("json", *steps)`, `("header", name)` or `("query", name)`."""

_POINTS: Final = {0: 30, 1: 20, 2: 10}
_ITEM_END: Final = re.compile(r"/(\*\*|\{id(:\w+)?\})$")
_REPLAYED: Final = frozenset({"replay"})


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """`rank` orders routes that match the same request: the smallest answers.

    It is (-priority, kind of path, -number of predicates, -position): the higher priority, then exact before template
    before the rest, then the more particular, then the newest. `score` tells people how particular the match is: 30
    for an exact path, 20 for a template, 10 for another; 1 for a named method; 1 for each predicate.

    `methods` is None for any. `needs_body` says that the decision takes the body, `compares_body` that a predicate
    does. `lookups` are the equalities that an index may look up, `bits` the bigrams of their values. `markers` are the
    response headers that name the route; `marker` is its id as a header value. `terms` are None without a contract.
    `follow` tells the definition's cases of an answer from elsewhere; `retold` answers as in recorded sessions, before
    other routes are looked for. `is_batch` says that the calls of a body are looked for one by one.
    """

    id: str
    methods: frozenset[str] | None
    pattern: Pattern
    predicates: tuple[Predicate, ...]
    rank: tuple[int, int, int, int]
    score: int
    decide: Callable[[RequestView], Plan]
    needs_body: bool
    compares_body: bool
    mode_name: str
    marker: bytes
    match_marker: bytes
    markers: Headers
    tags: frozenset[str]
    definition: MockDefinition
    lookups: tuple[tuple[Key, Hashable], ...]
    bits: int
    trouble: Meddling | None
    terms: Terms | None
    follow: Follow | None
    retold: Retold | None
    is_batch: bool

    def __repr__(self) -> str:
        return f"Route({self.id}: {self.pattern.text})"

    def matches(self, view: RequestView) -> bool:
        """Say whether method and predicates hold; the path is the index's business."""
        if self.methods is not None and view.request.method not in self.methods:
            return False
        return self.holds(view)

    def holds(self, view: RequestView) -> bool:
        """Say whether every predicate holds."""
        for predicate in self.predicates:  # noqa: SIM110  # half the time of all() with a generator
            if not predicate.holds(view):
                return False
        return True


def compile_routes(definition: MockDefinition, services: Services, position: int) -> tuple[Route, ...]:
    """Bind a definition to its mode and services: one route, or two where it is a resource (its path, and one item).

    Raises ConfigError with the place and a sentence where the match
    cannot be compiled, and what the services raise where they cannot be had.
    """
    bound = bind(definition, services)
    trouble = services.trouble(definition) if definition.faults is not None else None
    terms = services.terms(definition)
    path = definition.match.path
    paths = [path] if definition.resource is None else _paths_of(path)
    return tuple(_route(definition, bound, trouble, terms, one, position) for one in paths)


def compile_route(definition: MockDefinition, services: Services, position: int) -> Route:
    """Give the route of a definition's own path."""
    return compile_routes(definition, services, position)[0]


def _route(
    definition: MockDefinition,
    bound: Bound,
    trouble: Meddling | None,
    terms: Terms | None,
    path: str | PathMatch,
    position: int,
) -> Route:
    match, step = definition.match, definition.scenario
    pattern = _pattern(path)
    gate = () if step is None or step.state is None else (ScenarioPredicate(step),)
    batch = (BATCH,) if definition.batch else ()
    predicates: tuple[Predicate, ...] = (*compile_condition(match, "match", _covering), *batch, *gate)
    count = sum(predicate.count for predicate in predicates)
    methods = methods_of(match.method)
    score = _POINTS[pattern.kind] + (methods is not None) + count
    marker = quote(definition.id, safe="/ -_.:").encode()
    match_marker = match_note(pattern.name, score)
    lookups = tuple(_lookups(match, predicates))
    return Route(
        id=definition.id,
        methods=methods,
        pattern=pattern,
        predicates=predicates,
        rank=(-definition.priority, pattern.kind, -count, -position),
        score=score,
        decide=bound.decide,
        needs_body=bound.needs_body,
        compares_body=any(predicate.needs_body for predicate in predicates),
        mode_name=definition.mode,
        marker=marker,
        match_marker=match_marker,
        markers=_markers(definition, marker, match_marker),
        tags=frozenset(definition.tags),
        definition=definition,
        lookups=lookups,
        bits=bigrams(b" ".join(str(value).encode("utf-8", "replace") for _, value in lookups)),
        trouble=trouble,
        terms=terms,
        follow=bound.follow,
        retold=bound.retold,
        is_batch=definition.batch,
    )


def methods_of(method: str | Sequence[str] | None) -> frozenset[str] | None:
    """Give the methods that a definition names, in upper case, or None where any will do."""
    named = frozenset(name.upper() for name in ([method] if isinstance(method, str) else method or ["*"]))
    return None if "*" in named else named


def match_note(name: PatternName, score: int) -> bytes:
    """Give how a route matched as the value of X-Mimic-Match."""
    return b"%s; score=%d" % (name.encode(), score)


def _markers(definition: MockDefinition, marker: bytes, match_marker: bytes) -> Headers:
    named = ((b"X-Mimic-Route", marker),)
    # A replayed answer says which recorded interaction matched, and how; one of several cases, which it is.
    return (
        named if definition.mode in _REPLAYED or _has_cases(definition) else (*named, (b"X-Mimic-Match", match_marker))
    )


def _has_cases(definition: MockDefinition) -> bool:
    return definition.mode == "mock" and bool(definition.cases)


def _pattern(path: str | PathMatch) -> Pattern:
    try:
        return compile_pattern(path)
    except ConfigError as error:
        raise ConfigError(f"match.path: {error}") from None


def _covering(path: str | PathMatch) -> Callable[[bytes], bool]:
    return compile_pattern(path).covers


def _paths_of(path: str | PathMatch) -> list[str | PathMatch]:
    """Give the paths of a resource: of all its items, and of one; `/**` or `/{id}` may stand at its end."""
    whole = _ITEM_END.sub("", path) or "/" if isinstance(path, str) else path
    return [whole, _path_of_an_item(whole)]


def _path_of_an_item(path: str | PathMatch) -> PathMatch:
    if isinstance(path, PathMatch):
        whole = path.template or (path.equals or "").replace("{", "%7B").replace("}", "%7D")
    else:
        whole = "" if path.startswith("^") or "*" in path else path
    if not whole:
        raise ConfigError("match.path: a resource needs a plain path or a template, such as /users: it adds /{id}")
    name = "id" if "{id}" not in whole and "{id:" not in whole else "item_id"
    return PathMatch(template=f"{whole.rstrip('/')}/{{{name}}}")


def _lookups(match: Match, predicates: Sequence[Predicate]) -> Iterator[tuple[Key, Hashable]]:
    for predicate in predicates:
        equality = predicate.equality
        if equality is not None:
            yield ("json", *equality.steps), equality.value
    for name, wanted in match.headers.items():
        if isinstance(wanted, str) and _is_plain(wanted):
            yield ("header", name.lower()), wanted.encode()
    for name, wanted in match.query.items():
        if isinstance(wanted, str) and _is_plain(wanted):
            yield ("query", name), wanted


def _is_plain(text: str) -> bool:
    # What has an edge that a comparison might trim, or a list that it might split, is compared and not looked up.
    return text.isascii() and text.isprintable() and text == text.strip() and "," not in text
