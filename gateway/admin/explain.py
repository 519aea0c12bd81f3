"""Why a request would be answered as it would: asked with a request that is never sent."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from cassettes.exchange import Headers, Request
from gateway.app import Gateway
from gateway.explain import explain, explanation_document, miss_document, near_misses
from gateway.routes import RouteTable
from gateway.view import RequestView


class Call(BaseModel):
    """A request that was never sent: `path` with its query, or `url`; a body that is no text is sent as JSON."""

    model_config = ConfigDict(extra="forbid")

    method: str = "GET"
    path: str | None = None
    url: str | None = None
    headers: dict[str, str | list[str]] = Field(default_factory=dict)
    body: Any = None
    client: str = "127.0.0.1"

    @model_validator(mode="after")
    def _has_a_target(self) -> Call:
        if (self.path is None) == (self.url is None):
            raise ValueError("give one of path (/users?page=2) and url (http://api.test/users)")
        if self.path is not None and not self.path.startswith("/"):
            raise ValueError(f"a path begins with '/': write '/{self.path}'")
        if self.url is not None and "://" not in self.url:
            raise ValueError("a url has a scheme: write http://…")
        return self

    def request(self) -> Request:
        """Give it as a request."""
        scheme, _, rest = (self.url or "").partition("://")
        authority, slash, path = rest.partition("/")
        target = self.path if self.path is not None else slash + path or "/"
        headers = [(name, value) for name, values in self.headers.items() for value in _listed(values)]
        if authority and "host" not in {name.lower() for name, _ in headers}:
            headers.append(("Host", authority))
        body = _bytes(self.body)
        if not isinstance(self.body, str | None) and "content-type" not in {name.lower() for name, _ in headers}:
            headers.append(("Content-Type", "application/json"))
        wire: Headers = tuple((_bytes(name), _bytes(value)) for name, value in headers)
        return Request(self.method.upper(), _bytes(target), wire, body, self.client, scheme.lower() or "http")


def explain_router(gateway: Gateway) -> APIRouter:
    """Explain what would be answered."""
    router = APIRouter(tags=["explain"])

    @router.post("/explain")
    async def explain_call(call: Call) -> dict[str, Any]:
        # Beside the loop: among very many definitions it takes its time.
        return await asyncio.to_thread(_explained, gateway.plane.table, call)

    return router


def _explained(table: RouteTable, call: Call) -> dict[str, Any]:
    view = RequestView(call.request())
    document = explanation_document(explain(table, view))
    if document["winner"] is None:
        document["near_misses"] = [miss_document(miss) for miss in near_misses(table, view)]
    return document


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode("utf-8", "replace") if isinstance(body, str) else json.dumps(body).encode()
