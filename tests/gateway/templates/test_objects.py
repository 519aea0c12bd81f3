"""Objects are merged, picked from and added up without ever failing for what a client sent."""

import json

import pytest
from contexts import a_context

from gateway.templates import TemplateError, compile_document


def valued(expression, **body):
    document = compile_document(f"{{{{ {expression} }}}}", "here")
    return document.value(a_context(json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("merge()", {}),
        ("merge(request.json.nothing, 7, 'a', [1])", {}),
        ("merge({'a': {'b': 1}}, {'a': {'c': 2}})", {"a": {"c": 2}}),
        ("merge_patch(request.json.nothing, {'a': 1})", {"a": 1}),
        ("merge_patch({'a': 1}, 7)", 7),
        ("merge_patch({'a': [1]}, {'a': {'b': none}})", {"a": {}}),
        ("json_patch({'a': 1}, [{'op': 'remove', 'path': '/b'}])", None),
        ("json_patch({'a': 1}, 7)", None),
        ("json_patch(request.json.nothing, [])", None),
        ("scim_patch({'a': 1}, [{'op': 'Replace', 'path': 'a', 'value': 2}])", {"a": 2}),
        ("scim_patch({'a': 1}, [{'op': 'merge', 'path': 'a', 'value': 2}])", None),
        ("scim_patch(request.json.nothing, [])", None),
        ("pick(7, 'a')", {}),
        ("pick({'a': 1, 'b': 2}, 'b', 'a')", {"b": 2, "a": 1}),
        ("without(none, 'a')", {}),
        ("total(request.json.nothing, 'a')", 0),
        ("total([{'a': 1}, {}, 7, {'a': 'x'}, {'a': true}], 'a')", 1),
        ("total([{'a': {'b': 2}, 'n': 1.5}], 'a.b', 'n')", 3.0),
        ("rows_in(7, 'a')", []),
        ("rows_in([{'a': [{'b': 1}, 7], 'c': 2}, {'c': 3}, 7], 'a')", [{"b": 1, "_of": {"c": 2}}]),
        (
            "on_days([{'f': '{0}T22:00', 't': '{1}', 'n': 1}, 7], '2031-02-28T09:00')",
            [{"f": "2031-02-28T22:00", "t": "2031-03-01", "n": 1}, 7],
        ),
        ("on_days([{'f': 'from {0}'}], '2031-02-28')", [{"f": "from {0}"}]),
        ("on_days([{'f': '{0}'}], '2031-02-30')", None),
        ("on_days(7, '2031-02-28')", None),
        ("on_days([], request.json.nothing)", None),
        ("overlapping([{'f': 1, 't': 3}, {'f': 5, 't': 9}], 'f', 't', 3, 6)", {"f": 5, "t": 9}),
        ("overlapping([{'f': 1, 't': 3}], 'f', 't', 3, 6)", None),
        ("overlapping([{'f': 1, 't': 3}], 'f', 't', 3, 6, true)", {"f": 1, "t": 3}),
        ("overlapping([{'f': 1, 't': 3}], 'f', 't', 4, 6, true)", None),
        ("overlapping([{'f': 'a', 't': 'c'}, 7, {}], 'f', 't', 1, 2)", None),
        ("overlapping([{'f': 'a', 't': 'c'}], 'f', 't', request.json.nothing, 'b')", None),
        ("parse_json(request.json.nothing)", None),
        ("parse_json('{\"a\": 1}')", {"a": 1}),
        ("parse_json('nope')", None),
        ("dig(request.json, 'list.1.x') | default('d')", "d"),
        ("dig({'a': {'0': 1}}, 'a.0')", 1),
        ("dig(7, 'a') is defined", False),
    ],
)
def test_what_is_no_object_is_passed_over(expression, value):
    assert valued(expression, list=[1]) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("total(7, 'a')", "total needs a list, and this is a number"),
        ("total([])", "total takes the fields to multiply: total(items, 'price', 'quantity')"),
        (
            "total([{'a': 9223372036854775807, 'b': 2}], 'a', 'b')",
            "the number is too large: numbers have at most 64 bits",
        ),
    ],
)
def test_what_cannot_be_added_up_is_an_error(expression, reason):
    with pytest.raises(TemplateError) as told:
        valued(expression)
    assert told.value.reason == reason
