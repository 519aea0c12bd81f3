"""Sessions of a payment provider: products and plans, customers with cards, payments, refunds, subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

AUTH = {"Authorization": "Bearer sk_test_fidelity4eC39HqLyjWDarj"}
CURRENCIES = ("eur", "usd", "chf")
DECLINED = "4000000000000002"
DECLINED_WHEN_CHARGED = "4000000000000341"


@dataclass
class Shop:
    """What a session has made so far, by id."""

    currency: str
    customers: list[str] = field(default_factory=list)
    cards: dict[str, str] = field(default_factory=dict)
    products: list[str] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)


def play(client: Client, random: Random) -> None:
    shop = Shop(random.choice(CURRENCIES))
    for _ in range(random.randint(2, 4)):
        shop.customers.append(customer(client, random))
    for owner in shop.customers[: random.randint(1, 2)]:
        card(client, random, shop, owner)
    kinds = [paying, holding, subscribing, catalogue, customers, charging, coupons, billing, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, shop)
    leaving(client, random, shop)


def get(client: Client, label: str, path: str, **query: object) -> Answered:
    return client.ask(label, "GET", path, query=query or None, headers=AUTH, reads=True)


def post(client: Client, label: str, path: str, *, reads: bool = False, **form: object) -> Answered:
    return client.ask(label, "POST", path, form=_flat(form), headers=AUTH, reads=reads)


def _flat(tree: object, name: str = "") -> dict[str, str]:
    """Give a tree as the fields of a form: `items[0][plan]`, `expand[]`."""
    if isinstance(tree, dict):
        parts = [_flat(part, f"{name}[{key}]" if name else key) for key, part in tree.items()]
    elif isinstance(tree, list):
        parts = [_flat(part, f"{name}[{at}]") for at, part in enumerate(tree)]
    else:
        return {name: str(tree).lower() if isinstance(tree, bool) else str(tree)}
    return {key: text for part in parts for key, text in part.items()}


def cents(random: Random) -> int:
    return random.choice([random.randint(1, 99) * 100, random.randint(300, 25_000)])


def customer(client: Client, random: Random) -> str:
    asked: dict[str, object] = {"name": values.name(random), "email": values.email(random)}
    if random.random() < 0.4:
        asked["description"] = values.sentence(random)
    if random.random() < 0.4:
        asked["metadata"] = {"tier": random.choice(["gold", "silver"]), "ref": str(random.randint(100, 99_999))}
    if random.random() < 0.3:
        asked["address"] = {"city": random.choice(values.CITIES), "line1": values.title(random), "country": "PT"}
    return post(client, "new customer", "/v1/customers", **asked).take("id")


def card(client: Client, random: Random, shop: Shop, owner: str, number: str = "") -> str:
    asked = {
        "number": number or random.choice(["4242424242424242", "5555555555554444", "4000056655665556"]),
        "exp_month": random.randint(1, 12),
        "exp_year": random.randint(2030, 2039),
        "cvc": f"{random.randint(0, 999):03d}",
    }
    made = post(client, "new card", "/v1/payment_methods", type="card", card=asked).take("id")
    post(client, "attach the card", f"/v1/payment_methods/{made}/attach", customer=owner)
    settings = {"default_payment_method": made}
    post(client, "make it the default", f"/v1/customers/{owner}", invoice_settings=settings)
    shop.cards[owner] = made
    return made


def paying(client: Client, random: Random, shop: Shop) -> None:
    owner, used = random.choice(list(shop.cards.items()))
    amount = cents(random)
    asked: dict[str, object] = {"amount": amount, "currency": shop.currency, "customer": owner}
    if random.random() < 0.5:
        asked["metadata"] = {"order": values.slug(random)}
    intent = post(client, "new payment", "/v1/payment_intents", **asked).take("id")
    path = f"/v1/payment_intents/{intent}"
    get(client, "payment before", path)
    if random.random() < 0.4:
        post(client, "confirm without a card", f"{path}/confirm", reads=True)
    post(client, "choose the card", path, reads=True, payment_method=used)
    post(client, "confirm", f"{path}/confirm", reads=True)
    done = get(client, "payment after", path)
    if random.random() < 0.5:
        get(client, "payment with its customer", path, **{"expand[0]": "customer"})
    charge = done.take("latest_charge", "id")
    get(client, "the charge", f"/v1/charges/{charge}")
    if random.random() < 0.7:
        refunding(client, random, charge, intent, amount)
    if random.random() < 0.4:
        post(client, "confirm again", f"{path}/confirm", reads=True)


def refunding(client: Client, random: Random, charge: str, intent: str, amount: int) -> None:
    by = {"payment_intent": intent} if random.random() < 0.5 else {"charge": charge}
    if random.random() < 0.5:
        post(client, "refund", "/v1/refunds", **by)
    else:
        post(client, "refund a part", "/v1/refunds", **by, amount=random.randint(1, amount - 1))
    get(client, "the charge, refunded", f"/v1/charges/{charge}")
    if random.random() < 0.5:
        get(client, "refunds of the charge", "/v1/refunds", charge=charge)


def holding(client: Client, random: Random, shop: Shop) -> None:
    owner, used = random.choice(list(shop.cards.items()))
    amount = cents(random)
    asked = {"amount": amount, "currency": shop.currency, "customer": owner, "payment_method": used}
    intent = post(client, "new hold", "/v1/payment_intents", **asked, capture_method="manual", confirm=True)
    path = f"/v1/payment_intents/{intent.take('id')}"
    way = random.choice(["all", "part", "cancel"])
    if way == "cancel":
        other = post(client, "new payment with a card", "/v1/payment_intents", **asked).take("id")
        post(client, "cancel", f"/v1/payment_intents/{other}/cancel", reads=True)
        post(client, "confirm what is cancelled", f"/v1/payment_intents/{other}/confirm", reads=True)
        get(client, "payment, cancelled", f"/v1/payment_intents/{other}")
    elif way == "part":
        post(client, "capture a part", f"{path}/capture", reads=True, amount_to_capture=random.randint(1, amount))
    else:
        post(client, "capture", f"{path}/capture", reads=True)
    if way != "cancel" and random.random() < 0.5:
        post(client, "capture again", f"{path}/capture", reads=True)
    get(client, "the hold", path)


def product(client: Client, random: Random, shop: Shop) -> str:
    asked: dict[str, object] = {"name": values.title(random)}
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    if random.random() < 0.3:
        asked["id"] = values.slug(random)
    made = post(client, "new product", "/v1/products", **asked).take("id")
    shop.products.append(made)
    return made


def plan(client: Client, random: Random, shop: Shop) -> str:
    of = random.choice(shop.products) if shop.products else product(client, random, shop)
    asked: dict[str, object] = {"product": of, "amount": cents(random), "currency": shop.currency}
    asked["interval"] = random.choice(["month", "year", "week"])
    if random.random() < 0.4:
        asked["nickname"] = values.title(random)
    if random.random() < 0.4:
        asked["id"] = values.slug(random)
    made = post(client, "new plan", "/v1/plans", **asked).take("id")
    shop.plans.append(made)
    return made


def catalogue(client: Client, random: Random, shop: Shop) -> None:
    for _ in range(random.randint(1, 3)):
        product(client, random, shop)
    one = random.choice(shop.products)
    get(client, "a product", f"/v1/products/{one}")
    post(client, "switch the product off", f"/v1/products/{one}", reads=True, active=False)
    get(client, "products on sale", "/v1/products", active="true")
    made = plan(client, random, shop)
    of = get(client, "a plan", f"/v1/plans/{made}").take("product")
    if of.startswith("prod_") and random.random() < 0.5:  # other ids it cannot expand
        get(client, "a plan with its product", f"/v1/plans/{made}", **{"expand[0]": "product"})
    if random.random() < 0.4:
        client.ask("delete the plan", "DELETE", f"/v1/plans/{made}", headers=AUTH)
        get(client, "the deleted plan", f"/v1/plans/{made}")
        shop.plans.remove(made)
    get(client, "plans", "/v1/plans")


def customers(client: Client, random: Random, shop: Shop) -> None:
    one = random.choice(shop.customers)
    path = f"/v1/customers/{one}"
    get(client, "a customer", path)
    asked: dict[str, object] = {"email": values.email(random)}
    if random.random() < 0.5:
        asked["metadata"] = {random.choice(["tier", "note"]): values.word(random)}
    post(client, "change the customer", path, reads=True, **asked)
    get(client, "the changed customer", path)
    if random.random() < 0.5:
        get(client, "customers by address", "/v1/customers", email=asked["email"])
    page = get(client, "first customers", "/v1/customers", limit=2)
    if page.find("has_more"):
        last = page.take("data", 1, "id")
        get(client, "next customers", "/v1/customers", limit=2, starting_after=last)
    if random.random() < 0.4:
        number = f"PT{random.randint(10**8, 10**9 - 1)}"
        made = post(client, "new tax number", f"{path}/tax_ids", type="eu_vat", value=number)
        get(client, "a tax number", f"{path}/tax_ids/{made.take('id')}")
        get(client, "tax numbers", f"{path}/tax_ids")


def charging(client: Client, random: Random, shop: Shop) -> None:
    owner, used = random.choice(list(shop.cards.items()))
    asked: dict[str, object] = {"amount": cents(random), "currency": shop.currency, "customer": owner}
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    if random.random() < 0.5:
        asked["source"] = used
    made = post(client, "charge", "/v1/charges", **asked).take("id")
    get(client, "a charge", f"/v1/charges/{made}")
    if random.random() < 0.5:
        get(client, "charges of a customer", "/v1/charges", customer=owner)
    get(client, "cards of a customer", "/v1/payment_methods", customer=owner, type="card")
    if random.random() < 0.3:
        get(client, "the balance", "/v1/balance")


def coupons(client: Client, random: Random, _: Shop) -> None:
    name = values.slug(random)
    asked: dict[str, object] = {"id": name, "duration": random.choice(["once", "forever"])}
    asked |= random.choice(
        [{"percent_off": random.randint(5, 60)}, {"amount_off": cents(random), "currency": random.choice(CURRENCIES)}]
    )
    post(client, "new coupon", "/v1/coupons", **asked)
    get(client, "a coupon", f"/v1/coupons/{name}")
    if random.random() < 0.5:
        post(client, "the same coupon", "/v1/coupons", **asked)
    if random.random() < 0.5:
        client.ask("delete the coupon", "DELETE", f"/v1/coupons/{name}", headers=AUTH)
        get(client, "the deleted coupon", f"/v1/coupons/{name}")
    else:
        get(client, "coupons", "/v1/coupons")


def subscribing(client: Client, random: Random, shop: Shop) -> None:
    owner = random.choice(list(shop.cards))
    chosen = random.choice(shop.plans) if shop.plans else plan(client, random, shop)
    item: dict[str, object] = {"plan": chosen}
    if random.random() < 0.6:
        item["quantity"] = random.randint(1, 9)
    made = post(client, "subscribe", "/v1/subscriptions", customer=owner, items=[item])
    path = f"/v1/subscriptions/{made.take('id')}"
    get(client, "the subscription", path)
    bill = made.take("latest_invoice")
    get(client, "its invoice", f"/v1/invoices/{bill}")
    if random.random() < 0.5:
        get(client, "lines of the invoice", f"/v1/invoices/{bill}/lines")
    if random.random() < 0.4:
        post(client, "pay what is paid", f"/v1/invoices/{bill}/pay", reads=True)
    if random.random() < 0.6:
        post(client, "end it with the period", path, reads=True, cancel_at_period_end=True)
    if random.random() < 0.5:
        get(client, "subscriptions of the customer", "/v1/subscriptions", customer=owner)
    if random.random() < 0.5:
        client.ask("unsubscribe", "DELETE", path, headers=AUTH, reads=True)
        get(client, "the ended subscription", path)


def billing(client: Client, random: Random, shop: Shop) -> None:
    owner = random.choice(shop.customers)
    for _ in range(random.randint(1, 3)):
        asked = {"customer": owner, "amount": cents(random), "currency": shop.currency}
        post(client, "new item to bill", "/v1/invoiceitems", **asked, description=values.title(random))
    get(client, "items to bill", "/v1/invoiceitems", customer=owner)
    if random.random() < 0.5:
        get(client, "invoices of the customer", "/v1/invoices", customer=owner)


def mistakes(client: Client, random: Random, shop: Shop) -> None:
    owner, missing = random.choice(shop.customers), values.slug(random)
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no key", "GET", "/v1/customers"),
        lambda: client.ask("wrong key", "GET", "/v1/plans", headers={"Authorization": f"Bearer {values.word(random)}"}),
        lambda: get(client, "no such customer", f"/v1/customers/cus_{random.randint(10**6, 10**9)}"),
        lambda: get(client, "no such product", f"/v1/products/{missing}"),
        lambda: post(client, "no amount", "/v1/payment_intents", currency=shop.currency, customer=owner),
        lambda: post(client, "amount of zero", "/v1/payment_intents", amount=0, currency=shop.currency),
        lambda: post(client, "customer of no such card", "/v1/customers", payment_method=f"pm_{missing}"),
        lambda: post(client, "unknown field", "/v1/customers", **{values.word(random): "1"}),
        lambda: post(client, "plan of no such product", "/v1/plans", **_plan(random, missing)),
        lambda: post(client, "two discounts", "/v1/coupons", id=missing, duration="once", percent_off=5, amount_off=5),
        lambda: post(client, "refund of nothing", "/v1/refunds", amount=5),
        lambda: refused(client, random, owner, DECLINED, "a declined card"),
        lambda: refused(client, random, owner, DECLINED_WHEN_CHARGED, "a card that fails"),
        lambda: get(client, "expand what is not there", f"/v1/customers/{owner}", **{"expand[0]": values.word(random)}),
        lambda: client.ask("delete no such plan", "DELETE", f"/v1/plans/{missing}", headers=AUTH),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def _plan(random: Random, of: str) -> dict[str, object]:
    return {"product": of, "amount": cents(random), "currency": random.choice(CURRENCIES), "interval": "month"}


def refused(client: Client, random: Random, owner: str, number: str, label: str) -> None:
    asked = {"number": number, "exp_month": random.randint(1, 12), "exp_year": 2031, "cvc": "123"}
    made = post(client, label, "/v1/payment_methods", type="card", card=asked).take("id")
    post(client, f"attach {label}", f"/v1/payment_methods/{made}/attach", customer=owner, reads=True)
    asked = {"amount": cents(random), "currency": "eur", "customer": owner, "payment_method": made}
    post(client, f"pay by {label}", "/v1/payment_intents", **asked, confirm=True)


def leaving(client: Client, random: Random, shop: Shop) -> None:
    owner = random.choice(shop.customers)
    if owner in shop.cards and random.random() < 0.5:
        post(client, "detach the card", f"/v1/payment_methods/{shop.cards[owner]}/detach", reads=True)
        get(client, "cards that are left", "/v1/payment_methods", customer=owner, type="card")
    client.ask("delete the customer", "DELETE", f"/v1/customers/{owner}", headers=AUTH)
    get(client, "the deleted customer", f"/v1/customers/{owner}")
    get(client, "customers at the end", "/v1/customers")
