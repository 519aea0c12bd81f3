"""A stall for tests of synthesis: goods in sizes, a tray that a cookie or a header names, vouchers and a fee."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from synthesis.telling import word

GOODS = {
    name: {
        "name": name,
        "label": label,
        "sizes": [
            {"code": f"{name}-{size}", "price": {"amount": price + more, "currency": "EUR"}, "left": 9}
            for size, more in (("s", 0), ("l", 150))
        ],
    }
    for name, label, price in (("mug", "A mug", 900), ("jug", "A jug", 2100), ("pan", "A pan", 3300))
}
CODES = [size["code"] for one in GOODS.values() for size in one["sizes"]]
VOUCHERS = {"TENTH": (10, 0), "FOUR": (0, 400)}


class Stall:
    """Trays are opened by `POST /tray`; what later calls are for is said by the cookie `tray` alone."""

    carrier = "Cookie"

    def __init__(self, chance):
        self.chance = chance
        self.trays = {}

    def answer(self, method, target, sent, headers):
        """Give status, answer and perhaps headers."""
        path = urlsplit(target).path
        if path == "/goods":
            return 200, [{"name": one["name"], "label": one["label"]} for one in GOODS.values()]
        if path.startswith("/goods"):
            name = path.rpartition("/")[2]
            return (200, GOODS[name]) if name in GOODS else (404, {"error": f"no {name}"})
        if (method, path) == ("POST", "/tray"):
            made = {"tray": f"try_{word(self.chance, 'abcdefghijkmnp23456789', 14)}", "rows": [], "voucher": None}
            self.trays[made["tray"]] = made
            return 201, self.shown(made), self.told(made["tray"])
        named = re.sub("^tray=", "", headers.get(self.carrier, ""))
        if named not in self.trays:
            return 404, {"error": "open a tray first"}
        return self.work(method, path, sent, self.trays[named])

    def told(self, key):
        return {"Set-Cookie": f"tray={key}; Path=/"}

    def work(self, method, path, sent, tray):
        if method == "POST" and path == "/tray/rows":
            size = next(
                (one for goods in GOODS.values() for one in goods["sizes"] if one["code"] == sent["code"]), None
            )
            if size is None:
                return 404, {"error": f"no {sent['code']}"}
            if sent["count"] > size["left"]:
                return 409, {"error": f"only {size['left']} left"}
            row = {"code": sent["code"], "count": sent["count"], "price": size["price"]}
            row["sum"] = {"amount": sent["count"] * size["price"]["amount"], "currency": "EUR"}
            tray["rows"].append(row)
            return 201, self.shown(tray)
        if method == "PUT":
            tray["voucher"] = sent["voucher"]
        if method == "DELETE":
            tray["rows"] = [row for row in tray["rows"] if row["code"] != path.rpartition("/")[2]]
        return 200, self.shown(tray)

    def shown(self, tray):
        whole = sum(row["sum"]["amount"] for row in tray["rows"])
        percent, amount = VOUCHERS.get(tray["voucher"], (0, 0))
        off = whole * percent // 100 + amount
        return {
            **tray,
            "count": sum(row["count"] for row in tray["rows"]),
            "sums": {"whole": whole, "off": off, "due": whole - off},
        }


class Window(Stall):
    """A stall whose trays a header names."""

    carrier = "X-Tray"

    def told(self, key):
        del key
        return {}


def serving(service):
    """Give a script of calls to a stall that says the tray as it wants it."""

    def script(ask, chance):
        ask("GET", "/goods")
        for name in chance.sample(sorted(GOODS), 2):
            ask("GET", f"/goods/{name}")
        for _ in range(2):
            key = ask("POST", "/tray").json["tray"]
            named = {service.carrier: f"tray={key}" if service.carrier == "Cookie" else key}
            codes = chance.sample(CODES, 3)
            rows = [{"code": code, "count": chance.randint(1, 9)} for code in codes]
            rows += [
                {"code": chance.choice(CODES), "count": chance.randint(10, 30)},
                {"code": word(chance), "count": 1},
            ]
            for row in chance.sample(rows, len(rows)):
                ask("POST", "/tray/rows", row, named)
            ask("PUT", "/tray/voucher", {"voucher": chance.choice(["FOUR", "FOUR", "TENTH", "TENTH", "NONE"])}, named)
            if chance.random() < 0.3:
                ask("DELETE", f"/tray/rows/{codes[0]}", None, named)
            ask("GET", "/tray", None, named)
        ask("GET", "/tray")

    return script
