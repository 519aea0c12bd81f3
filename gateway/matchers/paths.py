"""What a JSONPath or XPath finds in a body, compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from cassettes.definition import FieldTest
from gateway.markup import MISSING_LIBRARY, MarkupError, TooLargeError, compile_xpath
from gateway.matcher import Equality, Place, Predicate, Probe, Verdict, success, verdict
from gateway.matchers.comparison import ValueTest, compile_operators, told
from gateway.matchers.jsonpath import ExhaustedError, JsonPath, PathError, compile_path, getter
from gateway.view import MISSING, RequestView, why_not_json

__all__ = ["compile_jsonpath", "compile_xpath_test", "equality_value", "read_path"]


def equality_value(value: Any) -> Hashable | None:
    """Give a JSON text, number or boolean as a key that is equal where the JSON is; None for anything else."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is bool:
        return ("boolean", value)
    if kind is int or kind is float:
        return ("number", value)
    return None


def compile_jsonpath(match: FieldTest, place: Place) -> Predicate:
    """Compile the comparison of what a JSONPath finds; without an operator it asks whether there is anything."""
    path = read_path(match.jsonpath or "", place.child("jsonpath"))
    test = compile_operators(match.operators, place, "json")
    name = f"{place.field}.jsonpath {path.source}"
    explain = _explained(name, path, test, match)
    if path.steps is None:
        return Probe(name, _walked(path, test, match), explain, needs_body=True)
    get = getter(path.steps)
    key = equality_value(test.only)
    if key is not None:
        return Probe(name, _equals(get, test.only), explain, needs_body=True, equality=Equality(path.steps, key))
    check = test.holds

    def holds(view: RequestView) -> bool:
        value = get(view.json)
        return check(() if value is MISSING else (value,))

    return Probe(name, holds, explain, needs_body=True)


def _equals(get: Callable[[Any], Any], wanted: Any) -> Callable[[RequestView], bool]:
    if type(wanted) is str:
        return lambda view: bool(get(view.json) == wanted)
    if type(wanted) is bool:
        return lambda view: get(view.json) is wanted

    def holds(view: RequestView) -> bool:
        value = get(view.json)
        return value == wanted and type(value) is not bool

    return holds


def _values(path: JsonPath, match: FieldTest, tree: Any) -> Sequence[Any]:
    found = () if tree is MISSING else path.find(tree)
    if path.steps is None and len(found) > 1 and any(isinstance(operand, list) for operand in match.operators.values()):
        return [*found, list(found)]
    return found


def _walked(path: JsonPath, test: ValueTest, match: FieldTest) -> Callable[[RequestView], bool]:
    check = test.holds

    def holds(view: RequestView) -> bool:
        try:
            return check(_values(path, match, view.json))
        except ExhaustedError:
            return False

    return holds


def _explained(name: str, path: JsonPath, test: ValueTest, match: FieldTest) -> Callable[[RequestView], Verdict]:
    def explain(view: RequestView) -> Verdict:
        if view.json is MISSING and not test.holds(()):
            return verdict(name, test.wanted, view.text or "no body", 0.0, why_not_json(view))
        try:
            values = _values(path, match, view.json)
        except ExhaustedError:
            return verdict(name, test.wanted, "", 0.0, "the body is too large to be walked on this path")
        if test.holds(values):
            return success(name, test.wanted, told(values))
        closeness, hint = test.near(values)
        return verdict(name, test.wanted, told(values), closeness, hint)

    return explain


def compile_xpath_test(match: FieldTest, place: Place) -> Predicate:
    """Compile the comparison of what an XPath finds, as texts; without an operator: whether there is anything."""
    source = match.xpath or ""
    try:
        find = compile_xpath(source, match.namespaces)
    except MarkupError as error:
        reason = MISSING_LIBRARY if str(error) == MISSING_LIBRARY else str(error)
        raise place.child("xpath").refusal(reason) from None
    test = compile_operators(match.operators, place, "text")
    name = f"{place.field}.xpath {source}"

    def values(view: RequestView) -> Sequence[str]:
        return () if view.xml is None else [text for item in find(view.xml) if (text := _text(item)) is not None]

    def holds(view: RequestView) -> bool:
        try:
            return test.holds(values(view))
        except (TooLargeError, MarkupError):
            return False

    def explain(view: RequestView) -> Verdict:
        if view.xml is None:
            return _without_xml(name, test, view)
        try:
            found = values(view)
        except (TooLargeError, MarkupError):
            return verdict(name, test.wanted, "", 0.0, "the document is too large to be searched on this path")
        if test.holds(found):
            return success(name, test.wanted, told(found))
        closeness, hint = test.near(found)
        return verdict(name, test.wanted, told(found), closeness, hint)

    return Probe(name, holds, explain, needs_body=True)


def _without_xml(name: str, test: ValueTest, view: RequestView) -> Verdict:
    if test.holds(()):
        return success(name, test.wanted, "no XML")
    return verdict(name, test.wanted, view.text or "no body", 0.0, "the body is not XML, has a DOCTYPE or is too large")


def _text(item: Any) -> str | None:
    """Give a text; a number as JSON would show it; `false()` as nothing, so that a condition is a test."""
    if isinstance(item, bool):
        return "true" if item else None
    if isinstance(item, float):
        return str(int(item)) if item.is_integer() else str(item)
    return item if isinstance(item, str) else None


def read_path(source: str, place: Place) -> JsonPath:
    """Compile a JSONPath of a definition; raises ConfigError."""
    try:
        return compile_path(source)
    except PathError as error:
        raise place.refusal(f"not a JSONPath: {error}") from None
