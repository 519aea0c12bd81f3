"""What one session never sent follows what is sent under its name, where the answer shows things as they were sent."""

from __future__ import annotations

from synthesis.telling import Mocks

PEOPLE = [
    ("POST", "/people", {"name": "Ada"}, 201, {"id": "p-71c0abx9", "name": "Ada", "bio": None, "currency": "EUR"}),
    ("POST", "/people", {"name": "Bob"}, 201, {"id": "p-82d1bcy8", "name": "Bob", "bio": None, "currency": "EUR"}),
    ("GET", "/people/p-71c0abx9", None, 200, {"id": "p-71c0abx9", "name": "Ada", "bio": None, "currency": "EUR"}),
]
PADS = (("salt", "p-71c0abx9"), ("oil", "p-82d1bcy8"))
CHANGED = {"id": "p-71c0abx9", "name": "Eve", "bio": None, "currency": "EUR"}


def test_what_was_never_sent_is_shown_when_it_is():
    mocks = Mocks(PEOPLE)
    made = mocks.ask("POST", "/people", {"name": "Cy", "bio": "Likes tea.", "currency": "CAD"}).json
    assert (made["bio"], made["currency"]) == ("Likes tea.", "CAD")
    assert mocks.ask("GET", f"/people/{made['id']}").json == made


def test_what_is_not_sent_is_as_it_was():
    made = Mocks(PEOPLE).ask("POST", "/people", {"name": "Cy"}).json
    assert (made["bio"], made["currency"]) == (None, "EUR")


def test_what_an_item_has_follows_what_is_sent():
    mocks = Mocks([*PEOPLE, ("PATCH", "/people/p-71c0abx9", {"name": "Eve"}, 200, CHANGED)])
    made = mocks.ask("POST", "/people", {"name": "Bob"}).json
    given = mocks.ask("PATCH", f"/people/{made['id']}", {"currency": "SEK"})
    assert given.json == made | {"currency": "SEK"} == mocks.ask("GET", f"/people/{made['id']}").json


def test_what_was_sent_and_shown_otherwise_stays_as_it_was():
    rows = [
        ("POST", "/people", {"name": "Dee", "currency": "CAD"}, 201, PEOPLE[0][4] | {"id": "p-93e2", "name": "Dee"})
    ]
    made = Mocks([*PEOPLE, *rows]).ask("POST", "/people", {"name": "Cy", "currency": "SEK"}).json
    assert made["currency"] == "EUR"


def test_after_more_than_few_sessions_nothing_is_taken_to_be_so():
    mocks = Mocks(*[PEOPLE] * 4)
    assert mocks.ask("POST", "/people", {"name": "Cy", "currency": "CAD"}).json["currency"] == "EUR"


def test_what_is_laid_over_what_is_sent_gives_way_to_it_where_no_call_sent_it():
    desk = {"channel": "desk", "promo": None, "status": "active"}
    rows = [
        ("POST", "/holds", {"room": room, "nights": nights}, 201, {"room": room, "nights": nights, "id": key, **desk})
        for room, nights, key in (("R1", 2, "h-71c0abx9"), ("R2", 3, "h-82d1bcy8"), ("R3", 5, "h-93e2cdz7"))
    ]
    mocks = Mocks([*rows, ("GET", "/holds/h-71c0abx9", None, 200, rows[0][4])])
    made = mocks.ask("POST", "/holds", {"room": "R4", "nights": 7, "channel": "partner", "promo": "LOYAL5"}).json
    assert (made["channel"], made["promo"], made["status"]) == ("partner", "LOYAL5", "active")


def test_versions_are_the_services_own():
    rows = [("POST", "/pads", {"text": text}, 201, {"id": key, "text": text, "version": 1}) for text, key in PADS]
    assert Mocks(rows).ask("POST", "/pads", {"text": "x", "version": 7}).json["version"] == 1


def test_fields_of_a_form_that_are_members_are_there_where_they_are_sent():
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    rows = [
        ("POST", "/people", f"name={text}&more[tier]={text}1".encode(), 201,
         {"id": key, "name": text, "more": {"tier": f"{text}1"}}, form)
        for text, key in PADS
    ]  # fmt: skip
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/people", b"name=ada&more[tier]=gold", form).json["more"] == {"tier": "gold"}
    assert mocks.ask("POST", "/people", b"name=ada", form).json["more"] == {}


def test_a_switch_that_all_calls_sent_is_off_where_it_is_not_sent_and_a_list_has_nothing():
    usual = {"state": "open", "kind": "pad", "views": 0, "owner": None, "closed": None}
    sent = [
        {"title": "Tea", "pinned": True, "tags": ["oat"]},
        {"title": "Rye", "pinned": False, "tags": ["fig", "oat"]},
    ]
    rows = [("POST", "/pads", one, 201, {"id": f"d-71c0a{at}bq", **one, **usual}) for at, one in enumerate(sent)]
    made = Mocks(rows).ask("POST", "/pads", {"title": "Oil"}).json
    assert (made["title"], made["pinned"], made["tags"]) == ("Oil", False, [])


def test_the_id_of_a_call_is_the_one_that_is_sent_and_else_made():
    keys = ("0b7e6f0e-5f0a-4b8e-9d55-8a3c0b1f2e61", "7c1d9a52-3e44-4f0b-8b1a-5d2f6c7e8a90")
    rows = [
        ("POST", "/notes", {"data": {"text": word}}, 201, {"commandId": key, "note": f"nt_{word}71", "text": word})
        for word, key in zip(("oak", "elm"), keys, strict=True)
    ]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/notes", {"data": {"text": "fir"}, "commandId": "c-17"}).json["commandId"] == "c-17"
    assert len(mocks.ask("POST", "/notes", {"data": {"text": "yew"}}).json["commandId"]) == 36


def test_a_number_that_is_told_as_a_text_has_two_digits_also_where_the_last_is_nought():
    rows = [
        ("PUT", f"/wares/{name}", {"price": price}, 201, {"name": name, "price": f"{price:.2f}"})
        for name, price in (("oak7", 12.35), ("elm8", 8.99))
    ]
    assert Mocks(rows).ask("PUT", "/wares/fir9", {"price": 75.6}).json["price"] == "75.60"


def test_what_was_never_sent_is_shown_when_it_is_beside_what_is_shown_in_small_letters():
    tags = [("POST", "/tags", {"word": "Open"}, 201, {"id": "t-71c0abx9", "word": "open", "color": "grey"})]
    made = Mocks([*tags, ("GET", "/tags/t-71c0abx9", None, 200, tags[0][4])])
    assert made.ask("POST", "/tags", {"word": "New", "color": "green"}).json["color"] == "green"
    assert made.ask("POST", "/tags", {"word": "New"}).json["color"] == "grey"
