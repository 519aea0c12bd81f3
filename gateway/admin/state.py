"""State: list, read, set and reset what mocks remember, by its stored key."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from gateway.admin.paging import Limit
from gateway.app import Gateway
from gateway.memory.scopes import split
from gateway.state import Kind, StateBackend
from gateway.view import MISSING

Store = Annotated[str | None, Query(description="memory, sqlite or redis; without it every store in use")]


class Value(BaseModel):
    """What to keep, and for how many seconds; without `ttl_s` until it is reset."""

    model_config = ConfigDict(extra="forbid")

    value: Any
    ttl_s: float | None = Field(None, gt=0, allow_inf_nan=False)


def state_router(gateway: Gateway) -> APIRouter:
    """Look into all stores that are in use."""
    router = APIRouter(tags=["state"], prefix="/state")

    def stores(name: str | None) -> dict[str, StateBackend]:
        states = gateway.services.states
        if name is None:
            return states.stores_in_use
        if name not in states.backends:
            raise HTTPException(422, f"there is no store {name!r} (known: {', '.join(sorted(states.backends))})")
        return {name: states.backends[name]}

    @router.get("")
    async def list_state(prefix: str = "", scope: str = "", store: Store = None, limit: Limit = 100) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        for name, backend in stores(store).items():
            keys = await backend.keys(_lead(scope, prefix), limit)
            for key in keys[: limit - len(rows)]:
                rows += await _row(name, backend, key)
        return {"items": rows, "limit": limit}

    @router.delete("")
    async def reset_state(prefix: str = "", scope: str = "", store: Store = None) -> dict[str, Any]:
        return {"removed": await _clear(gateway, stores(store), _lead(scope, prefix))}

    @router.get("/{key:path}")
    async def view_state(key: str, store: Store = None) -> dict[str, Any]:
        for name, backend in stores(store).items():
            for row in await _row(name, backend, key):
                return row
        raise HTTPException(404, f"nothing is kept under {key!r}; list the keys with GET, they begin with their scope")

    @router.put("/{key:path}")
    async def set_state(key: str, wanted: Value, store: Store = None) -> dict[str, Any]:
        if not split(key)[1] or not split(key)[0]:
            raise HTTPException(
                422, f"{key!r} is no stored key: global:KEY, session:ID:KEY, client-ip:IP:KEY or header:NAME:VALUE:KEY"
            )
        name = store or gateway.services.states.locate(key)
        await stores(name)[name].set(key, wanted.value, wanted.ttl_s)
        return {"key": key, "scope": split(key)[0], "store": name, "kind": "value", "value": wanted.value}

    @router.delete("/{key:path}", status_code=204)
    async def delete_state(key: str, store: Store = None) -> None:
        if not any([await backend.delete(key) for backend in stores(store).values()]):
            raise HTTPException(404, f"nothing is kept under {key!r}")

    return router


async def _clear(gateway: Gateway, backends: dict[str, StateBackend], lead: str) -> int:
    """Reset what begins so; where that is everything, recorded sessions begin again too."""
    if not lead:
        gateway.services.begin_sessions()
    return sum([await backend.clear(lead) for backend in backends.values()])


def _lead(scope: str, prefix: str) -> str:
    return f"{scope.lower()}:{prefix}" if scope else prefix


async def _row(store: str, backend: StateBackend, key: str) -> list[dict[str, Any]]:
    """Give what is kept under a key as one row; none where it has ended meanwhile."""
    kind = await backend.kind(key)
    if kind is None:
        return []
    scope = split(key)[0]
    return [{"key": key, "scope": scope, "store": store, "kind": kind, "value": await _value(backend, key, kind)}]


async def _value(backend: StateBackend, key: str, kind: Kind) -> Any:
    match kind:
        case "list":
            return await backend.items(key)
        case "table":
            return await backend.table(key)
        case _:
            found = await backend.get(key)
            return None if found is MISSING else found
