"""Sessions of bookkeeping over REST: drafts that are put right, postings, voids, transfers, statements, reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

ACCOUNTANT: Final = {"Authorization": "Bearer bk_live_4f9c2a7d1e"}
VIEWER: Final = {"Authorization": "Bearer bk_live_77aa01c3b9"}
CHART: Final = {
    "asset": [("100", "Cash"), ("110", "Checking"), ("120", "Savings"), ("130", "Accounts receivable")],
    "liability": [("200", "Accounts payable"), ("210", "Sales tax"), ("220", "Credit card")],
    "equity": [("300", "Owner's equity")],
    "revenue": [("400", "Consulting"), ("410", "Product sales"), ("420", "Workshops")],
    "expense": [("500", "Rent"), ("510", "Hosting"), ("520", "Meals"), ("530", "Equipment")],
}


@dataclass
class Desk:
    """Who works at the books of one company: the accounts there are by type, and the first month that is open."""

    client: Client
    random: Random
    company: str = ""
    year: int = 2025
    month: int = 1
    accounts: dict[str, list[str]] = field(default_factory=dict)

    def send(self, label: str, method: str, path: str, body: object = None, **query: object) -> Answered:
        asked = {name.rstrip("_"): value for name, value in query.items()} or None
        place = f"/v1/companies/{self.company}{path}"
        return self.client.ask(label, method, place, json=body, query=asked, headers=ACCOUNTANT, reads=True)

    def pick(self, *types: str) -> str:
        return self.random.choice([code for kind in types for code in self.accounts[kind]])

    def day(self, first: int = 1, last: int = 12) -> str:
        month = self.random.randint(max(first, self.month), last)
        return f"{self.year}-{month:02d}-{self.random.randint(1, 28):02d}"

    def cents(self, most: int = 3000) -> int:
        return self.random.randint(5, most) * self.random.choice([100, 100, 50, 37])


def play(client: Client, random: Random) -> None:
    desk = Desk(client, random, year=random.choice([2024, 2025]))
    asked: dict[str, object] = {"name": values.title(random)}
    if random.random() < 0.6:
        asked["currency"] = random.choice(["EUR", "GBP", "USD", "CAD"])
    made = client.ask("found a company", "POST", "/v1/companies", json=asked, headers=ACCOUNTANT, reads=True)
    desk.company = made.take("id")
    chart(desk)
    book(desk, "funding", desk.day(1, 1), sides("110", "300", random.randint(20, 900) * 1000))
    kinds = [invoicing, spending, drafting, voiding, reversing, transferring, transferring, stating, closing, minding]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(desk)
    mistakes(desk)
    reports(desk)


def chart(desk: Desk) -> None:
    rows = [(kind, *row) for kind, found in CHART.items() for row in desk.random.sample(found, min(len(found), 2))]
    rows = [row for row in rows if row[1] != "110"]
    rows.insert(desk.random.randint(0, 2), ("asset", "110", "Checking"))
    for kind, code, name in rows:
        asked = {"code": code, "name": name, "type": kind}
        desk.send("add an account", "POST", "/accounts", asked)
        desk.accounts.setdefault(kind, []).append(code)


def line(account: str, side: str, cents: int, memo: str | None = None) -> dict[str, Any]:
    return {"account": account, side: cents} | ({"memo": memo} if memo else {})


def sides(debit: str, credit: str, cents: int) -> list[dict[str, Any]]:
    return [line(debit, "debit", cents), line(credit, "credit", cents)]


def book(desk: Desk, label: str, on: str, lines: list[dict[str, Any]], status: str | None = "posted") -> Answered:
    asked: dict[str, object] = {"date": on, "description": values.title(desk.random), "lines": lines}
    return desk.send(label, "POST", "/journals", asked | ({"status": status} if status else {}))


def taxed(desk: Desk) -> list[dict[str, Any]]:
    """Give the lines of a sale with tax or without, sometimes of two kinds of things."""
    random, net, more = desk.random, desk.cents(), desk.cents()
    one, other = random.sample(desk.accounts["revenue"], 2)
    lines = [line(one, "credit", net, values.word(random) if random.random() < 0.3 else None)]
    if random.random() < 0.5:
        lines.append(line(other, "credit", more))
    total = sum(found["credit"] for found in lines)
    if random.random() < 0.5:
        lines.append(line(desk.pick("liability"), "credit", total // 5))
    return [line(desk.pick("asset"), "debit", sum(found["credit"] for found in lines)), *lines]


def invoicing(desk: Desk) -> None:
    lines = taxed(desk)
    journal = book(desk, "invoice", desk.day(), lines).take("id")
    desk.send("the account that was debited", "GET", f"/accounts/{lines[0]['account']}")
    desk.send("the account that was credited", "GET", f"/accounts/{lines[1]['account']}")
    if desk.random.random() < 0.5:
        desk.send("the invoice", "GET", f"/journals/{journal}")


def spending(desk: Desk) -> None:
    for _ in range(desk.random.randint(1, 2)):
        expense = desk.pick("expense")
        book(desk, "spend", desk.day(), sides(expense, desk.pick("liability", "asset"), desk.cents(400)))
    desk.send("accounts", "GET", "/accounts")
    if desk.random.random() < 0.6:
        desk.send("expenses", "GET", "/accounts", type="expense")


def drafting(desk: Desk) -> None:
    random, account = desk.random, desk.pick("expense")
    lines = sides(account, "110", desk.cents(300))
    crooked = random.random() < 0.5
    given = [lines[0], {**lines[1], "credit": lines[1]["credit"] + 10}] if crooked else lines
    on = desk.day()
    journal = book(desk, "draft", on, given, random.choice(["draft", None])).take("id")
    desk.send("the account is as it was", "GET", f"/accounts/{account}")
    if crooked:
        desk.send("post what is crooked", "POST", f"/journals/{journal}/post")
        desk.send("put it right", "PUT", f"/journals/{journal}/lines", {"lines": lines})
    if random.random() < 0.7:
        desk.send("post", "POST", f"/journals/{journal}/post")
        desk.send("the account now", "GET", f"/accounts/{account}")
        if random.random() < 0.4:
            desk.send("delete what is posted", "DELETE", f"/journals/{journal}")
        if random.random() < 0.4:
            desk.send("post again", "POST", f"/journals/{journal}/post")
    else:
        desk.send("delete the draft", "DELETE", f"/journals/{journal}")
        desk.send("the draft is gone", "GET", f"/journals/{journal}")


def voiding(desk: Desk) -> None:
    lines, random = taxed(desk), desk.random
    journal = book(desk, "invoice by mistake", desk.day(), lines).take("id")
    desk.send("the account before", "GET", f"/accounts/{lines[0]['account']}")
    desk.send("void", "POST", f"/journals/{journal}/void", {"reason": values.sentence(random)})
    desk.send("the account after", "GET", f"/accounts/{lines[0]['account']}")
    if random.random() < 0.4:
        desk.send("void again", "POST", f"/journals/{journal}/void", {"reason": values.title(random)})
    if random.random() < 0.5:
        desk.send("what is void", "GET", "/journals", status="void")


def reversing(desk: Desk) -> None:
    lines, random = taxed(desk), desk.random
    journal = book(desk, "accrual", desk.day(1, 9), lines).take("id")
    asked = {"date": desk.day(10, 12)} if random.random() < 0.6 else {}
    made = desk.send("reverse", "POST", f"/journals/{journal}/reverse", asked).take("id")
    desk.send("the account after", "GET", f"/accounts/{lines[1]['account']}")
    if random.random() < 0.5:
        desk.send("the reversal", "GET", f"/journals/{made}")


def transferring(desk: Desk) -> None:
    random = desk.random
    target = random.choice([code for code in desk.accounts["asset"] if code != "110"])
    asked: dict[str, object] = {"from_account": "110", "to_account": target, "amount": desk.cents(200)}
    asked["date"] = desk.day()
    if random.random() < 0.4:
        asked["description"] = values.title(random)
    desk.send("transfer", "POST", "/transfers", asked)
    if random.random() < 0.5:
        much = {**asked, "amount": random.randint(10**8, 10**9)}
        desk.send("transfer more than there is", "POST", "/transfers", much)
    desk.send("where it went", "GET", f"/accounts/{target}")


def stating(desk: Desk) -> None:
    random = desk.random
    for _ in range(random.randint(2, 3)):
        book(desk, "invoice", desk.day(), taxed(desk))
    account = random.choice(["110", desk.pick("asset", "revenue")])
    desk.send("statement", "GET", f"/accounts/{account}/statement")
    since, until = f"{desk.year}-{random.randint(2, 5):02d}-01", f"{desk.year}-{random.randint(7, 11):02d}-15"
    desk.send("statement of a time", "GET", f"/accounts/{account}/statement", from_=since, to=until)
    size = random.randint(1, 2)
    for page in range(1, random.randint(2, 4)):
        desk.send("a page of the statement", "GET", f"/accounts/{account}/statement", page=page, per_page=size)
    if random.random() < 0.5:
        desk.send("journals of the account", "GET", "/journals", account=account, per_page=2)


def closing(desk: Desk) -> None:
    random, which = desk.random, desk.random.randint(desk.month, desk.month + 2)
    book(desk, "invoice", desk.day(which, which), taxed(desk))
    period = f"{desk.year}-{which:02d}"
    desk.send("the period", "GET", f"/periods/{period}")
    done = desk.send("close the period", "POST", f"/periods/{period}/close")
    book(desk, "post into the period", f"{period}-{random.randint(10, 28)}", sides("110", "300", 5000))
    if random.random() < 0.5:
        desk.send("close it again", "POST", f"/periods/{period}/close")
    if random.random() < 0.6:
        desk.send("the period", "GET", f"/periods/{period}")
    if done.status == 200:
        desk.month = which + 1


def minding(desk: Desk) -> None:
    random = desk.random
    code, cents = str(random.randint(600, 999)), desk.cents(200)
    asked = {"code": code, "name": values.title(random), "type": random.choice(["asset", "expense"])}
    desk.send("add another account", "POST", "/accounts", asked)
    desk.send("rename it", "PATCH", f"/accounts/{code}", {"name": values.title(random)})
    if random.random() < 0.5:
        desk.send("delete it", "DELETE", f"/accounts/{code}")
        desk.send("it is gone", "GET", f"/accounts/{code}")
        return
    book(desk, "use it", desk.day(), sides(code, "110", cents))
    desk.send("delete what is in use", "DELETE", f"/accounts/{code}")
    desk.send("archive with a balance", "PATCH", f"/accounts/{code}", {"archived": True})
    book(desk, "empty it", desk.day(), sides("110", code, cents))
    desk.send("archive", "PATCH", f"/accounts/{code}", {"archived": True})
    book(desk, "use what is archived", desk.day(), sides(code, "110", cents))


def reports(desk: Desk) -> None:
    random, year = desk.random, desk.year
    desk.send("trial balance", "GET", "/reports/trial-balance")
    if random.random() < 0.5:
        until = f"{year}-{random.randint(3, 9):02d}-28"
        desk.send("trial balance of a day", "GET", "/reports/trial-balance", as_of=until)
    since, until = f"{year}-01-01", f"{year}-{random.choice(['06-30', '12-31'])}"
    desk.send("income statement", "GET", "/reports/income-statement", from_=since, to=until)
    if random.random() < 0.5:
        desk.send("the company", "GET", "")


def mistakes(desk: Desk) -> None:
    random, cents, on = desk.random, desk.cents(), desk.day()
    good, client, place = sides("110", "300", cents), desk.client, f"/v1/companies/{desk.company}"
    move = {"from_account": "110", "to_account": "300", "amount": cents, "date": on}
    nobody = f"/v1/companies/co_{random.randint(10**11, 10**12)}"
    ways: list[Callable[[], object]] = [
        lambda: book(desk, "unbalanced", on, [good[0], line("300", "credit", cents + desk.cents(20))]),
        lambda: book(desk, "one line", on, good[:1]),
        lambda: book(desk, "no such account", on, sides("110", str(random.randint(6000, 9000)), cents)),
        lambda: book(desk, "both sides", on, [{**good[0], "credit": cents}, good[1]]),
        lambda: book(desk, "a negative amount", on, sides("110", "300", -cents)),
        lambda: book(desk, "no day", f"{desk.year}-02-30", good),
        lambda: desk.send("no description", "POST", "/journals", {"date": on, "lines": good, "status": "posted"}),
        lambda: desk.send("a code taken", "POST", "/accounts", {"code": "110", "name": "Again", "type": "asset"}),
        lambda: desk.send("an odd type", "POST", "/accounts", {"code": "999", "name": "Odd", "type": "other"}),
        lambda: desk.send("no such account", "GET", f"/accounts/{random.randint(6000, 9000)}"),
        lambda: desk.send("no such journal", "GET", f"/journals/jr_{random.randint(10**11, 10**12)}"),
        lambda: desk.send("transfer to equity", "POST", "/transfers", move),
        lambda: desk.send("transfer to itself", "POST", "/transfers", {**move, "to_account": "110"}),
        lambda: desk.send(
            "dates exchanged", "GET", "/accounts/110/statement", from_=f"{desk.year}-09-01", to="2020-01-01"
        ),
        lambda: client.ask("no such company", "GET", nobody, headers=ACCOUNTANT),
        lambda: client.ask("no key", "GET", f"{place}/accounts"),
        lambda: client.ask("a viewer writes", "POST", f"{place}/journals", json={"date": on}, headers=VIEWER),
        lambda: client.ask("a viewer reads", "GET", f"{place}/accounts/110", headers=VIEWER, reads=True),
        lambda: client.ask("no JSON", "POST", f"{place}/journals", content=b'{"date": ', headers=ACCOUNTANT),
    ]
    for way in random.sample(ways, random.randint(3, 4)):
        way()
