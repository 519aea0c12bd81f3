"""Definitions: list, view, create, replace, delete, switch."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict, ValidationError, WrapValidator

from cassettes.complaint import Complaint, flaws, shown_path
from cassettes.definition import MockDefinition, ModeName, RecordMode
from gateway.admin.paging import Limit, Offset
from gateway.app import Gateway
from gateway.documents.definitions import body_files
from gateway.documents.editing import merged
from gateway.documents.write_back import WriteBack
from gateway.errors import ConfigError


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


class _Desk:
    """Where definitions are changed: one change at a time, in memory and, with write_back, in their files."""

    def __init__(self, gateway: Gateway) -> None:
        settings = gateway.configuration.settings
        self._gateway = gateway
        self._turn = asyncio.Lock()
        new_file = Path(settings.write_back_file) if settings.write_back_file else None
        self._files = WriteBack(new_file) if settings.write_back else None

    async def create(self, documents: list[Any], *, several: bool, replace: bool) -> list[MockDefinition]:
        definitions = await asyncio.to_thread(_read_all, documents, several=several)
        async with self._turn:
            taken = [definition.id for definition in definitions if definition.id in self._gateway.definitions]
            if taken and not replace:
                names = ", ".join(map(repr, taken))
                raise HTTPException(
                    409, f"there is a definition {names} already: replace it with PUT, ?replace=true or --replace"
                )
            await self._put(dict(zip((item.id for item in definitions), documents, strict=True)), definitions)
        return definitions

    async def replace(self, route_id: str, document: Any, tag: str | None) -> MockDefinition:
        [definition] = await asyncio.to_thread(_read_all, [document], several=False)
        if definition.id != route_id:
            raise HTTPException(422, f"the document's id is {definition.id!r}, the path says {route_id!r}")
        async with self._turn:
            self._require(route_id, tag)
            await self._put({route_id: document}, [definition])
        return definition

    async def patch(self, route_id: str, changes: dict[str, Any], tag: str | None) -> MockDefinition:
        async with self._turn:
            current = self._gateway.definition(route_id)
            self._require(route_id, tag)
            [definition] = await asyncio.to_thread(_read_all, [merged(_written(current), changes)], several=False)
            if definition.id != route_id:
                raise HTTPException(422, f"the id {route_id!r} stays: create a definition {definition.id!r} instead")
            kept = await self._kept(route_id)
            document = _written(definition) if kept is None else merged(kept, changes)
            await self._put({route_id: document}, [definition])
        return definition

    async def delete(self, route_id: str, tag: str | None) -> None:
        async with self._turn:
            self._gateway.definition(route_id)
            self._require(route_id, tag)
            before = self._gateway.definitions
            await self._gateway.remove(route_id)
            await self._keep({route_id: None}, before)

    def _require(self, route_id: str, tag: str | None) -> None:
        if tag is None:
            return
        definition = self._gateway.definitions.get(route_id)
        wanted = {part.strip() for part in tag.split(",")}
        if definition is None or not wanted & {"*", etag(definition)}:
            raise HTTPException(412, f"the definition {route_id!r} is not as it was when you read it: read it again")

    async def _put(self, documents: Mapping[str, Any], definitions: list[MockDefinition]) -> None:
        before = self._gateway.definitions
        for definition in definitions:
            # What is written to a file is the operator's word when it is loaded again, also what is disabled now.
            if self._files is not None:
                self._gateway.services.judge(definition)
            for _, name in body_files(definition):
                self._gateway.services.body_file(definition, name)
        await self._gateway.put(*definitions)
        await self._keep(documents, before)

    async def _kept(self, route_id: str) -> dict[str, Any] | None:
        if self._files is None:
            return None
        return await asyncio.to_thread(self._files.document, route_id, self._gateway.configuration.loaded.origins)

    async def _keep(self, documents: Mapping[str, Any], before: Mapping[str, MockDefinition]) -> None:
        """Write what was changed into its file; where that fails, nothing was changed."""
        if self._files is None:
            return
        try:
            await asyncio.to_thread(self._files.write, documents, self._gateway.configuration.loaded.origins)
        except ConfigError:
            await self._gateway.replace_all(before.values())
            raise


def mocks_router(gateway: Gateway) -> APIRouter:
    """Create, read, replace, patch and delete definitions."""
    router = APIRouter(tags=["mocks"])
    desk = _Desk(gateway)

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


def _read_all(documents: list[Any], *, several: bool) -> list[MockDefinition]:
    """Validate documents; raises ConfigError with everything that is wrong with any of them."""
    faults: list[Complaint] = []
    definitions: dict[str, MockDefinition] = {}
    for index, document in enumerate(documents):
        place = (index,) if several else ()
        if not _is_text(document):
            faults.append(
                Complaint("", 0, shown_path(place), "a text holds half a surrogate pair, which is no Unicode")
            )
            continue
        try:
            definition = MockDefinition.model_validate(document)
        except ValidationError:
            found = flaws(MockDefinition, document)
            faults.extend(Complaint("", 0, shown_path((*place, *path)), reason) for path, reason in found)
            continue
        if definition.id in definitions:
            faults.append(Complaint("", 0, shown_path(place), f"the id {definition.id!r} stands here twice"))
        definitions[definition.id] = definition
    if faults:
        raise ConfigError("; ".join(map(str, faults)), faults)
    return list(definitions.values())


def _is_text(document: Any) -> bool:
    try:
        orjson.dumps(document)
    except TypeError as error:
        # Its other reasons (depth, large numbers) are for those to judge who know the field.
        return "surrogates" not in str(error)
    return True


def etag(definition: MockDefinition) -> str:
    """Give the entity tag of a definition: another whenever anything that was written is."""
    written = definition.model_dump_json(by_alias=True, exclude_unset=True).encode()
    return f'"{blake2b(written, digest_size=12).hexdigest()}"'


def _listed(definitions: list[MockDefinition]) -> Response:
    """Give very many definitions as an answer; FastAPI would take them apart and look at each value."""
    shown = orjson.dumps({"items": [_shown(definition) for definition in definitions]}, default=str)
    return Response(shown, 201, media_type="application/json")


def _tagged(response: Response, definition: MockDefinition) -> dict[str, Any]:
    response.headers["ETag"] = etag(definition)
    return _shown(definition)


def _written(definition: MockDefinition) -> dict[str, Any]:
    return definition.model_dump(mode="json", exclude_unset=True, by_alias=True)


def _shown(definition: MockDefinition) -> dict[str, Any]:
    return _written(definition) | {"mode": definition.mode, "enabled": definition.enabled}
