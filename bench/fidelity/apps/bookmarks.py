"""Bookmarks by number: tags with counts, a word searched for, pages by `Link`, many at once, an archive, an upsert."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import now

Mark = dict[str, Any]

_marks: dict[int, Mark] = {}
_numbers = iter(range(1, 1_000_000))


class InvalidError(Exception):
    """A body whose fields are wrong: pairs of a field and a code."""

    def __init__(self, *wrong: tuple[str, str]) -> None:
        super().__init__("Validation failed")
        self.errors = [{"resource": "Bookmark", "field": field, "code": code} for field, code in wrong]


async def body_of(request: Request, kind: type) -> Any:
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise InvalidError(("body", "malformed")) from None
    if not isinstance(found, kind):
        raise InvalidError(("body", "wrong_type"))
    return found


def tags_of(asked: Mark) -> list[str]:
    return sorted({str(tag).strip().lower() for tag in asked.get("tags") or []})


def check(asked: Mark, *, whole: bool) -> None:
    wrong = []
    if whole and not asked.get("url"):
        wrong.append(("url", "missing_field"))
    elif "url" in asked and urlsplit(str(asked["url"])).scheme not in ("http", "https"):
        wrong.append(("url", "invalid"))
    if len(asked.get("tags") or []) > 5:
        wrong.append(("tags", "too_many"))
    if not isinstance(asked.get("unread", False), bool):
        wrong.append(("unread", "invalid"))
    if wrong:
        raise InvalidError(*wrong)


def by_url(url: str) -> Mark | None:
    return next((mark for mark in _marks.values() if mark["url"] == url), None)


def add(asked: Mark) -> Mark:
    check(asked, whole=True)
    url = asked["url"]
    mark = {"id": next(_numbers), "url": url, "domain": urlsplit(url).netloc, "title": asked.get("title") or url}
    mark |= {"notes": asked.get("notes", ""), "tags": tags_of(asked), "unread": asked.get("unread", False)}
    mark |= {"archived": False, "date_added": now(), "date_modified": now()}
    _marks[mark["id"]] = mark
    return mark


def merge(mark: Mark, asked: Mark) -> Mark:
    check(asked, whole=False)
    mark |= {name: asked[name] for name in ("url", "notes", "unread") if name in asked}
    mark["domain"] = urlsplit(mark["url"]).netloc
    if "title" in asked:
        mark["title"] = asked["title"] or mark["url"]
    if "tags" in asked:
        mark["tags"] = tags_of(asked)
    mark["date_modified"] = now()
    return mark


def matching(request: Request, *, archived: bool) -> list[Mark]:
    asked, word = request.query_params, request.query_params.get("q", "").lower()
    found = [mark for mark in reversed(_marks.values()) if mark["archived"] is archived]
    found = [mark for mark in found if word in mark["title"].lower() or word in mark["notes"].lower()]
    if "tag" in asked:
        found = [mark for mark in found if asked["tag"] in mark["tags"]]
    if asked.get("unread") in ("true", "false"):
        found = [mark for mark in found if mark["unread"] is (asked["unread"] == "true")]
    return found


def page_of(request: Request, found: list[Mark]) -> Response:
    page, size = int(request.query_params.get("page", 1)), min(int(request.query_params.get("per_page", 30)), 100)
    last = max(1, -(-len(found) // size))
    places = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    links = [
        f'<{request.url.include_query_params(page=number)}>; rel="{name}"'
        for name, number in places.items()
        if 1 <= number <= last and (name not in ("first", "last") or number != page)
    ]
    headers = {"X-Total-Count": str(len(found)), **({"Link": ", ".join(links)} if links else {})}
    return JSONResponse(found[(page - 1) * size : page * size], headers=headers)


async def marks(request: Request) -> Response:
    if request.method == "GET":
        return page_of(request, matching(request, archived=False))
    asked = await body_of(request, dict)
    check(asked, whole=True)
    if known := by_url(asked["url"]):
        return JSONResponse({"message": "URL is bookmarked already", "existing": known["id"]}, 409)
    mark = add(asked)
    return JSONResponse(mark, 201, {"Location": f"/api/bookmarks/{mark['id']}"})


async def archived(request: Request) -> Response:
    return page_of(request, matching(request, archived=True))


async def check_url(request: Request) -> Response:
    known = by_url(request.query_params.get("url", ""))
    return JSONResponse({"bookmarked": known is not None, "bookmark": known})


async def upsert(request: Request) -> Response:
    asked = await body_of(request, dict)
    check(asked, whole=True)
    known = by_url(asked["url"])
    return JSONResponse(merge(known, asked) if known else add(asked), 200 if known else 201)


async def bulk(request: Request) -> Response:
    results: list[Mark] = []
    for index, asked in enumerate(await body_of(request, list)):
        try:
            check(asked, whole=True)
            known = by_url(asked["url"])
            mark = known or add(asked)
            results.append({"index": index, "status": 409 if known else 201, "id": mark["id"]})
        except InvalidError as error:
            results.append({"index": index, "status": 422, "errors": error.errors})
    made = sum(result["status"] == 201 for result in results)
    return JSONResponse({"created": made, "failed": len(results) - made, "results": results}, 207)


async def bulk_delete(request: Request) -> Response:
    ids = (await body_of(request, dict)).get("ids") or []
    gone = [number for number in ids if _marks.pop(number, None)]
    return JSONResponse({"deleted": gone, "missing": [number for number in ids if number not in gone]})


async def mark(request: Request) -> Response:
    number = request.path_params["id"]
    found = _marks.get(number)
    if found is None:
        return JSONResponse({"message": "Not Found"}, 404)
    if request.method == "DELETE":
        del _marks[number]
        return Response(status_code=204)
    if request.method == "PATCH":
        merge(found, await body_of(request, dict))
    return JSONResponse(found)


async def shelve(request: Request) -> Response:
    found = _marks.get(request.path_params["id"])
    if found is None:
        return JSONResponse({"message": "Not Found"}, 404)
    found |= {"archived": request.url.path.endswith("/archive"), "date_modified": now()}
    return Response(status_code=204)


async def tags(_: Request) -> Response:
    counts = Counter(tag for mark in _marks.values() for tag in mark["tags"])
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return JSONResponse([{"name": name, "count": count} for name, count in ordered])


async def tag(request: Request) -> Response:
    name = request.path_params["name"]
    found = [mark for mark in _marks.values() if name in mark["tags"]]
    if not found:
        return JSONResponse({"message": "Not Found"}, 404)
    to = (await body_of(request, dict)).get("name") if request.method == "PUT" else None
    if request.method == "PUT" and not to:
        raise InvalidError(("name", "missing_field"))
    for mark in found:
        mark["tags"] = sorted({other for other in mark["tags"] if other != name} | ({to} if to else set()))
    return JSONResponse({"name": to, "changed": len(found)}) if to else Response(status_code=204)


async def invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidError)
    return JSONResponse({"message": str(error), "errors": error.errors}, 422)


app = Starlette(
    routes=[
        Route("/api/bookmarks", marks, methods=["GET", "POST"]),
        Route("/api/bookmarks", upsert, methods=["PUT"]),
        Route("/api/bookmarks/archived", archived),
        Route("/api/bookmarks/check", check_url),
        Route("/api/bookmarks/bulk", bulk, methods=["POST"]),
        Route("/api/bookmarks/bulk-delete", bulk_delete, methods=["POST"]),
        Route("/api/bookmarks/{id:int}", mark, methods=["GET", "PATCH", "DELETE"]),
        Route("/api/bookmarks/{id:int}/archive", shelve, methods=["POST"]),
        Route("/api/bookmarks/{id:int}/unarchive", shelve, methods=["POST"]),
        Route("/api/tags", tags),
        Route("/api/tags/{name}", tag, methods=["PUT", "DELETE"]),
    ],
    exception_handlers={InvalidError: invalid},
)
