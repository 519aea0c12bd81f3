"""Errors of the admin plane as RFC 9457 problem details."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from cassettes.errors import CassetteBusyError, CassetteError, CassetteNotFoundError
from gateway.errors import (
    ConfigError,
    GatewayError,
    StateError,
    UnknownContractError,
    UnknownProfileError,
    UnknownRouteError,
)
from recorder.errors import RecorderError, SessionRunningError, UnknownSessionError

_STATUSES: dict[type[Exception], tuple[int, str]] = {
    UnknownRouteError: (404, "Unknown definition"),
    UnknownProfileError: (404, "Unknown profile"),
    UnknownContractError: (404, "Unknown contract"),
    UnknownSessionError: (404, "Unknown session"),
    CassetteNotFoundError: (404, "Unknown cassette"),
    SessionRunningError: (409, "Session is running"),
    CassetteBusyError: (409, "Cassette is being written"),
    StateError: (503, "State cannot be reached"),
    GatewayError: (422, "Cannot be served"),
    CassetteError: (422, "Cannot be used"),
    RecorderError: (422, "Cannot be recorded"),
}

_REASONS: Final = {"extra_forbidden": "there is no such key", "json_invalid": "this is not JSON"}


def handle_errors(api: FastAPI) -> None:
    """Answer every error with a problem document."""
    for kind, (status, title) in _STATUSES.items():
        api.add_exception_handler(kind, _teller(status, title))
    api.add_exception_handler(RequestValidationError, _tell_invalid)
    api.add_exception_handler(ValidationError, _tell_invalid)
    api.add_exception_handler(StarletteHTTPException, _tell_http)
    api.add_exception_handler(HTTPException, _tell_http)


def problem_response(status: int, title: str, detail: str, **facts: object) -> JSONResponse:
    """Give a problem document as a response."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **facts}
    return JSONResponse(document, status, media_type="application/problem+json")


def _teller(status: int, title: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  # starlette's handler type
    async def tell(request: Request, error: Exception) -> JSONResponse:
        del request
        if isinstance(error, ConfigError) and error.complaints:
            problems = [{"path": complaint.path, "reason": complaint.reason} for complaint in error.complaints]
            return problem_response(422, "Invalid document", str(error), errors=problems)
        return problem_response(status, title, str(error))

    return tell


async def _tell_invalid(request: Request, error: Exception) -> JSONResponse:
    del request
    if not isinstance(error, RequestValidationError | ValidationError):
        raise error
    problems = [
        {"path": ".".join(map(str, part["loc"])), "reason": _REASONS.get(part["type"]) or _plain(part["msg"])}
        for part in error.errors()
    ]
    detail = "; ".join(": ".join(filter(None, part.values())) for part in problems)
    return problem_response(422, "Invalid document", detail, errors=problems)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


async def _tell_http(request: Request, error: Exception) -> JSONResponse:
    del request
    if not isinstance(error, StarletteHTTPException):
        raise error
    return problem_response(error.status_code, "Request refused", str(error.detail))
