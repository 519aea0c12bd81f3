"""What a GraphQL call must be: its operation's name and type, its variables, its document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cassettes.definition import Condition
from gateway.graphql import DocumentError, read_document
from gateway.matcher import Place, Predicate, Probe, Verdict, success, verdict
from gateway.matchers.comparison import compile_operators, compile_wanted, field_test
from gateway.matchers.dotted import dotted
from gateway.matchers.operators import likeness
from gateway.view import GraphqlCall, RequestView


def compile_graphql(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of a GraphQL call, sent as JSON, as application/graphql or in the query."""
    where, wanted = place.child("graphql"), match.graphql
    tests: list[Predicate] = []
    if wanted is None:
        return tests
    read_document("{a}")  # so that no request waits until the library is loaded
    if wanted.operation is not None:
        test = compile_wanted(wanted.operation, where.child("operation"), "text")
        tests.append(_probe(where.child("operation"), lambda call: (call.operation,) if call.operation else (), test))
    if wanted.type is not None:
        test = compile_wanted(wanted.type, where.child("type"), "text")
        tests.append(_probe(where.child("type"), lambda call: (call.type,), test))
    for name, value in wanted.variables.items():
        at = where.child("variables").child(name)
        tests.append(_variable(at, dotted(name, at), compile_wanted(value, at, "json")))
    if wanted.query is not None:
        tests.append(_document(wanted.query, where.child("query")))
    return tests or [_probe(where, lambda call: (call.query,), compile_operators({}, where, "text"))]


def _probe(place: Place, read: Callable[[GraphqlCall], Sequence[Any]], test: Any) -> Predicate:
    def values(view: RequestView) -> Sequence[Any]:
        call = view.graphql
        return () if call is None else read(call)

    return field_test(place.field, values, test, needs_body=True, absent=_no_call)


def _variable(place: Place, read: Callable[[Any], Sequence[Any]], test: Any) -> Predicate:
    return _probe(place, lambda call: read(call.variables), test)


def _document(wanted: str, place: Place) -> Predicate:
    try:
        normal = read_document(wanted).normal
    except DocumentError as error:
        raise place.refusal(f"not a GraphQL document: {error}") from None

    def sent(view: RequestView) -> str:
        call = view.graphql
        return read_document(call.query).normal if call is not None and call.query else ""

    def explain(view: RequestView) -> Verdict:
        found = sent(view)
        if found == normal:
            return success(place.field, normal, found)
        return verdict(place.field, normal, found or "nothing", likeness(normal, found), _no_call(view))

    return Probe(place.field, lambda view: sent(view) == normal, explain, needs_body=True)


def _no_call(view: RequestView) -> str:
    if view.graphql is not None:
        return ""
    if isinstance(view.json, list):
        return "the body is a batch of calls, which is not looked into"
    return "the request is not a GraphQL call that can be read"
