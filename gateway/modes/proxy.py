"""Answer with whatever the upstream says; the journal keeps a bounded copy."""

from __future__ import annotations

from cassettes.definition import MockDefinition
from gateway.mode import Forward, Plan, Services
from gateway.reply import header_change
from gateway.view import RequestView


class ProxyMode:
    """The upstream's answer, with the definition's header changes."""

    needs_body = False

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        self._plan = Forward(
            services.upstream(definition.upstream or ""),
            change_request=header_change(definition.transform.request),
            change_response=header_change(definition.transform.response),
        )

    def decide(self, view: RequestView) -> Plan:
        del view
        return self._plan
