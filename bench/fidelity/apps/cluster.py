"""A cluster after Kubernetes: namespaces, config maps and deployments with versions, selectors, patches and a scale."""

from __future__ import annotations

import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import bearer

Row = dict[str, Any]

KINDS: Final = {
    "namespaces": ("Namespace", "v1", ""),
    "configmaps": ("ConfigMap", "v1", ""),
    "deployments": ("Deployment", "apps/v1", "apps"),
}
NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
REASONS: Final = {400: "BadRequest", 401: "Unauthorized", 404: "NotFound", 409: "Conflict", 422: "Invalid"}
_version = [1000]
_kept: dict[tuple[str, str, str], Row] = {}


class RefusedError(Exception):
    """A refusal: its status, its message, its reason where it is not the usual one, and details."""

    def __init__(self, status: int, message: str, reason: str = "", **details: object) -> None:
        super().__init__(message)
        self.status, self.reason, self.details = status, reason or REASONS[status], details


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        raise error
    told: Row = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": str(error)}
    told["reason"] = error.reason
    if error.details:
        told["details"] = error.details
    return JSONResponse({**told, "code": error.status}, error.status)


def details(plural: str, name: str) -> Row:
    group = KINDS[plural][2]
    return {"name": name} | ({"group": group} if group else {}) | {"kind": plural}


def titled(plural: str) -> str:
    group = KINDS[plural][2]
    return f"{plural}.{group}" if group else plural


async def sent(request: Request) -> Row:
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise RefusedError(400, "the object provided is unrecognized: couldn't parse as JSON") from None
    if not isinstance(found, dict):
        raise RefusedError(400, "the object provided is unrecognized: expected an object")
    return found


def place(request: Request) -> tuple[str, str, str]:
    """Give the plural, namespace and name that a path tells; raises where nobody asks."""
    if not bearer(request):
        raise RefusedError(401, "Unauthorized")
    asked = request.path_params
    return asked.get("plural", "namespaces"), asked.get("space", ""), asked.get("name", "")


def found_at(key: tuple[str, str, str]) -> Row:
    if key not in _kept:
        raise RefusedError(404, f'{titled(key[0])} "{key[2]}" not found', **details(key[0], key[2]))
    return _kept[key]


def versioned(one: Row) -> Row:
    _version[0] += 1
    one["metadata"]["resourceVersion"] = str(_version[0])
    return one


def invalid(plural: str, name: str, field: str, message: str) -> RefusedError:
    kind = KINDS[plural][0]
    causes = [{"reason": "FieldValueInvalid", "message": message, "field": field}]
    told = f'{kind}{"." + KINDS[plural][2] if KINDS[plural][2] else ""} "{name}" is invalid: {field}: {message}'
    return RefusedError(422, told, **{**details(plural, name), "kind": kind, "causes": causes})


def filled(plural: str, name: str, asked: Row) -> Row:
    """Give the parts of an object beside its metadata, with what the cluster supposes."""
    if plural == "namespaces":
        return {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
    if plural == "configmaps":
        return {"data": asked["data"]} if "data" in asked else {}
    spec = {"replicas": 1, **asked.get("spec", {})}
    if not isinstance(spec["replicas"], int) or spec["replicas"] < 0:
        message = f"Invalid value: {spec['replicas']}: must be greater than or equal to 0"
        raise invalid(plural, name, "spec.replicas", message)
    if "selector" not in spec:
        raise invalid(plural, name, "spec.selector", "Required value")
    return {"spec": {**spec, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}}


async def create(request: Request) -> Response:
    plural, space, _ = place(request)
    asked = await sent(request)
    told = asked.get("metadata", {})
    name = told.get("name") or (told["generateName"] + secrets.token_hex(3)[:5] if "generateName" in told else "")
    if not name:
        raise invalid(plural, "", "metadata.name", "Required value: name or generateName is required")
    if not NAME.fullmatch(name):
        message = f'Invalid value: "{name}": a lowercase RFC 1123 subdomain must consist of lower case characters'
        raise invalid(plural, name, "metadata.name", message)
    if space:
        found_at(("namespaces", "", space))
    if (plural, space, name) in _kept:
        raise RefusedError(409, f'{titled(plural)} "{name}" already exists', "AlreadyExists", **details(plural, name))
    metadata = {"name": name} | ({"namespace": space} if space else {}) | {"uid": str(uuid4())}
    metadata |= {"creationTimestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if plural == "deployments":
        metadata["generation"] = 1
    metadata |= {key: told[key] for key in ("labels", "annotations") if key in told}
    parts = filled(plural, name, asked)
    made = {"kind": KINDS[plural][0], "apiVersion": KINDS[plural][1], "metadata": metadata, **parts}
    if plural == "deployments":
        made["status"] = {}
    _kept[plural, space, name] = versioned(made)
    return JSONResponse(made, 201)


def selected(one: Row, selector: str) -> bool:
    labels = one["metadata"].get("labels", {})
    for part in filter(None, selector.split(",")):
        key, unequal, value = part.partition("!=")
        if not unequal:
            key, _, value = part.partition("=")
        if not (key in labels if "=" not in part else (labels.get(key) == value.lstrip("=")) != bool(unequal)):
            return False
    return True


async def listed(request: Request) -> Response:
    plural, space, _ = place(request)
    asked = request.query_params
    found = [one for key, one in sorted(_kept.items()) if key[0] == plural and space in ("", key[1])]
    found = [one for one in found if selected(one, asked.get("labelSelector", ""))]
    if name := asked.get("fieldSelector", "").removeprefix("metadata.name="):
        found = [one for one in found if one["metadata"]["name"] == name]
    shown = [{key: part for key, part in one.items() if key not in ("kind", "apiVersion")} for one in found]
    metadata: Row = {"resourceVersion": str(_version[0])}
    limit = int(asked.get("limit", 0))
    if limit and len(shown) > limit:
        metadata |= {"remainingItemCount": len(shown) - limit}
        shown = shown[:limit]
    kind, version, _ = KINDS[plural]
    return JSONResponse({"kind": f"{kind}List", "apiVersion": version, "metadata": metadata, "items": shown})


def merged(old: Any, patch: Any) -> Any:
    """Apply a merge patch of RFC 7396."""
    if not isinstance(patch, dict) or not isinstance(old, dict):
        return patch
    both = {key: merged(old.get(key), value) for key, value in patch.items() if value is not None}
    return {key: value for key, value in old.items() if key not in patch} | both


def replaced(key: tuple[str, str, str], asked: Row) -> Row:
    """Put what was asked in the place of an object, unless it was read before somebody changed it."""
    old, told = found_at(key), asked.get("metadata", {})
    if told.get("resourceVersion", old["metadata"]["resourceVersion"]) != old["metadata"]["resourceVersion"]:
        message = f'Operation cannot be fulfilled on {titled(key[0])} "{key[2]}": the object has been modified; '
        message += "please apply your changes to the latest version and try again"
        raise RefusedError(409, message, **details(key[0], key[2]))
    kept = {name: part for name, part in old["metadata"].items() if name not in ("labels", "annotations")}
    metadata = kept | {name: told[name] for name in ("labels", "annotations") if told.get(name)}
    parts = filled(key[0], key[2], asked)
    if key[0] == "deployments" and parts["spec"] != old["spec"]:
        metadata["generation"] += 1
    new = {"kind": old["kind"], "apiVersion": old["apiVersion"], "metadata": metadata, **parts}
    if "status" in old:
        new["status"] = old["status"]
    if new != old:
        _kept[key] = versioned(new)
    return _kept[key]


async def one(request: Request) -> Response:
    key = place(request)
    found = found_at(key)
    if request.method == "DELETE":
        del _kept[key]
        for below in [other for other in _kept if key[0] == "namespaces" and other[1] == key[2]]:
            del _kept[below]
        told: Row = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
        return JSONResponse({**told, "details": {**details(key[0], key[2]), "uid": found["metadata"]["uid"]}})
    if request.method == "PUT":
        asked = await sent(request)
        if asked.get("metadata", {}).get("name") != key[2]:
            told = f"the name of the object ({asked.get('metadata', {}).get('name', '')}) does not match"
            raise RefusedError(400, f"{told} the name on the URL ({key[2]})")
        found = replaced(key, asked)
    if request.method == "PATCH":
        found = replaced(key, merged(found, await sent(request)))
    return JSONResponse(found)


async def scale(request: Request) -> Response:
    key = place(request)
    found = found_at(key)
    if request.method != "GET":
        asked = (await sent(request)).get("spec", {}).get("replicas", 0)
        found = replaced(key, {**found, "spec": {**found["spec"], "replicas": asked}})
    metadata = {name: found["metadata"][name] for name in ("name", "namespace", "uid", "resourceVersion")}
    metadata["creationTimestamp"] = found["metadata"]["creationTimestamp"]
    labels = found["spec"]["selector"].get("matchLabels", {})
    status = {"replicas": 0, "selector": ",".join(f"{name}={value}" for name, value in labels.items())}
    told = {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata}
    return JSONResponse({**told, "spec": {"replicas": found["spec"]["replicas"]}, "status": status})


ONE: Final = ["GET", "PUT", "PATCH", "DELETE"]
DEPLOYMENTS: Final = "/apis/apps/v1/namespaces/{space}/{plural}"
app = Starlette(
    routes=[
        Route("/api/v1/namespaces", create, methods=["POST"]),
        Route("/api/v1/namespaces", listed),
        Route("/api/v1/namespaces/{name}", one, methods=ONE),
        Route("/api/v1/{plural}", listed),
        Route("/api/v1/namespaces/{space}/{plural}", create, methods=["POST"]),
        Route("/api/v1/namespaces/{space}/{plural}", listed),
        Route("/api/v1/namespaces/{space}/{plural}/{name}", one, methods=ONE),
        Route("/apis/apps/v1/{plural}", listed),
        Route(DEPLOYMENTS, create, methods=["POST"]),
        Route(DEPLOYMENTS, listed),
        Route(DEPLOYMENTS + "/{name}", one, methods=ONE),
        Route(DEPLOYMENTS + "/{name}/scale", scale, methods=["GET", "PUT", "PATCH"]),
    ],
    exception_handlers={RefusedError: refused},
)
