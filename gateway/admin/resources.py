"""Resources: the items of each, replaced as a whole, or made from the seed again."""

from __future__ import annotations

from typing import Any, TypeAlias

from fastapi import APIRouter, HTTPException

from gateway.admin.paging import Limit, Offset
from gateway.app import Gateway
from gateway.memory.collection import Collection, RefusedError

Items: TypeAlias = list[dict[str, Any]] | dict[str, Any]


def resources_router(gateway: Gateway) -> APIRouter:
    """Read and change the collections of enabled definitions; `value` says whose, where they are not global."""
    router = APIRouter(tags=["resources"], prefix="/resources")

    def collection(name: str, value: str) -> tuple[Collection, str]:
        resources = gateway.services.resources
        if name not in resources.names:
            raise HTTPException(
                404, f"no definition has the resource {name!r} (known: {', '.join(resources.names) or 'none'})"
            )
        return resources.collection(name), resources.stem(name, value)

    @router.get("")
    async def list_resources() -> dict[str, Any]:
        resources = gateway.services.resources
        items = [{"name": name, **await _row(resources.collection(name))} for name in resources.names]
        return {"items": items, "total": len(items)}

    @router.get("/{name:path}")
    async def view_items(name: str, value: str = "", offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        found, stem = collection(name, value)
        entries = await found.entries(stem)
        part = list(entries)[offset : offset + limit]
        keys = {} if found.is_offered else {"keys": part}
        items = [entries[key] for key in part]
        return {"items": items, **keys, "total": len(entries), "offset": offset, "limit": limit}

    @router.put("/{name:path}")
    async def replace_items(name: str, items: Items, value: str = "") -> dict[str, Any]:
        found, stem = collection(name, value)
        await _replace(found, stem, items)
        return {"total": len(items)}

    @router.delete("/{name:path}", status_code=204)
    async def reset_items(name: str, value: str | None = None) -> None:
        found, stem = collection(name, value or "")
        whose = [stem] if value is not None else [stem, *await found.stems(1000)]
        for one in dict.fromkeys(whose):
            await found.reset(one)

    return router


async def _row(known: Collection) -> dict[str, Any]:
    id_field = known.spec.id_field if known.is_offered else None
    return {"scope": known.spec.scope, "id_field": id_field, "collections": await known.stems(1000)}


async def _replace(known: Collection, stem: str, items: Items) -> None:
    if isinstance(items, dict) == known.is_offered or "" in items:
        wanted = "a list of items" if known.is_offered else "an object of items by their keys, none of them empty"
        raise HTTPException(422, f"the resource {known.spec.name!r} takes {wanted}")
    try:
        if isinstance(items, dict):
            await known.replace_entries(stem, items)
        else:
            await known.replace(stem, items)
    except RefusedError as error:
        raise HTTPException(error.status, str(error)) from None
