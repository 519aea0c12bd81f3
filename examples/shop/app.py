"""The shop as a web application: its pages, its errors, and what it sends down the wire."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from examples.shop.accounts import Account, Accounts
from examples.shop.catalogue import PRODUCTS, Product, page_of, picture_of
from examples.shop.orders import STAGES, Order, Orders, is_card_number, total_of

GZIP_FROM_BYTES: Final = 200
PAGE_LIMIT: Final = 5


class Shop:
    """The shop's rooms, one method a route; `event_gap_s` is the time between two order events."""

    def __init__(self, event_gap_s: float = 0.15) -> None:
        self.accounts = Accounts()
        self.orders = Orders()
        self._event_gap_s = event_gap_s

    async def login(self, request: Request) -> Response:
        form = await _document(request, "email", "password")
        account = self.accounts.find(str(form["email"]), str(form["password"]))
        if account is None:
            raise HTTPException(401, "wrong e-mail address or password", {"WWW-Authenticate": "Bearer"})
        body = self.accounts.issue(account) | {"user": {"id": account.id, "name": account.name, "email": account.email}}
        answer = _json(request, body)
        answer.set_cookie("session", self.accounts.open_session(account), max_age=3600, httponly=True, samesite="lax")
        return answer

    async def refresh(self, request: Request) -> Response:
        form = await _document(request, "refresh_token")
        account = self.accounts.redeem(str(form["refresh_token"]))
        if account is None:
            raise HTTPException(401, "this refresh token is not known, or was used before")
        return _json(request, self.accounts.issue(account))

    async def products(self, request: Request) -> Response:
        limit = request.query_params.get("limit", str(PAGE_LIMIT))
        if not limit.isdecimal() or not 1 <= int(limit) <= 50:
            raise HTTPException(422, "limit must be a whole number from 1 to 50")
        try:
            page = page_of(request.query_params.get("cursor", ""), int(limit))
        except KeyError:
            raise HTTPException(422, "this cursor is not known") from None
        headers = {"Cache-Control": "max-age=60"}
        if page.next_cursor:
            following = request.url.include_query_params(cursor=page.next_cursor, limit=limit)
            headers["Link"] = f'<{following}>; rel="next"'
        items = [{"id": one.id, "name": one.name, "price": one.price} for one in page.items]
        return _json(request, {"items": items, "next_cursor": page.next_cursor or None}, headers=headers)

    async def product(self, request: Request) -> Response:
        product = _product(request)
        if request.headers.get("if-none-match") == product.etag:
            return Response(status_code=304, headers={"ETag": product.etag})
        links = {"self": str(request.url), "image": f"{request.url}/image.png"}
        return _json(request, asdict(product) | {"links": links}, headers={"ETag": product.etag})

    async def image(self, request: Request) -> Response:
        product = _product(request)
        return Response(picture_of(product), media_type="image/png", headers={"ETag": product.etag})

    async def cart(self, request: Request) -> Response:
        return _json(request, _cart(self._customer(request)))

    async def add_to_cart(self, request: Request) -> Response:
        account = self._customer(request)
        form = await _document(request, "product", "quantity")
        if form["product"] not in PRODUCTS:
            raise HTTPException(422, "no such product")
        if not isinstance(form["quantity"], int) or not 1 <= form["quantity"] <= 99:
            raise HTTPException(422, "quantity must be a whole number from 1 to 99")
        account.cart[form["product"]] = account.cart.get(form["product"], 0) + form["quantity"]
        return _json(request, _cart(account), status=201)

    async def drop_from_cart(self, request: Request) -> Response:
        account = self._customer(request)
        if account.cart.pop(request.path_params["product"], None) is None:
            raise HTTPException(404, "not in the cart")
        return Response(status_code=204)

    async def place_order(self, request: Request) -> Response:
        account = self._customer(request)
        form = await _document(request, "payment", "phone", "address")
        if not account.cart:
            raise HTTPException(422, "the cart is empty")
        if not isinstance(form["payment"], dict) or not is_card_number(form["payment"].get("card_number")):
            raise HTTPException(422, "this is not a card number")
        order = self.orders.place(account, form["payment"], str(form["phone"]), dict(form["address"]))
        return _json(request, order.as_json(), status=201, headers={"Location": f"{request.url}/{order.id}"})

    async def list_orders(self, request: Request) -> Response:
        return _json(request, {"items": [order.as_json() for order in self.orders.of(self._customer(request))]})

    async def order(self, request: Request) -> Response:
        return _json(request, self._order(request).as_json())

    async def order_events(self, request: Request) -> Response:
        order = self._order(request)
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._events(order), media_type="text/event-stream", headers=headers)

    async def profile(self, request: Request) -> Response:
        return _json(request, _profile(self._customer(request)))

    async def change_profile(self, request: Request) -> Response:
        account = self._customer(request)
        account.phone = str((await _document(request, "phone"))["phone"])
        return _json(request, _profile(account))

    async def _events(self, order: Order) -> AsyncIterator[bytes]:
        for number, stage in enumerate(STAGES, start=1):
            content = json.dumps({"order": order.id, "status": stage})
            yield f"id: {number}\nevent: status\ndata: {content}\n\n".encode()
            await asyncio.sleep(self._event_gap_s if number < len(STAGES) else 0)

    def _customer(self, request: Request) -> Account:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        account = self.accounts.of_token(token) if scheme == "Bearer" else None
        account = account or self.accounts.of_session(request.cookies.get("session", ""))
        if account is None:
            raise HTTPException(401, "log in first", {"WWW-Authenticate": "Bearer"})
        return account

    def _order(self, request: Request) -> Order:
        order = self.orders.find(self._customer(request), request.path_params["order"])
        if order is None:
            raise HTTPException(404, "no such order")
        return order


def create_app(event_gap_s: float = 0.15) -> Starlette:
    """Give the shop as an ASGI application, with nobody logged in and every cart empty."""
    shop = Shop(event_gap_s)
    routes = [
        Route("/login", shop.login, methods=["POST"]),
        Route("/token/refresh", shop.refresh, methods=["POST"]),
        Route("/products", shop.products),
        Route("/products/{product}", shop.product),
        Route("/products/{product}/image.png", shop.image),
        Route("/cart", shop.cart),
        Route("/cart/items", shop.add_to_cart, methods=["POST"]),
        Route("/cart/items/{product}", shop.drop_from_cart, methods=["DELETE"]),
        Route("/orders", shop.place_order, methods=["POST"]),
        Route("/orders", shop.list_orders),
        Route("/orders/{order}", shop.order),
        Route("/orders/{order}/events", shop.order_events),
        Route("/profile", shop.profile),
        Route("/profile", shop.change_profile, methods=["PATCH"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _refuse})


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    body = {"error": {"status": error.status_code, "message": error.detail, "path": request.url.path}}
    return _json(request, body, status=error.status_code, headers=error.headers)


async def _document(request: Request, *needed: str) -> dict[str, Any]:
    try:
        document = await request.json()
    except ValueError:
        raise HTTPException(422, "the body is not JSON") from None
    missing = [name for name in needed if not isinstance(document, dict) or name not in document]
    if missing:
        raise HTTPException(422, f"missing: {', '.join(missing)}")
    return dict(document)


def _json(
    request: Request, document: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    content = json.dumps(document, ensure_ascii=False).encode()
    answer = Response(content, status, headers, media_type="application/json")
    if "gzip" not in request.headers.get("accept-encoding", "") or len(content) < GZIP_FROM_BYTES:
        return answer
    # mtime=0: gzip stamps the time into its head, and the same page must be the same bytes.
    packed = Response(gzip.compress(content, mtime=0), status, headers, media_type="application/json")
    packed.headers["Content-Encoding"] = "gzip"
    packed.headers["Vary"] = "Accept-Encoding"
    return packed


def _product(request: Request) -> Product:
    product = PRODUCTS.get(request.path_params["product"])
    if product is None:
        raise HTTPException(404, "no such product")
    return product


def _cart(account: Account) -> dict[str, Any]:
    lines = [{"product": product, "quantity": count} for product, count in account.cart.items()]
    return {"lines": lines, "total": total_of(account.cart)}


def _profile(account: Account) -> dict[str, str]:
    return {"id": account.id, "name": account.name, "email": account.email, "phone": account.phone}
