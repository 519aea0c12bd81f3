"""What the balances are asked with: the bodies, checked by pydantic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Kind = Literal["asset", "liability", "equity", "income", "expense"]
Currency = Literal["EUR", "USD", "GBP", "JPY"]
Plan = Literal["basic", "plus", "none"]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class NewBook(BaseModel):
    title: str = Field(min_length=1, max_length=80)
    base: Literal["EUR", "USD", "GBP"] = "EUR"


class NewAccount(BaseModel):
    code: str = Field(pattern=r"^\d{4}$")
    name: str = Field(min_length=1)
    kind: Kind
    currency: Currency | None = None
    plan: Plan = "none"
    annual_rate: Decimal = Field(default=Decimal(0), ge=0, le=25)
    overdraft: bool = False


class Leg(BaseModel):
    account: str
    side: Literal["debit", "credit"]
    amount: Decimal = Field(gt=0)


class NewEntry(BaseModel):
    date: date
    memo: str = ""
    legs: list[Leg] = Field(min_length=2)


class NewHold(BaseModel):
    amount: Decimal = Field(gt=0)
    reason: str = "authorization"


class Capture(BaseModel):
    amount: Decimal | None = Field(default=None, gt=0)
    to: str
    date: date


class NewTransfer(BaseModel):
    source: str
    target: str
    amount: Decimal = Field(gt=0)
    date: date


class Rate(BaseModel):
    rate: Decimal = Field(gt=0)


class Period(BaseModel):
    start: date
    end: date


class Budget(BaseModel):
    amount: Decimal = Field(ge=0)


class Spending(BaseModel):
    category: str = Field(min_length=1)
    date: date
    amount: Decimal = Field(gt=0)
    note: str | None = None
