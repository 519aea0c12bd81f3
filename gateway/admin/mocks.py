"""Definitions: list, view, create, replace, delete, switch."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, WrapValidator

from cassettes.definition import MockDefinition, ModeName, RecordMode
from gateway.admin.desk import Desk, etag, written
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


Written = Annotated[MockDefinition, WrapValidator(lambda value, _: value)]
"""A document that the API describes as a definition and judges itself, in sentences."""
SeveralWritten = Annotated[MockDefinition | list[MockDefinition], WrapValidator(lambda value, _: value)]
IfMatch = Annotated[str | None, Header(description="the ETag that the definition must still have")]


def mocks_router(gateway: Gateway, desk: Desk) -> APIRouter:
    """Create, read, replace, patch and delete definitions."""
    router = APIRouter(tags=["mocks"])

    @router.get("/mocks")
    async def list_mocks(offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        definitions = list(gateway.definitions.values())
        page = [_shown(definition) for definition in definitions[offset : offset + limit]]
        return {"items": page, "total": len(definitions), "offset": offset, "limit": limit}

    @router.post("/mocks", status_code=201, response_model=dict[str, Any])
    async def create_mocks(document: SeveralWritten, response: Response, *, replace: bool = False) -> Any:
        several: Any = document
        if isinstance(several, list):
            created = await desk.create(several, several=True, replace=replace)
            return await asyncio.to_thread(_listed, created)
        [definition] = await desk.create([several], several=False, replace=replace)
        return _tagged(response, definition)

    @router.get("/mocks/{route_id:path}")
    async def view_mock(route_id: str, response: Response) -> dict[str, Any]:
        return _tagged(response, gateway.definition(route_id))

    @router.put("/mocks/{route_id:path}")
    async def replace_mock(
        route_id: str, document: Written, response: Response, if_match: IfMatch = None
    ) -> dict[str, Any]:
        return _tagged(response, await desk.replace(route_id, document, if_match))

    @router.patch("/mocks/{route_id:path}")
    async def patch_mock(
        route_id: str, changes: dict[str, Any], response: Response, if_match: IfMatch = None
    ) -> dict[str, Any]:
        return _tagged(response, await desk.patch(route_id, changes, if_match))

    @router.delete("/mocks/{route_id:path}", status_code=204)
    async def delete_mock(route_id: str, if_match: IfMatch = None) -> None:
        await desk.delete(route_id, if_match)

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


def _listed(definitions: list[MockDefinition]) -> Response:
    """Give very many definitions as an answer; FastAPI would take them apart and look at each value."""
    shown = orjson.dumps({"items": [_shown(definition) for definition in definitions]}, default=str)
    return Response(shown, 201, media_type="application/json")


def _tagged(response: Response, definition: MockDefinition) -> dict[str, Any]:
    response.headers["ETag"] = etag(definition)
    return _shown(definition)


def _shown(definition: MockDefinition) -> dict[str, Any]:
    return written(definition) | {"mode": definition.mode, "enabled": definition.enabled}
