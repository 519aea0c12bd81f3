"""Sessions of a warehouse: products put and imported, goods moved and reserved, stock, audit log and export read."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

PLACES: Final = ("OSL-1", "LYS-1", "GNT-2")
CATEGORIES: Final = ("tools", "garden", "kitchen", "lighting")
Actor = dict[str, str]


def play(client: Client, random: Random) -> None:
    by = {"X-Actor": values.login(random)}
    client.ask("locations", "GET", "/locations")
    kinds = [editing, moving, moving, transferring, reserving, reserving, importing, paging, removing, mistakes]
    for kind in random.sample(kinds, random.randint(3, 4)):
        kind(client, random, by)
    overview(client, random, by)


def sku_of(random: Random) -> str:
    return f"{values.word(random)[:3].upper()}-{random.randint(1000, 9999)}-{random.choice('SMLX')}"


def details(random: Random) -> dict[str, object]:
    asked: dict[str, object] = {"name": values.title(random), "price": values.price(random)}
    if random.random() < 0.7:
        asked["category"] = random.choice(CATEGORIES)
    if random.random() < 0.6:
        asked["reorder_point"] = random.randint(1, 15)
    return asked


def put(client: Client, random: Random, by: Actor, sku: str = "", label: str = "put a product") -> str:
    sku = sku or sku_of(random)
    client.ask(label, "PUT", f"/products/{sku}", json=details(random), headers=by)
    return sku


def move(client: Client, by: Actor, label: str, asked: dict[str, object], *, reads: bool = False) -> Answered:
    return client.ask(label, "POST", "/movements", json=asked, headers=by, reads=reads)


def receive(client: Client, random: Random, by: Actor, sku: str, place: str, quantity: int) -> Answered:
    asked = {"type": "receipt", "sku": sku, "quantity": quantity, "to": place}
    note = {"reference": f"PO-{random.randint(10000, 99999)}"} if random.random() < 0.5 else {}
    return move(client, by, "receive", {**asked, **note}, reads=True)


def editing(client: Client, random: Random, by: Actor) -> None:
    sku = put(client, random, by)
    client.ask("the product", "GET", f"/products/{sku}", reads=True)
    for _ in range(random.randint(1, 2)):
        put(client, random, {"X-Actor": values.login(random)}, sku, "put it again")
    client.ask("the product, changed", "GET", f"/products/{sku}", reads=True)
    client.ask("audit of the product", "GET", "/audit", query={"sku": sku}, reads=True)


def moving(client: Client, random: Random, by: Actor) -> None:
    sku, place = put(client, random, by), random.choice(PLACES)
    held = 0
    for _ in range(random.randint(1, 3)):
        quantity = random.randint(5, 60)
        receive(client, random, by, sku, place, quantity)
        held += quantity
    asked = {"type": "issue", "sku": sku, "from": place, "reference": values.slug(random)}
    gone = random.randint(1, held - 1)
    move(client, by, "issue", {**asked, "quantity": gone}, reads=True)
    client.ask("stock", "GET", f"/products/{sku}/stock", reads=True)
    if random.random() < 0.6:
        move(client, by, "issue too much", {**asked, "quantity": held - gone + random.randint(1, 40)}, reads=True)
    if random.random() < 0.5:
        move(client, by, "issue the rest", {**asked, "quantity": held - gone}, reads=True)
        client.ask("stock, all gone", "GET", f"/products/{sku}/stock", reads=True)
    client.ask("movements of the product", "GET", "/movements", query={"sku": sku}, reads=True)


def transferring(client: Client, random: Random, by: Actor) -> None:
    sku, quantity = put(client, random, by), random.randint(10, 80)
    source, target = random.sample(PLACES, 2)
    receive(client, random, by, sku, source, quantity)
    asked = {"type": "transfer", "sku": sku, "from": source, "to": target}
    for _ in range(random.randint(1, 2)):
        move(client, by, "transfer", {**asked, "quantity": random.randint(1, quantity // 2)}, reads=True)
    client.ask("stock in two places", "GET", f"/products/{sku}/stock", reads=True)
    if random.random() < 0.5:
        move(client, by, "transfer too much", {**asked, "quantity": quantity + random.randint(1, 20)}, reads=True)
    if random.random() < 0.3:
        move(client, by, "transfer to itself", {**asked, "to": source, "quantity": 1})
    client.ask("transfers", "GET", "/movements", query={"type": "transfer", "limit": 5}, reads=True)


def reserve(client: Client, random: Random, by: Actor, sku: str, place: str, quantity: int, label: str) -> Answered:
    asked: dict[str, object] = {"sku": sku, "location": place, "quantity": quantity, "order": values.slug(random)}
    if random.random() < 0.5:
        asked["expires_in"] = random.choice([300, 600, 1800, 3600])
    if random.random() < 0.5:
        form = {key: str(one) for key, one in asked.items()}
        return client.ask(f"{label} by form", "POST", "/reservations", form=form, headers=by, reads=True)
    return client.ask(label, "POST", "/reservations", json=asked, headers=by, reads=True)


def reserving(client: Client, random: Random, by: Actor) -> None:
    sku, place, total = put(client, random, by), random.choice(PLACES), random.randint(20, 90)
    receive(client, random, by, sku, place, total)
    first = random.randint(2, total // 2)
    number = reserve(client, random, by, sku, place, first, "reserve").take("id")
    client.ask("stock, reserved", "GET", f"/products/{sku}/stock", reads=True)
    if random.random() < 0.5:
        reserve(client, random, by, sku, place, total - first + random.randint(1, 9), "reserve too much")
    if random.random() < 0.4:
        asked = {"type": "issue", "sku": sku, "from": place, "quantity": total - first + random.randint(1, first)}
        move(client, by, "issue what is reserved", asked, reads=True)
    action = random.choice(["confirm", "confirm", "release"])
    path = f"/reservations/{number}"
    client.ask(action, "POST", f"{path}/{action}", headers=by, reads=True)
    client.ask(f"the reservation after {action}", "GET", path, reads=True)
    client.ask(f"stock after {action}", "GET", f"/products/{sku}/stock", reads=True)
    if random.random() < 0.5:
        again = random.choice(["confirm", "release"])
        client.ask("close it again", "POST", f"{path}/{again}", headers=by, reads=True)
    if random.random() < 0.6:
        client.ask("reservations of the product", "GET", "/reservations", query={"sku": sku}, reads=True)


def importing(client: Client, random: Random, by: Actor) -> None:
    known = put(client, random, by)
    items = [{"sku": sku_of(random), **details(random)} for _ in range(random.randint(1, 3))]
    items.append({"sku": known, **details(random)})
    if random.random() < 0.6:
        flaw: dict[str, object] = random.choice([{"price": -1}, {"name": ""}, {"sku": ""}, {"reorder_point": "few"}])
        items.append({"sku": sku_of(random), **details(random), **flaw})
    random.shuffle(items)
    client.ask("import", "POST", "/products/bulk", json={"items": items}, headers=by, reads=True)
    client.ask("an imported product", "GET", f"/products/{known}", reads=True)
    if random.random() < 0.4:
        client.ask("import nothing", "POST", "/products/bulk", json={"items": []}, headers=by)
    asked = {"category": random.choice(CATEGORIES)}
    client.ask("products of a category", "GET", "/products", query=asked, reads=True)


def paging(client: Client, random: Random, by: Actor) -> None:
    for _ in range(random.randint(3, 5)):
        put(client, random, by)
    limit = random.randint(1, 2)
    last = client.ask("first products", "GET", "/products", query={"limit": limit}, reads=True)
    for _ in range(random.randint(1, 2)):
        after = last.take("data", -1, "sku")
        last = client.ask(
            "next products", "GET", "/products", query={"limit": limit, "starting_after": after}, reads=True
        )
        if not last.find("has_more"):
            break
    rows = client.ask("first audit rows", "GET", "/audit", query={"limit": 2}, reads=True)
    asked = {"limit": 2, "starting_after": rows.take("data", -1, "id")}
    client.ask("next audit rows", "GET", "/audit", query=asked, reads=True)


def removing(client: Client, random: Random, by: Actor) -> None:
    sku, place, quantity = put(client, random, by), random.choice(PLACES), random.randint(1, 20)
    if random.random() < 0.7:
        receive(client, random, by, sku, place, quantity)
        client.ask("delete with stock", "DELETE", f"/products/{sku}", headers=by, reads=True)
        asked = {"type": "issue", "sku": sku, "from": place, "quantity": quantity, "reference": "clearance"}
        move(client, by, "clear", asked, reads=True)
    client.ask("delete", "DELETE", f"/products/{sku}", headers=by)
    client.ask("the product, deleted", "GET", f"/products/{sku}", reads=True)
    client.ask("audit of the deleted", "GET", "/audit", query={"sku": sku}, reads=True)


def overview(client: Client, random: Random, by: Actor) -> None:
    ways: list[Callable[[], object]] = [
        lambda: client.ask("products", "GET", "/products", reads=True),
        lambda: client.ask("audit log", "GET", "/audit", query={"limit": random.randint(5, 20)}, reads=True),
        lambda: client.ask(
            "audit of the actor", "GET", "/audit", query={"actor": by["X-Actor"], "limit": 5}, reads=True
        ),
        lambda: client.ask("active reservations", "GET", "/reservations", query={"status": "active"}, reads=True),
        lambda: client.ask("locations with units", "GET", "/locations", reads=True),
        lambda: client.ask(
            "export a place", "GET", "/stock.csv", query={"location": random.choice(PLACES)}, reads=True
        ),
    ]
    client.ask("export", "GET", "/stock.csv", reads=True)
    for way in random.sample(ways, random.randint(2, 4)):
        way()


def mistakes(client: Client, random: Random, by: Actor) -> None:
    sku, gone, place = put(client, random, by), sku_of(random), random.choice(PLACES)
    receipt: dict[str, object] = {"type": "receipt", "sku": sku, "quantity": random.randint(1, 9), "to": place}
    wanted: dict[str, object] = {"sku": sku, "location": place, "quantity": random.randint(1, 9)}
    path, plain = f"/products/{sku}", {"Content-Type": "application/json", **by}
    none = f"res_{values.word(random)}{random.randint(10, 99)}"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no actor", "PUT", path, json=details(random)),
        lambda: client.ask("no name", "PUT", path, json={"price": values.price(random)}, headers=by),
        lambda: client.ask(
            "bad price", "PUT", path, json={**details(random), "price": values.word(random)}, headers=by
        ),
        lambda: client.ask("no such product", "GET", f"/products/{gone}"),
        lambda: client.ask("stock of no product", "GET", f"/products/{gone}/stock"),
        lambda: move(client, by, "receive no product", {**receipt, "sku": gone}),
        lambda: move(client, by, "receive at an inactive place", {**receipt, "to": "OPO-1"}),
        lambda: move(client, by, "receive nowhere", {**receipt, "to": values.word(random).upper()}),
        lambda: move(client, by, "bad quantity", {**receipt, "quantity": random.randint(-5, 0)}),
        lambda: move(client, by, "bad type", {**receipt, "type": values.word(random)}),
        lambda: client.ask("reserve what is not there", "POST", "/reservations", json=wanted, headers=by, reads=True),
        lambda: client.ask("bad expiry", "POST", "/reservations", json={**wanted, "expires_in": 5}, headers=by),
        lambda: client.ask("no such reservation", "GET", f"/reservations/{none}"),
        lambda: client.ask("confirm nothing", "POST", f"/reservations/{none}/confirm", headers=by),
        lambda: client.ask("bad limit", "GET", "/audit", query={"limit": random.randint(101, 999)}),
        lambda: client.ask("bad cursor", "GET", "/products", query={"starting_after": gone}),
        lambda: client.ask("malformed", "POST", "/movements", content=b'{"type": "receipt",', headers=plain),
    ]
    for way in random.sample(ways, random.randint(5, 8)):
        way()
