"""Sessions of members: registering with a code, devices, notices, and changes of profile, email and password."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import AbortedError, Answered, Client

DEVICES: Final = ("Firefox on Linux", "Safari on iPhone", "Chrome on Windows", "Edge on Surface", "Pixel 8")


@dataclass
class Person:
    """A member as its own client knows it."""

    client: Client
    email: str
    password: str
    access: str = ""
    refresh: str = ""

    def ask(self, label: str, method: str, path: str, json: object = None, /, **query: object) -> Answered:
        headers = {"Authorization": f"Bearer {self.access}"}
        return self.client.ask(
            label, method, f"/api{path}", json=json, query=query or None, headers=headers, reads=True
        )


def play(client: Client, random: Random) -> None:
    person = register(client, random)
    verifying = random.choice([at_once, after_mistakes, after_resending, after_a_lock])
    if random.random() < 0.4:
        sign_in(person, random, "sign in before verifying")
    verifying(person, random)
    sign_in(person, random)
    kinds = [profile, profile, devices, refreshing, new_email, new_email, new_password, inbox, inbox, locking]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(person, random)
    mistakes(person, random)
    person.ask("who am I at the end", "GET", "/me")
    if random.random() < 0.4:
        person.ask("sign out", "POST", "/auth/logout")
        person.ask("who am I when signed out", "GET", "/me")


def register(client: Client, random: Random) -> Person:
    person = Person(client, values.email(random), values.password(random))
    asked: dict[str, Any] = {"email": person.email, "password": person.password, "display_name": values.name(random)}
    if random.random() < 0.4:
        asked["newsletter"] = random.random() < 0.7
    client.ask("register", "POST", "/api/auth/register", json=asked).take("id")
    return person


def sign_in(person: Person, random: Random, label: str = "sign in") -> Answered:
    asked = {"email": person.email, "password": person.password}
    if random.random() < 0.7:
        asked["device"] = random.choice(DEVICES)
    answered = person.client.ask(label, "POST", "/api/auth/login", json=asked, reads=True)
    if answered.status == 200:
        keep(person, answered)
    return answered


def keep(person: Person, answered: Answered) -> None:
    person.access, person.refresh = answered.take("access_token"), answered.take("refresh_token")


def letter(client: Client, address: str, pattern: str) -> str:
    answered = client.ask("mailbox", "GET", "/api/dev/mailbox", query={"address": address}, reads=True)
    found = re.search(pattern, answered.take(0, "body"))
    if found is None:
        raise AbortedError("mailbox: the letter holds no code")
    return found[0]


def begin(person: Person) -> tuple[str, str]:
    asked = {"email": person.email}
    key = person.client.ask("send a code", "POST", "/api/auth/otp/send", json=asked).take("challenge")
    return key, letter(person.client, person.email, r"\b\d{6}\b")


def verify(person: Person, label: str, key: str, code: str) -> None:
    asked = {"challenge": key, "code": code}
    person.client.ask(label, "POST", "/api/auth/otp/verify", json=asked, reads=True)


def wrong(code: str) -> str:
    return f"{int(code) % 899_999 + 100_001}"


def resend(person: Person, key: str, label: str = "resend") -> None:
    person.client.ask(label, "POST", f"/api/auth/otp/{key}/resend", reads=True)


def at_once(person: Person, random: Random) -> None:
    key, code = begin(person)
    verify(person, "verify", key, code)
    if random.random() < 0.4:
        verify(person, "verify a second time", key, code)
    elif random.random() < 0.4:
        asked = {"email": person.email}
        person.client.ask("send a code when verified", "POST", "/api/auth/otp/send", json=asked, reads=True)


def after_mistakes(person: Person, random: Random) -> None:
    key, code = begin(person)
    for _ in range(random.randint(1, 2)):
        verify(person, "verify wrongly", key, wrong(code))
    verify(person, "verify", key, code)


def after_resending(person: Person, random: Random) -> None:
    key, code = begin(person)
    for _ in range(random.randint(1, 2)):
        resend(person, key)
    if random.random() < 0.5:
        verify(person, "verify with the old code", key, code)
    if random.random() < 0.5:
        resend(person, key)
        resend(person, key, "resend too often")
    verify(person, "verify", key, letter(person.client, person.email, r"\b\d{6}\b"))


def after_a_lock(person: Person, random: Random) -> None:
    key, code = begin(person)
    for _ in range(3):
        verify(person, "verify wrongly", key, wrong(code))
    if random.random() < 0.5:
        verify(person, "verify when locked", key, code)
    if random.random() < 0.5:
        resend(person, key, "resend when locked")
    at_once(person, random)


def profile(person: Person, random: Random) -> None:
    ways: dict[str, Any] = {
        "display_name": values.name(random),
        "bio": random.choice([values.sentence(random), None]),
        "language": random.choice(["en", "de", "fr", "pl"]),
        "newsletter": random.random() < 0.5,
    }
    chosen = random.sample(sorted(ways), random.randint(1, 3))
    person.ask("change the profile", "PATCH", "/me", {key: ways[key] for key in chosen})
    if random.random() < 0.6:
        person.ask("the changed profile", "GET", "/me")


def devices(person: Person, random: Random) -> None:
    other = Person(person.client.user(), person.email, person.password)
    sign_in(other, random, "sign in on another device")
    listed = person.ask("sessions", "GET", "/me/sessions")
    if random.random() < 0.6:
        person.ask("end the other session", "DELETE", f"/me/sessions/{listed.take(-1, 'id')}")
        other.ask("who am I on the ended session", "GET", "/me")
        if random.random() < 0.5:
            person.ask("end it again", "DELETE", f"/me/sessions/{listed.take(-1, 'id')}")
    else:
        other.ask("who am I on the other device", "GET", "/me")
        other.ask("sign out on the other device", "POST", "/auth/logout")
    person.ask("sessions that are left", "GET", "/me/sessions")


def refreshing(person: Person, random: Random) -> None:
    old, spent = person.access, person.refresh
    asked = {"refresh_token": person.refresh}
    keep(person, person.client.ask("refresh", "POST", "/api/auth/refresh", json=asked, reads=True))
    if random.random() < 0.5:
        person.ask("who am I after refreshing", "GET", "/me")
    if random.random() < 0.4:
        Person(person.client, "", "", old).ask("who am I with the old token", "GET", "/me")
    if random.random() < 0.5:
        person.client.ask("refresh with the spent token", "POST", "/api/auth/refresh", json={"refresh_token": spent})


def new_email(person: Person, random: Random) -> None:
    wanted = values.email(random)
    asked = {"new_email": wanted, "password": person.password}
    person.ask("ask for another email", "POST", "/me/email", asked)
    if random.random() < 0.5:
        person.ask("who am I with a pending email", "GET", "/me")
    if random.random() < 0.3:
        person.ask("keep the old email", "DELETE", "/me/email")
        person.ask("who am I with the old email", "GET", "/me")
        return
    token = letter(person.client, wanted, r"\b[0-9a-f]{20}\b")
    if random.random() < 0.4:
        person.ask("confirm with a wrong token", "POST", "/me/email/confirm", {"token": token[::-1]})
    person.ask("confirm the email", "POST", "/me/email/confirm", {"token": token})
    before, person.email = person.email, wanted
    if random.random() < 0.5:
        Person(person.client, before, person.password).client.ask(
            "sign in with the old email",
            "POST",
            "/api/auth/login",
            json={"email": before, "password": person.password},
        )
    if random.random() < 0.5:
        sign_in(person, random, "sign in with the new email")


def new_password(person: Person, random: Random) -> None:
    wanted = values.password(random)
    if random.random() < 0.3:
        asked = {"current_password": wanted, "new_password": wanted}
        person.ask("change the password wrongly", "PUT", "/me/password", asked)
    asked = {"current_password": person.password, "new_password": wanted}
    person.ask("change the password", "PUT", "/me/password", asked)
    if random.random() < 0.6:
        sign_in(Person(person.client, person.email, person.password), random, "sign in with the old password")
    person.password = wanted
    if random.random() < 0.6:
        sign_in(person, random, "sign in with the new password")


def inbox(person: Person, random: Random) -> None:
    listed = person.ask("notices", "GET", "/notifications")
    if random.random() < 0.5:
        person.ask("how many are unread", "GET", "/notifications/unread-count")
    number = listed.take("items", random.choice([0, -1]), "id")
    way = random.choice(["read", "read", "dismiss", "read all"])
    if way == "read":
        person.ask("read a notice", "POST", f"/notifications/{number}/read")
    elif way == "dismiss":
        if (listed.find("total") or 0) > 1:
            person.ask("dismiss a notice", "DELETE", f"/notifications/{number}")
            if random.random() < 0.5:
                person.ask("read the dismissed notice", "POST", f"/notifications/{number}/read")
    else:
        person.ask("read all notices", "POST", "/notifications/read-all")
    if random.random() < 0.5:
        person.ask("how many are unread now", "GET", "/notifications/unread-count")
    if random.random() < 0.5:
        person.ask("unread notices", "GET", "/notifications", unread=random.choice(["true", "false"]))
    if random.random() < 0.4:
        person.ask("page of notices", "GET", "/notifications", limit=random.randint(1, 2), offset=random.randint(0, 1))


def locking(person: Person, random: Random) -> None:
    stranger = Person(person.client.user(), person.email, values.password(random))
    for _ in range(random.choice([1, 2, 4, 4])):
        sign_in(stranger, random, "sign in wrongly")
    stranger.password = person.password
    if sign_in(stranger, random, "sign in after mistakes").status != 200:
        new_password(person, random)


def mistakes(person: Person, random: Random) -> None:
    client, name = person.client, values.name(random)
    good = {"email": values.email(random), "password": values.password(random), "display_name": name}
    stranger = Person(client, "", "", f"{random.getrandbits(192):048x}")
    ways: list[Callable[[], object]] = [
        lambda: client.ask("an email taken", "POST", "/api/auth/register", json={**good, "email": person.email}),
        lambda: client.ask("no email", "POST", "/api/auth/register", json={**good, "email": values.word(random)}),
        lambda: client.ask("a short password", "POST", "/api/auth/register", json={**good, "password": "abc"}),
        lambda: client.ask("no name", "POST", "/api/auth/register", json={"email": good["email"]}),
        lambda: client.ask("a stranger signs in", "POST", "/api/auth/login", json=good),
        lambda: client.ask("a code for a stranger", "POST", "/api/auth/otp/send", json={"email": good["email"]}),
        lambda: client.ask("no token", "GET", "/api/me"),
        lambda: stranger.ask("a wrong token", "GET", "/me"),
        lambda: stranger.ask("sign out with a wrong token", "POST", "/auth/logout"),
        lambda: person.ask("no such language", "PATCH", "/me", {"language": values.word(random)}),
        lambda: person.ask("no change", "PATCH", "/me", {}),
        lambda: person.ask("no such session", "DELETE", f"/me/sessions/{random.randint(500, 999)}"),
        lambda: person.ask("no such notice", "POST", f"/notifications/{random.randint(500, 999)}/read"),
        lambda: person.ask("a notice that is no number", "DELETE", f"/notifications/{values.word(random)}"),
        lambda: person.ask("too many notices", "GET", "/notifications", limit=random.randint(51, 200)),
        lambda: person.ask("no change to confirm", "POST", "/me/email/confirm", {"token": "00"}),
        lambda: person.ask("another's email", "POST", "/me/email", {"new_email": person.email, "password": "x"}),
        lambda: client.ask("a wrong refresh token", "POST", "/api/auth/refresh", json={"refresh_token": name}),
        lambda: client.ask(
            "no JSON", "POST", "/api/auth/login", content=b"{", headers={"Content-Type": "application/json"}
        ),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()
