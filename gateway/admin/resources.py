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
        items = []
        for name in resources.names:
            known = resources.collection(name)
            id_field = known.spec.id_field if known.is_offered else None
            whose = await known.stems(1000)
            items.append({"name": name, "scope": known.spec.scope, "id_field": id_field, "collections": whose})
        return {"items": items, "total": len(items)}

    @router.get("/{name:path}")
    async def view_items(name: str, value: str = "", offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        found, stem = collection(name, value)
        entries = await found.entries(stem)
        part = list(entries)[offset : offset + limit]
        rows: dict[str, Any] = {"items": [entries[key] for key in part]}
        if not found.is_offered:
            rows["keys"] = part
        return {**rows, "total": len(entries), "offset": offset, "limit": limit}

    @router.put("/{name:path}")
    async def replace_items(name: str, items: Items, value: str = "") -> dict[str, Any]:
        found, stem = collection(name, value)
        if isinstance(items, dict) == found.is_offered:
            wanted = "a list of items" if found.is_offered else "an object of items by their keys"
            raise HTTPException(422, f"the resource {name!r} takes {wanted}")
        try:
            if isinstance(items, dict):
                await found.replace_entries(stem, {key: item for key, item in items.items() if key})
            else:
                await found.replace(stem, items)
        except RefusedError as error:
            raise HTTPException(error.status, str(error)) from None
        return {"total": len(items)}

    @router.delete("/{name:path}", status_code=204)
    async def reset_items(name: str, value: str | None = None) -> None:
        found, stem = collection(name, value or "")
        whose = [stem] if value is not None else [stem, *await found.stems(1000)]
        for one in dict.fromkeys(whose):
            await found.reset(one)

    return router
