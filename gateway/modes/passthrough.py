"""Stream both ways and keep nothing."""

from __future__ import annotations

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.mode import Forward, Plan, Services


class PassthroughMode:
    """The upstream's answer, untouched and unremembered."""

    needs_body = False

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        self._plan = Forward(services.upstream(definition.upstream or ""), keeps_copy=False)

    def decide(self, request: Request) -> Plan:
        del request
        return self._plan
