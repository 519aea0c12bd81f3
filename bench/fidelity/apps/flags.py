"""Feature flags after LaunchDarkly and OpenFeature: JSON Patch, instructions, rules evaluated for each caller."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import secrets
import time
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.flags_patches import RefusedError, patched

Row = dict[str, Any]

KEY: Final = re.compile(r"[a-z0-9][-._a-z0-9]*")
ENVIRONMENTS: Final = ("production", "test")
SEMANTIC: Final = "domain-model=launchdarkly.semanticpatch"
_flags: dict[str, Row] = {}


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return JSONResponse({"code": error.code, "message": str(error)}, error.status)


async def sent(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        raise RefusedError(400, "invalid_request", "Unable to parse JSON") from None


def permitted(request: Request) -> None:
    if not request.headers.get("authorization", "").startswith("api-"):
        raise RefusedError(401, "unauthorized", "Invalid account ID header")


def milliseconds() -> int:
    return int(time.time() * 1000)


def environment() -> Row:
    told: Row = {"on": False, "archived": False, "salt": secrets.token_hex(16), "lastModified": milliseconds()}
    return {**told, "version": 1, "targets": [], "rules": [], "fallthrough": {"variation": 0}, "offVariation": 1}


def check(flag: Row) -> None:
    if not isinstance(flag.get("name"), str) or not flag["name"]:
        raise RefusedError(400, "invalid_request", "name is required")
    variations = flag["variations"]
    if len(variations) < 2:
        raise RefusedError(400, "invalid_request", "a flag must have at least two variations")
    for name, place in flag["environments"].items():
        for number in [place["offVariation"], *(rule["variation"] for rule in place["rules"])]:
            if not isinstance(number, int) or not 0 <= number < len(variations):
                raise RefusedError(400, "invalid_request", f"invalid variation index in environment {name}")


async def create(request: Request) -> Response:
    permitted(request)
    asked, project = await sent(request), request.path_params["project"]
    key = asked.get("key", "")
    if not KEY.fullmatch(key):
        raise RefusedError(400, "invalid_request", f'invalid key "{key}"' if key else "key is required")
    if key in _flags:
        raise RefusedError(409, "conflict", f'a flag with key "{key}" already exists')
    given = asked.get("variations") or [{"value": True}, {"value": False}]
    flag: Row = {"name": asked.get("name"), "key": key, "description": asked.get("description", "")}
    flag |= {"kind": "boolean" if isinstance(given[0].get("value"), bool) else "multivariate"}
    flag |= {"_version": 1, "creationDate": milliseconds(), "temporary": asked.get("temporary", False)}
    flag |= {"variations": [{"_id": str(uuid4()), **one} for one in given], "tags": sorted(asked.get("tags", []))}
    flag["archived"] = False
    path = f"/api/v2/flags/{project}"
    flag["_links"] = {"parent": {"href": path, "type": "application/json"}}
    flag["_links"]["self"] = {"href": f"{path}/{key}", "type": "application/json"}
    flag["environments"] = {name: environment() for name in ENVIRONMENTS}
    check(flag)
    _flags[key] = flag
    return JSONResponse(flag, 201)


async def listed(request: Request) -> Response:
    permitted(request)
    asked = request.query_params
    rows = [flag for flag in _flags.values() if flag["archived"] is (asked.get("archived") == "true")]
    if tag := asked.get("tag"):
        rows = [flag for flag in rows if tag in flag["tags"]]
    if word := asked.get("query", "").lower():
        rows = [flag for flag in rows if word in flag["name"].lower() or word in flag["key"]]
    sort = asked.get("sort", "")
    if sort.lstrip("-") in ("name", "key"):
        rows = sorted(rows, key=lambda flag: flag[sort.lstrip("-")], reverse=sort.startswith("-"))
    offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 20))
    shown = [seen(flag, asked.get("env", "")) for flag in rows[offset : offset + limit]]
    links = {"self": {"href": request.url.path, "type": "application/json"}}
    return JSONResponse({"items": shown, "totalCount": len(rows), "_links": links})


def seen(flag: Row, only: str) -> Row:
    kept = {name: place for name, place in flag["environments"].items() if only in ("", name)}
    return {**flag, "environments": kept}


def instructed(flag: Row, asked: Row) -> Row:
    """Apply a semantic patch: a list of instructions for one environment."""
    new = copy.deepcopy(flag)
    if asked.get("environmentKey") not in new["environments"]:
        raise RefusedError(400, "invalid_request", "environmentKey is not known")
    place = new["environments"][asked["environmentKey"]]
    for instruction in asked.get("instructions", []):
        kind = instruction.get("kind")
        if kind in ("turnFlagOn", "turnFlagOff"):
            place["on"] = kind == "turnFlagOn"
        elif kind == "addTargets":
            number = instruction["variation"]
            target = next((one for one in place["targets"] if one["variation"] == number), None)
            if target is None:
                target = {"variation": number, "values": []}
                place["targets"].append(target)
            target["values"] += [one for one in instruction["values"] if one not in target["values"]]
        elif kind == "addRule":
            rule = {"_id": str(uuid4()), "variation": instruction["variation"], "clauses": instruction["clauses"]}
            place["rules"].append(rule)
        elif kind == "updateFallthroughVariation":
            place["fallthrough"] = {"variation": instruction["variation"]}
        else:
            raise RefusedError(400, "invalid_request", f'unknown instruction "{kind}"')
    return new


def flag_asked(request: Request) -> Row:
    permitted(request)
    key = request.path_params["key"]
    if key not in _flags:
        raise RefusedError(404, "not_found", f'Unknown feature flag key "{key}"')
    return _flags[key]


async def one(request: Request) -> Response:
    flag = flag_asked(request)
    if request.method == "DELETE":
        del _flags[flag["key"]]
        return Response(status_code=204)
    if request.method == "PATCH":
        asked = await sent(request)
        semantic = SEMANTIC in request.headers.get("content-type", "")
        new = instructed(flag, asked) if semantic else patched(flag, asked)
        check(new)
        for name, place in new["environments"].items():
            if place != flag["environments"].get(name):
                place |= {"version": place["version"] + 1, "lastModified": milliseconds()}
        new["_version"] += 1
        flag = _flags[flag["key"]] = new
    return JSONResponse(seen(flag, request.query_params.get("env", "")))


def clause_holds(clause: Row, context: Row) -> bool:
    value = context.get(clause["attribute"])
    ways = {
        "in": value in clause["values"],
        "startsWith": any(str(value).startswith(str(one)) for one in clause["values"]),
        "endsWith": any(str(value).endswith(str(one)) for one in clause["values"]),
        "greaterThan": isinstance(value, int) and any(value > one for one in clause["values"]),
    }
    return value is not None and ways.get(clause["op"], False) is not bool(clause.get("negate"))


def evaluated(flag: Row, context: Row) -> Row:
    """Decide which variation a caller is served in production, and why."""
    place = flag["environments"]["production"]
    number, reason = place["fallthrough"]["variation"], "DEFAULT"
    rules = [rule for rule in place["rules"] if all(clause_holds(clause, context) for clause in rule["clauses"])]
    targets = [one for one in place["targets"] if context["targetingKey"] in one["values"]]
    if not place["on"]:
        number, reason = place["offVariation"], "DISABLED"
    elif found := targets or rules:
        number, reason = found[0]["variation"], "TARGETING_MATCH"
    served = flag["variations"][number]
    told = {"key": flag["key"], "reason": reason, "variant": served.get("name") or str(number)}
    return {**told, "value": served["value"], "metadata": {"version": place["version"]}}


async def context_asked(request: Request, key: Row) -> Row | Response:
    context = (await sent(request)).get("context") or {}
    if not context.get("targetingKey"):
        told = {**key, "errorCode": "TARGETING_KEY_MISSING", "errorDetails": "a targetingKey is required"}
        return JSONResponse(told, 400)
    return dict(context)


async def evaluate(request: Request) -> Response:
    key = request.path_params["key"]
    if key not in _flags:
        told = {"key": key, "errorCode": "FLAG_NOT_FOUND", "errorDetails": f"flag '{key}' was not found"}
        return JSONResponse(told, 404)
    context = await context_asked(request, {"key": key})
    return context if isinstance(context, Response) else JSONResponse(evaluated(_flags[key], context))


async def evaluate_all(request: Request) -> Response:
    context = await context_asked(request, {})
    if isinstance(context, Response):
        return context
    told = [evaluated(flag, context) for _, flag in sorted(_flags.items())]
    tag = f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse({"flags": told}, headers={"ETag": tag})


app = Starlette(
    routes=[
        Route("/api/v2/flags/{project}", create, methods=["POST"]),
        Route("/api/v2/flags/{project}", listed),
        Route("/api/v2/flags/{project}/{key}", one, methods=["GET", "PATCH", "DELETE"]),
        Route("/ofrep/v1/evaluate/flags", evaluate_all, methods=["POST"]),
        Route("/ofrep/v1/evaluate/flags/{key}", evaluate, methods=["POST"]),
    ],
    exception_handlers={RefusedError: refused},
)
