"""Rows that come with tickets: the visits of somebody who signs in, in a list that tells which is the one of now."""

from urllib.parse import urlsplit

from synthesis.telling import learnt, word


class Club:
    """Members who enter at a door; each entry is a visit, and a pass that is shown from then on."""

    def __init__(self, chance):
        self.chance = chance
        self.members = {}
        self.visits = {}
        self.begun = 30

    def answer(self, method, target, sent, headers):
        path = urlsplit(target).path
        if path == "/members":
            self.members[sent["nick"]] = {"nick": sent["nick"], "city": sent["city"]}
            return 201, self.members[sent["nick"]]
        if path == "/enter":
            if sent["nick"] not in self.members:
                return 401, {"why": "nobody of that name"}
            self.begun += 1
            visit = {
                "id": self.begun,
                "door": sent["door"],
                "nick": sent["nick"],
                "pass": word(self.chance, "abcdef0123456789", 24),
            }
            self.visits[visit["id"]] = visit
            return 200, {"pass": visit["pass"]}
        shown = headers.get("Authorization", "").removeprefix("Bearer ")
        own = next((one for one in self.visits.values() if one["pass"] == shown), None)
        if own is None:
            return 401, {"why": "no such pass"}
        return self.inside(method, path, own)

    def inside(self, method, path, own):
        mine = [one for one in self.visits.values() if one["nick"] == own["nick"]]
        if path == "/me":
            return 200, self.members[own["nick"]]
        if path == "/me/leave":
            del self.visits[own["id"]]
            return 204, None
        if path == "/me/clear":
            for one in mine:
                if one is not own:
                    del self.visits[one["id"]]
            return 200, {"done": True}
        if path == "/me/visits":
            rows = [{"id": one["id"], "door": one["door"], "here": one is own} for one in mine]
            return 200, {"visits": rows}
        number = int(path.rpartition("/")[2])
        if number not in {one["id"] for one in mine}:
            return 404, {"why": "no such visit"}
        del self.visits[number]
        return 204, None


def enters(ask, nick, door):
    shown = ask("POST", "/enter", {"nick": nick, "door": door}).json["pass"]
    return {"Authorization": f"Bearer {shown}"}


def an_evening(ask, words):
    for _ in range(2):
        nick = word(words)
        ask("POST", "/members", {"nick": nick, "city": words.choice(("Bern", "Rome"))})
        first, other, third = (enters(ask, nick, word(words)) for _ in range(3))
        rows = ask("GET", "/me/visits", headers=other).json["visits"]
        ask("GET", "/me", headers=third)
        ask("DELETE", f"/me/visits/{rows[-1]['id']}", headers=first)
        ask("GET", "/me", headers=third)
        ask("DELETE", f"/me/visits/{words.randint(500, 999)}", headers=first)
        ask("GET", "/me/visits", headers=first)
        last = enters(ask, nick, word(words))
        ask("GET", "/me/visits", headers=last)
        if words.random() < 0.5:
            ask("POST", "/me/leave", headers=other)
        else:
            ask("POST", "/me/clear", headers=last)
        ask("GET", "/me", headers=other)
        ask("GET", "/me/visits", headers=last)


def visits(mocks, shown):
    return [(one["door"], one["here"]) for one in mocks.ask("GET", "/me/visits", headers=shown).json["visits"]]


def inside():
    mocks = learnt(Club, an_evening, 8)
    mocks.ask("POST", "/members", {"nick": "ada", "city": "Oslo"})
    return mocks, *(enters(mocks.ask, "ada", door) for door in ("north", "south", "attic"))


def test_the_row_of_who_looks_is_told_from_the_others():
    mocks, first, other, _ = inside()
    assert visits(mocks, first) == [("north", True), ("south", False), ("attic", False)]
    assert visits(mocks, other) == [("north", False), ("south", True), ("attic", False)]


def test_a_ticket_ends_with_its_row():
    mocks, first, other, _ = inside()
    rows = mocks.ask("GET", "/me/visits", headers=first).json["visits"]
    assert mocks.ask("GET", "/me", headers=other).json["nick"] == "ada"
    assert mocks.ask("DELETE", f"/me/visits/{rows[1]['id']}", headers=first).status == 204
    assert mocks.ask("GET", "/me", headers=other).status == 401
    assert visits(mocks, first) == [("north", True), ("attic", False)]


def test_leaving_takes_the_row_of_who_leaves():
    mocks, first, other, _ = inside()
    assert mocks.ask("POST", "/me/leave", headers=first).status == 204
    assert visits(mocks, other) == [("south", True), ("attic", False)]


def test_a_call_may_take_all_rows_but_that_of_who_calls():
    mocks, first, other, third = inside()
    assert mocks.ask("POST", "/me/clear", headers=other).status == 200
    assert visits(mocks, other) == [("south", True)]
    assert [mocks.ask("GET", "/me", headers=one).status for one in (first, other, third)] == [401, 200, 401]
