"""A refusal that one session shows once is given for what it says that it is about, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from synthesis.telling import Mocks, scenes_of

from recorder.synthesis.conditions.reasons import Reason
from recorder.synthesis.terms.term import Term


def stay(number, room, nights, guests):
    sent = {"room": room, "nights": nights, "guests": guests}
    return "POST", "/stays", sent, 201, {"id": number, "status": "open", **sent}


STAYS = [stay(1, "R1", 3, 2), stay(2, "R2", 14, 1), stay(3, "R3", 2, 4), stay(4, "R1", 21, 3)]


def refused(sent, told, status=422):
    return "POST", "/stays", sent, status, {"error": told}


def test_a_bound_is_the_one_that_the_refusal_speaks_of():
    mocks = Mocks([*STAYS, refused({"room": "R4", "nights": 45, "guests": 5}, "nights: 30 at most")])
    assert mocks.ask("POST", "/stays", {"room": "R4", "nights": 28, "guests": 5}).status == 201
    assert mocks.ask("POST", "/stays", {"room": "R1", "nights": 31, "guests": 2}).status == 422


@pytest.mark.parametrize("told", ["It rains", "The month of 2031-05 is closed"])
def test_what_nothing_sent_or_held_tells_is_not_refused_by_chance(told):
    mocks = Mocks([*STAYS, refused({"room": "R4", "nights": 5, "guests": 5}, told, 409)])
    for nights, guests in ((5, 5), (45, 9), (1, 1)):
        assert mocks.ask("POST", "/stays", {"room": "R5", "nights": nights, "guests": guests}).status == 201


def test_a_header_that_is_said_to_be_missing_is_what_is_missing():
    rows = [(*row, {"idempotency-key": f"k{number}"}) for number, row in enumerate(STAYS)]
    mocks = Mocks([*rows, refused({"room": "R4"}, "The header Idempotency-Key is required", 400)])
    assert mocks.ask("POST", "/stays", {"room": "R4"}, {"idempotency-key": "k9"}).status == 201
    assert mocks.ask("POST", "/stays", {"room": "R4", "nights": 2, "guests": 2}).status == 400


def test_a_state_that_a_refusal_tells_is_why():
    done = {"id": 1, "status": "confirmed", "room": "R1", "nights": 3, "guests": 2, "reference": "A7"}
    rows = [
        *STAYS,
        ("POST", "/stays/1/confirm", {}, 200, done),
        ("GET", "/stays/1", None, 200, done),
        ("POST", "/stays/1/confirm", {}, 409, {"error": "The stay is confirmed"}),
    ]
    mocks = Mocks(rows)
    made = mocks.ask("POST", "/stays", {"room": "R9", "nights": 2, "guests": 2}).json
    assert [mocks.ask("POST", f"/stays/{made['id']}/confirm", {}).status for _ in range(2)] == [200, 409]


def test_several_sessions_show_by_themselves_what_is_refused():
    rows = [*STAYS, refused({"room": "R4", "nights": 5, "guests": 5}, "It rains", 409)]
    mocks = Mocks(rows, rows)
    assert mocks.ask("POST", "/stays", {"room": "R4", "nights": 5, "guests": 5}).status == 409


@pytest.mark.parametrize("told", ["The code is wrong", "Wrong code, one of many"])
def test_how_large_a_code_is_that_is_sent_as_a_text_is_no_reason(told):
    calls = [("POST", "/codes", {"code": code}, 200, {"ok": True}) for code in ("123456", "234567", "345678")]
    calls += [("POST", "/codes", {"code": code}, 400, {"error": told}) for code in ("812345", "923456", "734567")]
    mocks = Mocks(calls)
    assert mocks.ask("POST", "/codes", {"code": "654321"}).status == 200


def test_refusals_that_tell_texts_by_field_are_each_about_their_own():
    rows = [
        *STAYS,
        ("POST", "/stays", {"nights": 2, "guests": 1}, 400, {"room": ["This field is required."]}),
        ("POST", "/stays", {"room": "R4", "guests": 1}, 400, {"nights": ["This field is required."]}),
        ("POST", "/stays", {"room": "R5", "nights": 1}, 400, {"guests": ["This field is required."]}),
    ]
    mocks = Mocks(rows)
    assert mocks.wrong == []
    assert mocks.ask("POST", "/stays", {"room": "R7", "nights": 4, "guests": 3}).status == 201
    told = [mocks.ask("POST", "/stays", sent) for sent in ({"room": "R8", "guests": 2}, {"room": "R8", "nights": 2})]
    assert [(one.status, list(one.json)) for one in told] == [(400, ["nights"]), (400, ["guests"])]


def test_an_operation_may_refuse_with_400_what_is_not_there_where_it_speaks_of_the_thing():
    def remote(action, status, answered, **sent):
        return "POST", "/", sent, status, answered, {"X-Do": f"Safe.{action}"}

    safe = {"SafeId": "steel-4711", "Size": 7}
    rows = [
        remote("CreateSafe", 200, safe, **safe),
        remote("GetSafe", 200, safe, SafeId="steel-4711"),
        remote("DeleteSafe", 200, {}, SafeId="steel-4711"),
        remote("GetSafe", 400, {"error": "Nothing may be done with a safe that was thrown away"}, SafeId="steel-4711"),
    ]
    mocks = Mocks(rows)

    def do(action, **sent):
        return mocks.ask("POST", "/", sent, {"X-Do": f"Safe.{action}"})

    do("CreateSafe", SafeId="brass-3", Size=2)
    assert do("GetSafe", SafeId="brass-3").json == {"SafeId": "brass-3", "Size": 2}
    do("DeleteSafe", SafeId="brass-3")
    assert do("GetSafe", SafeId="brass-3").status == 400


def test_that_two_things_have_the_same_number_under_other_names_is_no_reason():
    total = Term("vars.item.tries == 1", lambda _scene: True)
    scenes = scenes_of(("POST", "/codes/c7/check", {"code": "812345"}, 423, {"error": "Locked"}))
    reason = Reason(scenes, 423, scenes)

    def is_chance(one, two):
        text = f"{two} is defined and ({one} | string) == ({two} | string)"
        return reason.is_chance(replace(total, text=text), "pair.item", 1)

    assert is_chance("vars.item.tries", "vars.code.answer.total")
    assert not is_chance("vars.account.money.currency", "vars.other.money.currency")


def test_a_version_that_may_be_said_is_compared_where_it_is_said():
    rows = [("POST", "/papers", {"text": "a"}, 201, {"id": "pp_71kx", "text": "a", "version": 1})]
    for version, text in ((1, "b"), (2, "c"), (3, "d")):
        changed = {"id": "pp_71kx", "text": text, "version": version + 1}
        rows.append(("PATCH", "/papers/pp_71kx", {"text": text, "expectedVersion": version}, 200, changed))
    told = {"error": "version_conflict", "current": 4}
    mocks = Mocks([*rows, ("PATCH", "/papers/pp_71kx", {"text": "e", "expectedVersion": 2}, 409, told)])
    path = f"/papers/{mocks.ask('POST', '/papers', {'text': 'x'}).json['id']}"
    assert mocks.ask("PATCH", path, {"text": "y"}).status == 200
    assert mocks.ask("PATCH", path, {"text": "z", "expectedVersion": 1}).status == 409


def test_that_two_things_were_written_at_one_time_is_no_reason():
    scenes = scenes_of(("POST", "/stays", {"room": "R1"}, 403, {"error": "Forbidden"}))
    reason = Reason(scenes, 403, scenes)
    at_once = "vars.guest._modified is defined and (vars.room._modified | string) == (vars.guest._modified | string)"
    owned = "vars.guest._owner is defined and (vars.room._owner | string) == (vars.guest._owner | string)"
    assert reason.is_chance(Term(at_once, lambda _scene: True), "pair.guest.room", 1)
    assert not reason.is_chance(Term(owned, lambda _scene: True), "pair.guest.room", 1)
    assert not reason.fits(Term("request.parts.note.text is defined", lambda _scene: True), "parts.note", 1)


def test_what_one_of_few_sessions_shows_is_no_more_reason_than_what_the_only_one_does():
    mocks = Mocks([*STAYS, refused({"room": "R4", "nights": 5, "guests": 5}, "It rains", 409)], STAYS)
    for nights, guests in ((5, 5), (45, 9), (1, 1)):
        assert mocks.ask("POST", "/stays", {"room": "R5", "nights": nights, "guests": guests}).status == 201


def test_how_long_a_text_is_that_is_refused_is_no_reason_where_no_length_is_told():
    wrong = [refused({"room": room, "nights": 5, "guests": 5}, "Unknown room") for room in ("R99", "R73")]
    mocks = Mocks([*STAYS, wrong[0]], [*STAYS, wrong[1]])
    assert mocks.ask("POST", "/stays", {"room": "R12", "nights": 2, "guests": 2}).status == 201


def test_that_two_things_have_the_same_number_is_no_reason_where_the_refusal_does_not_name_it():
    def account(number, entries):
        return "POST", "/accounts", {"name": f"ann {number}"}, 201, {"id": number, "entries": entries}

    def moved(payer, payee, status):
        answered = {"error": "Too little"} if status == 409 else {"ok": True}
        return "POST", "/moves", {"from": payer, "to": payee}, status, answered

    accounts = [account(71, 4), account(72, 6), account(73, 4)]
    mocks = Mocks([*accounts, moved(71, 72, 200), moved(71, 73, 409), moved(72, 73, 200)], accounts)
    made = [mocks.ask("POST", "/accounts", {"name": "bob"}).json["id"] for _ in range(2)]
    assert mocks.ask("POST", "/moves", {"from": made[0], "to": made[1]}).status == 200


GUESTS = [
    ("PUT", f"/guests/G{number}7", {"name": name, "phone": "123"}, 201, {"id": f"G{number}7", "name": name})
    for number, name in enumerate(("Ada", "Bea", "Cy"), 1)
]


@pytest.mark.parametrize(
    ("status", "told", "expected"),
    [
        (422, "G97 is no number of a guest", 201),  # another part of the call is what is wrong
        (423, "The register is locked", 201),  # nothing that is not sent is locked
        (422, "phone is required", 422),
        (422, "It is not valid", 422),
    ],
)
def test_what_is_not_sent_is_no_reason_where_the_refusal_is_about_another_thing(status, told, expected):
    mocks = Mocks([*GUESTS, ("PUT", "/guests/G97", {"name": "Di"}, status, {"error": told})])
    assert mocks.ask("PUT", "/guests/G47", {"name": "Eve"}).status == expected


@pytest.mark.parametrize("told", ["The name is already taken", "Value must be unique"])
def test_what_is_taken_is_not_told_by_what_is_not_sent(told):
    rows = [
        ("POST", "/guests", {"name": name, "room": "R1"}, 201, {"id": name, "room": "R1"}) for name in ("ada", "bo")
    ]
    mocks = Mocks([*rows, ("POST", "/guests", {"name": "ada"}, 400, {"error": told})])
    assert mocks.ask("POST", "/guests", {"name": "eve"}).status == 201


def test_a_wrong_password_is_not_told_by_its_form():
    rows = [("POST", "/keys", {"password": one}, 200, {"ok": True}) for one in ("Ab_1", "Cd_2!", "Ef#3")]
    rows += [("POST", "/keys", {"password": one}, 400, {"error": "Wrong password"}) for one in ("guess", "other")]
    assert Mocks(rows).ask("POST", "/keys", {"password": "plain"}).status == 200


def test_what_several_things_have_and_one_has_not_is_no_reason():
    items = [("GET", f"/goods/{name}", None, 200, {"id": name, "kind": kind}) for name, kind in
             (("g1", "desk"), ("g2", "lamp"), ("g3", "rug"))]  # fmt: skip
    rows = [("POST", "/orders", {"good": name}, 201, {"id": f"o{name}", "good": name}) for name in ("g1", "g2", "g1")]
    mocks = Mocks([*items, *rows, ("POST", "/orders", {"good": "g3"}, 409, {"error": "The shop is closed"})])
    assert mocks.ask("POST", "/orders", {"good": "g3"}).status == 201


def test_who_does_not_send_what_tells_who_calls_is_refused_as_nobody():
    asked = {"flows": ["mail"], "session": "u7Gq2"}
    rows = [
        ("POST", "/accounts", {"name": "ada"}, 401, asked),
        ("POST", "/accounts", {"name": "ada", "auth": {"session": "u7Gq2"}}, 200, {"user": "ada"}),
        ("POST", "/accounts", {"name": "bo", "auth": {"type": "mail"}}, 200, {"user": "bo"}),
    ]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/accounts", {"name": "eve"}).status == 401
    assert mocks.ask("POST", "/accounts", {"name": "eve", "auth": {"type": "mail"}}).status == 200


def test_other_things_that_are_not_sent_make_nobody_of_no_caller():
    rows = [
        ("POST", "/accounts", {"name": "ada"}, 401, {"error": "Unauthorized"}),
        ("POST", "/accounts", {"name": "bo", "colour": "red"}, 200, {"user": "bo"}),
        ("POST", "/accounts", {"name": "eve", "colour": "blue"}, 200, {"user": "eve"}),
    ]
    assert Mocks(rows).ask("POST", "/accounts", {"name": "fay"}).status == 200


def test_what_is_said_not_to_be_taken_is_told_by_what_is_sent():
    rows = [("POST", "/files", {"type": kind}, 201, {"id": kind}) for kind in ("text", "csv", "text", "png")]
    mocks = Mocks([*rows, ("POST", "/files", {"type": "pdf"}, 422, {"error": "Files of pdf are not taken"})])
    assert mocks.ask("POST", "/files", {"type": "pdf"}).status == 422


def test_in_what_form_something_was_sent_is_no_reason():
    scenes = scenes_of(("POST", "/stays", {"kind": "long"}, 409, {"error": "Overlaps with another"}))
    reason = Reason(scenes, 409, scenes)

    def is_chance(member):
        text = f"request.json.kind is defined and (request.json.kind | string) != (vars.guest.{member} | string)"
        return reason.is_chance(Term(text, lambda _scene: True), "pair.guest", 1)

    assert is_chance("_content_type")
    assert not is_chance("kind")
