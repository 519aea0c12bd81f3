"""The shop's orders: what was bought, how it was paid, and how it travels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from examples.shop.accounts import Account
from examples.shop.catalogue import PRODUCTS

STAGES: Final = ("placed", "paid", "packed", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Order:
    """A paid cart; `lines` maps product id to quantity, `total` is in pence."""

    id: str
    account: str
    lines: Mapping[str, int]
    total: int
    card: str
    phone: str
    address: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Give the order as a customer sees it: of the card only the last four digits."""
        return {
            "id": self.id,
            "status": STAGES[1],
            "lines": [{"product": product, "quantity": count} for product, count in self.lines.items()],
            "total": self.total,
            "payment": {"method": "card", "last4": self.card[-4:]},
            "phone": self.phone,
            "address": dict(self.address),
        }


class Orders:
    """All orders since the shop opened, numbered from ord-1001."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    def place(self, account: Account, payment: Mapping[str, Any], phone: str, address: Mapping[str, Any]) -> Order:
        """Turn the account's cart into an order, and empty the cart."""
        number = f"ord-{1001 + len(self._orders)}"
        card = str(payment["card_number"]).replace(" ", "")
        order = Order(number, account.id, dict(account.cart), total_of(account.cart), card, phone, address)
        account.cart.clear()
        self._orders[number] = order
        return order

    def find(self, account: Account, order_id: str) -> Order | None:
        order = self._orders.get(order_id)
        return order if order is not None and order.account == account.id else None

    def of(self, account: Account) -> list[Order]:
        return [order for order in self._orders.values() if order.account == account.id]


def total_of(cart: Mapping[str, int]) -> int:
    """Give the price of a cart in pence."""
    return sum(PRODUCTS[product].price * count for product, count in cart.items())


def is_card_number(text: object) -> bool:
    """Tell whether the digits could be a card's (ISO/IEC 7812-1 annex B, the Luhn formula)."""
    digits = [int(character) for character in str(text) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
