"""A shop's checkout: a catalog with facets, baskets with coupons and shipping, payments, orders, refunds, events."""

from __future__ import annotations

import json
from itertools import count
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now, short_id

Row = dict[str, Any]

SECRET_KEY: Final = "sk_test_4e0f7c19d2"
PRODUCTS: Final[dict[str, Row]] = {
    slug: {"slug": slug, "title": title, "category": category, "brand": brand, "price": price, "colors": colors.split()}
    for slug, title, category, brand, price, colors in (
        ("fjord-parka", "Fjord Parka", "jackets", "Nordhavn", 18900, "navy olive"),
        ("harbor-shell", "Harbor Shell", "jackets", "Nordhavn", 12900, "black olive"),
        ("merino-crew", "Merino Crew", "knitwear", "Lund & Co", 7900, "grey navy"),
        ("cable-cardigan", "Cable Cardigan", "knitwear", "Lund & Co", 9900, "cream"),
        ("trail-tee", "Trail Tee", "shirts", "Nordhavn", 2900, "black olive white"),
        ("oxford-shirt", "Oxford Shirt", "shirts", "Bleeker", 5900, "blue white"),
        ("wool-socks", "Wool Socks", "accessories", "Lund & Co", 1495, "grey navy"),
        ("canvas-belt", "Canvas Belt", "accessories", "Bleeker", 2250, "black"),
    )
}
VARIANTS: Final[dict[str, Row]] = {
    f"{slug}-{color}-{size}": {"product": slug, "color": color, "size": size, "price": product["price"] + extra}
    for slug, product in PRODUCTS.items()
    for color in product["colors"]
    for size, extra in (("s", 0), ("m", 0), ("l", 500))
}
# By code: percent off, amount off, free standard shipping, the least subtotal, and whether it has expired.
COUPONS: Final = {
    "WELCOME10": (10, 0, False, 0, False),
    "TAKE15": (0, 1500, False, 7500, False),
    "FREESHIP": (0, 0, True, 0, False),
    "SUMMER23": (30, 0, False, 0, True),
}
# By country: value added tax in percent, and what standard and express shipping cost.
COUNTRIES: Final = {"NO": (25, 490, 1290), "DK": (25, 490, 1290), "DE": (19, 790, 1990), "PT": (23, 790, 1990)}
FREE_FROM: Final = 15000
CARDS: Final = {"tok_visa": "4242", "tok_mastercard": "4444", "tok_3ds": "3155", "tok_declined": "0002"}
# What an order must be for a step, and what it is after that.
STEPS: Final = {"ship": (("paid",), "shipped"), "cancel": (("pending_payment",), "cancelled")}
_stock: Final = {sku: 12 if place % 4 else 3 for place, sku in enumerate(VARIANTS)}
_baskets: dict[str, Row] = {}
_orders: dict[str, Row] = {}
_payments: dict[str, Row] = {}
_replies: dict[str, tuple[str, int, str]] = {}
_events: list[Row] = []
_order_numbers: Final = count(10_001)


class RefusedError(Exception):
    """A refusal: its status, its code, its message, and what the error tells beside them."""

    def __init__(self, status: int, code: str, message: str, /, **more: object) -> None:
        kinds = {401: "authentication_error", 402: "card_error", 404: "not_found_error", 409: "conflict_error"}
        kind = kinds.get(status, "invalid_request_error")
        self.status, self.body = status, {"error": {"type": kind, "code": code, "message": message, **more}}


def need(holds: object, status: int, code: str, message: str, /, **more: object) -> None:
    if not holds:
        raise RefusedError(status, code, message, **more)


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        error = RefusedError(400, "body_invalid", str(error))
    return JSONResponse(error.body, error.status)


def cash(amount: int) -> Row:
    return {"amount": amount, "currency": "EUR"}


def emit(kind: str, row: Row) -> None:
    about = {"object": row["object"], "id": row["id"], "status": row["status"]}
    _events.append({"id": short_id("evt_", 16), "type": kind, "created": now(), "data": about})


def product_shown(product: Row, *, whole: bool) -> Row:
    own = []
    for sku, one in VARIANTS.items():
        if one["product"] == product["slug"]:
            row = {"sku": sku, "color": one["color"], "size": one["size"], "price": cash(one["price"])}
            own.append({**row, "stock": _stock[sku], "available": _stock[sku] > 0})
    shown = {**product, "price": cash(product["price"]), "inStock": any(one["available"] for one in own)}
    return {**shown, "variants": own} if whole else shown


async def catalog(request: Request) -> Response:
    asked = {"sort": "title", "page": "1", "perPage": "4", **request.query_params}
    found = [one for one in PRODUCTS.values() if asked.get("q", "").lower() in one["title"].lower()]
    found = [one for one in found if all(asked.get(name, one[name]) == one[name] for name in ("category", "brand"))]
    found = [one for one in found if asked.get("color", one["colors"][0]) in one["colors"]]
    facets = {}
    for name in ("category", "brand", "colors"):
        values = [value for one in found for value in (one[name] if name == "colors" else [one[name]])]
        facets[name] = [{"value": value, "count": values.count(value)} for value in sorted(set(values))]
    name = asked["sort"].removeprefix("-")
    need(name in ("title", "price"), 400, "parameter_invalid", f"Cannot sort by {name}", param="sort")
    found.sort(key=lambda one: one[name], reverse=asked["sort"].startswith("-"))
    fits = asked["page"].isdecimal() and asked["perPage"].isdecimal() and int(asked["page"]) and int(asked["perPage"])
    need(fits, 400, "parameter_invalid", "page and perPage are numbers from 1", param="page")
    here, each = int(asked["page"]), int(asked["perPage"])
    rows = [product_shown(one, whole=False) for one in found[(here - 1) * each : here * each]]
    pages = {"page": here, "perPage": each, "pageCount": -(-len(found) // each), "total": len(found)}
    return JSONResponse({"products": rows, "facets": facets, "pagination": pages})


async def product(request: Request) -> Response:
    slug = request.path_params["slug"]
    need(slug in PRODUCTS, 404, "product_not_found", f"No such product: {slug}")
    return JSONResponse(product_shown(PRODUCTS[slug], whole=True))


def basket_of(request: Request, *, opened: bool = True) -> Row:
    number = request.cookies.get("basket", "")
    need(number in _baskets, 404, "basket_not_found", "There is no basket; create one first")
    found = _baskets[number]
    need(not (opened and found["order"]), 409, "basket_closed", "The basket was checked out", order=found["order"])
    return found


def subtotal_of(basket: Row) -> int:
    return sum(VARIANTS[sku]["price"] * quantity for sku, quantity in basket["lines"].items())


def rates(basket: Row, country: str) -> dict[str, int]:
    _, standard, express = COUNTRIES[country]
    free = subtotal_of(basket) >= FREE_FROM or basket["coupon"] == "FREESHIP"
    return {"standard": 0 if free else standard, "express": express}


def totals(basket: Row) -> Row:
    """Give what a basket costs; the tax is within the prices, as shops in Europe show them."""
    subtotal, country, discount = subtotal_of(basket), basket["country"], 0
    if basket["coupon"]:
        percent, amount, _, least, _ = COUPONS[basket["coupon"]]
        discount = min(subtotal * percent // 100 + amount, subtotal) if subtotal >= least else 0
    shipping = rates(basket, country)[basket["rate"]] if country else 0
    total, tax = subtotal - discount + shipping, COUNTRIES[country][0] if country else 0
    parts = {"subtotal": subtotal, "discount": discount, "shipping": shipping, "tax": total * tax // (100 + tax)}
    return {**parts, "total": total, "currency": "EUR"}


def lines_shown(lines: dict[str, int]) -> list[Row]:
    rows = []
    for sku, quantity in lines.items():
        price, title = VARIANTS[sku]["price"], PRODUCTS[VARIANTS[sku]["product"]]["title"]
        row = {"sku": sku, "title": title, "quantity": quantity, "unitPrice": cash(price)}
        rows.append({**row, "lineTotal": cash(price * quantity)})
    return rows


def basket_shown(basket: Row, status: int = 200) -> Response:
    lines = {"lines": lines_shown(basket["lines"]), "itemCount": sum(basket["lines"].values())}
    return JSONResponse({**basket, **lines, "totals": totals(basket)}, status)


async def basket(request: Request) -> Response:
    if request.method == "GET":
        return basket_shown(basket_of(request, opened=False))
    made: Row = {"id": short_id("bsk_", 16), "object": "basket", "lines": {}, "coupon": None, "country": None}
    _baskets[made["id"]] = made | {"rate": None, "order": None}
    answer = basket_shown(_baskets[made["id"]], 201)
    answer.set_cookie("basket", made["id"], path="/", httponly=True, samesite="lax")
    return answer


async def line(request: Request) -> Response:
    """Set the quantity of a variant, add to it, or take it out."""
    found, sku, adds = basket_of(request), request.path_params.get("sku", ""), request.method == "POST"
    asked = {} if request.method == "DELETE" else await json_object(request)
    sku, quantity = sku or str(asked.get("sku")), asked.get("quantity", 1)
    need(sku in VARIANTS, 404, "variant_not_found", f"No such variant: {sku}", param="sku")
    need(adds or sku in found["lines"], 404, "line_not_found", f"{sku} is not in the basket")
    if request.method == "DELETE":
        del found["lines"][sku]
        return basket_shown(found)
    fits = type(quantity) is int and 1 <= quantity <= 20
    need(fits, 422, "quantity_invalid", "quantity must be a whole number from 1 to 20", param="quantity")
    wanted, left = quantity + (found["lines"].get(sku, 0) if adds else 0), _stock[sku]
    told = {"sku": sku, "available": left, "requested": wanted}
    need(wanted <= left, 409, "insufficient_stock", f"Only {left} of {sku} left", **told)
    found["lines"][sku] = wanted
    return basket_shown(found, 201 if adds else 200)


async def coupon(request: Request) -> Response:
    found = basket_of(request)
    if request.method == "DELETE":
        found["coupon"] = None
        return basket_shown(found)
    code = str((await json_object(request)).get("code", "")).upper()
    need(code in COUPONS, 404, "coupon_not_found", f"No such coupon: {code}", param="code")
    *_, least, expired = COUPONS[code]
    need(not expired, 422, "coupon_expired", f"The coupon {code} has expired", param="code")
    told = {"minimum": cash(least), "subtotal": cash(subtotal_of(found))}
    need(subtotal_of(found) >= least, 422, "coupon_minimum", "The basket is too small for this coupon", **told)
    found["coupon"] = code
    return basket_shown(found)


async def shipping(request: Request) -> Response:
    found = basket_of(request)
    asked = dict(request.query_params) if request.method == "GET" else await json_object(request)
    country, rate = asked.get("country"), asked.get("rate")
    supported = {"supported": sorted(COUNTRIES)}
    need(country in COUNTRIES, 422, "country_unsupported", f"We do not ship to {country}", **supported)
    offered = rates(found, str(country))
    if request.method == "GET":
        rows = [{"id": way, "price": cash(price), "trackable": way == "express"} for way, price in offered.items()]
        return JSONResponse({"country": country, "rates": rows})
    need(rate in offered, 422, "rate_unknown", f"There is no shipping rate {rate}", param="rate")
    found |= {"country": country, "rate": rate}
    return basket_shown(found)


def earlier(request: Request, asked: Row) -> Response | None:
    """Give the answer that an earlier request with this Idempotency-Key had, when it asked the same."""
    key, told = request.headers.get("idempotency-key"), json.dumps([request.url.path, asked], sort_keys=True)
    need(key, 400, "idempotency_key_missing", "Send an Idempotency-Key")
    if key not in _replies:
        return None
    before, status, body = _replies[str(key)]
    need(before == told, 409, "idempotency_key_reused", "The key was used for another request")
    return JSONResponse(json.loads(body), status, {"Idempotent-Replayed": "true"})


def kept(request: Request, asked: Row, status: int, body: Row) -> Response:
    told = json.dumps([request.url.path, asked], sort_keys=True)
    _replies[request.headers["idempotency-key"]] = told, status, json.dumps(body)
    return JSONResponse(body, status)


def move(order: Row, status: str) -> None:
    order["status"] = status
    order["history"].append({"status": status, "at": now()})
    emit(f"order.{status}", order)


async def checkout(request: Request) -> Response:
    asked = await json_object(request)
    if before := earlier(request, asked):
        return before
    found = basket_of(request)
    missing = [name for name in ("email", "address") if not asked.get(name)]
    need(not missing, 422, "parameter_missing", f"The checkout needs {' and '.join(missing)}", missing=missing)
    missing = [name for name in ("lines", "rate") if not found[name]]
    need(not missing, 422, "basket_incomplete", f"The basket has no {' and no '.join(missing)}", missing=missing)
    short = [sku for sku, quantity in found["lines"].items() if quantity > _stock[sku]]
    need(not short, 409, "insufficient_stock", f"Sold out: {', '.join(short)}", skus=short)
    for sku, quantity in found["lines"].items():
        _stock[sku] -= quantity
    order: Row = {"id": short_id("ord_", 16), "object": "order", "number": f"#{next(_order_numbers)}", "status": ""}
    order |= {"email": asked["email"], "address": asked["address"], "lines": lines_shown(found["lines"])}
    order |= {"coupon": found["coupon"], "totals": totals(found), "refunded": cash(0), "refunds": [], "history": []}
    intent: Row = {"id": short_id("pi_", 20), "object": "payment_intent", "order": order["id"]}
    intent |= {"amount": cash(order["totals"]["total"]), "status": "requires_payment_method", "card": None}
    _payments[intent["id"]] = intent | {"nextAction": None, "lastError": None, "created": now()}
    _orders[order["id"]] = order = order | {"payment": intent["id"]}
    found["order"] = order["id"]
    move(order, "pending_payment")
    return kept(request, asked, 201, {"order": order, "payment": _payments[intent["id"]]})


def known(request: Request) -> Row:
    """Give the payment or the order that the path leads to."""
    number, is_payment = request.path_params["id"], request.url.path.startswith("/payments")
    rows, kind = (_payments, "payment") if is_payment else (_orders, "order")
    need(number in rows, 404, f"{kind}_not_found", f"No such {kind}: {number}")
    return rows[number]


async def read(request: Request) -> Response:
    return JSONResponse(known(request))


def settle(intent: Row) -> None:
    intent |= {"status": "succeeded", "nextAction": None, "lastError": None}
    emit("payment.succeeded", intent)
    move(_orders[intent["order"]], "paid")


def decline(intent: Row, code: str, message: str) -> None:
    intent |= {"status": "requires_payment_method", "nextAction": None, "lastError": {"code": code, "message": message}}
    emit("payment.failed", intent)
    raise RefusedError(402, code, message, payment=intent["id"])


async def confirm(request: Request) -> Response:
    intent, asked = known(request), await json_object(request)
    if before := earlier(request, asked):
        return before
    status, card = intent["status"], asked.get("card")
    message = f"A payment that is {status} cannot be confirmed"
    need(status == "requires_payment_method", 409, "payment_state", message, status=status)
    need(card in CARDS, 422, "card_unknown", "card must be the token of a card", param="card")
    intent["card"] = {"token": card, "last4": CARDS[str(card)]}
    if card == "tok_declined":
        decline(intent, "card_declined", "The card was declined")
    elif card == "tok_3ds":
        intent |= {"status": "requires_action", "nextAction": {"type": "redirect", "url": f"/3ds/{intent['id']}"}}
    else:
        settle(intent)
    return kept(request, asked, 200, intent)


async def authenticate(request: Request) -> Response:
    intent, asked = known(request), await json_object(request)
    status = intent["status"]
    need(status == "requires_action", 409, "payment_state", "There is nothing to authenticate", status=status)
    if asked.get("outcome") != "approved":
        decline(intent, "authentication_failed", "The bank did not approve the payment")
    settle(intent)
    return JSONResponse(intent)


def admin(request: Request) -> None:
    need(bearer(request) == SECRET_KEY, 401, "api_key_invalid", "This needs the shop's secret key")


async def advance(request: Request) -> Response:
    """Ship or cancel an order; what was cancelled is in stock again."""
    found, action = known(request), request.path_params["action"]
    need(action in STEPS, 404, "action_unknown", f"An order cannot {action}")
    if action == "ship":
        admin(request)
    (before, after), status = STEPS[action], found["status"]
    need(status in before, 409, "order_state", f"An order that is {status} cannot be {after}", status=status)
    move(found, after)
    if action == "cancel":
        _payments[found["payment"]]["status"] = "canceled"
        for row in found["lines"]:
            _stock[row["sku"]] += row["quantity"]
    return JSONResponse(found)


async def refund(request: Request) -> Response:
    admin(request)
    found, asked = known(request), await json_object(request)
    if before := earlier(request, asked):
        return before
    left, status = found["totals"]["total"] - found["refunded"]["amount"], found["status"]
    fits = status in ("paid", "shipped", "partially_refunded")
    need(fits, 409, "order_state", f"An order that is {status} cannot be refunded", status=status)
    amount = asked.get("amount", left)
    fits = type(amount) is int and 0 < amount <= left
    need(fits, 422, "amount_invalid", f"At most {left} can be refunded", refundable=cash(left))
    made = {"id": short_id("re_", 16), "amount": cash(amount), "reason": asked.get("reason"), "created": now()}
    found["refunds"].append(made)
    found["refunded"] = cash(found["refunded"]["amount"] + amount)
    move(found, "refunded" if amount == left else "partially_refunded")
    return kept(request, asked, 201, {"refund": made, "order": found})


async def events(request: Request) -> Response:
    admin(request)
    asked, numbers = {"limit": "10", "type": "", **request.query_params}, [one["id"] for one in _events]
    after, limit = asked.get("after"), asked["limit"]
    need(after in (None, *numbers), 400, "cursor_invalid", f"No such event: {after}", param="after")
    need(limit.isdecimal() and int(limit), 400, "parameter_invalid", "limit is a number from 1", param="limit")
    found = _events[numbers.index(after) + 1 :] if after else _events
    found = [one for one in found if one["type"].startswith(asked["type"])]
    return JSONResponse({"object": "list", "events": found[: int(limit)], "hasMore": len(found) > int(limit)})


app = Starlette(
    routes=[
        Route("/catalog", catalog),
        Route("/catalog/{slug}", product),
        Route("/basket", basket, methods=["GET", "POST"]),
        Route("/basket/lines", line, methods=["POST"]),
        Route("/basket/lines/{sku}", line, methods=["PUT", "DELETE"]),
        Route("/basket/coupon", coupon, methods=["PUT", "DELETE"]),
        Route("/basket/shipping", shipping, methods=["GET", "PUT"]),
        Route("/checkout", checkout, methods=["POST"]),
        Route("/payments/{id}", read),
        Route("/payments/{id}/confirm", confirm, methods=["POST"]),
        Route("/payments/{id}/authenticate", authenticate, methods=["POST"]),
        Route("/orders/{id}", read),
        Route("/orders/{id}/refunds", refund, methods=["POST"]),
        Route("/orders/{id}/{action}", advance, methods=["POST"]),
        Route("/events", events),
    ],
    exception_handlers={RefusedError: refused, BodyError: refused},
)
