"""Why a request is answered by the definition that answers it, and which ones come near."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final, Protocol

from cassettes.exchange import Headers
from gateway.matcher import Predicate, Verdict
from gateway.mode import Reply
from gateway.nearness import path_verdict
from gateway.pattern import Pattern
from gateway.problem import problem
from gateway.route import Route
from gateway.spelling import bigrams, normal
from gateway.view import RequestView

_MISS: Final[Headers] = ((b"X-Mimic-Match", b"miss"),)
_LOOKED_AT: Final = 24
"""So many routes are compared in full; which ones is guessed cheaply from what they have in common."""
_NEAR: Final = 0.1
"""What comes less near than this is of no help to anybody."""
_BODY_LOOKED_AT: Final = 2048
_SHOWN_FAILING: Final = 8
_TOO_MANY: Final = (
    "too many requests match nothing to look for the nearest definition of each; ask POST /api/admin/explain"
)


class Table(Protocol):
    """The routes, and those that a path leads to."""

    @property
    def routes(self) -> tuple[Route, ...]: ...
    def find(self, view: RequestView) -> Route | None: ...
    def on_path(self, view: RequestView) -> list[Route]: ...


class Asked(Protocol):
    """What a request is to be; `methods` and `pattern` are None for any."""

    @property
    def methods(self) -> frozenset[str] | None: ...
    @property
    def pattern(self) -> Pattern | None: ...
    @property
    def predicates(self) -> Sequence[Predicate]: ...


@dataclass(frozen=True, slots=True)
class Assessment:
    """Each test's verdict (method and path first), whether all hold, and how near the request comes (0 to 1)."""

    verdicts: tuple[Verdict, ...]
    holds: bool
    closeness: float

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """The verdicts of what does not hold."""
        return tuple(verdict for verdict in self.verdicts if not verdict.holds)

    @property
    def hint(self) -> str:
        """What would make it match, in a sentence or two."""
        hints = [_told(verdict) for verdict in self.failing]
        return "; ".join(hints[:2])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A definition's route near the request, and how it came out."""

    route: Route
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which route answers (None for none), and the routes near the request, the winner first."""

    winner: Route | None
    candidates: tuple[Candidate, ...]


def _told(verdict: Verdict) -> str:
    """Give what would make a predicate hold, as one sentence that names its place."""
    place = verdict.field.removeprefix("match.")
    if verdict.hint and (place in verdict.hint or place in ("path", "method")):
        return verdict.hint
    return f"{place}: wanted is {verdict.wanted}" + (f": {verdict.hint}" if verdict.hint else "")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A definition that came near: how near (0 to 1), what failed, and what would make it match."""

    id: str
    score: float
    failing: tuple[Verdict, ...]
    hint: str


def explain(table: Table, view: RequestView, count: int = 5) -> Explanation:
    """Tell how a request is matched: the winner, and the `count` routes nearest to the request."""
    winner = table.find(view)
    nearest = [candidate for candidate in _nearest(table, view) if candidate.route is not winner]
    first = [] if winner is None else [Candidate(winner, assess(winner, view))]
    return Explanation(winner, tuple([*first, *nearest][: count + len(first)]))


def near_misses(table: Table, view: RequestView, count: int = 3) -> list[NearMiss]:
    """Give the definitions that come nearest to a request that none matches, the nearest first."""
    missed = [one for one in _nearest(table, view) if not one.assessment.holds and one.assessment.closeness >= _NEAR]
    told: dict[str, NearMiss] = {}
    for candidate in missed:
        miss = _near_miss(candidate)
        told.setdefault(miss.id, miss)
    return list(told.values())[:count]


def _near_miss(candidate: Candidate) -> NearMiss:
    one = candidate.assessment
    return NearMiss(candidate.route.id, round(one.closeness, 2), one.failing[:_SHOWN_FAILING], one.hint)


def assess(asked: Asked, view: RequestView) -> Assessment:
    """Hold a request against everything that is asked of it."""
    verdicts: list[Verdict] = []
    request = view.request
    path_closeness = method_closeness = 1.0
    if asked.pattern is not None:
        verdicts.append(path_verdict(asked.pattern, request.path))
        path_closeness = verdicts[-1].closeness
    if asked.methods is not None:
        verdicts.append(_method_verdict(asked.methods, request.method))
        method_closeness = verdicts[-1].closeness
    tests = [predicate.explain(view) for predicate in asked.predicates]
    verdicts += tests
    holds = all(verdict.holds for verdict in verdicts)
    weighed = [(5.0, path_closeness), (1.5, method_closeness)]
    if tests:
        weighed.append((3.5, sum(verdict.closeness for verdict in tests) / len(tests)))
    closeness = sum(weight * value for weight, value in weighed) / sum(weight for weight, _ in weighed)
    return Assessment(tuple(verdicts), holds, 1.0 if holds else min(closeness, 0.99))


def _method_verdict(methods: frozenset[str], method: str) -> Verdict:
    wanted = " or ".join(sorted(methods))
    if method in methods:
        return Verdict("method", True, wanted, method, 1.0)
    return Verdict("method", False, wanted, method, 0.0, f"the definition is for {wanted}, not {method}")


def _nearest(table: Table, view: RequestView) -> list[Candidate]:
    """Give the routes nearest to a request, the nearest first; bounded however many routes there are."""
    routes = dict.fromkeys([*_likeliest_on_path(table, view), *_likeliest(table, view)])
    candidates = [Candidate(route, assess(route, view)) for route in routes]
    return sorted(candidates, key=lambda one: (-one.assessment.closeness, one.route.rank))


def _likeliest_on_path(table: Table, view: RequestView) -> Sequence[Route]:
    routes = table.on_path(view)
    if len(routes) <= _LOOKED_AT:
        return routes
    method, values = view.request.method, _values(view) if any(route.bits for route in routes) else 0
    likeness = [
        2 * (route.bits & values).bit_count()
        - route.bits.bit_count()
        + (100 if route.methods is None or method in route.methods else 0)
        for route in routes
    ]
    return _best(routes, likeness)


def _likeliest(table: Table, view: RequestView) -> Sequence[Route]:
    routes = table.routes
    if len(routes) <= _LOOKED_AT:
        return routes
    bits, method = bigrams(normal(view.request.path)), view.request.method
    likeness = [
        2 * (route.pattern.bits & bits).bit_count()
        - route.pattern.bits.bit_count()
        + (2 if route.methods is None or method in route.methods else 0)
        for route in routes
    ]
    return _best(routes, likeness)


def _best(routes: Sequence[Route], likeness: Sequence[int]) -> Sequence[Route]:
    places = heapq.nlargest(_LOOKED_AT, range(len(routes)), key=likeness.__getitem__)
    return [routes[place] for place in places]


def _values(view: RequestView) -> int:
    request = view.request
    headers = b" ".join(value for _, value in request.headers)
    return bigrams(b" ".join((request.query, headers[:_BODY_LOOKED_AT], view.body[:_BODY_LOOKED_AT])))


class Effort:
    """How long near misses may still be looked for: a fifth of the time, and `most_s` seconds at once.

    Among 10,000 definitions a search takes 5 to 20 ms, in which nobody else is answered; a client that asks for what
    is not there again and again is told less instead.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter, *, most_s: float = 0.08, share: float = 0.2) -> None:
        self._clock, self._most_s, self._share = clock, most_s, share
        self._left_s, self._counted_at = most_s, clock()

    def allows(self) -> bool:
        """Say whether another search may begin."""
        now = self._clock()
        self._left_s = min(self._left_s + (now - self._counted_at) * self._share, self._most_s)
        self._counted_at = now
        return self._left_s > 0

    def spend(self, seconds: float) -> None:
        """Take what a search took."""
        self._left_s -= seconds


def no_route(table: Table, view: RequestView, effort: Effort | None = None) -> Reply:
    """Give the answer to a request that nothing matches, with what came near where there is time for that."""
    request = view.request
    path = request.path.decode("latin-1")
    facts: dict[str, Any] = {"near_misses": []}
    if effort is None or effort.allows():
        begun = perf_counter()
        facts["near_misses"] = [miss_document(miss) for miss in near_misses(table, view)]
        if effort is not None:
            effort.spend(perf_counter() - begun)
    else:
        facts["near_misses_left_out"] = _TOO_MANY
    told = problem(
        404,
        "no-route",
        f"No enabled definition matches {request.method} {path}.",
        method=request.method,
        path=path,
        **facts,
    )
    return replace(told, notes=_MISS)


def failing_document(verdicts: Iterable[Verdict], *, with_found: bool = True) -> list[dict[str, Any]]:
    """Give verdicts as JSON: field, what was wanted and, where it may be shown, what was found."""
    return [
        {"field": verdict.field, "wanted": verdict.wanted} | ({"found": verdict.found} if with_found else {})
        for verdict in verdicts
    ]


def miss_document(miss: NearMiss) -> dict[str, Any]:
    """Give a near miss as JSON."""
    return {"id": miss.id, "score": miss.score, "failing": failing_document(miss.failing), "hint": miss.hint}


def assessment_document(assessment: Assessment, *, with_found: bool = True) -> dict[str, Any]:
    """Give an assessment as JSON: `verdicts` with what was wanted, and found where it may be shown."""
    verdicts = [
        {"field": verdict.field, "holds": verdict.holds, "wanted": verdict.wanted}
        | ({"found": verdict.found, "hint": verdict.hint} if with_found else {})
        for verdict in assessment.verdicts
    ]
    return {"matches": assessment.holds, "closeness": round(assessment.closeness, 2), "verdicts": verdicts}


def explanation_document(explanation: Explanation, *, with_found: bool = True) -> dict[str, Any]:
    """Give an explanation as JSON: the winner's id, how it matched, and the candidates."""
    winner = explanation.winner
    return {
        "winner": None if winner is None else winner.id,
        "match": "miss" if winner is None else winner.match_marker.decode(),
        "score": 0 if winner is None else winner.score,
        "candidates": [
            {
                "id": candidate.route.id,
                "priority": candidate.route.definition.priority,
                "score": candidate.route.score,
                **assessment_document(candidate.assessment, with_found=with_found),
            }
            for candidate in explanation.candidates
        ],
    }
