"""A library after JSON:API: typed resources with attributes and relationships, included parts, error objects."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

MEDIA = "application/vnd.api+json"

_people: dict[str, dict[str, Any]] = {}
_books: dict[str, dict[str, Any]] = {}


def answer(body: dict[str, Any], status: int = 200, **headers: str) -> Response:
    return JSONResponse({"jsonapi": {"version": "1.1"}, **body}, status, headers, media_type=MEDIA)


def failed(status: int, title: str, *errors: tuple[str, str]) -> Response:
    shown = [{"status": str(status), "title": title, "detail": told, "source": {"pointer": at}} for at, told in errors]
    return answer({"errors": shown}, status)


def missing(kind: str, number: str) -> Response:
    error = {"status": "404", "title": "Not found", "detail": f"{kind} {number} could not be found"}
    return answer({"errors": [error]}, 404)


async def attributes_of(request: Request, kind: str) -> tuple[dict[str, Any], dict[str, Any]] | Response:
    asked = (await json_object(request)).get("data")
    if not isinstance(asked, dict):
        return failed(400, "Bad request", ("/data", "a resource object is expected"))
    if asked.get("type") != kind:
        return failed(409, "Conflict", ("/data/type", f"{asked.get('type')} is not {kind}"))
    return asked.get("attributes", {}), asked.get("relationships", {})


def person(number: str) -> dict[str, Any]:
    books = [{"type": "books", "id": book["id"]} for book in _books.values() if book["author"] == number]
    return {
        "type": "people",
        "id": number,
        "attributes": _people[number],
        "relationships": {"books": {"data": books, "links": {"related": f"/people/{number}/books"}}},
        "links": {"self": f"/people/{number}"},
    }


def book(found: dict[str, Any], fields: str | None = None) -> dict[str, Any]:
    told = {key: value for key, value in found.items() if key not in ("id", "author")}
    if fields is not None:
        told = {key: told[key] for key in fields.split(",") if key in told}
    return {
        "type": "books",
        "id": found["id"],
        "attributes": told,
        "relationships": {"author": {"data": {"type": "people", "id": found["author"]}}},
        "links": {"self": f"/books/{found['id']}"},
    }


async def add_person(request: Request) -> Response:
    asked = await attributes_of(request, "people")
    if isinstance(asked, Response):
        return asked
    if not asked[0].get("full-name"):
        return failed(422, "Invalid attribute", ("/data/attributes/full-name", "can't be blank"))
    number = str(len(_people) + 1)
    _people[number] = {"full-name": asked[0]["full-name"], "city": asked[0].get("city"), "joined-on": now()[:10]}
    return answer({"data": person(number)}, 201, Location=f"/people/{number}")


async def one_person(request: Request) -> Response:
    number = request.path_params["id"]
    return answer({"data": person(number)}) if number in _people else missing("person", number)


def wrong_in(told: dict[str, Any]) -> list[tuple[str, str]]:
    wrong = []
    if "title" in told and not told["title"]:
        wrong.append(("/data/attributes/title", "can't be blank"))
    if not isinstance(told.get("pages", 1), int) or told.get("pages", 1) < 1:
        wrong.append(("/data/attributes/pages", "must be greater than 0"))
    return wrong


async def add_book(request: Request) -> Response:
    asked = await attributes_of(request, "books")
    if isinstance(asked, Response):
        return asked
    told, related = asked
    author = (related.get("author") or {}).get("data", {}).get("id")
    wrong = wrong_in({"title": "", **told})
    if author not in _people:
        wrong.append(("/data/relationships/author", "must exist"))
    if wrong:
        return failed(422, "Invalid attribute", *wrong)
    number = str(100 + len(_books))
    made = {"id": number, "author": author, "title": told["title"], "pages": told.get("pages"), "available": True}
    _books[number] = {**made, "genre": told.get("genre", "fiction"), "created-at": now(), "loans": 0}
    return answer({"data": book(_books[number])}, 201, Location=f"/books/{number}")


async def one_book(request: Request) -> Response:
    number = request.path_params["id"]
    found = _books.get(number)
    if found is None:
        return missing("book", number)
    if request.method == "DELETE":
        if not found["available"]:
            return failed(409, "Conflict", ("/data", "the book is on loan"))
        del _books[number]
        return Response(status_code=204)
    if request.method == "PATCH":
        asked = await attributes_of(request, "books")
        if isinstance(asked, Response):
            return asked
        if wrong := wrong_in(asked[0]):
            return failed(422, "Invalid attribute", *wrong)
        found |= {key: asked[0][key] for key in ("title", "pages", "genre") if key in asked[0]}
    body: dict[str, Any] = {"data": book(found, request.query_params.get("fields[books]"))}
    if request.query_params.get("include") == "author":
        body["included"] = [person(found["author"])]
    return answer(body)


async def lending(request: Request) -> Response:
    found = _books.get(request.path_params["id"])
    if found is None:
        return missing("book", request.path_params["id"])
    wanted = request.path_params["what"] == "return"
    if found["available"] == wanted:
        told = "the book is not on loan" if wanted else "the book is on loan"
        return failed(409, "Conflict", ("/data", told))
    found["available"] = wanted
    found["loans"] += not wanted
    return answer({"data": book(found), "meta": {"due-in-days": None if wanted else 21}})


async def books(request: Request) -> Response:
    asked = request.query_params
    found = list(_books.values())
    if genre := asked.get("filter[genre]"):
        found = [one for one in found if one["genre"] == genre]
    if "filter[available]" in asked:
        found = [one for one in found if one["available"] == (asked["filter[available]"] == "true")]
    sort = asked.get("sort", "id")
    if sort.lstrip("-") not in ("id", "title", "pages"):
        return failed(400, "Invalid sort", ("/sort", f"{sort} is not a sort criterion"))
    found.sort(key=lambda one: (one[sort.lstrip("-")] is None, one[sort.lstrip("-")]), reverse=sort.startswith("-"))
    size, number = int(asked.get("page[size]", 4)), int(asked.get("page[number]", 1))
    pages = max(1, -(-len(found) // size))
    shown = found[(number - 1) * size : number * size]
    meta = {"total": len(found), "pages": pages}
    links = {"self": str(request.url), "next": None}
    if number < pages:
        links["next"] = str(request.url.include_query_params(**{"page[number]": number + 1}))
    return answer({"data": [book(one) for one in shown], "meta": meta, "links": links})


async def books_of(request: Request) -> Response:
    number = request.path_params["id"]
    if number not in _people:
        return missing("person", number)
    return answer({"data": [book(one) for one in _books.values() if one["author"] == number]})


async def malformed(_: Request, error: Exception) -> Response:
    return failed(400, "Bad request", ("", str(error)))


app = Starlette(
    routes=[
        Route("/people", add_person, methods=["POST"]),
        Route("/people/{id}", one_person),
        Route("/people/{id}/books", books_of),
        Route("/books", books),
        Route("/books", add_book, methods=["POST"]),
        Route("/books/{id}", one_book, methods=["GET", "PATCH", "DELETE"]),
        Route("/books/{id}/{what}", lending, methods=["POST"]),
    ],
    exception_handlers={BodyError: malformed},
)
