"""The admin plane: a FastAPI application, one router a resource; it manages, it never answers traffic."""

from __future__ import annotations

from fastapi import FastAPI

from gateway.admin.access import Access
from gateway.admin.cassettes import cassettes_router
from gateway.admin.chaos import chaos_router
from gateway.admin.contracts import contracts_router
from gateway.admin.desk import Desk
from gateway.admin.explain import explain_router
from gateway.admin.faults import handle_errors
from gateway.admin.imports import imports_router
from gateway.admin.inspector import inspector_router
from gateway.admin.mocks import activation_router, mocks_router
from gateway.admin.recordings import recordings_router
from gateway.admin.resources import resources_router
from gateway.admin.scenarios import scenarios_router
from gateway.admin.state import state_router
from gateway.admin.synthesis import synthesis_router
from gateway.admin.system import status_router, system_router
from gateway.admin.verify import verify_router
from gateway.app import Asgi, Gateway


def admin_application(gateway: Gateway) -> Asgi:
    """Assemble the admin plane for a gateway."""
    settings = gateway.configuration.settings
    prefix = settings.admin_prefix.rstrip("/")
    api = FastAPI(
        title="Mimic admin API",
        openapi_url=f"{prefix}/openapi.json",
        # The stock documentation page loads its scripts from elsewhere; this gateway must work offline.
        docs_url=None,
        redoc_url=None,
    )
    desk = Desk(gateway)
    api.include_router(mocks_router(gateway, desk), prefix=prefix)
    api.include_router(activation_router(gateway), prefix=prefix)
    api.include_router(recordings_router(gateway), prefix=prefix)
    api.include_router(cassettes_router(gateway), prefix=prefix)
    api.include_router(synthesis_router(gateway, desk), prefix=prefix)
    api.include_router(chaos_router(gateway), prefix=prefix)
    api.include_router(contracts_router(gateway), prefix=prefix)
    api.include_router(imports_router(gateway), prefix=prefix)
    api.include_router(inspector_router(gateway), prefix=prefix)
    api.include_router(state_router(gateway), prefix=prefix)
    api.include_router(scenarios_router(gateway), prefix=prefix)
    api.include_router(resources_router(gateway), prefix=prefix)
    api.include_router(explain_router(gateway), prefix=prefix)
    api.include_router(verify_router(gateway), prefix=prefix)
    api.include_router(status_router(gateway), prefix=prefix)
    api.include_router(system_router(gateway), prefix=settings.system_prefix.rstrip("/"))
    handle_errors(api)
    return Access(api, settings)
