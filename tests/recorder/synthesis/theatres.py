"""A small service for tests of synthesis: plays with seats of the same names, which are held, given back and sold."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import word

ROWS = {"A": 70, "B": 50}
PLAYS = {"faust": 0, "tosca": 8, "medea": 3}


class Theatre:
    """Plays under `/plays`; the list of a play's seats says which play it is of. A hold takes the seats it names."""

    takes = True

    def __init__(self, chance):
        self.chance = chance
        self.seats = {
            play: {
                f"{row}{place}": {"seatId": f"{row}{place}", "price": price + more, "state": "free"}
                for row, price in ROWS.items()
                for place in (1, 2, 3)
            }
            for play, more in PLAYS.items()
        }
        self.holds = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        parts = urlsplit(target)
        [_, kind, *rest] = parts.path.split("/")
        if kind == "plays":
            return self.play(rest, dict(parse_qsl(parts.query)))
        if not rest:
            return self.hold(sent)
        found = self.holds.get(rest[0])
        if found is None:
            return 404, {"error": "no such hold"}
        if method == "DELETE":
            self.mark(self.holds.pop(rest[0]), "free")
            return 204, None
        if rest[1:]:
            found["paid"] = True
            self.mark(found, "sold")
        return 200, found

    def play(self, rest, query):
        if not rest:
            return 200, [self.shown(play) for play in PLAYS]
        if rest[0] not in PLAYS:
            return 404, {"error": "no such play"}
        if not rest[1:]:
            return 200, self.shown(rest[0])
        seats = [seat for seat in self.seats[rest[0]].values() if query.get("state") in (None, seat["state"])]
        return 200, {"playId": rest[0], "seats": seats, "total": len(seats)}

    def shown(self, play):
        return {"playId": play, "title": play.title(), "more": PLAYS[play]}

    def hold(self, sent):
        seats = self.seats.get(sent["play"])
        if seats is None:
            return 404, {"error": "no such play"}
        if any(seats[name]["state"] != "free" for name in sent["seats"]):
            return 409, {"error": "some seats are taken"}
        rows = [{"seatId": name, "price": seats[name]["price"]} for name in sent["seats"]]
        made = {"hold": word(self.chance), "play": sent["play"], "seats": rows, "paid": False}
        self.holds[made["hold"]] = made
        self.mark(made, "held")
        return 201, made

    def mark(self, hold, state):
        for row in hold["seats"] if self.takes else ():
            self.seats[hold["play"]][row["seatId"]]["state"] = state


def evening(ask, words):
    """Look at plays and seats, hold some, pay for some and give some back."""
    ask("GET", "/plays")
    for _ in range(4):
        play = words.choice(sorted(PLAYS))
        ask("GET", f"/plays/{play}")
        ask("GET", f"/plays/{play}/seats")
        seats = words.sample(["A1", "A2", "A3", "B1", "B2", "B3"], words.randint(1, 3))
        given = ask("POST", "/holds", {"play": play, "seats": seats})
        ask("GET", f"/plays/{play}/seats{words.choice(['', '?state=held'])}")
        if given.status != 201:
            continue
        if words.random() < 0.6:
            ask("POST", f"/holds/{given.json['hold']}/pay", {})
        else:
            ask("DELETE", f"/holds/{given.json['hold']}")
        ask("GET", f"/plays/{play}/seats")
    ask("POST", "/holds", {"play": word(words), "seats": ["A1"]})
    ask("GET", f"/plays/{word(words)}")
    ask("GET", f"/holds/{word(words)}")
