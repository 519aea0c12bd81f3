"""Sessions at a grocer's: shopping, vouchers, delivery, checking out, paying once, refunds, cancelling, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final
from uuid import UUID

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

SKUS: Final = ("APL-1K", "PEAR-5", "KALE-B", "MILK-1", "BRIE-2", "RYE-75", "CAKE-L", "COF-50", "OIL-75", "RICE-1")
SMALL: Final = ("APL-1K", "KALE-B", "MILK-1", "RYE-75", "RICE-1", "COF-50")
CARDS: Final = ("4242424242424242", "5555555555554444", "4012888888881881")
DECLINED: Final = "4000000000000002"


def key(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def play(client: Client, random: Random) -> None:
    if random.random() < 0.6:
        browse(client, random)
    ref = opened(client, random)
    fill(client, random, ref)
    kinds = random.sample([change, change, vouchers, delivery, short_of_stock, stale], random.randint(3, 4))
    for kind in kinds:
        kind(client, random, ref)
    ordered = check_out(client, random, ref)
    random.choice([paying, paying, declined, cancelling])(client, random, ordered)
    if random.random() < 0.5:
        second = opened(client, random)
        fill(client, random, second)
        random.choice([paying, cancelling])(client, random, check_out(client, random, second))
    client.ask("orders", "GET", "/orders", reads=True)
    if random.random() < 0.6:
        status = random.choice(["paid", "cancelled", "awaiting_payment", "refunded"])
        client.ask("orders of a status", "GET", "/orders", query={"status": status}, reads=True)
    mistakes(client, random, ref)


def browse(client: Client, random: Random) -> None:
    queries = [
        {},
        {"aisle": random.choice(["produce", "dairy", "bakery", "pantry"])},
        {"max_price": round(random.uniform(1.5, 9), 2)},
        {"sort": random.choice(["unit_price", "-unit_price", "label"])},
        {"aisle": "pantry", "sort": "-label"},
    ]
    for query in random.sample(queries, random.randint(1, 2)):
        client.ask("catalogue", "GET", "/catalogue", query=query or None)


def opened(client: Client, random: Random) -> str:
    asked = {"shopper": values.name(random)}
    if random.random() < 0.4:
        asked["note"] = values.sentence(random)
    ref = client.ask("open a basket", "POST", "/baskets", json=asked).take("ref")
    if random.random() < 0.3:
        client.ask("the new basket", "GET", f"/baskets/{ref}", reads=True)
    return ref


def put(client: Client, ref: str, sku: str, qty: int, label: str = "add") -> Answered:
    return client.ask(label, "POST", f"/baskets/{ref}/entries", json={"sku": sku, "qty": qty}, reads=True)


def fill(client: Client, random: Random, ref: str) -> None:
    for sku in random.sample(SMALL, random.randint(2, 3)):
        put(client, ref, sku, random.randint(1, 3))
    if random.random() < 0.4:
        put(client, ref, random.choice(["CAKE-L", "OIL-75", "BRIE-2"]), 1, "add something dear")


def entries(client: Client, ref: str) -> list[str]:
    found = client.ask("the basket", "GET", f"/baskets/{ref}", reads=True).find("entries")
    return [one["sku"] for one in found] if found else ["APL-1K"]


def change(client: Client, random: Random, ref: str) -> None:
    skus = entries(client, ref)
    sku, place = random.choice(skus), f"/baskets/{ref}/entries"
    way = random.choice(["more", "again", "out", "nothing"])
    if way == "more":
        client.ask("set a quantity", "PATCH", f"{place}/{sku}", json={"qty": random.randint(1, 4)}, reads=True)
    elif way == "again":
        put(client, ref, sku, 1, "add again")
    elif way == "out" and len(skus) > 1:
        client.ask("take out", "DELETE", f"{place}/{sku}")
        client.ask("the basket without it", "GET", f"/baskets/{ref}", reads=True)
    elif way == "nothing" and len(skus) > 1:
        client.ask("set to nothing", "PATCH", f"{place}/{sku}", json={"qty": 0}, reads=True)


def vouchers(client: Client, random: Random, ref: str) -> None:
    path = f"/baskets/{ref}/voucher"
    code = random.choice(["FRESH10", "FRESH10", "FIVEROFF", "NODELIVERY", "EASTER24", values.word(random).upper()])
    done = client.ask("redeem a voucher", "PUT", path, json={"code": code}, reads=True)
    if random.random() < 0.4:
        put(client, ref, random.choice(SMALL), 1, "add with a voucher")
    if random.random() < 0.4 or done.status != 200:
        client.ask("give the voucher back", "DELETE", path, reads=True)


def delivery(client: Client, random: Random, ref: str) -> None:
    method = random.choice(["pickup", "standard", "express"])
    asked = {"method": method, "postcode": f"{random.randint(10000, 99999)}"}
    if random.random() < 0.3:
        del asked["postcode"]
    client.ask("choose a delivery", "PUT", f"/baskets/{ref}/delivery", json=asked, reads=True)


def short_of_stock(client: Client, random: Random, ref: str) -> None:
    sku, qty = random.choice([("BRIE-2", 4), ("CAKE-L", 3), ("PEAR-5", 5), ("OIL-75", 7)])
    put(client, ref, sku, qty, "add more than there is")
    if random.random() < 0.5:
        put(client, ref, sku, 1, "add what there is")
    if random.random() < 0.5:
        client.ask("the product", "GET", f"/catalogue/{sku}", reads=True)


def stale(client: Client, random: Random, ref: str) -> None:
    before = client.ask("the basket before", "GET", f"/baskets/{ref}", reads=True).take("revision")
    put(client, ref, random.choice(SMALL), 1)
    asked = {"revision": int(before), "email": values.email(random)}
    client.ask("check out an old basket", "POST", f"/baskets/{ref}/checkout", json=asked, reads=True)


def check_out(client: Client, random: Random, ref: str) -> Answered:
    revision = client.ask("the basket to check out", "GET", f"/baskets/{ref}", reads=True).take("revision")
    asked = {"revision": int(revision), "email": values.email(random).title()}
    done = client.ask("check out", "POST", f"/baskets/{ref}/checkout", json=asked)
    if random.random() < 0.4:
        client.ask("the basket checked out", "GET", f"/baskets/{ref}", reads=True)
    if random.random() < 0.4:
        sku = done.find("items", 0, "sku") or "APL-1K"
        client.ask("a product that was sold", "GET", f"/catalogue/{sku}", reads=True)
    return done


def pay(client: Client, label: str, ordered: Answered, card: str, key: str, amount: float | None = None) -> Answered:
    due = amount or float(ordered.find("due") or 0)
    asked = {"order_no": int(ordered.take("order_no")), "amount": due, "card": card}
    return client.ask(label, "POST", "/charges", json=asked, headers={"Idempotency-Key": key})


def paying(client: Client, random: Random, ordered: Answered) -> None:
    mine, card, path = key(random), random.choice(CARDS), f"/orders/{ordered.take('order_no')}"
    if random.random() < 0.4:
        wrong = round(float(ordered.find("due") or 0) + random.choice([1, -0.5]), 2)
        pay(client, "pay a wrong amount", ordered, card, key(random), wrong)
    ref = pay(client, "pay", ordered, card, mine).take("charge")
    if random.random() < 0.6:
        pay(client, "pay again with the key", ordered, card, mine)
    if random.random() < 0.4:
        pay(client, "the key with another card", ordered, random.choice([one for one in CARDS if one != card]), mine)
    if random.random() < 0.4:
        pay(client, "pay twice", ordered, card, key(random))
    client.ask("the order paid", "GET", path, reads=True)
    if random.random() < 0.6:
        refunding(client, random, ordered, ref)
        client.ask("the order refunded", "GET", path, reads=True)
    if random.random() < 0.3:
        client.ask("cancel when paid", "POST", f"{path}/cancel", reads=True)


def refunding(client: Client, random: Random, ordered: Answered, ref: str) -> None:
    path, due = f"/charges/{ref}/refunds", float(ordered.find("due") or 0)
    part = round(due * random.choice([0.25, 0.5]), 2)
    mine = key(random)
    asked: dict[str, object] = (
        {"amount": part, "reason": values.sentence(random)} if random.random() < 0.5 else {"amount": part}
    )
    client.ask("refund a part", "POST", path, json=asked, headers={"Idempotency-Key": mine})
    if random.random() < 0.5:
        client.ask("refund again with the key", "POST", path, json=asked, headers={"Idempotency-Key": mine})
    if random.random() < 0.4:
        client.ask("refund too much", "POST", path, json={"amount": due}, headers={"Idempotency-Key": key(random)})
    if random.random() < 0.5:
        rest = {"amount": round(due - part, 2)}
        client.ask("refund the rest", "POST", path, json=rest, headers={"Idempotency-Key": key(random)})
    client.ask("the charge", "GET", f"/charges/{ref}", reads=True)


def declined(client: Client, random: Random, ordered: Answered) -> None:
    mine = key(random)
    pay(client, "pay with a bad card", ordered, DECLINED, mine)
    if random.random() < 0.4:
        pay(client, "the bad card again", ordered, DECLINED, mine)
    client.ask("the order still due", "GET", f"/orders/{ordered.take('order_no')}", reads=True)
    if random.random() < 0.6:
        pay(client, "pay with a good card", ordered, random.choice(CARDS), key(random))


def cancelling(client: Client, random: Random, ordered: Answered) -> None:
    path, sku = f"/orders/{ordered.take('order_no')}", ordered.find("items", 0, "sku") or "APL-1K"
    client.ask("cancel", "POST", f"{path}/cancel", reads=True)
    if random.random() < 0.6:
        client.ask("a product that is back", "GET", f"/catalogue/{sku}", reads=True)
    if random.random() < 0.4:
        client.ask("cancel again", "POST", f"{path}/cancel", reads=True)
    if random.random() < 0.4:
        pay(client, "pay when cancelled", ordered, random.choice(CARDS), key(random))


def mistakes(client: Client, random: Random, ref: str) -> None:
    entries, nowhere = f"/baskets/{ref}/entries", f"BSK-{random.getrandbits(32):08X}"
    charge = {"order_no": random.randint(60000, 90000), "amount": values.price(random), "card": random.choice(CARDS)}
    ways: list[Callable[[], object]] = [
        lambda: put(client, ref, "MILK-1", 1, "add to a closed basket"),
        lambda: put(client, nowhere, "MILK-1", 1, "add to no basket"),
        lambda: client.ask("no such basket", "GET", f"/baskets/{nowhere}", reads=True),
        lambda: client.ask("no such product", "GET", f"/catalogue/{values.word(random).upper()}-1"),
        lambda: client.ask("no quantity", "POST", entries, json={"sku": random.choice(SKUS)}),
        lambda: put(client, ref, "RICE-1", random.choice([0, -1, 31, 99]), "a bad quantity"),
        lambda: client.ask("a quantity in words", "POST", entries, json={"sku": "RICE-1", "qty": values.word(random)}),
        lambda: client.ask("no shopper", "POST", "/baskets", json={"note": values.sentence(random)}),
        lambda: client.ask("a short name", "POST", "/baskets", json={"shopper": "x"}),
        lambda: client.ask(
            "not JSON", "POST", "/baskets", content=b"shopper=me", headers={"Content-Type": "text/plain"}
        ),
        lambda: client.ask("no such order", "GET", f"/orders/{random.randint(60000, 90000)}", reads=True),
        lambda: client.ask("an order in words", "GET", f"/orders/{values.word(random)}"),
        lambda: client.ask("pay without a key", "POST", "/charges", json=charge),
        lambda: client.ask("pay no order", "POST", "/charges", json=charge, headers={"Idempotency-Key": key(random)}),
        lambda: client.ask("a bad sort", "GET", "/catalogue", query={"sort": values.word(random)}),
        lambda: client.ask("no such charge", "GET", f"/charges/chg_{random.getrandbits(64):016x}"),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
