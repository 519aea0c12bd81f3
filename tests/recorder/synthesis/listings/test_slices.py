"""Statements are read from a line on, with what was before and what follows."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import learnt, word


class Roll:
    """Jars, each with a roll of what was put in and taken out; it is read from a line on, so many lines at once."""

    def __init__(self, chance):
        self.chance = chance
        self.jars, self.moves = {}, []

    def answer(self, method, target, sent, headers):
        del headers
        parts = urlsplit(target)
        names = parts.path.strip("/").split("/")
        if method == "POST" and names == ["jars"]:
            self.jars[sent["name"]] = sent
            return 201, self.shown(sent["name"])
        if method == "POST":
            move = {"id": word(self.chance), **sent}
            self.moves.append(move)
            return 201, move
        if names[0] == "moves":
            return 200, next(one for one in self.moves if one["id"] == names[1])
        if names[1] not in self.jars:
            return 404, {"error": "no such jar"}
        return 200, self.roll(names[1], dict(parse_qsl(parts.query))) if names[2:] else self.shown(names[1])

    def shown(self, name):
        return {"name": name, "coins": sum(one["coins"] for one in self.moves if one["jar"] == name)}

    def roll(self, name, query):
        start, count = int(query.get("line", 1)), int(query.get("count", 5))
        reached, lines = 0, []
        for move in (one for one in self.moves if one["jar"] == name):
            reached += move["coins"]
            lines.append({"line": len(lines) + 1, "move": move["id"], "coins": move["coins"], "then": reached})
        page = lines[start - 1 : start - 1 + count]
        before = sum(one["coins"] for one in lines[: start - 1])
        rest = start + count if start - 1 + count < len(lines) else None
        return {
            "jar": name,
            "before": before,
            "lines": page,
            "after": before + sum(x["coins"] for x in page),
            "next": rest,
        }


def rolling(ask, words):
    jars = [word(words) for _ in range(2)]
    for jar in jars:
        ask("POST", "/jars", {"name": jar})
    for _ in range(7):
        jar = words.choice(jars)
        made = ask("POST", "/moves", {"jar": jar, "coins": words.randint(-40, 90)}).json["id"]
        ask("GET", f"/moves/{made}")
        ask("GET", f"/jars/{jar}")
    for jar in jars:
        count = words.randint(1, 2)
        told = ask("GET", f"/jars/{jar}/roll?count={count}").json
        while told.get("next"):
            told = ask("GET", f"/jars/{jar}/roll?line={told['next']}&count={count}").json
        ask("GET", f"/jars/{jar}/roll")
    ask("GET", f"/jars/{word(words)}")


def test_a_statement_is_read_from_a_line_on():
    mocks = learnt(Roll, rolling, 6)
    for name in ("tea", "rye"):
        mocks.ask("POST", "/jars", {"name": name})
    for coins in (50, -8, 30, 7):
        mocks.ask("POST", "/moves", {"jar": "tea", "coins": coins})
        mocks.ask("POST", "/moves", {"jar": "rye", "coins": 100})
    shown = mocks.ask("GET", "/jars/tea/roll?line=2&count=2").json
    assert [(one["line"], one["coins"], one["then"]) for one in shown["lines"]] == [(2, -8, 42), (3, 30, 72)]
    assert (shown["before"], shown["after"], shown["next"]) == (50, 72, 4)
    assert mocks.ask("GET", "/jars/tea/roll?line=4&count=2").json["next"] is None
