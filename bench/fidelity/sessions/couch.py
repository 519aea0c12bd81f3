"""Sessions of the CouchDB: databases, documents with revisions, conflicts, bulk writes, lists, queries, mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client


def play(client: Client, random: Random) -> None:
    if random.random() < 0.5:
        client.ask("welcome", "GET", "/")
    base = f"/{values.slug(random)}"
    client.ask("create a database", "PUT", base)
    made = [write(client, random, base) for _ in range(random.randint(2, 4))]
    kinds: list[Callable[[Client, Random, str, list[tuple[str, str]]], None]] = [
        editing,
        editing,
        conflict,
        bulk,
        listing,
        finding,
        mistakes,
    ]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, base, made)
    removing(client, random, base)


def a_document(random: Random) -> dict[str, object]:
    told: dict[str, object] = {"kind": random.choice(["plant", "stone", "shell"]), "name": values.title(random)}
    told["size"] = random.randint(1, 500)
    if random.random() < 0.4:
        told["found"] = {"by": values.name(random), "at": random.choice(values.CITIES)}
    return told


def write(client: Client, random: Random, base: str) -> tuple[str, str]:
    if random.random() < 0.5:
        made = client.ask("put a document", "PUT", f"{base}/{values.slug(random)}", json=a_document(random))
    else:
        made = client.ask("post a document", "POST", base, json=a_document(random))
    return made.take("id"), made.take("rev")


def editing(client: Client, random: Random, base: str, _: list[tuple[str, str]]) -> None:
    number, revision = write(client, random, base)
    path = f"{base}/{number}"
    client.ask("get", "GET", path, reads=True)
    for _again in range(random.randint(1, 2)):
        told = {**a_document(random), "_rev": revision}
        revision = client.ask("edit", "PUT", path, json=told, reads=True).take("rev")
    client.ask("get edited", "GET", path, reads=True)
    if random.random() < 0.4:
        client.ask("head", "HEAD", path, reads=True)


def conflict(client: Client, random: Random, base: str, made: list[tuple[str, str]]) -> None:
    number, _ = random.choice(made)
    client.ask("edit without a revision", "PUT", f"{base}/{number}", json=a_document(random), reads=True)
    stale = f"1-{random.getrandbits(128):032x}"
    told = {**a_document(random), "_rev": stale}
    client.ask("edit with a wrong revision", "PUT", f"{base}/{number}", json=told, reads=True)
    client.ask("get unharmed", "GET", f"{base}/{number}", reads=True)


def bulk(client: Client, random: Random, base: str, _: list[tuple[str, str]]) -> None:
    told = [{"_id": values.slug(random), **a_document(random)} for _ in range(random.randint(2, 3))]
    client.ask("write in bulk", "POST", f"{base}/_bulk_docs", json={"docs": told})
    client.ask("get one of the bulk", "GET", f"{base}/{told[0]['_id']}", reads=True)
    keys = {"keys": [told[-1]["_id"], values.word(random)]}
    client.ask("some by key", "POST", f"{base}/_all_docs", json=keys, reads=True)


def listing(client: Client, random: Random, base: str, _: list[tuple[str, str]]) -> None:
    client.ask("all documents", "GET", f"{base}/_all_docs", reads=True)
    client.ask("all with contents", "GET", f"{base}/_all_docs", query={"include_docs": "true"}, reads=True)
    query = {"limit": random.randint(1, 3), "startkey": json.dumps(values.word(random)[:1])}
    client.ask("documents from a key", "GET", f"{base}/_all_docs", query=query, reads=True)
    client.ask("database", "GET", base, reads=True)


def finding(client: Client, random: Random, base: str, _: list[tuple[str, str]]) -> None:
    kind = random.choice(["plant", "stone", "shell"])
    asked: dict[str, object] = {"selector": {"kind": kind}, "fields": ["_id", "name", "size"]}
    client.ask("find by kind", "POST", f"{base}/_find", json=asked, reads=True)
    asked = {"selector": {"size": {"$gt": random.randint(50, 400)}}, "fields": ["name"], "limit": 9}
    client.ask("find by size", "POST", f"{base}/_find", json=asked, reads=True)


def mistakes(client: Client, random: Random, base: str, _: list[tuple[str, str]]) -> None:
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no such document", "GET", f"{base}/{values.slug(random)}"),
        lambda: client.ask("no such database", "GET", f"/{values.slug(random)}/x"),
        lambda: client.ask("database exists", "PUT", base),
        lambda: client.ask("delete no document", "DELETE", f"{base}/{values.slug(random)}"),
        lambda: client.ask("underscore", "PUT", f"{base}/{values.slug(random)}", json={"_odd": values.word(random)}),
        lambda: client.ask("bad name", "PUT", f"/{values.word(random).capitalize()}"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 5)]:
        way()


def removing(client: Client, random: Random, base: str) -> None:
    number, revision = write(client, random, base)
    client.ask("remove", "DELETE", f"{base}/{number}", query={"rev": revision})
    client.ask("get removed", "GET", f"{base}/{number}", reads=True)
    client.ask("documents left", "GET", f"{base}/_all_docs", reads=True)
    if random.random() < 0.3:
        client.ask("drop the database", "DELETE", base)
        client.ask("database dropped", "GET", base, reads=True)
