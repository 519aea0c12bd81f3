"""Instances after Google's clouds: every write is an operation that is polled; masks, etags, page tokens, labels."""

from __future__ import annotations

import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.fidelity.apps.parts import bearer

Row = dict[str, Any]

STATUSES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
}
NAME: Final = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?")
TIERS: Final = ("BASIC", "STANDARD_HA")
CHANGED: Final = ("displayName", "labels", "memorySizeGb")
TYPES: Final = "type.googleapis.com/google"
QUOTA_GB: Final = 60
POLLS: Final = 2
_instances: dict[str, Row] = {}
_operations: dict[str, Row] = {}
_polls: dict[str, int] = {}
_wanted: dict[str, Row] = {}


class RefusedError(Exception):
    """A refusal: its code, its message, its status where that is not the usual one, and the fields that are wrong."""

    def __init__(self, code: int, message: str, status: str = "", **wrong: str) -> None:
        super().__init__(message)
        self.code, self.status, self.wrong = code, status or STATUSES[code], wrong


def answer(told: Row, code: int = 200) -> Response:
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    return Response(text, code, media_type="application/json; charset=UTF-8")


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    told: Row = {"code": error.code, "message": str(error), "status": error.status}
    if error.wrong:
        violations = [{"field": field, "description": text} for field, text in error.wrong.items()]
        told["details"] = [{"@type": f"{TYPES}.rpc.BadRequest", "fieldViolations": violations}]
    return answer({"error": told}, error.code)


def moment() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


async def sent(request: Request) -> Row:
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError:
        raise RefusedError(400, "Invalid JSON payload received. Unexpected end of string.") from None
    if not isinstance(found, dict):
        raise RefusedError(400, "Invalid JSON payload received. Expected an object.")
    return found


def parent(request: Request) -> str:
    if not bearer(request):
        message = "Request is missing required authentication credential. Expected OAuth 2 access token."
        raise RefusedError(401, message)
    return f"projects/{request.path_params['project']}/locations/{request.path_params['place']}"


def name_of(request: Request) -> str:
    return f"{parent(request)}/instances/{request.path_params['instance']}"


def found_at(name: str) -> Row:
    if name not in _instances:
        raise RefusedError(404, f"Resource '{name}' was not found")
    return _instances[name]


def check(asked: Row, *, whole: bool) -> None:
    size, wrong = asked.get("memorySizeGb"), {}
    if (whole or size is not None) and (not isinstance(size, int) or not 1 <= size <= 300):
        wrong["instance.memory_size_gb"] = "Memory size must be between 1 and 300 GB"
    if "tier" in asked and asked["tier"] not in TIERS:
        wrong["instance.tier"] = f"Invalid value: {asked['tier']}"
    if not isinstance(asked.get("labels", {}), dict):
        wrong["instance.labels"] = "Labels must be a map"
    if wrong:
        raise RefusedError(400, "Request contains an invalid argument.", **wrong)


def started(request: Request, name: str, verb: str, wanted: Row) -> Response:
    """Begin an operation on an instance; polling it brings it to its end."""
    own = f"{parent(request)}/operations/operation-{uuid4()}"
    metadata: Row = {"@type": f"{TYPES}.cloud.common.OperationMetadata", "createTime": moment()}
    metadata |= {"target": name, "verb": verb, "cancelRequested": False, "apiVersion": "v1"}
    _operations[own] = {"name": own, "metadata": metadata, "done": False}
    _polls[own], _wanted[own] = 0, wanted
    return answer(_operations[own])


def settled(instance: Row) -> Row:
    if instance["state"] != "READY":
        message = "Unable to queue the operation: another operation is in progress"
        raise RefusedError(409, message, "ABORTED")
    return instance


def finish(operation: Row) -> None:
    """End an operation: with the instance, with nothing where it was deleted, or with an error for want of quota."""
    metadata, wanted = operation["metadata"], _wanted[operation["name"]]
    operation["done"], metadata["endTime"] = True, moment()
    name, verb = metadata["target"], metadata["verb"]
    if verb == "delete":
        del _instances[name]
        operation["response"] = {"@type": f"{TYPES}.protobuf.Empty"}
        return
    instance = _instances[name]
    others = sum(one["memorySizeGb"] for other, one in _instances.items() if other != name)
    instance["state"] = "READY"
    if others + {**instance, **wanted}["memorySizeGb"] > QUOTA_GB:
        operation["error"] = {"code": 8, "message": f"Quota exceeded: at most {QUOTA_GB} GB per project"}
        if verb == "create":
            del _instances[name]
        return
    instance |= wanted | {"etag": secrets.token_urlsafe(9)}
    if verb == "create":
        instance |= {"host": ".".join(["10", *(str(secrets.randbelow(255)) for _ in range(3))]), "port": 6379}
    operation["response"] = {"@type": f"{TYPES}.cloud.redis.v1.Instance", **instance}


async def create(request: Request) -> Response:
    above, own, asked = parent(request), request.query_params.get("instanceId", ""), await sent(request)
    if not NAME.fullmatch(own):
        raise RefusedError(400, f"Invalid resource ID '{own}'", instance_id="must be lower-case letters and digits")
    check(asked, whole=True)
    name = f"{above}/instances/{own}"
    if name in _instances:
        raise RefusedError(409, f"Resource '{name}' already exists")
    made: Row = {"name": name} | {key: asked[key] for key in ("displayName", "labels") if key in asked}
    made |= {"locationId": f"{request.path_params['place']}-a", "redisVersion": asked.get("redisVersion", "REDIS_7_0")}
    made |= {"createTime": moment(), "state": "CREATING", "tier": asked.get("tier", "BASIC")}
    _instances[name] = {**made, "memorySizeGb": asked["memorySizeGb"], "etag": secrets.token_urlsafe(9)}
    return started(request, name, "create", {})


def matches(instance: Row, text: str) -> bool:
    for clause in filter(None, text.split(" AND ")):
        path, equals, value = clause.partition("=")
        if not equals:
            raise RefusedError(400, f"Invalid filter: {text}")
        found: Any = instance
        for part in path.strip().split("."):
            found = found.get(part, "") if isinstance(found, dict) else ""
        if str(found) != value.strip().strip('"'):
            return False
    return True


def page(request: Request, kind: str, rows: list[Row]) -> Response:
    """Answer a page of rows after the token's; without rows the list itself is left out, as protobuf's JSON does."""
    token, size = request.query_params.get("pageToken", ""), int(request.query_params.get("pageSize", 0)) or 100
    names = [row["name"] for row in rows]
    if token and token not in _tokens:
        raise RefusedError(400, "The page token is invalid.")
    start = sum(name <= _tokens[token] for name in names) if token else 0
    shown = rows[start : start + size]
    told: Row = {kind: shown} if shown else {}
    if len(rows) > start + size:
        told["nextPageToken"] = secrets.token_urlsafe(24)
        _tokens[told["nextPageToken"]] = shown[-1]["name"]
    return answer(told)


_tokens: dict[str, str] = {}


async def listed(request: Request) -> Response:
    above, text = parent(request), request.query_params.get("filter", "")
    rows = [one for name, one in sorted(_instances.items()) if name.startswith(f"{above}/")]
    return page(request, "instances", [one for one in rows if matches(one, text)])


async def one(request: Request) -> Response:
    name = name_of(request)
    instance = found_at(name)
    if request.method == "GET":
        return answer(instance)
    if request.query_params.get("etag", instance["etag"]) != instance["etag"]:
        raise RefusedError(409, f"Etag of '{name}' does not match", "ABORTED")
    if request.method == "DELETE":
        settled(instance)["state"] = "DELETING"
        return started(request, name, "delete", {})
    mask, asked = request.query_params.get("updateMask", ""), await sent(request)
    fields = [field for field in mask.split(",") if field]
    if not fields:
        raise RefusedError(400, "update_mask is required", update_mask="must not be empty")
    for field in fields:
        if field not in CHANGED:
            raise RefusedError(400, f"Field '{field}' cannot be changed", update_mask=f"'{field}' is immutable")
    check({field: asked[field] for field in fields if field in asked}, whole=False)
    settled(instance)["state"] = "UPDATING"
    return started(request, name, "update", {field: asked[field] for field in fields if field in asked})


async def failover(request: Request) -> Response:
    name = name_of(request)
    instance = settled(found_at(name))
    if instance["tier"] != "STANDARD_HA":
        raise RefusedError(400, "Failover is only supported for STANDARD_HA instances", "FAILED_PRECONDITION")
    instance["state"] = "FAILING_OVER"
    return started(request, name, "failover", {})


def operation_asked(request: Request) -> Row:
    name = f"{parent(request)}/operations/{request.path_params['operation']}"
    if name not in _operations:
        raise RefusedError(404, f"Operation '{name}' was not found")
    return _operations[name]


async def operation(request: Request) -> Response:
    found = operation_asked(request)
    if request.method == "DELETE":
        del _operations[found["name"]]
        return answer({})
    _polls[found["name"]] += 1
    if not found["done"] and _polls[found["name"]] >= POLLS:
        finish(found)
    return answer(found)


async def cancel(request: Request) -> Response:
    found = operation_asked(request)
    if found["done"]:
        raise RefusedError(400, "The operation is done and cannot be cancelled", "FAILED_PRECONDITION")
    found["done"], found["metadata"]["endTime"], found["metadata"]["cancelRequested"] = True, moment(), True
    found["error"] = {"code": 1, "message": "The operation was cancelled"}
    name = found["metadata"]["target"]
    if found["metadata"]["verb"] == "create":
        del _instances[name]
    else:
        _instances[name]["state"] = "READY"
    return answer({})


async def operations(request: Request) -> Response:
    above = parent(request)
    rows = [one for name, one in _operations.items() if name.startswith(f"{above}/")]
    return answer({"operations": rows} if rows else {})


HERE: Final = "/v1/projects/{project}/locations/{place}"
app = Starlette(
    routes=[
        Route(f"{HERE}/instances", create, methods=["POST"]),
        Route(f"{HERE}/instances", listed),
        Route(f"{HERE}/instances/{{instance}}:failover", failover, methods=["POST"]),
        Route(f"{HERE}/instances/{{instance}}", one, methods=["GET", "PATCH", "DELETE"]),
        Route(f"{HERE}/operations", operations),
        Route(f"{HERE}/operations/{{operation}}:cancel", cancel, methods=["POST"]),
        Route(f"{HERE}/operations/{{operation}}", operation, methods=["GET", "DELETE"]),
    ],
    exception_handlers={RefusedError: refused},
)
