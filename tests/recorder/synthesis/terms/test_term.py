"""A term is written as an expression and worked out on a recorded call."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.term import Term, applied, constant, guarded, literal, member, part_of

[SCENE] = scenes_of(("POST", "/orders", {"item": "Tea", "lines": [{"no": 3}]}, 201, {}))
SENT = Term("request.json", lambda scene: scene.sample.json, "json", 1.0, frozenset({"x"}))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "none"),
        (True, "true"),
        (7, "7"),
        (1.5, "1.5"),
        ("it's\n", "'it\\'s\\n'"),
        ("a\\b", "'a\\\\b'"),
        ([1, "a"], "[1, 'a']"),
        ({"a": [None]}, "{'a': [none]}"),
    ],
)
def test_a_value_is_written_as_an_expression(value, written):
    term = constant(value)
    assert (literal(value), term.text, term.get(SCENE)) == (written, written, value)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("a", "b_1"), "x.a.b_1"),
        (("a-b",), "x['a-b']"),
        (("not",), "x['not']"),
        (("1st", 0), "x['1st'][0]"),
    ],
)
def test_a_member_that_is_no_name_is_written_in_brackets(path, written):
    assert member("x", path) == written


def test_a_part_of_a_term_is_dearer_and_uses_the_same():
    part = part_of(SENT, ("lines", 0, "no"), look)
    assert (part.text, part.get(SCENE), part.name, part.uses) == ("request.json.lines[0].no", 3, "no", frozenset({"x"}))
    assert part.cost > SENT.cost
    assert part_of(SENT, ("nope", "no"), look).get(SCENE) is MISSING
    assert part_of(SENT, (), look) is SENT


def test_what_a_function_cannot_do_is_missing():
    item = part_of(SENT, ("item",), look)
    lower = applied("({} | lower)", item, lambda text: text.lower(), 0.3)
    assert (lower.text, lower.get(SCENE)) == ("(request.json.item | lower)", "tea")
    assert applied("({} | int)", item, int, 0.1).get(SCENE) is MISSING
    assert applied("({} | lower)", part_of(SENT, ("nope",), look), str.lower, 0.3).get(SCENE) is MISSING


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "(resource.runs.all() | last).size < 3",
            "(resource.runs.all() | last).size is number and (resource.runs.all() | last).size < 3",
        ),
        ("a.b == 3", "a.b == 3"),
        ("a.b < 3", "a.b is number and a.b < 3"),
        ("(a.b < 3) or c", "((a.b is number and a.b < 3)) or c"),
        ("not (a < b)", "not ((a is number and b is number and a < b))"),
        ("a - b < 3", "a - b < 3"),
        ("(a | length) >= 2 and b > 1", "(a | length) >= 2 and (b is number and b > 1)"),
    ],
)
def test_a_comparison_is_guarded_against_what_is_no_number(text, written):
    assert guarded(text) == written
