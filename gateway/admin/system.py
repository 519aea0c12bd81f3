"""Health, readiness, metrics and status."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from gateway.app import Gateway
from gateway.metrics import CONTENT_TYPE


def system_router(gateway: Gateway) -> APIRouter:
    """Answer orchestrators and scrapers; health and readiness need no key and tell nothing else."""
    router = APIRouter(tags=["system"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        lost = any(row["dropped"] or row["failed"] for row in gateway.services.sessions.status())
        return JSONResponse({"status": "degraded" if lost else "ok", "recording": "lossy" if lost else "ok"})

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(gateway.metrics.render(), media_type=CONTENT_TYPE)

    return router


def status_router(gateway: Gateway) -> APIRouter:
    """Show the gateway at a glance."""
    router = APIRouter(tags=["system"])

    @router.get("/status")
    async def status() -> dict[str, Any]:
        return gateway.status()

    return router
