"""Sessions of Kinto: accounts, buckets and collections of one's own, records, ETags, paging, sharing, mistakes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from bench.fidelity import values
from bench.fidelity.client import Client


class Owner(NamedTuple):
    """An account with its login."""

    name: str
    auth: dict[str, str]


class Place(NamedTuple):
    """The records of a collection, and who owns it."""

    path: str
    owner: Owner
    other: Owner


def play(client: Client, random: Random) -> None:
    place = settle(client, random)
    made = [record(client, random, place) for _ in range(random.randint(3, 6))]
    kinds = [changing, listing, paging, concurrency, sharing, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, place, made)
    deleting(client, random, place, made)


def account(client: Client, random: Random) -> Owner:
    name, secret = values.login(random), values.password(random)
    client.ask("account", "PUT", f"/v1/accounts/{name}", json={"data": {"password": secret}})
    return Owner(name, {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()})


def settle(client: Client, random: Random) -> Place:
    owner, other = account(client, random), account(client, random)
    if random.random() < 0.5:
        client.ask("who am i", "GET", "/v1/", headers=owner.auth)
    bucket, collection = values.slug(random), values.slug(random)
    client.ask("bucket", "PUT", f"/v1/buckets/{bucket}", headers=owner.auth)
    asked = {"data": {"kind": values.word(random)}, "permissions": {"read": [f"account:{other.name}"]}}
    client.ask("collection", "PUT", f"/v1/buckets/{bucket}/collections/{collection}", json=asked, headers=owner.auth)
    if random.random() < 0.5:
        client.ask("collections", "GET", f"/v1/buckets/{bucket}/collections", headers=owner.auth, reads=True)
    return Place(f"/v1/buckets/{bucket}/collections/{collection}/records", owner, other)


def record(client: Client, random: Random, place: Place) -> str:
    asked: dict[str, object] = {
        "title": values.title(random),
        "size": random.randint(1, 99),
        "done": random.random() < 0.5,
    }
    if random.random() < 0.4:
        asked["place"] = {"city": random.choice(values.CITIES), "at": [random.randint(0, 90), random.randint(0, 180)]}
    return client.ask("record", "POST", place.path, json={"data": asked}, headers=place.owner.auth).take("data", "id")


def changing(client: Client, random: Random, place: Place, made: list[str]) -> None:
    path, auth = f"{place.path}/{random.choice(made)}", place.owner.auth
    client.ask("the record", "GET", path, headers=auth, reads=True)
    client.ask("patch", "PATCH", path, json={"data": {"size": random.randint(100, 999)}}, headers=auth, reads=True)
    client.ask("the record, patched", "GET", path, headers=auth, reads=True)
    client.ask("replace", "PUT", path, json={"data": {"title": values.title(random)}}, headers=auth)
    client.ask("the record, replaced", "GET", path, headers=auth, reads=True)
    if random.random() < 0.5:
        new = f"{place.path}/{values.slug(random)}"
        client.ask("put a new record", "PUT", new, json={"data": {"title": values.title(random)}}, headers=auth)
        client.ask("the new record", "GET", new, headers=auth, reads=True)


def listing(client: Client, random: Random, place: Place, _: list[str]) -> None:
    auth = place.owner.auth
    client.ask("records", "GET", place.path, headers=auth, reads=True)
    sort = random.choice(["size", "-size", "title", "-title", "last_modified"])
    client.ask("records sorted", "GET", place.path, query={"_sort": sort}, headers=auth, reads=True)
    done = random.choice(["true", "false"])
    client.ask("records filtered", "GET", place.path, query={"done": done}, headers=auth, reads=True)
    if random.random() < 0.6:
        span = {"min_size": random.randint(1, 40), "max_size": random.randint(50, 99), "_sort": "size"}
        client.ask("records of a size", "GET", place.path, query=span, headers=auth, reads=True)
    if random.random() < 0.4:
        client.ask("count records", "HEAD", place.path, headers=auth, reads=True)


def paging(client: Client, random: Random, place: Place, made: list[str]) -> None:
    size = random.choice([2, 3])
    query = {"_limit": size, "_sort": random.choice(["size", "title", "-last_modified"])}
    page = client.ask("first page", "GET", place.path, query=query, headers=place.owner.auth, reads=True)
    if len(made) > size:
        page = client.ask("next page", "GET", page.header("next-page"), headers=place.owner.auth, reads=True)


def concurrency(client: Client, random: Random, place: Place, made: list[str]) -> None:
    path, auth = f"{place.path}/{random.choice(made)}", place.owner.auth
    tag = client.ask("the record with its tag", "GET", path, headers=auth, reads=True).header("etag")
    client.ask("not modified", "GET", path, headers={**auth, "If-None-Match": tag}, reads=True)
    asked = {"data": {"title": values.title(random)}}
    client.ask("patch if unchanged", "PATCH", path, json=asked, headers={**auth, "If-Match": tag}, reads=True)
    asked = {"data": {"title": values.title(random)}}
    client.ask("patch with the old tag", "PATCH", path, json=asked, headers={**auth, "If-Match": tag}, reads=True)
    client.ask("the record after both", "GET", path, headers=auth, reads=True)
    if random.random() < 0.5:
        client.ask("create over it", "PUT", path, json=asked, headers={**auth, "If-None-Match": "*"}, reads=True)


def sharing(client: Client, random: Random, place: Place, made: list[str]) -> None:
    other = client.user()
    path = f"{place.path}/{random.choice(made)}"
    other.ask("read as the other", "GET", path, headers=place.other.auth, reads=True)
    other.ask("list as the other", "GET", place.path, headers=place.other.auth, reads=True)
    asked = {"data": {"title": values.title(random)}}
    other.ask("write as the other", "POST", place.path, json=asked, headers=place.other.auth)
    if random.random() < 0.5:
        other.ask("delete as the other", "DELETE", path, headers=place.other.auth)
        client.ask("the record is still there", "GET", path, headers=place.owner.auth, reads=True)


def mistakes(client: Client, random: Random, place: Place, _: list[str]) -> None:
    auth = place.owner.auth
    wrong = {"Authorization": "Basic " + b64encode(f"{place.owner.name}:{values.password(random)}".encode()).decode()}
    json = {"Content-Type": "application/json"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no login", "GET", place.path),
        lambda: client.ask("wrong password", "GET", place.path, headers=wrong),
        lambda: client.ask("no such record", "GET", f"{place.path}/{values.slug(random)}", headers=auth),
        lambda: client.ask("no such collection", "GET", f"{place.path[:-8]}x/records", headers=auth),
        lambda: client.ask("malformed", "POST", place.path, content=b'{"data": ', headers={**auth, **json}),
        lambda: client.ask("no data", "POST", place.path, json={"info": values.word(random)}, headers=auth),
        lambda: client.ask("bad filter", "GET", place.path, query={"_sort": "no such"}, headers=auth),
        lambda: client.ask("bad limit", "GET", place.path, query={"_limit": values.word(random)}, headers=auth),
        lambda: client.ask("no such page", "GET", f"/v1/{values.word(random)}", headers=auth),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def deleting(client: Client, random: Random, place: Place, made: list[str]) -> None:
    auth = place.owner.auth
    for number in random.sample(made, random.randint(1, 2)):
        client.ask("delete", "DELETE", f"{place.path}/{number}", headers=auth)
        client.ask("the record, deleted", "GET", f"{place.path}/{number}", headers=auth, reads=True)
    client.ask("records left", "GET", place.path, query={"_sort": "title"}, headers=auth, reads=True)
    if random.random() < 0.3:
        client.ask("delete all", "DELETE", place.path, headers=auth, reads=True)
        client.ask("no records left", "GET", place.path, headers=auth, reads=True)
