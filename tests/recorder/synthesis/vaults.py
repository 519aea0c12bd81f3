"""A small store of documents for tests: vaults, documents with versions, bulk writes, queries, a sequence."""

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
        if rest == ["_find"]:
            return self.find(vault, sent)
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

    def find(self, vault, sent):
        docs = sorted(vault["docs"].values(), key=lambda one: one["_id"])
        found = [one for one in docs if all(fits(one.get(name), told) for name, told in sent["where"].items())]
        for field, way in [pair for told in sent.get("sort", []) for pair in told.items()]:
            found.sort(key=lambda one: one[field], reverse=way == "desc")
        shown = found[: sent.get("limit", 50)]
        names = sent.get("fields")
        return 200, {"docs": [{name: one[name] for name in names or one} for one in shown], "found": len(found)}

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


def fits(held, told):
    """Tell whether a value is what is wanted, or is among or above that."""
    if not isinstance(told, dict):
        return held == told
    return all(held in one if sign == "$in" else held > one for sign, one in told.items())


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
        {"key": first, "v": stale, **fields(words)},
    ]
    words.shuffle(rows)
    made = ask("POST", f"/{name}/_many", {"rows": rows}).json["rows"]
    ask("GET", f"/{name}/{third}")
    ask("GET", f"/{name}/{second}")
    at = next(place for place, row in enumerate(rows) if row["key"] == second)
    ask("PUT", f"/{name}/{second}?v={made[at]['v']}", fields(words))
    for where in [{"kind": "map"}, {"pages": {"$gt": words.randint(10, 60)}}, {"kind": {"$in": ["map", "print"]}}]:
        sort = {"sort": [{words.choice(["pages", "title"]): words.choice(["asc", "desc"])}]}
        limit = {"limit": words.randint(1, 2)} if words.random() < 0.5 else {}
        shown = {"fields": ["_id", "title"]} if words.random() < 0.4 else {}
        ask("POST", f"/{name}/_find", {"where": where, **(sort if words.random() < 0.6 else {}), **limit, **shown})
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
