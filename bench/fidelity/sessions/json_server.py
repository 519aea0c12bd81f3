"""Sessions of json-server: posts and comments made, listed, paged, filtered, changed and deleted; a singleton."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

AUTHORS = ("ann", "bob", "cleo", "dan")


def play(client: Client, random: Random) -> None:
    made = [write(client, random) for _ in range(random.randint(3, 6))]
    kinds = [listing, changing, commenting, mistakes, singleton, paging]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, made)
    deleting(client, random, made)


def write(client: Client, random: Random) -> str:
    asked: dict[str, object] = {
        "title": values.title(random),
        "author": random.choice(AUTHORS),
        "views": random.randint(0, 500),
    }
    if random.random() < 0.5:
        asked["tags"] = random.sample(values.WORDS, random.randint(1, 3))
    if random.random() < 0.3:
        asked["meta"] = {"draft": random.random() < 0.5, "rating": round(random.uniform(1, 5), 1)}
    return client.ask("write a post", "POST", "/posts", json=asked).take("id")


def listing(client: Client, random: Random, _: list[str]) -> None:
    client.ask("all posts", "GET", "/posts", reads=True)
    author = random.choice(AUTHORS)
    client.ask("posts of an author", "GET", "/posts", query={"author": author}, reads=True)
    order = {"_sort": random.choice(["views", "title"]), "_order": random.choice(["asc", "desc"])}
    client.ask("posts sorted", "GET", "/posts", query=order, reads=True)
    if random.random() < 0.6:
        span = {"views_gte": random.randint(0, 200), "views_lte": random.randint(201, 500)}
        client.ask("posts with so many views", "GET", "/posts", query=span, reads=True)
    if random.random() < 0.4:
        client.ask("posts by words", "GET", "/posts", query={"q": values.word(random)}, reads=True)


def paging(client: Client, random: Random, _: list[str]) -> None:
    size = random.choice([2, 3, 4])
    for page in range(1, random.randint(2, 3) + 1):
        client.ask("a page of posts", "GET", "/posts", query={"_page": page, "_limit": size}, reads=True)
    order = {"_sort": "views", "_order": "desc", "_limit": size}
    client.ask("most viewed", "GET", "/posts", query=order, reads=True)
    if random.random() < 0.5:
        client.ask("a slice", "GET", "/posts", query={"_start": 1, "_end": 1 + size}, reads=True)


def changing(client: Client, random: Random, made: list[str]) -> None:
    post = random.choice(made)
    client.ask("the post", "GET", f"/posts/{post}", reads=True)
    client.ask("count a view", "PATCH", f"/posts/{post}", json={"views": random.randint(501, 999)}, reads=True)
    client.ask("the post, changed", "GET", f"/posts/{post}", reads=True)
    whole = {"title": values.title(random), "author": random.choice(AUTHORS)}
    client.ask("replace the post", "PUT", f"/posts/{post}", json=whole)
    client.ask("the post, replaced", "GET", f"/posts/{post}", reads=True)
    if random.random() < 0.5:
        other = random.choice(made)
        client.ask("retitle", "PATCH", f"/posts/{other}", json={"title": values.title(random)}, reads=True)
        client.ask("the post, retitled", "GET", f"/posts/{other}", reads=True)


def commenting(client: Client, random: Random, made: list[str]) -> None:
    post = random.choice(made)
    for _ in range(random.randint(1, 3)):
        client.ask("comment", "POST", f"/posts/{post}/comments", json={"body": values.sentence(random)})
    client.ask("comments of the post", "GET", f"/posts/{post}/comments", reads=True)
    if random.random() < 0.6:
        client.ask("the post with comments", "GET", f"/posts/{post}", query={"_embed": "comments"}, reads=True)
    if random.random() < 0.4:
        asked = {"body": values.sentence(random), "postId": random.choice([1, 2, 3])}
        number = client.ask("comment on an old post", "POST", "/comments", json=asked).take("id")
        client.ask("the comment", "GET", f"/comments/{number}", reads=True)
        client.ask("the comment with its post", "GET", f"/comments/{number}", query={"_expand": "post"}, reads=True)


def mistakes(client: Client, random: Random, made: list[str]) -> None:
    nowhere = random.randint(5000, 99999)
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no such post", "GET", f"/posts/{nowhere}"),
        lambda: client.ask("change no post", "PATCH", f"/posts/{nowhere}", json={"views": 1}),
        lambda: client.ask("delete no post", "DELETE", f"/posts/{nowhere}"),
        lambda: client.ask("no such thing", "GET", f"/{values.word(random)}s"),
        lambda: client.ask("id taken", "POST", "/posts", json={"id": int(made[0]), "title": values.title(random)}),
        lambda: client.ask(
            "malformed", "POST", "/posts", content=b'{"title": ', headers={"Content-Type": "application/json"}
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 5)]:
        way()


def singleton(client: Client, random: Random, _: list[str]) -> None:
    client.ask("profile", "GET", "/profile")
    client.ask("rename", "PATCH", "/profile", json={"name": values.title(random)}, reads=True)
    client.ask("profile, renamed", "GET", "/profile", reads=True)
    if random.random() < 0.4:
        asked = {"name": values.title(random), "language": random.choice(["sv", "de"])}
        client.ask("replace the profile", "PUT", "/profile", json=asked)
        client.ask("profile, replaced", "GET", "/profile", reads=True)


def deleting(client: Client, random: Random, made: list[str]) -> None:
    for post in random.sample(made, random.randint(1, 2)):
        client.ask("delete the post", "DELETE", f"/posts/{post}")
        client.ask("the post, deleted", "GET", f"/posts/{post}", reads=True)
    client.ask("posts left", "GET", "/posts", reads=True)
    again = write(client, random)
    client.ask("a post after deleting", "GET", f"/posts/{again}", reads=True)
