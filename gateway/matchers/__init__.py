"""What a request must be, compiled: every kind of test in a definition but the route's own method and path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from cassettes.definition import Condition, Match, PathMatch
from gateway.matcher import Place, Predicate, Probe, Verdict, success, verdict
from gateway.matchers.body import compile_body
from gateway.matchers.content_type import compile_content_type
from gateway.matchers.credentials import compile_basic_auth, compile_jwt
from gateway.matchers.graphql import compile_graphql
from gateway.matchers.group import any_of, none_of
from gateway.matchers.jsonpath import getter
from gateway.matchers.named import compile_cookies, compile_headers, compile_query
from gateway.matchers.origin import compile_client_ip, compile_host, compile_method, compile_port, compile_scheme
from gateway.matchers.paths import equality_value
from gateway.view import RequestView

__all__ = ["KINDS", "PathCompiler", "compile_condition", "equality_value", "getter"]

PathCompiler: TypeAlias = Callable[[str | PathMatch], Callable[[bytes], bool]]
"""What makes a test of a request's path (as on the wire) from a definition's."""
NESTED: Final = 16

KINDS: Final[dict[str, Callable[[Condition, Place], list[Predicate]]]] = {
    "scheme": compile_scheme,
    "host": compile_host,
    "port": compile_port,
    "client_ip": compile_client_ip,
    "content_type": compile_content_type,
    "headers": compile_headers,
    "cookies": compile_cookies,
    "query": compile_query,
    "basic_auth": compile_basic_auth,
    "jwt": compile_jwt,
    "graphql": compile_graphql,
    "body": compile_body,
}
"""The kinds of tests by their field, the cheap ones first: they are tried in this order."""


def compile_condition(
    match: Condition, at: str = "match", pattern: PathCompiler | None = None
) -> tuple[Predicate, ...]:
    """Compile everything of a condition but the method and path of the outermost, which the index looks up.

    `pattern` compiles the paths of conditions inside any, all and not. Raises ConfigError, whose message begins with
    the place: `match.body.regex: look-around is not supported: …`.
    """
    return tuple(_compile(match, Place(at), pattern, 0))


def _compile(match: Condition, place: Place, pattern: PathCompiler | None, depth: int) -> list[Predicate]:
    if depth > NESTED:
        raise place.refusal(f"nested deeper than {NESTED} levels")
    tests: list[Predicate] = []
    if depth and not isinstance(match, Match):
        tests += compile_method(match, place)
        tests += [] if match.path is None else [_path(match.path, place.child("path"), pattern)]
    for name, kind in KINDS.items():
        if _asks(match, name):
            tests += kind(match, place)
    for index, inner in enumerate(match.all):
        tests += _compile(inner, place.child("all").item(index), pattern, depth + 1)
    if match.any:
        where = place.child("any")
        tests.append(
            any_of([_compile(one, where.item(at), pattern, depth + 1) for at, one in enumerate(match.any)], where)
        )
    if match.not_ is not None:
        inner_tests = _compile(match.not_, place.child("not"), pattern, depth + 1)
        if not inner_tests:
            raise place.child("not").refusal("an empty condition always holds, so that this never would")
        tests.append(none_of(inner_tests, place.child("not")))
    return tests


def _asks(match: Condition, name: str) -> bool:
    if name == "query" and match.query_exact:
        return True
    value = getattr(match, name)
    return value is not None and value not in ({}, [])


def _path(wanted: str | PathMatch, place: Place, pattern: PathCompiler | None) -> Predicate:
    if pattern is None:
        raise place.refusal("a path cannot be asked for here")
    matches = pattern(wanted)
    told = wanted if isinstance(wanted, str) else str(next(iter(wanted.model_dump(exclude_unset=True).values())))

    def explain(view: RequestView) -> Verdict:
        if matches(view.request.path):
            return success(place.field, told, view.path)
        return verdict(place.field, told, view.path, 0.0)

    return Probe(place.field, lambda view: matches(view.request.path), explain)
