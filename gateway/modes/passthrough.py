"""Stream both ways and keep nothing."""

from __future__ import annotations

from cassettes.definition import MockDefinition
from gateway.mode import Forward, Plan, Services
from gateway.view import RequestView


class PassthroughMode:
    """The upstream's answer, untouched and unremembered."""

    needs_body = False

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        self._plan = Forward(services.upstream(definition.upstream or ""), keeps_copy=False)

    def decide(self, view: RequestView) -> Plan:
        del view
        return self._plan
