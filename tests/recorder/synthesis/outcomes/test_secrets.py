"""Who signs in with another password than the one of the account is refused, though nobody was."""

from __future__ import annotations

from synthesis.telling import Mocks

TOKENS = {"ada": "tk-9f2c71aa0b3e4d58", "bob": "tk-1c77e09c4a2b8f63"}


def account(name):
    return {"email": f"{name}@wool.example", "password": f"hush-{name}-7Qm2"}


def signed_in(name, password=None):
    sent = {**account(name), **({"password": password} if password else {})}
    return ("POST", "/sessions", sent, 200, {"token": TOKENS[name], "email": sent["email"]})


def session(*rows):
    made = [("POST", "/accounts", account(name), 201, {"email": account(name)["email"]}) for name in TOKENS]
    used = [
        ("GET", "/me", None, 200, {"email": account(name)["email"]}, {"Authorization": f"Bearer {token}"})
        for name, token in TOKENS.items()
    ]
    return [*made, *map(signed_in, TOKENS), *rows, *used]


def test_a_password_that_is_not_the_one_of_the_account_is_refused():
    mocks = Mocks(session())
    assert mocks.ask("POST", "/accounts", account("cy")).status == 201
    assert mocks.ask("POST", "/sessions", {**account("cy"), "password": "hush"}).status == 401
    given = mocks.ask("POST", "/sessions", account("cy"))
    assert given.status == 200
    assert mocks.ask("GET", "/me", None, {"Authorization": f"Bearer {given.json['token']}"}).status == 200


def test_where_another_password_was_accepted_none_is_refused_for_it():
    mocks = Mocks(session(signed_in("ada", "other-3Xw9")))
    assert mocks.ask("POST", "/accounts", account("cy")).status == 201
    assert mocks.ask("POST", "/sessions", {**account("cy"), "password": "hush"}).status == 200


def test_who_changes_the_password_has_to_say_the_one_of_the_account():
    sent = {"current_password": account("bob")["password"], "new_password": "wool-88tz"}
    changed = ("PUT", "/me/password", sent, 204, None, {"Authorization": f"Bearer {TOKENS['bob']}"})
    mocks = Mocks(session(changed))
    mocks.ask("POST", "/accounts", account("cy"))
    token = {"Authorization": f"Bearer {mocks.ask('POST', '/sessions', account('cy')).json['token']}"}
    wrong = {"current_password": "milk-12ab", "new_password": "milk-12ab"}
    assert mocks.ask("PUT", "/me/password", wrong, token).status == 403
    right = {"current_password": account("cy")["password"], "new_password": "milk-12ab"}
    assert mocks.ask("PUT", "/me/password", right, token).status == 204


def signing_in(*more, number=".7"):
    """Give a session in which two people register and sign in, and what else is done."""
    rows = []
    for at, name in enumerate(("ada", "bob"), 1):
        sent = {"email": f"{name}{number}@a.example", "password": f"p4ss-{name}-77"}
        rows += [
            ("POST", "/users", {**sent, "name": name}, 201, {"id": at, "name": name, "email": sent["email"]}),
            ("POST", "/sessions", sent, 200, {"token": f"tok-{name}-1f3k9x"}),
            ("GET", "/me", None, 200, {"id": at, "name": name}, {"Authorization": f"Bearer tok-{name}-1f3k9x"}),
        ]
    return [*rows, *more]


CY = {"email": "cy.7@c.example", "password": "secret-4417"}


def test_another_password_than_the_account_was_made_with_is_refused_and_so_is_nobody():
    mocks = Mocks(signing_in())
    assert mocks.ask("POST", "/sessions", CY).status == 401
    assert mocks.ask("POST", "/users", {**CY, "name": "cy"}).status == 201
    assert mocks.ask("POST", "/sessions", {**CY, "password": "wrong-9920"}).status == 401
    assert mocks.ask("POST", "/sessions", CY).status == 200


def test_a_password_that_was_changed_beside_the_old_one_is_the_one_that_opens():
    sent = {"current_password": "p4ss-bob-77", "new_password": "fresh-bob-88"}
    mocks = Mocks(signing_in(("PUT", "/me/password", sent, 204, None, {"Authorization": "Bearer tok-bob-1f3k9x"})))
    mocks.ask("POST", "/users", {**CY, "name": "cy"})
    token = {"Authorization": f"Bearer {mocks.ask('POST', '/sessions', CY).json['token']}"}
    wrong = {"current_password": "wrong-9920", "new_password": "fresh-4417"}
    assert mocks.ask("PUT", "/me/password", wrong, token).status == 403
    assert mocks.ask("PUT", "/me/password", {**wrong, "current_password": "secret-4417"}, token).status == 204
    assert mocks.ask("POST", "/sessions", CY).status == 401
    assert mocks.ask("POST", "/sessions", {**CY, "password": "fresh-4417"}).status == 200


def test_a_password_that_may_have_been_changed_is_not_asked_for_where_only_its_account_knows_it():
    sent = {"current_password": "p4ss-bob-77", "new_password": "fresh-bob-88"}
    change = ("PUT", "/me/password", sent, 204, None, {"Authorization": "Bearer tok-bob-1f3k9x"})
    for more, status in (((), 401), ((change,), 200)):
        mocks = Mocks(signing_in(*more, number=""))
        mocks.ask("POST", "/users", {**CY, "name": "cy"})
        assert mocks.ask("POST", "/sessions", {**CY, "password": "wrong-9920"}).status == status


def test_no_password_is_asked_for_where_one_that_differs_was_accepted():
    other = {"email": "ada.7@a.example", "password": "other-1234"}
    mocks = Mocks(signing_in(("POST", "/sessions", other, 200, {"token": "tok-ada-8d2m4q"})))
    mocks.ask("POST", "/users", {**CY, "name": "cy"})
    assert mocks.ask("POST", "/sessions", {**CY, "password": "wrong-9920"}).status == 200
