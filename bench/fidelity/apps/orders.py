"""Orders by command and query: versions that guard, totals from lines and discount codes, and a log of all events."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

Fields: TypeAlias = dict[str, Any]
DISCOUNTS: Final = {"SPRING10": (10, 0, 0), "BULK15": (15, 0, 50_000), "WELCOME5": (0, 500, 2_000)}
CURRENCIES: Final = ("EUR", "USD", "CHF")
_orders: dict[str, Fields] = {}
_events: list[Fields] = []
_done: dict[str, Fields] = {}


class ProblemError(Exception):
    """What is answered as problem+json."""

    def __init__(self, status: int, kind: str, detail: str, /, **more: object) -> None:
        title = kind.replace("-", " ").capitalize()
        self.shown = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **more}


CHECKS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "text": (lambda value: isinstance(value, str) and 0 < len(value.strip()) <= 200, "must be 1 to 200 characters"),
    "sku": (lambda value: re.fullmatch(r"[A-Z]{2,4}-\d{3,5}", str(value)) is not None, "must look like ABC-1234"),
    "count": (lambda value: type(value) is int and 1 <= value <= 999, "must be between 1 and 999"),
    "change": (lambda value: type(value) is int and 0 <= value <= 999, "must be between 0 and 999"),
    "price": (lambda value: type(value) is int and 1 <= value <= 1_000_000, "must be between 1 and 1000000 cents"),
    "whole": (lambda value: type(value) is int and value > 0, "must be a positive integer"),
    "position": (lambda value: value >= 0, "must be a position in the log"),
    "limit": (lambda value: 1 <= value <= 100, "must be between 1 and 100"),
    "currency": (lambda value: value in CURRENCIES, f"must be one of {', '.join(CURRENCIES)}"),
    "state": (lambda value: value in ("draft", "confirmed", "shipped", "cancelled"), "must be a status of orders"),
}


def check(asked: object, wants: dict[str, str], under: str) -> Fields:
    fields, errors = asked if isinstance(asked, dict) else {}, []
    for name, kind in wants.items():
        good, message = CHECKS[kind.rstrip("?")]
        if fields.get(name) is None and not kind.endswith("?"):
            errors.append({"field": f"{under}.{name}", "code": "required", "message": "is required"})
        elif fields.get(name) is not None and not good(fields[name]):
            errors.append({"field": f"{under}.{name}", "code": f"invalid_{kind.rstrip('?')}", "message": message})
    if errors:
        raise ProblemError(422, "validation", f"{len(errors)} invalid field(s)", errors=errors)
    return fields


def viewed(order: Fields) -> Fields:
    lines = [{**line, "lineTotal": line["quantity"] * line["unitPrice"]} for line in order["lines"]]
    subtotal = sum(line["lineTotal"] for line in lines)
    percent, fixed, _ = DISCOUNTS.get(order["discountCode"], (0, 0, 0))
    off = min(subtotal, subtotal * percent // 100 + fixed)
    totals = {"items": sum(line["quantity"] for line in lines), "subtotal": subtotal, "discount": off}
    return {**order, "lines": lines, "totals": {**totals, "total": subtotal - off}}


def record(order: Fields, kind: str, payload: Fields, status: str) -> None:
    order |= {"status": status, "version": order["version"] + 1, "updatedAt": now()}
    event = {"sequence": len(_events) + 1, "eventId": str(uuid.uuid4()), "type": kind, "aggregateId": order["orderId"]}
    _events.append({**event, "version": order["version"], "occurredAt": order["updatedAt"], "payload": payload})


def place(payload: Fields) -> Fields:
    order = {"orderId": str(uuid.uuid4()), "customerId": payload["customerId"], "status": "draft", "version": 0}
    order |= {"currency": payload.get("currency") or "EUR", "discountCode": None, "lines": [], "placedAt": now()}
    return _orders.setdefault(order["orderId"], order)


def add_line(order: Fields, payload: Fields) -> Fields:
    if any(line["sku"] == payload["sku"] for line in order["lines"]):
        raise ProblemError(409, "duplicate-line", f"{payload['sku']} is on the order already")
    line = {"lineId": short_id("ln_", 10), **{name: payload[name] for name in ("sku", "quantity", "unitPrice")}}
    order["lines"] = [*order["lines"], line]
    return line


def change(order: Fields, payload: Fields) -> Fields:
    number, quantity = payload["lineId"], payload["quantity"]
    before = next((line for line in order["lines"] if line["lineId"] == number), None)
    if before is None:
        raise ProblemError(404, "line-not-found", f"The order has no line {number}", lineId=number)
    after = [{**line, "quantity": quantity} if line is before else line for line in order["lines"]]
    order["lines"] = [line for line in after if line["quantity"]]
    return {"lineId": number, "sku": before["sku"], "from": before["quantity"], "to": quantity}


def discount(order: Fields, payload: Fields) -> Fields:
    code, subtotal = payload["code"], viewed(order)["totals"]["subtotal"]
    if code not in DISCOUNTS:
        raise ProblemError(422, "unknown-discount", f"There is no discount code {code}", code=code)
    if subtotal < (least := DISCOUNTS[code][2]):
        raise ProblemError(422, "below-minimum", f"{code} needs {least} or more", minimum=least, subtotal=subtotal)
    order["discountCode"] = code
    return {"code": code, "amount": viewed(order)["totals"]["discount"]}


def confirm(order: Fields, _: Fields) -> Fields:
    if not order["lines"]:
        raise ProblemError(409, "empty-order", "An order without lines cannot be confirmed")
    return {"total": viewed(order)["totals"]["total"], "currency": order["currency"]}


def keep(order: Fields, payload: Fields) -> Fields:
    kept = {name: value for name, value in payload.items() if name != "orderId"}
    order["shipment" if "carrier" in kept else "cancellation"] = kept
    return kept


COMMANDS: Final[dict[str, tuple[dict[str, str], tuple[str, ...], str, Any, str]]] = {
    "PlaceOrder": ({"customerId": "text", "currency": "currency?"}, (), "draft", lambda _, asked: asked, "OrderPlaced"),
    "AddLine": ({"sku": "sku", "quantity": "count", "unitPrice": "price"}, ("draft",), "draft", add_line, "LineAdded"),
    "ChangeQuantity": ({"lineId": "text", "quantity": "change"}, ("draft",), "draft", change, "QuantityChanged"),
    "ApplyDiscount": ({"code": "text"}, ("draft",), "draft", discount, "DiscountApplied"),
    "Confirm": ({}, ("draft",), "confirmed", confirm, "OrderConfirmed"),
    "Ship": ({"carrier": "text", "trackingNumber": "text?"}, ("confirmed",), "shipped", keep, "OrderShipped"),
    "Cancel": ({"reason": "text"}, ("draft", "confirmed"), "cancelled", keep, "OrderCancelled"),
}


def known(number: str) -> Fields:
    if number not in _orders:
        raise ProblemError(404, "order-not-found", f"There is no order {number}", orderId=number)
    return _orders[number]


def guard(order: Fields, kind: str, expected: int | None) -> None:
    if expected not in (None, order["version"]):
        more = {"expectedVersion": expected, "actualVersion": order["version"]}
        raise ProblemError(409, "version-conflict", f"The order is at version {order['version']}", **more)
    if order["status"] not in COMMANDS[kind][1]:
        allowed = [name for name, one in COMMANDS.items() if order["status"] in one[1]]
        raise ProblemError(409, "invalid-transition", f"The order is {order['status']}", allowedCommands=allowed)


async def command(request: Request) -> Response:
    asked = await json_object(request)
    if (number := str(asked.get("commandId") or uuid.uuid4())) in _done:
        return JSONResponse(_done[number], headers={"Idempotent-Replay": "true"})
    if (kind := str(asked.get("type"))) not in COMMANDS:
        raise ProblemError(400, "unknown-command", f"No command {kind}", supported=list(COMMANDS))
    wants, states, then, does, event = COMMANDS[kind]
    payload = check(asked.get("payload"), {**({"orderId": "text"} if states else {}), **wants}, "payload")
    check(asked, {"expectedVersion": "whole?", "commandId": "text?"}, "command")
    order = known(payload["orderId"]) if states else place(payload)
    if states:
        guard(order, kind, asked.get("expectedVersion"))
    record(order, event, does(order, payload), then)
    told = {"aggregateId": order["orderId"], "version": order["version"], "status": then}
    _done[number] = {"commandId": number, **told}
    return JSONResponse(_done[number], 200 if states else 201)


def placed_by(params: Fields) -> Fields:
    asked = {name: params[name] for name in ("customerId", "status") if params.get(name)}
    found = [viewed(order) for order in reversed(_orders.values()) if asked.items() <= order.items()]
    page, size = params.get("page") or 1, params.get("pageSize") or 10
    shown = found[(page - 1) * size : page * size]
    items = [{name: value for name, value in order.items() if name != "lines"} for order in shown]
    return {"items": items, "page": page, "pageSize": size, "total": len(found), "pages": -(-len(found) // size)}


def open_totals(params: Fields) -> Fields:
    mine = [viewed(one) for one in _orders.values() if params.get("customerId") in (None, one["customerId"])]
    found = [order for order in mine if order["status"] in ("draft", "confirmed")]
    held = {name: [one["totals"]["total"] for one in found if one["currency"] == name] for name in CURRENCIES}
    sums = {name: {"orders": len(every), "total": sum(every)} for name, every in held.items() if every}
    return {"openOrders": len(found), "byCurrency": sums}


QUERIES: Final[dict[str, tuple[Callable[[Fields], Fields], dict[str, str]]]] = {
    "orderById": (lambda params: viewed(known(params["orderId"])), {"orderId": "text"}),
    "ordersOfCustomer": (placed_by, {"customerId": "text", "status": "state?", "page": "whole?", "pageSize": "whole?"}),
    "openTotals": (open_totals, {"customerId": "text?"}),
}


async def query(request: Request) -> Response:
    asked = await json_object(request)
    if (name := str(asked.get("query"))) not in QUERIES:
        raise ProblemError(400, "unknown-query", f"No query {name}", supported=list(QUERIES))
    does, wants = QUERIES[name]
    params = check(asked.get("params"), wants, "params")
    return JSONResponse({"query": name, "position": len(_events), "result": does(params)})


async def events(request: Request) -> Response:
    asked = request.query_params
    numbers = {name: int(asked[name]) if asked[name].isdecimal() else -1 for name in asked if name != "type"}
    check(numbers, {"after": "position?", "limit": "limit?"}, "query")
    after, limit = numbers.get("after", 0), numbers.get("limit", 20)
    found = [event for event in _events[after:] if asked.get("type") in (None, event["type"])]
    last = found[:limit][-1]["sequence"] if found else after
    return JSONResponse({"events": found[:limit], "nextAfter": last, "hasMore": len(found) > limit})


def problem(_: Request, error: Any) -> Response:
    shown = (ProblemError(400, "malformed-request", str(error)) if isinstance(error, BodyError) else error).shown
    return JSONResponse(shown, shown["status"], media_type="application/problem+json")


app = Starlette(
    routes=[
        Route("/api/commands", command, methods=["POST"]),
        Route("/api/queries", query, methods=["POST"]),
        Route("/api/events", events),
    ],
    exception_handlers={ProblemError: problem, BodyError: problem},
)
