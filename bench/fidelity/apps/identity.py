"""Identities in the style of SCIM: users and groups with filters, patches and roles; tokens by password."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now

Row = dict[str, Any]

MEDIA: Final = "application/scim+json"
USERS: Final = "/scim/v2/Users"
CORE: Final = "urn:ietf:params:scim:schemas:core:2.0:"
API: Final = "urn:ietf:params:scim:api:messages:2.0:"
TOKEN_S: Final = 3600
ROLES: Final = ("member", "auditor", "admin")
# Names are compared without case (RFC 7643 §2.2); what may be sorted and filtered by.
ATTRIBUTES: Final = (
    "userName",
    "externalId",
    "displayName",
    "active",
    "title",
    "name.familyName",
    "emails.value",
    "id",
)
_users: dict[str, Row] = {}
_groups: dict[str, Row] = {}
_passwords: dict[str, str] = {}
_tokens: dict[str, tuple[str, float]] = {}


class RefusedError(Exception):
    """A refusal in the form of RFC 7644 §3.12: its status, its detail, and the scimType where there is one."""

    def __init__(self, status: int, detail: str, scim_type: str = "") -> None:
        self.status = status
        kind = {"scimType": scim_type} if scim_type else {}
        self.body = {"schemas": [f"{API}Error"], **kind, "detail": detail, "status": str(status)}


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        error = RefusedError(400, str(error), "invalidSyntax")
    headers = {"WWW-Authenticate": 'Bearer realm="identity"'} if error.status == 401 else None
    return JSONResponse(error.body, error.status, headers, MEDIA)


def meta(kind: str, number: str) -> Row:
    return {"resourceType": kind, "created": now(), "lastModified": now(), "location": f"/scim/v2/{kind}s/{number}"}


def seed(name: str, role: str, password: str) -> None:
    number = str(uuid4())
    user: Row = {"schemas": [f"{CORE}User"], "id": number, "userName": name, "displayName": name.title()}
    user |= {"active": True, "roles": [{"value": role, "primary": True}], "emails": []}
    _users[number] = {**user, "meta": meta("User", number)}
    _passwords[number] = password


seed("root", "admin", "correct-horse-7")
seed("audra", "auditor", "battery-staple-8")


def role_of(user: Row) -> str:
    return str(user["roles"][0]["value"])


def caller(request: Request, role: str = "member") -> Row:
    """Give who asks, when its role is at least this; raises RefusedError."""
    number, until = _tokens.get(bearer(request), ("", 0.0))
    user = _users.get(number)
    if user is None or until <= time.time():
        raise RefusedError(401, "The access token is missing, unknown or expired")
    if ROLES.index(role_of(user)) < ROLES.index(role):
        raise RefusedError(403, f"This needs the role {role}")
    return user


async def token(request: Request) -> Response:
    asked = await json_object(request)
    name, password = str(asked.get("username", "")).lower(), asked.get("password")
    found = next((one for one in _users.values() if one["userName"].lower() == name), None)
    if found is None or password is None or _passwords.get(found["id"]) != password:
        return JSONResponse({"error": "invalid_grant", "error_description": "Wrong user name or password"}, 400)
    if not found["active"]:
        return JSONResponse({"error": "access_denied", "error_description": "The account is deactivated"}, 403)
    made = secrets.token_urlsafe(30)
    _tokens[made] = found["id"], time.time() + TOKEN_S
    told = {"access_token": made, "token_type": "Bearer", "expires_in": TOKEN_S, "scope": role_of(found)}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def revoke(request: Request) -> Response:
    caller(request)
    del _tokens[bearer(request)]
    return Response(status_code=204)


def known(request: Request, kind: str) -> Row:
    number = request.path_params["id"]
    found = (_users if kind == "User" else _groups).get(number)
    if found is None:
        raise RefusedError(404, f"Resource {number} not found")
    return found


def shown(row: Row) -> Row:
    """Give a resource with what is worked out from others: a user's groups, the names of a group's members."""
    if "members" in row:
        members = [{"value": one, "display": _users[one]["userName"], "type": "User"} for one in row["members"]]
        return {**row, "members": members}
    groups = [one for one in _groups.values() if row["id"] in one["members"]]
    return {**row, "groups": [{"value": one["id"], "display": one["displayName"]} for one in groups]}


def answer(row: Row, status: int = 200) -> Response:
    location = {"Location": row["meta"]["location"]} if status == 201 else {}
    return JSONResponse(shown(row), status, location, MEDIA)


def value_at(row: Row, path: str) -> list[Any]:
    """Give the values at a path: those of each object of a list."""
    name, _, rest = path.partition(".")
    found = next((value for key, value in row.items() if key.lower() == name.lower()), None)
    rows = found if isinstance(found, list) else [found]
    return [each for one in rows if isinstance(one, dict) for each in value_at(one, rest)] if rest else rows


def term_of(text: str) -> tuple[str, str, str]:
    """Give the attribute, operator and value of one comparison, as `userName eq "ada"` or `title pr`."""
    found = re.fullmatch(
        r"""\s*([\w.]+)\s+(?:(pr)|(eq|ne|co|sw)\s+(?:"([^"]*)"|(true|false)))\s*""", text, re.IGNORECASE
    )
    if not found or found[1].lower() not in [name.lower() for name in ATTRIBUTES]:
        raise RefusedError(400, f"The filter is not understood: {text}", "invalidFilter")
    return found[1], (found[2] or found[3]).lower(), (found[4] or found[5] or "").lower()


def passes(row: Row, terms: list[tuple[str, str, str]]) -> bool:
    for path, operator, wanted in terms:
        values = [str(one).lower() for one in value_at(row, path) if one is not None]
        ways = {"eq": wanted in values, "ne": wanted not in values, "pr": bool(values)}
        ways |= {"co": any(wanted in one for one in values), "sw": any(one.startswith(wanted) for one in values)}
        if not ways[operator]:
            return False
    return True


def listed(request: Request, rows: list[Row]) -> Response:
    asked = request.query_params
    terms = [term_of(one) for one in re.split(r"\s+and\s+", asked["filter"])] if asked.get("filter") else []
    found = [one for one in map(shown, rows) if passes(one, terms)]
    if path := asked.get("sortBy"):
        if path.lower() not in [name.lower() for name in ATTRIBUTES]:
            raise RefusedError(400, f"Cannot sort by {path}", "invalidPath")
        descending = asked.get("sortOrder") == "descending"
        found.sort(key=lambda one: str((value_at(one, path) or [""])[0]).lower(), reverse=descending)
    given = {name: asked.get(name, default) for name, default in (("startIndex", "1"), ("count", "10"))}
    if not all(re.fullmatch(r"-?\d+", one) for one in given.values()):
        raise RefusedError(400, "startIndex and count must be whole numbers", "invalidValue")
    start, most = max(int(given["startIndex"]), 1), min(max(int(given["count"]), 0), 50)
    page = found[start - 1 : start - 1 + most]
    if wanted := [name.strip() for name in asked.get("attributes", "").split(",") if name.strip()]:
        page = [{name: one[name] for name in ("schemas", "id", *wanted) if name in one} for one in page]
    head = {"schemas": [f"{API}ListResponse"], "totalResults": len(found), "startIndex": start}
    return JSONResponse({**head, "itemsPerPage": len(page), "Resources": page}, media_type=MEDIA)


def person_of(asked: Row, number: str = "") -> Row:
    """Check the attributes of a user, and give those that are kept."""
    name, emails = asked.get("userName"), asked.get("emails", [])
    if not isinstance(name, str) or not re.fullmatch(r"[\w.@+-]{3,60}", name):
        raise RefusedError(400, "userName is required: 3 to 60 letters, digits or .@+-_", "invalidValue")
    if any(one["userName"].lower() == name.lower() and one["id"] != number for one in _users.values()):
        raise RefusedError(409, f"userName {name} is taken", "uniqueness")
    if not isinstance(emails, list) or not all(
        isinstance(one, dict) and "@" in str(one.get("value")) for one in emails
    ):
        raise RefusedError(400, "emails must be objects with an address as value", "invalidValue")
    roles = asked.get("roles", [{"value": "member", "primary": True}])
    if not roles or roles[0].get("value") not in ROLES:
        raise RefusedError(400, f"The role must be one of {', '.join(ROLES)}", "invalidValue")
    kept: Row = {"userName": name, "displayName": asked.get("displayName") or name, "active": asked.get("active", True)}
    kept |= {each: asked[each] for each in ("externalId", "title", "name") if asked.get(each) is not None}
    if isinstance(kept.get("name"), dict):
        parts = [kept["name"].get("givenName"), kept["name"].get("familyName")]
        kept["name"] = {**kept["name"], "formatted": " ".join(filter(None, parts))}
    return {**kept, "emails": emails, "roles": roles}


def group_of(asked: Row, number: str = "") -> Row:
    name = asked.get("displayName")
    if not name:
        raise RefusedError(400, "displayName is required", "invalidValue")
    if any(one["displayName"].lower() == str(name).lower() and one["id"] != number for one in _groups.values()):
        raise RefusedError(409, f"A group named {name} exists", "uniqueness")
    members = [str(one.get("value") if isinstance(one, dict) else one) for one in asked.get("members", [])]
    if missing := [one for one in members if one not in _users]:
        raise RefusedError(400, f"No such member: {missing[0]}", "invalidValue")
    return {"displayName": name, "members": list(dict.fromkeys(members))}


CHECKS: Final = {"User": person_of, "Group": group_of}


async def collection(request: Request) -> Response:
    kind = request.url.path.rsplit("/", 1)[1].removesuffix("s")
    rows = _users if kind == "User" else _groups
    if request.method == "GET":
        caller(request, "auditor")
        return listed(request, list(rows.values()))
    caller(request, "admin")
    asked, number = await json_object(request), str(uuid4())
    kept = CHECKS[kind](asked)
    rows[number] = {"schemas": [CORE + kind], "id": number, **kept, "meta": meta(kind, number)}
    if kind == "User" and asked.get("password"):
        _passwords[number] = str(asked["password"])
    return answer(rows[number], 201)


def replace(row: Row, kept: Row, kind: str) -> None:
    fixed = {name: row[name] for name in ("schemas", "id", "meta")}
    row.clear()
    row |= {"schemas": fixed["schemas"], "id": fixed["id"], **kept}
    row["meta"] = {**fixed["meta"], "lastModified": now()}
    if kind == "User" and not row["active"]:
        # Who is deactivated is signed out everywhere.
        for token in [token for token, (number, _) in _tokens.items() if number == row["id"]]:
            del _tokens[token]


async def resource(request: Request) -> Response:
    kind = request.url.path.split("/")[3].removesuffix("s")
    user = caller(request)
    own = kind == "User" and request.path_params["id"] == user["id"]
    if not (own and request.method == "GET"):
        caller(request, "auditor" if request.method == "GET" else "admin")
    found = known(request, kind)
    if request.method == "DELETE":
        if own:
            raise RefusedError(409, "You cannot delete your own account")
        del (_users if kind == "User" else _groups)[found["id"]]
        for group in _groups.values():
            group["members"] = [one for one in group["members"] if one != found["id"]]
        return Response(status_code=204)
    if request.method != "GET":
        asked = await json_object(request)
        changed = asked if request.method == "PUT" else patched(found, asked)
        replace(found, CHECKS[kind](changed, found["id"]), kind)
        if kind == "User" and request.method == "PUT" and asked.get("password"):
            _passwords[found["id"]] = str(asked["password"])
    return answer(found)


def patched(row: Row, asked: Row) -> Row:
    """Give the resource after the operations of a patch (RFC 7644 §3.5.2)."""
    if f"{API}PatchOp" not in asked.get("schemas", []) or not isinstance(asked.get("Operations"), list):
        raise RefusedError(400, "Send schemas with PatchOp, and Operations", "invalidSyntax")
    changed = {name: list(value) if isinstance(value, list) else value for name, value in row.items()}
    for one in asked["Operations"]:
        verb, path, value = str(one.get("op", "")).lower(), one.get("path"), one.get("value")
        if verb not in ("add", "replace", "remove"):
            raise RefusedError(400, f"The operation {one.get('op')} is not known", "invalidSyntax")
        if path is None and (verb == "remove" or not isinstance(value, dict)):
            raise RefusedError(400, "Without a path, value must be an object", "noTarget")
        for name, given in [(path, value)] if path else list(value.items()):
            apply(changed, verb, name, given)
    return changed


def apply(row: Row, verb: str, path: str, value: Any) -> None:
    selected = re.fullmatch(r'(members|emails)\[value eq "([^"]+)"\]', path)
    name, _, part = path.partition(".")
    if selected and verb == "remove":
        kept = [one for one in row.get(selected[1], []) if selected[2] not in (one, value_of(one))]
        if len(kept) == len(row.get(selected[1], [])):
            raise RefusedError(400, f"Nothing at {path}", "noTarget")
        row[selected[1]] = kept
    elif name not in ("userName", "displayName", "externalId", "title", "active", "name", "emails", "roles", "members"):
        raise RefusedError(400, f"The path {path} cannot be changed", "invalidPath")
    elif verb == "remove":
        row.pop(name, None) if name not in ("emails", "members") else row.update({name: []})
    elif part:
        row[name] = {**(row.get(name) or {}), part: value}
    elif verb == "add" and name in ("emails", "members"):
        row[name] = [*row.get(name, []), *(value if isinstance(value, list) else [value])]
    else:
        row[name] = value


def value_of(one: object) -> object:
    return one.get("value") if isinstance(one, dict) else one


async def me(request: Request) -> Response:
    return answer(caller(request))


app = Starlette(
    routes=[
        Route("/auth/token", token, methods=["POST"]),
        Route("/auth/token", revoke, methods=["DELETE"]),
        Route("/scim/v2/Me", me),
        Route(USERS, collection, methods=["GET", "POST"]),
        Route(USERS + "/{id}", resource, methods=["GET", "PUT", "PATCH", "DELETE"]),
        Route("/scim/v2/Groups", collection, methods=["GET", "POST"]),
        Route("/scim/v2/Groups/{id}", resource, methods=["GET", "PUT", "PATCH", "DELETE"]),
    ],
    exception_handlers={RefusedError: refused, BodyError: refused},
)
