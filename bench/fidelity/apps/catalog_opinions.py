"""What customers think of the catalogue's products: reviews with votes, and wish lists that can be shared."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.catalog_stock import (
    PRODUCTS,
    ProblemError,
    Row,
    product_of,
    rating,
    refuse,
    sent_object,
    stamp,
    summary,
)

_lists: Final[dict[str, Row]] = {}


def checked_review(sent: Row) -> Row:
    stars, author = sent.get("stars"), sent.get("author")
    refuse(
        {
            "author": [] if isinstance(author, str) and author else ["is required"],
            "stars": [] if isinstance(stars, int) and 1 <= stars <= 5 else ["must be between 1 and 5"],
            "title": ["is too long"] if len(sent.get("title") or "") > 60 else [],
        }
    )
    return {"author": author, "stars": stars, "title": sent.get("title"), "body": sent.get("body", "")}


async def add_review(request: Request) -> Response:
    product, sent = product_of(request), checked_review(await sent_object(request))
    if any(one["author"] == sent["author"] for one in product["reviews"]):
        raise ProblemError(409, "Already reviewed", f"{sent['author']} has reviewed this product")
    review = {"id": str(uuid4()), "product_id": product["id"], **sent, "helpful": 0, "created_at": stamp()}
    product["reviews"].append(review)
    return JSONResponse(review, 201, {"Location": f"/api/products/{product['id']}/reviews/{review['id']}"})


async def reviews(request: Request) -> Response:
    product, asked = product_of(request), request.query_params
    found = product["reviews"][::-1]
    if stars := asked.get("stars"):
        found = [one for one in found if str(one["stars"]) == stars]
    if asked.get("sort") == "helpful":
        found.sort(key=lambda one: -one["helpful"])
    histogram = {str(stars): sum(one["stars"] == stars for one in product["reviews"]) for stars in range(5, 0, -1)}
    return JSONResponse({"rating": rating(product) | {"histogram": histogram}, "total": len(found), "reviews": found})


def review_of(request: Request) -> tuple[Row, Row]:
    product, key = product_of(request), request.path_params["review"]
    for review in product["reviews"]:
        if review["id"] == key:
            return product, review
    raise ProblemError(404, "Not found", f"No review {key}")


async def one_review(request: Request) -> Response:
    product, review = review_of(request)
    if request.method == "DELETE":
        product["reviews"].remove(review)
        return Response(status_code=204)
    if request.method == "PUT":
        review |= checked_review({"author": review["author"], **await sent_object(request)}) | {"edited": True}
    return JSONResponse(review)


async def vote(request: Request) -> Response:
    _, review = review_of(request)
    review["helpful"] += 1
    return JSONResponse({"id": review["id"], "helpful": review["helpful"]})


def list_of(request: Request) -> Row:
    key = request.path_params["id"]
    if key not in _lists:
        raise ProblemError(404, "Not found", f"No wish list {key}")
    return _lists[key]


def list_view(found: Row) -> Row:
    items = [
        {**summary(PRODUCTS[one["product_id"]]), "quantity": one["quantity"], "added_at": one["added_at"]}
        for one in found["items"]
        if one["product_id"] in PRODUCTS
    ]
    total = round(sum(one["price"] * one["quantity"] for one in items), 2)
    head = {key: found[key] for key in ("id", "owner", "name", "is_public", "created_at")}
    return head | {"items": items, "item_count": len(items), "estimated_total": total}


async def new_list(request: Request) -> Response:
    sent = await sent_object(request)
    refuse({name: [] if sent.get(name) else ["is required"] for name in ("owner", "name")})
    made = {"id": str(uuid4()), "owner": sent["owner"], "name": sent["name"], "items": [], "created_at": stamp()}
    _lists[made["id"]] = made | {"is_public": bool(sent.get("is_public", False))}
    return JSONResponse(list_view(_lists[made["id"]]), 201, {"Location": f"/api/wishlists/{made['id']}"})


async def lists(request: Request) -> Response:
    owner = request.query_params.get("owner")
    if not owner:
        raise ProblemError(400, "Invalid parameter", "'owner' is required", parameter="owner")
    found = [one for one in _lists.values() if one["owner"] == owner]
    heads = [{"id": one["id"], "name": one["name"], "item_count": len(one["items"])} for one in found]
    return JSONResponse({"owner": owner, "wishlists": heads})


async def one_list(request: Request) -> Response:
    found = list_of(request)
    if request.method == "DELETE":
        del _lists[found["id"]]
        return Response(status_code=204)
    return JSONResponse(list_view(found))


async def wish(request: Request) -> Response:
    found, sent = list_of(request), await sent_object(request)
    key, quantity = sent.get("product_id"), sent.get("quantity", 1)
    refuse(
        {
            "product_id": [] if key in PRODUCTS else ["unknown product"],
            "quantity": [] if isinstance(quantity, int) and 1 <= quantity <= 20 else ["must be between 1 and 20"],
        }
    )
    for one in found["items"]:
        if one["product_id"] == key:
            one["quantity"] += quantity
            return JSONResponse(list_view(found))
    found["items"].append({"product_id": key, "quantity": quantity, "added_at": stamp()})
    return JSONResponse(list_view(found), 201)


async def unwish(request: Request) -> Response:
    found, key = list_of(request), request.path_params["product"]
    kept = [one for one in found["items"] if str(one["product_id"]) != key]
    if len(kept) == len(found["items"]):
        raise ProblemError(404, "Not found", f"Product {key} is not on this list")
    found["items"] = kept
    return JSONResponse(list_view(found))


REVIEWS: Final = "/api/products/{id}/reviews"
LIST: Final = "/api/wishlists/{id}"
ROUTES: Final = (
    Route(REVIEWS, reviews),
    Route(REVIEWS, add_review, methods=["POST"]),
    Route(f"{REVIEWS}/{{review}}", one_review, methods=["GET", "PUT", "DELETE"]),
    Route(f"{REVIEWS}/{{review}}/helpful", vote, methods=["POST"]),
    Route("/api/wishlists", lists),
    Route("/api/wishlists", new_list, methods=["POST"]),
    Route(LIST, one_list, methods=["GET", "DELETE"]),
    Route(f"{LIST}/items", wish, methods=["POST"]),
    Route(f"{LIST}/items/{{product}}", unwish, methods=["DELETE"]),
)
