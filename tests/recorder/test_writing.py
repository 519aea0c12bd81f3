"""Files that are written are readable, and a merge leaves alone what did not change."""

import pytest
import yaml

from cassettes.document import read_document
from recorder.writing import definitions_of, definitions_text, json_text, merged_text, yaml_text

FILE = """\
# my mocks
port: 0
routes:
  # the first
  - id: a   # with a comment
    response: {body: x}

  # the second
  - id: b
    response: {body: y}
# the end
upstreams: {}
"""


def test_the_same_value_twice_is_written_twice_and_texts_of_several_lines_as_such():
    shared = {"x": "one\ntwo\n"}
    text = yaml_text({"a": shared, "b": shared, "on": "yes", "when": "2024-01-01", "n": None})
    assert ("&" in text, text.count("|\n")) == (False, 2)
    assert read_document(text, "x").value == {"a": shared, "b": shared, "on": "yes", "when": "2024-01-01", "n": None}


def test_definitions_are_written_as_the_files_name_asks(tmp_path):
    definitions = [{"id": "a"}, {"id": "b"}]
    assert definitions_text(definitions, tmp_path / "x.json") == json_text(definitions)
    assert definitions_text(definitions, tmp_path / "x.yaml") == "- id: a\n\n- id: b\n"
    assert definitions_text([], None) == "[]\n"


def merged(text, change):
    document = read_document(text, "x")
    return merged_text(text, document, change(definitions_of(document)))


def test_what_did_not_change_stays_as_it_was_written():
    assert merged(FILE, lambda items: items) == FILE


def test_a_changed_definition_is_written_anew_in_its_place():
    text = merged(FILE, lambda items: [{"id": "a", "response": {"body": "new"}}, items[1]])
    assert text == FILE.replace(
        "  - id: a   # with a comment\n    response: {body: x}\n", "  - id: a\n    response:\n      body: new\n"
    )


def test_a_new_definition_comes_after_the_last():
    text = merged(FILE, lambda items: [*items, {"id": "c"}])
    value = yaml.safe_load(text)
    assert [one["id"] for one in value["routes"]] == ["a", "b", "c"]
    assert (value["upstreams"], "# the second" in text) == ({}, True)


def test_a_plain_list_and_an_empty_file_are_merged_into():
    assert merged("- id: a", lambda items: [*items, {"id": "b"}]) == "- id: a\n\n- id: b\n"
    assert merged("", lambda items: [{"id": "b"}]) == "- id: b\n"
    assert yaml.safe_load(merged("[{id: a}, {id: b}]", lambda items: [*items, {"id": "c"}])) == [
        {"id": "a"}, {"id": "b"}, {"id": "c"},
    ]  # fmt: skip
    assert yaml.safe_load(merged("port: 1\n", lambda items: [{"id": "b"}])) == {"port": 1, "routes": [{"id": "b"}]}


def test_a_file_without_a_place_for_definitions_is_told():
    assert definitions_of(read_document("routes: 7", "x")) is None


@pytest.mark.parametrize("text", ["a\n\n", "a\nb\n\n\n", "a\n", "\n\n", "a"])
def test_a_text_that_ends_with_empty_lines_stays_so_wherever_it_stands(text):
    definitions = [{"id": "a", "body": text, "tags": ["x"]}, {"id": "b", "body": text}, {"id": "c"}]
    assert yaml.safe_load(definitions_text(definitions, None)) == definitions
