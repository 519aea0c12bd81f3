"""A treasury's books over JSON-RPC 2.0 on one path: postings that balance, reversals, statements, locks, rates."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import bearer, now
from bench.fidelity.apps.treasury_params import (
    DECIMALS,
    RefusedError,
    day_of,
    invalid,
    money_of,
    need,
    rounded,
    shown_as,
    text_of,
    whole_of,
)

Row = dict[str, Any]

CALLERS: Final = {"trs-clerk-0b7e": "clerk", "trs-ctrl-91d2": "controller", "trs-view-44fa": "observer"}
RANKS: Final = ("observer", "clerk", "controller")
PER_EUR: Final = {"EUR": Decimal(1), "USD": Decimal("1.0850"), "CHF": Decimal("0.9420"), "JPY": Decimal("163.25")}
_books: dict[str, Row] = {}


def book_of(asked: Row) -> Row:
    found = text_of(asked, "book")
    need(found in _books, 4040, "No such book", book=found)
    return _books[found]


def account_of(book: Row, code: str) -> Row:
    need(code in book["accounts"], 4041, "No such account", account=code)
    return book["accounts"][code]


def posting_of(book: Row, asked: Row) -> Row:
    number = text_of(asked, "posting")
    need(number in book["postings"], 4042, "No such posting", posting=number)
    return book["postings"][number]


def lines_on(book: Row, code: str, until: str = "9999") -> list[tuple[Row, Decimal]]:
    found = [one for one in book["postings"].values() if one["date"] <= until]
    return [(one, amount) for one in found for account, amount in one["lines"] if account == code]


def balance(book: Row, code: str, until: str = "9999") -> Decimal:
    return sum((amount for _, amount in lines_on(book, code, until)), Decimal(0))


def account_shown(book: Row, account: Row) -> Row:
    lines, currency = lines_on(book, account["code"]), book["currency"]
    last = lines[-1][0]["date"] if lines else None
    held = shown_as(balance(book, account["code"]), currency)
    return {**account, "currency": currency, "balance": held, "lines": len(lines), "lastPosted": last}


def posting_shown(book: Row, posting: Row) -> Row:
    currency, names = book["currency"], {code: one["name"] for code, one in book["accounts"].items()}
    lines = [
        {"line": at, "account": code, "name": names[code], "amount": shown_as(amount, currency)}
        for at, (code, amount) in enumerate(posting["lines"], 1)
    ]
    turnover = sum(amount for _, amount in posting["lines"] if amount > 0)
    return {**posting, "lines": lines, "turnover": shown_as(turnover, currency), "currency": currency}


def create_book(asked: Row, caller: str) -> Row:
    name, currency = text_of(asked, "name"), text_of(asked, "currency", "EUR")
    if currency not in DECIMALS:
        raise invalid("currency", f"not one of {', '.join(DECIMALS)}")
    book: Row = {"book": f"bk{secrets.token_hex(6)}", "name": name, "currency": currency, "openedBy": caller}
    _books[book["book"]] = book | {"accounts": {}, "postings": {}, "lockedUntil": None}
    return book | {"decimals": DECIMALS[currency], "lockedUntil": None}


def add_account(asked: Row, _: str) -> Row:
    book, code, name = book_of(asked), text_of(asked, "code"), text_of(asked, "name")
    side = asked.get("side")
    if side not in ("debit", "credit"):
        raise invalid("side", "not one of debit, credit")
    need(
        code not in book["accounts"], 4090, "Code is taken", code=code, name=book["accounts"].get(code, {}).get("name")
    )
    book["accounts"][code] = {"code": code, "name": name, "side": side, "addedAt": now()}
    return account_shown(book, book["accounts"][code])


def show_account(asked: Row, _: str) -> Row:
    book = book_of(asked)
    return account_shown(book, account_of(book, text_of(asked, "account")))


def rename_account(asked: Row, _: str) -> Row:
    book = book_of(asked)
    account = account_of(book, text_of(asked, "account"))
    account["name"] = text_of(asked, "name")
    return account_shown(book, account)


def find_accounts(asked: Row, _: str) -> Row:
    book, side = book_of(asked), asked.get("side")
    found = [book["accounts"][code] for code in sorted(book["accounts"])]
    rows = [account_shown(book, one) for one in found if side in (None, one["side"])]
    return {"accounts": rows, "count": len(rows)}


def check_unlocked(book: Row, on: str) -> None:
    locked = book["lockedUntil"]
    need(not locked or on > locked, 4091, "Period is locked", date=on, lockedUntil=locked)


def add_posting(book: Row, on: str, text: str, lines: list[tuple[str, Decimal]], caller: str, **more: object) -> Row:
    number = f"P-{len(book['postings']) + 1:05d}"
    posting = {"posting": number, "date": on, "text": text, "lines": lines, "reverses": None, "reversedBy": None}
    book["postings"][number] = {**posting, **more, "postedBy": caller, "postedAt": now()}
    return book["postings"][number]


def make_posting(asked: Row, caller: str) -> Row:
    book, on, text = book_of(asked), day_of(asked, "date"), text_of(asked, "text")
    given = asked.get("lines")
    if not isinstance(given, list) or len(given) < 2:
        raise invalid("lines", "fewer than two")
    lines = []
    for at, one in enumerate(given):
        row = one if isinstance(one, dict) else {}
        code = account_of(book, text_of(row, "account"))["code"]
        lines.append((code, money_of(row, "amount", book["currency"], f"lines.{at}.amount")))
    currency = book["currency"]
    debits = sum((amount for _, amount in lines if amount > 0), Decimal(0))
    given_back = -sum((amount for _, amount in lines if amount < 0), Decimal(0))
    told = {"debits": shown_as(debits, currency), "credits": shown_as(given_back, currency)}
    need(debits == given_back, 4220, "Not balanced", **told, difference=shown_as(debits - given_back, currency))
    check_unlocked(book, on)
    posting = add_posting(book, on, text, lines, caller)
    after = {code: shown_as(balance(book, code), currency) for code, _ in lines}
    return {"posting": posting_shown(book, posting), "balances": after}


def show_posting(asked: Row, _: str) -> Row:
    book = book_of(asked)
    return posting_shown(book, posting_of(book, asked))


def list_postings(asked: Row, _: str) -> Row:
    book, account = book_of(asked), asked.get("account")
    skip, count = whole_of(asked, "skip", 0, 10**6), whole_of(asked, "count", 10, 50)
    found = list(reversed(book["postings"].values()))
    if account is not None:
        account_of(book, account)
        found = [one for one in found if account in [code for code, _ in one["lines"]]]
    rows = [posting_shown(book, one) for one in found[skip : skip + count]]
    return {"postings": rows, "total": len(found), "skip": skip, "count": len(rows)}


def reverse_posting(asked: Row, caller: str) -> Row:
    book = book_of(asked)
    posting = posting_of(book, asked)
    need(not posting["reversedBy"], 4092, "Already reversed", posting=posting["posting"], by=posting["reversedBy"])
    on = day_of(asked, "date", posting["date"])
    check_unlocked(book, on)
    lines = [(code, -amount) for code, amount in posting["lines"]]
    text = asked.get("text") or f"Reversal of {posting['posting']}"
    made = add_posting(book, on, text, lines, caller, reverses=posting["posting"])
    posting["reversedBy"] = made["posting"]
    return posting_shown(book, made)


def show_balance(asked: Row, _: str) -> Row:
    book = book_of(asked)
    account, at = account_of(book, text_of(asked, "account")), day_of(asked, "at", "2999-12-31")
    held = balance(book, account["code"], at)
    normal = held if account["side"] == "debit" else -held
    told = {"account": account["code"], "side": account["side"], "balance": shown_as(held, book["currency"])}
    return {**told, "normal": shown_as(normal, book["currency"]), "at": asked.get("at")}


def trial_balance(asked: Row, _: str) -> Row:
    book, at = book_of(asked), day_of(asked, "at", "2999-12-31")
    currency, rows, sums = book["currency"], [], [Decimal(0), Decimal(0)]
    for code in sorted(book["accounts"]):
        held = balance(book, code, at)
        debit, credit = max(held, Decimal(0)), max(-held, Decimal(0))
        sums = [sums[0] + debit, sums[1] + credit]
        row = {"account": code, "name": book["accounts"][code]["name"]}
        rows.append({**row, "debit": shown_as(debit, currency), "credit": shown_as(credit, currency)})
    told = {"debit": shown_as(sums[0], currency), "credit": shown_as(sums[1], currency)}
    return {"at": asked.get("at"), "currency": currency, "rows": rows, "totals": told}


def statement(asked: Row, _: str) -> Row:
    book = book_of(asked)
    account, after = account_of(book, text_of(asked, "account")), whole_of(asked, "after", 0, 10**6)
    count, currency, running, rows = whole_of(asked, "count", 10, 50), book["currency"], Decimal(0), []
    for at, (one, amount) in enumerate(lines_on(book, account["code"]), 1):
        running += amount
        row = {"entry": at, "posting": one["posting"], "date": one["date"], "text": one["text"]}
        rows.append({**row, "amount": shown_as(amount, currency), "balance": shown_as(running, currency)})
    page, zero = rows[after : after + count], shown_as(Decimal(0), currency)
    brought = rows[min(after, len(rows)) - 1]["balance"] if after and rows else zero
    told = {"account": account["code"], "name": account["name"], "broughtForward": brought, "entries": page}
    more = after + count if after + count < len(rows) else None
    return {**told, "carriedForward": page[-1]["balance"] if page else brought, "total": len(rows), "after": more}


def lock(asked: Row, caller: str) -> Row:
    book, until = book_of(asked), day_of(asked, "until")
    held = book["lockedUntil"]
    need(not held or until > held, 4093, "Locked already", until=until, lockedUntil=held)
    book["lockedUntil"] = until
    inside = sum(one["date"] <= until for one in book["postings"].values())
    return {"book": book["book"], "lockedUntil": until, "postings": inside, "lockedBy": caller}


def convert(asked: Row, _: str) -> Row:
    source, target = text_of(asked, "from"), text_of(asked, "to")
    for field, found in (("from", source), ("to", target)):
        need(found in DECIMALS, 4221, "No rate for currency", field=field, currency=found)
    rate = (PER_EUR[target] / PER_EUR[source]).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    amount = money_of(asked, "amount", source, "amount")
    worth = shown_as(rounded(amount * rate, target), target)
    return {"amount": asked["amount"], "from": source, "to": target, "rate": float(rate), "converted": worth}


def summary(asked: Row, _: str) -> Row:
    book = book_of(asked)
    shown = {name: book[name] for name in ("book", "name", "currency", "lockedUntil", "openedBy")}
    reversed_ = sum(one["reverses"] is not None for one in book["postings"].values())
    last = next(reversed(book["postings"]), None)
    counts = {"accounts": len(book["accounts"]), "postings": len(book["postings"]), "reversals": reversed_}
    return {**shown, **counts, "lastPosting": last}


METHODS: Final[dict[str, tuple[Callable[[Row, str], object], str]]] = {
    "book.create": (create_book, "controller"),
    "book.summary": (summary, "observer"),
    "account.add": (add_account, "controller"),
    "account.show": (show_account, "observer"),
    "account.rename": (rename_account, "clerk"),
    "account.find": (find_accounts, "observer"),
    "posting.make": (make_posting, "clerk"),
    "posting.show": (show_posting, "observer"),
    "posting.list": (list_postings, "observer"),
    "posting.reverse": (reverse_posting, "clerk"),
    "balance.show": (show_balance, "observer"),
    "balance.trial": (trial_balance, "observer"),
    "statement.page": (statement, "observer"),
    "period.lock": (lock, "controller"),
    "rate.convert": (convert, "observer"),
}


def run(method: str, params: object, token: str) -> object:
    caller = CALLERS.get(token)
    if caller is None:
        raise RefusedError(4010, "Unknown caller")
    if method not in METHODS:
        raise RefusedError(-32601, "Method not found", method=method)
    does, least = METHODS[method]
    need(RANKS.index(caller) >= RANKS.index(least), 4030, "Not allowed", method=method, caller=caller, needs=least)
    if not isinstance(params, dict):
        raise invalid("params", "not an object")
    return does(params, caller)


def reply(call: object, token: str) -> Row | None:
    if not isinstance(call, dict) or call.get("jsonrpc") != "2.0" or not isinstance(call.get("method"), str):
        return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "Invalid Request"}}
    try:
        told: Row = {"result": run(call["method"], call.get("params", {}), token)}
    except RefusedError as refused:
        told = {"error": refused.shown}
    return {"jsonrpc": "2.0", "id": call["id"], **told} if "id" in call else None


async def serve(request: Request) -> Response:
    try:
        asked = json.loads(await request.body())
    except ValueError:
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "Parse error"}})
    calls = asked if isinstance(asked, list) and asked else [asked]
    replies = [told for call in calls if (told := reply(call, bearer(request))) is not None]
    return JSONResponse(replies if calls is asked else replies[0]) if replies else Response(status_code=204)


app = Starlette(routes=[Route("/books", serve, methods=["POST"])])
