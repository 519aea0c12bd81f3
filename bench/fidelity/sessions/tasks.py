"""Sessions of two users with tasks of their own: what each sees, what is shared, what each may not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from bench.fidelity import values
from bench.fidelity.client import Client


class User(NamedTuple):
    """A user: the client, the name and the header with the key."""

    client: Client
    name: str
    key: dict[str, str]


def play(client: Client, random: Random) -> None:
    ann, bob = sign_up(client, random), sign_up(client.user(), random)
    for _ in range(random.randint(2, 4)):
        add(ann, random)
    if random.random() < 0.7:
        add(bob, random)
    views(ann, bob)
    kinds = [working, sharing, sharing, intruding, ordering, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(2, 4)]:
        first, second = (ann, bob) if random.random() < 0.6 else (bob, ann)
        kind(first, second, random)


def sign_up(client: Client, random: Random) -> User:
    name = values.login(random)
    asked = {"username": name}
    if random.random() < 0.6:
        asked["display_name"] = values.name(random)
    key = client.ask("sign up", "POST", "/users", json=asked).take("api_key")
    return User(client, name, {"X-Api-Key": key})


def add(user: User, random: Random) -> str:
    asked: dict[str, object] = {"title": values.title(random)}
    if random.random() < 0.6:
        asked["priority"] = random.randint(1, 5)
    if random.random() < 0.3:
        asked["due"] = f"2027-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
    return user.client.ask("add", "POST", "/tasks", json=asked, headers=user.key).take("task", "id")


def views(ann: User, bob: User) -> None:
    ann.client.ask("tasks", "GET", "/tasks", headers=ann.key, reads=True)
    bob.client.ask("tasks of the other", "GET", "/tasks", headers=bob.key, reads=True)
    bob.client.ask("summary of the other", "GET", "/me", headers=bob.key, reads=True)


def working(user: User, _: User, random: Random) -> None:
    path = f"/tasks/{add(user, random)}"
    for state in random.choice([["doing", "done"], ["done", "todo"], ["done", "doing"], ["doing", "todo", "done"]]):
        user.client.ask(f"to {state}", "PATCH", path, json={"state": state}, headers=user.key, reads=True)
    user.client.ask("the task", "GET", path, headers=user.key, reads=True)
    query = {"state": random.choice(["todo", "doing", "done"])}
    user.client.ask("tasks in a state", "GET", "/tasks", query=query, headers=user.key, reads=True)
    user.client.ask("summary", "GET", "/me", headers=user.key, reads=True)


def sharing(user: User, other: User, random: Random) -> None:
    path = f"/tasks/{add(user, random)}"
    other.client.ask("not shared yet", "GET", path, headers=other.key, reads=True)
    user.client.ask("share", "PUT", f"{path}/shares/{other.name}", headers=user.key)
    other.client.ask("shared", "GET", path, headers=other.key, reads=True)
    asked = {"title": values.title(random)}
    other.client.ask("change what is shared", "PATCH", path, json=asked, headers=other.key, reads=True)
    other.client.ask("tasks with the shared", "GET", "/tasks", headers=other.key, reads=True)
    if random.random() < 0.6:
        user.client.ask("unshare", "DELETE", f"{path}/shares/{other.name}", headers=user.key)
        other.client.ask("no longer shared", "GET", path, headers=other.key, reads=True)


def intruding(user: User, other: User, random: Random) -> None:
    path = f"/tasks/{add(user, random)}"
    other.client.ask("read another's", "GET", path, headers=other.key, reads=True)
    other.client.ask("delete another's", "DELETE", path, headers=other.key, reads=True)
    user.client.ask("delete one's own", "DELETE", path, headers=user.key)
    user.client.ask("the task, deleted", "GET", path, headers=user.key, reads=True)
    user.client.ask("tasks left", "GET", "/tasks", headers=user.key, reads=True)


def ordering(user: User, _: User, random: Random) -> None:
    add(user, random)
    add(user, random)
    user.client.ask("tasks by priority", "GET", "/tasks", query={"order": "priority"}, headers=user.key, reads=True)
    user.client.ask("my own tasks", "GET", "/tasks", query={"mine": "true"}, headers=user.key, reads=True)


def mistakes(user: User, _: User, random: Random) -> None:
    client, key = user.client, user.key
    nowhere = f"/tasks/{values.word(random)}{random.randint(10, 99)}"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no key", "GET", "/tasks"),
        lambda: client.ask("unknown key", "GET", "/tasks", headers={"X-Api-Key": values.password(random)}),
        lambda: client.ask("no title", "POST", "/tasks", json={"priority": 2}, headers=key),
        lambda: client.ask("no such task", "GET", nowhere, headers=key),
        lambda: client.ask("change no task", "PATCH", nowhere, json={"state": "done"}, headers=key),
        lambda: client.ask("name taken", "POST", "/users", json={"username": user.name}),
        lambda: client.ask("bad name", "POST", "/users", json={"username": values.slug(random)}),
        lambda: client.ask(
            "share with nobody", "PUT", f"/tasks/{add(user, random)}/shares/{values.login(random)}", headers=key
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()
