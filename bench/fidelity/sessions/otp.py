"""Sessions of one-time codes: verified at once, after a mistake or a resend; locked out; asked without a token."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import AbortedError, Client


def play(client: Client, random: Random) -> None:
    kinds = [straight, straight, one_mistake, lockout, resending, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random)
    straight(client, random)


def begin(client: Client, random: Random) -> tuple[str, str]:
    phone = f"+1415555{random.randint(0, 9999):04d}"
    asked = {"phone": phone, "app": values.word(random).capitalize()}
    if random.random() < 0.3:
        asked["channel"] = "voice"
    return phone, client.ask("start", "POST", "/v1/verifications", json=asked).take("id")


def read_code(client: Client, phone: str) -> str:
    answered = client.ask("outbox", "GET", "/v1/sandbox/outbox", query={"to": phone}, reads=True)
    found = re.search(r"\b\d{6}\b", answered.take("messages", 0, "text"))
    if found is None:
        raise AbortedError("outbox: the message holds no code")
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 111_111) % 1_000_000:06d}"


def check(client: Client, label: str, number: str, code: str) -> None:
    client.ask(label, "POST", f"/v1/verifications/{number}/check", json={"code": code}, reads=True)


def verified(client: Client, random: Random, number: str, phone: str) -> None:
    code = read_code(client, phone)
    answered = client.ask("right code", "POST", f"/v1/verifications/{number}/check", json={"code": code}, reads=True)
    token = answered.take("access_token")
    client.ask("verification done", "GET", f"/v1/verifications/{number}", reads=True)
    client.ask("profile", "GET", "/v1/profile", headers={"Authorization": f"Bearer {token}"}, reads=True)
    if random.random() < 0.5:
        check(client, "right code again", number, code)


def straight(client: Client, random: Random) -> None:
    phone, number = begin(client, random)
    if random.random() < 0.5:
        client.ask("verification pending", "GET", f"/v1/verifications/{number}", reads=True)
    verified(client, random, number, phone)


def one_mistake(client: Client, random: Random) -> None:
    phone, number = begin(client, random)
    code = read_code(client, phone)
    for _ in range(random.randint(1, 2)):
        check(client, "wrong code", number, wrong(code))
    client.ask("verification after mistakes", "GET", f"/v1/verifications/{number}", reads=True)
    verified(client, random, number, phone)


def lockout(client: Client, random: Random) -> None:
    phone, number = begin(client, random)
    code = read_code(client, phone)
    for _ in range(3):
        check(client, "wrong code", number, wrong(code))
    check(client, "right code when locked", number, code)
    client.ask("verification locked", "GET", f"/v1/verifications/{number}", reads=True)
    if random.random() < 0.5:
        client.ask("resend when locked", "POST", f"/v1/verifications/{number}/resend", reads=True)


def resending(client: Client, random: Random) -> None:
    phone, number = begin(client, random)
    code = read_code(client, phone)
    client.ask("resend", "POST", f"/v1/verifications/{number}/resend", reads=True)
    if random.random() < 0.5:
        client.ask("resend", "POST", f"/v1/verifications/{number}/resend", reads=True)
        client.ask("resend too often", "POST", f"/v1/verifications/{number}/resend", reads=True)
    check(client, "old code", number, code)
    verified(client, random, number, phone)


def mistakes(client: Client, random: Random) -> None:
    ways: list[Callable[[], object]] = [
        lambda: client.ask("bad phone", "POST", "/v1/verifications", json={"phone": values.word(random)}),
        lambda: client.ask("no phone", "POST", "/v1/verifications", json={"app": values.word(random)}),
        lambda: client.ask("no token", "GET", "/v1/profile"),
        lambda: client.ask(
            "bad token", "GET", "/v1/profile", headers={"Authorization": f"Bearer {values.password(random)}"}
        ),
        lambda: client.ask("no such verification", "GET", f"/v1/verifications/{random.getrandbits(64):016x}"),
        lambda: client.ask("not an object", "POST", "/v1/verifications", json=[values.word(random)]),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()
    _, number = begin(client, random)
    client.ask("no code", "POST", f"/v1/verifications/{number}/check", json={"pin": "1"})
