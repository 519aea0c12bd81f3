"""What each of several calls between two looks makes of an item is told by the second look and by what was sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from synthesis.telling import as_the_service, learnt, word

CODES = {"TENTH": 10, "FIFTH": 20}


class Orders:
    """Orders of which a write tells only the number: lines, a code that takes something off, and totals."""

    def __init__(self, chance):
        self.chance = chance
        self.orders, self.done, self.log = {}, {}, []

    def answer(self, method, target, sent, headers):
        [_, kind, *rest] = urlsplit(target).path.split("/")
        if kind == "log":
            return 200, {"entries": self.log}
        if method == "POST" and not rest:
            made = {"id": word(self.chance), "buyer": sent["buyer"], "code": None, "state": "open", "lines": []}
            self.orders[made["id"]] = made
            return 201, {"id": made["id"]}
        order = self.orders.get(rest[0])
        if order is None:
            return 404, {"error": "no such order"}
        return (200, self.shown(order)) if method == "GET" else self.change(order, rest[1], sent, headers)

    def change(self, order, what, sent, headers):
        key = headers.get("Idempotency-Key")
        if key in self.done:
            return 200, self.done[key]
        if what == "lines":
            made = {"line": word(self.chance), **sent, "sum": sent["count"] * sent["price"]}
            order["lines"] += [made]
            entry = {"id": word(self.chance), "order": order["id"], "line": made["line"], "item": made["item"]}
            self.log.append(entry)
        elif what == "counts":
            lines = [
                {**one, **self.counted(one, sent)} if one["line"] == sent["line"] else one for one in order["lines"]
            ]
            order["lines"] = [one for one in lines if one["count"]]
        elif what == "code":
            if self.shown(order)["totals"]["before"] < 100:
                return 422, {"error": "too little", "before": self.shown(order)["totals"]["before"]}
            order["code"] = sent["code"]
        else:
            order["state"] = "sent"
        told = {"ok": True, "receipt": word(self.chance)}
        if key is not None:
            self.done[key] = told
        return 200, told

    def counted(self, line, sent):
        return {"count": sent["count"], "sum": sent["count"] * line["price"]}

    def shown(self, order):
        before = sum(line["sum"] for line in order["lines"])
        off = before * CODES.get(order["code"], 0) // 100
        return {**order, "totals": {"before": before, "off": off, "due": before - off}}


def filling(ask, words):
    """Fill orders with lines, take something off, send them, and only look now and then."""
    for _ in range(3):
        key = ask("POST", "/orders", {"buyer": word(words)}).json["id"]
        if words.random() < 0.5:
            ask("POST", f"/orders/{key}/code", {"code": "TENTH"})
        for _ in range(words.randint(1, 3)):
            ask("POST", f"/orders/{key}/lines", line(words))
        if words.random() < 0.7:
            ask("POST", f"/orders/{key}/code", {"code": words.choice([*CODES])})
        shown = ask("GET", f"/orders/{key}").json
        if words.random() < 0.7:
            lines = [one["line"] for one in shown["lines"]]
            ask("POST", f"/orders/{key}/counts", {"line": words.choice(lines), "count": words.choice((0, 3, 7))})
        sent, once = line(words), {"Idempotency-Key": word(words)}
        for _ in range(words.randint(1, 2)):
            ask("POST", f"/orders/{key}/lines", sent, once)
        ask("POST", f"/orders/{key}/send")
        ask("GET", f"/orders/{key}")
    ask("GET", "/log")
    ask("GET", "/orders/nowhere")


def line(words):
    return {"item": word(words), "count": words.randint(1, 9), "price": words.randint(40, 400)}


def test_lines_that_are_added_counted_and_taken_away_are_there_and_totals_follow():
    mocks = learnt(Orders, filling, 10)
    key = mocks.ask("POST", "/orders", {"buyer": "ada"}).json["id"]
    early = mocks.ask("POST", f"/orders/{key}/code", {"code": "TENTH"})
    assert (early.status, early.json) == (422, {"error": "too little", "before": 0})
    for name, count in (("cup", 2), ("jug", 3)):
        mocks.ask("POST", f"/orders/{key}/lines", {"item": name, "count": count, "price": 100})
    mocks.ask("POST", f"/orders/{key}/code", {"code": "FIFTH"})
    shown = mocks.ask("GET", f"/orders/{key}").json
    assert [(one["item"], one["count"], one["sum"]) for one in shown["lines"]] == [("cup", 2, 200), ("jug", 3, 300)]
    assert (shown["code"], shown["state"], shown["totals"]) == (
        "FIFTH",
        "open",
        {"before": 500, "off": 100, "due": 400},
    )
    cup, jug = (one["line"] for one in shown["lines"])
    mocks.ask("POST", f"/orders/{key}/counts", {"line": cup, "count": 0})
    mocks.ask("POST", f"/orders/{key}/counts", {"line": jug, "count": 5})
    mocks.ask("POST", f"/orders/{key}/send")
    shown = mocks.ask("GET", f"/orders/{key}").json
    assert [(one["line"], one["sum"]) for one in shown["lines"]] == [(jug, 500)]
    assert (shown["state"], shown["totals"]) == ("sent", {"before": 500, "off": 100, "due": 400})
    for _ in range(2):
        mocks.ask("POST", f"/orders/{key}/lines", {"item": "pot", "count": 1, "price": 50}, {"Idempotency-Key": "k1"})
    assert [one["sum"] for one in mocks.ask("GET", f"/orders/{key}").json["lines"]] == [500, 50]
    lines = mocks.ask("GET", f"/orders/{key}").json["lines"]
    logged = [(one["line"], one["item"]) for one in mocks.ask("GET", "/log").json["entries"]]
    assert [(one["line"], one["item"]) for one in lines] == logged[1:]
    mocked, real = as_the_service(Orders, filling, mocks)
    assert mocked == real
