"""A shop's carts: a fixed catalogue, items, totals with tax and coupons, and checkout into numbered orders."""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

TAX: Final = 0.19
COUPONS: Final = {"WELCOME10": 10, "SPRING25": 25}
NAMES: Final = ("Mug", "Lamp", "Chair", "Desk", "Rug", "Vase", "Clock", "Shelf", "Bowl", "Plate", "Spoon", "Towel")
PRODUCTS: Final = [
    {
        "sku": f"SKU-{100 + 7 * number}",
        "name": name,
        "category": ("kitchen", "living", "office")[number % 3],
        "price_cents": 450 + 1375 * number % 9000,
        "in_stock": number % 5 != 4,
    }
    for number, name in enumerate(NAMES)
]
BY_SKU: Final = {str(product["sku"]): product for product in PRODUCTS}

_carts: dict[str, dict[str, Any]] = {}
_orders: dict[int, dict[str, Any]] = {}


def error(status: int, code: str, message: str, /, **more: object) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, **more}}, status)


def totalled(cart: dict[str, Any]) -> dict[str, Any]:
    subtotal = sum(item["line_total_cents"] for item in cart["items"])
    discount = subtotal * COUPONS.get(cart["coupon"] or "", 0) // 100
    tax = round((subtotal - discount) * TAX)
    return {
        **cart,
        "item_count": sum(item["quantity"] for item in cart["items"]),
        "totals": {
            "subtotal_cents": subtotal,
            "discount_cents": discount,
            "tax_cents": tax,
            "total_cents": subtotal - discount + tax,
        },
    }


async def products(request: Request) -> Response:
    found = list(PRODUCTS)
    if category := request.query_params.get("category"):
        found = [product for product in found if product["category"] == category]
    key = request.query_params.get("sort", "sku")
    if key.lstrip("-") not in ("sku", "name", "price_cents"):
        return error(400, "bad_sort", f"Cannot sort by '{key}'", allowed=["sku", "name", "price_cents"])
    found.sort(key=lambda product: product[key.lstrip("-")], reverse=key.startswith("-"))
    return JSONResponse({"products": found, "count": len(found)}, headers={"Cache-Control": "public, max-age=60"})


async def product(request: Request) -> Response:
    found = BY_SKU.get(request.path_params["sku"])
    if found is None:
        return error(404, "product_not_found", f"No product with sku '{request.path_params['sku']}'")
    return JSONResponse(found)


async def create_cart(request: Request) -> Response:
    asked = await json_object(request) if await request.body() else {}
    currency = asked.get("currency", "EUR")
    if currency not in ("EUR", "USD", "SEK"):
        return error(422, "invalid_currency", "Unsupported currency", field="currency", value=currency)
    cart = {
        "id": short_id("crt_"),
        "currency": currency,
        "customer": asked.get("customer"),
        "status": "open",
        "coupon": None,
        "items": [],
        "created_at": now(),
        "updated_at": now(),
    }
    _carts[cart["id"]] = cart
    return JSONResponse(totalled(cart), 201, {"Location": f"/api/carts/{cart['id']}"})


def opened(request: Request) -> dict[str, Any] | Response:
    cart = _carts.get(request.path_params["cart"])
    if cart is None:
        return error(404, "cart_not_found", f"Cart {request.path_params['cart']} does not exist")
    if request.method != "GET" and cart["status"] != "open":
        return error(409, "cart_closed", "The cart was already checked out", status=cart["status"])
    return cart


async def cart_itself(request: Request) -> Response:
    cart = opened(request)
    if isinstance(cart, Response):
        return cart
    if request.method == "DELETE":
        del _carts[cart["id"]]
        return Response(status_code=204)
    return JSONResponse(totalled(cart))


async def add_item(request: Request) -> Response:
    cart = opened(request)
    if isinstance(cart, Response):
        return cart
    asked = await json_object(request)
    wrong = {}
    if asked.get("sku") not in BY_SKU:
        wrong["sku"] = "is unknown" if asked.get("sku") else "is required"
    quantity = asked.get("quantity", 1)
    if not isinstance(quantity, int) or not 1 <= quantity <= 99:
        wrong["quantity"] = "must be between 1 and 99"
    if wrong:
        return error(422, "validation_failed", "The item is not valid", fields=wrong)
    found = BY_SKU[asked["sku"]]
    if not found["in_stock"]:
        return error(409, "out_of_stock", f"{found['name']} is out of stock", sku=found["sku"])
    there = next((item for item in cart["items"] if item["sku"] == found["sku"]), None)
    if there is None:
        there = {"id": 1 + max((item["id"] for item in cart["items"]), default=0), "sku": found["sku"], "quantity": 0}
        there |= {"name": found["name"], "unit_price_cents": found["price_cents"]}
        cart["items"].append(there)
    there["quantity"] += quantity
    there["line_total_cents"] = there["quantity"] * there["unit_price_cents"]
    cart["updated_at"] = now()
    return JSONResponse(totalled(cart), 201)


async def item(request: Request) -> Response:
    cart = opened(request)
    if isinstance(cart, Response):
        return cart
    number = request.path_params["item"]
    there = next((item for item in cart["items"] if item["id"] == number), None)
    if there is None:
        return error(404, "item_not_found", f"Item {number} is not in the cart")
    if request.method == "DELETE":
        cart["items"].remove(there)
    else:
        quantity = (await json_object(request)).get("quantity")
        if not isinstance(quantity, int) or not 1 <= quantity <= 99:
            wrong = {"quantity": "must be between 1 and 99"}
            return error(422, "validation_failed", "The item is not valid", fields=wrong)
        there["quantity"] = quantity
        there["line_total_cents"] = quantity * there["unit_price_cents"]
    cart["updated_at"] = now()
    return JSONResponse(totalled(cart))


async def coupon(request: Request) -> Response:
    cart = opened(request)
    if isinstance(cart, Response):
        return cart
    code = str((await json_object(request)).get("code", "")).upper()
    if code not in COUPONS:
        return error(422, "unknown_coupon", f"Coupon '{code}' is not valid")
    cart["coupon"] = code
    return JSONResponse(totalled(cart))


async def checkout(request: Request) -> Response:
    cart = opened(request)
    if isinstance(cart, Response):
        return cart
    if not cart["items"]:
        return error(422, "empty_cart", "Cannot check out an empty cart")
    asked = await json_object(request)
    if not asked.get("email"):
        return error(422, "validation_failed", "The order is not valid", fields={"email": "is required"})
    cart["status"] = "checked_out"
    number = 1001 + len(_orders)
    done = totalled(cart)
    _orders[number] = {
        "number": number,
        "cart_id": cart["id"],
        "email": asked["email"],
        "shipping": {"city": asked.get("city"), "method": asked.get("method", "standard")},
        "status": "pending",
        "item_count": done["item_count"],
        "amount": {"currency": cart["currency"], "total_cents": done["totals"]["total_cents"]},
        "placed_at": now(),
    }
    return JSONResponse(_orders[number], 201, {"Location": f"/api/orders/{number}"})


async def orders(request: Request) -> Response:
    status = request.query_params.get("status")
    found = [order for order in _orders.values() if status in (None, order["status"])]
    return JSONResponse({"orders": found[::-1], "count": len(found)})


async def order(request: Request) -> Response:
    found = _orders.get(request.path_params["number"])
    if found is None:
        return error(404, "order_not_found", f"Order {request.path_params['number']} does not exist")
    if request.method == "POST":
        step = request.path_params["step"]
        before = {"pay": ("pending",), "ship": ("paid",), "cancel": ("pending", "paid")}.get(step)
        if before is None:
            return error(404, "unknown_action", f"There is no action '{step}'")
        if found["status"] not in before:
            return error(409, "bad_state", f"Cannot {step} an order that is {found['status']}")
        found["status"] = {"pay": "paid", "ship": "shipped", "cancel": "cancelled"}[step]
        found[f"{found['status']}_at"] = now()
    return JSONResponse(found)


async def malformed(_: Request, __: Exception) -> Response:
    return error(400, "malformed_body", "The body is not a JSON object")


app = Starlette(
    routes=[
        Route("/api/products", products),
        Route("/api/products/{sku}", product),
        Route("/api/carts", create_cart, methods=["POST"]),
        Route("/api/carts/{cart}", cart_itself, methods=["GET", "DELETE"]),
        Route("/api/carts/{cart}/items", add_item, methods=["POST"]),
        Route("/api/carts/{cart}/items/{item:int}", item, methods=["PATCH", "DELETE"]),
        Route("/api/carts/{cart}/coupon", coupon, methods=["PUT"]),
        Route("/api/carts/{cart}/checkout", checkout, methods=["POST"]),
        Route("/api/orders", orders),
        Route("/api/orders/{number:int}", order),
        Route("/api/orders/{number:int}/{step}", order, methods=["POST"]),
    ],
    exception_handlers={BodyError: malformed},
)
