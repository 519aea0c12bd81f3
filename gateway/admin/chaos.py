"""Chaos profiles: what there are, which are on, and switching them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from cassettes.definition import Faults
from gateway.app import Gateway
from gateway.faults.chaos import Running


class Start(BaseModel):
    """How to switch a profile on: for how long, for which tags, and with which faults if not with its own."""

    model_config = ConfigDict(extra="forbid")

    for_s: Annotated[float, Field(gt=0)] | None = None
    until: datetime | None = None
    tags: list[str] | None = None
    faults: Faults | None = None


def chaos_router(gateway: Gateway) -> APIRouter:
    """List, start and stop chaos profiles."""
    router = APIRouter(tags=["chaos"], prefix="/chaos")
    board = gateway.chaos

    @router.get("")
    async def list_profiles() -> dict[str, Any]:
        on = {running.name: running for running in board.running()}
        items = [
            {"name": name, "tags": sorted(profile.tags), "for_s": profile.for_s, "faults": _document(profile.faults)}
            | {"on": name in on}
            for name, profile in board.profiles.items()
        ]
        return {"items": items, "running": [_shown(running) for running in on.values()]}

    @router.post("/stop")
    async def stop_all() -> dict[str, Any]:
        return {"stopped": board.stop_all()}

    @router.post("/{name}/start")
    async def start(name: str, wanted: Start | None = None) -> dict[str, Any]:
        wanted = wanted or Start()
        until = wanted.until
        if until is not None and until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        running = board.start(
            name,
            for_s=wanted.for_s,
            until=None if until is None else until.timestamp(),
            tags=wanted.tags,
            faults=wanted.faults,
        )
        return _shown(running)

    @router.post("/{name}/stop")
    async def stop(name: str) -> dict[str, Any]:
        board.stop(name)
        return {"stopped": [name]}

    return router


def _shown(running: Running) -> dict[str, Any]:
    return {
        "name": running.name,
        "tags": sorted(running.tags),
        "faults": _document(running.faults),
        "began": running.began,
        "ends": running.ends,
    }


def _document(faults: Faults) -> dict[str, Any]:
    return faults.model_dump(mode="json", exclude_unset=True, by_alias=True)
