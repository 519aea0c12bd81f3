"""Always answer what the definition says."""

from __future__ import annotations

from cassettes.definition import MockDefinition, ResponseSpec
from gateway.mode import Plan, Services
from gateway.reply import static_reply
from gateway.view import RequestView


class MockMode:
    """A static response, ready when the definition is loaded."""

    needs_body = False

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        del services
        response = definition.response or ResponseSpec()
        self._reply = static_reply(response, "mock", delay_s=response.delay_ms / 1000)

    def decide(self, view: RequestView) -> Plan:
        del view
        return self._reply
