"""Sessions of a billing: customers, subscriptions, plan changes, coupons, time that passes, failures, usage, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from uuid import UUID

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

KEY: Final = "sk_test_9f2c7b41d86e4a03"
READER: Final = "rk_test_51b0e6a7c93d4f28"
MONTHLY: Final = ("starter", "team", "scale")
COUPONS: Final = ("LAUNCH20", "TENOFF", "FRIENDS")
CARDS: Final = ("4242424242424242", "5555555555554444", "4111111111111111")
FAILING: Final = ("4000000000000341", "4000000000009995")


@dataclass
class Shop:
    """A customer's account at the billing."""

    client: Client
    random: Random
    customer: str = ""
    sub: str = ""
    plan: str = ""

    def ask(self, label: str, method: str, path: str, *, reads: bool = False, key: str = KEY, **more: Any) -> Answered:
        headers = {"Authorization": f"Bearer {key}"}
        return self.client.ask(label, method, f"/api/v1/{path}", reads=reads, headers=headers, **more)

    def post(self, label: str, path: str, root: str, body: dict[str, Any], method: str = "POST") -> Answered:
        return self.ask(label, method, path, json={root: body}, reads=True)

    def see(self, *kinds: str) -> None:
        """Look at the subscription, the customer, the invoices or the usage, whichever are named."""
        paths = {
            "subscription": f"subscriptions/{self.sub}",
            "customer": f"customers/{self.customer}",
            "usage": f"subscriptions/{self.sub}/usage",
            "entitlements": f"customers/{self.customer}/entitlements",
        }
        for kind in kinds:
            if kind == "invoices":
                self.ask("invoices", "GET", "invoices", query={"customer_id": self.customer}, reads=True)
            else:
                self.ask(f"the {kind}", "GET", paths[kind], reads=True)


def play(client: Client, random: Random) -> None:
    shop = Shop(client, random)
    browse(shop)
    sign_up(shop)
    subscribe(shop)
    kinds = [use, use, upgrade, upgrade, coupon, wait, wait, entitled, scheduled, moving_house, stop_and_go]
    for kind in random.sample(kinds, random.randint(5, 7)):
        kind(shop)
    if random.random() < 0.5:
        failing(shop)
    shop.see("subscription", "invoices")
    if random.random() < 0.6:
        an_invoice(shop)
    if random.random() < 0.5:
        ending(shop)
    mistakes(shop)


def browse(shop: Shop) -> None:
    random = shop.random
    if random.random() < 0.5:
        query = random.choice([None, {"interval": "year"}, {"per_page": 2}, {"per_page": 2, "page": 2}])
        shop.ask("plans", "GET", "plans", query=query)
    if random.random() < 0.3:
        shop.ask("a plan", "GET", f"plans/{random.choice(MONTHLY)}")
    if random.random() < 0.3:
        code = values.slug(random)
        plan = {"code": code, "name": values.title(random), "amount_cents": random.randint(5, 80) * 100}
        shop.post("make a plan", "plans", "plan", plan)
        shop.ask("the new plan", "GET", f"plans/{code}", reads=True)
        if random.random() < 0.5:
            shop.ask("retire the plan", "DELETE", f"plans/{code}", reads=True)


def new_customer(shop: Shop, label: str = "new customer") -> str:
    random = shop.random
    key = f"{values.word(random)}-{random.randint(100, 999)}"
    asked: dict[str, Any] = {"external_id": key, "email": values.email(random)}
    if random.random() < 0.7:
        asked["name"] = values.name(random)
    if random.random() < 0.7:
        asked["country"] = random.choice(["DE", "FR", "IE", "US"])
    shop.post(label, "customers", "customer", asked)
    return key


def add_card(shop: Shop, label: str = "add a card", number: str = "") -> None:
    asked = {"number": number or shop.random.choice(CARDS), "exp_year": shop.random.randint(2027, 2032)}
    shop.post(label, f"customers/{shop.customer}/payment_method", "card", asked, "PUT")


def sign_up(shop: Shop) -> None:
    if shop.random.random() < 0.3:
        new_customer(shop, "another customer")
    shop.customer = new_customer(shop)
    if shop.random.random() < 0.3:
        again = {"external_id": shop.customer, "email": values.email(shop.random)}
        shop.post("the customer again", "customers", "customer", again)
    if shop.random.random() < 0.7:
        add_card(shop)


def subscribe(shop: Shop) -> None:
    random = shop.random
    shop.plan = random.choice([*MONTHLY, *MONTHLY, "team-yearly"])
    asked: dict[str, Any] = {"customer_id": shop.customer, "plan_code": shop.plan}
    if random.random() < 0.5:
        asked["quantity"] = random.randint(1, 4)
    if random.random() < 0.3:
        asked["coupon_code"] = random.choice(COUPONS)
    done = shop.post("subscribe", "subscriptions", "subscription", asked)
    if done.status == 402:
        add_card(shop, "add the card that is needed")
        done = shop.post("subscribe with a card", "subscriptions", "subscription", asked)
    shop.sub = done.take("subscription", "id")
    if done.find("subscription", "status") == "trialing" and random.random() < 0.5:
        add_card(shop, "add a card in the trial")
    if random.random() < 0.25:
        shop.post("subscribe twice", "subscriptions", "subscription", asked)


def wait(shop: Shop) -> None:
    days = shop.random.choice([1, 5, 10, 14, 20, 31])
    shop.post("let days go by", "clock/advance", "advance", {"days": days})
    shop.see(shop.random.choice(["subscription", "invoices", "customer"]))


def use(shop: Shop) -> None:
    random = shop.random
    event: dict[str, Any] = {}
    for _ in range(random.randint(1, 3)):
        transaction = str(UUID(int=random.getrandbits(128), version=4))
        event = {"transaction_id": transaction, "subscription_id": shop.sub, "metric": "api_calls"}
        event["quantity"] = random.choice([120, 400, 900, 2500, random.randint(1, 6000)])
        shop.post("use", "events", "event", event)
    if random.random() < 0.3:
        shop.post("the same use", "events", "event", event)
    if random.random() < 0.25:
        shop.post("use what is not measured", "events", "event", {**event, "metric": values.word(random)})
    shop.see("usage")


def other_plan(shop: Shop) -> dict[str, Any]:
    asked: dict[str, Any] = {"plan_code": shop.random.choice(MONTHLY)}
    if shop.random.random() < 0.4:
        asked["quantity"] = shop.random.randint(1, 5)
    return asked


def upgrade(shop: Shop) -> None:
    asked, path = other_plan(shop), f"subscriptions/{shop.sub}/change"
    if shop.random.random() < 0.5:
        shop.post("preview a change", f"{path}/preview", "change", asked)
    done = shop.post("change the plan", path, "change", asked)
    if invoice := done.find("invoice", "id"):
        shop.ask("the invoice of the change", "GET", f"invoices/{invoice}", reads=True)
    if shop.random.random() < 0.4:
        shop.see(shop.random.choice(["customer", "entitlements"]))


def scheduled(shop: Shop) -> None:
    asked = {"plan_code": shop.random.choice(MONTHLY), "when": "period_end"}
    shop.post("change at the end of the period", f"subscriptions/{shop.sub}/change", "change", asked)
    if shop.random.random() < 0.5:
        shop.post("let a month go by", "clock/advance", "advance", {"days": 31})
        shop.see("subscription")


def coupon(shop: Shop) -> None:
    random, path = shop.random, f"subscriptions/{shop.sub}/coupon"
    code = random.choice([*COUPONS, "SUMMER23", values.word(random).upper()])
    shop.post("give a coupon", path, "coupon", {"code": code}, "PUT")
    if random.random() < 0.3:
        shop.post("give another coupon", path, "coupon", {"code": random.choice(COUPONS)}, "PUT")
    if random.random() < 0.3:
        shop.ask("take the coupon back", "DELETE", path, reads=True)


def entitled(shop: Shop) -> None:
    random, path = shop.random, f"customers/{shop.customer}/entitlements"
    if random.random() < 0.5:
        shop.see("entitlements")
    for _ in range(random.randint(1, 2)):
        check = {"feature": random.choice(["seats", "seats", "sso", "export", values.word(random)])}
        if check["feature"] == "seats":
            check["quantity"] = random.choice([1, 3, 8, 25, 60])
        shop.post("may it", f"{path}/check", "check", check)


def moving_house(shop: Shop) -> None:
    asked = {"country": shop.random.choice(["DE", "FR", "IE", "US", "XX"])}
    shop.post("change the customer", f"customers/{shop.customer}", "customer", asked, "PATCH")


def stop_and_go(shop: Shop) -> None:
    path = f"subscriptions/{shop.sub}"
    shop.post("cancel at the end", f"{path}/cancel", "cancellation", {"at_period_end": True})
    if shop.random.random() < 0.4:
        shop.post("cancel once more", f"{path}/cancel", "cancellation", {"at_period_end": True})
    shop.ask("resume", "POST", f"{path}/resume", reads=True)
    if shop.random.random() < 0.3:
        shop.ask("resume again", "POST", f"{path}/resume", reads=True)


def failing(shop: Shop) -> None:
    """A card that is declined: a renewal fails, is tried again by hand, and is paid with another card."""
    random = shop.random
    add_card(shop, "a card that fails", random.choice(FAILING))
    shop.post("let the period end", "clock/advance", "advance", {"days": random.choice([31, 31, 40])})
    query = {"customer_id": shop.customer, "status": "open"}
    rows = shop.ask("open invoices", "GET", "invoices", query=query, reads=True).find("invoices") or []
    if random.random() < 0.5:
        shop.see("subscription")
    if rows and random.random() < 0.6:
        shop.ask("pay with the failing card", "POST", f"invoices/{rows[0]['id']}/pay", reads=True)
    if random.random() < 0.4:
        shop.post("may it when overdue", f"customers/{shop.customer}/entitlements/check", "check", {"feature": "seats"})
    if random.random() < 0.6:
        add_card(shop, "a card that works")
        if rows:
            shop.ask("pay with the other card", "POST", f"invoices/{rows[0]['id']}/pay", reads=True)
            shop.see("subscription")
    elif rows:
        shop.ask("void", "POST", f"invoices/{rows[0]['id']}/void", reads=True)


def an_invoice(shop: Shop) -> None:
    query = {"subscription_id": shop.sub, "per_page": 3}
    rows = shop.ask("the subscription's invoices", "GET", "invoices", query=query, reads=True).find("invoices") or []
    for row in rows[:1]:
        shop.ask("an invoice", "GET", f"invoices/{row['id']}", reads=True)
        if shop.random.random() < 0.3:
            shop.ask("pay what is paid", "POST", f"invoices/{row['id']}/pay", reads=True)


def ending(shop: Shop) -> None:
    path = f"subscriptions/{shop.sub}"
    later = shop.random.random() < 0.5
    shop.post("cancel", f"{path}/cancel", "cancellation", {"at_period_end": later})
    if later:
        shop.post("let the last days go by", "clock/advance", "advance", {"days": 31})
    shop.see("subscription")
    if shop.random.random() < 0.5:
        shop.post("change when ended", f"{path}/change", "change", {"plan_code": "scale", "quantity": 2})
    if shop.random.random() < 0.5:
        shop.see("entitlements")


def mistakes(shop: Shop) -> None:
    random, customer = shop.random, {"external_id": values.word(shop.random), "email": "no address"}
    sub = {"customer_id": shop.customer, "plan_code": "starter"}
    event = {"transaction_id": values.word(random), "subscription_id": shop.sub, "metric": "api_calls"}
    ways: list[Callable[[], object]] = [
        lambda: shop.ask("a bad key", "GET", "plans", key=f"sk_test_{values.word(random)}"),
        lambda: shop.client.ask("no key", "GET", "/api/v1/customers"),
        lambda: shop.ask("write to read", "POST", "customers", key=READER, json={"customer": customer}),
        lambda: shop.ask("read to read", "GET", f"customers/{shop.customer}", key=READER, reads=True),
        lambda: shop.ask("no root", "POST", "customers", json=customer),
        lambda: shop.post("a bad address", "customers", "customer", customer),
        lambda: shop.post("no fields", "customers", "customer", {}),
        lambda: shop.post("a bad country", "customers", "customer", {**customer, "email": "a@b.io", "country": "ZZ"}),
        lambda: shop.ask("no such customer", "GET", f"customers/{values.word(random)}-7", reads=True),
        lambda: shop.ask("no such plan", "GET", f"plans/{values.word(random)}"),
        lambda: shop.ask("no such invoice", "GET", f"invoices/{UUID(int=random.getrandbits(128), version=4)}"),
        lambda: shop.ask("no such subscription", "GET", f"subscriptions/sub_{random.getrandbits(56):014x}"),
        lambda: shop.post("subscribe to no plan", "subscriptions", "subscription", {**sub, "plan_code": "free"}),
        lambda: shop.post("a bad quantity", "subscriptions", "subscription", {**sub, "quantity": 0}),
        lambda: shop.post("a bad event", "events", "event", {**event, "quantity": random.choice([0, -5])}),
        lambda: shop.post("an event without much", "events", "event", {"quantity": 3}),
        lambda: shop.ask("a bad page", "GET", "invoices", query={"page": random.choice(["0", "x"])}),
        lambda: shop.ask("not JSON", "POST", "events", content=b"{", reads=True),
        lambda: shop.post("a short card", f"customers/{shop.customer}/payment_method", "card", {"number": "42"}, "PUT"),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
