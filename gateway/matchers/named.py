"""Fields that have names: headers, cookies, query parameters and form fields, each with a test of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from cassettes.definition import Condition, WantedValues
from gateway.matcher import Place, Predicate, Probe, Verdict, success, verdict
from gateway.matchers.comparison import ValueTest, compile_values, compile_wanted, field_test, told
from gateway.matchers.operators import as_text
from gateway.view import MISSING, RequestView

_NONE: Final[tuple[str, ...]] = ()


def compile_headers(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of headers; names are compared in any case."""
    return [_header(name, wanted, place.child("headers").child(name)) for name, wanted in match.headers.items()]


def compile_cookies(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of cookies."""
    tests: list[Predicate] = []
    for name, wanted in match.cookies.items():
        where = place.child("cookies").child(name)
        tests.append(field_test(where.field, _cookie(name), compile_wanted(wanted, where, "text")))
    return tests


def compile_query(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of query parameters, and of there being no others."""
    where = place.child("query")
    tests: list[Predicate] = [
        field_test(
            where.child(name).field,
            lambda view, name=name: view.query.get(name, _NONE),  # type: ignore[misc]
            compile_values(wanted, where.child(name)),
            absent=lambda view, name=name: _other_name(name, view.query),  # type: ignore[misc]
        )
        for name, wanted in match.query.items()
    ]
    if match.query_exact:
        tests.append(no_others(place.child("query_exact").field, frozenset(match.query), lambda view: view.query))
    return tests


def _header(name: str, wanted: WantedValues, place: Place) -> Predicate:
    key = name.strip().lower()
    if not isinstance(wanted, list):
        test = compile_wanted(wanted, place, "text")
        probe = field_test(place.field, lambda view: view.headers.get(key, _NONE), test)
        only = None if test.only is MISSING else as_text(test.only)
        if only is None:
            return probe
        # The test that nearly every definition with headers has: one call less.
        return Probe(place.field, lambda view: only in view.headers.get(key, _NONE), probe.explain)
    return _header_values(key, compile_values(wanted, place), len(wanted), place)


def _header_values(key: str, test: ValueTest, size: int, place: Place) -> Predicate:
    def read(view: RequestView) -> Sequence[str]:
        values = view.headers.get(key, _NONE)
        if len(values) != 1 or size < 2:
            return values
        # RFC 9110 §5.3: a list in one line is the same as its members in several.
        return [value.strip() for value in values[0].split(",")]

    return field_test(place.field, read, test)


def _cookie(name: str) -> Callable[[RequestView], Sequence[str]]:
    def read(view: RequestView) -> Sequence[str]:
        value = view.cookies.get(name)
        return _NONE if value is None else (value,)

    return read


def no_others(
    field: str,
    names: frozenset[str],
    read: Callable[[RequestView], Mapping[str, Any]],
    *,
    needs_body: bool = False,
) -> Predicate:
    """Make the predicate that there are no names but these."""

    def holds(view: RequestView) -> bool:
        return names.issuperset(read(view))

    def explain(view: RequestView) -> Verdict:
        others = [name for name in read(view) if name not in names]
        wanted = "no other than " + (", ".join(sorted(names)) or "none")
        if not others:
            return success(field, wanted, "no other")
        closeness = len(names) / (len(names) + len(others))
        return verdict(field, wanted, told(others), closeness, f"{others[0]} is there and was not asked for")

    return Probe(field, holds, explain, needs_body)


def _other_name(name: str, there: Mapping[str, Any]) -> str:
    for other in there:
        if other.lower() == name.lower():
            return f"there is '{other}': names are compared with their case"
    near = get_close_matches(name, list(there)[:100], 1)
    return f"did you mean '{near[0]}'?" if near else ""
