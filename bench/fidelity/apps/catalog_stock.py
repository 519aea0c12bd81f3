"""What the catalogue holds: products with variants, how they are shown, checked and patched, and its problems."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bench.fidelity.apps.parts import json_object

Row = dict[str, Any]

CATEGORIES: Final = ("Lighting", "Seating", "Tables", "Textiles")
STAFF: Final = "ck_staff_9f31c07be2"
READER: Final = "ck_read_41aa90d3c5"
STARTING: Final = (
    ("Harbor Floor Lamp", "Lumio", "Lighting", (("LMP-HB-BK", "black", 89.0, 6), ("LMP-HB-BR", "brass", 99.0, 0))),
    ("Pebble Table Lamp", "Lumio", "Lighting", (("LMP-PB-WH", "white", 39.5, 14),)),
    ("Willow Pendant", "Nordal", "Lighting", (("PND-WL-NA", "natural", 64.0, 3),)),
    ("Falcon Lounge Chair", "Nordal", "Seating", (("CHR-FL-GR", "grey", 349.0, 2), ("CHR-FL-GN", "green", 359.0, 5))),
    ("Cedar Stool", "Tavo", "Seating", (("STL-CD-OK", "oak", 45.0, 20),)),
    ("Willow Bench", "Tavo", "Seating", (("BNC-WL-OK", "oak", 129.0, 0),)),
    ("Harbor Side Table", "Tavo", "Tables", (("TBL-HB-WA", "walnut", 119.0, 7),)),
    ("Cedar Desk", "Nordal", "Tables", (("DSK-CD-OK", "oak", 279.0, 4), ("DSK-CD-WH", "white", 259.0, 1))),
    ("Pebble Cushion", "Fil", "Textiles", (("CSH-PB-BL", "blue", 18.9, 40), ("CSH-PB-RD", "red", 18.9, 35))),
    ("Meadow Throw", "Fil", "Textiles", (("THR-MD-GN", "green", 49.9, 11),)),
    ("Meadow Rug", "Fil", "Textiles", (("RUG-MD-NA", "natural", 149.0, 3),)),
)

PRODUCTS: Final[dict[int, Row]] = {}
SKUS: Final[dict[str, int]] = {}
_numbers: Final = count(101)


class ProblemError(Exception):
    """A problem (RFC 9457): its status and the members of its body."""

    def __init__(self, status: int, title: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def fail(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        error = ProblemError(400, "Malformed request", str(error))
    body = error.body | {"instance": request.url.path}
    return JSONResponse(body, error.status, media_type="application/problem+json")


def stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def staff(request: Request) -> None:
    key = request.headers.get("x-catalog-key")
    if key not in (STAFF, READER):
        raise ProblemError(401, "Unauthorized", "A valid X-Catalog-Key is required")
    if key == READER:
        raise ProblemError(403, "Forbidden", "This key may only read")


async def sent_object(request: Request) -> Row:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise ProblemError(415, "Unsupported media type", "Send application/json")
    return await json_object(request)


def product_of(request: Request) -> Row:
    text = request.path_params["id"]
    if not text.isdigit() or int(text) not in PRODUCTS:
        raise ProblemError(404, "Not found", f"No product {text}")
    return PRODUCTS[int(text)]


def rating(product: Row) -> Row:
    stars = [one["stars"] for one in product["reviews"]]
    return {"average": round(sum(stars) / len(stars), 1) if stars else None, "count": len(stars)}


def summary(product: Row) -> Row:
    prices = [one["price"] for one in product["variants"]]
    return {
        "id": product["id"],
        "title": product["title"],
        "brand": product["brand"],
        "category": product["category"],
        "price": min(prices) if prices else product["list_price"],
        "in_stock": any(one["stock"] for one in product["variants"]),
        "rating": rating(product),
    }


def shown(product: Row) -> Row:
    more = ("description", "attributes", "tags", "status", "list_price", "variants", "created_at", "updated_at")
    return summary(product) | {key: product[key] for key in more} | {"_links": links(product["id"])}


def links(key: int) -> Row:
    return {name: {"href": f"/api/products/{key}{path}"} for name, path in (("self", ""), ("reviews", "/reviews"))}


def made(fields: Row) -> Row:
    key = next(_numbers)
    PRODUCTS[key] = {"id": key, **fields, "variants": [], "reviews": [], "related": []}
    PRODUCTS[key] |= {"created_at": stamp(), "updated_at": stamp()}
    return PRODUCTS[key]


def price_error(value: object) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ["must be a number"]
    return ["must be greater than 0"] if value <= 0 else []


def refuse(errors: Row) -> None:
    if found := {name: problems for name, problems in errors.items() if problems}:
        some = "One field is" if len(found) == 1 else f"{len(found)} fields are"
        raise ProblemError(422, "Validation failed", f"{some} not valid", errors=found)


def checked(sent: Row) -> Row:
    """Give a product's own fields from what was sent, with their defaults."""
    title, category = sent.get("title"), sent.get("category")
    price = sent.get("list_price", sent.get("price"))
    refuse(
        {
            "title": [] if isinstance(title, str) and 3 <= len(title) <= 80 else ["must have 3 to 80 characters"],
            "category": [] if category in CATEGORIES else ["is not a category"],
            "list_price": price_error(price),
            "status": [] if sent.get("status", "active") in ("active", "draft") else ["must be active or draft"],
        }
    )
    given = {"title": title, "category": category, "list_price": price, "brand": sent.get("brand") or "Unbranded"}
    given |= {"description": sent.get("description"), "attributes": sent.get("attributes") or {}}
    return given | {"tags": sent.get("tags") or [], "status": sent.get("status", "active")}


def checked_variant(sent: Row) -> Row:
    sku, stock = sent.get("sku"), sent.get("stock", 0)
    refuse(
        {
            "sku": [] if isinstance(sku, str) and sku.isupper() and len(sku) >= 4 else ["must be upper case"],
            "price": price_error(sent.get("price")),
            "stock": [] if isinstance(stock, int) and stock >= 0 else ["must not be negative"],
        }
    )
    return {"sku": sku, "options": sent.get("options") or {}, "price": sent["price"], "stock": stock}


async def patched(product: Row, request: Request) -> Row:
    """Give the product's own fields after a merge patch (RFC 7396) or a JSON patch (RFC 6902)."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    names = ("title", "brand", "category", "list_price", "description", "attributes", "tags", "status")
    fields = copy.deepcopy({name: product[name] for name in names})
    if kind == "application/merge-patch+json":
        return dict(merged(fields, await json_object(request)))
    if kind == "application/json-patch+json":
        try:
            steps = await request.json()
        except ValueError:
            raise ProblemError(400, "Malformed request", "Malformed JSON") from None
        for at, step in enumerate(steps):
            apply(fields, step, at)
        return fields
    raise ProblemError(415, "Unsupported media type", "Send a merge patch or a JSON patch")


def merged(target: Any, changes: Any) -> Any:
    if not isinstance(changes, dict):
        return changes
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def apply(fields: Row, step: Row, at: int) -> None:
    """Take one step of a JSON patch; raises ProblemError with its position where that cannot be done."""
    operation, path = step.get("op"), str(step.get("path", ""))
    *way, last = path.lstrip("/").split("/")
    try:
        here: Any = fields
        for name in way:
            here = here[name]
        if isinstance(here, list):
            position = len(here) if last == "-" and operation == "add" else int(last)
            if operation == "add":
                here.insert(position, step["value"])
            elif operation == "remove":
                del here[position]
            elif operation == "replace":
                here[position] = step["value"]
            return
        if operation == "test" and here[last] != step["value"]:
            raise ProblemError(409, "Patch failed", f"The test of {path} failed", operation=at)
        if operation == "remove":
            del here[last]
        elif operation in ("add", "replace"):
            here[last] = step["value"] if operation == "add" or last in here else here[last]
        elif operation != "test":
            raise ProblemError(400, "Malformed patch", f"Unknown operation '{operation}'", operation=at)
    except (KeyError, IndexError, ValueError, TypeError):
        raise ProblemError(409, "Patch failed", f"There is no {path}", operation=at) from None


def fill() -> None:
    for title, brand, category, kinds in STARTING:
        fields = {"title": title, "brand": brand, "category": category, "price": kinds[0][2], "tags": ["starting"]}
        product = made(checked(fields))
        for sku, colour, price, stock in kinds:
            product["variants"].append({"sku": sku, "options": {"colour": colour}, "price": price, "stock": stock})
            SKUS[sku] = product["id"]


fill()
