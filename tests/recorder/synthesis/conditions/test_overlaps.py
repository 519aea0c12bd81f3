"""What is taken for a time that overlaps the one asked for is refused."""

from datetime import date, timedelta

from synthesis.telling import learnt, word

ROOMS = ("blue", "red", "green")


class House:
    """Rooms that are booked from one day to another; cancelled bookings do not count."""

    def __init__(self, chance):
        self.chance = chance
        self.stays = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        parts = target.split("/")
        if parts[-1] == "cancel":
            self.stays[parts[2]]["state"] = "cancelled"
            return 200, self.stays[parts[2]]
        if method == "GET":
            return 200, self.stays[parts[2]]
        taken = [one for one in self.stays.values() if one["room"] == sent["room"] and one["state"] == "booked"]
        if any(one["from"] < sent["to"] and sent["from"] < one["to"] for one in taken):
            return 409, {"error": f"{sent['room']} is taken"}
        made = {"id": word(self.chance), **sent, "state": "booked"}
        self.stays[made["id"]] = made
        return 201, made


def stay(chance):
    begins = date(2031, 5, 1) + timedelta(days=chance.randint(0, 25))
    return {"room": chance.choice(ROOMS), "from": str(begins), "to": str(begins + timedelta(days=chance.randint(1, 6)))}


def booking(ask, chance):
    for _ in range(9):
        made = ask("POST", "/stays", stay(chance))
        if made.status == 201 and chance.random() < 0.4:
            ask("POST", f"/stays/{made.json['id']}/cancel")
        elif made.status == 201:
            ask("GET", f"/stays/{made.json['id']}")


def test_a_room_is_booked_once_at_a_time_and_again_when_it_was_cancelled():
    mocks = learnt(House, booking, 8)

    def ask(room, begins, ends):
        return mocks.ask("POST", "/stays", {"room": room, "from": f"2031-06-{begins}", "to": f"2031-06-{ends}"})

    made = ask("red", "10", "14")
    assert made.status == 201
    assert ask("red", "13", "16")[:2] == (409, {"error": "red is taken"})
    assert ask("red", "11", "12").status == 409
    assert ask("red", "14", "16").status == 201
    assert ask("blue", "10", "14").status == 201
    mocks.ask("POST", f"/stays/{made.json['id']}/cancel")
    assert ask("red", "10", "13").status == 201


class Leave(House):
    """Whoever a header names is away once at a time; the last day is one of them."""

    def answer(self, method, target, sent, headers):
        if method == "GET" or target.endswith("/cancel"):
            return super().answer(method, target, sent, headers)
        own = [
            one for one in self.stays.values() if one["by"]["name"] == headers["X-User"] and one["state"] == "booked"
        ]
        if any(one["from"] <= sent["to"] and sent["from"] <= one["to"] for one in own):
            return 409, {"error": "away already"}
        made = {"id": word(self.chance), **sent, "by": {"name": headers["X-User"]}, "state": "booked"}
        self.stays[made["id"]] = made
        return 201, made


def going_away(ask, chance):
    """Two ask to be away, also from the last day of another leave on."""
    users, last = [{"X-User": word(chance)} for _ in range(2)], "2031-05-20"
    for turn in range(9):
        asked = {name: day for name, day in stay(chance).items() if name != "room"}
        asked |= {"from": last, "to": str(date.fromisoformat(last) + timedelta(days=3))} if turn % 3 == 2 else {}
        made = ask("POST", "/stays", asked, users[turn // 3 % 2])
        if made.status == 201 and chance.random() < 0.3:
            ask("POST", f"/stays/{made.json['id']}/cancel")
        elif made.status == 201:
            last = made.json["to"]
            ask("GET", f"/stays/{made.json['id']}")


def test_who_is_told_by_a_header_is_away_once_at_a_time_with_the_last_day():
    mocks = learnt(Leave, going_away, 8)

    def ask(user, begins, ends):
        sent = {"from": f"2031-06-{begins}", "to": f"2031-06-{ends}"}
        return mocks.ask("POST", "/stays", sent, {"X-User": user}).status

    assert [ask("ada", "10", "14"), ask("ada", "14", "16"), ask("ada", "15", "16"), ask("bo", "10", "14")] == [
        201, 409, 201, 201,
    ]  # fmt: skip
