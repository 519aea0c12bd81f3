"""A feed tells of each thing's last write, also of deletions, for clients that keep a copy of what there is."""

from urllib.parse import parse_qs

from synthesis.telling import learnt, word
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


def test_what_was_written_last_is_told_once_and_deletions_too():
    mocks = learnt(Followed, following, 8)
    mocks.ask("PUT", "/shelf30")
    mocks.ask("PUT", "/shelf31")
    one = mocks.ask("PUT", "/shelf30/a-1", {"kind": "map", "title": "x y", "pages": 3}).json
    two = mocks.ask("PUT", "/shelf30/a-2", {"kind": "map", "title": "x y", "pages": 4}).json
    new = mocks.ask("PUT", f"/shelf30/a-1?v={one['v']}", {"kind": "map", "title": "z", "pages": 5}).json
    told = {"news": [{"about": "a-2", "n": 2, "v": two["v"]}, {"about": "a-1", "n": 3, "v": new["v"]}], "left": 0}
    assert mocks.ask("GET", "/shelf30/_news").json == told
    gone = mocks.ask("DELETE", f"/shelf30/a-2?v={two['v']}").json
    assert mocks.ask("GET", "/shelf30/_news?after=3").json == {
        "news": [{"about": "a-2", "n": 4, "v": gone["v"], "lost": True}],
        "left": 0,
    }
    assert mocks.ask("GET", "/shelf31/_news").json == {"news": [], "left": 0}
    assert mocks.ask("GET", "/shelf32/_news").status == 404


def test_calls_that_write_many_tell_of_each_that_was_written():
    mocks = learnt(Followed, following, 8)
    mocks.ask("PUT", "/shelf30")
    one = mocks.ask("PUT", "/shelf30/a-1", {"kind": "map", "title": "x y", "pages": 3}).json
    sent = [
        {"key": "a-2", "kind": "map", "title": "z", "pages": 5},
        {"key": "a-1", "v": one["v"], "gone": True},
    ]
    made = mocks.ask("POST", "/shelf30/_many", {"rows": sent}).json["rows"]
    assert mocks.ask("GET", "/shelf30/_news?after=0&most=1").json == {
        "news": [{"about": "a-2", "n": made[0]["n"], "v": made[0]["v"]}],
        "left": 1,
    }
    assert mocks.ask("GET", "/shelf30/_news").json["news"][-1] == {
        "about": "a-1",
        "n": made[1]["n"],
        "v": made[1]["v"],
        "lost": True,
    }
