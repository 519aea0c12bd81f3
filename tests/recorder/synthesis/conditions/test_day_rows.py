from datetime import date, timedelta

from synthesis.telling import learnt

FIRST = date(2031, 3, 3)


class Tables:
    """Only what is free is listed, at fixed times of every day."""

    def __init__(self, chance):
        self.chance = chance
        self.kept = []

    def answer(self, method, target, sent, headers):
        path, _, query = target.partition("?")
        if path == "/free":
            day = query.removeprefix("on=")
            times = [f"{day} {hour}:00" for hour in (17, 19, 21)]
            taken = [one["at"] for one in self.kept if one["state"] == "kept"]
            return 200, [{"at": one, "seats": 4} for one in times if one not in taken]
        made = {"id": f"{self.chance.getrandbits(32):08x}", "at": sent["at"], "name": sent["name"], "state": "kept"}
        self.kept.append(made)
        return 201, made


def dining(ask, chance):
    for _ in range(3):
        day = (FIRST + timedelta(days=chance.randint(0, 300))).isoformat()
        for _ in range(2):
            free = ask("GET", f"/free?on={day}").json
            ask("POST", "/reservations", {"at": chance.choice(free)["at"], "name": f"guest {chance.random()}"})
        ask("GET", f"/free?on={day}")


def test_rows_that_are_taken_may_be_left_out():
    mocks = learnt(Tables, dining, 6)
    assert [one["at"] for one in mocks.ask("GET", "/free?on=2034-05-06").json] == [
        "2034-05-06 17:00", "2034-05-06 19:00", "2034-05-06 21:00"
    ]  # fmt: skip
    mocks.ask("POST", "/reservations", {"at": "2034-05-06 19:00", "name": "guest"})
    assert [one["at"][-5:] for one in mocks.ask("GET", "/free?on=2034-05-06").json] == ["17:00", "21:00"]


class Inn:
    """Days from one on, each with whether the room is free."""

    def __init__(self, chance):
        self.chance = chance
        self.stays = []

    def answer(self, method, target, sent, headers):
        path, _, query = target.partition("?")
        room = path.split("/")[2]
        if method == "POST":
            made = {"id": f"{self.chance.getrandbits(32):08x}", "room": room, **sent}
            self.stays.append(made)
            return 201, made
        if "stays" in path:
            return 200, next(one for one in self.stays if one["id"] == path.rpartition("/")[2])
        first = date.fromisoformat(query.removeprefix("since="))
        days = [(first + timedelta(days=one)).isoformat() for one in range(5)]
        own = [one for one in self.stays if one["room"] == room]
        return 200, {
            "days": [{"day": day, "free": not any(one["in"] <= day < one["out"] for one in own)} for day in days]
        }


def staying(ask, chance):
    for _ in range(3):
        room, first = chance.choice(["r1", "r2"]), FIRST + timedelta(days=chance.randint(0, 300))
        stay = {"in": first.isoformat(), "out": (first + timedelta(days=chance.randint(1, 4))).isoformat()}
        made = ask("POST", f"/rooms/{room}/stays", stay).json
        ask("GET", f"/rooms/{room}/stays/{made['id']}")
        since = first - timedelta(days=chance.randint(0, 3))
        ask("GET", f"/rooms/{room}/calendar?since={since.isoformat()}")


def test_days_are_free_where_no_stay_has_them():
    mocks = learnt(Inn, staying, 8)
    mocks.ask("POST", "/rooms/r1/stays", {"in": "2033-02-28", "out": "2033-03-02"})
    days = mocks.ask("GET", "/rooms/r1/calendar?since=2033-02-27").json["days"]
    assert [one["day"] for one in days] == ["2033-02-27", "2033-02-28", "2033-03-01", "2033-03-02", "2033-03-03"]
    assert [one["free"] for one in days] == [True, False, False, True, True]
    other = mocks.ask("GET", "/rooms/r2/calendar?since=2033-02-27").json["days"]
    assert all(one["free"] for one in other)
