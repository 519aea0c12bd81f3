"""Sessions of bookkeeping: a chart of accounts, entries of several legs, reversals, statements, closed months."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

PASSWORDS: Final = {"bookkeeper": "quill-and-ink", "controller": "green-eyeshade", "auditor": "second-opinion"}
CHART: Final = {
    "asset": [("1000", "Bank"), ("1100", "Receivables"), ("1200", "Inventory"), ("1300", "Prepaid rent")],
    "liability": [("2000", "Payables"), ("2100", "VAT due"), ("2200", "Loan")],
    "equity": [("3000", "Share capital"), ("3100", "Retained earnings")],
    "income": [("4000", "Sales"), ("4100", "Services"), ("4200", "Interest")],
    "expense": [("5000", "Wages"), ("5100", "Rent"), ("5200", "Travel"), ("5300", "Software")],
}


@dataclass
class Books:
    """One caller of the bookkeeping, the book that it works in, and the accounts that were opened there, by type."""

    client: Client
    who: str
    book: str = ""
    year: int = 2025
    open_from: int = 1
    accounts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        given = base64.b64encode(f"{self.who}:{PASSWORDS[self.who]}".encode()).decode()
        return {"Authorization": f"Basic {given}"}

    def do(self, label: str, method: str, **asked: object) -> Answered:
        """Change something in the book."""
        given = {"book": self.book, **asked} if self.book else asked
        return self.client.ask(label, "POST", f"/api/{method}", json=given, headers=self.headers, reads=True)

    def read(self, label: str, method: str, **asked: object) -> Answered:
        """Look at something in the book."""
        query = {"book": self.book, **{name.rstrip("_"): value for name, value in asked.items()}}
        return self.client.ask(label, "GET", f"/api/{method}", query=query, headers=self.headers, reads=True)

    def acting(self, who: str) -> Books:
        """Give another caller at the same book."""
        return Books(self.client.user(), who, self.book, self.year, self.open_from, self.accounts)

    def one(self, random: Random, *types: str) -> str:
        return random.choice([number for kind in types for number in self.accounts[kind]])


def play(client: Client, random: Random) -> None:
    books = Books(client, "bookkeeper", year=random.choice([2024, 2025, 2026]))
    asked: dict[str, object] = {"name": values.title(random)}
    if random.random() < 0.5:
        asked["currency"] = random.choice(["EUR", "NOK", "SEK", "USD"])
    books.book = books.do("create a book", "books.create", **asked).take("book", "id")
    chart(books, random)
    capital(books, random)
    kinds = [selling, selling, spending, reversing, stating, closing, browsing, retiring]
    for kind in random.sample(kinds, random.randint(3, 4)):
        kind(books, random)
    mistakes(books, random)
    books.read("trial balance", "reports.trial_balance")


def chart(books: Books, random: Random) -> None:
    chosen = {kind: [*found[:1], *random.sample(found[1:], 1)] for kind, found in CHART.items()}
    chosen["equity"] = chosen["equity"][:1]
    rows = [(kind, *row) for kind, found in chosen.items() for row in found]
    if random.random() < 0.5:
        random.shuffle(rows)
    for kind, number, name in rows:
        books.do("open an account", "accounts.open", number=number, name=name, type=kind)
        books.accounts.setdefault(kind, []).append(number)


def amount(random: Random, low: int = 1, high: int = 400) -> int:
    """Give an amount in cents, often a round one."""
    return random.randint(low, high) * 100 + random.choice([0, 0, 50, random.randint(1, 99)])


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def leg(account: str, side: str, cents: int) -> dict[str, str]:
    return {"account": account, side: money(cents)}


def date(books: Books, random: Random, first: int = 1, last: int = 12) -> str:
    month = random.randint(max(first, books.open_from), last)
    return f"{books.year}-{month:02d}-{random.randint(1, 28):02d}"


def post(books: Books, random: Random, label: str, on: str, *legs: dict[str, str], **more: object) -> Answered:
    if random.random() < 0.4 and "reference" not in more:
        more["reference"] = f"INV-{random.randint(1000, 99999)}"
    return books.do(label, "entries.post", date=on, memo=values.title(random), legs=list(legs), **more)


def capital(books: Books, random: Random) -> None:
    cents = random.randint(50, 900) * 10_000
    legs = leg("1000", "debit", cents), leg("3000", "credit", cents)
    post(books, random, "opening entry", f"{books.year}-01-01", *legs)


def sale(books: Books, random: Random, on: str, label: str = "sale") -> tuple[str, str]:
    """Post a sale, with value added tax or without; give the entry and the account that was debited."""
    target, net = books.one(random, "asset"), amount(random)
    tax = net // 4 if random.random() < 0.5 else 0
    legs = [leg(target, "debit", net + tax), leg(books.one(random, "income"), "credit", net)]
    if tax:
        legs.append(leg(books.one(random, "liability"), "credit", tax))
    return post(books, random, label, on, *legs).take("entry", "number"), target


def selling(books: Books, random: Random) -> None:
    entry, target = sale(books, random, date(books, random))
    if random.random() < 0.6:
        sale(books, random, date(books, random))
    books.read("the account", "accounts.info", account=target)
    books.read("the entry", "entries.info", entry=entry)


def spending(books: Books, random: Random) -> None:
    first, second = amount(random, 1, 90), amount(random, 1, 60)
    if random.random() < 0.5:
        legs = [leg(books.one(random, "expense"), "debit", first), leg("1000", "credit", first)]
    else:
        one, other = books.accounts["expense"]
        legs = [leg(one, "debit", first), leg(other, "debit", second), leg("1000", "credit", first + second)]
    post(books, random, "spend", date(books, random), *legs)
    books.read("accounts", "accounts.list")
    if random.random() < 0.5:
        books.read("expenses", "accounts.list", type="expense")


def reversing(books: Books, random: Random) -> None:
    entry, target = sale(books, random, date(books, random, 1, 6), "sale by mistake")
    asked = {"date": date(books, random, 7, 12)} if random.random() < 0.5 else {}
    if random.random() < 0.4:
        asked["memo"] = values.title(random)
    reversal = books.do("reverse", "entries.reverse", entry=entry, **asked).take("entry", "number")
    books.read("the reversed entry", "entries.info", entry=entry)
    books.read("the account after all", "accounts.info", account=target)
    if random.random() < 0.5:
        books.do("reverse twice", "entries.reverse", entry=entry)
    if random.random() < 0.3:
        books.do("reverse the reversal", "entries.reverse", entry=reversal)
    if random.random() < 0.4:
        books.read("reversed entries", "entries.list", status="reversed")


def stating(books: Books, random: Random) -> None:
    for _ in range(random.randint(1, 3)):
        sale(books, random, date(books, random))
    account = random.choice(["1000", books.one(random, "asset", "income")])
    books.read("statement", "accounts.statement", account=account)
    since = f"{books.year}-{random.randint(2, 6):02d}-01"
    until = f"{books.year}-{random.randint(7, 11):02d}-28"
    books.read("statement of some months", "accounts.statement", account=account, from_=since, to=until)
    if random.random() < 0.3:
        books.read("statement backwards", "accounts.statement", account=account, from_=until, to=since)


def closing(books: Books, random: Random) -> None:
    which = random.randint(1, 4)
    sale(books, random, date(books, random, which, which))
    month, controller = f"{books.year}-{which:02d}", books.acting("controller")
    if random.random() < 0.5:
        books.do("close a month without the right", "periods.close", month=month)
    done = controller.do("close a month", "periods.close", month=month)
    legs = leg("1000", "debit", 5000), leg(books.one(random, "income"), "credit", 5000)
    late = date(books, random, 1, which)
    post(books, random, "post into a closed month", late, *legs)
    if random.random() < 0.6:
        post(books, random, "post after the closed month", date(books, random, which + 1, 12), *legs)
    if random.random() < 0.5 and done.find("ok"):
        controller.do("close it again", "periods.close", month=month)
    books.open_from = which + 1
    books.read("periods", "periods.list")
    books.read("the book", "books.info")


def browsing(books: Books, random: Random) -> None:
    for _ in range(random.randint(2, 3)):
        sale(books, random, date(books, random))
    limit = random.randint(1, 3)
    page = books.read("first entries", "entries.list", limit=limit)
    for _ in range(random.randint(1, 2)):
        cursor = page.find("response_metadata", "next_cursor")
        if not cursor:
            break
        page = books.read("next entries", "entries.list", limit=limit, cursor=cursor)
    books.read("entries of an account", "entries.list", account=books.one(random, "asset", "income"))


def retiring(books: Books, random: Random) -> None:
    number, name = str(random.randint(6000, 8999)), values.title(random)
    books.do(
        "open another account", "accounts.open", number=number, name=name, type=random.choice(["asset", "expense"])
    )
    cents, controller = amount(random), books.acting("controller")
    if random.random() < 0.6:
        on = f"{books.year}-12-30"
        post(books, random, "post to it", on, leg(number, "debit", cents), leg("1000", "credit", cents))
        controller.do("close an account with a balance", "accounts.close", account=number)
        post(books, random, "post it back", on, leg("1000", "debit", cents), leg(number, "credit", cents))
    controller.do("close an account", "accounts.close", account=number)
    legs = leg(number, "debit", cents), leg("1000", "credit", cents)
    post(books, random, "post to the closed account", f"{books.year}-12-31", *legs)
    books.read("the closed account", "accounts.info", account=number)


def mistakes(books: Books, random: Random) -> None:
    on, cents = f"{books.year}-12-24", amount(random)
    good: tuple[dict[str, Any], ...] = (leg("1000", "debit", cents), leg("4000", "credit", cents))
    client, auditor = books.client, books.acting("auditor")
    basic = base64.b64encode(b"bookkeeper:" + values.password(random).encode()).decode()
    wrong: dict[str, str] = {"Authorization": f"Basic {basic}"}
    ask: dict[str, object] = {"name": values.title(random)}
    unbalanced = leg("4000", "credit", cents + amount(random))
    reference = f"INV-{random.randint(1000, 99999)}"

    def duplicate() -> None:
        post(books, random, "with a reference", on, *good, reference=reference)
        post(books, random, "with the same reference", on, *good, reference=reference)

    ways: list[Callable[[], object]] = [
        lambda: post(books, random, "unbalanced", on, good[0], unbalanced),
        lambda: post(books, random, "one leg", on, good[0]),
        lambda: post(books, random, "unknown account", on, leg("9999", "debit", cents), good[1]),
        lambda: post(books, random, "no day", f"{books.year}-02-31", *good),
        lambda: post(books, random, "nothing to post", on, {"account": "1000", "debit": "0.00"}, good[1]),
        lambda: post(books, random, "both sides", on, {**good[0], "credit": money(cents)}, good[1]),
        lambda: books.do("no memo", "entries.post", date=on, legs=list(good)),
        lambda: books.do("a number taken", "accounts.open", number="1000", name="Again", type="asset"),
        lambda: books.do("a type unknown", "accounts.open", number="9100", name=values.title(random), type="odd"),
        lambda: books.read("no such account", "accounts.info", account=str(random.randint(9000, 9999))),
        lambda: books.read("no such entry", "entries.info", entry=f"{books.year}-{random.randint(500, 99999):05d}"),
        lambda: books.read("no such method", "entries.erase", entry=f"{books.year}-00001"),
        lambda: auditor.do("the auditor posts", "entries.post", date=on, memo="Test", legs=list(good)),
        lambda: auditor.read("the auditor reads", "books.info"),
        lambda: client.ask("without credentials", "GET", "/api/books.info", query={"book": books.book}),
        lambda: client.ask("a wrong password", "POST", "/api/books.create", json=ask, headers=wrong),
        lambda: client.ask("no JSON", "POST", "/api/entries.post", content=b'{"book": ', headers=books.headers),
        duplicate,
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
