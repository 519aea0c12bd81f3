"""A value is changed inside a text; tests/gateway/documents/test_editing.py tries it on whole files."""

import pytest
import yaml

from cassettes.splice import rendered, rendered_item, rewritten, spliced


@pytest.mark.parametrize(
    ("text", "place", "wanted", "expected"),
    [
        ("a: 1 # c\n", ("a",), 2, "a: 2 # c\n"),
        ("a:\n", ("a",), "x", "a: x\n"),
        ("a: 'x'\n", ("a",), "it's", "a: 'it''s'\n"),
        ('a: "x"\n', ("a",), "y\n", 'a: "y\\n"\n'),
        ("a: x\n", ("a",), "yes", "a: 'yes'\n"),
        ("a: x\n", ("a",), 1e20, "a: 1.0e+20\n"),
        ("{a:  [1,  2]}\n", ("a", 1), 3, "{a:  [1,  3]}\n"),
        ("a: [1,  2]\n", ("a",), [1, 2, 3], "a: [1, 2, 3]\n"),
        ("a: | # c\n  x\n\nb: 1\n", ("a",), "y", "a: |- # c\n  y\n\nb: 1\n"),
        ("a: |\n  x\n\n\nb: 1\n", ("a",), "y\n\n", "a: |+\n  y\n\nb: 1\n"),
        ("a: |+\n  x\n\nb: 1\n", ("a",), "y", "a: |-\n  y\n\nb: 1\n"),
        ("a: |\n  x\nb: 1\n", ("a",), " y", "a: ' y'\nb: 1\n"),
        ("a:\n  b: 1\n", ("a",), {"b": 1, "c": [2]}, "a:\n  b: 1\n  c:\n    - 2\n"),
        ("- a\n- b\n- c\n", (), ["a", "c"], "- a\n- c\n"),
        ("- a\n- b # c\n", (), ["a", "b", "d"], "- a\n- b # c\n- d\n"),
        ("a: 1\n", ("a",), {"b": 1}, None),
        ("a: 1\n", ("b",), 1, None),
    ],
)
def test_only_what_has_to_change_is_changed(text, place, wanted, expected):
    try:
        found = spliced(text, place, wanted)
    except StopIteration:
        found = None
    assert found == expected


def test_a_value_is_written_anew():
    assert rewritten("- a: 1 # c\n- b\n", (0,), {"x": {"y": 1}}) == "- x:\n    y: 1 # c\n- b\n"
    assert rewritten("[1, [2]]\n", (1,), [3]) == "[1, [3]]\n"


def test_what_is_the_same_object_twice_is_written_twice():
    same = ["x\ny"]
    assert spliced("a: {b: 1}\n", ("a",), {"b": same, "c": same}) == 'a: {b: ["x\\ny"], c: ["x\\ny"]}\n'
    assert rendered({"b": same, "c": same}).count("&") == 0


def test_an_item_is_written_in_blocks():
    assert rendered_item({"id": "a", "b": ["1", "x\ny\n"]}) == "- id: a\n  b:\n    - '1'\n    - |\n      x\n      y\n"


def test_names_that_come_before_others_are_written_in_their_order_and_comments_around_stay():
    text = "# first\n- a: 1\n  cases:\n  - tier: x\n\n# second\n- a: 2\n"
    wanted = {"a": 1, "cases": [{"when": "y", "tier": "x"}]}
    assert spliced(text, (0,), wanted) == "# first\n- a: 1\n  cases:\n  - when: y\n    tier: x\n\n# second\n- a: 2\n"


def test_a_text_that_ends_with_empty_lines_does_not_end_the_document():
    text = spliced("a: {b: 1}\nc:\n  d: 1\nz: 1\n", ("c",), {"d": 1, "e": "one\n\ntwo\n\n"})
    assert yaml.safe_load(text) == {"a": {"b": 1}, "c": {"d": 1, "e": "one\n\ntwo\n\n"}, "z": 1}
