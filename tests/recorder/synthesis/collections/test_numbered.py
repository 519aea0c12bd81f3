"""Things of several kinds are numbered from 1 each: what is equal by chance names nothing."""

from __future__ import annotations

from synthesis.telling import as_the_service, learnt, word

ALWAYS = {"X-Frame": "never", "X-Way": "plain"}


class Club:
    """Members with tokens, who see themselves at `/me`, and evenings at which they take seats."""

    def __init__(self, chance):
        self.chance = chance
        self.members, self.tokens, self.evenings, self.seats = {}, {}, [], []

    def answer(self, method, target, sent, headers):
        return *self.told(method, target, sent, headers), ALWAYS

    def told(self, method, target, sent, headers):
        [_, kind, *rest] = target.split("/")
        if kind == "members":
            made = {"id": len(self.members) + 1, "name": sent["name"], "mail": sent["mail"], "bio": ""}
            self.members[sent["name"]] = made
            return 201, made
        if kind == "login":
            token = word(self.chance, size=20)
            self.tokens[f"Bearer {token}"] = sent["name"]
            return 200, {"token": token}
        me = self.members[self.tokens[headers["Authorization"]]]
        if kind == "me":
            me.update(sent or {})
            return 200, me
        if kind == "seats":
            return 200, self.seats[int(rest[0]) - 1]
        if method == "POST" and not rest:
            self.evenings.append({"id": len(self.evenings) + 1, "title": sent["title"], "room": sent["room"]})
            return 201, self.evenings[-1]
        evening = self.evenings[int(rest[0]) - 1]
        if len(rest) == 1:
            return 200, evening
        short = {"id": evening["id"], "title": evening["title"]}
        self.seats.append({"id": len(self.seats) + 1, "evening": short, "who": me["name"], "seats": sent["seats"]})
        return 201, self.seats[-1]


def an_evening(ask, words):
    """Join twice, plan two evenings, and take seats: mostly the first ones at the first one."""
    for _ in range(2):
        name = word(words)
        ask("POST", "/members", {"name": name, "mail": f"{name}@x.test"})
        token = ask("POST", "/login", {"name": name}).json["token"]
    known = {"Authorization": f"Bearer {token}"}
    for _ in range(2):
        key = ask("POST", "/evenings", {"title": word(words), "room": word(words)}, known).json["id"]
        ask("GET", f"/evenings/{key}", None, known)
    for evening in words.choice([[1], [1, 2], [1]]):
        taken = ask("POST", f"/evenings/{evening}/seats", {"seats": words.randint(1, 9)}, known).json
        ask("GET", f"/seats/{taken['id']}", None, known)
        ask("GET", f"/evenings/{evening}", None, known)
    ask("GET", "/me", None, known)
    ask("PATCH", "/me", {"bio": word(words)}, known)
    ask("GET", "/me", None, known)


def settled():
    """Give mocks with a member, and the headers that name her."""
    mocks = learnt(Club, an_evening, count=6)
    mocks.ask("POST", "/members", {"name": "rosa", "mail": "r@x.test"})
    token = mocks.ask("POST", "/login", {"name": "rosa"}).json["token"]
    return mocks, {"Authorization": f"Bearer {token}"}


def test_who_made_an_account_sees_and_changes_just_that_one_at_another_path():
    mocks, rosa = settled()
    mocks.ask("POST", "/members", {"name": "omar", "mail": "o@x.test"})
    omar = {"Authorization": f"Bearer {mocks.ask('POST', '/login', {'name': 'omar'}).json['token']}"}
    assert mocks.ask("PATCH", "/me", {"bio": "sails"}, rosa).json["name"] == "rosa"
    assert mocks.ask("GET", "/me", None, omar).json["bio"] == ""
    assert mocks.ask("GET", "/me", None, rosa).json == {"id": 1, "name": "rosa", "mail": "r@x.test", "bio": "sails"}


def test_what_is_made_of_an_item_has_a_number_of_its_own_and_leaves_that_as_it_is():
    mocks, rosa = settled()
    assert mocks.wrong == []
    for title in ("ice", "jam"):
        mocks.ask("POST", "/evenings", {"title": title, "room": "blue"}, rosa)
    first = mocks.ask("POST", "/evenings/2/seats", {"seats": 3}, rosa).json
    second = mocks.ask("POST", "/evenings/2/seats", {"seats": 1}, rosa).json
    assert (first["id"], first["evening"]["title"], second["id"], second["who"]) == (1, "jam", 2, "rosa")
    assert mocks.ask("GET", "/evenings/2", None, rosa).json == {"id": 2, "title": "jam", "room": "blue"}
    mocked, real = as_the_service(Club, an_evening, mocks)
    assert mocked == real


def test_headers_that_come_with_all_answers_are_of_no_item():
    mocks, _ = settled()
    assert "_x_frame" not in repr(mocks.made.definitions)
    assert mocks.ask("GET", "/me").headers["x-frame"] == "never"
