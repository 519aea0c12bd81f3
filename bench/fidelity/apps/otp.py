"""One-time codes by text message: send, read the sandbox's outbox, verify with a lockout, resend with a limit."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now

ATTEMPTS = 3
RESENDS = 2

_verifications: dict[str, dict[str, Any]] = {}
_codes: dict[str, str] = {}
_outbox: list[dict[str, str]] = []
_tokens: dict[str, str] = {}


def problem(status: int, title: str, detail: str, /, **more: object) -> Response:
    body = {"type": f"about:blank#{title.lower().replace(' ', '-')}", "title": title, "status": status}
    return JSONResponse({**body, "detail": detail, **more}, status, media_type="application/problem+json")


def send_code(verification: dict[str, Any]) -> None:
    code = f"{secrets.randbelow(1_000_000):06d}"
    _codes[verification["id"]] = code
    text = f"Your {verification['app']} code is {code}. It expires in 10 minutes."
    _outbox.append({"to": verification["phone"], "text": text, "sent_at": now()})


async def start(request: Request) -> Response:
    asked = await json_object(request)
    phone = asked.get("phone")
    if not isinstance(phone, str) or not phone.startswith("+") or not phone[1:].isdigit():
        errors = [{"field": "phone", "reason": "must be an international number", "value": phone}]
        return problem(422, "Validation Failed", "1 field is not valid", errors=errors)
    verification = {
        "id": str(uuid4()),
        "phone": phone,
        "app": asked.get("app", "Sandbox"),
        "channel": asked.get("channel", "sms"),
        "status": "pending",
        "attempts_left": ATTEMPTS,
        "resends_left": RESENDS,
        "created_at": now(),
        "expires_at": now(600),
    }
    _verifications[verification["id"]] = verification
    send_code(verification)
    return JSONResponse(verification, 201, {"Location": f"{request.base_url}v1/verifications/{verification['id']}"})


def found(request: Request) -> dict[str, Any] | Response:
    number = request.path_params["id"]
    return _verifications.get(number) or problem(404, "Not Found", f"No verification {number}")


async def show(request: Request) -> Response:
    verification = found(request)
    return verification if isinstance(verification, Response) else JSONResponse(verification)


async def check(request: Request) -> Response:
    verification = found(request)
    if isinstance(verification, Response):
        return verification
    asked = await json_object(request)
    if verification["status"] == "locked":
        return problem(423, "Locked", "Too many wrong codes", attempts_left=0)
    if verification["status"] == "verified":
        return problem(409, "Conflict", "The number is verified already")
    if not isinstance(asked.get("code"), str):
        errors = [{"field": "code", "reason": "is required", "value": None}]
        return problem(422, "Validation Failed", "1 field is not valid", errors=errors)
    if asked["code"] != _codes[verification["id"]]:
        verification["attempts_left"] -= 1
        if verification["attempts_left"] == 0:
            verification["status"] = "locked"
            return problem(423, "Locked", "Too many wrong codes", attempts_left=0)
        return problem(400, "Wrong Code", "The code is wrong", attempts_left=verification["attempts_left"])
    verification["status"] = "verified"
    token = secrets.token_urlsafe(24)
    _tokens[token] = verification["phone"]
    return JSONResponse({"status": "verified", "phone": verification["phone"], "access_token": token})


async def resend(request: Request) -> Response:
    verification = found(request)
    if isinstance(verification, Response):
        return verification
    if verification["status"] != "pending":
        return problem(409, "Conflict", f"The verification is {verification['status']}")
    if verification["resends_left"] == 0:
        answer = problem(429, "Too Many Requests", "No resends left")
        answer.headers["Retry-After"] = "600"
        return answer
    verification["resends_left"] -= 1
    send_code(verification)
    return JSONResponse(verification, 202)


async def outbox(request: Request) -> Response:
    to = request.query_params.get("to")
    messages = [message for message in _outbox if message["to"] == to]
    return JSONResponse({"messages": messages[::-1], "total": len(messages)})


async def profile(request: Request) -> Response:
    phone = _tokens.get(bearer(request))
    if phone is None:
        answer = problem(401, "Unauthorized", "A valid access token is needed")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="otp"'
        return answer
    done = [one["id"] for one in _verifications.values() if one["phone"] == phone and one["status"] == "verified"]
    return JSONResponse({"phone": phone, "verified": True, "verifications": done})


async def malformed(_: Request, error: Exception) -> Response:
    return problem(400, "Bad Request", str(error))


app = Starlette(
    routes=[
        Route("/v1/verifications", start, methods=["POST"]),
        Route("/v1/verifications/{id}", show),
        Route("/v1/verifications/{id}/check", check, methods=["POST"]),
        Route("/v1/verifications/{id}/resend", resend, methods=["POST"]),
        Route("/v1/sandbox/outbox", outbox),
        Route("/v1/profile", profile),
    ],
    exception_handlers={BodyError: malformed},
)
