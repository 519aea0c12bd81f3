"""Balances in FastAPI: accounts in several currencies, entries, holds, transfers with fees, interest, budgets."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse

from bench.fidelity.apps.balances_forms import (
    Budget,
    Capture,
    Currency,
    Kind,
    Month,
    NewAccount,
    NewBook,
    NewEntry,
    NewHold,
    NewTransfer,
    Period,
    Plan,
    Rate,
    Spending,
)
from bench.fidelity.apps.balances_reports import (
    PLACES,
    account_shown,
    balance_of,
    budget_report,
    entry_shown,
    fee_of,
    held_of,
    in_base,
    interest_of,
    money,
    statement,
    trial_balance,
)
from bench.fidelity.apps.parts import now, short_id

Row = dict[str, Any]

app: Final = FastAPI(openapi_url=None)
FEES: Final = "5900"

_books: Final[dict[str, Row]] = {}


class RefusedError(Exception):
    """What is refused: a status, a code, a sentence, and the figures that tell why."""

    def __init__(self, status: int, code: str, message: str, /, **more: object) -> None:
        self.status, self.body = status, {"code": code, "message": message, **more}


@app.exception_handler(RefusedError)
def refused(_: Request, error: RefusedError) -> JSONResponse:
    return JSONResponse(error.body, error.status)


def book_of(key: str) -> Row:
    if key not in _books:
        raise RefusedError(404, "book_not_found", f"No book {key}")
    return _books[key]


def account_of(book: Row, code: str) -> Row:
    if code not in book["accounts"]:
        raise RefusedError(404, "account_not_found", f"No account {code}", account=code)
    return book["accounts"][code]


def available(book: Row, account: Row) -> Decimal:
    return balance_of(book, account) - held_of(book, account)


def covered(book: Row, account: Row, amount: Decimal) -> None:
    """Refuse what would take more out of the account than there is in it."""
    left = available(book, account)
    if not account["overdraft"] and amount > left:
        short = amount - left
        shown = {"available": money(left, account), "missing": money(short, account)}
        raise RefusedError(409, "insufficient_funds", f"Account {account['code']} has too little", **shown)


def post(book: Row, day: date, memo: str, legs: list[Row], **more: object) -> Row:
    entry = {"no": len(book["entries"]) + 1, "date": day, "memo": memo, "legs": legs, "reverses": None} | more
    entry |= {"reversed_by": None, "created": now()}
    book["entries"].append(entry)
    return entry


def leg(book: Row, account: Row, side: str, amount: Decimal) -> Row:
    """Give a leg, and what it is worth in the base currency at the rate of now."""
    amount = amount.quantize(PLACES[account["currency"]])
    return {"account": account["code"], "side": side, "amount": amount, "base": in_base(book, account, amount)}


@app.post("/books", status_code=201)
def open_book(asked: NewBook) -> Row:
    key = short_id("bk_", 12)
    _books[key] = {"id": key, "title": asked.title, "base": asked.base, "accounts": {}, "entries": [], "holds": {}}
    _books[key] |= {"rates": {}, "budgets": {}, "spent": [], "created": now()}
    open_account(key, NewAccount(code=FEES, name="Fees", kind="expense"))
    return {"id": key, "title": asked.title, "base": asked.base, "created": _books[key]["created"]}


@app.get("/books/{key}")
def show_book(key: str) -> Row:
    book = book_of(key)
    shown = {name: book[name] for name in ("id", "title", "base", "created")}
    turnover = sum(
        (one["base"] for entry in book["entries"] for one in entry["legs"] if one["side"] == "debit"), Decimal(0)
    )
    return shown | {
        "accounts": len(book["accounts"]),
        "entries": len(book["entries"]),
        "turnover": f"{turnover:.2f}",
    }


@app.post("/books/{key}/accounts", status_code=201)
def open_account(key: str, asked: NewAccount) -> Row:
    book = book_of(key)
    if asked.code in book["accounts"]:
        raise RefusedError(409, "code_taken", f"Account {asked.code} exists", code_taken=asked.code)
    currency = asked.currency or book["base"]
    if currency != book["base"] and currency not in book["rates"]:
        raise RefusedError(409, "rate_missing", f"There is no rate for {currency}", currency=currency)
    account = asked.model_dump() | {"currency": currency, "created": now(), "accrued": []}
    book["accounts"][asked.code] = account
    return account_shown(book, account)


@app.get("/books/{key}/accounts")
def list_accounts(key: str, kind: Kind | None = None, currency: str | None = None) -> Row:
    book = book_of(key)
    found = [one for _, one in sorted(book["accounts"].items())]
    found = [one for one in found if kind in (None, one["kind"]) and currency in (None, one["currency"])]
    return {"accounts": [account_shown(book, one) for one in found], "count": len(found)}


@app.get("/books/{key}/accounts/{code}")
def show_account(key: str, code: str) -> Row:
    book = book_of(key)
    return account_shown(book, account_of(book, code))


@app.put("/books/{key}/rates/{currency}")
def set_rate(key: str, currency: Currency, asked: Rate) -> Row:
    book = book_of(key)
    if currency == book["base"]:
        raise RefusedError(400, "base_currency", "The base currency has no rate")
    before = book["rates"].get(currency)
    book["rates"][currency] = asked.rate
    return {"currency": currency, "base": book["base"], "rate": str(asked.rate), "before": before and str(before)}


@app.post("/books/{key}/entries", status_code=201)
def post_entry(key: str, asked: NewEntry) -> Row:
    book = book_of(key)
    legs = [leg(book, account_of(book, one.account), one.side, one.amount) for one in asked.legs]
    debit, credit = (sum(one["base"] for one in legs if one["side"] == side) for side in ("debit", "credit"))
    if debit != credit:
        told = {"debit": f"{debit:.2f}", "credit": f"{credit:.2f}", "difference": f"{debit - credit:.2f}"}
        raise RefusedError(422, "unbalanced", "Debits and credits differ", **told)
    for one in legs:
        account = account_of(book, one["account"])
        if account["kind"] == "asset" and one["side"] == "credit":
            covered(book, account, one["amount"])
    return entry_shown(book, post(book, asked.date, asked.memo, legs))


def entry_of(book: Row, no: int) -> Row:
    if not 1 <= no <= len(book["entries"]):
        raise RefusedError(404, "entry_not_found", f"No entry {no}")
    return book["entries"][no - 1]


@app.get("/books/{key}/entries")
def list_entries(
    key: str,
    account: str | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Row:
    book = book_of(key)
    found = [one for one in book["entries"] if account in (None, *(leg["account"] for leg in one["legs"]))]
    rows = [entry_shown(book, one) for one in found[::-1][offset : offset + limit]]
    return {"entries": rows, "total": len(found), "has_more": offset + limit < len(found)}


@app.get("/books/{key}/entries/{no}")
def show_entry(key: str, no: int) -> Row:
    book = book_of(key)
    return entry_shown(book, entry_of(book, no))


@app.post("/books/{key}/entries/{no}/reversal", status_code=201)
def reverse(key: str, no: int) -> Row:
    book = book_of(key)
    entry = entry_of(book, no)
    if entry["reversed_by"] or entry["reverses"]:
        raise RefusedError(409, "not_reversible", f"Entry {no} is a reversal or was reversed", entry=no)
    other = {"debit": "credit", "credit": "debit"}
    legs = [one | {"side": other[one["side"]]} for one in entry["legs"]]
    made = post(book, entry["date"], f"Reversal of {no}", legs, reverses=no)
    entry["reversed_by"] = made["no"]
    return entry_shown(book, made)


@app.get("/books/{key}/accounts/{code}/statement")
def show_statement(key: str, code: str, start: date | None = None, end: date | None = None) -> Row:
    book = book_of(key)
    return statement(book, account_of(book, code), start, end)


@app.get("/books/{key}/accounts/{code}/statement.csv")
def export(key: str, code: str, start: date | None = None, end: date | None = None) -> Response:
    book = book_of(key)
    told, out = statement(book, account_of(book, code), start, end), io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["date", "entry", "memo", "debit", "credit", "balance"])
    rows.writerow(["", "", "Opening balance", "", "", told["opening"]])
    for one in told["lines"]:
        rows.writerow([one["date"], one["entry"], one["memo"], one["debit"] or "", one["credit"] or "", one["balance"]])
    rows.writerow(["", "", "Closing balance", told["debits"], told["credits"], told["closing"]])
    file = f'attachment; filename="statement-{code}.csv"'
    return Response(out.getvalue(), media_type="text/csv", headers={"Content-Disposition": file})


@app.get("/books/{key}/trial-balance")
def show_trial_balance(key: str, as_of: date | None = None) -> Row:
    return trial_balance(book_of(key), as_of)


@app.post("/books/{key}/accounts/{code}/holds", status_code=201)
def hold(key: str, code: str, asked: NewHold) -> Row:
    book = book_of(key)
    account = account_of(book, code)
    covered(book, account, asked.amount)
    held = {"id": short_id("hold_", 10), "account": code, "amount": asked.amount, "reason": asked.reason}
    held |= {"state": "active", "captured": Decimal(0)}
    book["holds"][held["id"]] = held
    return hold_shown(book, held)


def hold_shown(book: Row, held: Row) -> Row:
    account = account_of(book, held["account"])
    figures = {name: money(held[name], account) for name in ("amount", "captured")}
    return held | figures | {"available": money(available(book, account), account)}


def hold_of(book: Row, ref: str, *, active: bool = False) -> Row:
    if ref not in book["holds"]:
        raise RefusedError(404, "hold_not_found", f"No hold {ref}")
    if active and book["holds"][ref]["state"] != "active":
        raise RefusedError(409, "hold_not_active", f"The hold is {book['holds'][ref]['state']}")
    return book["holds"][ref]


@app.get("/books/{key}/holds/{ref}")
def show_hold(key: str, ref: str) -> Row:
    book = book_of(key)
    return hold_shown(book, hold_of(book, ref))


@app.post("/books/{key}/holds/{ref}/release")
def release(key: str, ref: str) -> Row:
    book = book_of(key)
    held = hold_of(book, ref, active=True)
    held["state"] = "released"
    return hold_shown(book, held)


@app.post("/books/{key}/holds/{ref}/capture")
def capture(key: str, ref: str, asked: Capture) -> Row:
    book = book_of(key)
    held = hold_of(book, ref, active=True)
    amount = asked.amount or held["amount"]
    if amount > held["amount"]:
        raise RefusedError(422, "above_hold", "More than is held", held=f"{held['amount']:.2f}")
    source, target = account_of(book, held["account"]), account_of(book, asked.to)
    legs = [leg(book, target, "debit", amount), leg(book, source, "credit", amount)]
    held |= {"state": "captured", "captured": amount}
    made = post(book, asked.date, f"Capture: {held['reason']}", legs)
    return hold_shown(book, held) | {"entry": made["no"]}


@app.post("/books/{key}/transfers", status_code=201)
def transfer(key: str, asked: NewTransfer) -> Row:
    """Move money, less a fee, into another account, at the rate between the two currencies."""
    book = book_of(key)
    source, target = account_of(book, asked.source), account_of(book, asked.target)
    if asked.source == asked.target:
        raise RefusedError(422, "same_account", "Source and target are the same")
    fee = fee_of(source["plan"], asked.amount)
    covered(book, source, asked.amount + fee)
    rates = {book["base"]: Decimal(1)} | book["rates"]
    rate = (rates[source["currency"]] / rates[target["currency"]]).quantize(Decimal("0.000001"))
    got = Decimal(money(asked.amount * rate, target))
    legs = [leg(book, target, "debit", got), leg(book, source, "credit", asked.amount + fee)]
    if fee:
        cost = account_of(book, FEES)
        legs.insert(1, leg(book, cost, "debit", in_base(book, source, fee)))
    made = post(book, asked.date, f"Transfer {asked.source} to {asked.target}", legs)
    told = {"entry": made["no"], "source": asked.source, "target": asked.target, "amount": money(asked.amount, source)}
    told |= {"fee": money(fee, source), "charged": money(asked.amount + fee, source), "rate": str(rate)}
    told |= {"received": money(got, target), "source_balance": money(balance_of(book, source), source)}
    return told | {"target_balance": money(balance_of(book, target), target)}


@app.get("/fees")
def quote(plan: Plan, amount: Annotated[Decimal, Query(gt=0)]) -> Row:
    fee = fee_of(plan, amount)
    return {"plan": plan, "amount": f"{amount:.2f}", "fee": f"{fee:.2f}", "total": f"{amount + fee:.2f}"}


@app.post("/books/{key}/accounts/{code}/interest", status_code=201)
def accrue(key: str, code: str, asked: Period) -> Row:
    book = book_of(key)
    account = account_of(book, code)
    if asked.end <= asked.start:
        raise RefusedError(422, "empty_period", "The period has no days")
    days, amount = interest_of(book, account, asked.start, asked.end)
    account["accrued"].append(amount)
    told = {"account": code, "days": days, "annual_rate": str(account["annual_rate"]), "interest": f"{amount:.2f}"}
    return told | {"principal": money(balance_of(book, account), account), "accrued": f"{sum(account['accrued']):.2f}"}


@app.post("/books/{key}/revaluation")
def revalue(key: str) -> Row:
    """Tell what each account in another currency is worth now, and what it was worth when it was posted."""
    book, rows = book_of(key), []
    for _, account in sorted(book["accounts"].items()):
        if account["currency"] == book["base"]:
            continue
        rate, cost = book["rates"][account["currency"]], balance_of(book, account, worth=True)
        worth = in_base(book, account, balance_of(book, account))
        row = {"account": account["code"], "currency": account["currency"], "rate": str(rate)}
        row |= {"balance": money(balance_of(book, account), account), "cost": f"{cost:.2f}", "value": f"{worth:.2f}"}
        rows.append(row | {"gain": f"{worth - cost:.2f}"})
    gain = sum((Decimal(one["gain"]) for one in rows), Decimal(0))
    return {"base": book["base"], "accounts": rows, "gain": f"{gain:.2f}"}


@app.put("/books/{key}/budgets/{month}/{category}")
def set_budget(key: str, month: Month, category: str, asked: Budget) -> Row:
    book = book_of(key)
    book["budgets"][month, category] = asked.amount
    return {"month": month, "category": category, "amount": f"{asked.amount:.2f}"}


@app.post("/books/{key}/spending", status_code=201)
def spend(key: str, asked: Spending) -> Row:
    book, month = book_of(key), asked.date.isoformat()[:7]
    book["spent"].append(asked.model_dump())
    same = [one for one in book["spent"] if one["category"] == asked.category]
    actual = sum(one["amount"] for one in same if one["date"].isoformat().startswith(month))
    told = {"no": len(book["spent"]), "category": asked.category, "month": month, "amount": f"{asked.amount:.2f}"}
    budget = book["budgets"].get((month, asked.category))
    over = budget is not None and actual > budget
    return told | {"note": asked.note, "spent_this_month": f"{actual:.2f}", "over_budget": over}


@app.get("/books/{key}/budgets/{month}")
def show_budgets(key: str, month: Month) -> Row:
    return budget_report(book_of(key), month)
