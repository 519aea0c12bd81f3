"""Sessions of httpbin: echoes of many bodies, status codes, redirects, cookies, logins, caching and encodings."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from random import Random
from urllib.parse import quote

from bench.fidelity import values
from bench.fidelity.client import Client


def play(client: Client, random: Random) -> None:
    kinds = [echoes, echoes, statuses, redirects, cookies, logins, caching, fixed, encodings]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(5, 8)]:
        kind(client, random)


def echoes(client: Client, random: Random) -> None:
    query = {values.word(random): values.word(random), "n": random.randint(1, 999)}
    client.ask("get", "GET", "/get", query=query)
    asked = {"user": values.login(random), "tags": random.sample(values.WORDS, 2), "nested": {"n": random.random()}}
    client.ask("post json", "POST", "/post", json=asked)
    client.ask("post form", "POST", "/post", form={"q": values.sentence(random), "city": random.choice(values.CITIES)})
    ways: list[Callable[[], object]] = [
        lambda: client.ask("put", "PUT", "/put", json={"price": values.price(random)}),
        lambda: client.ask("patch", "PATCH", "/patch", json={"name": values.name(random)}),
        lambda: client.ask("delete", "DELETE", "/delete", query={"id": random.randint(1, 9999)}),
        lambda: client.ask("post text", "POST", "/post", content=values.sentence(random).encode()),
        lambda: client.ask("anything", "POST", f"/anything/{values.slug(random)}", json={"a": values.word(random)}),
        lambda: client.ask("headers", "GET", "/headers", headers={"X-Trace": values.slug(random)}),
        lambda: client.ask("agent", "GET", "/user-agent", headers={"User-Agent": f"{values.word(random)}/2"}),
        lambda: client.ask(
            "upload", "POST", "/post", files=[("file", ("a.txt", values.sentence(random).encode(), "text/plain"))]
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 5)]:
        way()


def statuses(client: Client, random: Random) -> None:
    for code in random.sample([200, 201, 202, 204, 400, 403, 404, 409, 418, 422, 429, 500, 503], random.randint(2, 5)):
        client.ask("status", random.choice(["GET", "POST", "PUT"]), f"/status/{code}")
    if random.random() < 0.5:
        client.ask("no such page", "GET", f"/{values.slug(random)}")
    if random.random() < 0.5:
        client.ask("wrong method", "POST", "/get", json={})


def redirects(client: Client, random: Random) -> None:
    count = random.randint(2, 4)
    answered = client.ask("redirect", "GET", f"/redirect/{count}")
    for _ in range(count):
        answered = client.ask("follow", "GET", answered.header("location"))
    if random.random() < 0.6:
        target = f"/anything/{values.word(random)}"
        answered = client.ask("redirect to", "GET", "/redirect-to", query={"url": target, "status_code": 307})
        client.ask("follow to", "GET", answered.header("location"))
    if random.random() < 0.5:
        answered = client.ask("absolute redirect", "GET", "/absolute-redirect/1")
        client.ask("follow the absolute one", "GET", answered.header("location"))


def cookies(client: Client, random: Random) -> None:
    caller = client.user()
    caller.ask("no cookies", "GET", "/cookies")
    first, second = random.sample(values.WORDS, 2)
    caller.ask("set cookies", "GET", "/cookies/set", query={first: values.slug(random), second: values.word(random)})
    caller.ask("cookies", "GET", "/cookies", reads=True)
    caller.ask("set one cookie", "GET", f"/cookies/set/{first}/{values.word(random)}")
    caller.ask("cookies, changed", "GET", "/cookies", reads=True)
    caller.ask("delete a cookie", "GET", "/cookies/delete", query={second: ""})
    caller.ask("cookies left", "GET", "/cookies", reads=True)


def logins(client: Client, random: Random) -> None:
    user, secret = values.login(random), values.password(random)
    path = f"/basic-auth/{user}/{quote(secret)}"
    client.ask("no login", "GET", path)
    right = {"Authorization": "Basic " + b64encode(f"{user}:{secret}".encode()).decode()}
    client.ask("right login", "GET", path, headers=right)
    if random.random() < 0.5:
        wrong = {"Authorization": "Basic " + b64encode(f"{user}:{values.word(random)}".encode()).decode()}
        client.ask("wrong login", "GET", path, headers=wrong)
    client.ask("no bearer", "GET", "/bearer")
    client.ask("bearer", "GET", "/bearer", headers={"Authorization": f"Bearer {random.getrandbits(128):032x}"})
    if random.random() < 0.4:
        client.ask("hidden login", "GET", f"/hidden-basic-auth/{user}/{quote(secret)}")


def caching(client: Client, random: Random) -> None:
    tag = values.slug(random)
    client.ask("etag", "GET", f"/etag/{tag}")
    client.ask("etag known", "GET", f"/etag/{tag}", headers={"If-None-Match": f'"{tag}"'})
    if random.random() < 0.6:
        client.ask("etag differs", "GET", f"/etag/{tag}", headers={"If-Match": '"other"'})
    client.ask("cache", "GET", "/cache")
    client.ask("cache known", "GET", "/cache", headers={"If-None-Match": f'"{values.word(random)}"'})
    client.ask("cache for a while", "GET", f"/cache/{random.randint(10, 3600)}")


def fixed(client: Client, random: Random) -> None:
    pages = [
        "json",
        "xml",
        "html",
        "robots.txt",
        "deny",
        "encoding/utf8",
        "image/svg",
        "image/png",
        "ip",
        "forms/post",
    ]
    for page in random.sample(pages, random.randint(2, 5)):
        client.ask("fixed", "GET", f"/{page}")
    client.ask("uuid", "GET", "/uuid")
    if random.random() < 0.5:
        client.ask("bytes", "GET", f"/bytes/{random.randint(16, 200)}", query={"seed": random.randint(1, 99)})
    if random.random() < 0.5:
        client.ask("links", "GET", f"/links/{random.randint(2, 6)}/0")


def encodings(client: Client, random: Random) -> None:
    for way in random.sample(["gzip", "deflate", "brotli"], random.randint(1, 3)):
        client.ask("encoded", "GET", f"/{way}")
    text = values.sentence(random)
    client.ask("base64", "GET", f"/base64/{urlsafe_b64encode(text.encode()).decode()}")
    query = {"X-Kind": values.word(random), "Content-Type": "application/json"}
    client.ask("response headers", "GET", "/response-headers", query=query)
    if random.random() < 0.5:
        client.ask("stream", "GET", f"/stream/{random.randint(1, 4)}")
    if random.random() < 0.5:
        client.ask(
            "range", "GET", "/range/64", headers={"Range": f"bytes={random.randint(0, 20)}-{random.randint(21, 60)}"}
        )
