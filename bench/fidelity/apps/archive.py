"""A store of documents without a schema: vaults of entries with revisions, bulk writes, queries, a feed of changes."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object

Row = dict[str, Any]

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
_REVISION: Final = re.compile(r"[1-9][0-9]*:[0-9a-f]{10}")
_vaults: dict[str, Row] = {}
_made: Final = count(1)


class RefusedError(Exception):
    """A refusal: its status, the type of the error, why, and what else there is to say."""

    def __init__(self, status: int, kind: str, reason: str, /, **more: object) -> None:
        self.status, self.error = status, {"type": kind, "reason": reason, **more}


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def vault_of(request: Request) -> Row:
    name = request.path_params["vault"]
    if name not in _vaults:
        raise RefusedError(404, "no_such_vault", f"vault [{name}] does not exist", vault=name)
    return _vaults[name]


def revision_after(entry: Row | None, fields: Row, *, removed: bool) -> str:
    """Give the next revision, as `3:9f2c11ab04`: how often it was written, and a digest of what is written on what."""
    before = entry["rev"] if entry else ""
    digest = hashlib.md5(json.dumps([before, removed, fields], sort_keys=True).encode(), usedforsecurity=False)
    return f"{int(before.partition(':')[0] or 0) + 1}:{digest.hexdigest()[:10]}"


def write(vault: Row, key: str, fields: Row, rev: str | None, *, remove: bool = False) -> tuple[Row, str]:
    """Make, replace or remove an entry, and give it with what was done; raises RefusedError where `rev` is stale."""
    found = vault["entries"].get(key)
    live = found is not None and not found["removed"]
    if remove and not live:
        raise RefusedError(404, "not_found", "removed" if found else "missing", id=key)
    if live and rev is None:
        raise RefusedError(409, "revision_conflict", f"[{key}] exists, and no revision was given", id=key)
    if rev is not None and (found is None or rev != found["rev"]):
        raise RefusedError(409, "revision_conflict", f"revision [{rev}] is not the latest", id=key)
    vault["seq"] += 1
    entry = {"id": key, "rev": revision_after(found, fields, removed=remove), "seq": vault["seq"], "stored": now()}
    vault["entries"][key] = {**entry, "removed": remove, "fields": fields}
    return vault["entries"][key], "removed" if remove else "updated" if live else "created"


def fields_of(asked: Row) -> Row:
    """Give what a body has of one's own; raises RefusedError for other members that begin with @."""
    unknown = [name for name in asked if name.startswith("@") and name not in ("@id", "@rev", "@removed")]
    if unknown:
        raise RefusedError(400, "bad_entry", f"unknown reserved field [{unknown[0]}]")
    return {name: value for name, value in asked.items() if not name.startswith("@")}


def revision_in(told: str | None) -> str | None:
    if told is not None and not _REVISION.fullmatch(told):
        raise RefusedError(400, "bad_revision", f"[{told}] is not a revision")
    return told


def shown(entry: Row) -> Row:
    return {"@id": entry["id"], "@rev": entry["rev"], "@stored": entry["stored"], **entry["fields"]}


def written(entry: Row, done: str) -> Row:
    return {"id": entry["id"], "rev": entry["rev"], "seq": entry["seq"], "result": done}


def number_of(request: Request, name: str, default: int) -> int:
    told = request.query_params.get(name)
    if told is None:
        return default
    if not told.isdecimal():
        raise RefusedError(400, "bad_parameter", f"[{name}] must be a whole number", parameter=name)
    return int(told)


async def service(_: Request) -> Response:
    return JSONResponse({"service": "archive", "version": "0.9.3", "features": ["bulk", "query", "changes"]})


async def names(_: Request) -> Response:
    return JSONResponse({"vaults": sorted(_vaults)})


async def vault(request: Request) -> Response:
    name = request.path_params["vault"]
    if request.method == "PUT":
        if not _NAME.fullmatch(name):
            raise RefusedError(400, "bad_name", f"vault names match {_NAME.pattern}")
        if name in _vaults:
            raise RefusedError(409, "vault_exists", f"vault [{name}] exists already", vault=name)
        _vaults[name] = {"name": name, "uid": f"{next(_made):08x}", "opened": now(), "seq": 0, "entries": {}}
        return JSONResponse({"vault": name, "acknowledged": True}, 201, {"Location": f"/{name}"})
    found = vault_of(request)
    if request.method == "DELETE":
        del _vaults[name]
        return JSONResponse({"vault": name, "acknowledged": True})
    gone = sum(entry["removed"] for entry in found["entries"].values())
    counts = {"entries": len(found["entries"]) - gone, "removed": gone, "last_seq": found["seq"]}
    return JSONResponse({"vault": name, "counts": counts, "opened": found["opened"]})


async def entry(request: Request) -> Response:
    stored, key = vault_of(request), request.path_params["id"]
    if request.method in ("GET", "HEAD"):
        found = stored["entries"].get(key)
        if found is None or found["removed"]:
            raise RefusedError(404, "not_found", "removed" if found else "missing", id=key)
        if request.headers.get("if-none-match") == f'"{found["rev"]}"':
            return Response(status_code=304, headers={"ETag": f'"{found["rev"]}"'})
        return JSONResponse(shown(found), headers={"ETag": f'"{found["rev"]}"'})
    fields: Row = {}
    told = request.query_params.get("rev") or request.headers.get("if-match", "").strip('"') or None
    if request.method == "PUT":
        asked = await json_object(request)
        told, fields = told or asked.get("@rev"), fields_of(asked)
    done, what = write(stored, key, fields, revision_in(told), remove=request.method == "DELETE")
    headers = {} if what == "removed" else {"ETag": f'"{done["rev"]}"'}
    return JSONResponse(written(done, what), 201 if what == "created" else 200, headers)


async def add(request: Request) -> Response:
    stored, fields = vault_of(request), fields_of(await json_object(request))
    key = hashlib.sha1(f"{stored['uid']}{stored['seq']}{now()}".encode(), usedforsecurity=False).hexdigest()[:20]
    done, what = write(stored, key, fields, None)
    headers = {"ETag": f'"{done["rev"]}"', "Location": f"/{stored['name']}/entries/{key}"}
    return JSONResponse(written(done, what), 201, headers)


async def bulk(request: Request) -> Response:
    stored, asked = vault_of(request), await json_object(request)
    if not isinstance(asked.get("entries"), list):
        raise RefusedError(400, "bad_bulk", "[entries] must be a list")
    results: list[Row] = []
    for one in asked["entries"]:
        try:
            done, what = write(stored, one["@id"], fields_of(one), one.get("@rev"), remove=one.get("@removed") is True)
            results.append({**written(done, what), "status": 201 if what == "created" else 200})
        except RefusedError as error:
            results.append({"id": one["@id"], "status": error.status, "error": error.error["type"]})
    return JSONResponse({"errors": any("error" in one for one in results), "results": results})


async def listed(request: Request) -> Response:
    rows = [one for one in vault_of(request)["entries"].values() if not one["removed"]]
    skip, limit = number_of(request, "skip", 0), number_of(request, "limit", 50)
    start, end = request.query_params.get("from"), request.query_params.get("to")
    total = len(rows)
    rows.sort(key=lambda one: str(one["id"]), reverse=request.query_params.get("descending") == "true")
    rows = [one for one in rows if (start is None or one["id"] >= start) and (end is None or one["id"] <= end)]
    full = request.query_params.get("include") == "body"
    kept = [
        {"id": one["id"], "rev": one["rev"], **({"entry": shown(one)} if full else {})}
        for one in rows[skip : skip + limit]
    ]
    return JSONResponse({"total": total, "skip": skip, "rows": kept})


def holds(value: object, wanted: object) -> bool:
    if not isinstance(wanted, dict):
        return value == wanted
    tests = {
        "$eq": lambda a, b: a == b,
        "$ne": lambda a, b: a != b,
        "$in": lambda a, b: a in b,
        "$gt": lambda a, b: a is not None and a > b,
        "$gte": lambda a, b: a is not None and a >= b,
        "$lt": lambda a, b: a is not None and a < b,
        "$lte": lambda a, b: a is not None and a <= b,
    }
    unknown = [name for name in wanted if name not in tests]
    if unknown:
        raise RefusedError(400, "bad_query", f"unknown operator [{unknown[0]}]")
    return all(tests[name](value, told) for name, told in wanted.items())


async def query(request: Request) -> Response:
    stored, asked = vault_of(request), await json_object(request)
    where = asked.get("where")
    if not isinstance(where, dict):
        raise RefusedError(400, "bad_query", "[where] must be an object")
    found = [
        one
        for one in sorted(stored["entries"].values(), key=lambda one: str(one["id"]))
        if not one["removed"] and all(holds(one["fields"].get(name), wanted) for name, wanted in where.items())
    ]
    for field, way in reversed([pair for told in asked.get("sort", []) for pair in told.items()]):
        found.sort(key=lambda one: one["fields"].get(field), reverse=way == "desc")
    hits = [shown(one) for one in found[: asked.get("limit", 20)]]
    if "fields" in asked:
        hits = [{name: hit[name] for name in asked["fields"] if name in hit} for hit in hits]
    return JSONResponse({"count": len(found), "hits": hits})


async def changes(request: Request) -> Response:
    stored, since = vault_of(request), number_of(request, "since", 0)
    later = sorted((one for one in stored["entries"].values() if one["seq"] > since), key=lambda one: int(one["seq"]))
    told = later[: number_of(request, "limit", 100)]
    rows = [
        {"seq": one["seq"], "id": one["id"], "rev": one["rev"], **({"removed": True} if one["removed"] else {})}
        for one in told
    ]
    last = told[-1]["seq"] if told else stored["seq"]
    return JSONResponse({"changes": rows, "last_seq": last, "pending": len(later) - len(told)})


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return JSONResponse({"status": error.status, "error": error.error}, error.status)


async def malformed(_: Request, error: Exception) -> Response:
    return JSONResponse({"status": 400, "error": {"type": "bad_json", "reason": str(error)}}, 400)


app = Starlette(
    routes=[
        Route("/", service),
        Route("/-/vaults", names),
        Route("/{vault}", vault, methods=["GET", "PUT", "DELETE"]),
        Route("/{vault}/entries", add, methods=["POST"]),
        Route("/{vault}/entries", listed),
        Route("/{vault}/entries/{id}", entry, methods=["GET", "PUT", "DELETE"]),
        Route("/{vault}/bulk", bulk, methods=["POST"]),
        Route("/{vault}/query", query, methods=["POST"]),
        Route("/{vault}/changes", changes),
    ],
    exception_handlers={BodyError: malformed, RefusedError: refused},
)
