"""Rows are unfolded, limited and added up, whatever stands in the place of an amount."""

import pytest
from contexts import a_context

from gateway.templates import compile_document


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("unfold([{'id': 1, 'lines': [{'n': 2}, 7]}, {'id': 2}, 3], 'lines')", [{"n": 2, "of": {"id": 1, "lines": [{"n": 2}, 7]}}]),
        ("unfold(none, 'lines')", []),
        ("between([{'d': '2025-01-01'}, {'d': '2025-03-01'}], 'd', '2025-02-01')", [{"d": "2025-03-01"}]),
        ("between([{'d': 'a'}, {'d': 'c'}], 'd', none, 'b')", [{"d": "a"}]),
        ("between([{'d': 'a'}], 'd', request.query.nothing, '')", [{"d": "a"}]),
        ("net([{'in': 5}, {'out': 2}, {'in': 'x'}, 7], 'in', 'out')", 3),
        ("net([{'in': '0.10'}, {'in': '0.20'}], 'in')", 0.3),
        ("net(request.json.nothing, 'in')", 0),
        ("net([{'in': true}, {'in': '1e999999999'}], 'in')", 0),
        ("each(['a', 'b'], {'is': row, 'line': at + 1})", [{"is": "a", "line": 1}, {"is": "b", "line": 2}]),
        ("from_pairs(each([{'n': 'a', 'v': 1}, {'n': 2, 'v': omit}], [row.n, row.v]))", {"a": 1}),
        ("from_pairs([['a', 1], 'b', ['a', 2]])", {"a": 2}),
        ("from_pairs(none)", {}),
        ("groups([{'k': 'b'}, {'k': 'a'}, {'k': 'b'}, {}, 7], 'k')", [["b", 2], ["a", 1]]),
        ("groups([{'k': ['x', 'y']}, {'k': ['y', none]}], 'k', 'count')", [["y", 2], ["x", 1]]),
        ("groups([{'k': 2}, {'k': 10}, {'k': 2}], 'k', 'value')", [[2, 2], [10, 1]]),
        ("groups(none, 'k')", []),
        ("mean([{'n': 4}, {'n': '3'}, {'n': 4}, {'m': 9}, 7], 'n', 1)", 3.7),
        ("mean([{'n': 1}, {'n': 2}], 'n')", 1.5),
        ("mean([{'n': none}], 'n', 1)", None),
        ("mean([], 'n', 1, 0)", 0),
        ("running([{'in': 5}, {'out': 7}], 'in', 'out')", [{"in": 5, "net": 5, "nth": 1}, {"out": 7, "net": -2, "nth": 2}]),
    ],
)  # fmt: skip
def test_amounts(expression, value):
    document = compile_document(f"{{{{ {expression} }}}}", "here")
    assert document.value(a_context(b"{}")) == value
