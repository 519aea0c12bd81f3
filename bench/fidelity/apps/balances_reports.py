"""What the balances reckon: balances, fees, interest, statements, a trial balance, budgets against what was spent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Final

Row = dict[str, Any]

PLACES: Final = {"EUR": Decimal("0.01"), "USD": Decimal("0.01"), "GBP": Decimal("0.01"), "JPY": Decimal(1)}
CENT: Final = Decimal("0.01")
OTHER: Final = {"debit": "credit", "credit": "debit"}
NORMAL: Final = {"asset": "debit", "expense": "debit", "liability": "credit", "equity": "credit", "income": "credit"}
# Up to this amount, the percentage, and the least that is taken; what is above is charged as the last.
TIERS: Final = {
    "basic": (
        (Decimal(100), Decimal("1.5"), Decimal("0.5")),
        (Decimal(1000), Decimal("1.2"), Decimal(1)),
        (Decimal(10**9), Decimal("0.9"), Decimal(12)),
    ),
    "plus": ((Decimal(500), Decimal("0.5"), Decimal(0)), (Decimal(10**9), Decimal("0.25"), Decimal("2.5"))),
}


def money(amount: Decimal, account: Row) -> str:
    """Write an amount with the places of the account's currency, a half rounded up."""
    return str(amount.quantize(PLACES[account["currency"]], ROUND_HALF_UP))


def in_base(book: Row, account: Row, amount: Decimal) -> Decimal:
    rate = book["rates"].get(account["currency"], Decimal(1)) if account["currency"] != book["base"] else Decimal(1)
    return (amount * rate).quantize(CENT, ROUND_HALF_UP)


def fee_of(plan: str, amount: Decimal) -> Decimal:
    for most, percent, least in TIERS.get(plan, ()):
        if amount <= most:
            return max((amount * percent / 100).quantize(CENT, ROUND_HALF_UP), least)
    return Decimal(0)


def legs_of(book: Row, account: Row) -> list[tuple[Row, Row]]:
    return [(entry, leg) for entry in book["entries"] for leg in entry["legs"] if leg["account"] == account["code"]]


def balance_of(book: Row, account: Row, until: date | None = None, *, worth: bool = False) -> Decimal:
    """Sum an account's legs to a day: positive on its normal side; their worth in the base currency on request."""
    normal = NORMAL[account["kind"]]
    found = [leg for entry, leg in legs_of(book, account) if until is None or entry["date"] <= until]
    what = "base" if worth else "amount"
    return sum((leg[what] if leg["side"] == normal else -leg[what] for leg in found), Decimal(0))


def held_of(book: Row, account: Row) -> Decimal:
    mine = [one for one in book["holds"].values() if one["account"] == account["code"] and one["state"] == "active"]
    return sum((one["amount"] for one in mine), Decimal(0))


def account_shown(book: Row, account: Row) -> Row:
    balance, held = balance_of(book, account), held_of(book, account)
    kept = ("code", "name", "kind", "currency", "plan", "overdraft", "created")
    return {name: account[name] for name in kept} | {
        "normal": NORMAL[account["kind"]],
        "annual_rate": str(account["annual_rate"]),
        "balance": money(balance, account),
        "held": money(held, account),
        "available": money(balance - held, account),
        "entries": len({entry["no"] for entry, _ in legs_of(book, account)}),
    }


def entry_shown(book: Row, entry: Row) -> Row:
    legs = [
        {
            "account": one["account"],
            "side": one["side"],
            "amount": money(one["amount"], book["accounts"][one["account"]]),
            "currency": book["accounts"][one["account"]]["currency"],
        }
        for one in entry["legs"]
    ]
    total = sum((one["base"] for one in entry["legs"] if one["side"] == "debit"), Decimal(0))
    return entry | {"legs": legs, "total": f"{total:.2f}"}


def statement(book: Row, account: Row, start: date | None, end: date | None) -> Row:
    normal = NORMAL[account["kind"]]
    opening = balance_of(book, account, start - timedelta(days=1)) if start else Decimal(0)
    found = sorted(legs_of(book, account), key=lambda one: (one[0]["date"], one[0]["no"]))
    running, lines, sums = opening, [], {"debit": Decimal(0), "credit": Decimal(0)}
    for entry, leg in found:
        if (start and entry["date"] < start) or (end and entry["date"] > end):
            continue
        running += leg["amount"] if leg["side"] == normal else -leg["amount"]
        sums[leg["side"]] += leg["amount"]
        amount = money(leg["amount"], account)
        line = {"entry": entry["no"], "date": entry["date"], "memo": entry["memo"]}
        lines.append(line | {"debit": None, "credit": None, leg["side"]: amount, "balance": money(running, account)})
    return {
        "account": account["code"],
        "currency": account["currency"],
        "start": start,
        "end": end,
        "opening": money(opening, account),
        "lines": lines,
        "debits": money(sums["debit"], account),
        "credits": money(sums["credit"], account),
        "closing": money(running, account),
    }


def trial_balance(book: Row, as_of: date | None) -> Row:
    """Give the accounts that have a balance, by kind, in the base currency, on the side where the balance is."""
    groups, totals = [], {"debit": Decimal(0), "credit": Decimal(0)}
    for kind, normal in NORMAL.items():
        rows, sums = [], {"debit": Decimal(0), "credit": Decimal(0)}
        for _, account in sorted(book["accounts"].items()):
            balance = balance_of(book, account, as_of, worth=True)
            if account["kind"] != kind or not balance:
                continue
            side = normal if balance > 0 else OTHER[normal]
            sums[side] += abs(balance)
            row = {"account": account["code"], "name": account["name"]}
            rows.append(row | {"debit": "0.00", "credit": "0.00"} | {side: f"{abs(balance):.2f}"})
        if rows:
            groups.append({"kind": kind, "accounts": rows} | {side: f"{sum_:.2f}" for side, sum_ in sums.items()})
            totals = {side: totals[side] + sums[side] for side in totals}
    told = {f"total_{side}": f"{total:.2f}" for side, total in totals.items()}
    balanced = abs(totals["debit"] - totals["credit"]) < Decimal("0.05")
    return {"as_of": as_of, "base": book["base"], "groups": groups} | told | {"balanced": balanced}


def interest_of(book: Row, account: Row, start: date, end: date) -> tuple[int, Decimal]:
    """Reckon simple interest on each day's balance, a year of 365 days, with a half rounded to even."""
    days, sum_ = (end - start).days, Decimal(0)
    for day in range(days):
        sum_ += balance_of(book, account, start + timedelta(days=day))
    return days, (sum_ * account["annual_rate"] / 100 / 365).quantize(CENT, ROUND_HALF_EVEN)


def budget_report(book: Row, month: str) -> Row:
    spent = [one for one in book["spent"] if one["date"].isoformat().startswith(month)]
    planned = {category: amount for (when, category), amount in book["budgets"].items() if when == month}
    rows, sums = [], {"planned": Decimal(0), "actual": Decimal(0)}
    for category in sorted(planned.keys() | {one["category"] for one in spent}):
        plan = planned.get(category, Decimal(0))
        actual = sum((one["amount"] for one in spent if one["category"] == category), Decimal(0))
        used = float((actual * 100 / plan).quantize(Decimal("0.1"), ROUND_HALF_UP)) if plan else None
        row = {"category": category, "planned": f"{plan:.2f}", "actual": f"{actual:.2f}"}
        rows.append(row | {"left": f"{plan - actual:.2f}", "used_percent": used})
        sums = {"planned": sums["planned"] + plan, "actual": sums["actual"] + actual}
    left = sums["planned"] - sums["actual"]
    told = {name: f"{sum_:.2f}" for name, sum_ in sums.items()}
    return {"month": month, "categories": rows, "count": len(spent)} | told | {"left": f"{left:.2f}"}
