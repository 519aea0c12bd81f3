"""Sessions of an authorization server: discovery, grants, the code flow, user info, introspection, refusals."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from random import Random
from urllib.parse import parse_qs, quote, urlsplit

from bench.fidelity import values
from bench.fidelity.client import AbortedError, Answered, Client


def play(client: Client, random: Random) -> None:
    client.ask("discovery", "GET", "/.well-known/openid-configuration")
    kinds: list[Callable[[Client, Random], None]] = [
        machine,
        machine,
        person,
        code_flow,
        code_flow,
        refreshing,
        refreshing,
        leaving,
        mistakes,
    ]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(6, 8)]:
        kind(client, random)


def basic(random: Random) -> dict[str, str]:
    told = f"{values.slug(random)}:{values.password(random)}"
    return {"Authorization": "Basic " + b64encode(told.encode()).decode()}


def grant(client: Client, label: str, headers: dict[str, str], **form: str) -> Answered:
    return client.ask(label, "POST", "/token", form=form, headers=headers)


def bearer(answered: Answered) -> dict[str, str]:
    return {"Authorization": f"Bearer {answered.take('access_token')}"}


def machine(client: Client, random: Random) -> None:
    got = grant(client, "client credentials", basic(random), grant_type="client_credentials", scope=values.word(random))
    client.ask("user info", "GET", "/userinfo", headers=bearer(got), reads=True)
    if random.random() < 0.5:
        client.ask("keys", "GET", "/jwks")


def person(client: Client, random: Random) -> None:
    told = {"username": values.login(random), "password": values.password(random), "scope": "openid profile"}
    got = grant(client, "password", basic(random), grant_type="password", **told)
    client.ask("user info", "GET", "/userinfo", headers=bearer(got), reads=True)
    client.ask("introspect", "POST", "/introspect", form={"token": got.take("access_token")}, reads=True)


def code_flow(client: Client, random: Random) -> None:
    target = f"https://{values.word(random)}.example.com/callback"
    state, number = values.slug(random), values.slug(random)
    query = f"response_type=code&client_id={number}&redirect_uri={quote(target)}&scope=openid&state={state}"
    sent = client.ask("authorize", "GET", f"/authorize?{query}").header("location")
    codes = parse_qs(urlsplit(sent).query).get("code")
    if not codes:
        raise AbortedError("authorize: the redirect carries no code")
    told = {"code": codes[0], "redirect_uri": target, "client_id": number}
    got = grant(client, "code", {}, grant_type="authorization_code", **told)
    client.ask("user info", "GET", "/userinfo", headers=bearer(got), reads=True)


def refreshing(client: Client, random: Random) -> None:
    headers = basic(random)
    told = {"username": values.login(random), "password": values.password(random)}
    got = grant(client, "password", headers, grant_type="password", scope="openid offline", **told)
    for _ in range(random.randint(1, 3)):
        got = grant(client, "refresh", headers, grant_type="refresh_token", refresh_token=got.take("refresh_token"))
    client.ask("user info", "GET", "/userinfo", headers=bearer(got), reads=True)


def leaving(client: Client, random: Random) -> None:
    got = grant(client, "client credentials", basic(random), grant_type="client_credentials", scope=values.word(random))
    form = {"token": got.take("access_token"), "token_type_hint": "access_token"}
    client.ask("revoke", "POST", "/revoke", form=form)
    target = quote(f"https://{values.word(random)}.example.com/bye")
    client.ask("end the session", "GET", f"/endsession?post_logout_redirect_uri={target}")


def mistakes(client: Client, random: Random) -> None:
    ways: list[Callable[[], object]] = [
        lambda: grant(client, "unknown grant", basic(random), grant_type=values.word(random)),
        lambda: client.ask("no grant", "POST", "/token", form={"scope": values.word(random)}),
        lambda: client.ask(
            "authorize without a target", "GET", f"/authorize?response_type=code&state={values.word(random)}"
        ),
        lambda: client.ask("no such page", "GET", f"/{values.slug(random)}"),
        lambda: client.ask("token by get", "GET", "/token"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 4)]:
        way()
