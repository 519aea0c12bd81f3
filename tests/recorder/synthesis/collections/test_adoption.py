"""Lists under the path of one item show items that have a path of their own elsewhere."""

from __future__ import annotations

import pytest
from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, told, told_in, visits, word

from recorder.synthesis.collections.adoption import is_near
from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of


class Forum(Shelf):
    """Things with notes: notes are made and listed under their thing, and read under `/notes`."""

    def __init__(self, chance):
        super().__init__(chance)
        self.notes = {}

    def answer(self, method, target, sent, headers):
        _, kind, key, *rest = [*target.split("/"), ""][:4]
        if kind == "notes":
            return (200, self.notes[key]) if key in self.notes else (404, {"error": "no such note"})
        if rest == ["notes"] and method == "POST":
            made = {"id": word(self.chance), "thing": key, "text": sent["text"]}
            self.notes[made["id"]] = made
            return 201, made
        if rest == ["notes"]:
            return 200, {"notes": [note for note in self.notes.values() if note["thing"] == key]}
        return super().answer(method, target, sent, headers)


def writing(ask, words):
    """Make two things with notes each, list those of each, read one, and miss one."""
    keys = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2)]
    for key in [*keys, keys[0]]:
        note = ask("POST", f"/things/{key}/notes", {"text": word(words)}).json["id"]
        ask("GET", f"/notes/{note}")
    for key in keys:
        ask("GET", f"/things/{key}/notes")
    ask("GET", f"/notes/{word(words)}")


def test_what_is_made_under_an_item_is_read_elsewhere_and_listed_where_it_was_made():
    mocks = learnt(Forum, writing)
    assert mocks.wrong == []
    mocked, real = as_the_service(Forum, writing, mocks)
    assert mocked == real
    one, other = (mocks.ask("POST", "/things", {"name": name}).json["id"] for name in ("ada", "bob"))
    note = mocks.ask("POST", f"/things/{one}/notes", {"text": "hello"}).json
    assert mocks.ask("GET", f"/notes/{note['id']}").json == note
    assert mocks.ask("GET", f"/things/{one}/notes").json == {"notes": [note]}
    assert mocks.ask("GET", f"/things/{other}/notes").json == {"notes": []}


def test_numbers_that_are_ids_elsewhere_by_chance_do_not_bind():
    rows = [
        ("GET", "/cups/1", None, 200, {"id": 1}), ("GET", "/cups/2", None, 200, {"id": 2}),
        ("POST", "/things", {"name": "x"}, 201, {"id": 1, "name": "x"}), ("GET", "/things/1", None, 200, {"id": 1, "name": "x"}),
        ("POST", "/things/1/tags", {"tag": "a"}, 201, {"id": 2, "tag": "a"}), ("GET", "/things/1/tags", None, 200, [{"id": 2, "tag": "a"}]),
    ]  # fmt: skip
    _, bindings = bind(endpoints_of(told(*rows)))
    assert not any(binding.is_elsewhere for binding in bindings.values())


class Magazine(Shelf):
    """Things are drafts until they are published; a front page shows those that are, a desk those that are not."""

    def answer(self, method, target, sent, headers):
        if target in ("/front", "/desk"):
            wanted = target == "/front"
            rows = [one for one in self.things.values() if one["published"] == wanted]
            return 200, [{"id": one["id"], "title": one["title"]} for one in rows] if wanted else rows
        return super().answer(method, target, sent, headers)


def editing(ask, words):
    """Write things, publish some, and look at both pages."""
    for _ in range(3):
        sent = {"title": word(words), "published": words.random() < 0.4}
        key = ask("POST", "/things", sent).json["id"]
        if words.random() < 0.5:
            ask("PATCH", f"/things/{key}", {"published": True})
        ask("GET", "/front")
        ask("GET", "/desk")


def test_lists_at_paths_of_their_own_are_views_of_what_a_collection_holds():
    mocks = learnt(Magazine, editing)
    key = mocks.ask("POST", "/things", {"title": "hats", "published": False}).json["id"]
    other = mocks.ask("POST", "/things", {"title": "cups", "published": True}).json["id"]
    assert [one["id"] for one in mocks.ask("GET", "/desk").json] == [key]
    assert mocks.ask("GET", "/front").json == [{"id": other, "title": "cups"}]
    mocks.ask("PATCH", f"/things/{key}", {"published": True})
    assert mocks.ask("GET", "/desk").json == []
    assert [one["title"] for one in mocks.ask("GET", "/front").json] == ["hats", "cups"]


@pytest.mark.parametrize(
    ("home", "template", "near"),
    [
        (("projects", None, "notes"), ("projects", None, "issues", None, "notes"), True),
        (("projects", None, "notes"), ("projects", None, "summary"), False),
        (("projects", None, "notes"), ("teams", None, "issues", None), False),
        ((None,), (None, "all"), False),
        ((None,), (None, None, "history"), True),
    ],
)
def test_a_path_is_near_a_collection_if_it_names_an_item_below_the_same_item(home, template, near):
    assert is_near(home, template) is near


class Kanban(Shelf):
    """Things are boards; lanes and cards have paths of their own, and a card tells its board and its lane."""

    def __init__(self, chance):
        super().__init__(chance)
        self.lanes, self.cards = {}, {}

    def answer(self, method, target, sent, headers):
        path, _, query = target.partition("?")
        _, kind, key, *rest = [*path.split("/"), ""][:4]
        if rest == ["lanes"] and method == "POST":
            made = {"id": f"lane-{word(self.chance)}", "thing": key, "name": sent["name"]}
            return 201, self.lanes.setdefault(made["id"], made)
        if rest == ["lanes"]:
            return 200, {"rows": [one for one in self.lanes.values() if one["thing"] == key]}
        if rest == ["cards"] and method == "POST":
            made = {"id": f"card-{word(self.chance)}", "thing": self.lanes[key]["thing"], "lane": self.lanes[key]}
            return 201, self.cards.setdefault(made["id"], {**made, "text": sent["text"], "filed": None})
        if rest == ["cards"]:
            rows = [one for one in self.cards.values() if key in (one["thing"], one["lane"]["id"])]
            return 200, {"rows": [one for one in rows if bool(one["filed"]) == (query == "filed=true")]}
        if kind == "cards":
            if rest == ["file"]:
                self.cards[key]["filed"] = f"2026-03-{len(self.cards):02d}T10:00:0{self.chance.randint(0, 9)}Z"
            return 200, self.cards[key]
        return (200, self.lanes[key]) if kind == "lanes" else super().answer(method, target, sent, headers)


def planning(ask, words):
    """Make a board with lanes and cards, file a card, and look at what each lane and the board have."""
    board = ask("POST", "/things", {"name": word(words)}).json["id"]
    lanes = [ask("POST", f"/things/{board}/lanes", {"name": word(words)}).json["id"] for _ in range(2)]
    cards = [
        ask("POST", f"/lanes/{words.choice(lanes)}/cards", {"text": word(words)}).json["id"]
        for _ in range(words.randint(4, 6))
    ]
    for lane in lanes:
        ask("GET", f"/lanes/{lane}/cards")
    ask("GET", f"/things/{board}/cards")
    ask("POST", f"/cards/{words.choice(cards)}/file")
    ask("GET", f"/cards/{words.choice(cards)}")
    ask("GET", f"/lanes/{lanes[0]}")
    for lane in lanes:
        ask("GET", f"/lanes/{lane}/cards")
    ask("GET", f"/things/{board}/cards")
    ask("GET", f"/things/{board}/cards?filed=true")
    ask("GET", f"/things/{board}/lanes")


def test_rows_are_what_is_listed_and_not_what_they_belong_to():
    mocks = learnt(Kanban, planning)
    board = mocks.ask("POST", "/things", {"name": "plan"}).json["id"]
    one, other = (mocks.ask("POST", f"/things/{board}/lanes", {"name": name}).json["id"] for name in ("do", "done"))
    cards = [mocks.ask("POST", f"/lanes/{lane}/cards", {"text": "hello"}).json["id"] for lane in (one, other, one)]
    mocks.ask("POST", f"/cards/{cards[0]}/file")
    assert [row["id"] for row in mocks.ask("GET", f"/lanes/{one}/cards").json["rows"]] == cards[2:]
    assert [row["id"] for row in mocks.ask("GET", f"/things/{board}/cards").json["rows"]] == cards[1:]
    assert [row["id"] for row in mocks.ask("GET", f"/things/{board}/cards?filed=true").json["rows"]] == cards[:1]
    assert [row["id"] for row in mocks.ask("GET", f"/things/{board}/lanes").json["rows"]] == [one, other]


class Hall(Shelf):
    """Things are held until they are confirmed: that makes a booking, whose place `Location` tells."""

    tells = "/bookings/{}"

    def __init__(self, chance):
        super().__init__(chance)
        self.bookings = {}

    def answer(self, method, target, sent, headers):
        _, kind, key, *rest = [*target.split("/"), ""][:4]
        if kind == "bookings":
            return (200, self.bookings[key]) if key in self.bookings else (404, {"error": "no such booking"})
        if rest != ["confirm"]:
            return super().answer(method, target, sent, headers)
        made = {"bookingId": word(self.chance), "contactName": sent["contactName"], "size": self.things[key]["size"]}
        self.bookings[made["bookingId"]] = made
        return 201, made, {"Location": self.tells.format(made["bookingId"])}


def confirming(ask, words):
    """Confirm three things, look at one booking, and at one that is not there."""
    for count in range(3):
        key = ask("POST", "/things", {"name": word(words), "size": words.randint(1, 9_999)}).json["id"]
        booking = ask("POST", f"/things/{key}/confirm", {"contactName": word(words)}).json["bookingId"]
        if not count:
            ask("GET", f"/bookings/{booking}")
    ask("GET", f"/bookings/{word(words)}")


def test_what_is_confirmed_makes_an_item_of_the_collection_that_location_names():
    mocks = learnt(Hall, confirming)
    assert mocks.wrong == []
    key = mocks.ask("POST", "/things", {"name": "ada", "size": 42}).json["id"]
    made = mocks.ask("POST", f"/things/{key}/confirm", {"contactName": "bob"}).json
    assert made["size"] == 42
    assert mocks.ask("GET", f"/bookings/{made['bookingId']}").json == made


@pytest.mark.parametrize("place", ["/bookings/x{}", "/receipts/{}", "/bookings"])
def test_what_location_names_elsewhere_is_no_such_item(place):
    class Elsewhere(Hall):
        tells = place

    samples = told_in(*visits(Elsewhere, confirming, 2))
    _, bindings = bind(endpoints_of(samples))
    [bound] = [binding for endpoint, binding in bindings.items() if "confirm" in endpoint.path]
    assert not bound.is_elsewhere


class Gallery:
    """Painters and pictures that are always there; the pictures of one painter are listed below the painter."""

    def __init__(self, chance):
        del chance
        self.painters = {str(number): {"id": number, "name": f"painter {number}"} for number in range(1, 4)}
        self.pictures = {
            str(number): {"id": number, "title": f"picture {number}", "painter": number % 3 + 1}
            for number in range(1, 10)
        }

    def answer(self, method, target, sent, headers):
        del method, sent, headers
        _, kind, key, *rest = target.split("/")
        held = self.painters if kind == "painters" else self.pictures
        if key not in held:
            return 404, {"error": f"no {kind} {key}"}
        if rest:
            return 200, {"pictures": [one for one in self.pictures.values() if str(one["painter"]) == key]}
        return 200, held[key]


def looking(ask, words):
    """Look at the pictures of one painter first, then at some picture."""
    painter = words.randint(1, 3)
    ask("GET", f"/painters/{painter}/pictures")
    ask("GET", f"/painters/{painter}")
    ask("GET", f"/pictures/{words.randint(1, 9)}")
    ask("GET", f"/pictures/{words.randint(20, 90)}")
    ask("GET", f"/painters/{words.randint(20, 90)}")


def test_what_is_listed_below_one_item_is_not_all_that_there_is():
    mocks = learnt(Gallery, looking, 12)
    for painter in (1, 2, 3):
        shown = mocks.ask("GET", f"/painters/{painter}/pictures").json["pictures"]
        assert [one["painter"] for one in shown] == [painter] * 3
    assert mocks.ask("GET", "/pictures/8").json == {"id": 8, "title": "picture 8", "painter": 3}
