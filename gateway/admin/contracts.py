"""Contracts: the documents that traffic is compared with, how strictly, and what has broken them."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from gateway.admin.paging import Limit
from gateway.app import Gateway
from gateway.config import ContractCheck
from gateway.contracts import Kept, RecentBreach


class Switch(BaseModel):
    """How strictly a contract is kept from now on."""

    model_config = ConfigDict(extra="forbid")

    check: ContractCheck


def contracts_router(gateway: Gateway) -> APIRouter:
    """List and switch contracts, and tell what broke them."""
    router = APIRouter(tags=["contracts"], prefix="/contracts")

    @router.get("")
    async def list_contracts() -> dict[str, Any]:
        return {"items": [_shown(kept) for kept in gateway.services.contracts]}

    @router.put("/{name}")
    async def switch(name: str, wanted: Switch) -> dict[str, Any]:
        kept = gateway.services.contracts.get(name)
        kept.check = wanted.check
        return _shown(kept)

    @router.get("/{name}/breaches")
    async def list_breaches(name: str, limit: Limit = 50) -> dict[str, Any]:
        recent = gateway.services.contracts.get(name).recent
        return {"items": [_line(one) for one in islice(reversed(recent), limit)], "total": len(recent)}

    return router


def _shown(kept: Kept) -> dict[str, Any]:
    settings = kept.settings
    return {
        "name": kept.name,
        "file": settings.file,
        "check": kept.check,
        "requests": settings.requests,
        "responses": settings.responses,
        "all": settings.all,
        "body_bytes": settings.body_bytes,
        "operations": len(kept.contract.operations()),
        "breaches": [
            {"operation": operation, "side": side, "count": count} for (operation, side), count in kept.counts.items()
        ],
    }


def _line(one: RecentBreach) -> dict[str, Any]:
    breach = asdict(one.breach)
    del breach["contract"]
    breach["detail"] = breach.pop("sentence")
    return {"at": one.at, "trace": one.trace, "operation": one.operation} | breach
