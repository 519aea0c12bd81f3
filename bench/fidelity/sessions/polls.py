"""Sessions of polls: drafted, changed, opened, voted in, counted, closed and reopened, and asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client


def play(client: Client, random: Random) -> None:
    owner = {"X-User": values.login(random)}
    made = [draft(client, random, owner) for _ in range(random.randint(1, 3))]
    change(client, random, owner, made[0])
    ways = [lambda: voting(client, random, owner, made[0]), lambda: mistakes(client, random, owner, made[-1])]
    ways += [
        lambda: overview(client, random, owner),
        lambda: voting(client, random, owner, draft(client, random, owner)),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 4)]:
        way()
    if random.random() < 0.3:
        too_many(client, random, owner)
    if random.random() < 0.5:
        client.ask("delete", "DELETE", f"/polls/{made[-1]}", headers=owner)
        client.ask("the poll, deleted", "GET", f"/polls/{made[-1]}", reads=True)
    overview(client, random, owner)


def draft(client: Client, random: Random, owner: dict[str, str]) -> str:
    asked: dict[str, object] = {"question": values.title(random) + "?"}
    asked["options"] = random.sample(values.WORDS, random.randint(2, 4))
    if random.random() < 0.4:
        asked["multiple"] = True
    return client.ask("draft", "POST", "/polls", json=asked, headers=owner).take("poll", "slug")


def change(client: Client, random: Random, owner: dict[str, str], slug: str) -> None:
    asked: dict[str, object] = random.choice(
        [{"question": values.title(random)}, {"options": random.sample(values.WORDS, 3)}, {"multiple": True}]
    )
    client.ask("change the draft", "PATCH", f"/polls/{slug}", json=asked, headers=owner, reads=True)
    client.ask("the draft", "GET", f"/polls/{slug}", reads=True)


def voting(client: Client, random: Random, owner: dict[str, str], slug: str) -> None:
    path, voters = f"/polls/{slug}", [values.login(random) for _ in range(random.randint(2, 5))]
    if random.random() < 0.4:
        client.ask("vote in a draft", "PUT", f"{path}/votes/{voters[0]}", json={"choices": [1]})
    client.ask("open", "POST", f"{path}/open", headers=owner)
    for voter in voters:
        client.ask("vote", "PUT", f"{path}/votes/{voter}", json={"choices": [random.randint(1, 2)]})
    client.ask("results", "GET", f"{path}/results", reads=True)
    if random.random() < 0.6:
        client.ask("vote otherwise", "PUT", f"{path}/votes/{voters[0]}", json={"choices": [random.randint(1, 3)]})
        client.ask("the vote", "GET", f"{path}/votes/{voters[0]}", reads=True)
    if random.random() < 0.4:
        client.ask("vote for two", "PUT", f"{path}/votes/{voters[1]}", json={"choices": [1, 2]})
        client.ask("results again", "GET", f"{path}/results", reads=True)
    if random.random() < 0.5:
        client.ask("take the vote back", "DELETE", f"{path}/votes/{voters[1]}")
        client.ask("no vote any more", "GET", f"{path}/votes/{voters[1]}", reads=True)
    client.ask("close", "POST", f"{path}/close", headers=owner)
    if random.random() < 0.5:
        client.ask("vote too late", "PUT", f"{path}/votes/{values.login(random)}", json={"choices": [1]})
    client.ask("results at last", "GET", f"{path}/results", reads=True)
    if random.random() < 0.3:
        client.ask("reopen", "POST", f"{path}/reopen", headers=owner)
    client.ask("the poll", "GET", path, reads=True)


def overview(client: Client, random: Random, owner: dict[str, str]) -> None:
    client.ask("polls", "GET", "/polls", reads=True)
    if random.random() < 0.5:
        status = random.choice(["draft", "open", "closed"])
        client.ask("polls by status", "GET", "/polls", query={"status": status}, reads=True)
    if random.random() < 0.4:
        client.ask("polls, paged", "GET", "/polls", query={"limit": 1, "offset": random.randint(0, 1)}, reads=True)
    if random.random() < 0.3:
        client.ask("polls of one", "GET", "/polls", query={"owner": owner["X-User"]}, reads=True)


def too_many(client: Client, random: Random, owner: dict[str, str]) -> None:
    for _ in range(6):
        asked = {"question": values.title(random), "options": ["yes", "no"]}
        if client.ask("draft yet another", "POST", "/polls", json=asked, headers=owner).status == 429:
            break


def mistakes(client: Client, random: Random, owner: dict[str, str], slug: str) -> None:
    path, other, two = f"/polls/{slug}", {"X-User": values.login(random)}, ["yes", "no"]
    long = " ".join(random.choices(values.WORDS, k=16))
    json = {"Content-Type": "application/json", **owner}

    def post(label: str, asked: object, headers: dict[str, str]) -> None:
        client.ask(label, "POST", "/polls", json=asked, headers=headers)

    ways: list[Callable[[], object]] = [
        lambda: post("nobody drafts", {"question": "Who?", "options": two}, {}),
        lambda: post("no question", {"options": two}, owner),
        lambda: post("long question", {"question": long, "options": two}, owner),
        lambda: post("one option", {"question": values.title(random), "options": two[:1]}, owner),
        lambda: post("options repeat", {"question": values.title(random), "options": ["a", "a"]}, owner),
        lambda: client.ask("malformed", "POST", "/polls", content=b"{", headers=json),
        lambda: client.ask("change another's", "PATCH", path, json={"multiple": True}, headers=other),
        lambda: client.ask("open another's", "POST", f"{path}/open", headers=other),
        lambda: client.ask("close a draft", "POST", f"{path}/close", headers=owner),
        lambda: client.ask("results of a draft", "GET", f"{path}/results"),
        lambda: client.ask("no poll", "GET", f"/polls/{values.slug(random)}"),
        lambda: client.ask("results of no poll", "GET", f"/polls/{values.slug(random)}/results"),
        lambda: client.ask("change badly", "PATCH", path, json={"options": two[:1]}, headers=owner),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
