"""A product catalogue: search with facets, variants by SKU, patches of two kinds, entity tags, import of many rows."""

from __future__ import annotations

import hashlib
import json
from typing import Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps import catalog_opinions as opinions
from bench.fidelity.apps.catalog_stock import (
    CATEGORIES,
    PRODUCTS,
    SKUS,
    ProblemError,
    Row,
    checked,
    checked_variant,
    fail,
    made,
    patched,
    product_of,
    sent_object,
    shown,
    staff,
    stamp,
    summary,
)
from bench.fidelity.apps.parts import BodyError

SORTS: Final = {
    "price": lambda one: one["price"],
    "title": lambda one: one["title"].lower(),
    "rating": lambda one: one["rating"]["average"] or 0,
    "newest": lambda one: -one["id"],
}
BANDS: Final = ((0, 25), (25, 50), (50, 100), (100, None))
MOST: Final = 50


def tag_of(view: Row) -> str:
    return '"' + hashlib.md5(json.dumps(view, sort_keys=True).encode(), usedforsecurity=False).hexdigest()[:16] + '"'


def tagged(view: Row, status: int = 200, **headers: str) -> JSONResponse:
    return JSONResponse(view, status, {"ETag": tag_of(view), **headers})


def number(request: Request, name: str, default: float, least: float = 0, most: float = 1e9) -> float:
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        found = float(text)
    except ValueError:
        raise ProblemError(400, "Invalid parameter", f"'{name}' must be a number", parameter=name) from None
    if not least <= found <= most:
        raise ProblemError(400, "Invalid parameter", f"'{name}' is out of range", parameter=name)
    return found


def matching(request: Request) -> list[Row]:
    asked = request.query_params
    low, high = number(request, "price_min", 0), number(request, "price_max", 1e9)
    if low > high:
        raise ProblemError(400, "Invalid parameter", "'price_min' exceeds 'price_max'", parameter="price_min")
    found = [summary(one) for one in PRODUCTS.values() if one["status"] == "active"]
    found = [one for one in found if low <= one["price"] <= high]
    for word in asked.get("q", "").lower().split():
        found = [one for one in found if word in one["title"].lower()]
    if wanted := asked.get("brand"):
        found = [one for one in found if one["brand"] in wanted.split(",")]
    if wanted := asked.get("category"):
        found = [one for one in found if one["category"] == wanted]
    if asked.get("in_stock") == "true":
        found = [one for one in found if one["in_stock"]]
    return found


def facets(found: list[Row]) -> Row:
    counts: dict[str, list[Row]] = {}
    for name in ("category", "brand"):
        values = {one[name] for one in found}
        counted = [{"value": value, "count": sum(one[name] == value for one in found)} for value in values]
        counts[name] = sorted(counted, key=lambda one: (-one["count"], one["value"]))
    counts["price"] = [
        {"from": low, "to": high, "count": sum(low <= one["price"] < (high or 1e9) for one in found)}
        for low, high in BANDS
    ]
    return counts


async def search(request: Request) -> Response:
    sort = request.query_params.get("sort")
    if sort and sort.lstrip("-") not in SORTS:
        raise ProblemError(400, "Invalid parameter", f"Cannot sort by '{sort}'", parameter="sort")
    limit, offset = int(number(request, "limit", 5, 1, MOST)), int(number(request, "offset", 0))
    found = matching(request)
    if sort:
        found.sort(key=SORTS[sort.lstrip("-")], reverse=sort.startswith("-"))
    last = max(0, (len(found) - 1) // limit * limit)
    links = {"self": offset, "first": 0, "last": last}
    links |= {"next": offset + limit} if offset + limit < len(found) else {}
    links |= {"prev": max(0, offset - limit)} if offset else {}
    kept = {name: value for name, value in request.query_params.items() if name not in ("offset", "limit")}
    body = {
        "items": found[offset : offset + limit],
        "total": len(found),
        "limit": limit,
        "offset": offset,
        "facets": facets(found),
        "_links": {
            name: {"href": f"/api/products?{urlencode(kept | {'limit': limit, 'offset': at})}"}
            for name, at in links.items()
        },
    }
    return JSONResponse(body, headers={"X-Total-Count": str(len(found))})


async def categories(_: Request) -> Response:
    live = [one for one in PRODUCTS.values() if one["status"] == "active"]
    counted = [{"name": name, "products": sum(one["category"] == name for one in live)} for name in CATEGORIES]
    return JSONResponse({"categories": counted})


async def create(request: Request) -> Response:
    staff(request)
    product = made(checked(await sent_object(request)))
    return tagged(shown(product), 201, Location=f"/api/products/{product['id']}")


async def read(request: Request) -> Response:
    view = shown(product_of(request))
    tag = tag_of(view)
    if tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={"ETag": tag})
    return tagged(view)


async def patch(request: Request) -> Response:
    staff(request)
    product = product_of(request)
    if_match = request.headers.get("if-match")
    if if_match and if_match not in ("*", tag_of(shown(product))):
        raise ProblemError(412, "Precondition failed", "The product was changed by somebody else")
    product |= checked(await patched(product, request)) | {"updated_at": stamp()}
    return tagged(shown(product))


async def remove(request: Request) -> Response:
    staff(request)
    product = product_of(request)
    for variant in product["variants"]:
        del SKUS[variant["sku"]]
    del PRODUCTS[product["id"]]
    for other in PRODUCTS.values():
        other["related"] = [key for key in other["related"] if key != product["id"]]
    return Response(status_code=204)


async def variants(request: Request) -> Response:
    product = product_of(request)
    if request.method == "GET":
        return JSONResponse({"product_id": product["id"], "variants": product["variants"]})
    staff(request)
    variant = checked_variant(await sent_object(request))
    if variant["sku"] in SKUS:
        owner = SKUS[variant["sku"]]
        raise ProblemError(409, "Duplicate SKU", f"SKU {variant['sku']} belongs to product {owner}", product_id=owner)
    if any(one["options"] == variant["options"] for one in product["variants"]):
        raise ProblemError(409, "Duplicate options", "Another variant has these options")
    product["variants"].append(variant)
    SKUS[variant["sku"]] = product["id"]
    return JSONResponse(variant, 201, {"Location": f"/api/skus/{variant['sku']}"})


def variant_of(request: Request) -> tuple[Row, Row]:
    sku = request.path_params["sku"]
    if sku not in SKUS:
        raise ProblemError(404, "Not found", f"No variant with SKU {sku}")
    product = PRODUCTS[SKUS[sku]]
    return product, next(one for one in product["variants"] if one["sku"] == sku)


async def by_sku(request: Request) -> Response:
    product, variant = variant_of(request)
    return JSONResponse({**variant, "product": {"id": product["id"], "title": product["title"]}})


async def adjust(request: Request) -> Response:
    staff(request)
    _, variant = variant_of(request)
    sent = await sent_object(request)
    change = sent.get("adjustment")
    if not isinstance(change, int) or isinstance(change, bool) or change == 0:
        raise ProblemError(422, "Validation failed", "One field is not valid", errors={"adjustment": ["not valid"]})
    if variant["stock"] + change < 0:
        raise ProblemError(409, "Insufficient stock", f"Only {variant['stock']} left", available=variant["stock"])
    variant["stock"] += change
    return JSONResponse({"sku": variant["sku"], "stock": variant["stock"], "available": variant["stock"] > 0})


async def related(request: Request) -> Response:
    product = product_of(request)
    if request.method == "GET":
        chosen = [PRODUCTS[key] for key in product["related"]]
        alike = [one for one in PRODUCTS.values() if one["category"] == product["category"] and one is not product]
        items = chosen or sorted(alike, key=lambda one: one["id"])[:3]
        return JSONResponse({"curated": bool(chosen), "items": [summary(one) for one in items]})
    staff(request)
    other = (await sent_object(request)).get("product_id")
    if other not in PRODUCTS or other == product["id"]:
        problem = "unknown product" if other not in PRODUCTS else "cannot be related to itself"
        raise ProblemError(422, "Validation failed", "One field is not valid", errors={"product_id": [problem]})
    if other not in product["related"]:
        product["related"].append(other)
        PRODUCTS[other]["related"].append(product["id"])
    return JSONResponse({"product_id": product["id"], "related": product["related"]})


def imported(row: Row, *, is_rehearsal: bool) -> Row:
    """Give what came of one row: by its SKU a variant is known, and its product then updated."""
    sku = row.get("sku")
    try:
        product, variant = checked(row), checked_variant(row)
    except ProblemError as error:
        return {"sku": sku, "status": "error", "errors": error.body.get("errors", {})}
    if sku in SKUS:
        if not is_rehearsal:
            found = PRODUCTS[SKUS[sku]]
            found |= product | {"updated_at": stamp()}
            kept = next(one for one in found["variants"] if one["sku"] == sku)
            kept |= {"price": variant["price"], "stock": variant["stock"]}
        return {"sku": sku, "status": "updated", "product_id": SKUS[sku]}
    if is_rehearsal:
        return {"sku": sku, "status": "created", "product_id": None}
    new = made(product)
    new["variants"].append(variant)
    SKUS[variant["sku"]] = new["id"]
    return {"sku": sku, "status": "created", "product_id": new["id"]}


async def import_rows(request: Request) -> Response:
    staff(request)
    rows = (await sent_object(request)).get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 10:
        raise ProblemError(422, "Validation failed", "Between 1 and 10 rows", errors={"rows": ["wrong length"]})
    is_rehearsal = request.query_params.get("dry_run") == "true"
    results = [{"row": at, **imported(row, is_rehearsal=is_rehearsal)} for at, row in enumerate(rows, 1)]
    tally = {status: sum(one["status"] == status for one in results) for status in ("created", "updated", "error")}
    return JSONResponse({"dry_run": is_rehearsal, "summary": tally, "results": results}, 207 if tally["error"] else 200)


PRODUCT: Final = "/api/products/{id}"
app: Final = Starlette(
    routes=[
        Route("/api/products", search),
        Route("/api/products", create, methods=["POST"]),
        Route("/api/products/import", import_rows, methods=["POST"]),
        Route("/api/categories", categories),
        Route(PRODUCT, read),
        Route(PRODUCT, patch, methods=["PATCH"]),
        Route(PRODUCT, remove, methods=["DELETE"]),
        Route(f"{PRODUCT}/variants", variants, methods=["GET", "POST"]),
        Route(f"{PRODUCT}/related", related, methods=["GET", "POST"]),
        Route("/api/skus/{sku}", by_sku),
        Route("/api/skus/{sku}/stock", adjust, methods=["POST"]),
        *opinions.ROUTES,
    ],
    exception_handlers={ProblemError: fail, BodyError: fail},
)
