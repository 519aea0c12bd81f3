"""Resources: the items of each, replaced as a whole, or made from the seed again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from gateway.admin.paging import Limit, Offset
from gateway.app import Gateway
from gateway.memory.collection import Collection, RefusedError


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
            spec = resources.collection(name).spec
            whose = await resources.collection(name).stems(1000)
            items.append({"name": name, "scope": spec.scope, "id_field": spec.id_field, "collections": whose})
        return {"items": items, "total": len(items)}

    @router.get("/{name:path}")
    async def view_items(name: str, value: str = "", offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        found, stem = collection(name, value)
        items = await found.items(stem)
        return {"items": items[offset : offset + limit], "total": len(items), "offset": offset, "limit": limit}

    @router.put("/{name:path}")
    async def replace_items(name: str, items: list[dict[str, Any]], value: str = "") -> dict[str, Any]:
        found, stem = collection(name, value)
        try:
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
