"""The reckoning behind the plans: periods, proration, coupons, invoices with lines and tax, retries, usage."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import uuid4

Row = dict[str, Any]

PLANS: Final[dict[str, Row]] = {
    code: {
        "code": code,
        "name": name,
        "amount_cents": amount,
        "currency": "EUR",
        "interval": interval,
        "trial_days": trial,
        "features": features,
        "metrics": metrics,
        "active": True,
    }
    for code, name, amount, interval, trial, features, metrics in (
        ("starter", "Starter", 1900, "month", 0, {"seats": 3, "sso": False, "export": False}, {"api_calls": [500, 2]}),
        ("team", "Team", 4900, "month", 14, {"seats": 10, "sso": False, "export": True}, {"api_calls": [2000, 1]}),
        ("scale", "Scale", 14900, "month", 14, {"seats": 50, "sso": True, "export": True}, {"api_calls": [10000, 1]}),
        (
            "team-yearly",
            "Team, yearly",
            49000,
            "year",
            0,
            {"seats": 10, "sso": False, "export": True},
            {"api_calls": [24000, 1]},
        ),
    )
}
# By code: kind, per cent or cents, for how many invoices (None: for ever), whether it can be given still.
COUPONS: Final[dict[str, tuple[str, int, int | None, bool]]] = {
    "LAUNCH20": ("percentage", 20, 3, True),
    "TENOFF": ("fixed", 1000, 1, True),
    "FRIENDS": ("percentage", 50, None, True),
    "SUMMER23": ("percentage", 30, 1, False),
}
TAXES: Final = {"DE": 19.0, "FR": 20.0, "IE": 23.0, "US": 0.0}
CUSTOMERS: Final[dict[str, Row]] = {}
SUBSCRIPTIONS: Final[dict[str, Row]] = {}
INVOICES: Final[dict[str, Row]] = {}
RETRY_AFTER: Final = (3, 5, 7)
CLOCK: Final = {"now": datetime(2026, 3, 1, 9, 0, tzinfo=UTC)}
_numbers: Final = count(1)


def at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def later(moment: datetime, interval: str) -> datetime:
    """Give the same day of the next month or year, the last of a shorter month."""
    months = moment.month + (12 if interval == "year" else 1)
    year, month = moment.year + (months - 1) // 12, (months - 1) % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def line(kind: str, text: str, quantity: int, unit: int, amount: int | None = None) -> Row:
    amount = quantity * unit if amount is None else amount
    return {"type": kind, "description": text, "quantity": quantity, "unit_cents": unit, "amount_cents": amount}


def bill(sub: Row, reason: str, lines: list[Row]) -> Row:
    """Make an invoice of lines: the coupon is taken off what is due, tax is on the rest; a negative sum is credit."""
    customer = CUSTOMERS[sub["customer_id"]]
    subtotal = sum(one["amount_cents"] for one in lines)
    discount = off(sub, subtotal)
    tax = round((subtotal - discount) * TAXES[customer["country"]] / 100)
    total = subtotal - discount + tax
    used = max(0, min(customer["balance_cents"], total))
    if total < 0:
        customer["balance_cents"] -= total
    customer["balance_cents"] -= used
    number = next(_numbers)
    invoice = {
        "id": str(uuid4()),
        "number": f"{customer['prefix']}-{number:04d}",
        "sequential_id": number,
        "customer_id": customer["external_id"],
        "subscription_id": sub["id"],
        "reason": reason,
        "status": "open",
        "currency": "EUR",
        "lines": lines,
        "subtotal_cents": subtotal,
        "discount_cents": discount,
        "coupon_code": sub["coupon"]["code"] if sub["coupon"] and discount else None,
        "tax_rate": TAXES[customer["country"]],
        "tax_cents": tax,
        "total_cents": total,
        "credit_applied_cents": used,
        "due_cents": max(0, total - used),
        "attempts": 0,
        "next_attempt_at": None,
        "issued_at": at(CLOCK["now"]),
        "paid_at": None,
    }
    if discount and sub["coupon"]["remaining"] is not None:
        sub["coupon"]["remaining"] -= 1
        if not sub["coupon"]["remaining"]:
            sub["coupon"] = None
    INVOICES[invoice["id"]] = invoice
    collect(invoice)
    return invoice


def off(sub: Row, subtotal: int) -> int:
    if not sub["coupon"] or subtotal <= 0:
        return 0
    kind, amount, _, _ = COUPONS[sub["coupon"]["code"]]
    return round(subtotal * amount / 100) if kind == "percentage" else min(amount, subtotal)


def collect(invoice: Row) -> bool:
    """Try the customer's card; a failure makes the subscription past due, the last of the tries ends it."""
    sub, customer = SUBSCRIPTIONS[invoice["subscription_id"]], CUSTOMERS[invoice["customer_id"]]
    card = customer["payment_method"]
    if invoice["due_cents"] and (not card or card["fails"]):
        tries = invoice["attempts"] = invoice["attempts"] + 1
        if tries > len(RETRY_AFTER):
            invoice |= {"status": "uncollectible", "next_attempt_at": None}
            sub |= {"status": "canceled", "canceled_at": at(CLOCK["now"]), "ended_at": at(CLOCK["now"])}
        else:
            invoice["next_attempt_at"] = at(CLOCK["now"] + timedelta(days=RETRY_AFTER[tries - 1]))
            sub["status"] = "past_due"
        return False
    if invoice["due_cents"]:
        invoice["attempts"] += 1
    invoice |= {"status": "paid", "paid_at": at(CLOCK["now"]), "next_attempt_at": None, "due_cents": 0}
    if sub["status"] == "past_due":
        sub["status"] = "active"
    return True


def base_line(sub: Row) -> Row:
    plan = PLANS[sub["plan_code"]]
    return line("subscription", f"{plan['name']} x {sub['quantity']}", sub["quantity"], plan["amount_cents"])


def usage_lines(sub: Row) -> list[Row]:
    """Give what was used beyond what the plan includes in the period that ends."""
    lines = []
    for metric, (included, unit) in PLANS[sub["plan_code"]]["metrics"].items():
        over = used(sub, metric) - included * sub["quantity"]
        if over > 0:
            lines.append(line("usage", f"{metric} over {included * sub['quantity']}", over, unit))
    return lines


def used(sub: Row, metric: str) -> int:
    return sum(one["quantity"] for one in sub["events"] if one["metric"] == metric)


def begin(sub: Row, start: datetime) -> None:
    end = later(start, PLANS[sub["plan_code"]]["interval"])
    sub |= {"current_period_start": at(start), "current_period_end": at(end)}


def proration(sub: Row, plan_code: str, quantity: int) -> list[Row]:
    """Reckon a change by what is left of the period, in whole days: the rest of the old back, the rest of the new."""
    start, end = read(sub["current_period_start"]), read(sub["current_period_end"])
    whole, left = (end - start).days, (end - CLOCK["now"]).days
    old, new = PLANS[sub["plan_code"]], PLANS[plan_code]
    back = round(old["amount_cents"] * sub["quantity"] * left / whole)
    rest = round(new["amount_cents"] * quantity * left / whole)
    return [
        line("proration_credit", f"Unused time on {old['name']} ({left} of {whole} days)", 1, -back),
        line("proration_charge", f"Remaining time on {new['name']} ({left} of {whole} days)", 1, rest),
    ]


def advance(days: int) -> list[Row]:
    """Let days go by one after the other; gives what happened in them."""
    happened: list[Row] = []
    for _ in range(days):
        CLOCK["now"] += timedelta(days=1)
        for sub in list(SUBSCRIPTIONS.values()):
            happened += turned(sub)
        for invoice in list(INVOICES.values()):
            if invoice["status"] == "open" and (invoice["next_attempt_at"] or "9") <= at(CLOCK["now"]):
                paid = collect(invoice)
                kind = "invoice.paid" if paid else "invoice.payment_failed"
                happened.append({"type": kind, "at": at(CLOCK["now"]), "object_id": invoice["id"]})
    return happened


def turned(sub: Row) -> list[Row]:
    """Renew a subscription, or end it, where its period has come to its end."""
    if sub["status"] in ("canceled", "past_due") or at(CLOCK["now"]) < sub["current_period_end"]:
        return []
    moment = at(CLOCK["now"])
    if sub["cancel_at_period_end"]:
        sub |= {"status": "canceled", "ended_at": moment}
        if lines := usage_lines(sub):
            bill(sub, "final_usage", lines)
        return [{"type": "subscription.canceled", "at": moment, "object_id": sub["id"]}]
    kind = "subscription.renewed" if sub["status"] == "active" else "subscription.trial_ended"
    lines = usage_lines(sub)
    if sub["pending_plan_code"]:
        sub |= {"plan_code": sub["pending_plan_code"], "pending_plan_code": None}
    begin(sub, read(sub["current_period_end"]))
    sub |= {"status": "active", "events": []}
    invoice = bill(sub, "renewal", [base_line(sub), *lines])
    paid = "invoice.paid" if invoice["status"] == "paid" else "invoice.payment_failed"
    return [
        {"type": kind, "at": moment, "object_id": sub["id"]},
        {"type": paid, "at": moment, "object_id": invoice["id"]},
    ]
