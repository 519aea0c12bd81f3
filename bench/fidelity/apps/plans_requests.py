"""What the billing lets in: keys, bodies under a root, checks of fields, and pages of lists."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bench.fidelity.apps.plans_billing import Row

Answer = Callable[[Request], Awaitable[Response]]
KEYS: Final = {"sk_test_9f2c7b41d86e4a03": "write", "rk_test_51b0e6a7c93d4f28": "read"}
WORDS: Final = {400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found"}
WORDS_MORE: Final = {405: "Method Not Allowed", 409: "Conflict", 422: "Unprocessable Entity", 429: "Too Many Requests"}


class ApiError(Exception):
    def __init__(self, status: int, code: str, **details: Any) -> None:
        self.status = status
        self.body = {"status": status, "error": (WORDS | WORDS_MORE)[status], "code": code}
        if details:
            self.body["error_details"] = details


def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse(error.body, error.status)


async def asked(request: Request, root: str) -> Row:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise ApiError(400, "invalid_json") from None
    if not isinstance(body, dict) or not isinstance(body.get(root), dict):
        raise ApiError(400, "missing_root_element", expected=root)
    return body[root]


def check(**faults: str | None) -> None:
    """Refuse with all fields that have a fault, each with its own."""
    found = {name: [fault] for name, fault in faults.items() if fault}
    if found:
        raise ApiError(422, "validation_errors", **found)


def lacking(value: object) -> str | None:
    return None if value else "value_is_mandatory"


def number(value: object, least: int = 1) -> str | None:
    if value is None:
        return "value_is_mandatory"
    return None if isinstance(value, int) and value >= least else "value_is_out_of_range"


def one_of(rows: dict[str, Row], key: str, kind: str) -> Row:
    if key not in rows:
        raise ApiError(404, f"{kind}_not_found")
    return rows[key]


def allowed(view: Answer) -> Answer:
    """Let in those who have a key; one for reading only may not write."""

    async def answered(request: Request) -> Response:
        scope = KEYS.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if not scope:
            raise ApiError(401, "invalid_api_key")
        if scope == "read" and request.method != "GET":
            raise ApiError(403, "read_only_key")
        return await view(request)

    return answered


def paged(request: Request, root: str, rows: list[Row]) -> Response:
    page, per = request.query_params.get("page", "1"), request.query_params.get("per_page", "5")
    if not (page.isdigit() and per.isdigit() and int(page) and 1 <= int(per) <= 100):
        raise ApiError(400, "invalid_pagination")
    at, size = int(page), int(per)
    pages = -(-len(rows) // size)
    meta = {"current_page": at, "next_page": at + 1 if at < pages else None, "prev_page": at - 1 or None}
    meta |= {"total_pages": pages, "total_count": len(rows)}
    return JSONResponse({root: rows[(at - 1) * size : at * size], "meta": meta})
