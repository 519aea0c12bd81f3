"""Bookkeeping by double entry, called by method names: accounts, entries that must balance, statements, periods."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

Row = dict[str, Any]

# Who may call, with what password, and what they may do.
CALLERS: Final = {
    "bookkeeper": ("quill-and-ink", "write"),
    "controller": ("green-eyeshade", "close"),
    "auditor": ("second-opinion", "read"),
}
SCOPES: Final = ("read", "write", "close")
NORMAL: Final = {"asset": "debit", "expense": "debit", "liability": "credit", "equity": "credit", "income": "credit"}
CURRENCIES: Final = ("EUR", "NOK", "SEK", "USD")
_books: dict[str, Row] = {}


class RefusedError(Exception):
    """A refusal: its code, and what the body tells beside it."""

    def __init__(self, code: str, status: int = 200, /, **details: object) -> None:
        self.status, self.body = status, {"ok": False, "error": code, **details}


def need(holds: object, code: str, status: int = 200, /, **details: object) -> None:
    if not holds:
        raise RefusedError(code, status, **details)


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def text(asked: Row, name: str) -> str:
    given = asked.get(name)
    need(given not in (None, ""), "missing_argument", argument=name)
    need(isinstance(given, str), "invalid_argument", argument=name, message=f"{name} must be a string")
    return str(given)


def day(asked: Row, name: str, default: str | None = None) -> str:
    given = text(asked, name) if default is None or name in asked else default
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise RefusedError("invalid_date", argument=name, message=f"'{given}' is not a date") from None


def amount_of(leg: Row, index: int) -> Decimal:
    """Give a leg's amount, negative on the credit side; exactly one side must be given."""
    sides = [side for side in ("debit", "credit") if leg.get(side) is not None]
    need(len(sides) == 1, "invalid_leg", leg=index, message="A leg has either debit or credit")
    given = str(leg[sides[0]])
    fits = re.fullmatch(r"\d{1,12}(\.\d{1,2})?", given) and Decimal(given)
    need(fits, "invalid_amount", leg=index, message="An amount is positive and has two decimals at most")
    amount = Decimal(given)
    return amount if sides[0] == "debit" else -amount


def book_of(asked: Row) -> Row:
    number = text(asked, "book")
    need(number in _books, "book_not_found", book=number)
    return _books[number]


def known(book: Row, number: object, /, **details: object) -> Row:
    need(str(number) in book["accounts"], "account_not_found", account=number, **details)
    return book["accounts"][str(number)]


def account_of(asked: Row) -> tuple[Row, Row]:
    book = book_of(asked)
    return book, known(book, text(asked, "account"))


def entry_of(asked: Row) -> tuple[Row, Row]:
    book, number = book_of(asked), text(asked, "entry")
    need(number in book["entries"], "entry_not_found", entry=number)
    return book, book["entries"][number]


def in_order(book: Row) -> list[Row]:
    return sorted(book["entries"].values(), key=lambda entry: (entry["date"], entry["number"]))


def signed(entries: Iterable[Row], account: str) -> list[Decimal]:
    """Give what the entries move on an account, negative on the credit side."""
    return [leg["amount"] for entry in entries for leg in entry["legs"] if leg["account"] == account]


def balance_of(account: Row, moved: Iterable[Decimal]) -> Decimal:
    total = sum(moved, Decimal(0))
    return total if NORMAL[account["type"]] == "debit" else -total + 0


def book_shown(book: Row) -> Row:
    shown = {name: book[name] for name in ("id", "name", "currency", "created")}
    shown |= {"account_count": len(book["accounts"]), "entry_count": len(book["entries"])}
    return {**shown, "closed_through": max(book["periods"], default=None)}


def account_shown(book: Row, account: Row) -> Row:
    moved = signed(book["entries"].values(), account["number"])
    shown = {name: account[name] for name in ("number", "name", "type")}
    shown |= {"normal_side": NORMAL[account["type"]], "status": account["status"]}
    shown |= {"debits": money(sum((one for one in moved if one > 0), Decimal(0)))}
    shown |= {"credits": money(-sum((one for one in moved if one < 0), Decimal(0)) + 0)}
    return {**shown, "balance": money(balance_of(account, moved)), "opened": account["opened"]}


def entry_shown(book: Row, entry: Row) -> Row:
    legs = []
    for leg in entry["legs"]:
        side = "debit" if leg["amount"] > 0 else "credit"
        name = book["accounts"][leg["account"]]["name"]
        legs.append({"account": leg["account"], "account_name": name, side: money(abs(leg["amount"]))})
    total = sum((leg["amount"] for leg in entry["legs"] if leg["amount"] > 0), Decimal(0))
    return {**entry, "total": money(total), "legs": legs}


def create_book(asked: Row, _: str) -> Row:
    currency = asked.get("currency", "EUR")
    need(currency in CURRENCIES, "invalid_currency", currency=currency, supported=list(CURRENCIES))
    book: Row = {"id": short_id("B", 10).upper(), "name": text(asked, "name"), "currency": currency, "created": now()}
    _books[book["id"]] = book | {"accounts": {}, "entries": {}, "periods": {}}
    return {"book": book_shown(_books[book["id"]])}


def open_account(asked: Row, _: str) -> Row:
    book, number, kind = book_of(asked), text(asked, "number"), text(asked, "type")
    need(re.fullmatch(r"[1-9]\d{3}", number), "invalid_account_number", message="An account number has four digits")
    need(kind in NORMAL, "invalid_account_type", type=kind, supported=sorted(NORMAL))
    need(number not in book["accounts"], "account_exists", account=number)
    account = {"number": number, "name": text(asked, "name"), "type": kind, "status": "open", "opened": now()}
    book["accounts"][number] = account
    return {"account": account_shown(book, account)}


def list_accounts(asked: Row, _: str) -> Row:
    book = book_of(asked)
    found = [book["accounts"][number] for number in sorted(book["accounts"])]
    return {"accounts": [account_shown(book, one) for one in found if asked.get("type") in (None, one["type"])]}


def close_account(asked: Row, _: str) -> Row:
    book, account = account_of(asked)
    need(account["status"] != "closed", "account_closed", account=account["number"])
    left = balance_of(account, signed(book["entries"].values(), account["number"]))
    need(not left, "balance_not_zero", account=account["number"], balance=money(left))
    account["status"] = "closed"
    return {"account": account_shown(book, account)}


def check_period(book: Row, on: str) -> None:
    last = max(book["periods"], default="")
    need(on[:7] > last, "period_closed", date=on, closed_through=last)


def legs_of(book: Row, given: Any) -> list[Row]:
    need(isinstance(given, list), "missing_argument", argument="legs")
    need(len(given) >= 2, "too_few_legs", message="An entry needs two legs or more")
    legs = []
    for index, leg in enumerate(given):
        need(isinstance(leg, dict), "invalid_leg", leg=index, message="A leg is an object")
        account = known(book, leg.get("account"), leg=index)
        need(account["status"] != "closed", "account_closed", account=account["number"], leg=index)
        legs.append({"account": account["number"], "amount": amount_of(leg, index)})
    debits = sum((leg["amount"] for leg in legs if leg["amount"] > 0), Decimal(0))
    credited = debits - sum((leg["amount"] for leg in legs), Decimal(0))
    told = {"debits": money(debits), "credits": money(credited), "difference": money(abs(debits - credited))}
    need(debits == credited, "unbalanced", **told)
    return legs


def add_entry(book: Row, on: str, memo: str, legs: list[Row], who: str, /, **more: object) -> Row:
    year = on[:4]
    count = sum(number.startswith(year) for number in book["entries"]) + 1
    entry: Row = {"number": f"{year}-{count:05d}", "date": on, "memo": memo, "reference": None, "status": "posted"}
    entry |= {"posted_by": who, "posted_at": now(), "reverses": None, "reversed_by": None, "legs": legs, **more}
    book["entries"][entry["number"]] = entry
    return entry


def post_entry(asked: Row, who: str) -> Row:
    book, on, memo = book_of(asked), day(asked, "date"), text(asked, "memo")
    check_period(book, on)
    legs, reference = legs_of(book, asked.get("legs")), asked.get("reference")
    taken = [one["number"] for one in book["entries"].values() if reference and one["reference"] == reference]
    need(not taken, "duplicate_reference", reference=reference, entry=(taken or [None])[0])
    return {"entry": entry_shown(book, add_entry(book, on, memo, legs, who, reference=reference))}


def reverse_entry(asked: Row, who: str) -> Row:
    book, entry = entry_of(asked)
    need(not entry["reversed_by"], "already_reversed", entry=entry["number"], reversed_by=entry["reversed_by"])
    need(not entry["reverses"], "is_reversal", entry=entry["number"], reverses=entry["reverses"])
    on = day(asked, "date", entry["date"])
    check_period(book, on)
    legs = [{**leg, "amount": -leg["amount"]} for leg in entry["legs"]]
    memo = asked.get("memo") or f"Reversal of {entry['number']}: {entry['memo']}"
    made = add_entry(book, on, memo, legs, who, reverses=entry["number"])
    entry |= {"status": "reversed", "reversed_by": made["number"]}
    return {"entry": entry_shown(book, made)}


def list_entries(asked: Row, _: str) -> Row:
    book, limit = book_of(asked), str(asked.get("limit", "20"))
    need(limit.isdecimal() and 1 <= int(limit) <= 100, "invalid_limit", message="limit is 1 to 100")
    found = in_order(book)
    if account := asked.get("account"):
        known(book, account)
        found = [one for one in found if account in [leg["account"] for leg in one["legs"]]]
    found = [one for one in found if str(asked.get("status", one["status"])) == one["status"]]
    cursors = [base64.urlsafe_b64encode(f"after:{one['number']}".encode()).decode() for one in found]
    cursor, start = asked.get("cursor"), 0
    if cursor:
        need(cursor in cursors, "invalid_cursor", argument="cursor")
        start = cursors.index(cursor) + 1
    page = found[start : start + int(limit)]
    following = cursors[start + len(page) - 1] if len(found) > start + len(page) else ""
    rows = [entry_shown(book, one) for one in page]
    return {"entries": rows, "response_metadata": {"next_cursor": following, "count": len(rows)}}


def statement(asked: Row, _: str) -> Row:
    book, account = account_of(asked)
    since, until = day(asked, "from", "0001-01-01"), day(asked, "to", "9999-12-31")
    need(since <= until, "invalid_range", message="from is after to")
    entries = [one for one in in_order(book) if one["date"] <= until]
    balance = opening = balance_of(account, signed((one for one in entries if one["date"] < since), account["number"]))
    lines = []
    for entry in entries:
        for moved in signed([entry], account["number"]) if entry["date"] >= since else []:
            balance += balance_of(account, [moved])
            sides = {"debit": money(moved) if moved > 0 else None, "credit": money(-moved) if moved < 0 else None}
            line = {"date": entry["date"], "entry": entry["number"], "memo": entry["memo"], **sides}
            lines.append({**line, "balance": money(balance)})
    head = {"account": account["number"], "name": account["name"], "currency": book["currency"]}
    head |= {"from": asked.get("from"), "to": asked.get("to"), "opening_balance": money(opening)}
    return {"statement": {**head, "lines": lines, "line_count": len(lines), "closing_balance": money(balance)}}


def trial_balance(asked: Row, _: str) -> Row:
    book, until, rows = book_of(asked), day(asked, "as_of", "9999-12-31"), []
    total = Decimal(0)
    for number in sorted(book["accounts"]):
        net = sum(signed((one for one in book["entries"].values() if one["date"] <= until), number), Decimal(0))
        total += max(net, Decimal(0))
        row = {"account": number, "name": book["accounts"][number]["name"]}
        rows.append({**row, "debit": money(max(net, Decimal(0))), "credit": money(max(-net, Decimal(0)))})
    totals = {"debit": money(total), "credit": money(total)}
    return {"trial_balance": {"as_of": asked.get("as_of"), "rows": rows, "totals": totals, "balanced": True}}


def close_period(asked: Row, who: str) -> Row:
    book, which = book_of(asked), text(asked, "month")
    fits = re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", which)
    need(fits, "invalid_date", argument="month", message=f"'{which}' is not a month")
    last = max(book["periods"], default="")
    need(which > last, "period_already_closed", month=which, closed_through=last)
    entries = [one for one in book["entries"].values() if one["date"][:7] == which]
    result = Decimal(0)
    for account in book["accounts"].values():
        if account["type"] in ("income", "expense"):
            result -= sum(signed(entries, account["number"]), Decimal(0))
    period = {"month": which, "status": "closed", "entry_count": len(entries), "result": money(result + 0)}
    book["periods"][which] = {**period, "closed_by": who, "closed_at": now()}
    return {"period": book["periods"][which]}


METHODS: Final[dict[str, tuple[str, Callable[[Row, str], Row]]]] = {
    "books.create": ("write", create_book),
    "books.info": ("read", lambda asked, _: {"book": book_shown(book_of(asked))}),
    "accounts.open": ("write", open_account),
    "accounts.info": ("read", lambda asked, _: {"account": account_shown(*account_of(asked))}),
    "accounts.list": ("read", list_accounts),
    "accounts.close": ("close", close_account),
    "accounts.statement": ("read", statement),
    "entries.post": ("write", post_entry),
    "entries.info": ("read", lambda asked, _: {"entry": entry_shown(*entry_of(asked))}),
    "entries.list": ("read", list_entries),
    "entries.reverse": ("write", reverse_entry),
    "periods.close": ("close", close_period),
    "periods.list": ("read", lambda asked, _: {"periods": list(reversed(book_of(asked)["periods"].values()))}),
    "reports.trial_balance": ("read", trial_balance),
}


def signed_in(request: Request) -> tuple[str, str]:
    """Give who calls and the scope; raises RefusedError where the credentials are not right."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    need(kind.lower() == "basic", "not_authed", 401)
    try:
        name, _, password = base64.b64decode(token).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise RefusedError("invalid_auth", 401) from None
    need(name in CALLERS and CALLERS[name][0] == password, "invalid_auth", 401)
    return name, CALLERS[name][1]


async def call(request: Request) -> Response:
    who, scope = signed_in(request)
    name = request.path_params["method"]
    need(name in METHODS, "unknown_method", 404, req_method=name)
    needed, run = METHODS[name]
    need(SCOPES.index(needed) <= SCOPES.index(scope), "missing_scope", 403, needed=needed, provided=scope)
    need(request.method == "POST" or needed == "read", "method_not_allowed", 405, allowed=["POST"])
    asked = dict(request.query_params) if request.method == "GET" else await json_object(request)
    return JSONResponse({"ok": True, **run(asked, who)})


async def refused(_: Request, error: Exception) -> Response:
    if isinstance(error, BodyError):
        return JSONResponse({"ok": False, "error": "invalid_json", "message": str(error)}, 400)
    assert isinstance(error, RefusedError)
    headers = {"WWW-Authenticate": 'Basic realm="books"'} if error.status == 401 else None
    return JSONResponse(error.body, error.status, headers)


app = Starlette(
    routes=[Route("/api/{method}", call, methods=["GET", "POST"])],
    exception_handlers={RefusedError: refused, BodyError: refused},
)
