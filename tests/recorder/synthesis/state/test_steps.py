"""How far a number goes is told by a word that calls send: what puts counts up, what takes counts down."""

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word


class Racks(Shelf):
    """Racks that count their pegs: calls to one path add, move or drop a peg, and a rack with pegs cannot go."""

    def answer(self, method, target, sent, headers):
        key, _, rest = target.removeprefix("/things/").partition("/")
        if rest == "pegs" and key in self.things:
            self.things[key]["pegCount"] += {"ADD": 1, "DROP": -1, "MOVE": 0}[sent["doing"]]
            return 200, {"done": True}
        if method == "DELETE" and key in self.things and self.things[key]["pegCount"] > 1:
            return 400, {"error": "pegs left"}
        return super().answer(method, target, sent, headers)


def pegging(ask, words):
    """Make a rack, add two or three pegs and perhaps move some, look, try to drop the rack, empty it and drop it."""
    key = ask("POST", "/things", {"owner": word(words), "pegCount": 1}).json["id"]
    where = f"/things/{key}"
    pegs = words.randint(2, 3)
    for _ in range(pegs):
        ask("POST", f"{where}/pegs", {"doing": "ADD", "place": word(words)})
    for _ in range(words.randint(0, 2)):
        ask("POST", f"{where}/pegs", {"doing": "MOVE", "place": word(words)})
    ask("GET", where)
    ask("DELETE", where)
    for _ in range(pegs):
        ask("POST", f"{where}/pegs", {"doing": "DROP", "place": word(words)})
    ask("GET", where)
    ask("DELETE", where)
    ask("GET", where)


def test_a_word_tells_whether_a_count_goes_up_or_down_and_what_is_counted_keeps_things():
    mocks = learnt(Racks, pegging, 8)
    mocked, real = as_the_service(Racks, pegging, mocks)
    assert mocked == real
    key = mocks.ask("POST", "/things", {"owner": "ada", "pegCount": 1}).json["id"]
    mocks.ask("POST", f"/things/{key}/pegs", {"doing": "ADD", "place": "left"})
    mocks.ask("POST", f"/things/{key}/pegs", {"doing": "MOVE", "place": "right"})
    assert mocks.ask("GET", f"/things/{key}").json["pegCount"] == 2
    assert mocks.ask("DELETE", f"/things/{key}").status == 400, "fewer pegs than any recorded refusal had"
    mocks.ask("POST", f"/things/{key}/pegs", {"doing": "DROP", "place": "right"})
    assert mocks.ask("DELETE", f"/things/{key}").status == 204
