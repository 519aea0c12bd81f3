"""Recording sessions: start, stop, status."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from gateway.app import Gateway
from recorder.sessions import Filter


class Start(BaseModel):
    """A session to start: its name, the cassette (the same name if not given), and what it takes."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    cassette: str | None = None
    routes: list[str] = []
    methods: list[str] = []
    paths: list[str] = []
    content_types: list[str] = []


class Stop(BaseModel):
    """A session to stop."""

    model_config = ConfigDict(extra="forbid")

    name: str


def recordings_router(gateway: Gateway) -> APIRouter:
    """Record what passes proxied routes, of any number of upstreams, into one cassette."""
    router = APIRouter(tags=["record"], prefix="/record")
    services = gateway.services

    @router.post("/start", status_code=201)
    async def start(wanted: Start) -> dict[str, Any]:
        for route_id in wanted.routes:
            gateway.definition(route_id)
        cassette = wanted.cassette or wanted.name
        takes = Filter(
            frozenset(wanted.routes),
            frozenset(method.upper() for method in wanted.methods),
            tuple(wanted.paths),
            tuple(wanted.content_types),
        )
        services.start_session(wanted.name, cassette, upstreams=gateway.proxied_upstreams(), wanted=takes)
        gateway.open_tap(wanted.name)
        return {"name": wanted.name, "cassette": cassette, "state": "recording"}

    @router.post("/stop")
    async def stop(wanted: Stop) -> dict[str, Any]:
        gateway.close_tap(wanted.name)
        await asyncio.to_thread(services.sessions.stop, wanted.name)
        return next(row for row in services.sessions.status() if row["name"] == wanted.name)

    @router.get("/status")
    async def status() -> dict[str, Any]:
        return {"items": services.sessions.status()}

    return router
