"""Sessions of I Hate Money: people who share expenses: members, bills for some of them, balances, and mistakes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

ROOT: Final = "/api/projects"
KINDS: Final = ("Expense", "Reimbursement")


@dataclass
class Purse:
    """A project with its code, and the numbers of its members and bills."""

    client: Client
    name: str
    code: str
    email: str
    members: dict[str, str] = field(default_factory=dict)
    bills: list[str] = field(default_factory=list)
    token: str = ""

    @property
    def path(self) -> str:
        return f"{ROOT}/{self.name}"

    def ask(self, label: str, method: str, path: str, **more: Any) -> Answered:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else login(self.name, self.code)
        return self.client.ask(label, method, self.path + path, headers=headers, **more)

    def member(self, random: Random) -> str:
        return random.choice(list(self.members))


def login(name: str, code: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{code}".encode()).decode("ascii")}


def play(client: Client, random: Random) -> None:
    purse = settle(client, random)
    for _ in range(random.randint(2, 4)):
        member(random, purse)
    for _ in range(random.randint(2, 4)):
        bill(random, purse)
    kinds = [listing, balances, changing, people, leaving, deleting, tokens, renaming, another, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(6, 8)]:
        kind(random, purse)
    purse.ask("bills at the end", "GET", "/bills", reads=True)
    purse.ask("balances at the end", "GET", "/statistics", reads=True)
    if random.random() < 0.3:
        purse.ask("delete the project", "DELETE", "")
        purse.ask("the deleted project", "GET", "", reads=True)


def settle(client: Client, random: Random) -> Purse:
    purse = Purse(client, values.slug(random), values.password(random), values.email(random))
    asked = {"id": purse.name, "name": values.title(random), "password": purse.code, "contact_email": purse.email}
    if random.random() < 0.4:
        asked["default_currency"] = random.choice(["EUR", "SEK", "XXX"])
    client.ask("new project", "POST", ROOT, json=asked)
    purse.ask("the project", "GET", "", reads=True)
    return purse


def member(random: Random, purse: Purse) -> None:
    asked: dict[str, object] = {"name": f"{values.name(random)} {len(purse.members) + 1}"}
    if random.random() < 0.5:
        asked["weight"] = random.choice([1, 2, 3, 0.5])
    number = purse.ask("new member", "POST", "/members", json=asked).take()
    purse.members[number] = str(asked["name"])


def expense(random: Random, purse: Purse) -> dict[str, object]:
    some = random.sample(list(purse.members), random.randint(1, len(purse.members)))
    asked: dict[str, object] = {
        "what": values.title(random),
        "date": f"2026-{random.randint(1, 11):02}-{random.randint(1, 28):02}",
        "payer": int(purse.member(random)),
        "payed_for": sorted(map(int, some)),
        "amount": random.choice([values.price(random), random.randint(5, 300)]),
    }
    if random.random() < 0.25:
        asked["bill_type"] = random.choice(KINDS)
    if random.random() < 0.2:
        asked["external_link"] = f"https://{values.word(random)}.example/{random.randint(10, 999)}"
    return asked


def bill(random: Random, purse: Purse) -> None:
    purse.bills.append(purse.ask("new bill", "POST", "/bills", json=expense(random, purse)).take())


def listing(random: Random, purse: Purse) -> None:
    purse.ask("bills", "GET", "/bills", reads=True)
    purse.ask("a bill", "GET", f"/bills/{random.choice(purse.bills)}", reads=True)
    purse.ask("members", "GET", "/members", reads=True)
    if random.random() < 0.5:
        purse.ask("a member", "GET", f"/members/{purse.member(random)}", reads=True)


def balances(random: Random, purse: Purse) -> None:
    purse.ask("balances", "GET", "/statistics", reads=True)
    bill(random, purse)
    purse.ask("balances after a bill", "GET", "/statistics", reads=True)
    if random.random() < 0.4:
        purse.ask("the project and its members", "GET", "", reads=True)


def changing(random: Random, purse: Purse) -> None:
    one = f"/bills/{random.choice(purse.bills)}"
    purse.ask("change a bill", "PUT", one, json=expense(random, purse))
    purse.ask("the bill, changed", "GET", one, reads=True)
    if random.random() < 0.5:
        purse.ask("bills after the change", "GET", "/bills", reads=True)


def people(random: Random, purse: Purse) -> None:
    one = purse.member(random)
    asked = {"name": purse.members[one], "weight": random.choice([1, 2, 4]), "activated": True}
    if random.random() < 0.6:
        asked["name"] = purse.members[one] = f"{values.name(random)} {len(purse.members) + 5}"
    purse.ask("change a member", "PUT", f"/members/{one}", json=asked, reads=True)
    purse.ask("the member, changed", "GET", f"/members/{one}", reads=True)
    if random.random() < 0.5:
        purse.ask("bills with the member", "GET", "/bills", reads=True)


def leaving(random: Random, purse: Purse) -> None:
    """One who has bills is put aside; one who has none is gone."""
    if len(purse.members) < 3:
        member(random, purse)
    if random.random() < 0.5:
        number = purse.ask("new member", "POST", "/members", json={"name": values.name(random)}).take()
    else:
        number = purse.member(random)
        del purse.members[number]
    purse.ask("a member leaves", "DELETE", f"/members/{number}")
    purse.ask("members that are left", "GET", "/members", reads=True)
    if random.random() < 0.5:
        purse.ask("the member that left", "GET", f"/members/{number}", reads=True)


def deleting(random: Random, purse: Purse) -> None:
    if len(purse.bills) < 2:
        bill(random, purse)
    one = purse.bills.pop(random.randrange(len(purse.bills)))
    purse.ask("delete a bill", "DELETE", f"/bills/{one}")
    purse.ask("the deleted bill", "GET", f"/bills/{one}", reads=True)
    if random.random() < 0.5:
        purse.ask("delete it again", "DELETE", f"/bills/{one}")
    purse.ask("bills that are left", "GET", "/bills", reads=True)


def tokens(random: Random, purse: Purse) -> None:
    if not purse.token:
        purse.token = purse.ask("a token", "GET", "/token").take("token")
    purse.ask("members by token", "GET", "/members", reads=True)
    if random.random() < 0.5:
        purse.token = ""


def renaming(random: Random, purse: Purse) -> None:
    purse.token = ""
    asked = {"name": values.title(random), "contact_email": values.email(random), "current_password": purse.code}
    if random.random() < 0.4:
        purse.ask("rename by a wrong code", "PUT", "", json={**asked, "current_password": values.word(random)})
    new = values.password(random)
    if changes := random.random() < 0.5:
        asked["password"] = new
    purse.ask("rename the project", "PUT", "", json={**asked, "project_history": True})
    if changes:
        purse.ask("by the old code", "GET", "", reads=True)
        purse.code = new
    purse.ask("the project, renamed", "GET", "", reads=True)


def another(random: Random, purse: Purse) -> None:
    """Another project: it has members and bills of its own."""
    other = settle(purse.client, random)
    member(random, other)
    other.ask("members of the other project", "GET", "/members", reads=True)
    one = next(iter(purse.members))
    other.ask("a member of the first", "GET", f"/members/{one}")
    purse.client.ask("first by the other's code", "GET", purse.path, headers=login(other.name, other.code))
    if random.random() < 0.5:
        other.ask("balances of the other project", "GET", "/statistics", reads=True)


def mistakes(random: Random, purse: Purse) -> None:
    missing, one = random.randint(500, 900), expense(random, purse)
    taken = random.choice(list(purse.members.values()))
    new = {"id": values.slug(random), "name": values.title(random), "password": "x", "contact_email": purse.email}
    ways: list[Callable[[], object]] = [
        lambda: purse.ask("no such bill", "GET", f"/bills/{missing}"),
        lambda: purse.ask("no such member", "GET", f"/members/{missing}"),
        lambda: purse.ask("delete no bill", "DELETE", f"/bills/{missing}"),
        lambda: purse.ask("delete no member", "DELETE", f"/members/{missing}"),
        lambda: purse.ask("a member of a taken name", "POST", "/members", json={"name": taken}),
        lambda: purse.ask("a member without a name", "POST", "/members", json={"weight": 2}),
        lambda: purse.ask("a weight below zero", "POST", "/members", json={"name": values.name(random), "weight": -1}),
        lambda: purse.ask("a bill by nobody", "POST", "/bills", json={**one, "payer": missing}),
        lambda: purse.ask("a bill without an amount", "POST", "/bills", json=without(one, "amount")),
        lambda: purse.ask("a bill for nobody", "POST", "/bills", json={**one, "payed_for": []}),
        lambda: purse.ask("a bill without a name", "POST", "/bills", json=without(one, "what")),
        lambda: purse.ask("a bill without a sum", "POST", "/bills", json={**one, "amount": values.word(random)}),
        lambda: purse.ask("an empty bill", "POST", "/bills", json={}),
        lambda: purse.client.ask("without a code", "GET", f"{purse.path}/bills"),
        lambda: purse.client.ask(
            "a wrong code", "GET", f"{purse.path}/members", headers=login(purse.name, values.password(random))
        ),
        lambda: purse.client.ask(
            "no such project", "GET", f"{ROOT}/{values.slug(random)}", headers=login(purse.name, purse.code)
        ),
        lambda: purse.client.ask("a taken project", "POST", ROOT, json={**new, "id": purse.name}),
        lambda: purse.client.ask("a project without an address", "POST", ROOT, json=without(new, "contact_email")),
        lambda: purse.client.ask("not an address", "POST", ROOT, json={**new, "contact_email": values.word(random)}),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()


def without(asked: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if key != name}
