"""A small store of documents for tests: vaults that are put, documents with versions, bulk writes, a sequence."""

from __future__ import annotations

from synthesis.telling import learnt, word


class Vaults:
    """Documents under ids of one's own: a write is answered by its id, version and number, a read shows them."""

    def __init__(self, chance):
        self.chance = chance
        self.made = {}

    def answer(self, method, target, sent, headers):
        del headers
        path, _, query = target.partition("?")
        name, *rest = path.strip("/").split("/")
        if not rest:
            return self.vault(method, name)
        if name not in self.made:
            return 404, {"why": "no vault"}
        vault = self.made[name]
        if rest == ["_many"]:
            rows = [
                self.write(vault, row["key"], row, row.get("v"), gone=row.get("gone", False)) for row in sent["rows"]
            ]
            return 200, {"rows": [told if status < 400 else {"id": told["id"], "no": True} for status, told in rows]}
        if method == "GET":
            found = vault["docs"].get(rest[0])
            return (200, found) if found else (404, {"why": "no document"})
        return self.write(vault, rest[0], sent or {}, query.removeprefix("v=") or None, gone=method == "DELETE")

    def vault(self, method, name):
        if method == "PUT":
            status = 409 if name in self.made else 201
            self.made.setdefault(name, {"docs": {}, "count": 0, "gone": {}})
            return status, {"vault": name}
        if name not in self.made:
            return 404, {"why": "no vault"}
        return 200, {"vault": name, "written": self.made[name]["count"]}

    def write(self, vault, key, sent, version, *, gone):
        found = vault["docs"].get(key)
        if gone and not found:
            return 404, {"why": "no document", "id": key}
        if (found["_v"] if found else None) != version:
            return 409, {"why": "stale", "id": key}
        last = found["_v"] if found else vault["gone"].get(key, "0-")
        vault["count"] += 1
        made = f"{int(last.partition('-')[0]) + 1}-{self.chance.getrandbits(48):012x}"
        told = {"id": key, "v": made, "n": vault["count"]}
        if gone:
            del vault["docs"][key]
            vault["gone"][key] = made
            return 200, told
        fields = {name: value for name, value in sent.items() if name not in ("key", "v", "gone")}
        vault["docs"][key] = {"_id": key, "_v": made, **fields}
        return 200 if found else 201, told


def keeping(ask, words):
    """Open a vault, write documents, over old versions too, many at once, and read what is there."""
    name = f"{word(words)}{words.randint(100, 999)}"
    ask("PUT", f"/{name}")
    versions = {}
    for _ in range(words.randint(3, 5)):
        key = f"{word(words)}-{words.randint(1000, 9999)}"
        versions[key] = ask("PUT", f"/{name}/{key}", fields(words)).json["v"]
        ask("GET", f"/{name}/{key}")
    first, second, third, *_ = versions
    stale = versions[first]
    versions[first] = ask("PUT", f"/{name}/{first}?v={stale}", fields(words)).json["v"]
    ask("GET", f"/{name}/{first}")
    ask("PUT", f"/{name}/{first}?v={stale}", fields(words))
    ask("PUT", f"/{name}/{second}", fields(words))
    rows = [
        {"key": f"{word(words)}-{words.randint(1000, 9999)}", **fields(words)},
        {"key": second, "v": versions[second], **fields(words)},
        {"key": third, "v": versions[third], "gone": True},
    ]
    made = ask("POST", f"/{name}/_many", {"rows": rows}).json["rows"]
    ask("GET", f"/{name}/{third}")
    ask("GET", f"/{name}/{second}")
    ask("PUT", f"/{name}/{second}?v={made[1]['v']}", fields(words))
    ask("DELETE", f"/{name}/{first}?v={versions[first]}")
    ask("GET", f"/{name}/{first}")
    ask("GET", f"/{name}")
    ask("PUT", f"/{name}")
    ask("GET", f"/{word(words)}x")
    ask("GET", f"/{word(words)}x/{first}")


def fields(words):
    return {
        "kind": words.choice(["map", "letter"]),
        "title": f"{word(words)} {word(words)}",
        "pages": words.randint(1, 90),
    }


def mocks_of_vaults(sessions=6):
    """Give the mocks of some sessions."""
    return learnt(Vaults, keeping, sessions)
