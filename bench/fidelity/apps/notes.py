"""Notes that are deleted softly: a trash, restoring and purging; lists by page number with absolute links."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

_notes: dict[int, dict[str, Any]] = {}
_numbers = iter(range(1, 1_000_000))


def failure(status: int, message: str, /, **errors: list[str]) -> Response:
    body: dict[str, Any] = {"success": False, "message": message}
    return JSONResponse({**body, "errors": errors} if errors else body, status)


def success(found: object, status: int = 200, **more: object) -> Response:
    return JSONResponse({"success": True, "data": found, **more}, status)


def wrong_in(asked: dict[str, Any], *, whole: bool) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if "title" in asked or whole:
        title = asked.get("title")
        if not title:
            errors["title"] = ["The title field is required."]
        elif len(str(title)) > 60:
            errors["title"] = ["The title may not be greater than 60 characters."]
    if asked.get("color", "yellow") not in ("yellow", "green", "blue"):
        errors["color"] = ["The selected color is invalid."]
    return errors


async def create(request: Request) -> Response:
    asked = await json_object(request)
    if errors := wrong_in(asked, whole=True):
        return failure(422, "The given data was invalid.", **errors)
    note = {
        "id": next(_numbers),
        "title": asked["title"],
        "content": asked.get("content"),
        "color": asked.get("color", "yellow"),
        "pinned": bool(asked.get("pinned", False)),
        "deleted_at": None,
        "created_at": now(),
        "updated_at": now(),
    }
    _notes[note["id"]] = note
    return success(note, 201)


def page_of(request: Request, found: list[dict[str, Any]]) -> Response:
    page, size = int(request.query_params.get("page", 1)), int(request.query_params.get("per_page", 10))
    last = max(1, -(-len(found) // size))
    address = request.url.remove_query_params(["page"])

    def link(number: int) -> str | None:
        return str(address.include_query_params(page=number)) if 1 <= number <= last else None

    meta = {"current_page": page, "per_page": size, "last_page": last, "total": len(found)}
    links = {"first": link(1), "last": link(last), "prev": link(page - 1), "next": link(page + 1)}
    return success(found[(page - 1) * size : page * size], meta=meta, links=links)


async def listed(request: Request) -> Response:
    asked = request.query_params
    found = [note for note in _notes.values() if note["deleted_at"] is None or asked.get("with_trashed") == "1"]
    if "color" in asked:
        found = [note for note in found if note["color"] == asked["color"]]
    if "search" in asked:
        found = [note for note in found if asked["search"].lower() in note["title"].lower()]
    found.sort(key=lambda note: (not note["pinned"], -note["id"]))
    return page_of(request, found)


async def trash(request: Request) -> Response:
    return page_of(request, [note for note in _notes.values() if note["deleted_at"] is not None])


async def note(request: Request) -> Response:
    number = request.path_params["id"]
    found = _notes.get(number)
    if found is None:
        return failure(404, f"No query results for model [Note] {number}")
    if request.method == "DELETE" and request.query_params.get("force") == "1":
        del _notes[number]
        return Response(status_code=204)
    if found["deleted_at"] is not None:
        return failure(410, "The note was deleted.")
    if request.method == "DELETE":
        found["deleted_at"] = now()
        return success({"id": number, "deleted_at": found["deleted_at"]})
    if request.method == "PATCH":
        asked = await json_object(request)
        if errors := wrong_in(asked, whole=False):
            return failure(422, "The given data was invalid.", **errors)
        found |= {name: asked[name] for name in ("title", "content", "color", "pinned") if name in asked}
        found["updated_at"] = now()
    return success(found)


async def restore(request: Request) -> Response:
    number = request.path_params["id"]
    found = _notes.get(number)
    if found is None:
        return failure(404, f"No query results for model [Note] {number}")
    if found["deleted_at"] is None:
        return failure(409, "The note is not deleted.")
    found["deleted_at"] = None
    found["updated_at"] = now()
    return success(found, message="Restored.")


async def malformed(_: Request, error: Exception) -> Response:
    return failure(400, str(error))


app = Starlette(
    routes=[
        Route("/api/v1/notes", listed),
        Route("/api/v1/notes", create, methods=["POST"]),
        Route("/api/v1/notes/trash", trash),
        Route("/api/v1/notes/{id:int}", note, methods=["GET", "PATCH", "DELETE"]),
        Route("/api/v1/notes/{id:int}/restore", restore, methods=["POST"]),
    ],
    exception_handlers={BodyError: malformed},
)
