"""A session with json-server: create, read, update, delete, paging by Link, filters, sorting, embedding, ETags, errors."""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from e2e.client import Client


def shelf(client: Client) -> None:
    client.call("GET", "/")
    client.call("GET", "/db")
    client.expect(len(client.call("GET", "/books").json()) == 1, "one book at first")
    made = []
    for number in range(11):
        book = {"title": f"Volume {number}", "author": ("ursula", "stanislaw")[number % 2], "pages": 100 + number * 10}
        made.append(client.call("POST", "/books", document=book, status=201).json()["id"])
    page = client.call("GET", "/books?_page=1&_limit=4")
    seen, total = len(page.json()), int(page.header("x-total-count", "0"))
    while '; rel="next"' in page.header("link"):
        follow = next(link for link in page.header("link").split(", ") if link.endswith('rel="next"'))
        onward = urllib.parse.urlsplit(follow[1 : follow.index(">")])
        page = client.call("GET", f"{onward.path}?{onward.query}")
        seen += len(page.json())
        client.expect(seen <= total, "no page came twice")
        if seen > total:
            break
    client.expect(seen == total == 12, f"all pages together hold {seen} of {total}")
    client.expect(len(client.call("GET", "/books").json()) == 12, "the same request, another answer")
    for target in (
        "/books?author=ursula&_sort=pages&_order=desc",
        "/books?pages_gte=120&pages_lte=160",
        "/books?q=volume+7",
        "/books?id=1&id=2",
        "/books/1?_embed=reviews",
        "/reviews?_expand=book",
    ):
        client.call("GET", target)
    first = made[0]
    client.call("GET", f"/books/{first}")
    client.call("PUT", f"/books/{first}", document={"title": "Whole new"})
    client.call("GET", f"/books/{first}")
    client.call("PATCH", f"/books/{first}", document={"pages": 7})
    client.expect(client.call("GET", f"/books/{first}").json().get("pages") == 7, "the change is seen")
    client.call("POST", f"/books/{first}/reviews", document={"text": "short"}, status=201)
    client.call("GET", f"/books/{first}/reviews")
    for number in made:
        client.call("DELETE", f"/books/{number}")
    client.call("GET", f"/books/{first}", status=404)
    client.expect(len(client.call("GET", "/books").json()) == 1, "one book in the end")


def owner(client: Client) -> None:
    client.call("GET", "/owner")
    client.call("PATCH", "/owner", document={"name": "Ines the second"})
    client.expect(client.call("GET", "/owner").json().get("name") == "Ines the second", "the new name is seen")


def browsers(client: Client) -> None:
    asked = {"Origin": "http://app.example", "Access-Control-Request-Method": "POST"}
    client.call("OPTIONS", "/reviews", headers=asked, status=204)
    allowed = client.call("GET", "/books/1", headers={"Origin": "http://app.example"})
    client.expect(allowed.header("access-control-allow-origin"), "the origin is allowed")
    plain = client.call("GET", "/books/1")
    client.call("GET", "/books/1", headers={"If-None-Match": plain.header("etag")}, status=304)
    client.call("HEAD", "/books/1")


def errors(client: Client) -> None:
    client.call("GET", "/books/98765", status=404)
    client.call("GET", "/nothing/here", status=404)
    client.call("POST", "/reviews", document={"id": 1}, status=500)
    client.call("POST", "/reviews", body=b'{"open":', headers={"Content-Type": "application/json"}, status=400)


PARTS = (shelf, owner, browsers, errors)
