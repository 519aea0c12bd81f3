"""Sessions of a shop: browsing by facets, a basket with coupons, checkout, payments, refunds, and its events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

SECRET: Final = {"Authorization": "Bearer sk_test_4e0f7c19d2"}
COLORS: Final = {
    "fjord-parka": ("navy", "olive"),
    "harbor-shell": ("black", "olive"),
    "merino-crew": ("grey", "navy"),
    "cable-cardigan": ("cream",),
    "trail-tee": ("black", "olive", "white"),
    "oxford-shirt": ("blue", "white"),
    "wool-socks": ("grey", "navy"),
    "canvas-belt": ("black",),
}
COUNTRIES: Final = ("NO", "DK", "DE", "PT")


@dataclass
class Shopper:
    """One who shops, with what is in the basket and what was ordered."""

    client: Client
    lines: list[str] = field(default_factory=list)

    def ask(self, label: str, method: str, path: str, json: object = None, key: str = "") -> Answered:
        """Change something."""
        headers = {"Idempotency-Key": key} if key else None
        return self.client.ask(label, method, path, json=json, headers=headers, reads=True)

    def read(self, label: str, path: str, **query: object) -> Answered:
        """Look at something."""
        return self.client.ask(label, "GET", path, query=query or None, reads=True)

    def manage(
        self, label: str, method: str, path: str, json: object = None, key: str = "", **query: object
    ) -> Answered:
        """Ask with the shop's secret key."""
        headers = {**SECRET, **({"Idempotency-Key": key} if key else {})}
        return self.client.ask(label, method, path, json=json, query=query or None, headers=headers, reads=True)


@dataclass(frozen=True)
class Order:
    """What a checkout gave."""

    path: str
    payment: str
    total: int


def play(client: Client, random: Random) -> None:
    shopper = Shopper(client)
    browse(shopper, random)
    kinds = [paying, authenticating, declining, cancelling, refunding, refunding, changing, repeating, watching]
    for kind in random.sample(kinds, random.randint(2, 3)):
        shopper = Shopper(client.user())
        kind(shopper, random)
    mistakes(shopper, random)
    shopper.manage("events", "GET", "/events", limit=random.choice([5, 10, 20, 50]))


def browse(shopper: Shopper, random: Random) -> None:
    facets: list[dict[str, object]] = [
        {"category": random.choice(["jackets", "knitwear", "shirts", "accessories"])},
        {"color": random.choice(["olive", "navy", "white", "black"])},
        {"brand": random.choice(["Nordhavn", "Bleeker", "Lund & Co"]), "sort": "-price"},
        {"q": random.choice(["shirt", "wool", "TRAIL", "c"])},
        {"page": 2},
        {"perPage": 3, "page": random.randint(1, 3), "sort": "price"},
        {},
    ]
    for query in random.sample(facets, random.randint(1, 3)):
        shopper.read("catalog", "/catalog", **query)
    shopper.read("a product", f"/catalog/{random.choice(list(COLORS))}")


def sku_of(random: Random) -> str:
    slug = random.choice(list(COLORS))
    return f"{slug}-{random.choice(COLORS[slug])}-{random.choice('sml')}"


def fill(shopper: Shopper, random: Random) -> None:
    """Open a basket and put something in."""
    shopper.ask("open a basket", "POST", "/basket")
    for _ in range(random.randint(1, 3)):
        add(shopper, random)
    if not shopper.lines:  # it was sold out
        add(shopper, random)
    if random.random() < 0.4:
        use_coupon(shopper, random)


def add(shopper: Shopper, random: Random) -> None:
    sku = sku_of(random)
    quantity = {"quantity": random.randint(1, 3)} if random.random() < 0.7 else {}
    done = shopper.ask("add to the basket", "POST", "/basket/lines", {"sku": sku, **quantity})
    if done.status == 201 and sku not in shopper.lines:
        shopper.lines.append(sku)


def use_coupon(shopper: Shopper, random: Random) -> None:
    shopper.ask("use a coupon", "PUT", "/basket/coupon", {"code": random.choice(["WELCOME10", "TAKE15", "FREESHIP"])})


def choose_shipping(shopper: Shopper, random: Random) -> None:
    country = random.choice(COUNTRIES)
    if random.random() < 0.5:
        shopper.read("shipping rates", "/basket/shipping", country=country)
    asked = {"country": country, "rate": random.choice(["standard", "express"])}
    shopper.ask("choose shipping", "PUT", "/basket/shipping", asked)


def details(random: Random) -> dict[str, Any]:
    street = f"{values.word(random).capitalize()} street {random.randint(1, 120)}"
    address = {"name": values.name(random), "street": street, "city": random.choice(values.CITIES)}
    return {"email": values.email(random), "address": address}


def key_of(random: Random) -> str:
    return f"{random.getrandbits(64):016x}"


def order(shopper: Shopper, random: Random) -> Order:
    """Fill a basket and check it out."""
    fill(shopper, random)
    choose_shipping(shopper, random)
    done = shopper.ask("check out", "POST", "/checkout", details(random), key_of(random))
    total = int(done.find("order", "totals", "total") or 0)
    return Order(f"/orders/{done.take('order', 'id')}", f"/payments/{done.take('payment', 'id')}", total)


def confirm(shopper: Shopper, random: Random, made: Order, card: str = "", label: str = "pay") -> Answered:
    card = card or random.choice(["tok_visa", "tok_mastercard"])
    return shopper.ask(label, "POST", f"{made.payment}/confirm", {"card": card}, key_of(random))


def paying(shopper: Shopper, random: Random) -> None:
    made = order(shopper, random)
    confirm(shopper, random, made)
    shopper.read("the paid order", made.path)
    if random.random() < 0.5:
        shopper.manage("ship", "POST", f"{made.path}/ship")
        shopper.read("the shipped order", made.path)
    if random.random() < 0.4:
        confirm(shopper, random, made, label="pay again")
    if random.random() < 0.6:
        shopper.read("a product after the order", f"/catalog/{shopper.lines[0].rsplit('-', 2)[0]}")


def authenticating(shopper: Shopper, random: Random) -> None:
    made = order(shopper, random)
    confirm(shopper, random, made, "tok_3ds", "pay with authentication")
    shopper.read("the payment", made.payment)
    outcome = random.choice(["approved", "approved", "rejected"])
    shopper.ask("authenticate", "POST", f"{made.payment}/authenticate", {"outcome": outcome})
    shopper.read("the payment after that", made.payment)
    if outcome == "rejected":
        confirm(shopper, random, made, label="pay with another card")
    shopper.read("the order after that", made.path)
    if random.random() < 0.4:
        shopper.ask("authenticate again", "POST", f"{made.payment}/authenticate", {"outcome": "approved"})


def declining(shopper: Shopper, random: Random) -> None:
    made = order(shopper, random)
    confirm(shopper, random, made, "tok_declined", "pay with a bad card")
    shopper.read("the failed payment", made.payment)
    if random.random() < 0.7:
        confirm(shopper, random, made, label="pay with another card")
        shopper.read("the order after all", made.path)


def cancelling(shopper: Shopper, random: Random) -> None:
    made = order(shopper, random)
    shopper.ask("cancel", "POST", f"{made.path}/cancel")
    shopper.read("the cancelled order", made.path)
    if random.random() < 0.5:
        confirm(shopper, random, made, label="pay what is cancelled")
    if random.random() < 0.5:
        shopper.read("a product in stock again", f"/catalog/{shopper.lines[0].rsplit('-', 2)[0]}")


def refunding(shopper: Shopper, random: Random) -> None:
    made = order(shopper, random)
    path = f"{made.path}/refunds"
    if random.random() < 0.3:
        shopper.manage("refund too early", "POST", path, {}, key_of(random))
    confirm(shopper, random, made)
    part = random.randint(100, made.total // 2)
    why = {"reason": random.choice(["damaged", "too small", "late"])} if random.random() < 0.6 else {}
    shopper.manage("refund a part", "POST", path, {"amount": part, **why}, key_of(random))
    if random.random() < 0.5:
        shopper.manage("refund too much", "POST", path, {"amount": made.total - part + 1}, key_of(random))
    shopper.read("the order, refunded in part", made.path)
    if random.random() < 0.5:
        rest = {"amount": made.total - part} if random.random() < 0.5 else {}
        shopper.manage("refund the rest", "POST", path, rest, key_of(random))
        shopper.read("the refunded order", made.path)


def changing(shopper: Shopper, random: Random) -> None:
    fill(shopper, random)
    sku = shopper.lines[0]
    shopper.ask("change the quantity", "PUT", f"/basket/lines/{sku}", {"quantity": random.randint(1, 3)})
    shopper.read("the basket", "/basket")
    if random.random() < 0.5:
        use_coupon(shopper, random)
        shopper.ask("without a coupon", "DELETE", "/basket/coupon")
    choose_shipping(shopper, random)
    if random.random() < 0.6:
        shopper.ask("take out", "DELETE", f"/basket/lines/{sku}")
    if random.random() < 0.4:
        shopper.ask("too many", "POST", "/basket/lines", {"sku": sku, "quantity": random.randint(13, 20)})
    shopper.read("the basket after that", "/basket")


def repeating(shopper: Shopper, random: Random) -> None:
    fill(shopper, random)
    choose_shipping(shopper, random)
    asked, key = details(random), key_of(random)
    done = shopper.ask("check out", "POST", "/checkout", asked, key)
    shopper.ask("check out with the same key", "POST", "/checkout", asked, key)
    if random.random() < 0.5:
        shopper.ask("check out something else with it", "POST", "/checkout", details(random), key)
    if random.random() < 0.5:
        shopper.ask("check out with another key", "POST", "/checkout", asked, key_of(random))
    shopper.ask("add after the checkout", "POST", "/basket/lines", {"sku": sku_of(random)})
    shopper.read("the closed basket", "/basket")
    shopper.read("the order", f"/orders/{done.take('order', 'id')}")


def watching(shopper: Shopper, random: Random) -> None:
    made = order(shopper, random)
    page = shopper.manage("first events", "GET", "/events", limit=1)
    confirm(shopper, random, made, random.choice(["tok_visa", "tok_declined"]))
    after = page.take("events", 0, "id")
    shopper.manage("events after the first", "GET", "/events", after=after, limit=random.randint(1, 3))
    kind = random.choice(["order", "payment", "payment.succeeded", "order.paid"])
    shopper.manage("events of a kind", "GET", "/events", type=kind)


def mistakes(shopper: Shopper, random: Random) -> None:
    guest, nothing, key = Shopper(shopper.client.user()), f"{random.getrandbits(64):016x}", key_of(random)

    def opened() -> Shopper:
        other = Shopper(shopper.client.user())
        other.ask("open a basket", "POST", "/basket")
        return other

    def refused(label: str, method: str, path: str, json: object, key: str = "") -> Answered:
        return opened().ask(label, method, path, json, key)

    def small_basket() -> None:
        other = opened()
        other.ask("add to the basket", "POST", "/basket/lines", {"sku": "wool-socks-navy-m", "quantity": 2})
        other.ask("a coupon for more", "PUT", "/basket/coupon", {"code": "TAKE15"})
        other.ask("check out without shipping", "POST", "/checkout", details(random), key)

    ways: list[Callable[[], object]] = [
        lambda: guest.read("no basket", "/basket"),
        lambda: guest.read("no such product", f"/catalog/{values.slug(random)}"),
        lambda: guest.read("a bad order of products", "/catalog", sort="beauty"),
        lambda: guest.read("no such order", f"/orders/ord_{nothing}"),
        lambda: guest.read("no such payment", f"/payments/pi_{nothing}"),
        lambda: guest.read("events without a key", "/events"),
        lambda: guest.manage("events after nothing", "GET", "/events", after=f"evt_{nothing}"),
        lambda: refused("no such variant", "POST", "/basket/lines", {"sku": values.slug(random)}),
        lambda: refused("no quantity", "POST", "/basket/lines", {"sku": sku_of(random), "quantity": 0}),
        lambda: refused("not in the basket", "PUT", f"/basket/lines/{sku_of(random)}", {"quantity": 1}),
        lambda: refused("no such coupon", "PUT", "/basket/coupon", {"code": values.word(random)}),
        lambda: refused("an old coupon", "PUT", "/basket/coupon", {"code": "SUMMER23"}),
        lambda: refused("too far", "PUT", "/basket/shipping", {"country": "NZ", "rate": "standard"}),
        lambda: refused("a rate unknown", "PUT", "/basket/shipping", {"country": "DE", "rate": "drone"}),
        lambda: refused("check out nothing", "POST", "/checkout", details(random), key),
        lambda: refused("check out without a key", "POST", "/checkout", details(random)),
        lambda: refused("check out without details", "POST", "/checkout", {}, key),
        small_basket,
    ]
    for way in random.sample(ways, random.randint(2, 4)):
        way()
