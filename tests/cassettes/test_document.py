"""A document is plain values with their lines, whether it is YAML or JSON."""

import pytest

from cassettes.document import read_document
from cassettes.errors import DefinitionError


def test_values_and_lines():
    document = read_document("a: 1\nb:\n  - x\n  - c: yes\n", "f.yaml")
    assert document.value == {"a": 1, "b": ["x", {"c": True}]}
    assert [document.line(path) for path in [("a",), ("b", 0), ("b", 1, "c"), ("b", 1, "nothing")]] == [1, 3, 4, 4]


def test_json_is_read_too():
    assert read_document('{"a": [1.5, null, "x"]}', "f.json").value == {"a": [1.5, None, "x"]}


def test_nothing_is_none():
    assert read_document("# only a comment\n", "f.yaml").value is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\na: 2", "f:2: the key 'a' stands here twice"),
        ("a: &x 1\nb: *x", "f:1: anchors and aliases (x)"),
        ("a: !!python/name:os.system x", "f:1: the tag"),
        ("a: !!str 1", "f:1: the tag"),
        ("<<: {a: 1}", "f:1: a key must be a plain name"),
        ("? [a]\n: 1", "f:1: a key must be a plain name"),
        ("a: [", "f:2: did not find"),
        (b"\xff\xfe\xff", "f:1:"),
        ("a: \0", "f:1:"),
        ("--- a\n--- b\n", "f:2:"),
        ("a: 2024-99-99", "f:1:"),
        ("[" * 100 + "]" * 100, "nested deeper than 64"),
        ("[" * 5000, "nested deeper than 64"),
        ("- " * 3000 + "x", "nested deeper than 64"),
        ("a" * (65 << 20), "f: larger than"),
    ],
)
def test_what_is_too_clever_is_refused_with_its_line(text, told):
    with pytest.raises(DefinitionError) as caught:
        read_document(text, "f")
    assert told in str(caught.value)
