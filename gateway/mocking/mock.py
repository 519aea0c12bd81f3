"""How a definition answers by itself: with its response, or with the first of its cases that holds."""

from __future__ import annotations

from cassettes.definition import MockDefinition
from gateway.mocking.cases import Cases
from gateway.mocking.composer import Composer
from gateway.mode import Services


def compile_mock(definition: MockDefinition, services: Services) -> Cases | Composer:
    """Compile the responses of a definition. Raises ConfigError, RenderError."""
    return Cases(definition, services) if definition.cases else Composer(definition, services)
