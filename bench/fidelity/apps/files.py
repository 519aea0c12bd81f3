"""Files: uploaded as multipart forms, described, downloaded, renamed and deleted."""

from __future__ import annotations

import hashlib
from email.message import Message
from email.parser import BytesParser
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

MOST = 4096
ALLOWED = ("text/plain", "text/csv", "image/png", "application/json")

_files: dict[str, dict[str, Any]] = {}
_contents: dict[str, bytes] = {}


def error(status: int, code: str, detail: str, /, **more: object) -> Response:
    return JSONResponse({"code": code, "detail": detail, **more}, status)


async def parts_of(request: Request) -> dict[str, Message]:
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    parsed = BytesParser().parsebytes(head + await request.body())
    parts = parsed.get_payload()
    return {
        str(part.get_param("name", header="content-disposition")): part
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, Message)
    }


def text_of(part: Message | None) -> str:
    return bytes(part.get_payload(decode=True)).decode().strip() if part is not None else ""


async def upload(request: Request) -> Response:
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return error(415, "unsupported_media_type", "Send multipart/form-data", received=kind or None)
    parts = await parts_of(request)
    if "file" not in parts or not parts["file"].get_filename():
        return error(422, "file_missing", "The part 'file' is required", parts=sorted(parts))
    part = parts["file"]
    content = bytes(part.get_payload(decode=True))
    if len(content) > MOST:
        return error(413, "too_large", f"A file may have {MOST} bytes at most", size=len(content), limit=MOST)
    if part.get_content_type() not in ALLOWED:
        return error(422, "type_refused", f"Files of {part.get_content_type()} are not taken", allowed=list(ALLOWED))
    number = str(uuid4())
    tags = [tag.strip() for tag in text_of(parts.get("tags")).split(",") if tag.strip()]
    _contents[number] = content
    _files[number] = {
        "id": number,
        "name": part.get_filename(),
        "title": text_of(parts.get("title")) or part.get_filename(),
        "tags": tags,
        "media_type": part.get_content_type(),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "uploaded_at": now(),
        "download": str(request.url_for("content", id=number)),
    }
    return JSONResponse(_files[number], 201, {"Location": f"/files/{number}"})


def known(request: Request) -> dict[str, Any] | Response:
    number = request.path_params["id"]
    return _files.get(number) or error(404, "file_not_found", f"No file has the id {number}")


async def described(request: Request) -> Response:
    found = known(request)
    if isinstance(found, Response):
        return found
    if request.method == "DELETE":
        del _files[found["id"]]
        return Response(status_code=204)
    if request.method == "PATCH":
        asked = await json_object(request)
        found |= {name: asked[name] for name in ("title", "tags") if name in asked}
    return JSONResponse(found)


async def content(request: Request) -> Response:
    found = known(request)
    if isinstance(found, Response):
        return found
    disposition = f'attachment; filename="{found["name"]}"'
    tag = f'"{found["sha256"][:16]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    headers = {"Content-Disposition": disposition, "ETag": tag}
    return Response(_contents[found["id"]], media_type=found["media_type"], headers=headers)


async def listed(request: Request) -> Response:
    tag = request.query_params.get("tag")
    found = [one for one in _files.values() if tag is None or tag in one["tags"]]
    rows = [{name: one[name] for name in ("id", "name", "title", "size")} for one in found]
    return JSONResponse({"files": rows, "usage": {"files": len(rows), "bytes": sum(one["size"] for one in found)}})


async def malformed(_: Request, problem: Exception) -> Response:
    return error(400, "malformed", str(problem))


app = Starlette(
    routes=[
        Route("/files", upload, methods=["POST"]),
        Route("/files", listed),
        Route("/files/{id}", described, methods=["GET", "PATCH", "DELETE"]),
        Route("/files/{id}/content", content, name="content"),
    ],
    exception_handlers={BodyError: malformed},
)
