"""A warehouse: products by SKU, movements with balances, reservations that expire, an audit log, bulk and CSV."""

from __future__ import annotations

import csv
import io
import time
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

Row = dict[str, Any]
LOCATIONS: Final[dict[str, Row]] = {
    "OSL-1": {"code": "OSL-1", "name": "Oslo Main", "country": "NO", "active": True},
    "LYS-1": {"code": "LYS-1", "name": "Lyon Sud", "country": "FR", "active": True},
    "GNT-2": {"code": "GNT-2", "name": "Ghent Harbour", "country": "BE", "active": True},
    "OPO-1": {"code": "OPO-1", "name": "Porto Annex", "country": "PT", "active": False},
}
_products: dict[str, Row] = {}
_on_hand: dict[tuple[str, str], int] = {}
_movements: list[Row] = []
_reservations: dict[str, Row] = {}
_audit: list[Row] = []


class RefusedError(Exception):
    """A refusal: its status and the error of its body."""


def need(holds: object, status: int, code: str, message: str, /, **details: object) -> None:
    if not holds:
        raise RefusedError(status, {"code": code, "message": message, **details})


async def refusal(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": error.args[1]}, error.args[0])


async def malformed(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": {"code": "malformed_body", "message": str(error)}}, 400)


def actor(request: Request) -> str:
    found = request.headers.get("x-actor", "")
    need(found, 400, "actor_required", "Writes need the header X-Actor")
    return found


def audit(who: str, action: str, sku: str, /, **details: object) -> None:
    row = {"id": len(_audit) + 1, "action": action, "sku": sku, "actor": who, "details": details, "at": now()}
    _audit.insert(0, row)


def page(request: Request, rows: list[Row], key: str, *filters: str) -> Response:
    asked = request.query_params
    found = [row for row in rows if all(asked.get(name) in (None, row[name]) for name in filters)]
    limit, after = asked.get("limit", "10"), asked.get("starting_after")
    fits = limit.isdecimal() and 1 <= int(limit) <= 100
    need(fits, 400, "invalid_limit", "limit must be between 1 and 100", param="limit")
    if after is not None:
        keys = [str(row[key]) for row in found]
        need(after in keys, 400, "invalid_cursor", f"No such object: '{after}'", param="starting_after")
        found = found[keys.index(after) + 1 :]
    return JSONResponse({"object": "list", "data": found[: int(limit)], "has_more": len(found) > int(limit)})


def product_of(sku: object) -> str:
    need(str(sku) in _products, 404, "product_not_found", f"No product with SKU '{sku}'", sku=sku)
    return str(sku)


def location_of(code: object) -> str:
    need(str(code) in LOCATIONS, 422, "unknown_location", f"There is no location '{code}'", location=code)
    need(LOCATIONS[str(code)]["active"], 409, "location_inactive", f"The location {code} is not active", location=code)
    return str(code)


def quantity_of(asked: Row) -> int:
    given = asked.get("quantity")
    fits = type(given) is int and given >= 1
    need(fits, 422, "invalid_quantity", "quantity must be a positive integer", param="quantity")
    return int(str(given))


def aged(reservation: Row) -> Row:
    if reservation["status"] == "active" and reservation["expires_at"] <= time.time():
        reservation["status"] = "expired"
    return reservation


def level(sku: str, location: str) -> Row:
    here = [one for one in map(aged, _reservations.values()) if (one["sku"], one["location"]) == (sku, location)]
    held = sum(one["quantity"] for one in here if one["status"] == "active")
    on_hand = _on_hand.get((sku, location), 0)
    return {"location": location, "on_hand": on_hand, "reserved": held, "available": on_hand - held}


def levels(sku: str) -> Row:
    found = [level(sku, location) for location in LOCATIONS if (sku, location) in _on_hand]
    total = {name: sum(one[name] for one in found) for name in ("on_hand", "reserved", "available")}
    low = total["available"] <= _products[sku]["reorder_point"]
    return {"sku": sku, "levels": found, "total": total, "below_reorder_point": low}


def store(sku: str, asked: Row, who: str) -> tuple[Row, int]:
    name, price, point, wrong = asked.get("name"), asked.get("price"), asked.get("reorder_point", 0), {}
    if not sku:
        wrong["sku"] = ["can't be blank"]
    if not isinstance(name, str) or not name.strip():
        wrong["name"] = ["can't be blank"]
    if type(price) not in (int, float) or not 0 <= price < 10**9:
        wrong["price"] = ["must be a number greater than or equal to 0"]
    if type(point) is not int or point < 0:
        wrong["reorder_point"] = ["must be a whole number"]
    need(not wrong, 422, "validation_failed", "The product is not valid", fields=wrong)
    made = {"sku": sku, "object": "product", "name": name, "price": f"{price:.2f}", "category": asked.get("category")}
    made |= {"reorder_point": point, "version": 1, "created_at": now(), "updated_at": now()}
    if before := _products.get(sku):
        made |= {"version": before["version"] + 1, "created_at": before["created_at"]}
    changed = [key for key in ("name", "price", "category", "reorder_point") if before and before[key] != made[key]]
    audit(who, "product.updated" if before else "product.created", sku, **({"changed": changed} if before else {}))
    _products[sku] = made
    return made, 200 if before else 201


async def put_product(request: Request) -> Response:
    who, sku = actor(request), request.path_params["sku"]
    made, status = store(sku, await json_object(request), who)
    return JSONResponse(made, status, {"Location": f"/products/{sku}"} if status == 201 else {})


def stored(index: int, item: object, who: str) -> Row:
    given = item if isinstance(item, dict) else {}
    sku = str(given.get("sku") or "")
    try:
        made, status = store(sku, given, who)
    except RefusedError as error:
        return {"index": index, "sku": sku, "status": error.args[0], "error": error.args[1]}
    return {"index": index, "sku": sku, "status": status, "product": made}


async def bulk(request: Request) -> Response:
    who, items = actor(request), (await json_object(request)).get("items")
    fits = isinstance(items, list) and 1 <= len(items) <= 20
    need(fits, 422, "invalid_items", "items must have 1 to 20 entries", param="items")
    results = [stored(index, item, who) for index, item in enumerate(items or [])]
    counts = [one["status"] for one in results]
    summary = {"created": counts.count(201), "updated": counts.count(200), "failed": counts.count(422)}
    return JSONResponse({"results": results, "summary": summary}, 207)


async def product(request: Request) -> Response:
    sku = product_of(request.path_params["sku"])
    if request.method == "GET":
        return JSONResponse(_products[sku])
    who, left = actor(request), levels(sku)["total"]["on_hand"]
    need(left == 0, 409, "product_in_stock", "A product with stock cannot be deleted", sku=sku, on_hand=left)
    del _products[sku]
    audit(who, "product.deleted", sku)
    return Response(status_code=204)


async def products(request: Request) -> Response:
    return page(request, [_products[sku] for sku in sorted(_products)], "sku", "category")


async def locations(_: Request) -> Response:
    units = {code: sum(count for (_, place), count in _on_hand.items() if place == code) for code in LOCATIONS}
    rows = [{**one, "units_on_hand": units[code]} for code, one in LOCATIONS.items()]
    return JSONResponse({"object": "list", "data": rows, "has_more": False})


async def stock(request: Request) -> Response:
    return JSONResponse(levels(product_of(request.path_params["sku"])))


def check_available(sku: str, location: str, quantity: int) -> None:
    left = level(sku, location)["available"]
    details = {"sku": sku, "location": location, "available": left, "requested": quantity}
    message = f"Only {left} of {sku} available at {location}, {quantity} requested"
    need(left >= quantity, 409, "insufficient_stock", message, **details)


def move(who: str, kind: str, sku: str, quantity: int, source: str | None, target: str | None, note: object) -> Row:
    balances = []
    for place, change in ((source, -quantity), (target, quantity)):
        if place:
            _on_hand[sku, place] = _on_hand.get((sku, place), 0) + change
            balances.append({"location": place, "on_hand": _on_hand[sku, place]})
    made = {"id": short_id("mov_", 18), "object": "movement", "type": kind, "sku": sku, "quantity": quantity}
    made |= {"from": source, "to": target, "balance_after": balances, "reference": note, "created_at": now()}
    _movements.insert(0, made)
    audit(who, f"stock.{kind}", sku, movement=made["id"], quantity=quantity)
    return made


async def post_movement(request: Request) -> Response:
    who, asked = actor(request), await json_object(request)
    kinds, kind = ("receipt", "issue", "transfer"), asked.get("type")
    need(kind in kinds, 422, "invalid_type", f"type must be one of {', '.join(kinds)}", param="type")
    sku, quantity = product_of(asked.get("sku")), quantity_of(asked)
    source = location_of(asked.get("from")) if kind != "receipt" else None
    target = location_of(asked.get("to")) if kind != "issue" else None
    need(source != target, 422, "same_location", "A transfer needs two different locations", location=source)
    if source:
        check_available(sku, source, quantity)
    return JSONResponse(move(who, str(kind), sku, quantity, source, target, asked.get("reference")), 201)


async def movements(request: Request) -> Response:
    return page(request, _movements, "id", "sku", "type", "from", "to")


async def form_or_json(request: Request) -> Row:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return await json_object(request)
    asked = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    numbers = {name: int(asked[name]) for name in ("quantity", "expires_in") if asked.get(name, "").isdecimal()}
    return {**asked, **numbers}


async def reserve(request: Request) -> Response:
    who, asked = actor(request), await form_or_json(request)
    sku, quantity, location = product_of(asked.get("sku")), quantity_of(asked), location_of(asked.get("location"))
    seconds = asked.get("expires_in", 900)
    fits = type(seconds) is int and 60 <= seconds <= 86400
    need(fits, 422, "invalid_expiry", "expires_in must be between 60 and 86400 seconds", param="expires_in")
    check_available(sku, location, quantity)
    made = {"id": short_id("res_", 18), "object": "reservation", "sku": sku, "location": location, "quantity": quantity}
    made |= {"status": "active", "order": asked.get("order"), "movement": None, "created": int(time.time())}
    _reservations[made["id"]] = made | {"expires_at": made["created"] + seconds}
    audit(who, "reservation.created", sku, reservation=made["id"], quantity=quantity)
    return JSONResponse(_reservations[made["id"]], 201)


async def reservation(request: Request) -> Response:
    number, action = request.path_params["id"], request.path_params.get("action")
    found = aged(_reservations.get(number, {"status": "unknown"}))
    status = found["status"]
    need(status != "unknown", 404, "reservation_not_found", f"No such reservation: '{number}'", id=number)
    if action is None:
        return JSONResponse(found)
    who, after = actor(request), {"confirm": "confirmed", "release": "released"}.get(action)
    need(after, 404, "unknown_action", f"A reservation cannot {action}", action=action)
    need(status == "active", 409, "reservation_not_active", f"The reservation is {status} already", status=status)
    found["status"] = after
    audit(who, f"reservation.{after}", found["sku"], reservation=number, quantity=found["quantity"])
    if action == "confirm":
        made = move(who, "issue", found["sku"], found["quantity"], found["location"], None, found["order"])
        found["movement"] = made["id"]
    return JSONResponse(found)


async def reservations(request: Request) -> Response:
    return page(request, [aged(one) for one in reversed(_reservations.values())], "id", "sku", "status")


async def audit_log(request: Request) -> Response:
    return page(request, _audit, "id", "sku", "actor", "action")


async def export(request: Request) -> Response:
    place, out = request.query_params.get("location"), io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["sku", "name", "location", "on_hand", "reserved", "available"])
    for sku in sorted(_products):
        found = [one for one in levels(sku)["levels"] if place in (None, one["location"])]
        rows.writerows([sku, _products[sku]["name"], *one.values()] for one in found)
    return Response(out.getvalue(), 200, {"Content-Disposition": 'attachment; filename="stock.csv"'}, "text/csv")


app = Starlette(
    routes=[
        Route("/products", products),
        Route("/products/bulk", bulk, methods=["POST"]),
        Route("/products/{sku}", put_product, methods=["PUT"]),
        Route("/products/{sku}", product, methods=["GET", "DELETE"]),
        Route("/products/{sku}/stock", stock),
        Route("/locations", locations),
        Route("/movements", movements),
        Route("/movements", post_movement, methods=["POST"]),
        Route("/reservations", reservations),
        Route("/reservations", reserve, methods=["POST"]),
        Route("/reservations/{id}", reservation),
        Route("/reservations/{id}/{action}", reservation, methods=["POST"]),
        Route("/audit", audit_log),
        Route("/stock.csv", export),
    ],
    exception_handlers={RefusedError: refusal, BodyError: malformed},
)
