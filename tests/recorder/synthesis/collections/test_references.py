"""Tokens tell who asks, keys tell what was sent before, and fields tell which items are meant."""

from __future__ import annotations

from synthesis.method_paths import Rooms, booking
from synthesis.shelves import Shelf
from synthesis.telling import Mocks, as_the_service, learnt, word

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Login:
    """Hands out tokens for names, tells whose a token is, and takes it back."""

    def __init__(self, chance):
        self.chance = chance
        self.tokens = {}

    def answer(self, method, target, sent, headers):
        if target == "/login":
            token = f"tok_{word(self.chance, LETTERS, 20)}"
            self.tokens[token] = sent["user"]
            return 200, {"token": token}
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return 401, {"error": "log in"}
        if target == "/logout":
            del self.tokens[token]
            return 204, None
        return 200, {"user": self.tokens[token]}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def a_login(ask, words):
    """Ask without a token, log in, ask, ask with a wrong one, log out, ask again."""
    ask("GET", "/me")
    token = ask("POST", "/login", {"user": word(words)}).json["token"]
    ask("GET", "/me", headers=bearer(token))
    ask("GET", "/me", headers=bearer(f"tok_{word(words, LETTERS, 20)}"))
    ask("POST", "/logout", headers=bearer(token))
    ask("GET", "/me", headers=bearer(token))


def test_a_token_tells_who_asks():
    mocks = learnt(Login, a_login)
    ada = mocks.ask("POST", "/login", {"user": "ada-of-harbour"}).json["token"]
    bo = mocks.ask("POST", "/login", {"user": "bo"}).json["token"]
    assert mocks.ask("GET", "/me", headers=bearer(ada))[:2] == (200, {"user": "ada-of-harbour"})
    assert mocks.ask("GET", "/me", headers=bearer(bo))[:2] == (200, {"user": "bo"})
    assert mocks.ask("GET", "/me", headers=bearer("tok_never0handed0out0now"))[:2] == (401, {"error": "log in"})
    assert mocks.ask("GET", "/me").status == 401


def test_a_ticket_that_was_taken_back_is_refused_and_others_are_not():
    mocks = learnt(Login, a_login)
    one, two = (mocks.ask("POST", "/login", {"user": name}).json["token"] for name in ("ada", "bo"))
    assert mocks.ask("POST", "/logout", headers=bearer(one)).status == 204
    assert [mocks.ask("GET", "/me", headers=bearer(token)).status for token in (one, two)] == [401, 200]
    assert mocks.wrong == []


def test_a_login_that_nobody_recorded_goes_as_it_would():
    mocked, real = as_the_service(Login, a_login, learnt(Login, a_login))
    assert mocked == real == [401, 200, 200, 401, 204, 401]


class Careful(Shelf):
    """Makes one thing of all calls with one Idempotency-Key."""

    def __init__(self, chance):
        super().__init__(chance)
        self.known = {}

    def create(self, sent, headers):
        key = headers.get("Idempotency-Key")
        if key in self.known:
            return self.known[key]
        made = super().create(sent, headers)
        if key:
            self.known[key] = made
        return made


def twice(ask, words):
    """Make a thing, send the same call again, make another, and count them."""
    for again in (2, 1):
        key, sent = word(words, LETTERS, 16), {"name": word(words), "size": words.randint(1, 9_999)}
        for _ in range(again):
            made = ask("POST", "/things", sent, {"Idempotency-Key": key})
        ask("GET", f"/things/{made.json['id']}")
    ask("GET", "/things")


def test_what_is_sent_twice_with_one_key_is_done_once():
    mocks = learnt(Careful, twice)
    key, other = {"Idempotency-Key": "k3y0k3y0k3y0k3y1"}, {"Idempotency-Key": "k3y0k3y0k3y0k3y2"}
    first = mocks.ask("POST", "/things", {"name": "tea", "size": 1}, key)
    again = mocks.ask("POST", "/things", {"name": "tea", "size": 1}, key)
    third = mocks.ask("POST", "/things", {"name": "tea", "size": 1}, other)
    assert first[:2] == again[:2]
    assert third.json["id"] != first.json["id"]
    assert mocks.ask("GET", "/things").json == [first.json, third.json]


class Shop(Shelf):
    """Things that can be reviewed by their id in the body."""

    def answer(self, method, target, sent, headers):
        if target != "/reviews":
            return super().answer(method, target, sent, headers)
        thing = self.things.get(sent["thing_id"])
        if thing is None:
            return 422, {"error": "unknown thing"}
        return 201, {"review": word(self.chance, LETTERS, 12), "about": thing["name"], "text": sent["text"]}


def a_review(ask, words):
    """Make two things, review one of them, and one that is not there."""
    ask("POST", "/things", {"name": word(words)})
    made = ask("POST", "/things", {"name": word(words)}).json
    ask("GET", f"/things/{made['id']}")
    ask("POST", "/reviews", {"thing_id": made["id"], "text": word(words)})
    ask("POST", "/reviews", {"thing_id": word(words), "text": word(words)})


def test_a_field_names_an_item_whose_values_are_told():
    mocks = learnt(Shop, a_review)
    key = mocks.ask("POST", "/things", {"name": "a lamp of brass"}).json["id"]
    review = mocks.ask("POST", "/reviews", {"thing_id": key, "text": "fine"})
    assert (review.status, review.json["about"], review.json["text"]) == (201, "a lamp of brass", "fine")
    assert mocks.ask("POST", "/reviews", {"thing_id": "nothing", "text": "x"})[:2] == (422, {"error": "unknown thing"})


def test_the_first_rows_of_what_an_operation_is_sent_name_items():
    mocks = learnt(Rooms, booking, 6)
    room = mocks.ask("POST", "/api/rooms.create", {"name": "x"}).json["room"]["id"]
    for number in ("11", "12"):
        mocks.ask("POST", "/api/seats.add", {"room": room, "number": number, "kind": "aisle"})
    mocks.ask("POST", "/api/seats.close", {"room": room, "seat": "12"})

    def book(number):
        asked = {"room": room, "places": [{"seat": number, "meal": "none"}]}
        return mocks.ask("POST", "/api/bookings.make", asked).json

    assert book("11")["booking"]["places"] == [{"seat": "11", "meal": "none"}]
    assert book("12") == {"ok": False, "error": "seat_closed"}
    assert book("13") == {"ok": False, "error": "seat_not_found"}


def test_in_one_session_an_amount_names_nothing():
    def rows(count):
        lines = [
            ("POST", "/lines", {"quantity": n}, 201, {"id": f"line-{n}", "quantity": n}) for n in range(3, 3 + count)
        ]
        return [*lines, ("POST", "/lines", {"quantity": 3}, 201, {"id": "line-99", "quantity": 3})]

    assert ".find('quantity'" not in str(Mocks(rows(5)).made.definitions)


class Hall:
    """Stages and acts, each numbered from 1; an act names its stage by `stage_id`."""

    def __init__(self, chance):
        self.chance = chance
        self.kept = {"stages": [], "acts": []}

    def answer(self, method, target, sent, headers):
        [_, kind, *rest] = target.split("/")
        if rest:
            return 200, self.kept[kind][int(rest[0]) - 1]
        made = {"id": len(self.kept[kind]) + 1, "name": sent["name"]}
        if kind == "acts":
            stages = self.kept["stages"]
            if sent["stage_id"] > len(stages):
                return 400, {"stage_id": ["There is no such stage."]}
            made["stage"] = {"id": sent["stage_id"], "name": stages[sent["stage_id"] - 1]["name"]}
        self.kept[kind].append(made)
        return 201, made


def a_gala(ask, words):
    for kind in ("stages", "stages", "acts", "acts", "acts"):
        sent = {"name": word(words), **({"stage_id": words.randint(1, 2)} if kind == "acts" else {})}
        key = ask("POST", f"/{kind}", sent).json["id"]
        ask("GET", f"/{kind}/{key}")
    ask("POST", "/acts", {"name": word(words), "stage_id": words.randint(30, 90)})


def test_a_field_that_is_called_after_one_kind_of_things_names_no_other():
    mocks = learnt(Hall, a_gala)
    assert mocks.wrong == []
    [lookup] = [text for text in mocks.definition("post-acts")["let"].values() if "stage_id" in text]
    assert lookup == "{{ resource.stages.get(request.json.stage_id) }}"


class Months:
    """Bookings by day, in months that are closed one by one; what months there are is listed."""

    def __init__(self, chance):
        del chance
        self.days, self.closed = [], set()

    def answer(self, method, target, sent, headers):
        del headers
        [_, kind, *rest] = target.split("/")
        if kind == "months" and method == "POST":
            self.closed.add(rest[0])
            return 200, {"month": rest[0], "state": "closed"}
        if kind == "months":
            known = sorted({day[:7] for day in self.days} | self.closed)
            return 200, [{"month": one, "state": "closed" if one in self.closed else "open"} for one in known]
        if sent["day"][:7] in self.closed:
            return 409, {"error": f"{sent['day'][:7]} is closed"}
        self.days.append(sent["day"])
        return 201, {"id": len(self.days), **sent}


def a_year(ask, words):
    """Book days, close a month, and book another day in it and one elsewhere."""
    year, months = words.randint(2001, 2029), words.sample(range(1, 10), 5)
    for month in months[:4]:
        ask("POST", "/bookings", {"day": f"{year}-0{month}-{words.randint(10, 28)}", "text": word(words)})
    ask("POST", f"/months/{year}-0{months[0]}/close", {})
    ask("GET", "/months")
    for month in (months[0], months[4], months[0]):
        ask("POST", "/bookings", {"day": f"{year}-0{month}-{words.randint(10, 28)}", "text": word(words)})


def test_the_month_of_a_date_names_what_is_known_by_it():
    mocks = learnt(Months, a_year, 8)
    day = {"day": "2025-11-12", "text": "oak"}
    assert mocks.ask("POST", "/bookings", day).status == 201
    mocks.ask("POST", "/months/2025-11/close", {})
    assert mocks.ask("POST", "/bookings", day)[:2] == (409, {"error": "2025-11 is closed"})
    assert mocks.ask("POST", "/bookings", {**day, "day": "2025-12-12"}).status == 201


def test_a_new_thing_is_not_found_by_its_name_in_a_list_that_shows_it_later():
    own = {"id": 8, "name": "Rex", "tags": ["calm"]}
    others = [{"id": 1, "name": "Cat", "tags": ["calm"]}, {"id": 2, "name": "Dog", "tags": ["calm"]}]
    calls = [
        ("POST", "/pets", {"name": "Rex", "tags": ["calm"]}, 200, own),
        ("GET", "/pets/8", None, 200, own),
        ("GET", "/pets/searchByTags?tags=calm", None, 200, [*others, own]),
    ]
    given = Mocks(calls).ask("POST", "/pets", {"name": "Bo", "tags": ["wild"]})
    assert (given.status, given.json["name"], given.json["tags"]) == (200, "Bo", ["wild"])


def test_what_has_the_number_of_a_new_thing_by_chance_is_found_all_the_same():
    calls = []
    for number, name in ((1, "ada"), (2, "bob")):
        user = {"id": number, "name": name, "role": f"role of {name}"}
        told = {"id": number, "user": name, "role": f"role of {name}"}
        calls += [
            ("POST", "/users", {"name": name, "role": f"role of {name}"}, 201, user),
            ("GET", f"/users/{number}", None, 200, user),
            ("POST", "/sessions", {"name": name}, 201, told),
            ("GET", f"/sessions/{number}", None, 200, told),
        ]
    mocks = Mocks(calls)
    mocks.ask("POST", "/users", {"name": "eve", "role": "cook"})
    assert mocks.ask("POST", "/sessions", {"name": "eve"}).json["role"] == "cook"
