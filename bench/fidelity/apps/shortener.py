"""Short links behind keys: codes and aliases, counted redirects, expiry by visits, quotas, bulk, soft delete."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

PLANS: Final = {"free": 6, "team": 25}
RESERVED: Final = frozenset({"v1", "admin", "help", "login"})
KEYS: Final[dict[str, dict[str, Any]]] = {}
LINKS: Final[dict[str, dict[str, Any]]] = {}


def error(status: int, kind: str, message: str, param: str | None = None, **headers: str) -> Response:
    body = {"error": {"type": kind, "message": message, "param": param}}
    return JSONResponse(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def limits(key: dict[str, Any]) -> dict[str, str]:
    limit = PLANS[key["plan"]]
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(limit - key["used"])}


def exceeded(key: dict[str, Any]) -> Response:
    message = f"The {key['plan']} plan allows {PLANS[key['plan']]} links a day"
    headers = {"Retry_After": "86400", **{name.replace("-", "_"): value for name, value in limits(key).items()}}
    return error(429, "quota_exceeded", message, **headers)


def unauthorized(request: Request) -> Response | None:
    given = request.headers.get("x-api-key")
    if given is None:
        return error(401, "authentication_required", "Send your key in the X-API-Key header")
    if given not in KEYS:
        return error(401, "invalid_key", "The API key is not valid")
    return None


def key_of(request: Request) -> dict[str, Any]:
    return KEYS[request.headers["x-api-key"]]


def state_of(link: dict[str, Any]) -> str:
    if link["deleted_at"] is not None:
        return "deleted"
    spent = link["max_visits"] is not None and link["visits"] >= link["max_visits"]
    return "expired" if spent else "active"


def shown(request: Request, link: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": link["code"],
        "short_url": f"{request.base_url}{link['code']}",
        "url": link["url"],
        "title": link["title"],
        "state": state_of(link),
        "visits": link["visits"],
        "max_visits": link["max_visits"],
        "created_at": link["created_at"],
        "deleted_at": link["deleted_at"],
    }


def problem_in(asked: dict[str, Any], *, whole: bool) -> tuple[int, str, str, str] | None:
    if whole and "url" not in asked:
        return 400, "missing_param", "Missing required param: url", "url"
    if "url" in asked:
        parts = urlsplit(str(asked["url"]))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return 422, "invalid_url", "The URL must be absolute and start with http:// or https://", "url"
    most = asked.get("max_visits")
    if most is not None and (not isinstance(most, int) or most < 1):
        return 422, "invalid_param", "max_visits must be a positive integer", "max_visits"
    alias = asked.get("alias")
    if alias is not None and (not re.fullmatch(r"[A-Za-z0-9_-]{3,32}", str(alias)) or alias in RESERVED):
        return 422, "invalid_alias", "The alias must be 3 to 32 letters, digits, - or _", "alias"
    if alias in LINKS:
        return 409, "alias_taken", f"The alias '{alias}' is already taken", "alias"
    return None


def make(key: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    code = asked.get("alias") or short_id("", 7)
    key["used"] += 1
    LINKS[code] = {
        "code": code,
        "url": asked["url"],
        "title": asked.get("title"),
        "max_visits": asked.get("max_visits"),
        "visits": 0,
        "created_at": now(),
        "deleted_at": None,
        "owner": key["key"],
        "referrers": Counter(),
        "last_visit_at": None,
    }
    return LINKS[code]


async def create_key(request: Request) -> Response:
    asked = await json_object(request)
    if "@" not in str(asked.get("email", "")):
        return error(422, "invalid_param", "A valid email is required", "email")
    plan = asked.get("plan", "free")
    if plan not in PLANS:
        return error(422, "invalid_param", f"Unknown plan: {plan}", "plan")
    key = short_id("key_", 24)
    KEYS[key] = {"key": key, "email": asked["email"], "plan": plan, "used": 0}
    return JSONResponse({"key": key, "email": asked["email"], "plan": plan, "links_per_day": PLANS[plan]}, 201)


async def usage(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    key = key_of(request)
    limit = PLANS[key["plan"]]
    mine = [link for link in LINKS.values() if link["owner"] == key["key"]]
    body = {"plan": key["plan"], "limit": limit, "used": key["used"], "remaining": limit - key["used"]}
    return JSONResponse({**body, "visits": sum(link["visits"] for link in mine)})


async def create(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    key, asked = key_of(request), await json_object(request)
    if problem := problem_in(asked, whole=True):
        return error(*problem)
    if key["used"] >= PLANS[key["plan"]]:
        return exceeded(key)
    link = make(key, asked)
    headers = {"Location": f"/v1/links/{link['code']}", **limits(key)}
    return JSONResponse(shown(request, link), 201, headers)


async def listed(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    asked = request.query_params
    limit, offset = asked.get("limit", "20"), asked.get("offset", "0")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100 or not offset.isdecimal():
        return error(400, "invalid_param", "limit must be 1 to 100, offset 0 or more", "limit")
    mine = [link for link in LINKS.values() if link["owner"] == request.headers["x-api-key"]]
    wanted = asked.get("state")
    found = [link for link in mine if (state_of(link) == wanted if wanted else state_of(link) != "deleted")]
    rows = found[int(offset) : int(offset) + int(limit)]
    more = int(offset) + int(limit) < len(found)
    page = {"total": len(found), "limit": int(limit), "offset": int(offset), "has_more": more}
    return JSONResponse({"links": [shown(request, link) for link in rows], **page})


async def bulk(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    key, asked = key_of(request), await json_object(request)
    wanted = asked.get("links")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 10:
        return error(400, "missing_param", "links must be a list of 1 to 10 links", "links")
    results: list[dict[str, Any]] = []
    for index, one in enumerate(wanted):
        problem = problem_in(one, whole=True)
        if problem is None and key["used"] >= PLANS[key["plan"]]:
            problem = (429, "quota_exceeded", "No links left today", "links")
        if problem:
            failure = {"type": problem[1], "message": problem[2]}
            results.append({"index": index, "ok": False, "error": failure})
        else:
            results.append({"index": index, "ok": True, "link": shown(request, make(key, one))})
    made = sum(result["ok"] for result in results)
    body = {"created": made, "failed": len(results) - made, "results": results}
    return JSONResponse(body, 201 if made == len(results) else 207, limits(key))


async def link(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    code = request.path_params["code"]
    found = LINKS.get(code)
    if found is None or found["owner"] != request.headers["x-api-key"]:
        return error(404, "not_found", f"No such link: {code}")
    if request.method == "GET":
        return JSONResponse(shown(request, found))
    if state_of(found) == "deleted":
        return error(410, "deleted", f"The link {code} was deleted")
    if request.method == "DELETE":
        found["deleted_at"] = now()
        return Response(status_code=204)
    asked = await json_object(request)
    if "alias" in asked or "code" in asked:
        return error(422, "invalid_param", "The code of a link cannot be changed", "alias")
    if problem := problem_in(asked, whole=False):
        return error(*problem)
    found |= {name: asked[name] for name in ("url", "title", "max_visits") if name in asked}
    return JSONResponse(shown(request, found))


async def restore(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    code = request.path_params["code"]
    found = LINKS.get(code)
    if found is None or found["owner"] != request.headers["x-api-key"]:
        return error(404, "not_found", f"No such link: {code}")
    if found["deleted_at"] is None:
        return error(409, "not_deleted", f"The link {code} is not deleted")
    found["deleted_at"] = None
    return JSONResponse(shown(request, found))


async def stats(request: Request) -> Response:
    if refused := unauthorized(request):
        return refused
    code = request.path_params["code"]
    found = LINKS.get(code)
    if found is None or found["owner"] != request.headers["x-api-key"]:
        return error(404, "not_found", f"No such link: {code}")
    left = None if found["max_visits"] is None else max(found["max_visits"] - found["visits"], 0)
    referrers = [{"host": host, "visits": found["referrers"][host]} for host in sorted(found["referrers"])]
    times = {"created_at": found["created_at"], "last_visit_at": found["last_visit_at"]}
    return JSONResponse({"code": code, "visits": found["visits"], "visits_left": left, "referrers": referrers, **times})


async def visit(request: Request) -> Response:
    found = LINKS.get(request.path_params["code"])
    if found is None:
        return PlainTextResponse("Not found\n", 404)
    if state_of(found) != "active":
        return PlainTextResponse(f"This link is {state_of(found)}\n", 410)
    found["visits"] += 1
    found["referrers"][urlsplit(request.headers.get("referer", "")).hostname or "direct"] += 1
    found["last_visit_at"] = now()
    return RedirectResponse(found["url"], 302, {"Cache-Control": "private, no-store"})


async def malformed(_: Request, __: Exception) -> Response:
    return error(400, "invalid_json", "The request body is not valid JSON")


app = Starlette(
    routes=[
        Route("/v1/keys", create_key, methods=["POST"]),
        Route("/v1/usage", usage),
        Route("/v1/links", create, methods=["POST"]),
        Route("/v1/links", listed),
        Route("/v1/links/bulk", bulk, methods=["POST"]),
        Route("/v1/links/{code}", link, methods=["GET", "PATCH", "DELETE"]),
        Route("/v1/links/{code}/restore", restore, methods=["POST"]),
        Route("/v1/links/{code}/stats", stats),
        Route("/{code}", visit),
    ],
    exception_handlers={BodyError: malformed},
)
