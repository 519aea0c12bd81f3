"""Sessions of a treasury's books over JSON-RPC: postings, reversals, statements in pages, locks, batches, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

TOKENS: Final = {"clerk": "trs-clerk-0b7e", "controller": "trs-ctrl-91d2", "observer": "trs-view-44fa"}
CHART: Final = {
    "debit": ["1000 Cash", "1010 Bank", "1200 Receivables", "5000 Interest paid", "5100 Bank charges"],
    "credit": ["2000 Loans", "2100 Payables", "3000 Capital", "4000 Interest earned", "4100 Gains on exchange"],
}


@dataclass
class Desk:
    """Who works at one book: it numbers its calls in its own way, and knows the accounts it added."""

    client: Client
    random: Random
    prefix: str = ""
    calls: int = 0
    book: str = ""
    currency: str = "EUR"
    year: int = 2025
    month: int = 1
    accounts: list[str] = field(default_factory=list)

    def message(self, method: str, params: dict[str, Any], *, told: bool = True) -> dict[str, Any]:
        asked = {"jsonrpc": "2.0", "method": method, "params": ({"book": self.book} if self.book else {}) | params}
        if told:
            self.calls += 1
            asked["id"] = f"{self.prefix}{self.calls}" if self.prefix else self.calls
        return asked

    def send(self, label: str, asked: object, caller: str = "controller") -> Answered:
        headers = {"Authorization": f"Bearer {TOKENS[caller]}"}
        return self.client.ask(label, "POST", "/books", json=asked, headers=headers, reads=True)

    def call(self, label: str, method: str, caller: str = "controller", /, **params: object) -> Answered:
        return self.send(label, self.message(method, {name.rstrip("_"): one for name, one in params.items()}), caller)

    def day(self, first: int = 1, last: int = 12) -> str:
        month = self.random.randint(max(first, self.month), last)
        return f"{self.year}-{month:02d}-{self.random.randint(1, 28):02d}"

    def amount(self, most: int = 4000) -> float | int:
        whole = self.random.randint(3, most)
        return whole if self.currency == "JPY" else whole + self.random.randint(0, 99) / 100

    def lines(self, *accounts: str, amount: float | None = None) -> list[dict[str, Any]]:
        """Give lines that balance: the first account is debited with what the others are credited with."""
        parts = [amount or self.amount() for _ in accounts[1:]]
        rows = [{"account": code, "amount": -part} for code, part in zip(accounts[1:], parts, strict=True)]
        return [{"account": accounts[0], "amount": self.exact(sum(parts))}, *rows]

    def exact(self, amount: float) -> float | int:
        return int(amount) if self.currency == "JPY" else round(amount, 2)


def play(client: Client, random: Random) -> None:
    desk = Desk(client, random, prefix=random.choice(["", "", f"{values.word(random)}-"]))
    desk.year = random.choice([2024, 2025])
    asked: dict[str, object] = {"name": values.title(random)}
    if random.random() < 0.6:
        asked["currency"] = desk.currency = random.choice(["EUR", "USD", "CHF", "JPY"])
    desk.book = desk.call("open a book", "book.create", **asked).take("result", "book")
    chart(desk)
    post(desk, "capital paid in", desk.lines("1010", "3000", amount=random.randint(20, 900) * 1000))
    kinds = [
        posting,
        posting,
        splitting,
        reversing,
        stating,
        stating,
        batching,
        notifying,
        locking,
        converting,
        looking,
    ]
    for kind in random.sample(kinds, random.randint(5, 6)):
        kind(desk)
    mistakes(desk)
    desk.call("trial balance", "balance.trial")
    if random.random() < 0.6:
        desk.call("summary", "book.summary", random.choice(["observer", "controller"]))


def chart(desk: Desk) -> None:
    random = desk.random
    rows = [(side, row) for side, found in CHART.items() for row in random.sample(found, 3)]
    rows = [("debit", "1010 Bank"), ("credit", "3000 Capital"), *(one for one in rows if one[1][:4] not in "1010 3000")]
    asked = [{"code": row[:4], "name": row[5:], "side": side} for side, row in rows]
    desk.accounts = [one["code"] for one in asked]
    if random.random() < 0.4:
        desk.send("add accounts in a batch", [desk.message("account.add", one) for one in asked])
        return
    for one in asked:
        desk.call("add an account", "account.add", **one)


def post(desk: Desk, label: str, lines: list[dict[str, Any]], on: str = "", caller: str = "") -> Answered:
    caller = caller or desk.random.choice(["clerk", "clerk", "controller"])
    text = values.title(desk.random)
    return desk.call(label, "posting.make", caller, date=on or desk.day(), text=text, lines=lines)


def posting(desk: Desk) -> None:
    debit, credit = desk.random.sample(desk.accounts, 2)
    for _ in range(desk.random.randint(1, 2)):
        number = post(desk, "post", desk.lines(debit, credit)).take("result", "posting", "posting")
    desk.call("the account that was debited", "account.show", account=debit)
    if desk.random.random() < 0.5:
        desk.call("the balance of the other", "balance.show", account=credit)
    if desk.random.random() < 0.5:
        desk.call("the posting", "posting.show", posting=number)


def splitting(desk: Desk) -> None:
    accounts = desk.random.sample(desk.accounts, desk.random.randint(3, 4))
    post(desk, "post over several", desk.lines(*accounts))
    desk.call("an account of several", "account.show", account=desk.random.choice(accounts))
    desk.call("latest postings", "posting.list", count=desk.random.randint(1, 3))


def reversing(desk: Desk) -> None:
    random = desk.random
    debit, credit = random.sample(desk.accounts, 2)
    number = post(desk, "post by mistake", desk.lines(debit, credit), desk.day(1, 9)).take(
        "result", "posting", "posting"
    )
    asked: dict[str, object] = {"date": desk.day(10, 12)} if random.random() < 0.5 else {}
    if random.random() < 0.3:
        asked["text"] = values.title(random)
    made = desk.call("reverse", "posting.reverse", posting=number, **asked)
    desk.call("the account after", "account.show", account=credit)
    if random.random() < 0.5:
        desk.call("what was reversed", "posting.show", posting=number)
    if random.random() < 0.5:
        desk.call("reverse it again", "posting.reverse", posting=number)
    if random.random() < 0.4:
        desk.call("the reversal", "posting.show", posting=made.take("result", "posting"))


def stating(desk: Desk) -> None:
    random, account = desk.random, desk.random.choice(desk.accounts)
    others = [code for code in desk.accounts if code != account]
    for _ in range(random.randint(1, 3)):
        pair = random.sample([account, random.choice(others)], 2)
        post(desk, "post", desk.lines(*pair))
    count = random.randint(1, 2)
    page = desk.call("statement", "statement.page", account=account, count=count)
    for _ in range(2):
        if not isinstance(after := page.find("result", "after"), int):
            break
        page = desk.call("the next page of it", "statement.page", account=account, after=after, count=count)
    if random.random() < 0.5:
        desk.call("the whole statement", "statement.page", "observer", account="1010")
    if random.random() < 0.4:
        desk.call("postings of the account", "posting.list", account=account)


def batching(desk: Desk) -> None:
    random = desk.random
    debit, credit = random.sample(desk.accounts, 2)
    asked = {"date": desk.day(), "text": values.title(random), "lines": desk.lines(debit, credit)}
    calls = [
        desk.message("posting.make", asked),
        desk.message("account.show", {"account": credit}),
        desk.message("balance.show", {"account": random.choice(desk.accounts)}),
    ]
    if random.random() < 0.5:
        calls.append(desk.message("posting.show", {"posting": f"P-{random.randint(300, 900):05d}"}))
    if random.random() < 0.5:
        calls.insert(1, desk.message("account.rename", {"account": credit, "name": values.title(random)}, told=False))
    desk.send("post and look in a batch", calls)


def notifying(desk: Desk) -> None:
    random, account = desk.random, desk.random.choice(desk.accounts)
    asked = {"account": account, "name": values.title(random)}
    desk.send("rename, by notification", desk.message("account.rename", asked, told=False))
    desk.call("the account, renamed", "account.show", account=account)
    if random.random() < 0.5:
        desk.call("rename", "account.rename", "clerk", account=account, name=values.title(random))


def locking(desk: Desk) -> None:
    random, month = desk.random, desk.random.randint(desk.month, desk.month + 1)
    until = f"{desk.year}-{month:02d}-28"
    desk.call("lock", "period.lock", until=until)
    desk.month = month + 1
    inside = f"{desk.year}-{month:02d}-{random.randint(1, 28):02d}"
    post(desk, "post into what is locked", desk.lines("1010", "3000"), inside)
    post(desk, "post after it", desk.lines("1010", "3000"), desk.day())
    if random.random() < 0.5:
        desk.call("lock again", "period.lock", until=random.choice([until, inside]))
    if random.random() < 0.5:
        desk.call("summary", "book.summary")


def converting(desk: Desk) -> None:
    random = desk.random
    for _ in range(random.randint(1, 2)):
        source, target = random.choices(["EUR", "USD", "CHF", "JPY"], k=2)
        amount = random.randint(10, 9000) if source == "JPY" else round(random.uniform(5, 900), 2)
        desk.call("convert", "rate.convert", from_=source, to=target, amount=amount)


def looking(desk: Desk) -> None:
    random = desk.random
    desk.call("accounts", "account.find", "observer")
    if random.random() < 0.6:
        desk.call("accounts of a side", "account.find", side=random.choice(["debit", "credit"]))
    desk.call("trial balance of a day", "balance.trial", at=f"{desk.year}-{random.randint(3, 10):02d}-15")
    if random.random() < 0.5:
        desk.call("balance on a day", "balance.show", account="1010", at=f"{desk.year}-{random.randint(3, 10):02d}-15")


def mistakes(desk: Desk) -> None:
    random, good = desk.random, desk.lines("1010", "3000")
    first, second = good
    fine = {"date": desk.day(), "text": values.title(random)}
    stranger = str(random.randint(6000, 9000))
    method = f"{random.choice(['posting', 'account'])}.{values.word(random)}"
    header = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKENS['clerk']}"}
    forged = {"Authorization": f"Bearer trs-{values.word(random)}-{random.randint(1000, 9999)}"}
    nobody = json.dumps(desk.message("book.summary", {})).encode()[:-9]
    crooked = {"account": "3000", "amount": desk.exact(second["amount"] - desk.amount(50))}
    ways: list[Callable[[], object]] = [
        lambda: post(desk, "not balanced", [first, crooked]),
        lambda: post(desk, "not balanced, the other way", [crooked, first, first]),
        lambda: post(desk, "one line", good[:1]),
        lambda: post(desk, "no such account", [first, {**second, "account": stranger}]),
        lambda: post(desk, "no amount", [first, {"account": "3000", "amount": random.choice([0, "12", None])}]),
        lambda: post(desk, "no day", good, f"{desk.year}-02-30"),
        lambda: desk.call("no text", "posting.make", date=fine["date"], lines=good),
        lambda: desk.call("code taken", "account.add", code="1010", name=values.title(random), side="debit"),
        lambda: desk.call("an odd side", "account.add", code=stranger, name="Odd", side=values.word(random)),
        lambda: desk.call("no such account", "account.show", account=stranger),
        lambda: desk.call("no such posting", "posting.show", posting=f"P-{random.randint(300, 900):05d}"),
        lambda: desk.call("no such method", method, account="1010"),
        lambda: desk.call("an observer posts", "posting.make", "observer", **fine, lines=good),
        lambda: desk.call("a clerk adds an account", "account.add", "clerk", code=stranger, name="No", side="debit"),
        lambda: desk.call("no rate", "rate.convert", from_="EUR", to=values.word(random).upper()[:3], amount=5),
        lambda: desk.call("no such book", "book.summary", book=f"bk{random.getrandbits(48):012x}"),
        lambda: desk.send("no version", {"method": "balance.trial", "id": random.randint(1, 99)}),
        lambda: desk.client.ask("malformed", "POST", "/books", content=nobody, headers=header, reads=True),
        lambda: desk.client.ask(
            "forged token", "POST", "/books", json=desk.message("book.summary", {}), headers=forged
        ),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
