"""Sessions of the event log: written to, walked by cursor and by link, filtered, asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

KINDS = ("deploy", "alert", "login", "note")


def play(client: Client, random: Random) -> None:
    kinds = [walking, walking, filtering, writing, mistakes]
    random.shuffle(kinds)
    writing(client, random)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random)


def write(client: Client, random: Random) -> str:
    asked: dict[str, object] = {"kind": random.choice(KINDS), "summary": values.sentence(random)}
    if random.random() < 0.6:
        asked["actor"] = values.login(random)
    if random.random() < 0.5:
        asked["labels"] = random.choices(values.WORDS, k=random.randint(1, 4))
    return client.ask("write", "POST", "/v2/events", json=asked).take("data", "id")


def writing(client: Client, random: Random) -> None:
    made = [write(client, random) for _ in range(random.randint(2, 4))]
    client.ask("the event", "GET", f"/v2/events/{random.choice(made)}", reads=True)
    client.ask("counts", "GET", "/v2/events/counts", reads=True)
    if random.random() < 0.5:
        client.ask("newest events", "GET", "/v2/events", reads=True)


def walking(client: Client, random: Random) -> None:
    limit = random.choice([2, 3, 4])
    page = client.ask("first page", "GET", "/v2/events", query={"limit": limit}, reads=True)
    by_link = random.random() < 0.5
    # Seven events are there from the start, and two were written at least: as many pages as that allows.
    for _ in range(min(random.randint(1, 3), 8 // limit)):
        if by_link:
            page = client.ask("page by link", "GET", page.take("paging", "next"), reads=True)
        else:
            query = {"limit": limit, "cursor": page.take("paging", "next_cursor")}
            page = client.ask("page by cursor", "GET", "/v2/events", query=query, reads=True)
    client.ask("an event of the page", "GET", f"/v2/events/{page.take('data', 0, 'id')}", reads=True)


def filtering(client: Client, random: Random) -> None:
    kind = random.choice(KINDS)
    client.ask("events of a kind", "GET", "/v2/events", query={"kind": kind}, reads=True)
    client.ask("few of a kind", "GET", "/v2/events", query={"kind": kind, "limit": random.randint(1, 2)}, reads=True)
    asked = {"kind": kind, "summary": values.sentence(random)}
    client.ask("write of a kind", "POST", "/v2/events", json=asked)
    client.ask("events of the kind", "GET", "/v2/events", query={"kind": kind, "limit": 20}, reads=True)


def mistakes(client: Client, random: Random) -> None:
    ways: list[Callable[[], object]] = [
        lambda: client.ask("limit too high", "GET", "/v2/events", query={"limit": random.randint(21, 500)}),
        lambda: client.ask("limit no number", "GET", "/v2/events", query={"limit": values.word(random)}),
        lambda: client.ask("bad cursor", "GET", "/v2/events", query={"cursor": values.word(random)}),
        lambda: client.ask("bad kind", "GET", "/v2/events", query={"kind": values.word(random)}),
        lambda: client.ask("no such event", "GET", f"/v2/events/{random.getrandbits(96):024x}"),
        lambda: client.ask("write a bad kind", "POST", "/v2/events", json={"kind": values.word(random)}),
        lambda: client.ask("write nothing", "POST", "/v2/events", json={"kind": random.choice(KINDS), "summary": " "}),
        lambda: client.ask("write no object", "POST", "/v2/events", json=random.randint(1, 9)),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
