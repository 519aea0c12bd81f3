"""A small service for tests of synthesis: things on a shelf, made, read, listed, changed and deleted."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import word


class Shelf:
    """Things under `/things`; ids are words of letters that no session shares. `seeds` are there from the start."""

    seeds = ()

    def __init__(self, chance):
        self.chance = chance
        self.things = {one["id"]: dict(one) for one in self.seeds}

    def answer(self, method, target, sent, headers):
        """Give status, answer and perhaps headers."""
        parts = urlsplit(target)
        [_, _, *rest] = parts.path.split("/")
        query = dict(parse_qsl(parts.query))
        if not rest:
            return self.create(sent, headers) if method == "POST" else self.list(query, headers)
        if rest[0] not in self.things:
            return self.lost(rest[0])
        return getattr(self, method.lower())(self.things[rest[0]], sent, headers)

    def create(self, sent, headers):
        del headers
        made = {"id": word(self.chance), **sent}
        self.things[made["id"]] = made
        return 201, made

    def list(self, query, headers):
        del query, headers
        return 200, list(self.things.values())

    def lost(self, key):
        del key
        return 404, {"error": "no such thing"}

    def get(self, thing, sent, headers):
        del sent, headers
        return 200, thing

    def patch(self, thing, sent, headers):
        del headers
        thing.update(sent)
        return 200, thing

    def put(self, thing, sent, headers):
        del headers
        self.things[thing["id"]] = {"id": thing["id"], **sent}
        return 200, self.things[thing["id"]]

    def delete(self, thing, sent, headers):
        del sent, headers
        del self.things[thing["id"]]
        return 204, None


def a_visit(ask, words):
    """Make things, look at them, change one, delete one, and look for it."""
    first = ask("POST", "/things", {"name": word(words), "size": words.randint(1, 9_999)}).json
    second = ask("POST", "/things", {"name": word(words), "size": words.randint(1, 9_999)}).json
    ask("GET", f"/things/{first['id']}")
    ask("PATCH", f"/things/{second['id']}", {"name": word(words)})
    ask("GET", f"/things/{second['id']}")
    ask("GET", "/things")
    ask("DELETE", f"/things/{first['id']}")
    ask("GET", f"/things/{first['id']}")
    ask("GET", "/things")
