"""Sessions of payments: paid, paid twice with one key, captured, refunded in parts, declined, asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


def play(client: Client, random: Random) -> None:
    kinds = [paying, paying, repeating, refunding, refunding, too_much, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random)
    client.ask("payments", "GET", "/v1/payments", reads=True)
    if random.random() < 0.6:
        status = random.choice(["authorized", "captured", "refunded"])
        client.ask("payments of a status", "GET", "/v1/payments", query={"status": status}, reads=True)


def amount_of(random: Random) -> int:
    return random.randint(5, 400) * 25


def pay(client: Client, random: Random, amount: int, label: str = "pay") -> Answered:
    asked: dict[str, object] = {"amount": amount, "currency": random.choice(["eur", "usd", "GBP"])}
    if random.random() < 0.6:
        asked["description"] = values.sentence(random)
    if random.random() < 0.5:
        asked["metadata"] = {"order": values.slug(random), "customer": values.email(random)}
    return client.ask(label, "POST", "/v1/payments", json=asked, headers={"Idempotency-Key": values.slug(random)})


def paying(client: Client, random: Random) -> None:
    number = pay(client, random, amount_of(random)).take("id")
    client.ask("the payment", "GET", f"/v1/payments/{number}", reads=True)
    if random.random() < 0.5:
        asked = {"metadata": {values.word(random): values.word(random)}}
        client.ask("annotate", "POST", f"/v1/payments/{number}", json=asked)
    client.ask("capture", "POST", f"/v1/payments/{number}/capture", reads=True)
    client.ask("the payment, captured", "GET", f"/v1/payments/{number}", reads=True)
    if random.random() < 0.4:
        client.ask("capture again", "POST", f"/v1/payments/{number}/capture", reads=True)


def repeating(client: Client, random: Random) -> None:
    key = {"Idempotency-Key": values.slug(random)}
    asked = {"amount": amount_of(random), "currency": "eur", "description": values.title(random)}
    client.ask("pay with a key", "POST", "/v1/payments", json=asked, headers=key)
    for _ in range(random.randint(1, 2)):
        client.ask("the same again", "POST", "/v1/payments", json=asked, headers=key, reads=True)
    other = {**asked, "amount": amount_of(random) + 1}
    client.ask("the key with another amount", "POST", "/v1/payments", json=other, headers=key, reads=True)
    client.ask("paid once", "GET", "/v1/payments", query={"limit": random.randint(2, 4)}, reads=True)


def refunding(client: Client, random: Random) -> None:
    amount = amount_of(random) + 300
    number = pay(client, random, amount).take("id")
    client.ask("capture", "POST", f"/v1/payments/{number}/capture", reads=True)
    path = f"/v1/payments/{number}/refunds"
    part = random.randint(50, 250)
    client.ask("refund a part", "POST", path, json={"amount": part, "reason": values.word(random)}, reads=True)
    client.ask("the payment, partly refunded", "GET", f"/v1/payments/{number}", reads=True)
    client.ask("refund too much", "POST", path, json={"amount": amount + random.randint(1, 99)}, reads=True)
    if random.random() < 0.7:
        client.ask("refund the rest", "POST", path, reads=True)
        client.ask("the payment, refunded", "GET", f"/v1/payments/{number}", reads=True)
        if random.random() < 0.5:
            client.ask("refund nothing", "POST", path, reads=True)


def too_much(client: Client, random: Random) -> None:
    amount = amount_of(random)
    number = pay(client, random, amount).take("id")
    path = f"/v1/payments/{number}"
    client.ask("refund before capture", "POST", f"{path}/refunds", reads=True)
    client.ask("capture too much", "POST", f"{path}/capture", json={"amount": amount + random.randint(1, 900)})
    client.ask("capture a part", "POST", f"{path}/capture", json={"amount": amount // 2}, reads=True)
    client.ask("the payment, captured in part", "GET", path, reads=True)


def mistakes(client: Client, random: Random) -> None:
    key = {"Idempotency-Key": values.slug(random)}
    declined = random.randint(1, 40) * 1000 + 666
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no key", "POST", "/v1/payments", json={"amount": amount_of(random)}),
        lambda: client.ask("no amount", "POST", "/v1/payments", json={"currency": "eur"}, headers=key),
        lambda: client.ask("too small", "POST", "/v1/payments", json={"amount": random.randint(1, 49)}, headers=key),
        lambda: client.ask(
            "bad currency", "POST", "/v1/payments", json={"amount": 500, "currency": values.word(random)}, headers=key
        ),
        lambda: client.ask("no such payment", "GET", f"/v1/payments/pay_{random.getrandbits(80):020x}"),
        lambda: client.ask("capture nothing", "POST", f"/v1/payments/pay_{values.word(random)}/capture"),
        lambda: pay(client, random, declined, "declined"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()
