"""What a body must be: text, JSON, schema, XML, form, parts or bytes."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import orjson

from cassettes.definition import BodyMatch, Condition, PartMatch
from gateway.markup import MarkupError, canonical, parse
from gateway.matcher import Place, Predicate, Probe, Verdict, shown, success, verdict
from gateway.matchers.comparison import compile_operators, compile_values, compile_wanted, field_test
from gateway.matchers.content_type import kind_test
from gateway.matchers.jsontree import compared, equal_to, require_json, tree_test
from gateway.matchers.named import no_others
from gateway.matchers.paths import compile_jsonpath, compile_xpath_test
from gateway.matchers.schema import SchemaError, compile_schema
from gateway.view import MISSING, BodyPart, RequestView, why_not_json

Kind = Callable[[BodyMatch, Place], list[Predicate]]


def compile_body(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of a body: a text to equal, one set of tests, or several."""
    where = place.child("body")
    wanted = match.body
    if isinstance(wanted, str):
        return _text(BodyMatch(equals=wanted), where)
    if isinstance(wanted, BodyMatch):
        return _one(wanted, where)
    return [test for index, one in enumerate(wanted or ()) for test in _one(one, where.item(index))]


def _one(match: BodyMatch, place: Place) -> list[Predicate]:
    given = match.model_fields_set
    if match.jsonpath is not None and match.xpath is not None:
        raise place.refusal("jsonpath and xpath are two bodies' kinds: give one of them")
    tests: list[Predicate] = []
    if match.jsonpath is not None:
        tests.append(compile_jsonpath(match, place))
    elif match.xpath is not None:
        tests.append(compile_xpath_test(match, place))
    elif match.operators:
        tests += _text(match, place)
    for name, kind in KINDS.items():
        if name in given:
            tests += kind(match, place)
    if not tests:
        raise place.refusal("nothing is asked: give an operator such as contains, or jsonpath, json, form, …")
    return tests


def _text(match: BodyMatch, place: Place) -> list[Predicate]:
    operators = dict(match.operators)
    tests: list[Predicate] = []
    if isinstance(operators.get("equals"), dict | list):
        tests.append(_tree(operators.pop("equals"), place.child("equals"), partial=False, literal=True))
    if operators:
        test = compile_operators(operators, place, "text")
        wanted = operators.get("equals")
        tests.append(
            field_test(
                ".".join((place.field, *([*operators] if len(operators) == 1 else ()))),
                lambda view: (view.text,) if view.body else (),
                test,
                needs_body=True,
                absent=lambda _view: "there is no body",
            )
        )
        if isinstance(wanted, str):
            tests[-1] = _equal_text(wanted, tests[-1], alone=len(operators) == 1)
    return tests


def _equal_text(wanted: str, probe: Predicate, *, alone: bool) -> Predicate:
    """Make the test of an equal text compare bytes, and hold for an empty body where the empty text is wanted."""
    if not alone:
        return probe
    data = wanted.encode("utf-8", "replace")

    def explain(view: RequestView) -> Verdict:
        if view.body == data:
            return success(probe.field, wanted, view.text)
        told = probe.explain(view)
        hint = told.hint
        if view.json is not MISSING and _read(data) == view.json:
            hint = "it is the same JSON, written in another way: body.json would hold"
        return verdict(told.field, told.wanted, told.found, told.closeness, hint)

    return Probe(probe.field, lambda view: view.body == data, explain, needs_body=True)


def _read(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return MISSING


def _json(match: BodyMatch, place: Place) -> list[Predicate]:
    return [_tree(match.json_, place.child("json"), partial=False)]


def _partial(match: BodyMatch, place: Place) -> list[Predicate]:
    return [_tree(match.partial, place.child("partial"), partial=True)]


def _tree(wanted: Any, place: Place, *, partial: bool, literal: bool = False) -> Predicate:
    require_json(wanted, place)
    check = equal_to(wanted) if literal else tree_test(wanted, place, partial=partial)

    def holds(view: RequestView) -> bool:
        tree = view.json
        return tree is not MISSING and check(tree)

    def explain(view: RequestView) -> Verdict:
        if holds(view):
            return success(place.field, shown(wanted), view.text)
        if view.json is MISSING:
            return verdict(place.field, shown(wanted), view.text or "no body", 0.0, why_not_json(view))
        closeness, hint = compared(wanted, view.json, place, partial=partial)
        return verdict(place.field, shown(wanted), view.text, closeness, hint)

    return Probe(place.field, holds, explain, needs_body=True)


def _schema(match: BodyMatch, place: Place) -> list[Predicate]:
    where = place.child("json_schema")
    try:
        schema = compile_schema(match.json_schema if match.json_schema is not None else True)
    except SchemaError as error:
        raise where.refusal(str(error)) from None
    is_valid = schema.is_valid

    def holds(view: RequestView) -> bool:
        tree = view.json
        return tree is not MISSING and is_valid(tree)

    def explain(view: RequestView) -> Verdict:
        if view.json is MISSING:
            return verdict(where.field, "valid", view.text or "no body", 0.0, why_not_json(view))
        error = schema.first_error(view.json)
        if error is None:
            return success(where.field, "valid", view.text)
        return verdict(where.field, "valid", view.text, 0.5, f"{error[0] or 'the body'}: {error[1]}")

    return [Probe(where.field, holds, explain, needs_body=True)]


def _xml(match: BodyMatch, place: Place) -> list[Predicate]:
    where = place.child("xml")
    try:
        wanted = canonical(parse((match.xml or "").strip().encode()))
    except MarkupError as error:
        raise where.refusal(str(error)) from None

    def holds(view: RequestView) -> bool:
        return view.xml is not None and canonical(view.xml) == wanted

    def explain(view: RequestView) -> Verdict:
        if view.xml is None:
            hint = "the body is not XML, has a DOCTYPE or is too large"
            return verdict(where.field, match.xml or "", view.text or "no body", 0.0, hint)
        found = canonical(view.xml)
        if found == wanted:
            return success(where.field, match.xml or "", view.text)
        common = sum((Counter(found) & Counter(wanted)).values())
        first = next((f"<{one[0]}>" for one in found if one not in wanted and one[0]), "")
        hint = f"the first element that differs is {first}" if first else "elements are missing"
        return verdict(where.field, match.xml or "", view.text, common / max(len(found), len(wanted)), hint)

    return [Probe(where.field, holds, explain, needs_body=True)]


def _form(match: BodyMatch, place: Place) -> list[Predicate]:
    where = place.child("form")
    tests: list[Predicate] = [
        field_test(
            where.child(name).field,
            lambda view, name=name: view.form.get(name, ()),  # type: ignore[misc]
            compile_values(wanted, where.child(name)),
            needs_body=True,
            absent=_not_a_form,
        )
        for name, wanted in (match.form or {}).items()
    ]
    return tests


def _form_exact(match: BodyMatch, place: Place) -> list[Predicate]:
    if not match.form_exact:
        return []
    where = place.child("form_exact")
    return [no_others(where.field, frozenset(match.form or ()), lambda view: view.form, needs_body=True)]


def _not_a_form(view: RequestView) -> str:
    if view.content_type == "multipart/form-data":
        return "the body is multipart: ask for body.multipart"
    if view.content_type != "application/x-www-form-urlencoded":
        return f"the content type is {view.content_type or 'missing'}, not application/x-www-form-urlencoded"
    return ""


def _multipart(match: BodyMatch, place: Place) -> list[Predicate]:
    tests: list[Predicate] = []
    for name, wanted in (match.multipart or {}).items():
        tests += _part(name, wanted, place.child("multipart").child(name))
    return tests


def _part(name: str, wanted: PartMatch, place: Place) -> list[Predicate]:
    def probe(where: Place, read: Callable[[BodyPart], str], test: Any) -> Predicate:
        def values(view: RequestView) -> tuple[str, ...]:
            part = view.parts.get(name)
            return () if part is None else (read(part),)

        return field_test(where.field, values, test, needs_body=True, absent=_not_multipart)

    tests: list[Predicate] = []
    if wanted.filename is not None:
        where = place.child("filename")
        tests.append(probe(where, lambda part: part.filename, compile_wanted(wanted.filename, where, "text")))
    if wanted.content_type is not None:
        where = place.child("content_type")
        tests.append(_part_kind(name, wanted.content_type.lower(), where))
    if wanted.text is not None:
        where = place.child("text")
        read = compile_wanted(wanted.text, where, "text")
        tests.append(probe(where, lambda part: part.data.decode("utf-8", "replace"), read))
    return tests or [probe(place, lambda part: part.name, compile_operators({}, place, "text"))]


def _part_kind(name: str, wanted: str, place: Place) -> Predicate:
    is_kind = kind_test(wanted, place)

    def holds(view: RequestView) -> bool:
        part = view.parts.get(name)
        return part is not None and is_kind(part.content_type)

    def explain(view: RequestView) -> Verdict:
        part = view.parts.get(name)
        found = "nothing" if part is None else part.content_type
        return success(place.field, wanted, found) if holds(view) else verdict(place.field, wanted, found, 0.0)

    return Probe(place.field, holds, explain, needs_body=True)


def _not_multipart(view: RequestView) -> str:
    if view.content_type != "multipart/form-data":
        return f"the content type is {view.content_type or 'missing'}, not multipart/form-data"
    return (
        f"the parts are {', '.join(list(view.parts)[:10])}" if view.parts else "the body has no part that can be read"
    )


def _base64(match: BodyMatch, place: Place) -> list[Predicate]:
    where = place.child("base64")
    try:
        wanted = base64.b64decode("".join((match.base64 or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise where.refusal("not base64") from None

    def explain(view: RequestView) -> Verdict:
        told = f"{len(wanted)} bytes"
        if view.body == wanted:
            return success(where.field, told, f"{len(view.body)} bytes")
        at = next((i for i, (a, b) in enumerate(zip(wanted, view.body, strict=False)) if a != b), None)
        at = min(len(wanted), len(view.body)) if at is None else at
        hint = f"the first byte that differs is number {at + 1}"
        return verdict(where.field, told, f"{len(view.body)} bytes", at / max(len(wanted), len(view.body), 1), hint)

    return [Probe(where.field, lambda view: view.body == wanted, explain, needs_body=True)]


KINDS: Final[dict[str, Kind]] = {
    "json_": _json,
    "partial": _partial,
    "json_schema": _schema,
    "xml": _xml,
    "form": _form,
    "form_exact": _form_exact,
    "multipart": _multipart,
    "base64": _base64,
}
"""The kinds of bodies beside text and paths, by the field of a definition."""
