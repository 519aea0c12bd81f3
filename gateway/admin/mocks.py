"""Definitions: list, view, create, replace, delete, switch."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from cassettes.definition import MockDefinition, ModeName, RecordMode
from gateway.admin.paging import Limit, Offset
from gateway.app import Gateway


class Switch(BaseModel):
    """What to change on a definition; an empty document toggles `enabled`."""

    model_config = ConfigDict(extra="forbid")

    mode: ModeName | None = None
    enabled: bool | None = None
    cassette: str | None = None
    upstream: str | None = None
    record_mode: RecordMode | None = None


class BulkSwitch(Switch):
    """The same for several definitions at once: those with these ids or any of these tags, or all."""

    ids: list[str] = []
    tags: list[str] = []
    all: bool = False


def mocks_router(gateway: Gateway) -> APIRouter:
    """Create, read, replace and delete definitions."""
    router = APIRouter(tags=["mocks"])

    @router.get("/mocks")
    async def list_mocks(offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        definitions = list(gateway.definitions.values())
        page = [_shown(definition) for definition in definitions[offset : offset + limit]]
        return {"items": page, "total": len(definitions), "offset": offset, "limit": limit}

    @router.post("/mocks", status_code=201)
    async def create_mock(definition: MockDefinition) -> dict[str, Any]:
        if definition.id in gateway.definitions:
            raise HTTPException(409, f"there is a definition {definition.id!r} already: replace it with PUT")
        await gateway.put(definition)
        return _shown(definition)

    @router.get("/mocks/{route_id:path}")
    async def view_mock(route_id: str) -> dict[str, Any]:
        return _shown(gateway.definition(route_id))

    @router.put("/mocks/{route_id:path}")
    async def replace_mock(route_id: str, definition: MockDefinition) -> dict[str, Any]:
        if definition.id != route_id:
            raise HTTPException(422, f"the document's id is {definition.id!r}, the path says {route_id!r}")
        await gateway.put(definition)
        return _shown(definition)

    @router.delete("/mocks/{route_id:path}", status_code=204)
    async def delete_mock(route_id: str) -> None:
        await gateway.remove(route_id)

    return router


def activation_router(gateway: Gateway) -> APIRouter:
    """Switch definitions while the gateway runs: mode, enabled, cassette, upstream."""
    router = APIRouter(tags=["activate"])

    @router.post("/activate/bulk")
    async def switch_many(wanted: BulkSwitch) -> dict[str, Any]:
        ids = [
            definition.id
            for definition in gateway.definitions.values()
            if wanted.all or definition.id in wanted.ids or set(definition.tags) & set(wanted.tags)
        ]
        for route_id in wanted.ids:
            gateway.definition(route_id)
        changed = await gateway.change(ids, _changes(wanted))
        return {"items": [_shown(definition) for definition in changed]}

    @router.post("/activate/{route_id:path}")
    async def switch_one(route_id: str, wanted: Switch | None = None) -> dict[str, Any]:
        changes = _changes(wanted or Switch())
        changed = await gateway.change([route_id], changes or {"enabled": not gateway.definition(route_id).enabled})
        return _shown(changed[0])

    return router


def _changes(wanted: Switch) -> dict[str, object]:
    return {
        name: value
        for name, value in wanted.model_dump().items()
        if value is not None and name not in ("ids", "tags", "all")
    }


def _shown(definition: MockDefinition) -> dict[str, Any]:
    return definition.model_dump(mode="json", exclude_unset=True) | {
        "mode": definition.mode,
        "enabled": definition.enabled,
    }
