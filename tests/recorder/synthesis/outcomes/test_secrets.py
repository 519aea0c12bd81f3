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
