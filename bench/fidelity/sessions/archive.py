"""Sessions of a document store: vaults are opened, entries written by revision, removed, listed, queried, followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

KINDS = ("letter", "map", "photo", "ledger")


@dataclass(frozen=True)
class Vault:
    """A vault, and the latest revision of what was put there, by id."""

    client: Client
    name: str
    revisions: dict[str, str] = field(default_factory=dict)

    def put(self, label: str, key: str, fields: dict[str, object], **query: object) -> Answered:
        """Write an entry under an id of one's own."""
        path = f"/{self.name}/entries/{key}"
        return self.client.ask(label, "PUT", path, json=fields, query=query or None, reads=bool(query))

    def read(self, label: str, path: str, **query: object) -> Answered:
        """Look at something of the vault."""
        return self.client.ask(label, "GET", f"/{self.name}{path}", query=query or None, reads=True)

    def some(self, random: Random) -> str:
        """Give the id of an entry that is there."""
        return random.choice(sorted(self.revisions))


def play(client: Client, random: Random) -> None:
    if random.random() < 0.3:
        client.ask("service", "GET", "/")
    vault = Vault(client, f"{values.slug(random)}-{random.randint(10, 99)}")
    client.ask("open a vault", "PUT", f"/{vault.name}")
    if random.random() < 0.3:
        client.ask("vaults", "GET", "/-/vaults", reads=True)
    for _ in range(random.randint(3, 5)):
        store(vault, random)
    kinds = [revising, revising, conflicting, removing, loading, listing, listing, querying, following, caching]
    for kind in random.sample(kinds, random.randint(5, 7)):
        kind(vault, random)
    mistakes(vault, random)
    vault.read("the vault", "")
    if random.random() < 0.5:
        closing(vault, random)


def fields(random: Random) -> dict[str, object]:
    made: dict[str, object] = {
        "kind": random.choice(KINDS),
        "title": values.title(random),
        "pages": random.randint(1, 60),
    }
    if random.random() < 0.4:
        made["tags"] = random.sample(values.WORDS, 2)
    if random.random() < 0.3:
        made["place"] = {"city": random.choice(values.CITIES), "shelf": random.randint(1, 9)}
    return made


def key_of(random: Random) -> str:
    return f"{random.choice(KINDS)}-{random.randint(1000, 9999)}"


def store(vault: Vault, random: Random) -> str:
    if random.random() < 0.25:
        done = vault.client.ask("add an entry", "POST", f"/{vault.name}/entries", json=fields(random))
        key = done.take("id")
    else:
        key = key_of(random)
        done = vault.put("store an entry", key, fields(random))
    vault.revisions[key] = done.take("rev")
    return key


def revising(vault: Vault, random: Random) -> None:
    key = vault.some(random)
    for _ in range(random.randint(1, 3)):
        rev = vault.revisions[key]
        way = random.random()
        if way < 0.4:
            done = vault.put("revise", key, fields(random), rev=rev)
        elif way < 0.7:
            path, tag = f"/{vault.name}/entries/{key}", {"If-Match": f'"{rev}"'}
            done = vault.client.ask("revise by tag", "PUT", path, json=fields(random), headers=tag, reads=True)
        else:
            done = vault.put("revise by body", key, {"@rev": rev, **fields(random)})
        vault.revisions[key] = done.take("rev")
    vault.read("the entry, revised", f"/entries/{key}")


def conflicting(vault: Vault, random: Random) -> None:
    key = vault.some(random)
    old = vault.revisions[key]
    vault.revisions[key] = vault.put("revise first", key, fields(random), rev=old).take("rev")
    vault.put("revise with a stale revision", key, fields(random), rev=old)
    if random.random() < 0.5:
        vault.put("revise without a revision", key, fields(random))
    if random.random() < 0.5:
        vault.client.ask("remove with a stale revision", "DELETE", f"/{vault.name}/entries/{key}", query={"rev": old})
    fresh = vault.read("the entry after conflicts", f"/entries/{key}").take("@rev")
    vault.revisions[key] = vault.put("revise with the fresh revision", key, fields(random), rev=fresh).take("rev")


def removing(vault: Vault, random: Random) -> None:
    key = store(vault, random)
    path = f"/{vault.name}/entries/{key}"
    done = vault.client.ask("remove", "DELETE", path, query={"rev": vault.revisions.pop(key)}, reads=True)
    vault.read("the entry, removed", f"/entries/{key}")
    if random.random() < 0.5:
        vault.client.ask("remove again", "DELETE", path, query={"rev": done.take("rev")}, reads=True)
    if random.random() < 0.5:
        vault.revisions[key] = vault.put("store again", key, fields(random)).take("rev")
        vault.read("the entry, stored again", f"/entries/{key}")
    elif random.random() < 0.6:
        vault.read("the vault after removing", "")


def loading(vault: Vault, random: Random) -> None:
    asked: list[dict[str, object]] = [{"@id": key_of(random), **fields(random)} for _ in range(random.randint(2, 3))]
    known = vault.some(random)
    way = random.random()
    if way < 0.4:
        asked.append({"@id": known, "@rev": vault.revisions[known], **fields(random)})
    elif way < 0.7:
        asked.append({"@id": known, **fields(random)})
    else:
        asked.append({"@id": known, "@rev": vault.revisions.pop(known), "@removed": True})
    random.shuffle(asked)
    done = vault.client.ask("load", "POST", f"/{vault.name}/bulk", json={"entries": asked}, reads=True)
    for number, one in enumerate(asked):
        if done.find("results", number, "result") in ("created", "updated"):
            vault.revisions[str(one["@id"])] = done.take("results", number, "rev")
    vault.read("an entry after loading", f"/entries/{asked[0]['@id']}")
    if random.random() < 0.5:
        vault.read("entries after loading", "/entries")


def listing(vault: Vault, random: Random) -> None:
    vault.read("entries", "/entries")
    ways: list[Callable[[], object]] = [
        lambda: vault.read("entries with bodies", "/entries", include="body"),
        lambda: vault.read("first entries", "/entries", limit=2),
        lambda: vault.read("more entries", "/entries", limit=2, skip=2),
        lambda: vault.read("entries backwards", "/entries", descending="true"),
        lambda: vault.read("entries of a range", "/entries", **{"from": "letter", "to": "map-9999"}),
        lambda: vault.read("entries from", "/entries", **{"from": random.choice(KINDS)}, limit=random.randint(2, 4)),
    ]
    for way in random.sample(ways, random.randint(1, 3)):
        way()


def querying(vault: Vault, random: Random) -> None:
    kind, pages = random.choice(KINDS), random.randint(5, 50)
    wheres: list[dict[str, object]] = [
        {"kind": kind},
        {"pages": {"$gt": pages}},
        {"pages": {"$lte": pages}},
        {"kind": {"$in": random.sample(KINDS, 2)}},
        {"kind": {"$ne": kind}, "pages": {"$gte": 5}},
    ]
    for where in random.sample(wheres, random.randint(2, 3)):
        asked: dict[str, object] = {"where": where}
        if random.random() < 0.5:
            asked["sort"] = [{random.choice(["pages", "title"]): random.choice(["asc", "desc"])}]
        if random.random() < 0.4:
            asked["fields"] = random.choice([["@id", "title"], ["@id", "kind", "pages"]])
        if random.random() < 0.3:
            asked["limit"] = random.randint(1, 3)
        vault.client.ask("query", "POST", f"/{vault.name}/query", json=asked, reads=True)


def following(vault: Vault, random: Random) -> None:
    last = vault.read("changes", "/changes").take("last_seq")
    vault.read("no changes", "/changes", since=last)
    key = store(vault, random)
    if random.random() < 0.5:
        vault.revisions[key] = vault.put("revise", key, fields(random), rev=vault.revisions[key]).take("rev")
    vault.read("changes since", "/changes", since=last)
    if random.random() < 0.4:
        vault.read("first changes", "/changes", since=0, limit=2)


def caching(vault: Vault, random: Random) -> None:
    key = vault.some(random)
    path = f"/{vault.name}/entries/{key}"
    tag = vault.read("the entry with its tag", f"/entries/{key}").header("etag")
    if random.random() < 0.6:
        vault.client.ask("not modified", "GET", path, headers={"If-None-Match": tag}, reads=True)
    vault.client.ask("is it there", "HEAD", path, reads=True)


def mistakes(vault: Vault, random: Random) -> None:
    client, name, known = vault.client, vault.name, vault.some(random)
    absent, json = f"{values.slug(random)}-x", {"Content-Type": "application/json"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("open it again", "PUT", f"/{name}"),
        lambda: client.ask("open by a bad name", "PUT", f"/{values.word(random).upper()}"),
        lambda: client.ask("no such vault", "GET", f"/{absent}"),
        lambda: client.ask("store in no such vault", "PUT", f"/{absent}/entries/{key_of(random)}", json=fields(random)),
        lambda: client.ask("entries of no such vault", "GET", f"/{absent}/entries"),
        lambda: client.ask("query no such vault", "POST", f"/{absent}/query", json={"where": {}}),
        lambda: client.ask("no such entry", "GET", f"/{name}/entries/{values.slug(random)}"),
        lambda: client.ask("remove no such entry", "DELETE", f"/{name}/entries/{values.slug(random)}"),
        lambda: client.ask("remove without a revision", "DELETE", f"/{name}/entries/{known}"),
        lambda: client.ask("malformed", "PUT", f"/{name}/entries/{key_of(random)}", content=b'{"kind": ', headers=json),
        lambda: client.ask("a list", "PUT", f"/{name}/entries/{key_of(random)}", json=[1, 2]),
        lambda: client.ask("reserved field", "POST", f"/{name}/entries", json={"@kind": 1, **fields(random)}),
        lambda: vault.put("no revision at all", known, fields(random), rev=values.word(random)),
        lambda: client.ask("bad operator", "POST", f"/{name}/query", json={"where": {"pages": {"$near": 3}}}),
        lambda: client.ask("query for nothing", "POST", f"/{name}/query", json={"limit": 3}),
        lambda: client.ask("bad limit", "GET", f"/{name}/entries", query={"limit": values.word(random)}),
        lambda: client.ask("load no list", "POST", f"/{name}/bulk", json={"entries": "all"}),
    ]
    for way in random.sample(ways, random.randint(4, 7)):
        way()


def closing(vault: Vault, random: Random) -> None:
    client = vault.client
    client.ask("close the vault", "DELETE", f"/{vault.name}")
    client.ask("the vault, closed", "GET", f"/{vault.name}", reads=True)
    if random.random() < 0.5:
        client.ask("an entry of the closed vault", "GET", f"/{vault.name}/entries/{vault.some(random)}", reads=True)
    if random.random() < 0.5:
        client.ask("open it anew", "PUT", f"/{vault.name}", reads=True)
        vault.read("the vault, opened anew", "")
