"""Pads that people share: a cookie for who asks, roles on each pad, a trash, and alerts about what others did."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Pad = dict[str, Any]
ROLES = ("viewer", "editor")
PER_PAGE = 5

_people: dict[str, dict[str, Any]] = {}
_pins: dict[str, str] = {}
_cookies: dict[str, str] = {}
_pads: dict[str, Pad] = {}
_access: dict[str, dict[str, str]] = {}
_alerts: dict[str, list[dict[str, Any]]] = {}


class RefusalError(Exception):
    """What ends a request early: a status, a word for programs and a sentence for people."""

    def __init__(self, status: int, error: str, hint: str = "", /, **more: object) -> None:
        self.answer = JSONResponse({"ok": False, "error": error, **({"hint": hint} if hint else {}), **more}, status)


async def refuse(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RefusalError)
    return refusal.answer


async def unknown(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"ok": False, "error": "no_such_method"}, error.status_code)


def result(found: object, status: int = 200, headers: dict[str, str] | None = None, /, **more: object) -> Response:
    return JSONResponse({"ok": True, "result": found, **more}, status, headers)


def key(prefix: str) -> str:
    return prefix + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(9))


def millis() -> int:
    return time.time_ns() // 1_000_000


def caller(request: Request) -> str:
    handle = _cookies.get(request.cookies.get("pads_sid", ""))
    if handle is None:
        raise RefusalError(401, "not_signed_in")
    return handle


async def asked(request: Request) -> dict[str, Any]:
    try:
        found = await request.json()
    except ValueError:
        raise RefusalError(400, "bad_json") from None
    if not isinstance(found, dict):
        raise RefusalError(400, "bad_json")
    return found


def alert(handle: str, about: str, pad: Pad, by: str) -> None:
    told = {"id": key("al-"), "about": about, "pad": pad["id"], "title": pad["title"], "by": by, "seen": False}
    _alerts[handle].append(told)


def unseen(handle: str) -> int:
    return sum(not one["seen"] for one in _alerts[handle])


async def join(request: Request) -> Response:
    body = await asked(request)
    missing = [field for field in ("handle", "name", "pin") if not body.get(field)]
    if missing:
        raise RefusalError(422, "missing_fields", fields=missing)
    handle = str(body["handle"]).lower()
    if not handle.isalnum():
        raise RefusalError(422, "bad_handle", "Only letters and digits")
    if handle in _people:
        raise RefusalError(409, "handle_taken", f"@{handle} is somebody else")
    person = {"handle": handle, "name": body["name"], "about": "", "joinedAt": millis()}
    _people[handle], _pins[handle], _alerts[handle] = person, str(body["pin"]), []
    return result(person, 201)


async def enter(request: Request) -> Response:
    form = dict(parse_qsl((await request.body()).decode()))
    handle = form.get("handle", "").lower()
    if _pins.get(handle) != form.get("pin"):
        raise RefusalError(403, "wrong_handle_or_pin")
    answer = result({"handle": handle, "unseen": unseen(handle)})
    cookie = secrets.token_hex(16)
    _cookies[cookie] = handle
    answer.set_cookie("pads_sid", cookie, httponly=True, samesite="lax")
    return answer


async def who(request: Request) -> Response:
    handle = caller(request)
    return result({**_people[handle], "unseen": unseen(handle)})


async def leave(request: Request) -> Response:
    caller(request)
    del _cookies[request.cookies["pads_sid"]]
    answer = Response(status_code=204)
    answer.delete_cookie("pads_sid")
    return answer


async def person_page(request: Request) -> Response:
    caller(request)
    person = _people.get(request.path_params["handle"])
    if person is None:
        raise RefusalError(404, "no_such_person")
    return result({"handle": person["handle"], "name": person["name"], "about": person["about"]})


async def change_me(request: Request) -> Response:
    handle, body = caller(request), await asked(request)
    unknown_fields = sorted(set(body) - {"name", "about"})
    if unknown_fields:
        raise RefusalError(422, "unknown_fields", fields=unknown_fields)
    _people[handle].update(body)
    return result(_people[handle])


def role_of(pad: Pad, handle: str) -> str | None:
    return "owner" if pad["owner"] == handle else _access[pad["id"]].get(handle)


def view(pad: Pad, handle: str) -> Pad:
    return {**pad, "role": role_of(pad, handle), "sharedWith": len(_access[pad["id"]])}


def line(pad: Pad, handle: str) -> Pad:
    return {"id": pad["id"], "title": pad["title"], "owner": pad["owner"], "role": role_of(pad, handle)}


def pad_for(request: Request, handle: str, *roles: str) -> Pad:
    """Give the pad; who may not see it is told that there is none, who may see it that the role is too low."""
    pad = _pads.get(request.path_params["pad"])
    role = role_of(pad, handle) if pad else None
    if pad is None or role is None or (pad["trashedAt"] and role != "owner"):
        raise RefusalError(404, "no_such_pad")
    if pad["trashedAt"]:
        raise RefusalError(410, "pad_in_trash", "Restore it first")
    if roles and role not in roles:
        raise RefusalError(403, "role_too_low", need=roles[-1], have=role)
    return pad


def checked(body: dict[str, Any], *needed: str) -> dict[str, Any]:
    found = {field: body[field] for field in ("title", "text", "tags") if field in body}
    wrong = [field for field in needed if field not in found]
    wrong += [field for field in ("title", "text") if field in found and not isinstance(found[field], str)]
    if "title" in found and not found["title"]:
        wrong.append("title")
    if wrong:
        raise RefusalError(422, "bad_fields", "These are missing or not of the right form", fields=wrong)
    return found


async def write(request: Request) -> Response:
    handle = caller(request)
    fields = checked(await asked(request), "title")
    at = millis()
    pad = {"id": key("pd_"), "title": "", "text": "", "tags": [], **fields, "owner": handle, "edits": 0}
    pad |= {"lastEditor": None, "createdAt": at, "updatedAt": at, "trashedAt": None}
    _pads[pad["id"]], _access[pad["id"]] = pad, {}
    return result(view(pad, handle), 201, {"Location": f"/pads/{pad['id']}"})


async def browse(request: Request) -> Response:
    handle, query = caller(request), request.query_params
    scope, tag = query.get("scope", "all"), query.get("tag")
    if scope not in ("all", "own", "shared"):
        raise RefusalError(422, "bad_scope", "One of all, own, shared")
    mine = [pad for pad in _pads.values() if role_of(pad, handle) and not pad["trashedAt"]]
    mine = [pad for pad in mine if scope == "all" or (scope == "own") == (pad["owner"] == handle)]
    mine = [pad for pad in mine if tag is None or tag in pad["tags"]]
    page = int(query.get("page", "1"))
    shown = mine[(page - 1) * PER_PAGE : page * PER_PAGE]
    pages = -(-len(mine) // PER_PAGE)
    return result([line(pad, handle) for pad in shown], paging={"page": page, "pages": pages, "total": len(mine)})


async def read(request: Request) -> Response:
    handle = caller(request)
    return result(view(pad_for(request, handle), handle))


async def edit(request: Request) -> Response:
    handle = caller(request)
    pad = pad_for(request, handle, "owner", "editor")
    pad.update(checked(await asked(request)))
    pad |= {"edits": pad["edits"] + 1, "lastEditor": handle, "updatedAt": millis()}
    if handle != pad["owner"]:
        alert(pad["owner"], "edited", pad, handle)
    return result(view(pad, handle))


async def discard(request: Request) -> Response:
    handle = caller(request)
    pad = pad_for(request, handle, "owner")
    pad["trashedAt"] = millis()
    return result({"id": pad["id"], "trashedAt": pad["trashedAt"]})


def in_trash(request: Request, handle: str) -> Pad:
    pad = _pads.get(request.path_params["pad"])
    if pad is None or pad["owner"] != handle or not pad["trashedAt"]:
        raise RefusalError(404, "not_in_trash")
    return pad


async def trash(request: Request) -> Response:
    handle = caller(request)
    found = [pad for pad in _pads.values() if pad["owner"] == handle and pad["trashedAt"]]
    return result([{"id": pad["id"], "title": pad["title"], "trashedAt": pad["trashedAt"]} for pad in found])


async def restore(request: Request) -> Response:
    handle = caller(request)
    pad = in_trash(request, handle)
    pad["trashedAt"] = None
    for other in _access[pad["id"]]:
        alert(other, "restored", pad, handle)
    return result(view(pad, handle))


async def purge(request: Request) -> Response:
    pad = in_trash(request, caller(request))
    del _pads[pad["id"]]
    return Response(status_code=204)


async def purge_all(request: Request) -> Response:
    handle = caller(request)
    found = [pad for pad in _pads.values() if pad["owner"] == handle and pad["trashedAt"]]
    for pad in found:
        del _pads[pad["id"]]
    return result({"purged": len(found)})


async def share(request: Request) -> Response:
    handle, other = caller(request), request.path_params["handle"]
    pad, body = pad_for(request, handle, "owner"), await asked(request)
    if body.get("role") not in ROLES:
        raise RefusalError(422, "bad_role", "One of viewer, editor", got=body.get("role"))
    if other not in _people:
        raise RefusalError(404, "no_such_person")
    if other == handle:
        raise RefusalError(409, "owner_has_all_roles")
    before = _access[pad["id"]].get(other)
    _access[pad["id"]][other] = body["role"]
    if before != body["role"]:
        alert(other, "shared" if before is None else "role_changed", pad, handle)
    return result({"handle": other, "role": body["role"]}, 201 if before is None else 200)


async def shares(request: Request) -> Response:
    pad = pad_for(request, caller(request))
    others = [{"handle": handle, "role": role} for handle, role in _access[pad["id"]].items()]
    return result([{"handle": pad["owner"], "role": "owner"}, *others])


async def unshare(request: Request) -> Response:
    handle, other = caller(request), request.path_params["handle"]
    pad = pad_for(request, handle, *(() if handle == other else ("owner",)))
    if other not in _access[pad["id"]]:
        raise RefusalError(404, "has_no_role")
    del _access[pad["id"]][other]
    if handle != other:
        alert(other, "unshared", pad, handle)
    return Response(status_code=204)


async def alerts(request: Request) -> Response:
    handle = caller(request)
    found = [one for one in _alerts[handle] if request.query_params.get("seen") != "0" or not one["seen"]]
    return result(found[::-1], unseen=unseen(handle))


async def mark(request: Request) -> Response:
    handle, body = caller(request), await asked(request)
    for one in _alerts[handle]:
        if one["id"] == request.path_params["alert"]:
            one["seen"] = bool(body.get("seen", True))
            return result(one, unseen=unseen(handle))
    raise RefusalError(404, "no_such_alert")


async def mark_all(request: Request) -> Response:
    handle = caller(request)
    marked = unseen(handle)
    for one in _alerts[handle]:
        one["seen"] = True
    return result({"marked": marked}, unseen=0)


Endpoint = Callable[[Request], Awaitable[Response]]
_ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "/people", join),
    ("PATCH", "/people/me", change_me),
    ("GET", "/people/{handle}", person_page),
    ("POST", "/session", enter),
    ("GET", "/session", who),
    ("DELETE", "/session", leave),
    ("POST", "/pads", write),
    ("GET", "/pads", browse),
    ("GET", "/pads/{pad}", read),
    ("PATCH", "/pads/{pad}", edit),
    ("DELETE", "/pads/{pad}", discard),
    ("GET", "/pads/{pad}/access", shares),
    ("PUT", "/pads/{pad}/access/{handle}", share),
    ("DELETE", "/pads/{pad}/access/{handle}", unshare),
    ("GET", "/trash", trash),
    ("DELETE", "/trash", purge_all),
    ("POST", "/trash/{pad}/restore", restore),
    ("DELETE", "/trash/{pad}", purge),
    ("GET", "/alerts", alerts),
    ("POST", "/alerts/seen", mark_all),
    ("PATCH", "/alerts/{alert}", mark),
)
app = Starlette(
    routes=[Route(path, endpoint, methods=[method]) for method, path, endpoint in _ROUTES],
    exception_handlers={RefusalError: refuse, HTTPException: unknown},
)
