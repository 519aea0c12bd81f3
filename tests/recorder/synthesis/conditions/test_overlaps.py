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
