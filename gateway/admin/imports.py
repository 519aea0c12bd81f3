"""Imports: a foreign document becomes definitions that are served, all or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Query
from pydantic import ValidationError

from cassettes.definition import MockDefinition
from gateway.app import Gateway
from recorder.importer import Import
from recorder.importers import IMPORTERS
from recorder.merging import merge

_DryRun = Annotated[bool, Query(description="tell what would happen, and change nothing")]
_Merge = Annotated[bool, Query(description="keep what was edited since the last import, and mark what vanished")]


def imports_router(gateway: Gateway) -> APIRouter:
    """Import documents that are sent; files beside them and URLs are not read."""
    router = APIRouter(tags=["import"], prefix="/import")

    @router.post("/openapi")
    async def import_openapi(
        document: dict[str, Any], dry_run: _DryRun = False, merge: _Merge = False, seed: int = 0
    ) -> dict[str, Any]:
        text, name = _text(document)
        came = await asyncio.to_thread(IMPORTERS["openapi"].read_text, text, name, seed=seed)
        return await _take(gateway, came, dry_run=dry_run, merging=merge)

    return router


def _text(document: dict[str, Any]) -> tuple[bytes, str]:
    """Give the text and name of a document that is sent as itself, or as `{"document": …, "name": …}`."""
    if "document" not in document:
        return orjson.dumps(document), _titled(document)
    sent, name = document["document"], document.get("name", "")
    if not isinstance(sent, str | dict) or not isinstance(name, str):
        raise HTTPException(422, "document is an object, or a text of JSON or YAML; name is a text")
    if isinstance(sent, str):
        return sent.encode(), name or "openapi"
    return orjson.dumps(sent), name or _titled(sent)


def _titled(document: dict[str, Any]) -> str:
    info = document.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    return title if isinstance(title, str) and title else "openapi"


async def _take(gateway: Gateway, came: Import, *, dry_run: bool, merging: bool) -> dict[str, Any]:
    existing = [_plain(definition) for definition in gateway.definitions.values()]
    if merging:
        merged = await asyncio.to_thread(merge, existing, came)
        wanted = list(merged.definitions)
        told = {name: value for name, value in asdict(merged).items() if name != "definitions"}
    else:
        taken = [str(one["id"]) for one in came.definitions if one["id"] in gateway.definitions]
        if taken:
            shown = ", ".join(taken[:5]) + (" …" if len(taken) > 5 else "")
            raise HTTPException(409, f"there are definitions with these ids already: {shown}; import with merge=true")
        wanted = [*existing, *came.definitions]
        told = {"added": [one["id"] for one in came.definitions]}
    if not dry_run:
        known = {definition.id: definition for definition in gateway.definitions.values()}
        plain = {str(one["id"]): one for one in existing}
        await gateway.replace_all(await asyncio.to_thread(_validated, wanted, plain, known))
    return {
        "kind": came.kind,
        "document": came.document,
        "definitions": len(came.definitions),
        "checked": came.checked,
        "applied": not dry_run,
        "merge": told,
        "remarks": [asdict(remark) for remark in came.remarks],
    }


def _validated(
    wanted: list[dict[str, Any]], plain: dict[str, dict[str, Any]], known: dict[str, MockDefinition]
) -> list[MockDefinition]:
    """Give the definitions as the gateway takes them; those that did not change are the ones it has."""
    definitions = []
    for one in wanted:
        route_id = str(one["id"])
        if one is plain.get(route_id) or one == plain.get(route_id):
            definitions.append(known[route_id])
            continue
        try:
            definitions.append(MockDefinition.model_validate(one))
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise HTTPException(422, f"the definition {route_id!r} cannot be used: {reason}") from None
    return definitions


def _plain(definition: MockDefinition) -> dict[str, Any]:
    return definition.model_dump(mode="json", by_alias=True, exclude_unset=True)
