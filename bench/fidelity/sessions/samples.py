"""Sessions of the samples: pages, members chosen, searches, posts of users, writes that leave nothing, signing in."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

SEARCHED: Final = ("table", "honey", "sofa", "mini", "apple", "deluxe", "groceries")
SUBJECTS: Final = ("love", "crime", "history", "fiction", "magic")
USERS: Final = ("emilyj", "michaelw", "sophiab", "jamesd", "emmam", "oliviaw")


def play(client: Client, random: Random) -> None:
    ways: list[Callable[[], None]] = [
        lambda: browse(client, random),
        lambda: search(client, random),
        lambda: write(client, random),
        lambda: of_users(client, random),
        lambda: sign_in(client, random),
        lambda: mistakes(client, random),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(5, 6)]:
        way()
    client.ask("products at last", "GET", "/products", query={"limit": 3, "skip": random.randint(0, 20)}, reads=True)


def browse(client: Client, random: Random) -> None:
    client.ask("products", "GET", "/products", reads=True)
    limit, skip = random.randint(1, 8), random.randint(0, 24)
    client.ask("a page of products", "GET", "/products", query={"limit": limit, "skip": skip}, reads=True)
    chosen = ",".join(random.sample(["title", "price", "stock", "tags"], random.randint(1, 3)))
    query: dict[str, object] = {"select": chosen, "limit": random.randint(2, 6)}
    client.ask("members of products", "GET", "/products", query=query, reads=True)
    by, order = random.choice(["price", "title", "stock"]), random.choice(["asc", "desc"])
    query = {"sortBy": by, "order": order, "limit": random.randint(2, 6)}
    client.ask("products in order", "GET", "/products", query=query, reads=True)
    for _ in range(random.randint(1, 3)):
        client.ask("a product", "GET", f"/products/{random.randint(1, 24)}", reads=True)
    if random.random() < 0.5:
        client.ask("title of one", "GET", f"/products/{random.randint(1, 24)}", query={"select": "title"}, reads=True)


def search(client: Client, random: Random) -> None:
    word = random.choice(SEARCHED)
    client.ask("products with", "GET", "/products/search", query={"q": word}, reads=True)
    client.ask("posts with", "GET", "/posts/search", query={"q": random.choice(SUBJECTS), "limit": 3}, reads=True)
    client.ask("categories", "GET", "/products/categories", reads=True)
    name = random.choice(["beauty", "fragrances", "furniture", "groceries"])
    client.ask("products of a category", "GET", f"/products/category/{name}", reads=True)
    if random.random() < 0.5:
        query = {"key": "lastName", "value": random.choice(["Brown", "Davis", "Nobody"])}
        client.ask("users with", "GET", "/users/filter", query=query, reads=True)


def write(client: Client, random: Random) -> None:
    asked: dict[str, object] = {"title": values.title(random), "price": values.price(random)}
    number = client.ask("add product", "POST", "/products/add", json=asked).take("id")
    client.ask("product that was not kept", "GET", f"/products/{number}", reads=True)
    known = f"/products/{random.randint(1, 24)}"
    asked = random.choice([{"title": values.title(random)}, {"price": values.price(random), "stock": 5}])
    client.ask("change product", random.choice(["PUT", "PATCH"]), known, json=asked)
    client.ask("product, not changed", "GET", known, reads=True)
    client.ask("delete product", "DELETE", known)
    client.ask("product, not deleted", "GET", known, reads=True)
    if random.random() < 0.5:
        post = {"title": values.title(random), "userId": random.randint(1, 6)}
        client.ask("add post", "POST", "/posts/add", json=post)


def of_users(client: Client, random: Random) -> None:
    user = random.randint(1, 6)
    client.ask("users", "GET", "/users", query={"limit": random.randint(2, 6)}, reads=True)
    client.ask("a user", "GET", f"/users/{user}", reads=True)
    client.ask("posts of a user", "GET", f"/users/{user}/posts", reads=True)
    client.ask("a post", "GET", f"/posts/{random.randint(1, 18)}", reads=True)
    if random.random() < 0.4:
        query = {"limit": 1, "skip": random.randint(0, 2)}
        client.ask("one post of a user", "GET", f"/users/{user}/posts", query=query, reads=True)


def sign_in(client: Client, random: Random) -> None:
    name = random.choice(USERS)
    asked = {"username": name, "password": f"{name}pass"}
    token = client.ask("sign in", "POST", "/auth/login", json=asked).take("accessToken")
    client.ask("who is signed in", "GET", "/auth/me", headers={"Authorization": f"Bearer {token}"}, reads=True)


def mistakes(client: Client, random: Random) -> None:
    nowhere, wrong = random.randint(100, 9999), {"username": random.choice(USERS), "password": values.password(random)}
    false = {"Authorization": f"Bearer {random.randbytes(18).hex()}"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no product", "GET", f"/products/{nowhere}"),
        lambda: client.ask("no user", "GET", f"/users/{nowhere}"),
        lambda: client.ask("posts of no user", "GET", f"/users/{nowhere}/posts"),
        lambda: client.ask("change no product", "PUT", f"/products/{nowhere}", json={"title": "Nothing"}),
        lambda: client.ask("delete no post", "DELETE", f"/posts/{nowhere}"),
        lambda: client.ask("limit in words", "GET", "/products", query={"limit": values.word(random)}),
        lambda: client.ask("no order", "GET", "/products", query={"sortBy": "price", "order": "up"}),
        lambda: client.ask("wrong password", "POST", "/auth/login", json=wrong),
        lambda: client.ask("no password", "POST", "/auth/login", json={"username": wrong["username"]}),
        lambda: client.ask("nobody signed in", "GET", "/auth/me"),
        lambda: client.ask("false token", "GET", "/auth/me", headers=false),
        lambda: client.ask("post of nobody", "POST", "/posts/add", json={"title": values.title(random)}),
        lambda: client.ask("post of no user", "POST", "/posts/add", json={"title": "A", "userId": nowhere}),
        lambda: client.ask("nothing found", "GET", "/products/search", query={"q": values.slug(random)}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(5, 8)]:
        way()
