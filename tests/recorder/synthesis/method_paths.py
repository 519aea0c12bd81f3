"""A small service for tests of synthesis whose paths are names of methods: rooms, and the seats in each."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import word


class Rooms:
    """Rooms with seats whose numbers are given by the caller, and are told apart within one room only.

    Refusals have the status 200 and `ok: false`.
    """

    def __init__(self, chance):
        self.chance = chance
        self.rooms = {}

    def answer(self, method, target, sent, headers):
        del headers
        url = urlsplit(target)
        asked = dict(parse_qsl(url.query)) if method == "GET" else sent
        done = getattr(self, url.path.rpartition("/")[2].replace(".", "_"), None)
        if done is None:
            return 404, {"ok": False, "error": "unknown_method"}
        try:
            return 200, {"ok": True, **done(asked)}
        except KeyError as error:
            return 200, {"ok": False, "error": error.args[0]}

    def room(self, asked):
        if asked["room"] not in self.rooms:
            raise KeyError("room_not_found")
        return self.rooms[asked["room"]]

    def seat(self, asked):
        if asked["seat"] not in self.room(asked)["seats"]:
            raise KeyError("seat_not_found")
        return self.room(asked)["seats"][asked["seat"]]

    def rooms_create(self, asked):
        made = {"id": word(self.chance), "name": asked["name"]}
        self.rooms[made["id"]] = {**made, "seats": {}}
        return {"room": made}

    def rooms_info(self, asked):
        return {"room": {name: self.room(asked)[name] for name in ("id", "name")}}

    def seats_add(self, asked):
        seats = self.room(asked)["seats"]
        if asked["number"] in seats:
            raise KeyError("seat_exists")
        seats[asked["number"]] = {"number": asked["number"], "kind": asked["kind"], "status": "open"}
        return {"seat": {**seats[asked["number"]]}}

    def seats_info(self, asked):
        return {"seat": {**self.seat(asked)}}

    def seats_list(self, asked):
        rows = [one for one in self.room(asked)["seats"].values() if asked.get("kind") in (None, one["kind"])]
        return {"seats": [{**one} for one in rows]}

    def seats_close(self, asked):
        if self.seat(asked)["status"] == "closed":
            raise KeyError("already_closed")
        self.seat(asked)["status"] = "closed"
        return {"seat": {**self.seat(asked)}}

    def bookings_make(self, asked):
        for place in asked["places"]:
            if self.seat({**asked, **place})["status"] == "closed":
                raise KeyError("seat_closed")
        return {"booking": {"reference": word(self.chance), "places": asked["places"]}}


def booking(ask, words):
    """Book seats by the rows of a list: open ones, closed ones, and such as there are not."""
    seating(ask, words)
    room = ask("POST", "/api/rooms.create", {"name": word(words)}).json["room"]["id"]
    numbers = [str(number) for number in words.sample(range(200, 300), 4)]
    for number in numbers[:3]:
        ask("POST", "/api/seats.add", {"room": room, "number": number, "kind": "aisle"})
    ask("POST", "/api/seats.close", {"room": room, "seat": numbers[1]})
    for number in numbers:
        ask("POST", "/api/bookings.make", {"room": room, "places": [{"seat": number, "meal": word(words)}]})


def seating(ask, words):
    """Make two rooms with seats of the same numbers, look at them, list them, close some, and ask for what is none."""
    rooms = [ask("POST", "/api/rooms.create", {"name": word(words)}).json["room"]["id"] for _ in range(2)]
    for room in rooms:
        for number in ("101", "102", "103"):
            kind = words.choice(["aisle", "window"])
            ask("POST", "/api/seats.add", {"room": room, "number": number, "kind": kind})
    one, other = rooms
    ask("GET", f"/api/rooms.info?room={one}")
    ask("POST", "/api/seats.add", {"room": one, "number": "101", "kind": "aisle"})
    ask("GET", f"/api/seats.info?room={one}&seat=101")
    ask("POST", "/api/seats.close", {"room": one, "seat": "101"})
    ask("GET", f"/api/seats.info?room={one}&seat=101")
    ask("GET", f"/api/seats.info?room={other}&seat=101")
    ask("POST", "/api/seats.close", {"room": other, "seat": words.choice(["102", "103"])})
    ask("POST", "/api/seats.close", {"room": one, "seat": "101"})
    ask("GET", f"/api/seats.list?room={one}")
    ask("GET", f"/api/seats.list?room={other}&kind=aisle")
    ask("GET", f"/api/seats.list?room={one}&kind=window")
    ask("GET", f"/api/seats.info?room={one}&seat={words.randint(104, 199)}")
    ask("GET", f"/api/rooms.info?room={word(words)}")
