"""Sessions of keeping balances: entries, holds, transfers with fees, statements, interest, currencies, budgets."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

CATEGORIES: Final = ("travel", "rent", "food", "office", "software", "training")
FOREIGN: Final = {"USD": (0.85, 0.97), "GBP": (1.1, 1.22), "JPY": (0.0058, 0.0069)}


class Desk:
    """One clerk with one set of books in one month."""

    def __init__(self, client: Client, random: Random) -> None:
        self.client, self.random = client, random
        self.month = f"2026-{random.randint(1, 12):02d}"
        self.cash: list[str] = []
        made = client.ask("open a book", "POST", "/books", json={"title": values.title(random)})
        self.path = f"/books/{made.take('id')}"

    def day(self, first: int = 1, last: int = 28) -> str:
        return f"{self.month}-{self.random.randint(first, last):02d}"

    def amount(self, least: float = 5, most: float = 400) -> str:
        return f"{self.random.uniform(least, most):.2f}"

    def ask(self, label: str, method: str, path: str, asked: object = None, **more: Any) -> Answered:
        return self.client.ask(label, method, self.path + path, json=asked, **more)

    def account(self, label: str, code: str, kind: str, **more: object) -> Answered:
        asked = {"code": code, "name": values.title(self.random), "kind": kind, **more}
        return self.ask(label, "POST", "/accounts", asked, reads=True)

    def entry(self, label: str, legs: list[tuple[str, str, str]], day: str = "") -> Answered:
        asked: dict[str, Any] = {"date": day or self.day(), "memo": values.title(self.random)}
        asked["legs"] = [{"account": account, "side": side, "amount": amount} for account, side, amount in legs]
        return self.ask(label, "POST", "/entries", asked, reads=True)

    def look(self, code: str, label: str = "the account") -> Answered:
        return self.ask(label, "GET", f"/accounts/{code}", reads=True)


def play(client: Client, random: Random) -> None:
    desk = Desk(client, random)
    open_accounts(desk)
    fund(desk)
    kinds = [entries, entries, statements, holds, transfers, interest, foreign, budgets, reversing, exporting]
    for kind in random.sample(kinds, random.randint(5, 6)):
        kind(desk)
    desk.look(random.choice(desk.cash))
    if random.random() < 0.8:
        trial_balance(desk)
    if random.random() < 0.5:
        desk.ask("the book", "GET", "", reads=True)
    mistakes(desk)


def open_accounts(desk: Desk) -> None:
    random = desk.random
    desk.cash = [f"10{random.randint(10, 49)}", f"10{random.randint(50, 99)}"]
    rate = random.choice(["1.5", "2.25", "3", "4.75"])
    desk.account("open an account", desk.cash[0], "asset", plan=random.choice(["basic", "plus"]), annual_rate=rate)
    desk.account("open an account", desk.cash[1], "asset", plan=random.choice(["basic", "none"]))
    desk.account("open an account", "3000", "equity")
    desk.account("open an account", "4000", "income")
    if random.random() < 0.5:
        desk.account("open an account", "5000", "expense")


def fund(desk: Desk) -> None:
    for code in desk.cash:
        amount = desk.amount(600, 4000)
        desk.entry("fund", [(code, "debit", amount), ("3000", "credit", amount)], desk.day(1, 6))


def entries(desk: Desk) -> None:
    for _ in range(desk.random.randint(1, 2)):
        first, second = desk.amount(), desk.amount()
        both = f"{float(first) + float(second):.2f}"
        legs = [(desk.cash[0], "debit", first), (desk.cash[1], "debit", second), ("4000", "credit", both)]
        desk.entry("an entry of three legs", desk.random.sample(legs, 3))
        desk.look(desk.random.choice([*desk.cash, "4000"]))
    query = {"account": desk.random.choice(desk.cash)} if desk.random.random() < 0.6 else {}
    query |= desk.random.choice([{}, {"limit": "2"}, {"limit": "2", "offset": "1"}])
    desk.ask("the entries", "GET", "/entries", query=query, reads=True)


def statements(desk: Desk) -> None:
    code = desk.random.choice(desk.cash)
    earn(desk, code)
    for query in desk.random.sample(
        [{}, {"start": desk.day(7, 14)}, {"start": desk.day(5, 9), "end": desk.day(16, 28)}, {"end": desk.day(6, 20)}],
        desk.random.randint(1, 2),
    ):
        desk.ask("a statement", "GET", f"/accounts/{code}/statement", query=query, reads=True)


def earn(desk: Desk, code: str) -> None:
    amount = desk.amount()
    desk.entry("income", [(code, "debit", amount), ("4000", "credit", amount)], desk.day(8))


def exporting(desk: Desk) -> None:
    code = desk.random.choice(desk.cash)
    if desk.random.random() < 0.6:
        earn(desk, code)
    query = {"start": desk.day(4, 10)} if desk.random.random() < 0.5 else {}
    desk.ask("a statement as CSV", "GET", f"/accounts/{code}/statement.csv", query=query, reads=True)


def holds(desk: Desk) -> None:
    code, other = desk.random.sample(desk.cash, 2)
    amount = desk.amount(20, 300)
    asked = {"amount": amount, "reason": values.word(desk.random)}
    ref = desk.ask("hold", "POST", f"/accounts/{code}/holds", asked, reads=True).take("id")
    desk.look(code, "the account with a hold")
    way = desk.random.choice(["release", "capture", "part", "more"])
    if way == "release":
        desk.ask("release", "POST", f"/holds/{ref}/release", reads=True)
    else:
        part = {"part": 0.5, "more": 1.5}.get(way, 1)
        body: dict[str, Any] = {"to": other, "date": desk.day(10)}
        if way != "capture":
            body["amount"] = f"{float(amount) * part:.2f}"
        desk.ask(f"capture ({way})", "POST", f"/holds/{ref}/capture", body, reads=True)
    if desk.random.random() < 0.4:
        desk.ask("release again", "POST", f"/holds/{ref}/release", reads=True)
    desk.ask("the hold", "GET", f"/holds/{ref}", reads=True)
    desk.look(code, "the account after the hold")


def transfers(desk: Desk) -> None:
    if desk.random.random() < 0.6:
        query = {"plan": desk.random.choice(["basic", "plus"]), "amount": desk.amount(10, 1800)}
        desk.client.ask("a quote", "GET", "/fees", query=query)
    for _ in range(desk.random.randint(1, 2)):
        source, target = desk.random.sample(desk.cash, 2)
        asked = {"source": source, "target": target, "amount": desk.amount(10, 500), "date": desk.day(5)}
        desk.ask("transfer", "POST", "/transfers", asked, reads=True)
    desk.look(desk.random.choice([*desk.cash, "5900"]), "the account after a transfer")


def interest(desk: Desk) -> None:
    for _ in range(desk.random.randint(1, 2)):
        asked = {"start": desk.day(7, 12), "end": desk.day(15, 28)}
        desk.ask("interest", "POST", f"/accounts/{desk.cash[0]}/interest", asked, reads=True)


def set_rate(desk: Desk, currency: str, label: str) -> None:
    rate = f"{desk.random.uniform(*FOREIGN[currency]):.4f}"
    desk.ask(label, "PUT", f"/rates/{currency}", {"rate": rate}, reads=True)


def foreign(desk: Desk) -> None:
    currency, code = desk.random.choice(list(FOREIGN)), f"11{desk.random.randint(10, 99)}"
    if desk.random.random() < 0.3:
        desk.account("an account without a rate", code, "asset", currency=currency)
    set_rate(desk, currency, "set a rate")
    desk.account("an account in another currency", code, "asset", currency=currency)
    asked = {"source": desk.cash[1], "target": code, "amount": desk.amount(50, 500), "date": desk.day(5)}
    desk.ask("transfer and convert", "POST", "/transfers", asked, reads=True)
    set_rate(desk, currency, "change a rate")
    desk.ask("revaluation", "POST", "/revaluation", reads=True)
    desk.look(code, "the account in another currency")


def budgets(desk: Desk) -> None:
    chosen = desk.random.sample(CATEGORIES, 3)
    for category in chosen[:2]:
        asked = {"amount": f"{desk.random.randint(2, 30) * 50}"}
        desk.ask("set a budget", "PUT", f"/budgets/{desk.month}/{category}", asked, reads=True)
    for _ in range(desk.random.randint(2, 4)):
        spending = {"category": desk.random.choice(chosen), "date": desk.day(), "amount": desk.amount(20, 500)}
        if desk.random.random() < 0.4:
            spending["note"] = values.sentence(desk.random)
        desk.ask("spend", "POST", "/spending", spending, reads=True)
    desk.ask("budget against actual", "GET", f"/budgets/{desk.month}", reads=True)


def reversing(desk: Desk) -> None:
    code, amount = desk.random.choice(desk.cash), desk.amount()
    made = desk.entry("an entry by mistake", [(code, "debit", amount), ("4000", "credit", amount)])
    path = f"/entries/{made.take('no')}"
    desk.ask("reverse", "POST", f"{path}/reversal", reads=True)
    desk.ask("the entry reversed", "GET", path, reads=True)
    if desk.random.random() < 0.5:
        desk.ask("reverse again", "POST", f"{path}/reversal", reads=True)
    desk.look(code, "the account after a reversal")


def trial_balance(desk: Desk) -> None:
    query = {"as_of": desk.day(10, 25)} if desk.random.random() < 0.3 else {}
    desk.ask("trial balance", "GET", "/trial-balance", query=query, reads=True)
    if desk.random.random() < 0.5:
        desk.ask("the accounts", "GET", "/accounts", query=desk.random.choice([{}, {"kind": "asset"}]), reads=True)


def mistakes(desk: Desk) -> None:
    random, one, two = desk.random, *desk.cash
    good, wrong = desk.amount(), desk.amount()
    asked = {"source": one, "target": two, "amount": f"{random.randint(90000, 99999)}", "date": desk.day()}
    ways: list[Callable[[], object]] = [
        lambda: desk.entry("unbalanced", [(one, "debit", good), ("4000", "credit", wrong)]),
        lambda: desk.entry("one leg", [(one, "debit", good)]),
        lambda: desk.entry("no such account in a leg", [("9999", "debit", good), ("4000", "credit", good)]),
        lambda: desk.entry("a negative amount", [(one, "debit", "-5.00"), ("4000", "credit", "-5.00")]),
        lambda: desk.entry("a bad date", [(one, "debit", good), ("4000", "credit", good)], "2026-02-31"),
        lambda: desk.entry("too little", [("3000", "debit", "50000.00"), (one, "credit", "50000.00")]),
        lambda: desk.ask("transfer too much", "POST", "/transfers", asked),
        lambda: desk.ask("transfer to itself", "POST", "/transfers", asked | {"target": one, "amount": "1"}),
        lambda: desk.ask("hold too much", "POST", f"/accounts/{two}/holds", {"amount": "75000"}),
        lambda: desk.look(f"{random.randint(6000, 8999)}", "no such account"),
        lambda: desk.ask("no such entry", "GET", f"/entries/{random.randint(200, 900)}"),
        lambda: desk.account("a code that is taken", one, "asset"),
        lambda: desk.account("a kind that is none", "1999", values.word(random)),
        lambda: desk.ask("a rate of nothing", "PUT", "/rates/USD", {"rate": "0"}),
        lambda: desk.ask(
            "a period of no days", "POST", f"/accounts/{one}/interest", dict.fromkeys(("start", "end"), desk.day())
        ),
        lambda: desk.client.ask(
            "a plan that is none", "GET", "/fees", query={"plan": values.word(random), "amount": good}
        ),
        lambda: desk.client.ask("no such book", "GET", f"/books/bk_{random.getrandbits(48):012x}"),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
