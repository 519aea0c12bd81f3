"""A JSON Schema is compiled within bounds, and what is wrong is told in a short sentence."""

import pytest

from gateway.matchers.schema import SchemaError, compile_schema


@pytest.mark.parametrize("schema", [{"items": [{"pattern": "a" * 2_000}]}, {"patternProperties": {"a" * 2_000: {}}}])
def test_a_long_pattern_is_refused(schema):
    with pytest.raises(SchemaError, match="a pattern has at most 1000 characters, and one of this has 2000"):
        compile_schema(schema)


def test_the_first_error_of_very_many_is_found_at_once_and_told_briefly():
    schema = compile_schema({"items": {"required": ["zip"]}})
    where, told = schema.first_error([{"name": "n" * 10_000}] * 100_000)
    assert (where, told[:30], len(told) <= 300) == ("/0", '"zip" is a required property', True)


def test_a_value_nested_without_end_is_not_valid():
    value = 1
    for _ in range(900):
        value = [value]
    schema = compile_schema({"const": 1})
    assert (schema.is_valid(value), schema.first_error(value)) == (
        False,
        ("", "the value is nested too deeply to be compared with a schema"),
    )
