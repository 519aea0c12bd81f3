"""Subscriptions and billing: plans, trials, changes with proration, coupons, invoices, retries, usage, entitlements."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps import plans_billing as billing
from bench.fidelity.apps.plans_billing import COUPONS, CUSTOMERS, INVOICES, PLANS, SUBSCRIPTIONS, TAXES, Row
from bench.fidelity.apps.plans_requests import (
    Answer,
    ApiError,
    allowed,
    asked,
    check,
    lacking,
    number,
    one_of,
    paged,
    refused,
)

DECLINED: Final = {"4000000000000341", "4000000000009995"}


def sub_view(sub: Row) -> Row:
    plan = PLANS[sub["plan_code"]]
    return {
        **{key: value for key, value in sub.items() if key != "events"},
        "plan_amount_cents": plan["amount_cents"],
        "recurring_cents": plan["amount_cents"] * sub["quantity"],
    }


def customer_view(customer: Row) -> Row:
    card = customer["payment_method"]
    mine = [one for one in INVOICES.values() if one["customer_id"] == customer["external_id"]]
    return {
        **customer,
        "payment_method": card and {key: value for key, value in card.items() if key != "fails"},
        "invoice_count": len(mine),
        "outstanding_cents": sum(one["due_cents"] for one in mine if one["status"] == "open"),
    }


async def plans(request: Request) -> Response:
    if request.method == "GET":
        interval = request.query_params.get("interval")
        rows = [one for one in PLANS.values() if one["active"] and interval in (None, one["interval"])]
        return paged(request, "plans", rows)
    plan = await asked(request, "plan")
    code, interval = plan.get("code"), plan.get("interval", "month")
    check(
        code=lacking(code) or ("value_already_exist" if code in PLANS else None),
        name=lacking(plan.get("name")),
        amount_cents=number(plan.get("amount_cents"), 0),
        interval=None if interval in ("month", "year") else "value_is_invalid",
    )
    PLANS[code] = {"code": code, "name": plan["name"], "amount_cents": plan["amount_cents"], "currency": "EUR"}
    PLANS[code] |= {"interval": interval, "trial_days": plan.get("trial_days", 0)}
    PLANS[code] |= {"features": plan.get("features", {}), "metrics": {}, "active": True}
    return JSONResponse({"plan": PLANS[code]}, 201)


async def plan(request: Request) -> Response:
    found = one_of(PLANS, request.path_params["code"], "plan")
    if request.method == "DELETE":
        if any(one["plan_code"] == found["code"] and one["status"] != "canceled" for one in SUBSCRIPTIONS.values()):
            raise ApiError(409, "plan_in_use")
        found["active"] = False
    return JSONResponse({"plan": found})


async def customers(request: Request) -> Response:
    if request.method == "GET":
        return paged(request, "customers", [customer_view(one) for one in CUSTOMERS.values()])
    given = await asked(request, "customer")
    key, country, email = given.get("external_id"), given.get("country", "DE"), given.get("email")
    check(
        external_id=lacking(key) or ("value_already_exist" if key in CUSTOMERS else None),
        email=lacking(email) or (None if re.fullmatch(r"\S+@\S+\.\S+", str(email)) else "invalid_email_format"),
        country=None if country in TAXES else "country_not_supported",
    )
    CUSTOMERS[key] = {"id": str(uuid4()), "external_id": key, "name": given.get("name"), "email": email}
    CUSTOMERS[key] |= {"country": country, "prefix": re.sub(r"\W", "", key)[:4].upper(), "balance_cents": 0}
    CUSTOMERS[key] |= {"payment_method": None, "created_at": billing.at(billing.CLOCK["now"])}
    return JSONResponse({"customer": customer_view(CUSTOMERS[key])}, 201)


async def customer(request: Request) -> Response:
    found = one_of(CUSTOMERS, request.path_params["key"], "customer")
    if request.method == "PATCH":
        given = await asked(request, "customer")
        country = given.get("country", found["country"])
        check(country=None if country in TAXES else "country_not_supported")
        found |= {"name": given.get("name", found["name"]), "country": country}
    return JSONResponse({"customer": customer_view(found)})


async def payment_method(request: Request) -> Response:
    found = one_of(CUSTOMERS, request.path_params["key"], "customer")
    card = await asked(request, "card")
    digits = str(card.get("number", ""))
    check(
        number=lacking(digits) or (None if re.fullmatch(r"\d{16}", digits) else "invalid_card_number"),
        exp_year=number(card.get("exp_year"), 2026),
    )
    brand = {"4": "visa", "5": "mastercard"}.get(digits[0], "unknown")
    found["payment_method"] = {"brand": brand, "last4": digits[-4:], "exp_year": card["exp_year"]}
    found["payment_method"]["fails"] = digits in DECLINED
    return JSONResponse({"customer": customer_view(found)})


async def subscriptions(request: Request) -> Response:
    if request.method == "GET":
        rows = list(SUBSCRIPTIONS.values())
        for name, key in (("customer_id", "customer_id"), ("status", "status"), ("plan_code", "plan_code")):
            if wanted := request.query_params.get(name):
                rows = [one for one in rows if one[key] == wanted]
        return paged(request, "subscriptions", [sub_view(one) for one in rows])
    given = await asked(request, "subscription")
    quantity, code = given.get("quantity", 1), given.get("plan_code")
    check(customer_id=lacking(given.get("customer_id")), plan_code=lacking(code), quantity=number(quantity))
    customer, plan = one_of(CUSTOMERS, given["customer_id"], "customer"), one_of(PLANS, code, "plan")
    if not plan["active"]:
        raise ApiError(422, "plan_not_active")
    if any(
        one["customer_id"] == customer["external_id"] and one["status"] != "canceled" for one in SUBSCRIPTIONS.values()
    ):
        raise ApiError(409, "subscription_already_exists")
    if not plan["trial_days"] and plan["amount_cents"] and not customer["payment_method"]:
        raise ApiError(402, "payment_method_required")
    now, key = billing.CLOCK["now"], f"sub_{uuid4().hex[:14]}"
    sub = {"id": key, "customer_id": customer["external_id"], "plan_code": code, "quantity": quantity}
    sub |= {"status": "active", "trial_ends_at": None, "pending_plan_code": None, "cancel_at_period_end": False}
    sub |= {"canceled_at": None, "ended_at": None, "coupon": coupon_of(given.get("coupon_code")), "events": []}
    SUBSCRIPTIONS[key] = sub
    sub["created_at"] = billing.at(now)
    billing.begin(sub, now)
    if plan["trial_days"]:
        ends = billing.at(now + timedelta(days=plan["trial_days"]))
        sub |= {"status": "trialing", "trial_ends_at": ends, "current_period_end": ends}
        return JSONResponse({"subscription": sub_view(sub), "invoice": None}, 201)
    invoice = billing.bill(sub, "subscription_create", [billing.base_line(sub)])
    return JSONResponse({"subscription": sub_view(sub), "invoice": invoice}, 201)


def coupon_of(code: str | None) -> Row | None:
    if code is None:
        return None
    if code not in COUPONS:
        raise ApiError(404, "coupon_not_found")
    if not COUPONS[code][3]:
        raise ApiError(422, "coupon_expired")
    return {"code": code, "type": COUPONS[code][0], "value": COUPONS[code][1], "remaining": COUPONS[code][2]}


def sub_of(request: Request, *, live: bool = False) -> Row:
    found = one_of(SUBSCRIPTIONS, request.path_params["key"], "subscription")
    if live and found["status"] == "canceled":
        raise ApiError(409, "subscription_canceled", ended_at=found["ended_at"])
    return found


async def subscription(request: Request) -> Response:
    return JSONResponse({"subscription": sub_view(sub_of(request))})


async def coupon(request: Request) -> Response:
    sub = sub_of(request, live=True)
    if request.method == "DELETE":
        if not sub["coupon"]:
            raise ApiError(404, "coupon_not_found")
        sub["coupon"] = None
        return JSONResponse({"subscription": sub_view(sub)})
    code = (await asked(request, "coupon")).get("code")
    check(code=lacking(code))
    if sub["coupon"]:
        raise ApiError(409, "coupon_already_applied", coupon_code=sub["coupon"]["code"])
    sub["coupon"] = coupon_of(code)
    return JSONResponse({"subscription": sub_view(sub)})


def wanted(sub: Row, given: Row) -> tuple[str, int]:
    code, quantity = given.get("plan_code", sub["plan_code"]), given.get("quantity", sub["quantity"])
    check(quantity=number(quantity))
    new = one_of(PLANS, code, "plan")
    if new["interval"] != PLANS[sub["plan_code"]]["interval"]:
        raise ApiError(422, "interval_mismatch", current=PLANS[sub["plan_code"]]["interval"], requested=new["interval"])
    if (code, quantity) == (sub["plan_code"], sub["quantity"]):
        raise ApiError(422, "nothing_to_change")
    return code, quantity


async def preview(request: Request) -> Response:
    sub = sub_of(request, live=True)
    code, quantity = wanted(sub, await asked(request, "change"))
    lines = [] if sub["status"] == "trialing" else billing.proration(sub, code, quantity)
    return JSONResponse({"preview": {"lines": lines, "subtotal_cents": sum(one["amount_cents"] for one in lines)}})


async def change(request: Request) -> Response:
    sub = sub_of(request, live=True)
    given = await asked(request, "change")
    code, quantity = wanted(sub, given)
    if sub["status"] == "past_due":
        raise ApiError(409, "subscription_past_due")
    if given.get("when") == "period_end":
        sub["pending_plan_code"] = code
        return JSONResponse({"subscription": sub_view(sub), "invoice": None})
    lines = [] if sub["status"] == "trialing" else billing.proration(sub, code, quantity)
    sub |= {"plan_code": code, "quantity": quantity, "pending_plan_code": None}
    invoice = billing.bill(sub, "subscription_update", lines) if lines else None
    return JSONResponse({"subscription": sub_view(sub), "invoice": invoice})


async def cancel(request: Request) -> Response:
    sub = sub_of(request, live=True)
    given = await asked(request, "cancellation")
    now = billing.at(billing.CLOCK["now"])
    if given.get("at_period_end", True):
        if sub["cancel_at_period_end"]:
            raise ApiError(409, "already_canceling", ends_at=sub["current_period_end"])
        sub |= {"cancel_at_period_end": True, "canceled_at": now, "ended_at": None}
    else:
        sub |= {"status": "canceled", "canceled_at": now, "ended_at": now}
    return JSONResponse({"subscription": sub_view(sub)})


async def resume(request: Request) -> Response:
    sub = sub_of(request, live=True)
    if not sub["cancel_at_period_end"]:
        raise ApiError(409, "not_canceling")
    sub |= {"cancel_at_period_end": False, "canceled_at": None}
    return JSONResponse({"subscription": sub_view(sub)})


async def events(request: Request) -> Response:
    """Take a usage event; the same transaction id is taken once."""
    given = await asked(request, "event")
    check(
        transaction_id=lacking(given.get("transaction_id")),
        subscription_id=lacking(given.get("subscription_id")),
        metric=lacking(given.get("metric")),
        quantity=number(given.get("quantity")),
    )
    sub = one_of(SUBSCRIPTIONS, given["subscription_id"], "subscription")
    if sub["status"] == "canceled":
        raise ApiError(409, "subscription_canceled", ended_at=sub["ended_at"])
    if given["metric"] not in PLANS[sub["plan_code"]]["metrics"]:
        raise ApiError(422, "metric_not_in_plan", metric=given["metric"], plan_code=sub["plan_code"])
    if any(one["transaction_id"] == given["transaction_id"] for one in sub["events"]):
        raise ApiError(422, "validation_errors", transaction_id=["value_already_exist"])
    kept = {"transaction_id": given["transaction_id"], "metric": given["metric"], "quantity": given["quantity"]}
    sub["events"].append({**kept, "timestamp": billing.at(billing.CLOCK["now"])})
    return JSONResponse({"event": {"subscription_id": sub["id"], **sub["events"][-1]}}, 202)


async def usage(request: Request) -> Response:
    sub = sub_of(request)
    rows = []
    for metric, (included, unit) in PLANS[sub["plan_code"]]["metrics"].items():
        units, free = billing.used(sub, metric), included * sub["quantity"]
        over = max(0, units - free)
        rows.append({"metric": metric, "units": units, "included_units": free, "billable_units": over})
        rows[-1] |= {"amount_cents": over * unit, "events_count": sum(one["metric"] == metric for one in sub["events"])}
    period = {"from": sub["current_period_start"], "to": sub["current_period_end"]}
    total = sum(one["amount_cents"] for one in rows)
    return JSONResponse({"usage": {"subscription_id": sub["id"], **period, "charges": rows, "total_cents": total}})


def live_plan(customer: str) -> tuple[Row | None, Row]:
    subs = [one for one in SUBSCRIPTIONS.values() if one["customer_id"] == customer and one["status"] != "canceled"]
    return (subs[-1], PLANS[subs[-1]["plan_code"]]["features"]) if subs else (None, {})


async def entitlements(request: Request) -> Response:
    customer = one_of(CUSTOMERS, request.path_params["key"], "customer")["external_id"]
    sub, features = live_plan(customer)
    rows = [{"feature": name, "value": value, "enabled": bool(value)} for name, value in sorted(features.items())]
    plan = sub and sub["plan_code"]
    return JSONResponse(
        {"entitlements": rows, "plan_code": plan, "suspended": bool(sub) and sub["status"] == "past_due"}
    )


async def entitled(request: Request) -> Response:
    """Say whether a customer may use a feature: 402 while payments fail, 403 beyond the plan."""
    customer = one_of(CUSTOMERS, request.path_params["key"], "customer")["external_id"]
    given = await asked(request, "check")
    feature, quantity = given.get("feature"), given.get("quantity", 1)
    check(feature=lacking(feature), quantity=number(quantity))
    sub, features = live_plan(customer)
    if not sub:
        raise ApiError(403, "no_active_subscription")
    if sub["status"] == "past_due":
        raise ApiError(402, "payment_overdue")
    limit = features.get(feature, False)
    if limit is False:
        raise ApiError(403, "feature_not_in_plan", feature=feature, plan_code=sub["plan_code"])
    if limit is not True and quantity > limit * sub["quantity"]:
        raise ApiError(403, "limit_exceeded", feature=feature, limit=limit * sub["quantity"], requested=quantity)
    return JSONResponse({"entitled": True, "feature": feature, "plan_code": sub["plan_code"]})


async def invoices(request: Request) -> Response:
    rows = list(INVOICES.values())[::-1]
    for name in ("customer_id", "status", "subscription_id"):
        if value := request.query_params.get(name):
            rows = [one for one in rows if one[name] == value]
    return paged(request, "invoices", [{k: v for k, v in one.items() if k != "lines"} for one in rows])


async def invoice(request: Request) -> Response:
    return JSONResponse({"invoice": one_of(INVOICES, request.path_params["key"], "invoice")})


async def pay(request: Request) -> Response:
    found = one_of(INVOICES, request.path_params["key"], "invoice")
    if found["status"] != "open":
        raise ApiError(409, "invoice_not_open", invoice_status=found["status"])
    if not billing.collect(found):
        raise ApiError(402, "card_declined", attempts=found["attempts"], next_attempt_at=found["next_attempt_at"])
    return JSONResponse({"invoice": found})


async def void(request: Request) -> Response:
    found = one_of(INVOICES, request.path_params["key"], "invoice")
    if found["status"] != "open":
        raise ApiError(409, "invoice_not_open", invoice_status=found["status"])
    found |= {"status": "void", "due_cents": 0, "next_attempt_at": None}
    return JSONResponse({"invoice": found})


async def clock(request: Request) -> Response:
    happened: list[Row] = []
    if request.method == "POST":
        days = (await asked(request, "advance")).get("days")
        check(days=number(days))
        if days > 90:
            raise ApiError(422, "validation_errors", days=["value_is_out_of_range"])
        happened = billing.advance(days)
    return JSONResponse({"clock": {"now": billing.at(billing.CLOCK["now"])}, "events": happened})


def route(path: str, view: Answer, *methods: str) -> Route:
    return Route(f"/api/v1/{path}", allowed(view), methods=list(methods))


ROUTES: Final = [
    route("plans", plans, "GET", "POST"),
    route("plans/{code}", plan, "GET", "DELETE"),
    route("customers", customers, "GET", "POST"),
    route("customers/{key}", customer, "GET", "PATCH"),
    route("customers/{key}/payment_method", payment_method, "PUT"),
    route("customers/{key}/entitlements", entitlements, "GET"),
    route("customers/{key}/entitlements/check", entitled, "POST"),
    route("subscriptions", subscriptions, "GET", "POST"),
    route("subscriptions/{key}", subscription, "GET"),
    route("subscriptions/{key}/coupon", coupon, "PUT", "DELETE"),
    route("subscriptions/{key}/change", change, "POST"),
    route("subscriptions/{key}/change/preview", preview, "POST"),
    route("subscriptions/{key}/cancel", cancel, "POST"),
    route("subscriptions/{key}/resume", resume, "POST"),
    route("subscriptions/{key}/usage", usage, "GET"),
    route("events", events, "POST"),
    route("invoices", invoices, "GET"),
    route("invoices/{key}", invoice, "GET"),
    route("invoices/{key}/pay", pay, "POST"),
    route("invoices/{key}/void", void, "POST"),
    route("clock", clock, "GET"),
    route("clock/advance", clock, "POST"),
]
app: Final = Starlette(routes=ROUTES, exception_handlers={ApiError: refused})
