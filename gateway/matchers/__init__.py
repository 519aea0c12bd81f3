"""The predicates of a condition, compiled (a small stand-in: equalities of headers, query, cookies and JSON fields)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from cassettes.definition import BodyMatch, Comparison, Condition, PathMatch
from gateway.errors import ConfigError
from gateway.matcher import Equality, Predicate, Verdict, shown
from gateway.view import MISSING, RequestView


def equality_value(value: Any) -> Hashable | None:
    """Give a JSON value as an index compares it, or None where it cannot be looked up."""
    if isinstance(value, bool) or value is None:
        return ("constant", value)
    if isinstance(value, int | float):
        return ("number", float(value)) if abs(value) < 1 << 53 else None
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class _Equals:
    field: str
    read: Callable[[RequestView], list[Any]]
    wanted: Any
    needs_body: bool = False
    equality: Equality | None = None
    count: int = 1

    def holds(self, view: RequestView) -> bool:
        found = self.read(view)
        if self.equality is not None:
            return any(equality_value(value) == self.equality.value for value in found)
        return self.wanted in found

    def explain(self, view: RequestView) -> Verdict:
        found = self.read(view)
        holds = self.holds(view)
        told = shown(found[0]) if found else "nothing"
        hint = "" if holds else f"make {self.field} {shown(self.wanted)}, not {told}"
        if not holds and not found and self.field.startswith("match.headers."):
            hint = f"add the header {self.field.removeprefix('match.headers.')}"
        return Verdict(self.field, holds, shown(self.wanted), told, 1.0 if holds else 0.0, hint)


def compile_condition(
    match: Condition, at: str = "match", pattern: Callable[[str | PathMatch], Callable[[bytes], bool]] | None = None
) -> tuple[Predicate, ...]:
    """Give the predicates of everything but the method and the path."""
    del pattern
    return tuple(_predicates(match, at))


def _predicates(match: Condition, at: str) -> Iterator[Predicate]:
    for name, wanted in match.headers.items():
        yield _Equals(f"{at}.headers.{name}", _reader("headers", name.lower()), _text(wanted))
    for name, wanted in match.query.items():
        yield _Equals(f"{at}.query.{name}", _reader("query", name), _text(wanted))
    for name, wanted in match.cookies.items():
        yield _Equals(f"{at}.cookies.{name}", _cookie(name), _text(wanted))
    body = match.body
    if isinstance(body, BodyMatch) and body.jsonpath is not None:
        steps = tuple(body.jsonpath.split(".")[1:])
        value = equality_value(body.equals)
        equality = None if value is None else Equality(steps, value)
        yield _Equals(f"{at}.body.jsonpath {body.jsonpath}", _json(steps), body.equals, True, equality)


def _text(wanted: Any) -> str:
    if isinstance(wanted, Comparison | list):
        raise ConfigError("the stand-in compares plain values only")
    return str(wanted)


def _reader(part: str, name: str) -> Callable[[RequestView], list[Any]]:
    return lambda view: getattr(view, part).get(name, [])


def _cookie(name: str) -> Callable[[RequestView], list[Any]]:
    return lambda view: [view.cookies[name]] if name in view.cookies else []


def _json(steps: tuple[str, ...]) -> Callable[[RequestView], list[Any]]:
    def read(view: RequestView) -> list[Any]:
        value = view.json
        for step in steps:
            value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
        return [] if value is MISSING else [value]

    return read
