"""Rows that calls make in another list, and do not show, are there when that list is looked at."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import BEGAN, Mocks, as_the_service, learnt, told, told_in, word

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.byproducts import find_byproducts, find_origins
from recorder.synthesis.state.world import first_look


class Logged(Shelf):
    """Things with a log of what was done to them: each write adds a row, the newest first."""

    def __init__(self, chance):
        super().__init__(chance)
        self.log = []

    def answer(self, method, target, sent, headers):
        if target == "/log":
            return 200, {"rows": self.log[::-1]}
        given = super().answer(method, target, sent, headers)
        if method in ("POST", "PATCH") and given[0] < 300:
            kind = "made" if method == "POST" else "changed"
            number = len(self.log) + 1
            self.log.append({"id": number, "kind": kind, "thing": given[1]["id"], "links": {"self": f"/log/{number}"}})
        return given


def writing(ask, words):
    """Make things and change them, and look at the log now and then."""
    for _ in range(words.randint(1, 3)):
        key = ask("POST", "/things", {"owner": word(words)}).json["id"]
        ask("GET", "/log")
        ask("PATCH", f"/things/{key}", {"owner": word(words)})
        ask("GET", "/log")


def test_the_log_tells_what_was_done():
    mocks = learnt(Logged, writing)
    assert mocks.wrong == []
    mocked, real = as_the_service(Logged, writing, mocks)
    assert mocked == real
    key = mocks.ask("POST", "/things", {"owner": "ada"}).json["id"]
    mocks.ask("PATCH", f"/things/{key}", {"owner": "bob"})
    mocks.ask("PATCH", f"/things/{key}", {"owner": "eve"})
    rows = mocks.ask("GET", "/log").json["rows"]
    assert [row["links"]["self"] for row in rows] == [f"/log/{row['id']}" for row in rows]
    newest = [(row["kind"], row["thing"]) for row in rows[:3]]
    assert newest == [("changed", key), ("changed", key), ("made", key)]


def test_a_refused_call_adds_no_row():
    mocks = learnt(Logged, writing)
    mocks.ask("PATCH", "/things/nothing", {"owner": "bob"})
    assert mocks.ask("GET", "/log").json == {"rows": []}


def told_by(rows):
    """Give which calls are found to have made rows, by their place in the session."""
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    world = first_look(samples, endpoints, bindings)
    origins = find_origins(world)
    assert find_byproducts([], origins, bindings, world) == []
    return {number: [one.key for one in made] for number, made in origins.items()}


def stamped(place):
    return int(BEGAN) + place


def test_a_row_that_tells_its_time_is_of_the_call_of_that_time():
    posts = [("POST", "/bells", {"tone": tone}, 204, None) for tone in ("c", "d", "e")]
    rows = [{"id": number + 1, "at": stamped(number)} for number in range(3)]
    assert told_by([*posts, ("GET", "/rings", None, 200, rows)]) == {0: ["1"], 1: ["2"], 2: ["3"]}


def test_rows_of_other_times_were_there_before():
    posts = [("POST", "/bells", {"tone": tone}, 204, None) for tone in ("c", "d", "e")]
    rows = [{"id": number + 1, "at": stamped(number - 4_000)} for number in range(3)]
    assert told_by([*posts, ("GET", "/rings", None, 200, rows)]) == {}


def test_what_a_session_saw_before_it_wrote_no_call_made():
    hall = {"id": "great-hall", "seats": 90}
    look = ("GET", "/halls", None, 200, [hall])
    book = ("POST", "/bookings", {"hall": "great-hall"}, 204, None)
    samples = told_in([look], [book, look], [book, look])
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    assert find_origins(first_look(samples, endpoints, bindings)) == {}


def test_a_row_that_was_seen_without_any_call_that_could_have_made_it_was_there_before():
    class Stage:
        """Two stages from the start, which count the acts on them; an act tells the name of its stage."""

        def __init__(self, chance):
            self.chance = chance
            self.stages = {name: {"id": name, "name": f"the {name} stage", "acts": 0} for name in ("open", "dark")}

        def answer(self, method, target, sent, headers):
            if target == "/stages":
                return 200, list(self.stages.values())
            if target == "/guests":
                return 201, {"guest": word(self.chance)}
            stage = self.stages[sent["stage"]]
            stage["acts"] += 1
            return 201, {"act": word(self.chance), "title": sent["title"], "stage": stage["name"]}

    def evening(ask, words):
        ask("POST", "/guests")
        if words.random() < 0.3:
            ask("GET", "/stages")
        for _ in range(2):
            ask("POST", "/acts", {"title": word(words), "stage": words.choice(["open", "dark"])})
        ask("GET", "/stages")

    mocks = learnt(Stage, evening, count=8)
    assert [path for _, path, _ in mocks.wrong if path == "/acts"] == []
    assert mocks.ask("POST", "/acts", {"title": "a", "stage": "dark"}).json["stage"] == "the dark stage"
    assert [row["name"] for row in mocks.ask("GET", "/stages").json] == ["the open stage", "the dark stage"]


BOARD = {"id": "board_5d1e9a7c40", "name": "Plans"}
LANES = [
    {"id": f"lane_{own}", "board": BOARD["id"], "name": name}
    for own, name in (("92dc7dadb2", "To do"), ("a198d2d14c", "Done"))
]


def test_what_one_new_thing_was_seen_to_begin_with_every_new_one_has():
    mocks = Mocks(
        [
            ("POST", "/boards", {"name": "Plans"}, 201, BOARD),
            ("GET", f"/boards/{BOARD['id']}/lanes", None, 200, {"lanes": LANES}),
        ]
    )
    made = [mocks.ask("POST", "/boards", {"name": name}).json["id"] for name in ("Work", "Home")]
    for board in made:
        lanes = mocks.ask("GET", f"/boards/{board}/lanes").json["lanes"]
        assert [(lane["board"], lane["name"]) for lane in lanes] == [(board, "To do"), (board, "Done")]
        assert {lane["id"] for lane in lanes}.isdisjoint(lane["id"] for lane in LANES)


def test_what_does_not_name_the_new_thing_is_no_part_of_its_making():
    lanes = [{**lane, "board": "shared"} for lane in LANES]
    mocks = Mocks([("POST", "/boards", {"name": "Plans"}, 201, BOARD), ("GET", "/lanes", None, 200, {"lanes": lanes})])
    mocks.ask("POST", "/boards", {"name": "Work"})
    assert mocks.ask("GET", "/lanes").json["lanes"] == lanes


class People:
    """People who sign up, each with a profile that does not say whose it is."""

    def __init__(self, chance):
        self.chance = chance
        self.profiles = {}

    def answer(self, method, target, sent, headers):
        del headers
        key = target.rpartition("/")[2]
        if method == "POST":
            person = f"{word(self.chance)}@{word(self.chance)}"
            self.profiles[person] = {"shown": sent["name"], "picture": None}
            return 201, {"person": person, "name": sent["name"]}
        if method == "PUT" and key in self.profiles:
            self.profiles[key]["shown"] = sent["shown"]
        return (200, self.profiles[key]) if key in self.profiles else (404, {"error": "nobody"})


def signing_up(ask, words):
    one, other = (ask("POST", "/people", {"name": word(words)}).json["person"] for _ in range(2))
    if words.random() < 0.7:
        ask("GET", f"/profiles/{one}")
    else:
        ask("GET", f"/profiles/{other}")
        ask("PUT", f"/profiles/{other}", {"shown": word(words)})
        ask("GET", f"/profiles/{other}")
    ask("GET", f"/profiles/{word(words)}@nowhere")


def test_what_is_made_beside_and_does_not_tell_its_name_is_found_by_that():
    mocks = learnt(People, signing_up, 8)
    people = [mocks.ask("POST", "/people", {"name": name}).json["person"] for name in ("ada", "bob")]
    shown = [mocks.ask("GET", f"/profiles/{one}").json for one in people]
    assert shown == [{"shown": "ada", "picture": None}, {"shown": "bob", "picture": None}]
    assert mocks.ask("GET", "/profiles/nobody@nowhere").status == 404
