"""Cassettes: list, view and play from the beginning; bodies are shown as they were kept, which is cleaned."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from cassettes.cassette import Interaction
from gateway.admin.paging import Limit, Offset
from gateway.app import Gateway


def cassettes_router(gateway: Gateway) -> APIRouter:
    """Read the library, and begin recorded sessions again."""
    router = APIRouter(tags=["cassettes"], prefix="/cassettes")
    library = gateway.services.library

    @router.get("")
    async def list_cassettes() -> dict[str, Any]:
        names = await asyncio.to_thread(library.names)
        return {"items": [{"name": name} for name in names], "total": len(names)}

    @router.post("/rewind", status_code=204)
    async def rewind() -> None:
        gateway.services.rewind()

    @router.get("/{name}")
    async def view_cassette(name: str, offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        cassette = await asyncio.to_thread(library.read, name)
        page = cassette.interactions[offset : offset + limit]
        return {
            "manifest": asdict(cassette.manifest),
            "interactions": [_shown(interaction) for interaction in page],
            "total": len(cassette.interactions),
            "damages": [asdict(damage) for damage in cassette.damages],
        }

    return router


def _shown(interaction: Interaction) -> dict[str, Any]:
    exchange = interaction.exchange
    return {
        "number": interaction.number,
        "session": interaction.session,
        "method": exchange.request.method,
        "target": exchange.request.target.decode("latin-1"),
        "status": exchange.response.status if exchange.response else None,
        "failure": exchange.failure.kind if exchange.failure else None,
        "upstream": exchange.upstream,
        "findings": [asdict(finding) for finding in interaction.findings],
    }
