"""Sessions of optimistic locking: edits with the right tag, with a stale one, without; two editors; versions."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client


def play(client: Client, random: Random) -> None:
    kinds = [editing, editing, lost_update, caching, versions, page_conflict, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 5)]:
        kind(client, random)
    removing(client, random)


def write(client: Client, random: Random) -> tuple[str, str]:
    asked = {"title": values.title(random), "body": values.sentence(random)}
    made = client.ask("write", "POST", "/documents", json=asked)
    return f"/documents/{made.take('id')}", made.header("etag")


def change(random: Random) -> dict[str, str]:
    whole = {"title": values.title(random), "body": values.sentence(random)}
    return random.choice([whole, {"title": whole["title"]}, {"body": whole["body"]}])


def editing(client: Client, random: Random) -> None:
    path, tag = write(client, random)
    for _ in range(random.randint(1, 3)):
        method = random.choice(["PUT", "PATCH"])
        done = client.ask("edit", method, path, json=change(random), headers={"If-Match": tag}, reads=True)
        tag = done.header("etag")
    client.ask("the document, edited", "GET", path, reads=True)
    if random.random() < 0.5:
        client.ask("documents", "GET", "/documents", reads=True)


def lost_update(client: Client, random: Random) -> None:
    path, tag = write(client, random)
    other = client.user()
    other.ask("read elsewhere", "GET", path, reads=True)
    other.ask("edit elsewhere", "PUT", path, json=change(random), headers={"If-Match": tag}, reads=True)
    client.ask("edit with a stale tag", "PUT", path, json=change(random), headers={"If-Match": tag}, reads=True)
    fresh = client.ask("read again", "GET", path, reads=True).header("etag")
    client.ask("edit with the fresh tag", "PUT", path, json=change(random), headers={"If-Match": fresh}, reads=True)
    if random.random() < 0.5:
        client.ask("edit whatever is there", "PUT", path, json=change(random), headers={"If-Match": "*"}, reads=True)


def caching(client: Client, random: Random) -> None:
    path, tag = write(client, random)
    client.ask("not modified", "GET", path, headers={"If-None-Match": tag}, reads=True)
    client.ask("edit", "PATCH", path, json={"title": values.title(random)}, headers={"If-Match": tag}, reads=True)
    client.ask("modified", "GET", path, headers={"If-None-Match": tag}, reads=True)


def versions(client: Client, random: Random) -> None:
    asked = {"name": values.slug(random), "text": values.sentence(random)}
    number = client.ask("page", "POST", "/pages", json=asked).take("page_id")
    for version in range(1, random.randint(2, 4)):
        edited = {"version": version, "text": values.sentence(random)}
        client.ask("edit the page", "PUT", f"/pages/{number}", json=edited, reads=True)
    client.ask("the page", "GET", f"/pages/{number}", reads=True)
    stale = {"version": random.choice([0, 17]), "text": values.sentence(random)}
    client.ask("edit a stale page", "PUT", f"/pages/{number}", json=stale, reads=True)


def page_conflict(client: Client, random: Random) -> None:
    asked = {"name": values.slug(random)}
    number = client.ask("page", "POST", "/pages", json=asked).take("page_id")
    client.ask("page of that name", "POST", "/pages", json=asked, reads=True)
    client.ask("lock the page", "PUT", f"/pages/{number}", json={"version": 1, "locked": True}, reads=True)
    client.ask("edit the locked page", "PUT", f"/pages/{number}", json={"version": 2, "text": "x"}, reads=True)
    client.ask("the locked page", "GET", f"/pages/{number}", reads=True)


def mistakes(client: Client, random: Random) -> None:
    path, _ = write(client, random)
    ways: list[Callable[[], object]] = [
        lambda: client.ask("edit without a tag", "PUT", path, json=change(random)),
        lambda: client.ask("delete without a tag", "DELETE", path),
        lambda: client.ask("write half", "POST", "/documents", json={"title": values.title(random)}),
        lambda: client.ask("write nothing", "POST", "/documents", json={}),
        lambda: client.ask("no such document", "GET", f"/documents/{random.getrandbits(128):032x}"),
        lambda: client.ask("no such page", "GET", f"/pages/{random.randint(9000, 99999)}"),
        lambda: client.ask("page without a name", "POST", "/pages", json={"text": values.word(random)}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def removing(client: Client, random: Random) -> None:
    path, tag = write(client, random)
    if random.random() < 0.5:
        wrong = {"If-Match": f'"{random.getrandbits(80):020x}"'}
        client.ask("remove with a wrong tag", "DELETE", path, headers=wrong, reads=True)
    client.ask("remove", "DELETE", path, headers={"If-Match": tag})
    client.ask("the document, removed", "GET", path, reads=True)
    client.ask("documents left", "GET", "/documents", reads=True)
