"""The JSON Schema of definition files, made from the models, for completion in editors."""

from __future__ import annotations

from typing import Any, Final

from cassettes.definition import MockDefinition
from gateway.documents.definitions import LISTS

SCHEMA_ID: Final = "urn:mimic:definitions:1"
_TEXT_OR_NUMBER: Final = ["string", "number"]


def definitions_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a file: one definition, a list, or a mapping that holds the list."""
    schema = MockDefinition.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    parts: dict[str, Any] = schema.pop("$defs")
    # What the loader takes for convenience: a version that looks like a number.
    schema["properties"]["version"]["type"] = _TEXT_OR_NUMBER
    one = {"$ref": "#/$defs/MockDefinition"}
    several = {"type": "array", "items": one}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Mimic definitions",
        "description": "What to match and how to answer: one definition, a list of them, or the list under a key.",
        "if": {"type": "array"},
        "then": several,
        "else": {
            "if": {"type": "object", "minProperties": 1, "maxProperties": 1, "propertyNames": {"enum": list(LISTS)}},
            "then": {"properties": dict.fromkeys(LISTS, several)},
            "else": one,
        },
        "$defs": {**parts, "MockDefinition": schema},
    }
