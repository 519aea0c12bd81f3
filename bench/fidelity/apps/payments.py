"""Payments with idempotency keys: authorize, capture, refund in parts; amounts in minor units, times in seconds."""

from __future__ import annotations

import json
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, short_id

_payments: dict[str, dict[str, Any]] = {}
_answers: dict[str, tuple[str, dict[str, Any], int]] = {}


def failed(status: int, kind: str, code: str, message: str, /, **more: object) -> Response:
    return JSONResponse({"error": {"type": kind, "code": code, "message": message, **more}}, status)


def invalid(code: str, message: str, param: str) -> Response:
    return failed(400, "invalid_request_error", code, message, param=param)


async def create(request: Request) -> Response:
    key = request.headers.get("idempotency-key")
    if not key:
        return failed(400, "idempotency_error", "key_missing", "The header Idempotency-Key is required")
    asked = await json_object(request)
    fingerprint = json.dumps(asked, sort_keys=True)
    if key in _answers:
        before, body, status = _answers[key]
        if before != fingerprint:
            message = "Keys for idempotent requests can only be used with the same parameters"
            return failed(409, "idempotency_error", "key_reused", message)
        return JSONResponse(body, status, {"Idempotent-Replayed": "true"})
    amount, currency = asked.get("amount"), str(asked.get("currency", "eur")).lower()
    if not isinstance(amount, int) or isinstance(amount, bool):
        return invalid("parameter_missing", "Missing required param: amount", "amount")
    if amount < 50:
        return invalid("amount_too_small", f"Amount must be at least 50, got {amount}", "amount")
    if currency not in ("eur", "usd", "gbp"):
        return invalid("currency_unknown", f"Invalid currency: {currency}", "currency")
    payment = {
        "id": short_id("pay_", 20),
        "object": "payment",
        "amount": amount,
        "amount_captured": 0,
        "amount_refunded": 0,
        "currency": currency,
        "status": "authorized",
        "description": asked.get("description"),
        "metadata": asked.get("metadata", {}),
        "refunds": {"object": "list", "data": [], "total_count": 0},
        "livemode": False,
        "created": int(time.time()),
    }
    if amount % 1000 == 666:
        payment |= {"status": "declined", "decline_code": "insufficient_funds"}
        body = {"error": {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}}
        body["error"]["payment"] = payment["id"]
        status = 402
    else:
        body, status = dict(payment), 201
    _payments[payment["id"]] = payment
    _answers[key] = (fingerprint, body, status)
    return JSONResponse(body, status)


def known(request: Request) -> dict[str, Any] | Response:
    number = request.path_params["id"]
    message = f"No such payment: '{number}'"
    return _payments.get(number) or failed(404, "invalid_request_error", "resource_missing", message, param="id")


async def show(request: Request) -> Response:
    payment = known(request)
    return payment if isinstance(payment, Response) else JSONResponse(payment)


async def update(request: Request) -> Response:
    payment = known(request)
    if isinstance(payment, Response):
        return payment
    asked = await json_object(request)
    payment["metadata"] = {**payment["metadata"], **asked.get("metadata", {})}
    payment["description"] = asked.get("description", payment["description"])
    return JSONResponse(payment)


async def capture(request: Request) -> Response:
    payment = known(request)
    if isinstance(payment, Response):
        return payment
    if payment["status"] != "authorized":
        message = f"This payment could not be captured because it has a status of {payment['status']}"
        return failed(400, "invalid_request_error", "payment_unexpected_state", message)
    asked = await json_object(request) if await request.body() else {}
    amount = asked.get("amount", payment["amount"])
    if amount > payment["amount"]:
        return invalid("amount_too_large", f"Amount could not be greater than {payment['amount']}", "amount")
    payment |= {"amount_captured": amount, "status": "captured"}
    return JSONResponse(payment)


async def refund(request: Request) -> Response:
    payment = known(request)
    if isinstance(payment, Response):
        return payment
    if payment["status"] not in ("captured", "partially_refunded"):
        message = f"A payment that is {payment['status']} cannot be refunded"
        return failed(400, "invalid_request_error", "payment_unexpected_state", message)
    asked = await json_object(request) if await request.body() else {}
    left = payment["amount_captured"] - payment["amount_refunded"]
    amount = asked.get("amount", left)
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on payment ({left})"
        return invalid("amount_too_large", message, "amount")
    made = {"id": short_id("re_", 20), "object": "refund", "amount": amount, "payment": payment["id"]}
    made |= {"reason": asked.get("reason"), "status": "succeeded", "created": int(time.time())}
    payment["refunds"]["data"].insert(0, made)
    payment["refunds"]["total_count"] += 1
    payment["amount_refunded"] += amount
    done = payment["amount_refunded"] == payment["amount_captured"]
    payment["status"] = "refunded" if done else "partially_refunded"
    return JSONResponse(made, 201)


async def listed(request: Request) -> Response:
    status = request.query_params.get("status")
    found = [payment for payment in reversed(_payments.values()) if status in (None, payment["status"])]
    limit = int(request.query_params.get("limit", 10))
    return JSONResponse(
        {"object": "list", "url": "/v1/payments", "has_more": len(found) > limit, "data": found[:limit]}
    )


async def malformed(_: Request, error: Exception) -> Response:
    return failed(400, "invalid_request_error", "body_malformed", str(error))


app = Starlette(
    routes=[
        Route("/v1/payments", create, methods=["POST"]),
        Route("/v1/payments", listed),
        Route("/v1/payments/{id}", show),
        Route("/v1/payments/{id}", update, methods=["POST"]),
        Route("/v1/payments/{id}/capture", capture, methods=["POST"]),
        Route("/v1/payments/{id}/refunds", refund, methods=["POST"]),
    ],
    exception_handlers={BodyError: malformed},
)
