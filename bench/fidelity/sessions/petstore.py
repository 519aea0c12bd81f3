"""Sessions of the pet store: pets added, found, changed and deleted, ordered, counted, by users who log in."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

API: Final = "/api/v3"
CATEGORIES: Final = ("Dogs", "Cats", "Rabbits", "Lions")
TAGS: Final = ("tag1", "tag2", "tag3", "tag4", "tag5", "small", "calm")


def play(client: Client, random: Random) -> None:
    client.ask("inventory at first", "GET", f"{API}/store/inventory", reads=True)
    user = sign_up(client, random)
    made = [add(client, random) for _ in range(random.randint(1, 3))]
    ways: list[Callable[[], None]] = [
        lambda: search(client, random),
        lambda: change(client, random, made[0]),
        lambda: ordering(client, random, made[-1]),
        lambda: known_ones(client, random),
        lambda: account(client, random, user),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()
    mistakes(client, random, user)
    if random.random() < 0.7:
        client.ask("delete pet", "DELETE", f"{API}/pet/{made[0]}", headers={"api_key": "special-key"})
        client.ask("pet, deleted", "GET", f"{API}/pet/{made[0]}", reads=True)
    client.ask("inventory", "GET", f"{API}/store/inventory", reads=True)


def a_pet(random: Random, number: int | None) -> dict[str, object]:
    place = random.randint(1, 4)
    asked: dict[str, object] = {} if number is None else {"id": number}
    asked |= {"name": random.choice(values.FIRST), "category": {"id": place, "name": CATEGORIES[place - 1]}}
    asked["photoUrls"] = [f"https://img.example/{values.word(random)}.jpg" for _ in range(random.randint(1, 2))]
    names = random.sample(TAGS, random.randint(0, 2))
    asked["tags"] = [{"id": place, "name": name} for place, name in enumerate(names)]
    if random.random() < 0.8:
        asked["status"] = random.choice(["available", "pending", "sold"])
    return asked


def add(client: Client, random: Random) -> str:
    number = random.randint(100, 99999) if random.random() < 0.7 else None
    found = client.ask("add pet", "POST", f"{API}/pet", json=a_pet(random, number)).take("id")
    client.ask("pet added", "GET", f"{API}/pet/{found}", reads=True)
    return found


def search(client: Client, random: Random) -> None:
    status = random.choice(["available", "pending", "sold"])
    client.ask("pets by status", "GET", f"{API}/pet/findByStatus", query={"status": status}, reads=True)
    tags = ",".join(random.sample(TAGS, random.randint(1, 2)))
    client.ask("pets by tags", "GET", f"{API}/pet/findByTags", query={"tags": tags}, reads=True)


def change(client: Client, random: Random, pet: str) -> None:
    client.ask("replace pet", "PUT", f"{API}/pet", json=a_pet(random, int(pet)))
    client.ask("pet replaced", "GET", f"{API}/pet/{pet}", reads=True)
    if random.random() < 0.6:
        asked = {"name": random.choice(values.FIRST), "status": random.choice(["pending", "sold"])}
        client.ask("rename pet", "POST", f"{API}/pet/{pet}", query=asked)
        client.ask("pet renamed", "GET", f"{API}/pet/{pet}", reads=True)


def known_ones(client: Client, random: Random) -> None:
    client.ask("known pet", "GET", f"{API}/pet/{random.randint(1, 7)}", reads=True)
    if random.random() < 0.5:
        number = random.randint(1, 7)
        client.ask("delete known pet", "DELETE", f"{API}/pet/{number}")
        client.ask("known pet, deleted", "GET", f"{API}/pet/{number}", reads=True)


def ordering(client: Client, random: Random, pet: str) -> None:
    asked: dict[str, object] = {"petId": int(pet), "quantity": random.randint(1, 9)}
    if random.random() < 0.6:
        asked["id"] = random.randint(10, 9999)
    if random.random() < 0.6:
        asked["shipDate"] = f"2026-1{random.randint(0, 2)}-{random.randint(10, 28)}T10:00:00.000Z"
    if random.random() < 0.6:
        asked |= {"status": random.choice(["placed", "approved", "delivered"]), "complete": random.random() < 0.5}
    order = client.ask("order", "POST", f"{API}/store/order", json=asked).take("id")
    client.ask("order placed", "GET", f"{API}/store/order/{order}", reads=True)
    if random.random() < 0.6:
        client.ask("delete order", "DELETE", f"{API}/store/order/{order}")
        client.ask("order, deleted", "GET", f"{API}/store/order/{order}", reads=True)


def a_user(random: Random) -> dict[str, object]:
    first, last = random.choice(values.FIRST), random.choice(values.LAST)
    asked: dict[str, object] = {"username": values.login(random), "firstName": first, "lastName": last}
    asked |= {"email": values.email(random), "password": values.password(random), "phone": values.phone(random)}
    return asked | ({"id": random.randint(50, 5000)} if random.random() < 0.5 else {}) | {"userStatus": 1}


def sign_up(client: Client, random: Random) -> dict[str, object]:
    user = a_user(random)
    client.ask("create user", "POST", f"{API}/user", json=user)
    query = {"username": user["username"], "password": user["password"]}
    client.ask("log in", "GET", f"{API}/user/login", query=query)
    return user


def account(client: Client, random: Random, user: dict[str, object]) -> None:
    path = f"{API}/user/{user['username']}"
    client.ask("user", "GET", path, reads=True)
    client.ask("change user", "PUT", path, json={**user, "phone": values.phone(random)})
    client.ask("user changed", "GET", path, reads=True)
    if random.random() < 0.5:
        more = [a_user(random), a_user(random)]
        client.ask("create users", "POST", f"{API}/user/createWithList", json=more)
        client.ask("user of several", "GET", f"{API}/user/{more[1]['username']}", reads=True)
    client.ask("log out", "GET", f"{API}/user/logout")
    if random.random() < 0.5:
        client.ask("delete user", "DELETE", path)
        client.ask("user, deleted", "GET", path, reads=True)


def mistakes(client: Client, random: Random, user: dict[str, object]) -> None:
    nowhere = random.randint(100_000, 999_999)
    wrong = {"username": user["username"], "password": values.password(random)}
    json = {"Content-Type": "application/json"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no pet", "GET", f"{API}/pet/{nowhere}"),
        lambda: client.ask("pet by word", "GET", f"{API}/pet/{values.word(random)}"),
        lambda: client.ask("replace no pet", "PUT", f"{API}/pet", json=a_pet(random, nowhere)),
        lambda: client.ask("rename no pet", "POST", f"{API}/pet/{nowhere}", query={"name": "Rex"}),
        lambda: client.ask("pet without name", "POST", f"{API}/pet", json={"id": nowhere, "photoUrls": []}),
        lambda: client.ask("pets of no status", "GET", f"{API}/pet/findByStatus", query={"status": "lost"}),
        lambda: client.ask("pets without tags", "GET", f"{API}/pet/findByTags"),
        lambda: client.ask("order no pet", "POST", f"{API}/store/order", json={"petId": nowhere, "quantity": 1}),
        lambda: client.ask("no order", "GET", f"{API}/store/order/{nowhere}"),
        lambda: client.ask("delete no order", "DELETE", f"{API}/store/order/{nowhere}"),
        lambda: client.ask("no user", "GET", f"{API}/user/{values.login(random)}"),
        lambda: client.ask("wrong password", "GET", f"{API}/user/login", query=wrong),
        lambda: client.ask("user without name", "POST", f"{API}/user", json={"firstName": "Ada"}),
        lambda: client.ask("malformed", "POST", f"{API}/pet", content=b'{"name": ', headers=json),
        lambda: client.ask("delete no pet", "DELETE", f"{API}/pet/{nowhere}"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 8)]:
        way()
