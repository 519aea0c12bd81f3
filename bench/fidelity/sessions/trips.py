"""Sessions of people and trips: filters, orders, pages, counts, properties, entity tags, trips and friends."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

KNOWN: Final = ("russellwhyte", "scottketchum", "ronaldmundy", "javieralfred", "willieashmore", "keithpinckney")
MEMBERS: Final = ("UserName", "FirstName", "LastName", "Gender", "Age", "Emails")


def play(client: Client, random: Random) -> None:
    made = [add(client, random) for _ in range(random.randint(1, 2))]
    ways: list[Callable[[Client, Random, str], None]] = [filters, shaped, members, editing, trips, friends, mistakes]
    random.shuffle(ways)
    for way in ways[: random.randint(5, 7)]:
        way(client, random, random.choice(made))
    gone = f"/People('{made[0]}')"
    client.ask("delete person", "DELETE", gone, headers={"If-Match": "*"})
    client.ask("the person, deleted", "GET", gone, reads=True)
    client.ask("how many people", "GET", "/People/$count", reads=True)


def fields(random: Random) -> dict[str, object]:
    asked: dict[str, object] = {"UserName": values.login(random), "FirstName": random.choice(values.FIRST)}
    asked["LastName"] = random.choice(values.LAST[:20])
    if random.random() < 0.6:
        asked["Gender"] = random.choice(("Male", "Female"))
    if random.random() < 0.6:
        asked["Age"] = random.randint(18, 80)
    if random.random() < 0.7:
        asked["Emails"] = [values.email(random) for _ in range(random.randint(1, 2))]
    return asked


def add(client: Client, random: Random) -> str:
    return client.ask("new person", "POST", "/People", json=fields(random)).take("UserName")


def filters(client: Client, random: Random, made: str) -> None:
    first, age = random.choice(("Russell", "Scott", "Keith", "Elaine")), random.randint(25, 55)
    texts = [
        f"FirstName eq '{first}'",
        f"Age gt {age}",
        f"Age ge {age} and Gender eq 'Female'",
        f"contains(LastName,'{random.choice(('al', 'e', 'mun'))}')",
        f"startswith(FirstName,'{random.choice('RSVE')}')",
        f"FirstName eq '{first}' or UserName eq '{made}'",
        f"not contains(FirstName,'{random.choice('aei')}')",
        "Gender ne 'Male'",
    ]
    for text in random.sample(texts, random.randint(2, 4)):
        query = {"$filter": text} | ({"$count": "true"} if random.random() < 0.3 else {})
        client.ask("people who", "GET", "/People", query=query, reads=True)


def shaped(client: Client, random: Random, _: str) -> None:
    chosen = ",".join(random.sample(MEMBERS, random.randint(1, 3)))
    page: dict[str, object] = {"$select": chosen, "$top": random.randint(2, 5)}
    client.ask("members of people", "GET", "/People", query=page, reads=True)
    order = random.choice(("LastName", "FirstName desc", "Gender desc,LastName"))
    client.ask("people in order", "GET", "/People", query={"$orderby": order, "$top": 4}, reads=True)
    page = {"$top": 3, "$skip": random.randint(0, 8), "$count": "true"}
    client.ask("a page of people", "GET", "/People", query=page, reads=True)
    if random.random() < 0.5:
        link = client.ask("all people", "GET", "/People", reads=True).take("@odata.nextLink")
        client.ask("the rest of them", "GET", link, reads=True)


def members(client: Client, random: Random, made: str) -> None:
    path = f"/People('{random.choice((made, random.choice(KNOWN)))}')"
    client.ask("the person", "GET", path, reads=True)
    client.ask("members of one", "GET", path, query={"$select": "UserName,Age"}, reads=True)
    client.ask("a member", "GET", f"{path}/{random.choice(('FirstName', 'Emails', 'Age'))}", reads=True)
    client.ask("a member's value", "GET", f"{path}/LastName/$value", reads=True)
    if random.random() < 0.3:
        client.ask("airlines", "GET", "/Airlines", reads=True)


def editing(client: Client, random: Random, made: str) -> None:
    path = f"/People('{made}')"
    tag = client.ask("the person with a tag", "GET", path, reads=True).take("@odata.etag")
    asked = random.choice([{"Age": random.randint(20, 70)}, {"FirstName": "Ada", "Emails": []}, {"Gender": "Female"}])
    shown = {"Prefer": "return=representation"} if random.random() < 0.5 else {}
    client.ask("change", "PATCH", path, json=asked, headers={"If-Match": tag, **shown}, reads=True)
    client.ask("the person, changed", "GET", path, reads=True)
    client.ask("change by the old tag", "PATCH", path, json=asked, headers={"If-Match": tag})
    if random.random() < 0.5:
        client.ask("change without a tag", "PATCH", path, json=asked)
    if random.random() < 0.5:
        client.ask("change anyhow", "PATCH", path, json={"LastName": "Lovelace"}, headers={"If-Match": "*"})
        client.ask("the person, changed again", "GET", path, reads=True)


def trips(client: Client, random: Random, made: str) -> None:
    path = f"/People('{made}')/Trips"
    for _ in range(random.randint(1, 3)):
        asked: dict[str, object] = {"Name": values.title(random), "Budget": random.randint(2, 90) * 100}
        if random.random() < 0.5:
            asked |= {"Tags": [values.word(random)], "Description": values.sentence(random)}
        if random.random() < 0.5:
            asked |= {"StartsAt": "2027-03-01T00:00:00Z", "EndsAt": f"2027-03-{random.randint(10, 28)}T00:00:00Z"}
        number = client.ask("new trip", "POST", path, json=asked).take("TripId")
    client.ask("the trip", "GET", f"{path}({number})", reads=True)
    client.ask("trips", "GET", path, reads=True)
    client.ask("the person with trips", "GET", f"/People('{made}')", query={"$expand": "Trips"}, reads=True)
    if random.random() < 0.6:
        client.ask("delete trip", "DELETE", f"{path}({number})")
        client.ask("trips left", "GET", path, reads=True)


def friends(client: Client, random: Random, made: str) -> None:
    path = f"/People('{made}')/Friends"
    client.ask("no friends yet", "GET", path, reads=True)
    for name in random.sample(KNOWN, random.randint(1, 2)):
        client.ask("new friend", "POST", f"{path}/$ref", json={"@odata.id": f"People('{name}')"})
    client.ask("friends", "GET", path, reads=True)
    if random.random() < 0.4:
        client.ask("nobody's friend", "POST", f"{path}/$ref", json={"@odata.id": "People('nobody')"})


def mistakes(client: Client, random: Random, made: str) -> None:
    nobody, json = f"/People('{values.slug(random)}')", {"Content-Type": "application/json"}
    again, no_name = {**fields(random), "UserName": made}, {"UserName": values.login(random)}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("known already", "POST", "/People", json=again),
        lambda: client.ask("no first name", "POST", "/People", json=no_name),
        lambda: client.ask("no such gender", "POST", "/People", json={**fields(random), "Gender": "Robot"}),
        lambda: client.ask("no such field", "POST", "/People", json={**fields(random), "Shoes": 42}),
        lambda: client.ask("malformed", "POST", "/People", content=b'{"UserName"', headers=json),
        lambda: client.ask("nobody", "GET", nobody),
        lambda: client.ask("delete nobody", "DELETE", nobody, headers={"If-Match": "*"}),
        lambda: client.ask("filter by what is not", "GET", "/People", query={"$filter": "Shoes eq 42"}),
        lambda: client.ask("filter of no form", "GET", "/People", query={"$filter": "FirstName is Ada"}),
        lambda: client.ask("select what is not", "GET", "/People", query={"$select": "Shoes"}),
        lambda: client.ask("top in words", "GET", "/People", query={"$top": values.word(random)}),
        lambda: client.ask("no such member", "GET", f"/People('{made}')/Shoes"),
        lambda: client.ask("no trip", "GET", f"/People('{made}')/Trips({random.randint(5000, 9000)})"),
        lambda: client.ask("trip without a name", "POST", f"/People('{made}')/Trips", json={"Budget": 5}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 6)]:
        way()
