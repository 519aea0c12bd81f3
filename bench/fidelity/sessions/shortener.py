"""Sessions of short links: made one by one and in bulk, visited until they expire, counted, deleted, refused."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

SITES: Final = ("news.example", "shop.example", "docs.example.org", "wiki.example.net")


class Owner:
    """One who has a key and makes links with it."""

    def __init__(self, client: Client, random: Random, plan: str) -> None:
        self.client, self.random = client, random
        asked = {"email": values.email(random), **({"plan": plan} if plan else {})}
        self.key = client.ask("create a key", "POST", "/v1/keys", json=asked).take("key")
        self.codes: list[str] = []

    def ask(self, label: str, method: str, path: str, json: object = None, **query: object) -> Answered:
        """Ask with the key."""
        headers = {"X-API-Key": self.key}
        return self.client.ask(label, method, f"/v1{path}", json=json, query=query or None, headers=headers, reads=True)

    def make(self, label: str = "shorten", **more: object) -> str:
        """Make a link and give its code."""
        asked = {"url": address(self.random), **more}
        if self.random.random() < 0.4:
            asked["title"] = values.title(self.random)
        self.codes.append(self.ask(label, "POST", "/links", asked).take("code"))
        return self.codes[-1]

    def visit(self, code: str, label: str = "visit") -> Answered:
        """Follow a short link, as anybody may."""
        from_site = {"Referer": f"https://{self.random.choice(SITES)}/"} if self.random.random() < 0.5 else {}
        return self.client.ask(label, "GET", f"/{code}", headers=from_site, reads=True)


def address(random: Random) -> str:
    query = f"?ref={values.word(random)}" if random.random() < 0.3 else ""
    return f"https://www.{values.word(random)}.example/{values.slug(random)}{query}"


def play(client: Client, random: Random) -> None:
    owner = Owner(client, random, "team")
    owner.make()
    kinds: list[Callable[[Owner, Random], None]] = [
        aliasing, visiting, visiting, expiring, expiring, changing, deleting, in_bulk, listing, running_out
    ]  # fmt: skip
    for kind in random.sample(kinds, random.randint(5, 6)):
        kind(owner, random)
    mistakes(owner, random)
    owner.ask("all links", "GET", "/links")
    owner.ask("usage", "GET", "/usage")


def aliasing(owner: Owner, random: Random) -> None:
    alias = values.slug(random)
    owner.make("shorten with an alias", alias=alias)
    if random.random() < 0.6:
        owner.ask("an alias that is taken", "POST", "/links", {"url": address(random), "alias": alias})
    owner.visit(alias)
    owner.ask("the link by its alias", "GET", f"/links/{alias}")


def visiting(owner: Owner, random: Random) -> None:
    code = random.choice([owner.codes[0], owner.make()])
    for _ in range(random.randint(1, 3)):
        owner.visit(code)
    owner.ask("statistics", "GET", f"/links/{code}/stats")
    if random.random() < 0.4:
        owner.ask("the visited link", "GET", f"/links/{code}")


def expiring(owner: Owner, random: Random) -> None:
    most = random.randint(1, 3)
    code = owner.make("shorten for few visits", max_visits=most)
    for _ in range(most):
        owner.visit(code)
    owner.visit(code, "visit once more")
    if random.random() < 0.5:
        owner.ask("statistics when expired", "GET", f"/links/{code}/stats")
    if random.random() < 0.6:
        owner.ask("allow more visits", "PATCH", f"/links/{code}", {"max_visits": most + random.randint(1, 2)})
        owner.visit(code, "visit again")
    owner.ask("the link that expires", "GET", f"/links/{code}")


def changing(owner: Owner, random: Random) -> None:
    code = owner.make()
    ways: list[dict[str, object]] = [{"url": address(random)}, {"title": values.title(random)}]
    owner.ask("change", "PATCH", f"/links/{code}", random.choice(ways))
    owner.visit(code, "visit the changed")
    if random.random() < 0.4:
        owner.ask("change the code", "PATCH", f"/links/{code}", {"alias": values.slug(random)})


def deleting(owner: Owner, random: Random) -> None:
    code = owner.make()
    owner.ask("delete", "DELETE", f"/links/{code}")
    owner.visit(code, "visit the deleted")
    if random.random() < 0.5:
        owner.ask("delete again", "DELETE", f"/links/{code}")
    if random.random() < 0.5:
        owner.ask("deleted links", "GET", "/links", state="deleted")
    if random.random() < 0.6:
        owner.ask("restore", "POST", f"/links/{code}/restore")
        owner.visit(code, "visit the restored")
    owner.ask("the deleted link", "GET", f"/links/{code}")


def in_bulk(owner: Owner, random: Random) -> None:
    wanted: list[dict[str, object]] = [{"url": address(random)} for _ in range(random.randint(2, 4))]
    if random.random() < 0.5:
        wanted[-1]["alias"] = values.slug(random)
    if random.random() < 0.4:
        wanted[random.randrange(len(wanted))]["url"] = values.word(random)
    made = owner.ask("in bulk", "POST", "/links/bulk", {"links": wanted})
    for result in made.json()["results"]:
        if result["ok"]:
            owner.codes.append(result["link"]["code"])
    owner.visit(owner.codes[-1], "visit one of many")


def listing(owner: Owner, random: Random) -> None:
    for _ in range(random.randint(1, 2)):
        owner.make()
    size = random.randint(1, 3)
    owner.ask("first links", "GET", "/links", limit=size)
    owner.ask("next links", "GET", "/links", limit=size, offset=size)
    if random.random() < 0.4:
        owner.ask("expired links", "GET", "/links", state="expired")


def running_out(owner: Owner, random: Random) -> None:
    poor = Owner(owner.client.user(), random, random.choice(["", "free"]))
    for _ in range(random.randint(1, 2)):
        poor.make()
    poor.ask("usage in between", "GET", "/usage")
    while len(poor.codes) < 6:
        poor.make()
    poor.ask("one too many", "POST", "/links", {"url": address(random)})
    if random.random() < 0.5:
        poor.ask("usage at the end", "GET", "/usage")
    poor.ask("another's link", "GET", f"/links/{owner.codes[0]}")


def mistakes(owner: Owner, random: Random) -> None:
    client, good = owner.client, {"url": address(random)}
    wrong = {"X-API-Key": "key_" + "".join(random.choices("abcdefXYZ0123456789", k=24))}
    ways: list[Callable[[], object]] = [
        lambda: owner.ask("no url", "POST", "/links", {"title": values.title(random)}),
        lambda: owner.ask("a bad url", "POST", "/links", {"url": values.word(random)}),
        lambda: owner.ask("no visits allowed", "POST", "/links", {**good, "max_visits": 0}),
        lambda: owner.ask("a bad alias", "POST", "/links", {**good, "alias": "a b"}),
        lambda: owner.ask("no such link", "GET", f"/links/{values.word(random)}{random.randint(10, 99)}"),
        lambda: owner.ask("no such statistics", "GET", f"/links/{values.word(random)}{random.randint(10, 99)}/stats"),
        lambda: owner.ask("restore what is there", "POST", f"/links/{owner.codes[0]}/restore"),
        lambda: owner.ask("a bad limit", "GET", "/links", limit=0),
        lambda: owner.ask("nothing in bulk", "POST", "/links/bulk", {"links": []}),
        lambda: owner.visit(f"{values.word(random)}{random.randint(10, 99)}", "visit nothing"),
        lambda: client.ask("no email", "POST", "/v1/keys", json={"plan": "team"}),
        lambda: client.ask("no such plan", "POST", "/v1/keys", json={"email": values.email(random), "plan": "gold"}),
        lambda: client.ask("without a key", "POST", "/v1/links", json=good),
        lambda: client.ask("with a wrong key", "POST", "/v1/links", json=good, headers=wrong),
        lambda: client.ask("list with a wrong key", "GET", "/v1/links", headers=wrong),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
