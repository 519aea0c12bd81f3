"""Scenarios: where each stands, put one somewhere, begin again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from cassettes.definition import ScopeName
from gateway.app import Gateway


class Put(BaseModel):
    """The state to put a scenario into, and for whom: one `value` of its `scope`."""

    model_config = ConfigDict(extra="forbid")

    state: str
    scope: ScopeName | None = None
    value: str = ""


class Reset(BaseModel):
    """What begins again: one scenario or all, in one scope or all, for one value of it or all."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    scope: ScopeName | None = None
    value: str | None = None


def scenarios_router(gateway: Gateway) -> APIRouter:
    """Read and move the scenarios that enabled definitions name."""
    router = APIRouter(tags=["scenarios"], prefix="/scenarios")

    def states_of(name: str) -> tuple[str, ...]:
        known = gateway.services.scenarios.known
        if name not in known:
            raise HTTPException(404, f"no definition names the scenario {name!r} (known: {', '.join(known) or 'none'})")
        return known[name]

    @router.get("")
    async def list_scenarios() -> dict[str, Any]:
        items = [asdict(one) for one in await gateway.services.scenarios.listing()]
        return {"items": items, "total": len(items)}

    @router.post("/reset")
    async def reset(wanted: Reset) -> dict[str, Any]:
        scope = wanted.scope
        if wanted.name is not None:
            states_of(wanted.name)
            scopes = gateway.services.scenarios.scopes(wanted.name)
            scope = scopes[0] if scope is None and wanted.value is not None and len(scopes) == 1 else scope
        if wanted.value is not None and scope is None:
            raise HTTPException(422, "a value needs the scope that it is of: session, client-ip or header:NAME")
        return {"reset": await gateway.services.scenarios.reset(wanted.name, scope, wanted.value)}

    @router.put("/{name:path}")
    async def put(name: str, wanted: Put) -> dict[str, Any]:
        states, scenarios = states_of(name), gateway.services.scenarios
        if wanted.state not in states:
            raise HTTPException(422, f"no definition names the state {wanted.state!r} (known: {', '.join(states)})")
        scopes = scenarios.scopes(name)
        scope = wanted.scope or scopes[0]
        if scope not in scopes or (wanted.scope is None and len(scopes) > 1):
            raise HTTPException(422, f"say for which scope: the scenario {name!r} is in {', '.join(scopes)}")
        await scenarios.set(name, wanted.state, scope, wanted.value)
        return {"name": name, "scope": scope, "value": wanted.value, "state": wanted.state}

    return router
