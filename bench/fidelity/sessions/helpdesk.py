"""Sessions of the help desk: signing in by code, tickets through their states, comments, tags, searches, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

TICKETS = "/v2/tickets"
LEAD, OTHERS = "greta@desk.example", ["omar@desk.example", "wanda@desk.example", "pavel@desk.example"]
TAGS = ["printer", "invoice", "network", "vip", "refund"]


def play(client: Client, random: Random) -> None:
    email = random.choice([LEAD, *OTHERS])
    if random.random() < 0.3:
        client.ask("not signed in", "GET", TICKETS)
    headers = sign_in(client, random, email)
    made = [create(client, random, headers) for _ in range(random.randint(2, 4))]
    kinds = [searching, life, talking, tagging, editing, locking, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 4)]:
        kind(client, random, headers, made)
    ending(client, random, headers, made)


def sign_in(client: Client, random: Random, email: str) -> dict[str, str]:
    asked = client.ask("ask for a code", "POST", "/v2/auth/codes", json={"email": email})
    path, code = f"/v2/auth/codes/{asked.take('data', 'challenge_id')}/verify", asked.take("data", "sandbox_code")
    if random.random() < 0.3:
        client.ask("wrong code", "POST", path, json={"code": f"{random.randint(0, 99999):05d}"})
    token = client.ask("sign in", "POST", path, json={"code": code}).take("data", "token")
    if random.random() < 0.3:
        client.ask("code again", "POST", path, json={"code": code}, reads=True)
    return {"Authorization": f"Bearer {token}"}


def create(client: Client, random: Random, headers: dict[str, str]) -> str:
    asked: dict[str, object] = {"subject": values.title(random), "requester": {"email": values.email(random)}}
    if random.random() < 0.5:
        asked["requester"] = {"email": values.email(random), "name": values.name(random)}
    if random.random() < 0.6:
        asked["priority"] = random.choice(["low", "normal", "high", "urgent"])
    if random.random() < 0.5:
        asked["body"] = values.sentence(random)
    if random.random() < 0.6:
        asked["tags"] = random.sample(TAGS, random.randint(1, 3))
    return client.ask("new ticket", "POST", TICKETS, json=asked, headers=headers).take("data", "id")


def searching(client: Client, random: Random, headers: dict[str, str], made: list[str]) -> None:
    for number in random.sample(made, 2):
        who = {"agent_id": random.randint(1, 4)}
        client.ask("assign", "PUT", f"{TICKETS}/{number}/assignee", json=who, headers=headers)
    filters: dict[str, object] = {
        "status": random.choice(["new", "open", "closed"]),
        "priority": random.choice(["low", "normal", "high"]),
        "assignee": random.choice(["none", 1, 2, 3, 4]),
        "tag": random.choice(TAGS),
        "q": values.word(random)[:3],
    }
    client.ask("tickets", "GET", TICKETS, headers=headers, reads=True)
    for _ in range(random.randint(1, 3)):
        chosen = random.sample(sorted(filters), random.choice([1, 1, 2]))
        asked = {name: filters[name] for name in chosen}
        client.ask("search", "GET", TICKETS, query=asked, headers=headers, reads=True)
    sort = random.choice(["id", "-id", "subject", "-subject", "priority", "-priority"])
    paged: dict[str, object] = {"sort": sort, "per_page": 2, "page": random.randint(1, 2)}
    client.ask("tickets sorted", "GET", TICKETS, query=paged, headers=headers, reads=True)
    client.ask("agents", "GET", "/v2/agents", headers=headers, reads=True)
    client.ask("statistics", "GET", f"{TICKETS}/statistics", headers=headers, reads=True)


def life(client: Client, random: Random, headers: dict[str, str], _: list[str]) -> None:
    path = f"{TICKETS}/{create(client, random, headers)}"
    if random.random() < 0.7:
        who = {"agent_id": random.randint(1, 4)}
        client.ask("assign", "PUT", f"{path}/assignee", json=who, headers=headers, reads=True)
    lives = [
        ["open", "pending", "resolved", "closed"],
        ["resolved", "open", "resolved"],
        ["pending", "open", "resolved"],
        ["closed", "open"],
        ["open", "resolved", "closed", "open"],
        ["pending", "closed"],
    ]
    for status in random.choice(lives):
        client.ask("move", "POST", f"{path}/transitions", json={"to": status}, headers=headers, reads=True)
    client.ask("ticket, moved", "GET", path, headers=headers, reads=True)
    client.ask("history", "GET", f"{path}/history", headers=headers, reads=True)
    if random.random() < 0.5:
        body = {"body": values.sentence(random)}
        client.ask("comment at the end", "POST", f"{path}/comments", json=body, headers=headers, reads=True)


def talking(client: Client, random: Random, headers: dict[str, str], made: list[str]) -> None:
    path = f"{TICKETS}/{random.choice(made)}"
    for _ in range(random.randint(2, 3)):
        asked: dict[str, object] = {"body": values.sentence(random)}
        if random.random() < 0.5:
            asked["internal"] = random.random() < 0.7
        client.ask("comment", "POST", f"{path}/comments", json=asked, headers=headers)
    client.ask("comments", "GET", f"{path}/comments", headers=headers, reads=True)
    if random.random() < 0.6:
        query = {"internal": random.choice(["true", "false"])}
        client.ask("comments of a kind", "GET", f"{path}/comments", query=query, headers=headers, reads=True)
    client.ask("ticket, commented", "GET", path, headers=headers, reads=True)


def tagging(client: Client, random: Random, headers: dict[str, str], _: list[str]) -> None:
    path = f"{TICKETS}/{create(client, random, headers)}"
    for tag in random.sample(TAGS, random.randint(1, 2)):
        client.ask("tag", "PUT", f"{path}/tags/{tag}", headers=headers, reads=True)
    client.ask("untag", "DELETE", f"{path}/tags/{random.choice(TAGS)}", headers=headers, reads=True)
    client.ask("ticket, tagged", "GET", path, headers=headers, reads=True)
    client.ask("tags", "GET", "/v2/tags", headers=headers, reads=True)


def editing(client: Client, random: Random, headers: dict[str, str], made: list[str]) -> None:
    path = f"{TICKETS}/{random.choice(made)}"
    asked: dict[str, object] = random.choice(
        [
            {"subject": values.title(random)},
            {"priority": "urgent"},
            {"priority": "low", "body": values.sentence(random)},
        ]
    )
    client.ask("edit", "PATCH", path, json=asked, headers=headers, reads=True)
    client.ask("ticket, edited", "GET", path, headers=headers, reads=True)
    client.ask("history of edits", "GET", f"{path}/history", headers=headers, reads=True)
    if random.random() < 0.5:
        client.ask("assign to nobody", "PUT", f"{path}/assignee", json={"agent_id": None}, headers=headers, reads=True)


def locking(client: Client, random: Random, _: dict[str, str], __: list[str]) -> None:
    asked = client.ask("ask for another code", "POST", "/v2/auth/codes", json={"email": random.choice(OTHERS)})
    path, code = f"/v2/auth/codes/{asked.take('data', 'challenge_id')}/verify", asked.take("data", "sandbox_code")
    for _again in range(random.randint(1, 3)):
        client.ask("wrong code", "POST", path, json={"code": f"{random.randint(0, 99999):05d}"}, reads=True)
    client.ask("right code", "POST", path, json={"code": code}, reads=True)


def ending(client: Client, random: Random, headers: dict[str, str], made: list[str]) -> None:
    path = f"{TICKETS}/{random.choice(made)}"
    client.ask("delete", "DELETE", path, headers=headers, reads=True)
    client.ask("ticket at the end", "GET", path, headers=headers, reads=True)
    query = {"status": "new"} if random.random() < 0.5 else None
    client.ask("tickets left", "GET", TICKETS, query=query, headers=headers, reads=True)
    if random.random() < 0.5:
        client.ask("sign out", "DELETE", "/v2/auth/token", headers=headers)
        client.ask("signed out", "GET", path, headers=headers, reads=True)


def mistakes(client: Client, random: Random, headers: dict[str, str], made: list[str]) -> None:
    path, nowhere = f"{TICKETS}/{made[0]}", f"{TICKETS}/{random.randint(5000, 99999)}"
    bad = {"subject": "", "priority": values.word(random)}
    long = {"subject": " ".join(random.choices(values.WORDS, k=20)), "requester": {"email": values.email(random)}}
    asked = {"email": values.email(random)}
    content = {**headers, "Content-Type": "application/json"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("bad token", "GET", TICKETS, headers={"Authorization": f"Bearer {values.slug(random)}"}),
        lambda: client.ask("no address", "POST", "/v2/auth/codes", json={}),
        lambda: client.ask("unknown agent", "POST", "/v2/auth/codes", json=asked),
        lambda: client.ask("no challenge", "POST", "/v2/auth/codes/0000/verify", json={"code": "1"}),
        lambda: client.ask("empty ticket", "POST", TICKETS, json={}, headers=headers),
        lambda: client.ask("bad ticket", "POST", TICKETS, json=bad, headers=headers),
        lambda: client.ask("long subject", "POST", TICKETS, json=long, headers=headers),
        lambda: client.ask("malformed", "POST", TICKETS, content=b'{"subject": ', headers=content),
        lambda: client.ask("edit badly", "PATCH", path, json={"priority": "max"}, headers=headers),
        lambda: client.ask("bad status", "GET", TICKETS, query={"status": values.word(random)}, headers=headers),
        lambda: client.ask("bad sort", "GET", TICKETS, query={"sort": "created"}, headers=headers),
        lambda: client.ask("no ticket", "GET", nowhere, headers=headers),
        lambda: client.ask("move no ticket", "POST", f"{nowhere}/transitions", json={"to": "open"}, headers=headers),
        lambda: client.ask("bad move", "POST", f"{path}/transitions", json={"to": "lost"}, headers=headers),
        lambda: client.ask("no move", "POST", f"{path}/transitions", json={}, headers=headers),
        lambda: client.ask("assign nobody", "PUT", f"{path}/assignee", json={"agent_id": 77}, headers=headers),
        lambda: client.ask("empty comment", "POST", f"{path}/comments", json={"body": ""}, headers=headers),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
