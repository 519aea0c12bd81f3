"""Organisations and their teams: invitations, roles, ownership, API keys, an audit log, projects with a bin."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now, short_id
from bench.fidelity.apps.teams_accounts import (
    ORGS,
    TOKENS,
    USERS,
    RefusedError,
    Row,
    fail,
    invalid,
    me,
    notifications,
    secret_of,
    sign_in,
    sign_out,
    sign_up,
    text_of,
    user_of,
)

RANKS: Final = {"viewer": 0, "member": 1, "admin": 2, "owner": 3}
SCOPES: Final = ("projects:read", "projects:write", "members:read")
PROJECT_LIMIT: Final = 3
_invitations: Final[dict[str, Row]] = {}


def org_of(request: Request, at_least: str = "viewer") -> tuple[Row, Row]:
    """Give the organisation and who asks; who is no member is told that there is none."""
    user = user_of(request)
    org = ORGS.get(request.path_params["slug"])
    if org is None or user["id"] not in org["members"]:
        raise RefusedError(404, "organization_not_found", "Organization not found.")
    role = org["members"][user["id"]]["role"]
    if RANKS[role] < RANKS[at_least]:
        message = f"Your role ({role}) does not allow this; {at_least} or higher is required."
        raise RefusedError(403, "insufficient_role", message, required_role=at_least, your_role=role)
    return org, user


def log(org: Row, actor: Row, action: str, kind: str, target: str, **changes: Any) -> None:
    org["log"].insert(
        0,
        {
            "id": short_id("evt_"),
            "action": action,
            "actor": {"id": actor["id"], "name": actor["name"]},
            "target": {"type": kind, "id": target},
            "changes": changes or None,
            "created_at": now(),
        },
    )


def role_of(sent: Row) -> str:
    role = sent.get("role", "member")
    if role not in RANKS:
        raise invalid(role=f"must be one of {', '.join(list(RANKS)[:3])}")
    if role == "owner":
        raise invalid(role="ownership can only be transferred")
    return str(role)


def shown(org: Row, user: Row) -> Row:
    open_ = [one for one in org["projects"].values() if not one["deleted_at"]]
    return {key: org[key] for key in ("id", "slug", "name", "description", "created_at")} | {
        "member_count": len(org["members"]),
        "project_count": len(open_),
        "your_role": org["members"][user["id"]]["role"],
    }


async def new_org(request: Request) -> Response:
    user, sent = user_of(request), await json_object(request)
    (name,) = text_of(sent, "name")
    slug = sent.get("slug") or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise invalid(slug="may only hold lower-case letters, digits and single hyphens")
    if slug in ORGS:
        raise RefusedError(409, "slug_taken", f"The slug '{slug}' is taken.")
    org: Row = {"id": short_id("org_"), "slug": slug, "name": name, "description": sent.get("description")}
    org |= {"created_at": now(), "members": {}, "projects": {}, "keys": {}, "log": []}
    ORGS[slug] = org
    org["members"][user["id"]] = {"role": "owner", "joined_at": org["created_at"]}
    log(org, user, "organization.created", "organization", org["id"])
    return JSONResponse(shown(org, user), 201, {"Location": f"/v1/orgs/{slug}"})


async def my_orgs(request: Request) -> Response:
    user = user_of(request)
    return JSONResponse({"data": [shown(one, user) for one in ORGS.values() if user["id"] in one["members"]]})


async def one_org(request: Request) -> Response:
    org, user = org_of(request, {"GET": "viewer", "PATCH": "admin", "DELETE": "owner"}[request.method])
    if request.method == "DELETE":
        if any(not one["deleted_at"] for one in org["projects"].values()):
            raise RefusedError(409, "organization_not_empty", "Delete the projects first.")
        del ORGS[org["slug"]]
        return Response(status_code=204)
    if request.method == "PATCH":
        sent = await json_object(request)
        changes = {key: sent[key] for key in ("name", "description") if key in sent}
        if "name" in changes:
            text_of(sent, "name")
        org |= changes
        log(org, user, "organization.updated", "organization", org["id"], **changes)
    return JSONResponse(shown(org, user))


def invitation_view(one: Row) -> Row:
    status = one["status"]
    if status == "pending" and one["expires"] <= datetime.now(UTC).timestamp():
        status = "expired"
    keys = ("id", "email", "role", "invited_by", "created_at", "expires_at")
    return {key: one[key] for key in keys} | {"status": status}


async def invitations(request: Request) -> Response:
    org, user = org_of(request, "admin")
    mine = [one for one in _invitations.values() if one["org"] == org["slug"]]
    if request.method == "GET":
        views = [invitation_view(one) for one in mine]
        status = request.query_params.get("status")
        return JSONResponse({"data": [one for one in views if status in (None, one["status"])]})
    sent = await json_object(request)
    email, role = text_of(sent, "email")[0].lower(), role_of(sent)
    hours = sent.get("expires_in_hours", 72)
    if not isinstance(hours, int) or hours < 0:
        raise invalid(expires_in_hours="must be a number of hours")
    if any(USERS[key]["email"] == email for key in org["members"]):
        raise RefusedError(409, "already_member", f"{email} is a member already.")
    if any(one["email"] == email and invitation_view(one)["status"] == "pending" for one in mine):
        raise RefusedError(409, "already_invited", f"{email} was invited already.")
    made = {"id": short_id("inv_"), "org": org["slug"], "email": email, "role": role, "status": "pending"}
    made |= {"invited_by": user["id"], "created_at": now(), "expires_at": now(hours * 3600)}
    made["expires"] = datetime.now(UTC).timestamp() + hours * 3600
    token = secrets.token_hex(20)
    _invitations[token] = made
    log(org, user, "invitation.created", "invitation", made["id"], email=email, role=role)
    return JSONResponse(invitation_view(made) | {"token": token}, 201)


async def revoke(request: Request) -> Response:
    org, user = org_of(request, "admin")
    for one in _invitations.values():
        if one["id"] == request.path_params["id"] and one["org"] == org["slug"]:
            if one["status"] != "pending":
                raise RefusedError(409, "invitation_closed", f"The invitation is {one['status']}.")
            one["status"] = "revoked"
            log(org, user, "invitation.revoked", "invitation", one["id"])
            return Response(status_code=204)
    raise RefusedError(404, "invitation_not_found", "Invitation not found.")


async def preview(request: Request) -> Response:
    one = _invitations.get(request.path_params["token"])
    if one is None or one["org"] not in ORGS:
        raise RefusedError(404, "invitation_not_found", "Invitation not found.")
    view, org = invitation_view(one), ORGS[one["org"]]
    inviter = USERS[one["invited_by"]]["name"]
    return JSONResponse(
        {"organization": {"slug": org["slug"], "name": org["name"]}, "role": view["role"]}
        | {"invited_by": inviter, "status": view["status"], "expires_at": view["expires_at"]}
    )


async def accept(request: Request) -> Response:
    user, one = user_of(request), _invitations.get(request.path_params["token"])
    if one is None or one["org"] not in ORGS:
        raise RefusedError(404, "invitation_not_found", "Invitation not found.")
    if user["email"] != one["email"]:
        raise RefusedError(403, "wrong_recipient", "This invitation was sent to another address.")
    status = invitation_view(one)["status"]
    if status != "pending":
        raise RefusedError(409 if status == "accepted" else 410, f"invitation_{status}", f"The invitation is {status}.")
    org = ORGS[one["org"]]
    one["status"] = "accepted"
    org["members"][user["id"]] = {"role": one["role"], "joined_at": now()}
    log(org, user, "member.joined", "user", user["id"], role=one["role"])
    return JSONResponse({"organization": org["slug"], **member_view(org, user["id"])})


def member_view(org: Row, key: str) -> Row:
    return {"user": {name: USERS[key][name] for name in ("id", "name", "email")}, **org["members"][key]}


async def members(request: Request) -> Response:
    org, _ = org_of(request)
    views = [member_view(org, key) for key in org["members"]]
    if role := request.query_params.get("role"):
        views = [one for one in views if one["role"] == role]
    return JSONResponse({"data": views, "total": len(views)})


async def one_member(request: Request) -> Response:
    key = request.path_params["id"]
    itself = request.method == "DELETE" and TOKENS.get(bearer(request)) == key
    org, user = org_of(request, "viewer" if itself or request.method == "GET" else "admin")
    if key not in org["members"]:
        raise RefusedError(404, "member_not_found", "Member not found.")
    if request.method == "GET":
        return JSONResponse(member_view(org, key))
    was = org["members"][key]["role"]
    if was == "owner":
        raise RefusedError(409, "owner_required", "The owner can't be changed; transfer the ownership first.")
    if request.method == "DELETE":
        del org["members"][key]
        log(org, user, "member.left" if itself else "member.removed", "user", key)
        return Response(status_code=204)
    role = role_of(await json_object(request))
    org["members"][key]["role"] = role
    log(org, user, "member.role_changed", "user", key, **{"from": was, "to": role})
    return JSONResponse(member_view(org, key))


async def transfer(request: Request) -> Response:
    org, user = org_of(request, "owner")
    key, password = text_of(await json_object(request), "user_id", "password")
    if secret_of(password) != user["password"]:
        raise RefusedError(403, "password_incorrect", "Confirm with your password.")
    if key not in org["members"]:
        raise invalid(user_id="is not a member")
    if key == user["id"]:
        raise RefusedError(409, "already_owner", "You are the owner already.")
    org["members"][user["id"]]["role"], org["members"][key]["role"] = "admin", "owner"
    log(org, user, "organization.transferred", "user", key)
    return JSONResponse(shown(org, user) | {"owner": member_view(org, key)["user"]})


async def api_keys(request: Request) -> Response:
    org, user = org_of(request, "admin")
    if request.method == "GET":
        return JSONResponse({"data": [key for key in org["keys"].values() if not key["revoked_at"]]})
    sent = await json_object(request)
    (name,) = text_of(sent, "name")
    scopes = sent.get("scopes") or ["projects:read"]
    if unknown := [one for one in scopes if one not in SCOPES]:
        raise invalid(scopes=f"unknown scope {unknown[0]}")
    secret = f"tk_live_{secrets.token_hex(16)}"
    made = {"id": short_id("key_"), "name": name, "scopes": scopes, "hint": f"tk_live_...{secret[-4:]}"}
    made |= {"created_by": user["id"], "created_at": now(), "revoked_at": None}
    org["keys"][secret_of(secret)] = made
    log(org, user, "api_key.created", "api_key", made["id"], name=name)
    return JSONResponse(made | {"secret": secret}, 201)


async def revoke_key(request: Request) -> Response:
    org, user = org_of(request, "admin")
    for key in org["keys"].values():
        if key["id"] == request.path_params["id"] and not key["revoked_at"]:
            key["revoked_at"] = now()
            log(org, user, "api_key.revoked", "api_key", key["id"])
            return Response(status_code=204)
    raise RefusedError(404, "api_key_not_found", "API key not found.")


async def audit_log(request: Request) -> Response:
    org, _ = org_of(request, "admin")
    found, asked = org["log"], request.query_params
    if action := asked.get("action"):
        found = [one for one in found if one["action"] == action]
    limit = asked.get("limit", "10")
    if not limit.isdigit() or not 1 <= int(limit) <= 50:
        raise invalid(limit="must be between 1 and 50")
    ids = [one["id"] for one in found]
    start = ids.index(asked["after"]) + 1 if asked.get("after") in ids else 0
    page = found[start : start + int(limit)]
    more = start + int(limit) < len(found)
    return JSONResponse({"data": page, "has_more": more, "next_cursor": page[-1]["id"] if more else None})


def projects_of(request: Request, scope: str, at_least: str) -> tuple[Row, Row]:
    """Give the organisation and who asks: a member, or who holds one of its API keys."""
    given = request.headers.get("x-api-key")
    if given is None:
        return org_of(request, at_least)
    key = ORGS.get(request.path_params["slug"], {"keys": {}})["keys"].get(secret_of(given))
    if key is None or key["revoked_at"]:
        raise RefusedError(401, "api_key_invalid", "The API key is invalid or was revoked.")
    if scope not in key["scopes"]:
        raise RefusedError(403, "insufficient_scope", f"The API key lacks the scope {scope}.", required_scope=scope)
    return ORGS[request.path_params["slug"]], {"id": key["id"], "name": key["name"]}


def room_for_one(org: Row) -> None:
    used = sum(not one["deleted_at"] for one in org["projects"].values())
    if used >= PROJECT_LIMIT:
        raise RefusedError(402, "project_limit", "Upgrade to add projects.", limit=PROJECT_LIMIT, used=used)


async def projects(request: Request) -> Response:
    if request.method == "GET":
        org, _ = projects_of(request, "projects:read", "viewer")
        deleted = request.query_params.get("deleted") == "true"
        return JSONResponse({"data": [one for one in org["projects"].values() if bool(one["deleted_at"]) == deleted]})
    org, user = projects_of(request, "projects:write", "member")
    sent = await json_object(request)
    (name,) = text_of(sent, "name")
    live = [one for one in org["projects"].values() if not one["deleted_at"]]
    if any(one["name"].lower() == name.lower() for one in live):
        raise RefusedError(409, "name_taken", f"A project named '{name}' exists.")
    room_for_one(org)
    made = {"id": short_id("prj_"), "name": name, "visibility": sent.get("visibility", "private"), "tags": []}
    made |= {"tags": sorted(set(sent.get("tags", []))), "created_by": user["id"], "created_at": now()}
    org["projects"][made["id"]] = made | {"updated_at": made["created_at"], "deleted_at": None}
    log(org, user, "project.created", "project", made["id"], name=name)
    return JSONResponse(org["projects"][made["id"]], 201)


async def one_project(request: Request) -> Response:
    reads = request.method == "GET"
    org, user = projects_of(request, f"projects:{'read' if reads else 'write'}", "viewer" if reads else "member")
    found = org["projects"].get(request.path_params["id"])
    restores = request.url.path.endswith("/restore")
    if found is None or (found["deleted_at"] and not restores):
        raise RefusedError(404, "project_not_found", "Project not found.")
    if reads:
        return JSONResponse(found)
    if restores:
        if not found["deleted_at"]:
            raise RefusedError(409, "project_not_deleted", "The project is not deleted.")
        room_for_one(org)
        found |= {"deleted_at": None, "updated_at": now()}
        log(org, user, "project.restored", "project", found["id"])
    elif request.method == "DELETE":
        found["deleted_at"] = now()
        log(org, user, "project.deleted", "project", found["id"])
        return Response(status_code=204)
    else:
        sent = await json_object(request)
        changes = {key: sent[key] for key in ("name", "visibility", "tags") if key in sent}
        if changes.get("visibility", "private") not in ("private", "internal", "public"):
            raise invalid(visibility="must be private, internal or public")
        found |= changes | {"updated_at": now()}
        log(org, user, "project.updated", "project", found["id"], **changes)
    return JSONResponse(found)


ORG: Final = "/v1/orgs/{slug}"
app: Final = Starlette(
    routes=[
        Route("/v1/signup", sign_up, methods=["POST"]),
        Route("/v1/sessions", sign_in, methods=["POST"]),
        Route("/v1/sessions/current", sign_out, methods=["DELETE"]),
        Route("/v1/me", me),
        Route("/v1/me/notifications", notifications, methods=["GET", "PATCH"]),
        Route("/v1/orgs", new_org, methods=["POST"]),
        Route("/v1/orgs", my_orgs),
        Route(ORG, one_org, methods=["GET", "PATCH", "DELETE"]),
        Route(f"{ORG}/invitations", invitations, methods=["GET", "POST"]),
        Route(f"{ORG}/invitations/{{id}}", revoke, methods=["DELETE"]),
        Route("/v1/invitations/{token}", preview),
        Route("/v1/invitations/{token}/accept", accept, methods=["POST"]),
        Route(f"{ORG}/members", members),
        Route(f"{ORG}/members/{{id}}", one_member, methods=["GET", "PATCH", "DELETE"]),
        Route(f"{ORG}/transfer", transfer, methods=["POST"]),
        Route(f"{ORG}/api-keys", api_keys, methods=["GET", "POST"]),
        Route(f"{ORG}/api-keys/{{id}}", revoke_key, methods=["DELETE"]),
        Route(f"{ORG}/audit-log", audit_log),
        Route(f"{ORG}/projects", projects, methods=["GET", "POST"]),
        Route(f"{ORG}/projects/{{id}}", one_project, methods=["GET", "PATCH", "DELETE"]),
        Route(f"{ORG}/projects/{{id}}/restore", one_project, methods=["POST"]),
    ],
    exception_handlers={RefusedError: fail, BodyError: fail},
)
