"""A definition answers with its response, or with its cases."""

import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from gateway.mocking.cases import Cases
from gateway.mocking.composer import Composer
from gateway.mocking.mock import compile_mock


@pytest.mark.parametrize(
    ("document", "kind"),
    [({"response": {}}, Composer), ({"cases": [{"response": {}}]}, Cases)],
    ids=["response", "cases"],
)
def test_what_is_written_decides_how_it_is_chosen(document, kind):
    definition = MockDefinition.model_validate({"id": "x", **document})
    assert type(compile_mock(definition, SomeServices(definition))) is kind
