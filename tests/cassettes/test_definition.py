"""A definition is valid when its mode has what it needs, and nothing else is in it."""

import pytest
from pydantic import ValidationError

from cassettes.definition import MockDefinition


def test_the_least_definition_is_a_mock_for_everything():
    definition = MockDefinition.model_validate({"id": "a", "response": {}})
    assert (definition.mode, definition.match.method, definition.match.path, definition.enabled) == (
        "mock",
        "*",
        "/**",
        True,
    )


def test_what_was_written_is_given_back():
    document = {
        "id": "products-list",
        "match": {"method": "GET", "path": "/api/v1/products"},
        "mode": "proxy-with-fallback",
        "upstream": "https://real-api.example.com",
        "response": {"fallback": {"status": 200, "body": "[]"}},
        "tags": ["shop"],
        "version": "3",
    }
    assert MockDefinition.model_validate(document).model_dump(exclude_unset=True) == document


def test_a_version_may_be_a_number():
    assert MockDefinition.model_validate({"id": "a", "response": {}, "version": 3}).version == "3"


def test_a_definition_does_not_change():
    with pytest.raises(ValidationError):
        MockDefinition.model_validate({"id": "a", "response": {}}).id = "b"


@pytest.mark.parametrize("timing", ["recorded", "none", "scaled:2", "scaled:0.5"])
def test_timings_by_name(timing):
    assert (
        MockDefinition.model_validate({"id": "a", "response": {}, "replay": {"timing": timing}}).replay.timing == timing
    )


@pytest.mark.parametrize(
    "part", [{"replay": {"timing": "scaled:x"}}, {"record_mode": "x"}, {"mode": "spy"}, {"id": ""}]
)
def test_what_is_not_known_is_refused(part):
    with pytest.raises(ValidationError):
        MockDefinition.model_validate({"id": "a", "response": {}, **part})
