"""A small store of documents for tests that tells of each document's last write, for clients that keep a copy."""

from __future__ import annotations

from urllib.parse import parse_qs

from synthesis.telling import word
from synthesis.vaults import Vaults, fields


class Followed(Vaults):
    """Vaults whose last writes are told in the order of their numbers, from some number on, so many at once."""

    def answer(self, method, target, sent, headers):
        path, _, query = target.partition("?")
        name, *rest = path.strip("/").split("/")
        if rest == ["_news"] and name in self.made:
            asked = {key: int(values[0]) for key, values in parse_qs(query).items()}
            rows = sorted(self.made[name].get("news", {}).values(), key=lambda one: one["n"])
            rows = [one for one in rows if one["n"] > asked.get("after", 0)]
            return 200, {"news": rows[: asked.get("most", 50)], "left": max(0, len(rows) - asked.get("most", 50))}
        return super().answer(method, target, sent, headers)

    def write(self, vault, key, sent, version, *, gone):
        status, told = super().write(vault, key, sent, version, gone=gone)
        if status < 400:
            news = vault.setdefault("news", {})
            news[key] = {"about": key, "n": told["n"], "v": told["v"], **({"lost": True} if gone else {})}
        return status, told


def following(ask, words):
    """Write, write over and delete documents, alone and many at once, and look at what is new in between."""
    name = f"{word(words)}{words.randint(100, 999)}"
    ask("PUT", f"/{name}")
    ask("GET", f"/{word(words)}x/_news")
    ask("GET", f"/{name}/_news")
    ask("GET", f"/{name}")
    versions = {}
    for _ in range(words.randint(4, 5)):
        key = f"{word(words)}-{words.randint(1000, 9999)}"
        versions[key] = ask("PUT", f"/{name}/{key}", fields(words)).json["v"]
        ask("GET", f"/{name}/{key}")
    first, second, third, fourth, *_ = versions
    versions[first] = ask("PUT", f"/{name}/{first}?v={versions[first]}", fields(words)).json["v"]
    last = ask("GET", f"/{name}/_news").json["news"][-1]["n"]
    ask("DELETE", f"/{name}/{second}?v={versions[second]}")
    ask("GET", f"/{name}/{second}")
    ask("GET", f"/{name}/_news?after={last}")
    rows = [
        {"key": f"{word(words)}-{words.randint(1000, 9999)}", **fields(words)},
        {"key": third, "v": versions[third], "gone": True},
        {"key": fourth, "v": versions[fourth], **fields(words)},
        {"key": first, "v": "1-0", **fields(words)},
    ]
    words.shuffle(rows)
    ask("POST", f"/{name}/_many", {"rows": rows})
    ask("GET", f"/{name}/{first}")
    ask("GET", f"/{name}/_news?after=0&most={words.randint(1, 3)}")
    ask("GET", f"/{name}/_news")
