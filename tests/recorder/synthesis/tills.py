"""A small bookkeeping for tests of synthesis: books with accounts, entries of lines, statements and an overview."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import word


class Till:
    """Accounts and entries; what an account comes to is summed up whenever it is shown. Void entries do not count."""

    def __init__(self, chance):
        self.chance = chance
        self.accounts, self.entries = {}, {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        parts = urlsplit(target)
        [_, kind, *rest] = parts.path.split("/")
        query = dict(parse_qsl(parts.query))
        if kind == "overview":
            shown = [self.shown(one) for one in self.accounts.values()]
            rows = [{"code": one["code"], "over": max(one["sum"], 0), "under": max(-one["sum"], 0)} for one in shown]
            return 200, {"rows": rows}
        if method == "POST" and not rest:
            return getattr(self, f"add_{kind}")(sent)
        found = getattr(self, kind).get(rest[0])
        if found is None:
            return 404, {"error": "not found"}
        if kind == "entries":
            found["state"] = "void" if rest[1:] == ["void"] else found["state"]
            return 200, found
        return 200, self.statement(found, query) if rest[1:] else self.shown(found)

    def add_accounts(self, sent):
        self.accounts[sent["code"]] = sent
        return 201, self.shown(sent)

    def add_entries(self, sent):
        if sum(line.get("in", 0) - line.get("out", 0) for line in sent["lines"]):
            return 422, {"error": "unbalanced"}
        made = {"id": word(self.chance), "state": "posted", **sent}
        self.entries[made["id"]] = made
        return 201, made

    def lines(self, account):
        return [
            (entry, line.get("in", 0) - line.get("out", 0))
            for entry in sorted(self.entries.values(), key=lambda one: one["day"])
            for line in entry["lines"]
            if line["account"] == account["code"] and entry["state"] == "posted"
        ]

    def shown(self, account):
        moves = [move for _, move in self.lines(account)]
        return {**account, "sum": sum(moves), "moves": len(moves)}

    def statement(self, account, query):
        reached, rows = 0, []
        for entry, move in self.lines(account):
            reached += move
            if entry["day"] >= query.get("since", ""):
                rows.append({"day": entry["day"], "entry": entry["id"], "after": reached})
        return {"code": account["code"], "rows": rows, "end": reached}


def keeping(ask, words):
    """Open three accounts, post entries between them, void one, and look at all of it."""
    codes = [word(words, size=6) for _ in range(3)]
    for code in codes:
        ask("POST", "/accounts", {"code": code, "name": word(words)})
    made = []
    for _ in range(words.randint(3, 5)):
        one, other = words.sample(codes, 2)
        amount = words.randint(100, 99_999)
        lines = [{"account": one, "in": amount}, {"account": other, "out": amount}]
        day = f"2025-0{words.randint(1, 9)}-{words.randint(10, 28)}"
        made.append(ask("POST", "/entries", {"day": day, "lines": lines}).json["id"])
        ask("GET", f"/accounts/{one}")
        crooked = [lines[0], {"account": other, "out": amount + words.choice((-9, -1, 1, 40)) * words.randint(1, 9)}]
        ask("POST", "/entries", {"day": f"2024-11-{words.randint(10, 28)}", "lines": crooked})
    ask("GET", f"/accounts/{codes[0]}/statement")
    ask("GET", f"/accounts/{codes[1]}/statement?since=2025-05-01")
    ask("POST", f"/entries/{words.choice(made)}/void")
    for code in codes:
        ask("GET", f"/accounts/{code}")
    ask("GET", f"/accounts/{codes[2]}/statement")
    ask("GET", "/overview")
