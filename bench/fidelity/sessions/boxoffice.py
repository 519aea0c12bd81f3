"""Sessions of the box office: looking for seats, holding, booking, changing by version, a bin, papers, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

EVENTS = ["evt-hamlet", "evt-carmen", "evt-giselle", "evt-faust"]
SEATS = [f"{row}{number}" for row in "ABC" for number in range(1, 7)]


class Hall:
    """Which seats of each event were not asked for yet, so that a session takes what is free when it means to."""

    def __init__(self, random: Random) -> None:
        self._free = {event: random.sample(SEATS, len(SEATS)) for event in EVENTS}

    def take(self, event: str, count: int) -> list[str]:
        taken, self._free[event] = self._free[event][:count], self._free[event][count:]
        return sorted(taken)


def play(client: Client, random: Random) -> None:
    hall = Hall(random)
    kinds = [looking, holding, changing, bin_and_back, papers, mistakes]
    random.shuffle(kinds)
    looking(client, random, hall)
    for kind in kinds[: random.randint(3, 4)]:
        kind(client, random, hall)
    bookings(client, random)


def looking(client: Client, random: Random, hall: Hall) -> None:
    if random.random() < 0.5:
        client.ask("events", "GET", "/api/events", reads=True)
    elif random.random() < 0.5:
        asked = {"genre": random.choice(["drama", "opera", "ballet"])}
        client.ask("events of a genre", "GET", "/api/events", query=asked, reads=True)
    event = random.choice(EVENTS)
    client.ask("event", "GET", f"/api/events/{event}", reads=True)
    query: dict[str, object] = random.choice([{}, {"state": "available"}, {"tier": "front"}, {"row": "B"}])
    if random.random() < 0.3:
        query = {"state": "available", "tier": random.choice(["stalls", "balcony"])}
    client.ask("seats", "GET", f"/api/events/{event}/seats", query=query or None, reads=True)
    if random.random() < 0.3:
        hold(client, hall, event, 1)
        client.ask("event, seat held", "GET", f"/api/events/{event}", reads=True)


def hold(client: Client, hall: Hall, event: str, count: int) -> str:
    asked = {"eventId": event, "seats": hall.take(event, count)}
    return client.ask("hold", "POST", "/api/holds", json=asked).take("holdId")


def contact(random: Random) -> dict[str, object]:
    asked: dict[str, object] = {"contactName": values.name(random), "email": values.email(random)}
    if random.random() < 0.6:
        asked["delivery"] = random.choice(["eticket", "boxOffice", "post"])
    if random.random() < 0.3:
        asked["note"] = values.sentence(random)
    return asked


def book(client: Client, random: Random, hall: Hall, event: str) -> tuple[str, str]:
    """Give the path and the entity tag of a new booking."""
    key = hold(client, hall, event, random.randint(1, 3))
    made = client.ask("confirm", "POST", f"/api/holds/{key}/confirm", json=contact(random))
    return f"/api/bookings/{made.take('bookingId')}", made.header("etag")


def holding(client: Client, random: Random, hall: Hall) -> None:
    event = random.choice(EVENTS)
    wanted = hall.take(event, random.randint(1, 4))
    asked = {"eventId": event, "seats": wanted}
    path = f"/api/holds/{client.ask('hold', 'POST', '/api/holds', json=asked).take('holdId')}"
    client.ask("seats held", "GET", f"/api/events/{event}/seats", query={"state": "held"}, reads=True)
    if random.random() < 0.6:
        again = {"eventId": event, "seats": wanted[:1] + hall.take(event, 1)}
        client.ask("hold what is taken", "POST", "/api/holds", json=again, reads=True)
    if random.random() < 0.5:
        client.ask("release", "DELETE", path)
        client.ask("hold, released", "GET", path, reads=True)
        client.ask("event, seats free", "GET", f"/api/events/{event}", reads=True)
        if random.random() < 0.5:
            client.ask("hold again", "POST", "/api/holds", json=asked, reads=True)
        else:
            client.ask("confirm the released", "POST", f"{path}/confirm", json=contact(random), reads=True)
    else:
        client.ask("confirm", "POST", f"{path}/confirm", json=contact(random))
        client.ask("hold, confirmed", "GET", path, reads=True)
        client.ask("release the confirmed", "DELETE", path, reads=True)
        client.ask("event, seats sold", "GET", f"/api/events/{event}", reads=True)


def changing(client: Client, random: Random, hall: Hall) -> None:
    path, tag = book(client, random, hall, random.choice(EVENTS))
    first = tag
    for _ in range(random.randint(1, 2)):
        change: dict[str, object] = random.choice(
            [{"delivery": random.choice(["post", "boxOffice"])}, {"note": values.sentence(random)}]
        )
        made = client.ask("change", "PATCH", path, json=change, headers={"If-Match": tag}, reads=True)
        tag = made.header("etag")
    client.ask("booking, changed", "GET", path, reads=True)
    if random.random() < 0.6:
        name = {"contactName": values.name(random)}
        client.ask("change the outdated", "PATCH", path, json=name, headers={"If-Match": first}, reads=True)
    if random.random() < 0.5:
        client.ask("change without version", "PATCH", path, json={"note": values.word(random)})
    if random.random() < 0.5:
        client.ask("is it new", "GET", path, headers={"If-None-Match": random.choice([tag, first])}, reads=True)


def bin_and_back(client: Client, random: Random, hall: Hall) -> None:
    event = random.choice(EVENTS)
    path, tag = book(client, random, hall, event)
    if random.random() < 0.3:
        client.ask("restore what is there", "POST", f"{path}/restore", reads=True)
    client.ask("cancel booking", "DELETE", path, headers={"If-Match": tag}, reads=True)
    client.ask("booking, cancelled", "GET", path, reads=True)
    client.ask("event, seats back", "GET", f"/api/events/{event}", reads=True)
    if random.random() < 0.5:
        client.ask("the cancelled booking", "GET", path, query={"includeDeleted": "true"}, reads=True)
    client.ask("bookings without it", "GET", "/api/bookings", reads=True)
    if random.random() < 0.6:
        client.ask("restore", "POST", f"{path}/restore", reads=True)
        client.ask("booking, restored", "GET", path, reads=True)
        client.ask("seats sold", "GET", f"/api/events/{event}/seats", query={"state": "sold"}, reads=True)
    else:
        client.ask("all bookings", "GET", "/api/bookings", query={"includeDeleted": "true"}, reads=True)


def papers(client: Client, random: Random, hall: Hall) -> None:
    path, tag = book(client, random, hall, random.choice(EVENTS))
    text = values.sentence(random).encode()
    file = (f"{values.slug(random)}.txt", text, "text/plain")
    form = {"label": random.choice(["passport", "voucher", "invoice"])} if random.random() < 0.6 else None
    made = client.ask("attach", "POST", f"{path}/attachments", files=[("file", file)], form=form)
    paper = f"{path}/attachments/{made.take('attachmentId')}"
    client.ask("attachment", "GET", paper, reads=True)
    client.ask("booking with attachment", "GET", path, reads=True)
    if random.random() < 0.5:
        client.ask("change, tag outdated", "PATCH", path, json={"note": "x"}, headers={"If-Match": tag}, reads=True)
    if random.random() < 0.4:
        bad = ("run.sh", b"echo", "text/x-sh")
        client.ask("attach a bad kind", "POST", f"{path}/attachments", files=[("file", bad)])
    if random.random() < 0.3:
        large = ("large.txt", b"x" * random.randint(2001, 2500), "text/plain")
        client.ask("attach too much", "POST", f"{path}/attachments", files=[("file", large)])
    if random.random() < 0.3:
        client.ask("attach no form", "POST", f"{path}/attachments", json={"file": "x"})
    client.ask("attachments", "GET", f"{path}/attachments", reads=True)
    if random.random() < 0.5:
        client.ask("detach", "DELETE", paper)
        client.ask("attachment, gone", "GET", paper, reads=True)


def bookings(client: Client, random: Random) -> None:
    sort = random.choice(["number", "-number", "contactName", "-ticketCount"])
    asked: dict[str, object] = {"sort": sort, "page": 1, "pageSize": random.choice([1, 2, 20])}
    client.ask("bookings by page", "GET", "/api/bookings", query=asked, reads=True)
    if random.random() < 0.5:
        event = {"eventId": random.choice(EVENTS)}
        client.ask("bookings of an event", "GET", "/api/bookings", query=event, reads=True)


def mistakes(client: Client, random: Random, hall: Hall) -> None:
    event = random.choice(EVENTS)
    path = f"/api/holds/{hold(client, hall, event, 1)}"
    email, json = values.email(random), {"Content-Type": "application/json"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no event", "GET", f"/api/events/evt-{values.word(random)}"),
        lambda: client.ask("bad state", "GET", f"/api/events/{event}/seats", query={"state": values.word(random)}),
        lambda: client.ask("hold nothing", "POST", "/api/holds", json={"eventId": event, "seats": []}),
        lambda: client.ask("hold without all", "POST", "/api/holds", json={}),
        lambda: client.ask("hold too many", "POST", "/api/holds", json={"eventId": event, "seats": SEATS[:7]}),
        lambda: client.ask("hold no seat", "POST", "/api/holds", json={"eventId": event, "seats": ["Z9"]}),
        lambda: client.ask("hold for no event", "POST", "/api/holds", json={"eventId": "evt-x", "seats": ["A1"]}),
        lambda: client.ask("confirm without name", "POST", f"{path}/confirm", json={"email": email}),
        lambda: client.ask("confirm badly", "POST", f"{path}/confirm", json={"email": "x", "delivery": "owl"}),
        lambda: client.ask("malformed", "POST", "/api/holds", content=b'{"eventId": ', headers=json),
        lambda: client.ask("no hold", "GET", f"/api/holds/hld_{values.word(random)}"),
        lambda: client.ask("no booking", "GET", f"/api/bookings/bkg_{values.word(random)}"),
        lambda: client.ask("bad sort", "GET", "/api/bookings", query={"sort": values.word(random)}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
    client.ask("hold, still active", "GET", path, reads=True)
