"""Sessions of accounts: registering, wrong passwords, token rotation, a second device, and logging out."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


def play(client: Client, random: Random) -> None:
    kinds = [profile, rotation, two_devices, mistakes, new_password]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random)
    leaving(client, random)


def register(client: Client, random: Random) -> dict[str, str]:
    asked = {"email": values.email(random), "password": values.password(random), "name": values.name(random)}
    language = {"language": random.choice(["de", "fr", "sv"])} if random.random() < 0.4 else {}
    client.ask("register", "POST", "/auth/register", json={**asked, **language})
    return asked


def log_in(client: Client, random: Random, account: dict[str, str], label: str = "log in") -> Answered:
    device = random.choice(["phone", "laptop", "tablet", "kiosk"])
    asked = {"email": account["email"], "password": account["password"], "device": device}
    return client.ask(label, "POST", "/auth/login", json=asked)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def profile(client: Client, random: Random) -> None:
    account = register(client, random)
    mine = bearer(log_in(client, random, account).take("access_token"))
    client.ask("me", "GET", "/me", headers=mine, reads=True)
    for _ in range(random.randint(1, 3)):
        asked: dict[str, object] = random.choice(
            [
                {"name": values.name(random)},
                {"preferences": {"newsletter": True}},
                {"preferences": {"language": "no", "theme": values.word(random)}},
            ]
        )
        client.ask("change me", "PATCH", "/me", json=asked, headers=mine, reads=True)
    client.ask("me, changed", "GET", "/me", headers=mine, reads=True)
    if random.random() < 0.5:
        client.ask("change what cannot", "PATCH", "/me", json={"role": "admin", values.word(random): 1}, headers=mine)


def rotation(client: Client, random: Random) -> None:
    account = register(client, random)
    first = log_in(client, random, account)
    old, refresh = first.take("access_token"), first.take("refresh_token")
    for _ in range(random.randint(1, 3)):
        new = client.ask("refresh", "POST", "/auth/refresh", json={"refresh_token": refresh})
        used, refresh = refresh, new.take("refresh_token")
        client.ask("me with the old token", "GET", "/me", headers=bearer(old), reads=True)
        old = new.take("access_token")
        client.ask("me with the new token", "GET", "/me", headers=bearer(old), reads=True)
    if random.random() < 0.6:
        client.ask("refresh with a used token", "POST", "/auth/refresh", json={"refresh_token": used}, reads=True)
        client.ask("me after the misuse", "GET", "/me", headers=bearer(old), reads=True)


def two_devices(client: Client, random: Random) -> None:
    account = register(client, random)
    mine = bearer(log_in(client, random, account).take("access_token"))
    other = client.user()
    theirs = bearer(log_in(other, random, account, "log in elsewhere").take("access_token"))
    client.ask("devices", "GET", "/me/devices", headers=mine, reads=True)
    other.ask("devices, seen elsewhere", "GET", "/me/devices", headers=theirs, reads=True)
    other.ask("log out elsewhere", "POST", "/auth/logout", headers=theirs)
    client.ask("devices after", "GET", "/me/devices", headers=mine, reads=True)
    other.ask("me when logged out", "GET", "/me", headers=theirs, reads=True)


def mistakes(client: Client, random: Random) -> None:
    account = register(client, random)
    ways: list[Callable[[], object]] = [
        lambda: client.ask("register again", "POST", "/auth/register", json={**account, "name": values.name(random)}),
        lambda: log_in(client, random, {**account, "password": values.password(random)}, "wrong password"),
        lambda: log_in(client, random, {**account, "email": values.email(random)}, "unknown email"),
        lambda: client.ask("me without a token", "GET", "/me"),
        lambda: client.ask("me with a wrong token", "GET", "/me", headers=bearer(values.password(random))),
        lambda: client.ask("bad refresh", "POST", "/auth/refresh", json={"refresh_token": values.slug(random)}),
        lambda: client.ask(
            "register badly", "POST", "/auth/register", json={"email": values.word(random), "name": "X"}
        ),
        lambda: client.ask(
            "short password", "POST", "/auth/register", json={"email": values.email(random), "password": "short"}
        ),
        lambda: client.ask(
            "malformed", "POST", "/auth/login", content=b"{oops", headers={"Content-Type": "application/json"}
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()


def new_password(client: Client, random: Random) -> None:
    account = register(client, random)
    mine = bearer(log_in(client, random, account).take("access_token"))
    new = values.password(random)
    if random.random() < 0.5:
        asked = {"current": values.password(random), "new": new}
        client.ask("password, current one wrong", "PUT", "/auth/password", json=asked, headers=mine)
    asked = {"current": account["password"], "new": new}
    client.ask("new password", "PUT", "/auth/password", json=asked, headers=mine)
    log_in(client, random, account, "log in with the old password")
    again = log_in(client, random, {**account, "password": new}, "log in with the new password")
    client.ask("me after the change", "GET", "/me", headers=bearer(again.take("access_token")), reads=True)


def leaving(client: Client, random: Random) -> None:
    account = register(client, random)
    mine = bearer(log_in(client, random, account).take("access_token"))
    client.ask("me before leaving", "GET", "/me", headers=mine, reads=True)
    client.ask("log out", "POST", "/auth/logout", headers=mine)
    client.ask("me after leaving", "GET", "/me", headers=mine, reads=True)
    if random.random() < 0.5:
        client.ask("log out twice", "POST", "/auth/logout", headers=mine, reads=True)
