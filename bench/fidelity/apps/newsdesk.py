"""A news desk: uploads in parts, captions under If-Match, exports and imports that are polled, a feed with cursors."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Callable
from email import policy
from email.message import Message
from email.parser import BytesParser
from itertools import count
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

Row = dict[str, Any]

STAFF: Final = {
    "mara": ("mara-desk-71", "editor"),
    "joon": ("joon-field-08", "reporter"),
    "ines": ("ines-web-33", "reporter"),
}
KINDS: Final = {"image/png", "image/svg+xml", "text/plain", "text/markdown", "application/pdf"}
MOST_BYTES: Final = 2048
PAGE: Final = 5
# What an export or import is when it is asked about for the first time, the second and so on.
STAGES: Final = (("queued", 0), ("running", 40), ("finished", 100))

_assets: Final[dict[str, Row]] = {}
_gone: Final[set[str]] = set()
_tasks: Final[dict[str, Row]] = {}
_feed: Final[list[Row]] = []
_sequence: Final = count(1)


class RefusalError(Exception):
    """A refusal: status, code, message, and more members of the error or headers."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, /, **more: object
    ) -> None:
        self.status, self.headers = status, headers
        self.body = {"errors": [{"code": code, "message": message, **more}]}


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusalError):
        error = RefusalError(400, "bad_json", str(error))
    return JSONResponse(error.body, error.status, error.headers)


def caller(request: Request) -> str:
    """Give who calls, by HTTP Basic."""
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, secret = base64.b64decode(told).decode().partition(":")
    except ValueError:
        name = secret = ""
    if scheme != "Basic" or name not in STAFF or STAFF[name][0] != secret:
        raise RefusalError(401, "unauthorized", "Sign in first", {"WWW-Authenticate": 'Basic realm="newsdesk"'})
    return name


def note(actor: str, verb: str, subject: str, **more: object) -> None:
    _feed.append({"seq": next(_sequence), "actor": actor, "verb": verb, "subject": subject, **more, "at": now()})


def asset_of(request: Request) -> Row:
    key = request.path_params["key"]
    if key in _gone:
        raise RefusalError(410, "gone", "This asset was deleted")
    if key not in _assets:
        raise RefusalError(404, "unknown_asset", f"No asset {key}")
    return _assets[key]


def tag_of(asset: Row) -> str:
    return f'"{asset["id"][:6]}.{asset["version"]}"'


def shown(asset: Row, status: int = 200) -> Response:
    told = {name: one for name, one in asset.items() if name != "data"}
    told["href"] = {"self": f"/assets/{asset['id']}", "raw": f"/assets/{asset['id']}/raw" if asset["bytes"] else None}
    headers = {"ETag": tag_of(asset), **({"Location": told["href"]["self"]} if status == 201 else {})}
    return JSONResponse(told, status, headers)


async def parts_of(request: Request) -> dict[str, list[Message]]:
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise RefusalError(415, "not_multipart", "Send multipart/form-data")
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    found: dict[str, list[Message]] = {}
    for part in BytesParser(policy=policy.HTTP).parsebytes(head + await request.body()).iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        found.setdefault(name, []).append(part)
    return found


def text_of(parts: list[Message]) -> list[str]:
    return [(part.get_payload(decode=True) or b"").decode() for part in parts]


def new_asset(actor: str, caption: str, credit: str | None, labels: list[str]) -> Row:
    key = uuid4().hex
    asset = {"id": key, "caption": caption, "credit": credit, "labels": sorted(set(labels)), "status": "draft"}
    asset |= {"filename": None, "mime": None, "bytes": 0, "sha1": None, "owner": actor, "version": 1, "added": now()}
    _assets[key] = asset
    return asset


async def upload(request: Request) -> Response:
    actor, parts = caller(request), await parts_of(request)
    if "upload" not in parts:
        raise RefusalError(400, "no_file", "The part 'upload' is missing")
    caption = "".join(text_of(parts.get("caption", []))).strip()
    if not caption:
        raise RefusalError(422, "invalid", "caption must not be empty", field="caption")
    file, data = parts["upload"][0], parts["upload"][0].get_payload(decode=True) or b""
    kind = file.get_content_type()
    if kind not in KINDS:
        raise RefusalError(415, "unsupported", f"Files of type {kind} are not taken", accepted=sorted(KINDS))
    if len(data) > MOST_BYTES:
        raise RefusalError(413, "too_large", f"{len(data)} bytes are more than {MOST_BYTES}", limit=MOST_BYTES)
    digest = hashlib.sha1(data).hexdigest()
    if same := next((one for one in _assets.values() if one["sha1"] == digest), None):
        raise RefusalError(409, "duplicate", "This file was uploaded before", existing=same["id"])
    credit = "".join(text_of(parts.get("credit", []))) or None
    asset = new_asset(actor, caption, credit, text_of(parts.get("label", [])))
    asset |= {"filename": file.get_filename(), "mime": kind, "bytes": len(data), "sha1": digest, "data": data}
    note(actor, "uploaded", asset["id"], caption=caption)
    return shown(asset, 201)


async def listed(request: Request) -> Response:
    caller(request)
    found = list(_assets.values())
    for name in ("owner", "mime", "status"):
        if wanted := request.query_params.get(name):
            found = [one for one in found if one[name] == wanted]
    if label := request.query_params.get("label"):
        found = [one for one in found if label in one["labels"]]
    rows = [{name: one[name] for name in ("id", "caption", "mime", "labels", "status", "version")} for one in found]
    return JSONResponse({"assets": rows, "matched": len(rows), "bytes": sum(one["bytes"] for one in found)})


async def one(request: Request) -> Response:
    caller(request)
    asset = asset_of(request)
    if request.headers.get("if-none-match") == tag_of(asset):
        return Response(status_code=304, headers={"ETag": tag_of(asset)})
    return shown(asset)


async def raw(request: Request) -> Response:
    caller(request)
    asset = asset_of(request)
    if not asset["bytes"]:
        raise RefusalError(404, "no_file", "This asset has no file")
    headers = {"Content-Disposition": f'attachment; filename="{asset["filename"]}"', "ETag": tag_of(asset)}
    return Response(asset["data"], headers=headers, media_type=asset["mime"])


def unchanged(request: Request, asset: Row) -> None:
    """Refuse to write what has changed since the caller read it."""
    seen = request.headers.get("if-match")
    if not seen:
        raise RefusalError(428, "precondition_required", "Send If-Match with the asset's ETag")
    if seen not in ("*", tag_of(asset)):
        raise RefusalError(412, "stale", "The asset was changed", {"ETag": tag_of(asset)}, version=asset["version"])


async def edit(request: Request) -> Response:
    actor, asset = caller(request), asset_of(request)
    unchanged(request, asset)
    asked = await json_object(request)
    for name, value in asked.items():
        if name not in ("caption", "credit", "labels"):
            raise RefusalError(422, "invalid", f"{name} cannot be changed", field=name)
        if name == "caption" and not value:
            raise RefusalError(422, "invalid", "caption must not be empty", field="caption")
    asset |= {**asked, "version": asset["version"] + 1}
    asset["labels"] = sorted(set(asset["labels"]))
    note(actor, "edited", asset["id"], fields=sorted(asked))
    return shown(asset)


async def publish(request: Request) -> Response:
    actor, asset = caller(request), asset_of(request)
    if STAFF[actor][1] != "editor":
        raise RefusalError(403, "editors_only", f"{actor} is a {STAFF[actor][1]}")
    unchanged(request, asset)
    if asset["status"] == "published":
        raise RefusalError(409, "already_published", "The asset is published")
    if not asset["credit"]:
        raise RefusalError(422, "invalid", "credit is needed to publish", field="credit")
    asset |= {"status": "published", "version": asset["version"] + 1}
    note(actor, "published", asset["id"])
    return shown(asset)


async def remove(request: Request) -> Response:
    actor, asset = caller(request), asset_of(request)
    if asset["owner"] != actor and STAFF[actor][1] != "editor":
        raise RefusalError(403, "not_yours", f"Only {asset['owner']} or an editor may delete this")
    unchanged(request, asset)
    del _assets[asset["id"]]
    _gone.add(asset["id"])
    note(actor, "deleted", asset["id"])
    return Response(status_code=204)


def accepted(actor: str, kind: str, **more: object) -> Response:
    key = f"task-{uuid4().hex[:12]}"
    _tasks[key] = {"task": key, "kind": kind, "owner": actor, "asked": 0, "cancelled": False, **more}
    headers = {"Location": f"/tasks/{key}", "Retry-After": "1"}
    return JSONResponse({"task": key, "kind": kind, "state": "queued", "poll": f"/tasks/{key}"}, 202, headers)


async def export(request: Request) -> Response:
    actor, asked = caller(request), await json_object(request)
    if asked.get("format") not in ("csv", "txt"):
        raise RefusalError(422, "invalid", "format is csv or txt", field="format")
    label = asked.get("label")
    rows = [dict(one) for one in _assets.values() if label is None or label in one["labels"]]
    return accepted(actor, "export", format=asked["format"], rows=rows)


async def bring_in(request: Request) -> Response:
    actor = caller(request)
    if not request.headers.get("content-type", "").startswith("text/csv"):
        raise RefusalError(415, "not_csv", "Send text/csv")
    rows = list(csv.DictReader(io.StringIO((await request.body()).decode())))
    if not rows or "caption" not in rows[0]:
        raise RefusalError(400, "bad_csv", "A header line with 'caption' and at least one row are needed")
    return accepted(actor, "import", rows=rows)


def task_of(request: Request) -> Row:
    actor, task = caller(request), _tasks.get(request.path_params["key"])
    # Another's task is not told from none.
    if task is None or task["owner"] != actor:
        raise RefusalError(404, "unknown_task", "No such task")
    return task


def take_in(task: Row) -> Row:
    """Make assets of the rows and tell which were not taken."""
    made, rejected = [], []
    for number, row in enumerate(task["rows"], 1):
        if not (row["caption"] or "").strip():
            rejected.append({"row": number, "reason": "caption is empty"})
        else:
            made.append(new_asset(task["owner"], row["caption"], row.get("credit") or None, ["imported"])["id"])
    note(task["owner"], "imported", task["task"], amount=len(made))
    return {"created": len(made), "assets": made, "rejected": rejected}


async def task(request: Request) -> Response:
    task = task_of(request)
    state, percent = STAGES[min(task["asked"], len(STAGES) - 1)]
    if task["cancelled"]:
        return JSONResponse({"task": task["task"], "kind": task["kind"], "state": "cancelled"})
    task["asked"] += 1
    told = {"task": task["task"], "kind": task["kind"], "state": state, "percent": percent}
    if state != "finished":
        return JSONResponse(told, headers={"Retry-After": "1"})
    if task["kind"] == "export":
        return JSONResponse({**told, "rows": len(task["rows"]), "result": f"/tasks/{task['task']}/result"})
    if "summary" not in task:
        task["summary"] = take_in(task)
    return JSONResponse({**told, "summary": task["summary"]})


async def result(request: Request) -> Response:
    task = task_of(request)
    if task["kind"] != "export" or task["cancelled"]:
        raise RefusalError(404, "no_result", "This task has no result")
    if task["asked"] < len(STAGES):
        raise RefusalError(409, "not_ready", "The export is not finished", {"Retry-After": "1"})
    if task["format"] == "txt":
        return PlainTextResponse("".join(f"{one['caption']} [{one['status']}]\n" for one in task["rows"]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "caption", "credit", "labels", "status"])
    for row in task["rows"]:
        writer.writerow([row["id"], row["caption"], row["credit"] or "", "|".join(row["labels"]), row["status"]])
    headers = {"Content-Disposition": f'attachment; filename="{task["task"]}.csv"'}
    return Response(out.getvalue(), headers=headers, media_type="text/csv")


async def stop(request: Request) -> Response:
    task = task_of(request)
    if task["asked"] >= len(STAGES):
        raise RefusalError(409, "finished", "A finished task cannot be cancelled")
    task["cancelled"] = True
    return Response(status_code=204)


async def activity(request: Request) -> Response:
    caller(request)
    query = request.query_params
    size = query.get("limit", str(PAGE))
    if not size.isdigit() or not 1 <= int(size) <= 20:
        raise RefusalError(400, "bad_limit", "limit is a number from 1 to 20", field="limit")
    before = len(_feed) + 1
    if cursor := query.get("cursor"):
        try:
            before = int(base64.urlsafe_b64decode(cursor).decode().removeprefix("before:"))
        except ValueError:
            raise RefusalError(400, "bad_cursor", "The cursor is not one of ours", field="cursor") from None
    found = [one for one in reversed(_feed) if one["seq"] < before and query.get("actor") in (None, one["actor"])]
    page = found[: int(size)]
    more = len(found) > len(page)
    following = base64.urlsafe_b64encode(f"before:{page[-1]['seq']}".encode()).decode() if more else None
    return JSONResponse({"entries": page, "paging": {"next": following, "more": more}})


def route(method: str, path: str, endpoint: Callable[[Request], Any]) -> Route:
    return Route(path, endpoint, methods=[method])


app: Final = Starlette(
    routes=[
        route("POST", "/assets", upload),
        route("GET", "/assets", listed),
        route("GET", "/assets/{key}", one),
        route("GET", "/assets/{key}/raw", raw),
        route("PATCH", "/assets/{key}", edit),
        route("POST", "/assets/{key}/publish", publish),
        route("DELETE", "/assets/{key}", remove),
        route("POST", "/exports", export),
        route("POST", "/imports", bring_in),
        route("GET", "/tasks/{key}", task),
        route("GET", "/tasks/{key}/result", result),
        route("DELETE", "/tasks/{key}", stop),
        route("GET", "/activity", activity),
    ],
    exception_handlers={RefusalError: refused, BodyError: refused},
)
