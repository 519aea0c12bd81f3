"""The JSON Schema accepts what loads, and refuses what does not."""

import re
from pathlib import Path

import jsonschema_rs
import pytest

from cassettes.definition import MockDefinition
from cassettes.document import read_document
from gateway.documents.schema import SCHEMA_ID, definitions_schema

ROOT = Path(__file__).parents[3]
BLOCKS = [
    (page.name, block)
    for page in sorted((ROOT / "docs").glob("*.md"))
    for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    if "mimic.yaml" not in block and re.match(r"(#.*\n)*(- )?id: ", block)
]
VALIDATOR = jsonschema_rs.validator_for(definitions_schema())


def is_valid(document):
    return VALIDATOR.is_valid(document)


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[page for page, _ in BLOCKS])
def test_what_the_pages_show_is_valid(page, block):
    assert [str(error) for error in VALIDATOR.iter_errors(read_document(block, page).value)] == []


@pytest.mark.parametrize(
    "example", sorted((ROOT / "examples" / "definitions").glob("*.yaml")), ids=lambda one: one.stem
)
def test_the_examples_are_valid(example):
    assert is_valid(read_document(example.read_bytes(), example.name).value)


@pytest.mark.parametrize(
    "document",
    [
        {"id": "a", "response": {}},
        [],
        [{"id": "a", "response": {"status": "{{ 200 }}", "headers": {"X": ["1", "2"]}}}],
        {"routes": [{"id": "a", "response": {}}]},
        {"mocks": []},
        {"definitions": []},
        {"id": "a", "version": 3, "response": {}},
        {"id": "a", "match": {"not": {"method": "GET"}, "body": {"json": {"a": 1}}}, "response": {}},
        {"id": "a", "response": {}, "faults": {"outage": {"from": "2024-01-01T00:00:00Z"}}},
    ],
)
def test_every_form_is_valid(document):
    assert is_valid(document)


@pytest.mark.parametrize(
    "document",
    [
        {"id": "a", "respons": {}},
        {"response": {}},
        [{"id": "a", "response": {"status": 99}}],
        {"id": "a", "mode": "spy"},
        {"id": "a", "match": {"headers": {"X": {"equls": "a"}}}},
        {"id": "a", "match": {"not_": {}}},
        {"routes": [{}]},
        {"routes": [], "more": 1},
        {"id": ""},
        7,
        "text",
    ],
)
def test_what_is_wrong_is_not(document):
    assert not is_valid(document)


def test_every_field_is_in_it_with_what_its_part_is_for():
    schema = definitions_schema()
    assert schema["$id"] == SCHEMA_ID
    fields = {info.alias or name for name, info in MockDefinition.model_fields.items()}
    assert set(schema["$defs"]["MockDefinition"]["properties"]) == fields
    assert [name for name, part in schema["$defs"].items() if not part.get("description")] == []
