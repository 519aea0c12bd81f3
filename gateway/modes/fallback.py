"""Ask the upstream, and answer the fallback when it fails."""

from __future__ import annotations

from dataclasses import replace

from cassettes.definition import MockDefinition, StaticResponse
from gateway.errors import ConfigError
from gateway.mocking.responder import Responder
from gateway.mode import Fallback, Forward, Plan, Reply, Services
from gateway.reply import header_change
from gateway.view import RequestView


class FallbackMode:
    """One written rung below the upstream; the answer says that it is the fallback and why."""

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        response = definition.response
        static = response.fallback if response and response.fallback else StaticResponse()
        supplies = services.supplies
        where = f"definition {definition.id!r}, response.fallback"
        self._responder = Responder(
            static, where, source="fallback", missing=supplies.on_missing, read_file=supplies.body_files(definition)
        )
        if self._responder.waits:
            raise ConfigError(f"{where}: a fallback cannot read or change state")
        self._contexts = supplies.plain_contexts(definition)
        self._fallback = Fallback(
            self._responder.ready or Reply(200, (), "fallback"), unsafe=definition.fallback_unsafe
        )
        self.needs_body = self._responder.needs_body
        self._plan = Forward(
            services.upstream(definition.upstream or ""),
            fallback=self._fallback,
            change_request=header_change(definition.transform.request),
            change_response=header_change(definition.transform.response),
        )

    def decide(self, view: RequestView) -> Plan:
        if self._responder.ready is not None:
            return self._plan
        reply = self._responder.make(self._contexts(view))
        return replace(self._plan, fallback=replace(self._fallback, reply=reply))
