"""Sessions of softly deleted notes: written, listed, trashed, restored, purged, asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client

NOTES = "/api/v1/notes"


def play(client: Client, random: Random) -> None:
    made = [write(client, random) for _ in range(random.randint(3, 6))]
    kinds = [listing, editing, trashing, trashing, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, made)
    purging(client, random, made)


def write(client: Client, random: Random) -> str:
    asked: dict[str, object] = {"title": values.title(random)}
    if random.random() < 0.7:
        asked["content"] = values.sentence(random)
    if random.random() < 0.6:
        asked["color"] = random.choice(["yellow", "green", "blue"])
    if random.random() < 0.3:
        asked["pinned"] = True
    return client.ask("write", "POST", NOTES, json=asked).take("data", "id")


def listing(client: Client, random: Random, _: list[str]) -> None:
    client.ask("notes", "GET", NOTES, reads=True)
    page = client.ask("notes, first page", "GET", NOTES, query={"per_page": 2}, reads=True)
    client.ask("notes, next page", "GET", page.take("links", "next"), reads=True)
    color = random.choice(["yellow", "green", "blue"])
    client.ask("notes of a color", "GET", NOTES, query={"color": color, "per_page": 5}, reads=True)
    if random.random() < 0.5:
        client.ask("notes by a word", "GET", NOTES, query={"search": values.word(random)[:3]}, reads=True)


def editing(client: Client, random: Random, _: list[str]) -> None:
    path = f"{NOTES}/{write(client, random)}"
    client.ask("the note", "GET", path, reads=True)
    for _again in range(random.randint(1, 2)):
        asked: dict[str, object] = random.choice(
            [{"title": values.title(random)}, {"pinned": True}, {"color": "blue", "content": values.sentence(random)}]
        )
        client.ask("edit", "PATCH", path, json=asked, reads=True)
    client.ask("the note, edited", "GET", path, reads=True)


def trashing(client: Client, random: Random, _: list[str]) -> None:
    path = f"{NOTES}/{write(client, random)}"
    client.ask("delete", "DELETE", path, reads=True)
    client.ask("the note, deleted", "GET", path, reads=True)
    if random.random() < 0.5:
        client.ask("edit the deleted", "PATCH", path, json={"title": values.title(random)}, reads=True)
    client.ask("notes without it", "GET", NOTES, reads=True)
    client.ask("trash", "GET", f"{NOTES}/trash", reads=True)
    if random.random() < 0.4:
        client.ask("notes with the trash", "GET", NOTES, query={"with_trashed": 1}, reads=True)
    if random.random() < 0.7:
        client.ask("restore", "POST", f"{path}/restore", reads=True)
        client.ask("the note, restored", "GET", path, reads=True)
        if random.random() < 0.4:
            client.ask("restore again", "POST", f"{path}/restore", reads=True)
    else:
        client.ask("delete again", "DELETE", path, reads=True)


def mistakes(client: Client, random: Random, made: list[str]) -> None:
    nowhere = f"{NOTES}/{random.randint(5000, 99999)}"
    long = " ".join(random.choices(values.WORDS, k=16))
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no title", "POST", NOTES, json={"content": values.word(random)}),
        lambda: client.ask("long title", "POST", NOTES, json={"title": long}),
        lambda: client.ask("bad color", "POST", NOTES, json={"title": "x", "color": values.word(random)}),
        lambda: client.ask("two mistakes", "POST", NOTES, json={"title": "", "color": values.word(random)}),
        lambda: client.ask("edit badly", "PATCH", f"{NOTES}/{made[0]}", json={"title": ""}),
        lambda: client.ask("no such note", "GET", nowhere),
        lambda: client.ask("delete no note", "DELETE", nowhere),
        lambda: client.ask("restore no note", "POST", f"{nowhere}/restore"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def purging(client: Client, random: Random, made: list[str]) -> None:
    path = f"{NOTES}/{random.choice(made)}"
    client.ask("purge", "DELETE", path, query={"force": 1})
    client.ask("the note, purged", "GET", path, reads=True)
    client.ask("notes left", "GET", NOTES, query={"per_page": random.choice([3, 50])}, reads=True)
