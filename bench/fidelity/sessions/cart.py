"""Sessions of the shop: browsing, filling carts, coupons, mistakes, checkout and what becomes of orders."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

IN_STOCK = [f"SKU-{100 + 7 * number}" for number in range(12) if number % 5 != 4]
SOLD_OUT = ["SKU-128", "SKU-163"]


def play(client: Client, random: Random) -> None:
    kinds = [browse, mistakes, shop, shop, change_of_mind, order_life]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(2, 3)]:
        kind(client, random)
    order_life(client, random)


def browse(client: Client, random: Random) -> None:
    client.ask("products", "GET", "/api/products")
    category = random.choice(["kitchen", "living", "office"])
    client.ask("products of a category", "GET", "/api/products", query={"category": category})
    sort = random.choice(["name", "-name", "price_cents", "-price_cents"])
    client.ask("products sorted", "GET", "/api/products", query={"category": category, "sort": sort})
    for _ in range(random.randint(1, 3)):
        client.ask("product", "GET", f"/api/products/{random.choice(IN_STOCK)}")
    client.ask("unknown product", "GET", f"/api/products/SKU-{random.randint(5000, 9999)}")
    if random.random() < 0.4:
        client.ask("products badly sorted", "GET", "/api/products", query={"sort": values.word(random)})


def open_cart(client: Client, random: Random) -> str:
    asked: dict[str, object] = {"currency": random.choice(["EUR", "USD", "SEK"])}
    if random.random() < 0.6:
        asked["customer"] = {"name": values.name(random), "email": values.email(random)}
    return client.ask("open cart", "POST", "/api/carts", json=asked).take("id")


def add(client: Client, random: Random, cart: str, sku: str) -> str:
    asked = {"sku": sku, "quantity": random.randint(1, 6)}
    made = client.ask("add item", "POST", f"/api/carts/{cart}/items", json=asked)
    return str((made.find("items", -1, "id")) or made.take("items", -1, "id"))


def shop(client: Client, random: Random) -> None:
    cart = open_cart(client, random)
    for sku in random.sample(IN_STOCK, random.randint(1, 4)):
        add(client, random, cart, sku)
    client.ask("cart after adding", "GET", f"/api/carts/{cart}", reads=True)
    if random.random() < 0.7:
        code = random.choice(["WELCOME10", "SPRING25", "welcome10"])
        client.ask("coupon", "PUT", f"/api/carts/{cart}/coupon", json={"code": code})
        client.ask("cart with coupon", "GET", f"/api/carts/{cart}", reads=True)
    if random.random() < 0.4:
        code = values.word(random).upper() + str(random.randint(10, 99))
        client.ask("unknown coupon", "PUT", f"/api/carts/{cart}/coupon", json={"code": code})


def change_of_mind(client: Client, random: Random) -> None:
    cart = open_cart(client, random)
    chosen = random.sample(IN_STOCK, 3)
    first = add(client, random, cart, chosen[0])
    second = add(client, random, cart, chosen[1])
    add(client, random, cart, chosen[2])
    quantity = {"quantity": random.randint(7, 20)}
    client.ask("change quantity", "PATCH", f"/api/carts/{cart}/items/{first}", json=quantity)
    client.ask("remove item", "DELETE", f"/api/carts/{cart}/items/{second}", reads=True)
    client.ask("cart after removing", "GET", f"/api/carts/{cart}", reads=True)
    client.ask("removed item", "PATCH", f"/api/carts/{cart}/items/{second}", json={"quantity": 2}, reads=True)
    if random.random() < 0.5:
        add(client, random, cart, chosen[2])
        client.ask("cart with more of one", "GET", f"/api/carts/{cart}", reads=True)
    if random.random() < 0.5:
        client.ask("delete cart", "DELETE", f"/api/carts/{cart}")
        client.ask("deleted cart", "GET", f"/api/carts/{cart}", reads=True)


def mistakes(client: Client, random: Random) -> None:
    cart = open_cart(client, random)
    items = f"/api/carts/{cart}/items"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no sku", "POST", items, json={"quantity": random.randint(1, 9)}),
        lambda: client.ask("bad sku", "POST", items, json={"sku": values.slug(random), "quantity": 1}),
        lambda: client.ask("bad quantity", "POST", items, json={"sku": random.choice(IN_STOCK), "quantity": 0}),
        lambda: client.ask("sold out", "POST", items, json={"sku": random.choice(SOLD_OUT), "quantity": 1}),
        lambda: client.ask(
            "malformed", "POST", items, content=b'{"sku": ', headers={"Content-Type": "application/json"}
        ),
        lambda: client.ask("bad currency", "POST", "/api/carts", json={"currency": values.word(random)[:3].upper()}),
        lambda: client.ask("no such cart", "GET", f"/api/carts/crt_{values.word(random)}{random.randint(10, 99)}"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()
    if random.random() < 0.6:
        asked = {"email": values.email(random)}
        client.ask("check out nothing", "POST", f"/api/carts/{cart}/checkout", json=asked)
    client.ask("cart still empty", "GET", f"/api/carts/{cart}", reads=True)


def order_life(client: Client, random: Random) -> None:
    cart = open_cart(client, random)
    for sku in random.sample(IN_STOCK, random.randint(1, 3)):
        add(client, random, cart, sku)
    if random.random() < 0.3:
        client.ask("check out without email", "POST", f"/api/carts/{cart}/checkout", json={"city": "Oslo"})
    asked: dict[str, object] = {"email": values.email(random), "city": random.choice(values.CITIES)}
    if random.random() < 0.5:
        asked["method"] = random.choice(["express", "pickup"])
    number = client.ask("check out", "POST", f"/api/carts/{cart}/checkout", json=asked).take("number")
    client.ask("order placed", "GET", f"/api/orders/{number}", reads=True)
    client.ask("add to closed cart", "POST", f"/api/carts/{cart}/items", json={"sku": IN_STOCK[0]}, reads=True)
    life = random.choice([["pay", "ship"], ["pay"], ["cancel"], ["pay", "cancel"], ["ship"], ["pay", "ship", "cancel"]])
    for step in life:
        client.ask(f"order: {step}", "POST", f"/api/orders/{number}/{step}", reads=True)
    client.ask("order afterwards", "GET", f"/api/orders/{number}", reads=True)
    if random.random() < 0.6:
        client.ask("orders", "GET", "/api/orders", reads=True)
    if random.random() < 0.4:
        status = random.choice(["pending", "paid", "shipped", "cancelled"])
        client.ask("orders of a status", "GET", "/api/orders", query={"status": status}, reads=True)
    if random.random() < 0.3:
        client.ask("no such order", "GET", f"/api/orders/{random.randint(5000, 9999)}")
