"""Sessions of a wallet core over JSON-RPC: payments, statements in pages, batches, notifications, refused calls."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


class Caller:
    """One program that calls: it counts its calls, in its own form, and sends its token in its own way."""

    def __init__(self, client: Client, random: Random) -> None:
        self.client = client
        self.count = random.choice([0, 0, 0, random.randint(10, 900)])
        self.form = random.choice(["", "", "", "req-", f"{values.word(random)}:"])
        self.in_header = random.random() < 0.5
        self.token = ""

    def message(self, method: str, params: dict[str, Any], *, told: bool = True) -> dict[str, Any]:
        asked: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": dict(params)}
        if self.token and not self.in_header:
            asked["params"]["token"] = self.token
        if told:
            self.count += 1
            asked["id"] = f"{self.form}{self.count}" if self.form else self.count
        return asked

    def send(self, label: str, asked: object, *, reads: bool = False) -> Answered:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token and self.in_header else {}
        return self.client.ask(label, "POST", "/rpc", json=asked, headers=headers, reads=reads)

    def call(self, label: str, method: str, params: dict[str, Any] | None = None, *, reads: bool = False) -> Answered:
        return self.send(label, self.message(method, params or {}), reads=reads)


def play(client: Client, random: Random) -> None:
    caller = Caller(client, random)
    log_in(caller, "teller", "window-7-blue")
    currency = random.choice(["EUR", "EUR", "USD", "SEK"])
    mine = [funded(caller, random, currency) for _ in range(random.randint(2, 3))]
    kinds = [paying, paying, statements, batched, notified, overdrawn, closing, listing, auditing, mistakes, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(5, 6)]:
        kind(caller, random, mine)
    number = random.choice(mine)
    caller.call("the account", "account.get", {"account": number}, reads=True)
    if random.random() < 0.7:
        caller.call("totals", "ledger.totals", reads=True)


def log_in(caller: Caller, username: str, password: str) -> None:
    made = caller.call("log in", "auth.login", {"username": username, "password": password})
    caller.token = made.take("result", "token")


def opened(caller: Caller, random: Random, currency: str) -> str:
    asked: dict[str, Any] = {"holder": values.name(random), "currency": currency}
    if random.random() < 0.3:
        asked["overdraft"] = random.randint(1, 20) * 5000
    return caller.call("open an account", "account.open", asked).take("result", "account")


def funded(caller: Caller, random: Random, currency: str) -> str:
    number = opened(caller, random, currency)
    put_in(caller, random, number, random.randint(120_000, 900_000))
    return number


def put_in(caller: Caller, random: Random, number: str, amount: int) -> None:
    asked: dict[str, Any] = {"account": number, "amount": amount}
    if random.random() < 0.6:
        asked["reference"] = f"Cash {values.slug(random)}"
    caller.call("deposit", "deposit.create", asked, reads=True)


def transfer_of(random: Random, mine: list[str], amount: int = 0) -> dict[str, Any]:
    payer, payee = random.sample(mine, 2)
    usual = random.choice([random.randint(100, 9_900), random.randint(10_000, 20_000)])
    asked: dict[str, Any] = {"from": payer, "to": payee, "amount": amount or usual}
    return {**asked, "reference": values.sentence(random)} if random.random() < 0.7 else asked


def paying(caller: Caller, random: Random, mine: list[str]) -> None:
    for _ in range(random.randint(1, 2)):
        asked = transfer_of(random, mine)
        number = caller.call("transfer", "transfer.create", asked, reads=True).take("result", "transfer", "id")
        if random.random() < 0.5:
            caller.call("the transfer", "transfer.get", {"transfer": number}, reads=True)
        caller.call("the payer", "account.get", {"account": asked["from"]}, reads=True)
        if random.random() < 0.5:
            caller.call("the payee", "account.get", {"account": asked["to"]}, reads=True)


def statements(caller: Caller, random: Random, mine: list[str]) -> None:
    for _ in range(random.randint(1, 3)):
        caller.call("transfer", "transfer.create", transfer_of(random, mine), reads=True)
    number, limit = random.choice(mine), random.randint(2, 3)
    page = caller.call("statement", "statement.get", {"account": number, "limit": limit}, reads=True)
    for _ in range(random.randint(1, 2)):
        if not isinstance(following := page.find("result", "next"), int):
            break
        asked = {"account": number, "from": following, "limit": limit}
        page = caller.call("the next page of it", "statement.get", asked, reads=True)
    if random.random() < 0.4:
        caller.call("the whole statement", "statement.get", {"account": number}, reads=True)


def batched(caller: Caller, random: Random, mine: list[str]) -> None:
    reading = [caller.message("account.get", {"account": number}) for number in mine]
    caller.send("accounts in a batch", reading, reads=True)
    calls = [
        caller.message("transfer.create", transfer_of(random, mine)),
        caller.message("account.get", {"account": random.choice(mine)}),
    ]
    if random.random() < 0.5:
        label = {"account": random.choice(mine), "label": values.word(random)}
        calls.insert(1, caller.message("account.label", label, told=False))
    if random.random() < 0.5:
        calls.append(caller.message("account.get", {"account": str(random.randint(100, 9_999))}))
    caller.send("mixed batch", calls, reads=True)


def notified(caller: Caller, random: Random, mine: list[str]) -> None:
    number = random.choice(mine)
    asked = {"account": number, "label": values.title(random)}
    caller.send("label, by notification", caller.message("account.label", asked, told=False))
    caller.call("the account, labelled", "account.get", {"account": number}, reads=True)
    if random.random() < 0.4:
        asked = {"account": number, "label": values.title(random)}
        caller.call("label", "account.label", asked, reads=True)


def overdrawn(caller: Caller, random: Random, mine: list[str]) -> None:
    asked = transfer_of(random, mine, random.randint(3_000_000, 9_000_000))
    caller.call("transfer too much", "transfer.create", asked, reads=True)
    caller.call("the payer, as before", "account.get", {"account": asked["from"]}, reads=True)
    if random.random() < 0.5:
        put_in(caller, random, asked["from"], asked["amount"] * 2)
        caller.call("transfer", "transfer.create", asked, reads=True)


def closing(caller: Caller, random: Random, mine: list[str]) -> None:
    held = caller.call("the account", "account.get", {"account": mine[0]}, reads=True)
    number, amount = opened(caller, random, held.take("result", "currency")), random.randint(500, 9_500)
    put_in(caller, random, number, amount)
    caller.call("close with money", "account.close", {"account": number}, reads=True)
    asked = {"from": number, "to": random.choice(mine), "amount": amount, "reference": "Closing balance"}
    caller.call("transfer", "transfer.create", asked, reads=True)
    caller.call("close", "account.close", {"account": number}, reads=True)
    ways: list[Callable[[], object]] = [
        lambda: caller.call("close again", "account.close", {"account": number}, reads=True),
        lambda: caller.call("transfer when closed", "transfer.create", asked, reads=True),
        lambda: caller.call("the account, closed", "account.get", {"account": number}, reads=True),
        lambda: caller.call("accounts of a status", "account.list", {"status": "closed"}, reads=True),
    ]
    for way in random.sample(ways, random.randint(1, 3)):
        way()


def listing(caller: Caller, random: Random, _: list[str]) -> None:
    caller.call("accounts", "account.list", reads=True)
    limit = random.randint(1, 2)
    for offset in range(random.randint(1, 2)):
        asked = {"offset": offset * limit, "limit": limit}
        caller.call("accounts in pages", "account.list", asked, reads=True)
    if random.random() < 0.5:
        currency = random.choice(["EUR", "USD", "GBP"])
        caller.call("accounts of a currency", "account.list", {"currency": currency}, reads=True)


def auditing(caller: Caller, random: Random, mine: list[str]) -> None:
    auditor = Caller(caller.client.user(), random)
    log_in(auditor, "audit", "read-only-42")
    auditor.call("totals, audited", "ledger.totals", reads=True)
    asked = {"account": random.choice(mine), "limit": random.randint(2, 5)}
    auditor.call("statement, audited", "statement.get", asked, reads=True)
    auditor.call("transfer as auditor", "transfer.create", transfer_of(random, mine))


def mistakes(caller: Caller, random: Random, mine: list[str]) -> None:
    ways = [*wrong_calls(caller, random), *wrong_params(caller, random, mine), *wrong_users(caller, random)]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()


def wrong_calls(caller: Caller, random: Random) -> list[Callable[[], object]]:
    method = f"{random.choice(['account', 'transfer', 'wallet'])}.{values.word(random)}"
    header = {"Content-Type": "application/json"}
    return [
        lambda: caller.call("unknown method", method, {"account": values.slug(random)}),
        lambda: caller.send("no version", {"method": "ledger.totals", "id": random.randint(1, 99)}),
        lambda: caller.send("params in a list", {"jsonrpc": "2.0", "method": "account.get", "params": ["1"], "id": 1}),
        lambda: caller.client.ask("malformed", "POST", "/rpc", content=b'{"jsonrpc": "2.0", "me', headers=header),
        lambda: caller.client.ask("asked by GET", "GET", "/rpc"),
    ]


def wrong_params(caller: Caller, random: Random, mine: list[str]) -> list[Callable[[], object]]:
    stranger = str(random.randint(10**9, 10**10))
    amount = random.choice([0, -random.randint(1, 500), values.word(random), round(random.uniform(1, 99), 2)])
    unsound = {"holder": random.choice(["", values.name(random)]), "currency": values.word(random).upper()[:3]}
    return [
        lambda: caller.call("bad amount", "transfer.create", {**transfer_of(random, mine), "amount": amount}),
        lambda: caller.call("no payee", "transfer.create", {"from": mine[0], "amount": random.randint(1, 99)}),
        lambda: caller.call("to itself", "transfer.create", {"from": mine[0], "to": mine[0], "amount": 100}),
        lambda: caller.call("open badly", "account.open", unsound),
        lambda: caller.call("unexpected param", "account.get", {"account": mine[0], values.word(random): True}),
        lambda: caller.call("unknown account", "account.get", {"account": stranger}),
        lambda: caller.call("to nobody", "transfer.create", {"from": mine[0], "to": stranger, "amount": 100}),
        lambda: caller.call("unknown transfer", "transfer.get", {"transfer": values.slug(random)}),
        lambda: other_currency(caller, random, mine),
    ]


def wrong_users(caller: Caller, random: Random) -> list[Callable[[], object]]:
    stranger = Caller(caller.client.user(), random)
    wrong = {"username": random.choice(["teller", values.login(random)]), "password": values.password(random)}
    forged = {"account": "1", "token": f"{random.getrandbits(160):040x}"}
    return [
        lambda: stranger.call("wrong password", "auth.login", wrong),
        lambda: stranger.call("no token", "ledger.totals"),
        lambda: stranger.call("forged token", "account.get", forged),
    ]


def other_currency(caller: Caller, random: Random, mine: list[str]) -> None:
    number = opened(caller, random, "GBP")
    asked = {"from": mine[0], "to": number, "amount": random.randint(100, 900)}
    caller.call("to another currency", "transfer.create", asked)
