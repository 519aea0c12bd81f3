"""Sessions of leave: people hired, days asked for, approved, rejected and cancelled, balances read, asked wrongly."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

REQUESTS = "/api/leave-requests"


@dataclass
class Team:
    """A manager, the manager's people, and the next day that nobody has asked for yet."""

    boss: str
    people: list[str]
    free: date

    def period(self, random: Random) -> dict[str, object]:
        start = self.free + timedelta(random.randint(0, 6))
        end = start + timedelta(random.randint(2, 6))
        self.free = end + timedelta(3)
        return {"from": start.isoformat(), "to": end.isoformat()}


def play(client: Client, random: Random) -> None:
    boss = hire(client, random, {})
    people = [hire(client, random, {"managerId": boss}) for _ in range(random.randint(1, 2))]
    team = Team(boss, people, date(2031, random.randint(1, 9), random.randint(1, 28)))
    kinds = [deciding, deciding, withdrawing, colliding, overview, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 6)]:
        kind(client, random, team)
    overview(client, random, team)


def me(key: str) -> dict[str, str]:
    return {"X-Employee-Id": key}


def hire(client: Client, random: Random, more: dict[str, object]) -> str:
    asked: dict[str, object] = {"name": values.name(random), "email": values.email(random).capitalize(), **more}
    if random.random() < 0.6:
        asked["allowance"] = random.choice([8, 12, 20, 30])
    return client.ask("hire", "POST", "/api/employees", json=asked).take("id")


def ask(client: Client, random: Random, team: Team, person: str) -> tuple[str, dict[str, object]]:
    asked = team.period(random)
    if random.random() < 0.6:
        asked["type"] = random.choice(["annual", "sick", "unpaid"])
    if random.random() < 0.5:
        asked["reason"] = values.sentence(random)
    found = client.ask("ask for leave", "POST", REQUESTS, json=asked, headers=me(person))
    return str(found.find("id") or ""), asked


def deciding(client: Client, random: Random, team: Team) -> None:
    person = random.choice(team.people)
    key, _ = ask(client, random, team, person)
    if not key:
        return
    path, boss = f"{REQUESTS}/{key}", me(team.boss)
    if random.random() < 0.7:
        comment = {"comment": values.sentence(random)} if random.random() < 0.5 else {}
        client.ask("approve", "POST", f"{path}/approve", json=comment, headers=boss, reads=True)
    else:
        comment = {"comment": values.sentence(random)}
        client.ask("reject", "POST", f"{path}/reject", json=comment, headers=boss, reads=True)
    client.ask("the request, decided", "GET", path, headers=me(person), reads=True)
    client.ask("balance after", "GET", f"/api/employees/{person}/balance", reads=True)
    if random.random() < 0.4:
        client.ask("approve again", "POST", f"{path}/approve", headers=boss, reads=True)


def withdrawing(client: Client, random: Random, team: Team) -> None:
    person = random.choice(team.people)
    key, asked = ask(client, random, team, person)
    if not key:
        return
    path = f"{REQUESTS}/{key}"
    client.ask("balance while pending", "GET", f"/api/employees/{person}/balance", reads=True)
    client.ask("cancel", "POST", f"{path}/cancel", headers=me(person), reads=True)
    client.ask("balance again", "GET", f"/api/employees/{person}/balance", reads=True)
    if random.random() < 0.5:
        client.ask("cancel twice", "POST", f"{path}/cancel", headers=me(person), reads=True)
    if random.random() < 0.4:
        client.ask("ask the same again", "POST", REQUESTS, json=asked, headers=me(person))


def colliding(client: Client, random: Random, team: Team) -> None:
    person = random.choice(team.people)
    key, asked = ask(client, random, team, person)
    if not key:
        return
    late = date.fromisoformat(str(asked["to"]))
    again = {"from": late.isoformat(), "to": (late + timedelta(4)).isoformat(), "type": "unpaid"}
    client.ask("ask for what overlaps", "POST", REQUESTS, json=again, headers=me(person), reads=True)
    if random.random() < 0.6:
        far = {"from": "2033-01-03", "to": "2033-03-04"}
        client.ask("ask for too much", "POST", REQUESTS, json=far, headers=me(person), reads=True)
    client.ask("the person", "GET", f"/api/employees/{person}", reads=True)


def overview(client: Client, random: Random, team: Team) -> None:
    person, boss = random.choice(team.people), me(team.boss)
    client.ask("all requests", "GET", REQUESTS, headers=boss, reads=True)
    if random.random() < 0.6:
        status = random.choice(["pending", "approved", "rejected"])
        client.ask("requests by status", "GET", REQUESTS, query={"status": status}, headers=boss, reads=True)
    if random.random() < 0.5:
        client.ask("requests of one", "GET", REQUESTS, query={"employeeId": person}, headers=boss, reads=True)
    if random.random() < 0.5:
        month = f"2031-{random.randint(1, 12):02d}"
        client.ask("calendar", "GET", "/api/calendar", query={"month": month}, reads=True)
    if random.random() < 0.5:
        client.ask("the manager's people", "GET", "/api/employees", query={"managerId": team.boss}, reads=True)
    if random.random() < 0.4:
        client.ask("employees", "GET", "/api/employees", reads=True)


def mistakes(client: Client, random: Random, team: Team) -> None:
    person, nobody = random.choice(team.people), str(uuid.UUID(int=random.getrandbits(128)))
    early = {"from": "2032-05-10", "to": "2032-05-07"}

    def post(label: str, asked: object, headers: dict[str, str]) -> None:
        client.ask(label, "POST", REQUESTS, json=asked, headers=headers)

    ways: list[Callable[[], object]] = [
        lambda: post("nobody asks", early, {}),
        lambda: post("a stranger asks", early, me(nobody)),
        lambda: post("ends early", early, me(person)),
        lambda: post("no end", {"from": "2032-05-10"}, me(person)),
        lambda: post("no date", {"from": values.word(random), "to": "2032-05-10"}, me(person)),
        lambda: post("bad type", {**early, "type": values.word(random)}, me(person)),
        lambda: post("a weekend", {"from": "2032-05-08", "to": "2032-05-09"}, me(person)),
        lambda: client.ask("no employee", "GET", f"/api/employees/{nobody}"),
        lambda: client.ask("no request", "GET", f"{REQUESTS}/{nobody}", headers=me(person)),
        lambda: client.ask("approve no request", "POST", f"{REQUESTS}/{nobody}/approve", headers=me(team.boss)),
        lambda: client.ask("hire without e-mail", "POST", "/api/employees", json={"name": values.name(random)}),
        lambda: client.ask("requests of nobody", "GET", REQUESTS),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
    if random.random() < 0.5:
        key, _ = ask(client, random, team, person)
        if key:
            client.ask("approve one's own", "POST", f"{REQUESTS}/{key}/approve", headers=me(person), reads=True)
            client.ask("reject without a word", "POST", f"{REQUESTS}/{key}/reject", json={}, headers=me(team.boss))
