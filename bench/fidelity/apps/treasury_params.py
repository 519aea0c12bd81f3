"""What the treasury takes as params, money in the currency's decimals, and how it refuses."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

Row = dict[str, Any]

DECIMALS: Final = {"EUR": 2, "USD": 2, "CHF": 2, "JPY": 0}


class RefusedError(Exception):
    """A call that is answered with an error: its code, its message and what else is told."""

    def __init__(self, code: int, message: str, /, **data: object) -> None:
        super().__init__(message)
        self.shown = {"code": code, "message": message, **({"data": data} if data else {})}


def need(holds: object, code: int, message: str, /, **data: object) -> None:
    if not holds:
        raise RefusedError(code, message, **data)


def invalid(field: str, problem: str) -> RefusedError:
    return RefusedError(-32602, "Invalid params", field=field, problem=problem)


def text_of(asked: Row, field: str, default: str | None = None) -> str:
    found = asked.get(field, default)
    if not isinstance(found, str) or not found.strip():
        raise invalid(field, "missing" if found is None else "not a text")
    return found


def day_of(asked: Row, field: str, default: str | None = None) -> str:
    try:
        return date.fromisoformat(text_of(asked, field, default)).isoformat()
    except ValueError:
        raise invalid(field, "not a day") from None


def whole_of(asked: Row, field: str, default: int, most: int) -> int:
    found = asked.get(field, default)
    if type(found) is not int or not 0 <= found <= most:
        raise invalid(field, f"not a whole number up to {most}")
    return found


def money_of(asked: Row, field: str, currency: str, at: str) -> Decimal:
    found = asked.get(field)
    if isinstance(found, bool) or not isinstance(found, int | float) or not found:
        raise invalid(at, "not an amount")
    amount = Decimal(str(found))
    if amount != rounded(amount, currency):
        raise invalid(at, f"more than {DECIMALS[currency]} decimals")
    return amount


def rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-DECIMALS[currency]), ROUND_HALF_UP)


def shown_as(amount: Decimal, currency: str) -> int | float:
    return float(amount) if DECIMALS[currency] else int(amount)
