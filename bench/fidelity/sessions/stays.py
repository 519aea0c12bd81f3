"""Sessions of stays: one signs in, books, finds by name and dates, changes and deletes; others may not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

BASIC: Final = {"Authorization": "Basic " + base64.b64encode(b"admin:password123").decode()}


def play(client: Client, random: Random) -> None:
    client.ask("ping", "GET", "/ping")
    if random.random() < 0.5:
        client.ask("wrong password", "POST", "/auth", json={"username": "admin", "password": values.password(random)})
    asked = {"username": "admin", "password": "password123"}
    admin = {"Cookie": "token=" + client.ask("log in", "POST", "/auth", json=asked).take("token")}
    made = [book(client, random) for _ in range(random.randint(2, 4))]
    ways: list[Callable[[], None]] = [
        lambda: search(client, random, made),
        lambda: replace(client, random, made[0][0], admin),
        lambda: patch(client, random, made[-1][0], random.choice([admin, BASIC])),
        lambda: known_ones(client, random, random.choice([admin, BASIC])),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 4)]:
        way()
    mistakes(client, random, made[1][0], admin)
    if random.random() < 0.8:
        client.ask("delete", "DELETE", f"/booking/{made[0][0]}", headers=random.choice([admin, BASIC]))
        client.ask("stay, deleted", "GET", f"/booking/{made[0][0]}", reads=True)
    client.ask("stays at last", "GET", "/booking", reads=True)


def a_day(random: Random) -> str:
    return f"2026-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def a_stay(random: Random) -> dict[str, object]:
    first, last = sorted(a_day(random) for _ in range(2))
    asked: dict[str, object] = {"firstname": random.choice(values.FIRST), "lastname": random.choice(values.LAST)}
    asked |= {"totalprice": random.randint(50, 999), "depositpaid": random.random() < 0.5}
    asked["bookingdates"] = {"checkin": first, "checkout": last}
    return asked | ({"additionalneeds": random.choice(["Breakfast", "Late checkout"])} if random.random() < 0.6 else {})


def book(client: Client, random: Random) -> tuple[str, dict[str, object]]:
    asked = a_stay(random)
    number = client.ask("book", "POST", "/booking", json=asked).take("bookingid")
    client.ask("stay booked", "GET", f"/booking/{number}", reads=True)
    return number, asked


def search(client: Client, random: Random, made: list[tuple[str, dict[str, object]]]) -> None:
    client.ask("stays", "GET", "/booking", reads=True)
    stay = random.choice(made)[1]
    name = random.choice(["firstname", "lastname"])
    client.ask("stays by name", "GET", "/booking", query={name: stay[name]}, reads=True)
    if random.random() < 0.4:
        query = {name: stay[name] for name in ("firstname", "lastname")}
        client.ask("stays by both names", "GET", "/booking", query=query, reads=True)
    if random.random() < 0.7:
        client.ask("stays from", "GET", "/booking", query={"checkin": a_day(random)}, reads=True)
    if random.random() < 0.5:
        first, last = sorted(a_day(random) for _ in range(2))
        client.ask("stays between", "GET", "/booking", query={"checkin": first, "checkout": last}, reads=True)


def replace(client: Client, random: Random, number: str, admin: dict[str, str]) -> None:
    client.ask("replace", "PUT", f"/booking/{number}", json=a_stay(random), headers=admin)
    client.ask("stay replaced", "GET", f"/booking/{number}", reads=True)


def patch(client: Client, random: Random, number: str, admin: dict[str, str]) -> None:
    ways: list[dict[str, object]] = [
        {"firstname": random.choice(values.FIRST), "lastname": random.choice(values.LAST)},
        {"totalprice": random.randint(50, 999)},
        {"depositpaid": True, "additionalneeds": "Dinner"},
        {"bookingdates": {"checkin": a_day(random), "checkout": "2027-01-02"}},
    ]
    client.ask("patch", "PATCH", f"/booking/{number}", json=random.choice(ways), headers=admin)
    client.ask("stay patched", "GET", f"/booking/{number}", reads=True)


def known_ones(client: Client, random: Random, admin: dict[str, str]) -> None:
    number = random.randint(1, 6)
    client.ask("known stay", "GET", f"/booking/{number}", reads=True)
    if random.random() < 0.6:
        client.ask("patch known", "PATCH", f"/booking/{number}", json={"totalprice": 77}, headers=admin, reads=True)
    if random.random() < 0.4:
        client.ask("delete known", "DELETE", f"/booking/{number}", headers=admin)
        client.ask("known stay, deleted", "GET", f"/booking/{number}", reads=True)


def mistakes(client: Client, random: Random, number: str, admin: dict[str, str]) -> None:
    nowhere, path = random.randint(1000, 99999), f"/booking/{number}"
    less = a_stay(random)
    less.pop(random.choice(["firstname", "lastname", "totalprice", "bookingdates"]))
    false = {"Cookie": f"token={random.randbytes(7).hex()}"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no stay", "GET", f"/booking/{nowhere}"),
        lambda: client.ask("book with less", "POST", "/booking", json=less),
        lambda: client.ask("replace with less", "PUT", path, json=less, headers=admin),
        lambda: client.ask("replace no stay", "PUT", f"/booking/{nowhere}", json=a_stay(random), headers=admin),
        lambda: client.ask("patch no stay", "PATCH", f"/booking/{nowhere}", json={"totalprice": 5}, headers=admin),
        lambda: client.ask("delete no stay", "DELETE", f"/booking/{nowhere}", headers=admin),
        lambda: client.ask("nobody replaces", "PUT", path, json=a_stay(random)),
        lambda: client.ask("nobody patches", "PATCH", path, json={"totalprice": 5}),
        lambda: client.ask("nobody deletes", "DELETE", path),
        lambda: client.ask("false token", "PATCH", path, json={"totalprice": 5}, headers=false),
        lambda: client.ask("stays of nobody", "GET", "/booking", query={"firstname": "Nobody"}, reads=True),
        lambda: client.ask("words for a price", "POST", "/booking", json={**a_stay(random), "totalprice": "much"}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 8)]:
        way()
    client.ask("stay as it was", "GET", path, reads=True)
