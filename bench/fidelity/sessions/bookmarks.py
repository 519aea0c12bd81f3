"""Sessions of bookmarks: added one by one and in bulk, searched, paged, tagged, archived, and asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

MARKS = "/api/bookmarks"
TAGS = ("news", "python", "recipes", "travel", "music")


def play(client: Client, random: Random) -> None:
    made = [add(client, random) for _ in range(random.randint(2, 5))]
    kinds = [searching, editing, shelving, bulk, upserting, tagging, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 6)]:
        kind(client, random, made)
    gone = made.pop(random.randrange(len(made)))
    client.ask("delete", "DELETE", f"{MARKS}/{gone}")
    client.ask("the bookmark, deleted", "GET", f"{MARKS}/{gone}", reads=True)
    client.ask("bookmarks left", "GET", MARKS, reads=True)


def address(random: Random) -> str:
    return f"https://{values.word(random)}.example.{random.choice(('com', 'org'))}/{values.slug(random)}"


def fields(random: Random) -> dict[str, object]:
    asked: dict[str, object] = {"url": address(random)}
    if random.random() < 0.7:
        asked["title"] = values.title(random)
    if random.random() < 0.4:
        asked["notes"] = values.sentence(random)
    if random.random() < 0.8:
        asked["tags"] = random.choices([*TAGS, "Python"], k=random.randint(1, 3))
    if random.random() < 0.3:
        asked["unread"] = True
    return asked


def add(client: Client, random: Random) -> int:
    return int(client.ask("add", "POST", MARKS, json=fields(random)).take("id"))


def searching(client: Client, random: Random, _: list[int]) -> None:
    client.ask("bookmarks", "GET", MARKS, reads=True)
    page: dict[str, object] = {"page": 1, "per_page": 2}
    client.ask("bookmarks, first page", "GET", MARKS, query=page, reads=True)
    client.ask("bookmarks, second page", "GET", MARKS, query={**page, "page": 2}, reads=True)
    client.ask("bookmarks of a tag", "GET", MARKS, query={"tag": random.choice(TAGS)}, reads=True)
    if random.random() < 0.5:
        client.ask("bookmarks by a word", "GET", MARKS, query={"q": values.word(random)[:2]}, reads=True)
    if random.random() < 0.5:
        client.ask("unread bookmarks", "GET", MARKS, query={"unread": random.choice(("true", "false"))}, reads=True)


def editing(client: Client, random: Random, made: list[int]) -> None:
    path = f"{MARKS}/{random.choice(made)}"
    client.ask("the bookmark", "GET", path, reads=True)
    asked: dict[str, object] = random.choice(
        [{"title": values.title(random)}, {"tags": ["music", "Travel"]}, {"unread": False}, {"title": ""}]
    )
    client.ask("edit", "PATCH", path, json=asked, reads=True)
    if random.random() < 0.4:
        client.ask("move", "PATCH", path, json={"url": address(random)}, reads=True)
    client.ask("the bookmark, edited", "GET", path, reads=True)


def shelving(client: Client, random: Random, made: list[int]) -> None:
    path = f"{MARKS}/{random.choice(made)}"
    client.ask("archive", "POST", f"{path}/archive")
    client.ask("archived", "GET", f"{MARKS}/archived", reads=True)
    client.ask("bookmarks not archived", "GET", MARKS, reads=True)
    if random.random() < 0.6:
        client.ask("unarchive", "POST", f"{path}/unarchive")
        client.ask("the bookmark again", "GET", path, reads=True)


def bulk(client: Client, random: Random, _: list[int]) -> None:
    many: list[dict[str, object]] = [fields(random) for _ in range(random.randint(1, 3))]
    if random.random() < 0.6:
        many.insert(random.randint(0, 1), {"title": values.title(random)})
    added = client.ask("add many", "POST", f"{MARKS}/bulk", json=many, reads=True)
    ids = [row["id"] for row in added.find("results") or [] if "id" in row]
    client.ask("bookmarks with the many", "GET", MARKS, query={"per_page": 50}, reads=True)
    if random.random() < 0.6:
        lost = [*ids[:1], random.randint(4000, 9000)]
        client.ask("delete many", "POST", f"{MARKS}/bulk-delete", json={"ids": lost}, reads=True)
        client.ask("bookmarks without the many", "GET", MARKS, query={"per_page": 50}, reads=True)


def upserting(client: Client, random: Random, _: list[int]) -> None:
    asked = fields(random)
    query: dict[str, object] = {"url": asked["url"]}
    client.ask("not bookmarked", "GET", f"{MARKS}/check", query=query, reads=True)
    client.ask("put", "PUT", MARKS, json=asked, reads=True)
    client.ask("bookmarked", "GET", f"{MARKS}/check", query=query, reads=True)
    client.ask("put again", "PUT", MARKS, json={**query, "title": values.title(random)}, reads=True)
    if random.random() < 0.5:
        client.ask("add what is known", "POST", MARKS, json=asked, reads=True)


def tagging(client: Client, random: Random, _: list[int]) -> None:
    client.ask("tags", "GET", "/api/tags", reads=True)
    name = random.choice(TAGS)
    if random.random() < 0.6:
        client.ask("rename a tag", "PUT", f"/api/tags/{name}", json={"name": values.word(random)})
    else:
        client.ask("delete a tag", "DELETE", f"/api/tags/{name}")
    client.ask("tags after", "GET", "/api/tags", reads=True)
    client.ask("bookmarks after", "GET", MARKS, reads=True)


def mistakes(client: Client, random: Random, made: list[int]) -> None:
    nowhere, json = f"{MARKS}/{random.randint(5000, 99999)}", {"Content-Type": "application/json"}
    url, many = address(random), list(values.WORDS[:6])
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no url", "POST", MARKS, json={"title": values.title(random)}),
        lambda: client.ask("bad url", "POST", MARKS, json={"url": values.word(random)}),
        lambda: client.ask("too many tags", "POST", MARKS, json={"url": url, "tags": many}),
        lambda: client.ask("two mistakes", "POST", MARKS, json={"url": "ftp://x", "unread": "maybe"}),
        lambda: client.ask("malformed", "POST", MARKS, content=b'{"url": ', headers=json),
        lambda: client.ask("bulk of no list", "POST", f"{MARKS}/bulk", json={"url": url}),
        lambda: client.ask("edit badly", "PATCH", f"{MARKS}/{made[0]}", json={"url": values.word(random)}),
        lambda: client.ask("no bookmark", "GET", nowhere),
        lambda: client.ask("edit no bookmark", "PATCH", nowhere, json={"title": "x"}),
        lambda: client.ask("delete no bookmark", "DELETE", nowhere),
        lambda: client.ask("archive no bookmark", "POST", f"{nowhere}/archive"),
        lambda: client.ask("rename no tag", "PUT", f"/api/tags/{values.slug(random)}", json={"name": "x"}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
