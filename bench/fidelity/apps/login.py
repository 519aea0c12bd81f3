"""Accounts: register, log in, refresh with rotation, several devices, log out, and a profile behind a token."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now

_users: dict[str, dict[str, Any]] = {}
_passwords: dict[str, str] = {}
_devices: dict[int, dict[str, Any]] = {}
_access: dict[str, int] = {}
_refresh: dict[str, int] = {}
_used: dict[str, int] = {}


def refused(status: int, error: str, description: str, /, **more: object) -> Response:
    headers = {"WWW-Authenticate": f'Bearer error="{error}"'} if status == 401 else {}
    return JSONResponse({"error": error, "error_description": description, **more}, status, headers)


def invalid(asked: dict[str, Any]) -> list[dict[str, Any]]:
    wrong = []
    if "@" not in str(asked.get("email", "")):
        wrong.append({"loc": ["body", "email"], "msg": "value is not a valid email address", "type": "value_error"})
    if len(str(asked.get("password", ""))) < 8:
        message = "ensure this value has at least 8 characters"
        wrong.append({"loc": ["body", "password"], "msg": message, "type": "value_error.min_length"})
    if not asked.get("name"):
        wrong.append({"loc": ["body", "name"], "msg": "field required", "type": "missing"})
    return wrong


def tokens(device: int) -> dict[str, Any]:
    access, refresh = f"at-{secrets.token_hex(16)}", f"rt-{secrets.token_hex(20)}"
    _access[access], _refresh[refresh] = device, device
    return {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 900}


async def register(request: Request) -> Response:
    asked = await json_object(request)
    if wrong := invalid(asked):
        return JSONResponse({"detail": wrong}, 422)
    email = asked["email"].lower()
    if email in _users:
        return refused(409, "email_taken", f"An account for {email} exists already")
    user = {"id": len(_users) + 1, "email": email, "name": asked["name"], "role": "member", "verified": False}
    user |= {"preferences": {"language": asked.get("language", "en"), "newsletter": False}, "created_at": now()}
    _users[email], _passwords[email] = user, asked["password"]
    return JSONResponse({"user": user}, 201, {"Location": f"/users/{user['id']}"})


async def log_in(request: Request) -> Response:
    asked = await json_object(request)
    email = str(asked.get("email", "")).lower()
    if _passwords.get(email) is None or _passwords[email] != asked.get("password"):
        return refused(401, "invalid_credentials", "Email or password is wrong")
    device = len(_devices) + 1
    _devices[device] = {
        "id": device,
        "email": email,
        "name": asked.get("device", "unknown"),
        "logged_in_at": now(),
    }
    answer = JSONResponse({**tokens(device), "user": _users[email]})
    answer.set_cookie("device", str(device), httponly=True, path="/")
    return answer


async def refresh(request: Request) -> Response:
    token = str((await json_object(request)).get("refresh_token", ""))
    if token in _used:
        close(_used[token])
        return refused(401, "token_reused", "The refresh token was used before; the device was logged out")
    device = _refresh.pop(token, None)
    if device is None:
        return refused(401, "invalid_grant", "The refresh token is unknown")
    _used[token] = device
    for access in [access for access, owner in _access.items() if owner == device]:
        del _access[access]
    return JSONResponse(tokens(device))


def close(device: int) -> None:
    _devices.pop(device, None)
    for table in (_access, _refresh):
        for token in [token for token, owner in table.items() if owner == device]:
            del table[token]


def device_of(request: Request) -> int | None:
    return _access.get(bearer(request))


async def me(request: Request) -> Response:
    device = device_of(request)
    if device is None:
        return refused(401, "invalid_token", "The access token is missing, unknown or expired")
    user = _users[_devices[device]["email"]]
    if request.method == "PATCH":
        asked = await json_object(request)
        if unknown := sorted(set(asked) - {"name", "preferences"}):
            return refused(400, "unknown_fields", "Some fields cannot be changed", fields=unknown)
        user["name"] = asked.get("name", user["name"])
        user["preferences"] |= asked.get("preferences", {})
        user["updated_at"] = now()
    return JSONResponse({"user": user})


async def devices(request: Request) -> Response:
    device = device_of(request)
    if device is None:
        return refused(401, "invalid_token", "The access token is missing, unknown or expired")
    email = _devices[device]["email"]
    shown = [
        {"id": one["id"], "name": one["name"], "logged_in_at": one["logged_in_at"], "current": one["id"] == device}
        for one in _devices.values()
        if one["email"] == email
    ]
    return JSONResponse({"devices": shown, "total": len(shown)})


async def change_password(request: Request) -> Response:
    device = device_of(request)
    if device is None:
        return refused(401, "invalid_token", "The access token is missing, unknown or expired")
    asked = await json_object(request)
    email = _devices[device]["email"]
    if asked.get("current") != _passwords[email]:
        return refused(403, "wrong_password", "The current password is wrong")
    _passwords[email] = str(asked.get("new"))
    return Response(status_code=204)


async def log_out(request: Request) -> Response:
    device = device_of(request)
    if device is None:
        return refused(401, "invalid_token", "The access token is missing, unknown or expired")
    close(device)
    answer = Response(status_code=204)
    answer.delete_cookie("device", path="/")
    return answer


async def malformed(_: Request, error: Exception) -> Response:
    return refused(400, "invalid_request", str(error))


app = Starlette(
    routes=[
        Route("/auth/register", register, methods=["POST"]),
        Route("/auth/login", log_in, methods=["POST"]),
        Route("/auth/refresh", refresh, methods=["POST"]),
        Route("/auth/logout", log_out, methods=["POST"]),
        Route("/auth/password", change_password, methods=["PUT"]),
        Route("/me", me, methods=["GET", "PATCH"]),
        Route("/me/devices", devices),
    ],
    exception_handlers={BodyError: malformed},
)
