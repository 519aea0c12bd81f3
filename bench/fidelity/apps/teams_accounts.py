"""The accounts of the organisations' members: signing up and in, tokens, what each is notified of."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bench.fidelity.apps.parts import bearer, json_object, now, short_id

Row = dict[str, Any]

NOTIFICATIONS: Final = {
    "email": {"invitations": True, "project_updates": True, "security": True, "newsletter": False},
    "digest": "weekly",
    "quiet_hours": None,
}

USERS: Final[dict[str, Row]] = {}
TOKENS: Final[dict[str, str]] = {}
ORGS: Final[dict[str, Row]] = {}


class RefusedError(Exception):
    """A refusal: its status, and what the answer's `error` holds."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.error = status, {"code": code, "message": message, **more}


def fail(_: Request, error: Exception) -> Response:
    if isinstance(error, RefusedError):
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return JSONResponse({"error": error.error}, error.status, headers)
    return JSONResponse({"error": {"code": "invalid_json", "message": str(error)}}, 400)


def user_of(request: Request) -> Row:
    token = bearer(request)
    if not token:
        raise RefusedError(401, "unauthenticated", "Provide a bearer token.")
    if token not in TOKENS:
        raise RefusedError(401, "token_invalid", "The token is invalid or was revoked.")
    return USERS[TOKENS[token]]


def invalid(**fields: str) -> RefusedError:
    problems = [{"field": name, "message": message} for name, message in fields.items()]
    return RefusedError(422, "validation_failed", "The request is not valid.", fields=problems)


def text_of(sent: Row, *names: str) -> list[str]:
    missing = {name: "can't be blank" for name in names if not str(sent.get(name) or "").strip()}
    if missing:
        raise invalid(**missing)
    return [str(sent[name]).strip() for name in names]


def profile(user: Row) -> Row:
    return {key: user[key] for key in ("id", "email", "name", "created_at")}


def secret_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def signed_in(user: Row, status: int) -> Response:
    token = secrets.token_urlsafe(32)
    TOKENS[token] = user["id"]
    body = {"access_token": token, "token_type": "Bearer", "expires_in": 86400, "user": profile(user)}
    return JSONResponse(body, status)


async def sign_up(request: Request) -> Response:
    sent = await json_object(request)
    email, password, name = text_of(sent, "email", "password", "name")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", email):
        raise invalid(email="is not an email address")
    if len(password) < 10:
        raise invalid(password="is too short (minimum is 10 characters)")
    if any(one["email"] == email.lower() for one in USERS.values()):
        raise RefusedError(409, "email_taken", "An account with this email exists.")
    user = {"id": short_id("usr_"), "email": email.lower(), "name": name, "created_at": now()}
    USERS[user["id"]] = user | {"password": secret_of(password), "notifications": dict(NOTIFICATIONS)}
    return signed_in(USERS[user["id"]], 201)


async def sign_in(request: Request) -> Response:
    email, password = text_of(await json_object(request), "email", "password")
    for user in USERS.values():
        if user["email"] == email.lower() and user["password"] == secret_of(password):
            return signed_in(user, 200)
    raise RefusedError(401, "invalid_credentials", "Email or password is incorrect.")


async def sign_out(request: Request) -> Response:
    user_of(request)
    del TOKENS[bearer(request)]
    return Response(status_code=204)


async def me(request: Request) -> Response:
    user = user_of(request)
    mine = [one for one in ORGS.values() if user["id"] in one["members"]]
    roles = [{"organization": one["slug"], "role": one["members"][user["id"]]["role"]} for one in mine]
    return JSONResponse(profile(user) | {"memberships": roles})


async def notifications(request: Request) -> Response:
    user = user_of(request)
    if request.method == "GET":
        return JSONResponse(user["notifications"])
    sent, kept = await json_object(request), user["notifications"]
    if unknown := [name for name in sent if name not in kept]:
        raise invalid(**{unknown[0]: "is unknown"})
    if sent.get("digest", "off") not in ("off", "daily", "weekly"):
        raise invalid(digest="must be off, daily or weekly")
    user["notifications"] = kept | sent | {"email": kept["email"] | sent.get("email", {})}
    return JSONResponse(user["notifications"])
