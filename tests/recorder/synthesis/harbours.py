"""A harbour, told as a service: every change gets the next number, and a boat's trim is shown as a thing of its own."""


class Harbour:
    """Boats and docks, whose `turn` is of one count; `/boats/1/trim` shows a boat's oars alone, as another kind."""

    def __init__(self, chance):
        self.chance = chance
        self.turn = 500
        self.boats = {}

    def answer(self, method, target, sent, headers):
        _, kind, *rest = target.split("/")
        if method == "POST":
            return 201, self._make(kind, sent)
        boat = self.boats.get(rest[0])
        if boat is None:
            return 404, {"error": "nothing there"}
        if method == "PATCH" and sent["oars"] != boat["oars"]:
            boat |= {"oars": sent["oars"], "turn": self._next()}
        return 200, boat if rest[1:] != ["trim"] else {**boat, "kind": "Trim", "name": boat["name"].upper()}

    def _make(self, kind, sent):
        made = {"id": f"{self.chance.getrandbits(40):010x}", "kind": kind.title(), "name": sent["name"]}
        made |= {"turn": self._next(), "oars": sent.get("oars", 2)}
        if kind == "boats":
            self.boats[made["id"]] = made
        return dict(made)

    def _next(self):
        self.turn += 1
        return self.turn


def sailing(ask, words):
    """Make boats and docks in turn, trim a boat or leave it as it is, and look at both."""
    for _ in range(words.randint(2, 3)):
        for _ in range(words.randint(0, 2)):
            ask("POST", "/docks", {"name": words.choice(("north", "south", "east"))})
        path = f"/boats/{ask('POST', '/boats', {'name': words.choice(('gull', 'tern')), 'oars': 2}).json['id']}"
        ask("GET", f"{path}/trim")
        ask("PATCH", f"{path}/trim", {"oars": words.randint(2, 4)})
        ask("GET", path)
    ask("GET", "/boats/none")
