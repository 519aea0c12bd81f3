"""Documents under optimistic locking: entity tags with If-Match, and pages whose version is a field of the body."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

_documents: dict[str, dict[str, Any]] = {}
_pages: dict[int, dict[str, Any]] = {}


def problem(status: int, title: str, /, **more: object) -> Response:
    return JSONResponse({"title": title, "status": status, **more}, status, media_type="application/problem+json")


def tag_of(document: dict[str, Any]) -> str:
    told = json.dumps([document["title"], document["body"], document["revision"], document["id"]]).encode()
    return f'"{hashlib.sha256(told).hexdigest()[:20]}"'


def shown(document: dict[str, Any], status: int = 200, **headers: str) -> Response:
    tags = {"ETag": tag_of(document), "Last-Revision": str(document["revision"])}
    return JSONResponse(document, status, {**tags, **headers})


async def create(request: Request) -> Response:
    asked = await json_object(request)
    missing = [name for name in ("title", "body") if not isinstance(asked.get(name), str)]
    if missing:
        return problem(422, "Unprocessable Entity", invalid_params=[{"name": n, "reason": "required"} for n in missing])
    document = {"id": str(uuid4()), "title": asked["title"], "body": asked["body"], "revision": 1}
    document |= {"words": len(asked["body"].split()), "createdAt": now(), "updatedAt": now()}
    _documents[document["id"]] = document
    return shown(document, 201, Location=f"/documents/{document['id']}")


async def document(request: Request) -> Response:
    found = _documents.get(request.path_params["id"])
    if found is None:
        return problem(404, "Not Found", detail=f"document {request.path_params['id']} does not exist")
    if request.method == "GET":
        if request.headers.get("if-none-match") == tag_of(found):
            return Response(status_code=304, headers={"ETag": tag_of(found)})
        return shown(found)
    matched = request.headers.get("if-match")
    if matched is None:
        return problem(428, "Precondition Required", detail="send If-Match with the document's ETag")
    if matched not in ("*", tag_of(found)):
        return problem(412, "Precondition Failed", current=tag_of(found), revision=found["revision"])
    if request.method == "DELETE":
        del _documents[found["id"]]
        return Response(status_code=204)
    asked = await json_object(request)
    found |= {name: asked[name] for name in ("title", "body") if name in asked}
    found |= {"revision": found["revision"] + 1, "words": len(found["body"].split()), "updatedAt": now()}
    return shown(found)


async def all_documents(_: Request) -> Response:
    rows = [{"id": one["id"], "title": one["title"], "etag": tag_of(one)} for one in _documents.values()]
    return JSONResponse({"documents": sorted(rows, key=lambda row: row["title"]), "total": len(rows)})


async def create_page(request: Request) -> Response:
    asked = await json_object(request)
    if not asked.get("name"):
        return problem(422, "Unprocessable Entity", invalid_params=[{"name": "name", "reason": "required"}])
    taken = next((page for page in _pages.values() if page["name"] == asked["name"]), None)
    if taken:
        return problem(409, "Conflict", detail=f"a page named '{asked['name']}' exists", existing_id=taken["page_id"])
    page = {"page_id": 500 + len(_pages), "name": asked["name"], "text": asked.get("text", ""), "version": 1}
    _pages[page["page_id"]] = {**page, "locked": False, "modified": now()}
    return JSONResponse(_pages[page["page_id"]], 201, {"Location": f"/pages/{page['page_id']}"})


async def page(request: Request) -> Response:
    found = _pages.get(request.path_params["id"])
    if found is None:
        return problem(404, "Not Found", detail=f"page {request.path_params['id']} does not exist")
    if request.method == "PUT":
        asked = await json_object(request)
        if asked.get("version") != found["version"]:
            detail = f"version {asked.get('version')} is not the current one"
            return problem(409, "Conflict", detail=detail, current_version=found["version"])
        if found["locked"]:
            return problem(423, "Locked", detail=f"page {found['page_id']} is locked")
        found |= {"name": asked.get("name", found["name"]), "text": asked.get("text", found["text"])}
        found |= {"locked": bool(asked.get("locked", False)), "version": found["version"] + 1, "modified": now()}
    return JSONResponse(found)


async def malformed(_: Request, error: Exception) -> Response:
    return problem(400, "Bad Request", detail=str(error))


app = Starlette(
    routes=[
        Route("/documents", create, methods=["POST"]),
        Route("/documents", all_documents),
        Route("/documents/{id}", document, methods=["GET", "PUT", "PATCH", "DELETE"]),
        Route("/pages", create_page, methods=["POST"]),
        Route("/pages/{id:int}", page, methods=["GET", "PUT"]),
    ],
    exception_handlers={BodyError: malformed},
)
