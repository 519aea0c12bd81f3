"""A document is plain values with their lines, whether it is YAML or JSON."""

import json

import pytest

from cassettes.document import plain_scalar, read_document
from cassettes.errors import DefinitionError


def refusal(text, name="f"):
    with pytest.raises(DefinitionError) as caught:
        read_document(text, name)
    return str(caught.value)


def test_values_and_lines():
    document = read_document("a: 1\nb:\n  - x\n  - c: yes\n", "f.yaml")
    assert document.value == {"a": 1, "b": ["x", {"c": True}]}
    assert [document.line(path) for path in [("a",), ("b", 0), ("b", 1, "c"), ("b", 1, "nothing")]] == [1, 3, 4, 4]


def test_json_is_read_too():
    assert read_document('{"a": [1.5, null, "x"]}', "f.json").value == {"a": [1.5, None, "x"]}


def test_json_has_lines_too_whatever_it_escapes():
    document = read_document('{\n"a": "\\ud83d\\ude00",\n\t"b": {"c": [1,\n2]}}', "f.json")
    assert document.value == {"a": "😀", "b": {"c": [1, 2]}}
    assert [document.line(path) for path in [(), ("a",), ("b", "c"), ("b", "c", 1)]] == [1, 2, 3, 4]


def test_a_json_file_is_json():
    assert refusal('{"a": 1,\n b: 2}', "f.json").startswith("f.json:2: not JSON: ")


def test_yaml_that_looks_like_json_is_read_as_yaml():
    assert read_document("{a: 1, b: [x]}", "f.yaml").value == {"a": 1, "b": ["x"]}


def test_nothing_is_none():
    assert read_document("# only a comment\n", "f.yaml").value is None


def test_dates_stay_as_they_are_written():
    text = "a: 2024-01-02\nb: 2024-01-02T03:04:05Z\nc: 2024-99-99\n"
    assert read_document(text, "f").value == {"a": "2024-01-02", "b": "2024-01-02T03:04:05Z", "c": "2024-99-99"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("True", True),
        ("off", False),
        ("0x1f", 31),
        ("1_000", 1000),
        ("1.5", 1.5),
        (".5", 0.5),
        ("=", "="),
        ("1.2.3", "1.2.3"),
        ("2024-01-01", "2024-01-01"),
    ],
)
def test_a_plain_scalar_is_what_yaml_says(text, value):
    assert plain_scalar(text) == value


def test_a_quoted_scalar_is_text():
    assert read_document("a: '1'\nb: \"true\"\nc: |\n  null\n", "f").value == {"a": "1", "b": "true", "c": "null\n"}


def test_sixty_four_levels_are_read_in_yaml_and_json():
    text = "[" * 64 + "]" * 64
    assert read_document(text, "f.json").value == json.loads(text)
    assert read_document(text.replace("]", " ]"), "f.yaml").value == json.loads(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\na: 2", "f:2: the key 'a' stands here twice"),
        ('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "f:3: the key 'c' stands here twice"),
        ('{"a": "\\ud83d\\ude00",\n"a": 2}', "f:2: the key 'a' stands here twice"),
        ("a: &x 1\nb: *x", "f:1: anchors and aliases (x)"),
        ("&x a: 1", "f:1: anchors and aliases (x)"),
        ("a: 1\n*x : 2", "f:2: anchors and aliases (x)"),
        ("a: !!python/name:os.system x", "f:1: the tag"),
        ("!!python/object/apply:os.system ['true']", "f:1: the tag tag:yaml.org,2002:python/object/apply:os.system"),
        ("!!python/object/new:os.system [id]", "f:1: the tag"),
        ("a: !!python/object/apply:subprocess.Popen [[id]]", "f:1: the tag"),
        ("!!str a: 1", "f:1: the tag"),
        ("a: !!str 1", "f:1: the tag"),
        ("a: !!binary aGk=", "f:1: the tag"),
        ("<<: {a: 1}", "f:1: a key must be a plain name"),
        ("? [a]\n: 1", "f:1: a key must be a plain name"),
        ("a: [", "f:2: did not find"),
        ("a:\n\tb: 1", "f:2: a tab stands before the text: YAML is indented with spaces"),
        ("a: {{ b }}", "f:1: a key must be a plain name: put a text with braces"),
        ("{a: 1, b: /users/{id}}", "f:1: did not find expected ',' or '}': put a text with braces"),
        (b"\xff\xfe\xff", "f:1:"),
        ("a: \0", "f:1:"),
        ("a: " + "9" * 5000, "f:1: not a readable value"),
        ("--- a\n--- b\n", "f:2: a second document"),
        ("[" * 100 + "]" * 100, "nested deeper than 64"),
        ("[" * 65 + "]" * 65, "nested deeper than 64"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested deeper than 64"),
        ("[" * 5000, "nested deeper than 64"),
        ("- " * 3000 + "x", "nested deeper than 64"),
        ("a" * (65 << 20), "f:1: larger than"),
    ],
)
def test_what_is_too_clever_is_refused_with_its_line(text, told):
    assert told in refusal(text)


def test_an_alias_bomb_is_refused_at_its_first_anchor():
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert refusal(bomb).startswith("f:1: anchors and aliases (a)")


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": "\\ud800"}', '{"a": 1} x', "[1,]", '{"a": "\x01"}'])
def test_json_that_is_none_is_refused(text):
    assert refusal(text, "f.json").startswith("f.json:1: not JSON: ")
