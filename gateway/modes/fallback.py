"""Ask the upstream, and answer the fallback when it fails."""

from __future__ import annotations

from cassettes.definition import MockDefinition, StaticResponse
from gateway.mode import Fallback, Forward, Plan, Services
from gateway.reply import header_change, static_reply
from gateway.view import RequestView


class FallbackMode:
    """One static rung below the upstream; the answer says that it is the fallback and why."""

    needs_body = False

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        response = definition.response
        static = response.fallback if response and response.fallback else StaticResponse()
        self._plan = Forward(
            services.upstream(definition.upstream or ""),
            fallback=Fallback(static_reply(static, "fallback"), unsafe=definition.fallback_unsafe),
            change_request=header_change(definition.transform.request),
            change_response=header_change(definition.transform.response),
        )

    def decide(self, view: RequestView) -> Plan:
        del view
        return self._plan
