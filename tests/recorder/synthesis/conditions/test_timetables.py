from datetime import date, timedelta

from synthesis.telling import as_the_service, learnt

FIRST = date(2031, 3, 3)


class Salon:
    """Slots of a stylist on a day: longer ones on Saturdays, and taken where an appointment is booked."""

    def __init__(self, chance):
        self.chance = chance
        self.booked = []

    def slots(self, stylist, day):
        starts = ("10:00", "12:00") if date.fromisoformat(day).weekday() == 5 else ("09:00", "09:30", "10:00", "10:30")
        length = 60 if stylist == "ada" else 30
        for start in starts:
            hour, minute = map(int, start.split(":"))
            end = f"{hour + (minute + length) // 60:02d}:{(minute + length) % 60:02d}"
            yield {"from": f"{day}T{start}", "to": f"{day}T{end}"}

    def taken(self, stylist, slot):
        mine = [one for one in self.booked if one["stylist"] == stylist and one["state"] == "booked"]
        return any(one["from"] < slot["to"] and slot["from"] < one["to"] for one in mine)

    def answer(self, method, target, sent, headers):
        path, _, query = target.partition("?")
        words = path.strip("/").split("/")
        if words[-1] == "slots":
            asked = dict(pair.split("=") for pair in query.split("&"))
            found = list(self.slots(words[1], asked["day"]))
            rows = [{**one, "open": not self.taken(words[1], one)} for one in found]
            return 200, {"slots": rows, "open": sum(one["open"] for one in rows)}
        if method == "POST" and words[-1] == "appointments":
            slot = next((one for one in self.slots(words[1], sent["from"][:10]) if one["from"] == sent["from"]), None)
            if slot is None:
                return 422, {"error": "no such slot"}
            if self.taken(words[1], slot):
                return 409, {"error": "taken"}
            made = {"id": f"{self.chance.getrandbits(32):08x}", "stylist": words[1], **slot, "state": "booked"}
            self.booked.append(made)
            return 201, made
        one = next((one for one in self.booked if one["id"] == words[1]), None)
        if one is None:
            return 404, {"error": "no appointment"}
        if method == "DELETE":
            one["state"] = "cancelled"
        return 200, one


def visiting(ask, chance):
    for _ in range(4):
        stylist, day = chance.choice(["ada", "bob"]), (FIRST + timedelta(days=chance.randint(0, 300))).isoformat()
        shown = ask("GET", f"/stylists/{stylist}/slots?day={day}").json["slots"]
        start = chance.choice([one["from"] for one in shown if one["open"]])
        made = ask("POST", f"/stylists/{stylist}/appointments", {"from": start})
        ask("GET", f"/stylists/{stylist}/slots?day={day}")
        ask("POST", f"/stylists/{stylist}/appointments", {"from": start})
        if chance.random() < 0.5:
            ask("DELETE", f"/appointments/{made.json['id']}")
            ask("GET", f"/stylists/{stylist}/slots?day={day}")
        ask("POST", f"/stylists/{stylist}/appointments", {"from": f"{day}T11:{chance.choice([10, 25, 50])}"})


def test_slots_are_placed_on_the_day_that_is_asked_for_and_taken_by_appointments():
    mocks = learnt(Salon, visiting, 8)
    service = Salon(None)
    for target in ("/stylists/ada/slots?day=2032-01-09", "/stylists/bob/slots?day=2032-01-10"):
        assert tuple(mocks.ask("GET", target)[:2]) == service.answer("GET", target, None, {})
    booked = mocks.ask("POST", "/stylists/ada/appointments", {"from": "2032-01-09T09:30"})
    assert (booked.status, booked.json["to"]) == (201, "2032-01-09T10:30")
    # The hour from half past nine takes the slot before it and the one after it, too.
    slots = mocks.ask("GET", "/stylists/ada/slots?day=2032-01-09").json
    assert ([one["open"] for one in slots["slots"]], slots["open"]) == ([False, False, False, True], 1)
    assert mocks.ask("GET", "/stylists/bob/slots?day=2032-01-09").json["open"] == 4
    assert mocks.ask("POST", "/stylists/bob/appointments", {"from": "2032-01-09T09:45"}).status == 422
    assert mocks.ask("DELETE", f"/appointments/{booked.json['id']}").status == 200
    assert mocks.ask("GET", "/stylists/ada/slots?day=2032-01-09").json["open"] == 4


def test_sessions_that_nobody_recorded_go_as_with_the_service():
    mocks, service = as_the_service(Salon, visiting, learnt(Salon, visiting, 8))
    assert mocks == service
