"""What things are found by is not always shown: an account may hide its email until somebody signs in with it."""

from __future__ import annotations

from synthesis.telling import Mocks

WORDS = ("heron", "otter", "ibex", "stoat", "lynx", "plover", "tern", "marten")


def person(name, number, *, shows):
    sent = {"email": f"{name}{number}@a.example", "password": f"p4ss-{name}-{number}", "public": shows}
    key = f"{name[::-1]}{number * 7919:09}"
    shown = {"id": key, "public": shows} | ({"email": sent["email"]} if shows else {})
    entered = {"user": {**shown, "email": sent["email"]}, "token": f"tk-{key}-{number:04x}9f2c"}
    wrong = {"email": sent["email"], "password": f"no-{name}-{number}"}
    asked = {"email": sent["email"], "password": sent["password"]}
    return [
        ("POST", "/users", sent, 201, shown),
        ("GET", f"/users/{key}", None, 200, shown),
        ("POST", "/login", wrong, 401, {"error": "wrong"}),
        ("POST", "/login", asked, 200, entered),
    ]


def sessions(shows=lambda _, at: at == 1):
    return [
        [
            row
            for at in range(2)
            for row in person(WORDS[(number + at * 3) % 8], 31 + number * 2 + at, shows=shows(number, at))
        ]
        for number in range(5)
    ]


def sign_in(mocks, *, shows):
    sent = {"email": "wren.90@b.example", "password": "p4ss-wren-90"}
    assert mocks.ask("POST", "/users", {**sent, "public": shows}).status == 201
    assert mocks.ask("POST", "/login", {**sent, "password": "other"}).status == 401
    given = mocks.ask("POST", "/login", sent)
    assert given.status == 200
    return given.json["user"]["email"]


def test_who_hides_an_email_signs_in_with_it_and_so_does_who_shows_it():
    mocks = Mocks(*sessions())
    assert sign_in(mocks, shows=False) == "wren.90@b.example"
    assert sign_in(Mocks(*sessions()), shows=True) == "wren.90@b.example"


def test_an_email_that_is_never_shown_before_is_found_all_the_same():
    assert sign_in(Mocks(*sessions(shows=lambda *_: False)), shows=False) == "wren.90@b.example"


def test_what_is_always_shown_is_looked_for_there_alone():
    mocks = Mocks(*sessions(shows=lambda *_: True))
    assert sign_in(mocks, shows=True) == "wren.90@b.example"
    assert "find('_email'" not in str(mocks.definition("post-login"))
