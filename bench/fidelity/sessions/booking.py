"""Sessions of a hotel: rooms and dates looked for, held, booked, changed, cancelled, by its desk, partners, manager."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

KEYS: Final = {"desk": "sh_desk_8d21f0", "partner": "sh_partner_77ab4c", "manager": "sh_manager_0be319"}
CAPACITIES: Final = {"R101": 1, "R102": 2, "R201": 2, "R202": 2, "R301": 4, "R401": 3}
FIRST_DAY: Final = date(2031, 1, 1)


@dataclass(frozen=True)
class Desk:
    """One who books through a channel; each has stays that do not touch, unless they are meant to."""

    client: Client
    channel: str
    free: dict[str, date]

    def ask(self, label: str, method: str, path: str, json: object = None, version: str = "") -> Answered:
        """Change something."""
        headers = {"X-Api-Key": KEYS[self.channel], **({"If-Match": version} if version else {})}
        return self.client.ask(label, method, f"/v2{path}", json=json, headers=headers, reads=True)

    def read(self, label: str, path: str, **query: object) -> Answered:
        """Look at something; a name with an underscore at its end is a word of the language."""
        asked = {name.rstrip("_"): value for name, value in query.items()}
        headers = {"X-Api-Key": KEYS[self.channel]}
        return self.client.ask(label, "GET", f"/v2{path}", query=asked or None, headers=headers, reads=True)

    def acting(self, channel: str) -> Desk:
        """Give another channel at the same hotel."""
        return Desk(self.client.user(), channel, self.free)


def play(client: Client, random: Random) -> None:
    start = FIRST_DAY + timedelta(days=random.randint(0, 200))
    desk = Desk(client, random.choice(["desk", "desk", "partner"]), dict.fromkeys(CAPACITIES, start))
    some = random.choice([{}, {"type": random.choice(["double", "single", "suite"])}, {"minCapacity": 3}])
    desk.read("rooms", "/rooms", **some)
    kinds = [booking, booking, holding, holding, changing, cancelling, cancelling, racing, browsing, pricing, expiring]
    for kind in random.sample(kinds, random.randint(5, 6)):
        kind(desk, random)
    mistakes(desk, random)
    desk.read("all bookings", "/bookings")


def stay_in(desk: Desk, random: Random, room: str = "") -> dict[str, Any]:
    """Give a stay that nothing is in the way of."""
    room = room or random.choice(list(CAPACITIES))
    arrival = desk.free[room] + timedelta(days=random.randint(0, 6))
    nights = random.choice([1, 2, 2, 3, 4, 5, random.randint(7, 10), random.randint(14, 16)])
    desk.free[room] = departure = arrival + timedelta(days=nights)
    stay: dict[str, Any] = {"roomId": room, "checkIn": arrival.isoformat(), "checkOut": departure.isoformat()}
    stay["guests"] = random.randint(1, CAPACITIES[room])
    if random.random() < 0.5:
        stay["policy"] = random.choice(["flexible", "moderate", "nonRefundable"])
    if random.random() < 0.3:
        stay["promoCode"] = random.choice(["SPRING15", "LOYAL5"])
    return stay


def guest(random: Random) -> dict[str, str]:
    first, last = values.name(random).split(" ", 1)
    return {"firstName": first, "lastName": last, "email": values.email(random)}


def book(desk: Desk, random: Random, label: str = "book", **more: object) -> tuple[dict[str, Any], str, str]:
    """Book a room; give the stay, the path of the booking and its version."""
    stay = {**stay_in(desk, random), **more}
    made = desk.ask(label, "POST", "/bookings", {**stay, "guest": guest(random)})
    return stay, f"/bookings/{made.take('reference')}", made.header("etag")


def booking(desk: Desk, random: Random) -> None:
    stay, path, _ = book(desk, random)
    desk.read("the booking", path)
    if random.random() < 0.6:
        desk.read("calendar of the room", f"/rooms/{stay['roomId']}/calendar", from_=stay["checkIn"], days=7)
    if random.random() < 0.5:
        desk.read("bookings of the room", "/bookings", roomId=stay["roomId"])


def holding(desk: Desk, random: Random) -> None:
    stay = stay_in(desk, random)
    some = {"ttlSeconds": random.choice([300, 600, 1200])} if random.random() < 0.5 else {}
    made = desk.ask("hold", "POST", "/holds", {**stay, **some})
    path = f"/holds/{made.take('holdId')}"
    desk.read("the hold", path)
    if random.random() < 0.5:
        desk.ask("book what is held", "POST", "/bookings", {**stay, "guest": guest(random)})
    if random.random() < 0.65:
        done = desk.ask("confirm the hold", "POST", f"{path}/confirm", {"guest": guest(random)})
        desk.read("the booking of the hold", f"/bookings/{done.take('reference')}")
    else:
        desk.ask("release the hold", "DELETE", path)
    desk.read("the hold after that", path)
    if random.random() < 0.4:
        desk.ask("confirm it again", "POST", f"{path}/confirm", {"guest": guest(random)})


def expiring(desk: Desk, random: Random) -> None:
    made = desk.ask("hold shortly", "POST", "/holds", {**stay_in(desk, random), "ttlSeconds": 1})
    path = f"/holds/{made.take('holdId')}"
    time.sleep(1.3)
    desk.read("the expired hold", path)
    desk.ask("confirm too late", "POST", f"{path}/confirm", {"guest": guest(random)})


def changing(desk: Desk, random: Random) -> None:
    stay, path, version = book(desk, random, policy=random.choice(["flexible", "moderate", "nonRefundable"]))
    longer = {"checkOut": (date.fromisoformat(stay["checkOut"]) + timedelta(days=1)).isoformat()}
    desk.free[stay["roomId"]] += timedelta(days=1)
    ways: list[dict[str, Any]] = [longer, {"notes": values.sentence(random)}, {"guest": guest(random)}]
    for change in random.sample(ways, random.randint(1, 2)):
        done = desk.ask("change", "PATCH", path, change, version)
        version = done.headers.get("etag", version)
    if random.random() < 0.5:
        desk.ask("change a stale version", "PATCH", path, {"notes": values.title(random)}, '"0"')
    if random.random() < 0.3:
        desk.ask("change without a version", "PATCH", path, {"notes": values.title(random)})
    desk.read("the changed booking", path)


def cancelling(desk: Desk, random: Random) -> None:
    stay, path, version = book(desk, random)
    asked = {"reason": values.sentence(random)} if random.random() < 0.5 else {}
    desk.ask("cancel", "POST", f"{path}/cancel", asked, version)
    desk.read("the cancelled booking", path)
    if random.random() < 0.4:
        desk.ask("cancel again", "POST", f"{path}/cancel", {}, "*")
    if random.random() < 0.5:
        desk.ask("book the free room", "POST", "/bookings", {**stay, "guest": guest(random)})
    if random.random() < 0.5:
        desk.read("cancelled bookings", "/bookings", status="cancelled")


def racing(desk: Desk, random: Random) -> None:
    stay, _, _ = book(desk, random)
    other = desk.acting(random.choice(["desk", "partner"]))
    shifted = (date.fromisoformat(stay["checkOut"]) + timedelta(days=random.randint(1, 3))).isoformat()
    late = {**stay, "checkOut": shifted} if random.random() < 0.6 else stay
    other.ask("book a room taken", "POST", "/bookings", {**late, "guest": guest(random)})
    if random.random() < 0.5:
        other.ask("hold a room taken", "POST", "/holds", stay)
    query = {name: stay[name] for name in ("checkIn", "checkOut")}
    other.read("what is left", "/availability", **query)


def browsing(desk: Desk, random: Random) -> None:
    for _ in range(random.randint(2, 3)):
        book(desk, random)
    limit = random.randint(1, 2)
    more = {"order": "desc"} if random.random() < 0.4 else {}
    for offset in range(0, limit * random.randint(2, 3), limit):
        page = desk.read("page of bookings", "/bookings", limit=limit, offset=offset, **more)
        if offset + limit >= (page.find("page", "total") or 0):
            break
    desk.read("confirmed bookings", "/bookings", status="confirmed")


def pricing(desk: Desk, random: Random) -> None:
    manager, room = desk.acting("manager"), random.choice(list(CAPACITIES))
    found = manager.read("the room", f"/rooms/{room}")
    rate = random.randint(60, 320) + random.choice([0, 0.5, 0.9])
    manager.ask("change the rate", "PATCH", f"/rooms/{room}", {"nightlyRate": rate}, found.header("etag"))
    desk.ask("book at the new rate", "POST", "/bookings", {**stay_in(desk, random, room), "guest": guest(random)})
    if random.random() < 0.5:
        manager.ask("close the room", "PATCH", f"/rooms/{room}", {"outOfService": True}, "*")
        desk.ask("book a closed room", "POST", "/bookings", {**stay_in(desk, random, room), "guest": guest(random)})
        manager.ask("open the room", "PATCH", f"/rooms/{room}", {"outOfService": False}, "*")
    if random.random() < 0.4:
        desk.ask("change the rate as the desk", "PATCH", f"/rooms/{room}", {"nightlyRate": 1}, "*")
    desk.read("rooms with rates", "/rooms")


def mistakes(desk: Desk, random: Random) -> None:
    room = random.choice(list(CAPACITIES))
    good = {"roomId": room, "checkIn": "2033-05-01", "checkOut": "2033-05-04", "guests": 1, "guest": guest(random)}
    client, wrong = desk.client, {"X-Api-Key": f"sh_desk_{random.getrandbits(24):06x}"}

    def refused(label: str, **more: object) -> Answered:
        asked = {name: value for name, value in {**good, **more}.items() if value is not None}
        return desk.ask(label, "POST", "/bookings", asked)

    def anothers() -> None:
        _, path, _ = book(desk.acting("desk"), random, "book at the desk")
        desk.acting("partner").read("a booking of the desk", path)

    ways: list[Callable[[], object]] = [
        lambda: refused("no days", checkIn=None),
        lambda: refused("days in the wrong order", checkOut="2033-04-28"),
        lambda: refused("a day that is none", checkIn="2033-02-30"),
        lambda: refused("a day long ago", checkIn="2019-06-01", checkOut="2019-06-03"),
        lambda: refused("too long", checkOut="2033-07-01"),
        lambda: refused("too many guests", guests=CAPACITIES[room] + random.randint(1, 3)),
        lambda: refused("a policy unknown", policy="generous"),
        lambda: refused("a code unknown", promoCode=f"{values.word(random).upper()}{random.randint(10, 99)}"),
        lambda: refused("no guest", guest=None),
        lambda: refused("a guest without address", guest={**guest(random), "email": "nowhere"}),
        lambda: refused("no such room", roomId=f"R{random.randint(500, 999)}"),
        lambda: desk.read("no such booking", f"/bookings/{values.word(random).upper()[:4]}{random.randint(22, 99)}"),
        lambda: desk.read("no such hold", f"/holds/{random.getrandbits(128):032x}"),
        lambda: desk.read("a limit too high", "/bookings", limit=random.randint(51, 500)),
        lambda: desk.read("availability of nothing", "/availability", checkIn="2033-05-01"),
        lambda: client.ask("without a key", "GET", "/v2/rooms"),
        lambda: client.ask("a wrong key", "POST", "/v2/bookings", json=good, headers=wrong),
        anothers,
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()
