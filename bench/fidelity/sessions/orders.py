"""Sessions of orders by command and query: filled, changed, raced, cancelled, repeated, and followed in the log."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

Kind = Callable[[Client, Random, list[str]], None]


def play(client: Client, random: Random) -> None:
    customers = [f"{random.choice(['cust', 'acme', 'shop'])}-{random.randint(100, 9999)}" for _ in range(2)]
    kinds: list[Kind] = [fulfilling, fulfilling, editing, racing, cancelling, repeating, totalling, mistakes, mistakes]
    random.shuffle(kinds)
    fulfilling(client, random, customers)
    for kind in kinds[: random.randint(2, 3)]:
        kind(client, random, customers)
    following(client, random, customers)
    browsing(client, random, customers)


def command(client: Client, label: str, kind: str, payload: dict[str, Any], /, **more: object) -> Answered:
    asked = {"type": kind, "payload": payload, **more}
    return client.ask(label, "POST", "/api/commands", json=asked, reads="orderId" in payload)


def query(client: Client, label: str, name: str, /, **params: object) -> Answered:
    return client.ask(label, "POST", "/api/queries", json={"query": name, "params": params}, reads=True)


def place(client: Client, random: Random, customers: list[str]) -> str:
    payload: dict[str, Any] = {"customerId": random.choice(customers)}
    if random.random() < 0.7:
        payload["currency"] = random.choice(["EUR", "EUR", "USD", "CHF"])
    more = {"commandId": new_id(random)} if random.random() < 0.3 else {}
    return command(client, "place", "PlaceOrder", payload, **more).take("aggregateId")


def new_id(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def line_of(random: Random, number: str) -> dict[str, Any]:
    sku = f"{random.choice(['TEA', 'CUP', 'LMP', 'CHAI', 'BX'])}-{random.randint(100, 99999)}"
    return {"orderId": number, "sku": sku, "quantity": random.randint(1, 12), "unitPrice": random.randint(150, 19_900)}


def add_lines(client: Client, random: Random, number: str, count: int) -> int:
    """Add lines as a careful client does, with the version it was answered last; give the last one."""
    careful, version = random.random() < 0.5, 1
    for _ in range(count):
        more = {"expectedVersion": version} if careful else {}
        version = int(command(client, "add a line", "AddLine", line_of(random, number), **more).take("version"))
    return version


def fulfilling(client: Client, random: Random, customers: list[str]) -> None:
    number = place(client, random, customers)
    version = add_lines(client, random, number, random.randint(1, 3))
    if random.random() < 0.6:
        code = random.choice(["SPRING10", "SPRING10", "BULK15", "WELCOME5"])
        command(client, "discount", "ApplyDiscount", {"orderId": number, "code": code})
        version = version_of(query(client, "the order, discounted", "orderById", orderId=number))
    more = {"expectedVersion": version} if random.random() < 0.5 else {}
    command(client, "confirm", "Confirm", {"orderId": number}, **more)
    if random.random() < 0.3:
        command(client, "add a line when confirmed", "AddLine", line_of(random, number))
    if random.random() < 0.7:
        ship(client, random, number)
    query(client, "the order", "orderById", orderId=number)


def version_of(answered: Answered) -> int:
    return int(answered.take("result", "version"))


def ship(client: Client, random: Random, number: str, label: str = "ship") -> None:
    payload = {"orderId": number, "carrier": random.choice(["DHL", "UPS", "PostNord", "GLS"])}
    if random.random() < 0.8:
        payload["trackingNumber"] = f"{random.choice('JRT')}{random.randint(10**9, 10**10)}"
    command(client, label, "Ship", payload)


def editing(client: Client, random: Random, customers: list[str]) -> None:
    number = place(client, random, customers)
    add_lines(client, random, number, random.randint(2, 3))
    shown = query(client, "the order", "orderById", orderId=number)
    line = shown.take("result", "lines", random.randint(0, 1), "lineId")
    payload = {"orderId": number, "lineId": line, "quantity": random.randint(1, 40)}
    command(client, "change the quantity", "ChangeQuantity", payload)
    query(client, "the order, changed", "orderById", orderId=number)
    if random.random() < 0.6:
        command(client, "remove a line", "ChangeQuantity", {**payload, "quantity": 0})
        query(client, "the order, changed", "orderById", orderId=number)
        if random.random() < 0.4:
            command(client, "change a line that is gone", "ChangeQuantity", payload)


def racing(client: Client, random: Random, customers: list[str]) -> None:
    number, other = place(client, random, customers), client.user()
    version = add_lines(client, random, number, 1)
    command(other, "add a line", "AddLine", line_of(random, number), expectedVersion=version)
    mine = line_of(random, number)
    command(client, "add a line, too late", "AddLine", mine, expectedVersion=version)
    found = version_of(query(client, "the order", "orderById", orderId=number))
    command(client, "add a line", "AddLine", mine, expectedVersion=found)
    if random.random() < 0.6:
        query(client, "the order, changed", "orderById", orderId=number)


def cancelling(client: Client, random: Random, customers: list[str]) -> None:
    number = place(client, random, customers)
    add_lines(client, random, number, random.randint(1, 2))
    if random.random() < 0.5:
        command(client, "confirm", "Confirm", {"orderId": number})
    payload = {"orderId": number, "reason": values.sentence(random)}
    command(client, "cancel", "Cancel", payload)
    query(client, "the order, cancelled", "orderById", orderId=number)
    ways: list[Callable[[], object]] = [
        lambda: command(client, "cancel again", "Cancel", payload),
        lambda: ship(client, random, number, "ship when cancelled"),
        lambda: command(client, "confirm when cancelled", "Confirm", {"orderId": number}),
    ]
    random.choice(ways)()


def repeating(client: Client, random: Random, customers: list[str]) -> None:
    number, key = place(client, random, customers), new_id(random)
    line = line_of(random, number)
    command(client, "add a line with an id", "AddLine", line, commandId=key)
    for _ in range(random.randint(1, 2)):
        command(client, "the same again", "AddLine", line, commandId=key)
    query(client, "the order", "orderById", orderId=number)
    if random.random() < 0.5:
        command(client, "the product again", "AddLine", {**line, "quantity": random.randint(1, 9)})


def totalling(client: Client, random: Random, customers: list[str]) -> None:
    query(client, "open totals", "openTotals")
    number = place(client, random, customers)
    add_lines(client, random, number, random.randint(1, 2))
    query(client, "open totals", "openTotals")
    if random.random() < 0.5:
        command(client, "cancel", "Cancel", {"orderId": number, "reason": values.title(random)})
        query(client, "open totals", "openTotals")
    query(client, "open totals of a customer", "openTotals", customerId=random.choice(customers))


def browsing(client: Client, random: Random, customers: list[str]) -> None:
    customer, size = random.choice(customers), random.randint(1, 2)
    query(client, "orders of a customer", "ordersOfCustomer", customerId=customer)
    for page in range(1, random.randint(2, 3)):
        query(client, "a page of orders", "ordersOfCustomer", customerId=customer, page=page, pageSize=size)
    if random.random() < 0.5:
        status = random.choice(["draft", "confirmed", "shipped", "cancelled"])
        query(client, "orders of a status", "ordersOfCustomer", customerId=customer, status=status)


def following(client: Client, random: Random, _: list[str]) -> None:
    after, limit = "0", random.randint(3, 6)
    for _ in range(random.randint(1, 3)):
        asked = {"after": after, "limit": limit}
        page = client.ask("events", "GET", "/api/events", query=asked, reads=True)
        after = page.take("nextAfter")
    if random.random() < 0.5:
        kind = random.choice(["OrderPlaced", "LineAdded", "OrderConfirmed"])
        client.ask("events of a type", "GET", "/api/events", query={"type": kind, "limit": 10}, reads=True)


def mistakes(client: Client, random: Random, customers: list[str]) -> None:
    number = place(client, random, customers)
    ways = [*wrong_payloads(client, random, number), *wrong_requests(client, random)]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 6)]:
        way()


def wrong_payloads(client: Client, random: Random, number: str) -> list[Callable[[], object]]:
    line = line_of(random, number)
    several = {**line, "sku": values.word(random), "quantity": -random.randint(0, 9)}
    cheap = {**line, "unitPrice": random.choice([0, values.price(random) + 0.001])}
    return [
        lambda: command(client, "several fields wrong", "AddLine", several),
        lambda: command(client, "bad price", "AddLine", cheap),
        lambda: command(client, "no fields", "AddLine", {"orderId": number}),
        lambda: command(client, "unknown discount", "ApplyDiscount", {"orderId": number, "code": values.word(random)}),
        lambda: command(client, "discount too early", "ApplyDiscount", {"orderId": number, "code": "BULK15"}),
        lambda: command(client, "confirm when empty", "Confirm", {"orderId": number}),
        lambda: ship(client, random, number, "ship a draft"),
    ]


def wrong_requests(client: Client, random: Random) -> list[Callable[[], object]]:
    nobody, header = new_id(random), {"Content-Type": "application/json"}
    return [
        lambda: command(client, "place for nobody", "PlaceOrder", {"currency": values.word(random)[:3].upper()}),
        lambda: command(
            client, "unknown command", f"{values.word(random).title()}Order", {"note": values.word(random)}
        ),
        lambda: command(client, "confirm what is not", "Confirm", {"orderId": nobody}),
        lambda: query(client, "no such order", "orderById", orderId=nobody),
        lambda: query(client, "unknown query", f"{values.word(random)}ById", id=random.randint(1, 99)),
        lambda: query(client, "query without params", "ordersOfCustomer"),
        lambda: client.ask("malformed", "POST", "/api/commands", content=b'{"type": "Confirm",', headers=header),
        lambda: client.ask("bad position", "GET", "/api/events", query={"after": values.word(random)}),
    ]
