"""Two more services that reckon, for tests: a desk whose entries have directions, and purses with transfers by RPC."""

from __future__ import annotations

from urllib.parse import urlsplit

from synthesis.telling import word


class Desk:
    """Accounts with balances inside, of what is posted and of all; entries say on which side they are by a word."""

    def __init__(self, chance):
        self.chance = chance
        self.accounts, self.moves = {}, {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        [_, kind, *rest] = urlsplit(target).path.split("/")
        if method == "POST" and not rest:
            return getattr(self, f"add_{kind}")(sent)
        found = getattr(self, kind).get(rest[0])
        if found is None:
            return 404, {"error": "not found"}
        if kind == "moves":
            found["state"] = "posted"
            return 200, found
        return 200, self.shown(found)

    def add_accounts(self, sent):
        made = {"id": f"a-{word(self.chance)}", **sent}
        self.accounts[made["id"]] = made
        return 201, self.shown(made)

    def add_moves(self, sent):
        for at, entry in enumerate(sent["entries"]):
            if entry["account"] not in self.accounts:
                return 422, {"error": "unknown account", "field": f"entries[{at}].account"}
        made = {"id": f"m-{word(self.chance)}", "state": "pending", **sent}
        self.moves[made["id"]] = made
        return 201, made

    def shown(self, account):
        return {**account, "balances": {"posted": self.sums(account, ("posted",)), "all": self.sums(account)}}

    def sums(self, account, states=("posted", "pending")):
        entries = [one for move in self.moves.values() if move["state"] in states for one in move["entries"]]
        mine = [one for one in entries if one["account"] == account["id"]]
        debit, credit = (sum(one["sum"] for one in mine if one["side"] == side) for side in ("debit", "credit"))
        return {"debits": debit, "credits": credit, "net": debit - credit}


def moving(ask, words):
    """Open four accounts, move money between them, name one that is not there, post some, and look at all."""
    ids = [ask("POST", "/accounts", {"name": word(words)}).json["id"] for _ in range(4)]
    made = []
    for _ in range(words.randint(4, 6)):
        one, other, third = words.sample(ids, 3)
        amount, part = words.randint(500, 99_999), words.randint(1, 499)
        entries = [
            {"account": one, "side": "debit", "sum": amount},
            {"account": other, "side": "credit", "sum": amount - part},
            {"account": third, "side": "credit", "sum": part},
        ]
        made.append(ask("POST", "/moves", {"entries": entries}).json["id"])
        ask("GET", f"/accounts/{one}")
        wrong = [dict(entry) for entry in entries]
        wrong[words.randrange(3)]["account"] = f"a-{word(words)}"
        ask("POST", "/moves", {"entries": wrong})
    for one in words.sample(made, 2):
        ask("POST", f"/moves/{one}/post")
    for one in ids:
        ask("GET", f"/accounts/{one}")


class Purses:
    """Purses by JSON-RPC: what flows from one to another is told flat, with a fee on top; holds lessen what is free."""

    def __init__(self, chance):
        self.chance = chance
        self.purses, self.flows, self.holds = {}, {}, {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del method, target, headers
        return 200, {
            "jsonrpc": "2.0",
            "id": sent["id"],
            **getattr(self, sent["method"].replace(".", "_"))(**sent["params"]),
        }

    def purse_open(self, owner):
        made = {"number": word(self.chance, "0123456789", 10), "owner": owner}
        self.purses[made["number"]] = made
        return {"result": {"purse": self.shown(made)}}

    def purse_show(self, purse):
        return {"result": {"purse": self.shown(self.purses[purse])}}

    def purse_fill(self, purse, amount, day):
        return {"result": {"flow": self.flow("fill", None, purse, amount, 0, day)}}

    def flow_send(self, source, target, amount, day):
        return {"result": {"flow": self.flow("send", source, target, amount, 7, day)}}

    def flow_undo(self, flow):
        was = self.flows[flow]
        return {"result": {"flow": self.flow("undo", was["to"], was["from"], was["amount"], 0, was["day"])}}

    def hold_place(self, purse, amount):
        made = {"hold": word(self.chance), "purse": purse, "amount": amount, "state": "held"}
        self.holds[made["hold"]] = made
        return {"result": {"hold": made}}

    def hold_drop(self, hold):
        self.holds[hold]["state"] = "dropped"
        return {"result": {"hold": self.holds[hold]}}

    def flow(self, kind, source, target, amount, fee, day):
        made = {"flow": word(self.chance), "kind": kind, "from": source, "to": target, "amount": amount, "fee": fee}
        self.flows[made["flow"]] = {**made, "day": day}
        return self.flows[made["flow"]]

    def shown(self, purse):
        own = purse["number"]
        mine = [one for one in self.flows.values() if own in (one["from"], one["to"])]
        balance = sum(one["amount"] if one["to"] == own else -one["amount"] - one["fee"] for one in mine)
        held = sum(one["amount"] for one in self.holds.values() if one["purse"] == own and one["state"] == "held")
        last = mine[-1]["day"] if mine else None
        return {**purse, "balance": balance, "free": balance - held, "last": last}


def paying(ask, words):
    """Open three purses and fill them, send, hold, undo, and look at purses in between."""
    asked = iter(range(1, 1_000))

    def call(method, **params):
        return ask("POST", "/rpc", {"jsonrpc": "2.0", "id": next(asked), "method": method, "params": params}).json[
            "result"
        ]

    def day():
        return f"2025-0{words.randint(1, 9)}-{words.randint(10, 28)}"

    numbers = [call("purse.open", owner=word(words))["purse"]["number"] for _ in range(3)]
    for one in numbers:
        call("purse.fill", purse=one, amount=words.randint(10_000, 90_000), day=day())
    sent, held = [], []
    for _ in range(words.randint(4, 6)):
        one, other = words.sample(numbers, 2)
        sent.append(
            call("flow.send", source=one, target=other, amount=words.randint(100, 999), day=day())["flow"]["flow"]
        )
        call("purse.show", purse=words.choice((one, other)))
        held.append(call("hold.place", purse=other, amount=words.randint(100, 999))["hold"]["hold"])
        call("purse.show", purse=other)
    call("flow.undo", flow=words.choice(sent))
    call("hold.drop", hold=words.choice(held))
    for one in numbers:
        call("purse.show", purse=one)
