"""What a running gateway answered, by its trace: asked of its admin API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cassettes.cassette import Interaction
from cassettes.exchange import Exchange, Headers, Request, Response
from gateway.commands.control import ask
from gateway.errors import ControlError


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry of the journal as an exchange, cleaned; `cassette` is the one that its definition names."""

    exchange: Exchange
    cassette: str

    def answered_by(self, interactions: Iterable[Interaction]) -> Interaction | None:
        """Give the recorded interaction that answered: the same request and status, and if possible the same body.

        A replay that lets URLs lead to the gateway answers other bytes than were recorded.
        """
        same = [one for one in interactions if self._is_like(one)]
        told = self.exchange.response.body if self.exchange.response is not None else b""
        exact = [one for one in same if one.exchange.response and one.exchange.response.body.startswith(told)]
        return next(reversed(exact or same), None)

    def _is_like(self, interaction: Interaction) -> bool:
        recorded, seen = interaction.exchange, self.exchange
        if recorded.response is None or seen.response is None or recorded.response.status != seen.response.status:
            return False
        asked = seen.request
        return (recorded.request.method, recorded.request.target) == (asked.method, asked.target)


def asked_of_gateway(trace: str) -> Asked:
    """Give what the gateway at MIMIC_URL answered; raises ControlError."""
    entry = ask("GET", f"/inspector?trace_id={quote(trace, safe='')}")
    if "request" not in entry:
        raise ControlError(f"the gateway keeps back what it answered to {trace!r}: it could not be cleaned")
    definition = ask("GET", f"/mocks/{quote(entry['route'], safe='')}") if entry["route"] else {}
    if not definition.get("cassette"):
        raise ControlError(f"{trace!r} was answered by a definition without a cassette: name one with --cassette")
    request = Request(
        entry["method"], entry["target"].encode("latin-1"), _headers(entry["request"]), _body(entry["request"])
    )
    response = Response(entry["status"], _headers(entry["response"]), _body(entry["response"]))
    return Asked(Exchange(request, response, started_at=entry["at"], trace=trace), definition["cassette"])


def _headers(part: dict[str, Any]) -> Headers:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in part["headers"])


def _body(part: dict[str, Any]) -> bytes:
    return str(part["body"]).encode()
