"""Small services for tests of synthesis that do everything behind one path: by remote calls, by commands and queries."""

from __future__ import annotations

from synthesis.telling import word


class Wallet:
    """Purses over JSON-RPC: made, read, listed, named, filled and removed; errors have the status 200."""

    def __init__(self, chance):
        self.chance = chance
        self.purses = {}

    def answer(self, method, target, sent, headers):
        del method, target, headers
        if isinstance(sent, list):
            replies = [reply for one in sent if (reply := self.reply(one)) is not None]
            return (200, replies) if replies else (204, None)
        reply = self.reply(sent)
        return (200, reply) if reply is not None else (204, None)

    def reply(self, sent):
        done = getattr(self, sent["method"].replace(".", "_"), None)
        told = done(**sent["params"]) if done is not None else self.error(-32601, "Method not found")
        head = {"jsonrpc": "2.0", "id": sent["id"]} if "id" in sent else None
        return None if head is None else {**head, **(told if "error" in told else {"result": told})}

    def error(self, code, message):
        return {"error": {"code": code, "message": message}}

    def purse_open(self, owner):
        made = {"purse": word(self.chance), "owner": owner, "coins": 0, "label": None}
        self.purses[made["purse"]] = made
        return {**made}

    def purse_get(self, purse):
        return {**self.purses[purse]} if purse in self.purses else self.error(7, "Unknown purse")

    def purse_list(self, owner=None, limit=10):
        found = [one for one in self.purses.values() if owner in (None, one["owner"])]
        return {"purses": [{**one} for one in found[:limit]], "total": len(found)}

    def purse_label(self, purse, label):
        if purse not in self.purses:
            return self.error(7, "Unknown purse")
        self.purses[purse]["label"] = label
        return {**self.purses[purse]}

    def coins_put(self, purse, coins):
        if purse not in self.purses:
            return self.error(7, "Unknown purse")
        self.purses[purse]["coins"] += coins
        return {"purse": purse, "coins": self.purses[purse]["coins"], "receipt": word(self.chance)}

    def purse_remove(self, purse):
        return {"removed": self.purses.pop(purse)["purse"]} if purse in self.purses else self.error(7, "Unknown purse")


def remote(ask, words):
    """Give a function that calls by JSON-RPC, and counts its calls."""
    count = words.randint(0, 900)

    def call(method, **params):
        nonlocal count
        count += 1
        asked = {"jsonrpc": "2.0", "method": method, "params": params, "id": count}
        return ask("POST", "/rpc", asked).json

    return call


def spending(ask, words):
    """Open purses, look at them, put coins in, name one, list those of an owner, and remove one."""
    call = remote(ask, words)
    owners = [word(words), word(words)]
    made = [call("purse.open", owner=owners[n % 2])["result"]["purse"] for n in range(words.randint(3, 4))]
    call("purse.get", purse=made[0])
    for _ in range(words.randint(1, 3)):
        call("coins.put", purse=made[1], coins=words.randint(1, 99))
    call("purse.get", purse=made[1])
    call("purse.label", purse=made[0], label=word(words))
    call("purse.get", purse=made[0])
    call("purse.list", owner=owners[0])
    call("purse.list", limit=2)
    call("purse.list")
    call("purse.remove", purse=made[2])
    call("purse.get", purse=made[2])
    call("coins.put", purse=word(words), coins=3)
    call(f"purse.{word(words)}")


class Tickets:
    """Tickets by commands and queries: a command tells only its ticket and what became of that."""

    def __init__(self, chance):
        self.chance = chance
        self.tickets = {}

    def answer(self, method, target, sent, headers):
        del method, headers
        if target == "/queries":
            return self.ask(sent["query"], sent.get("params") or {})
        return self.do(sent["type"], sent["payload"])

    def ask(self, name, params):
        if name == "ticketById":
            found = self.tickets.get(params["ticketId"])
            return (200, {"query": name, "result": {**found}}) if found else (404, {"problem": "no such ticket"})
        rows = [one for one in self.tickets.values() if params.get("status") in (None, one["status"])]
        return 200, {"query": name, "result": {"rows": [{**one} for one in rows], "count": len(rows)}}

    def do(self, kind, payload):
        if kind == "OpenTicket":
            made = {"ticketId": word(self.chance), "title": payload["title"], "status": "open", "version": 1}
            self.tickets[made["ticketId"]] = made
            return 201, self.told(made)
        ticket = self.tickets.get(payload["ticketId"])
        if ticket is None:
            return 404, {"problem": "no such ticket"}
        if ticket["status"] == "closed":
            return 409, {"problem": "it is closed"}
        if kind == "RenameTicket":
            ticket["title"] = payload["title"]
        ticket["status"] = "closed" if kind == "CloseTicket" else ticket["status"]
        ticket["version"] += 1
        return 200, self.told(ticket)

    def told(self, ticket):
        return {"ticket": ticket["ticketId"], "status": ticket["status"], "version": ticket["version"]}


def working(ask, words):
    """Open tickets, rename and close some, read them, and do to a closed one what cannot be done."""

    def do(kind, **payload):
        return ask("POST", "/commands", {"type": kind, "payload": payload}).json

    def query(name, **params):
        return ask("POST", "/queries", {"query": name, "params": params}).json

    made = [do("OpenTicket", title=word(words))["ticket"] for _ in range(3)]
    query("ticketById", ticketId=made[0])
    do("RenameTicket", ticketId=made[0], title=word(words))
    query("ticketById", ticketId=made[0])
    do("CloseTicket", ticketId=made[1], reason=word(words))
    query("ticketById", ticketId=made[1])
    do("RenameTicket", ticketId=made[1], title=word(words))
    do("CloseTicket", ticketId=made[1], reason=word(words))
    query("listTickets", status="open")
    query("listTickets")
    query("ticketById", ticketId=word(words))
    do("CloseTicket", ticketId=word(words), reason=word(words))
