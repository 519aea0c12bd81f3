"""Sessions of Jupyter's server: folders, texts and notebooks made, read, renamed, copied, kept and deleted."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from bench.fidelity import values
from bench.fidelity.client import Client
from bench.fidelity.upstreams.jupyter import TOKEN

AUTH = {"Authorization": f"token {TOKEN}"}
ROOT = "/api/contents"


def play(client: Client, random: Random) -> None:
    client.ask("version", "GET", "/api")
    client.ask("empty", "GET", ROOT, headers=AUTH, reads=True)
    folders = [folder(client, random) for _ in range(random.randint(1, 2))]
    texts = [text(client, random, random.choice(["", *folders])) for _ in range(random.randint(3, 5))]
    kinds = [reading, listing, changing, renaming, copying, keeping, notebook, nested, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(5, 7)]:
        kind(client, random, folders, texts)
    deleting(client, random, folders, texts)


def at(path: str) -> str:
    return f"{ROOT}/{path}"


def inside(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def folder(client: Client, random: Random) -> str:
    name = values.slug(random)
    client.ask("new folder", "PUT", at(name), json={"type": "directory"}, headers=AUTH)
    return name


def words(random: Random) -> str:
    return " ".join(values.word(random) for _ in range(random.randint(2, 6))) + "\n"


def text(client: Client, random: Random, where: str) -> str:
    path = inside(where, f"{values.word(random)}-{random.randint(1, 999)}.{random.choice(['txt', 'md', 'csv'])}")
    asked = {"type": "file", "format": "text", "content": words(random)}
    client.ask("new text", "PUT", at(path), json=asked, headers=AUTH)
    return path


def reading(client: Client, random: Random, _: list[str], texts: list[str]) -> None:
    path = random.choice(texts)
    client.ask("a text", "GET", at(path), headers=AUTH, reads=True)
    client.ask("a text without content", "GET", at(path), query={"content": 0}, headers=AUTH, reads=True)
    if random.random() < 0.5:
        client.ask("a text as base64", "GET", at(path), query={"format": "base64"}, headers=AUTH, reads=True)


def listing(client: Client, random: Random, folders: list[str], _: list[str]) -> None:
    client.ask("what is there", "GET", ROOT, headers=AUTH, reads=True)
    client.ask("what is in a folder", "GET", at(random.choice(folders)), headers=AUTH, reads=True)


def changing(client: Client, random: Random, _: list[str], texts: list[str]) -> None:
    path = random.choice(texts)
    asked = {"type": "file", "format": "text", "content": words(random)}
    client.ask("save", "PUT", at(path), json=asked, headers=AUTH, reads=True)
    client.ask("what was saved", "GET", at(path), headers=AUTH, reads=True)


def renaming(client: Client, random: Random, folders: list[str], texts: list[str]) -> None:
    old = texts.pop(random.randrange(len(texts)))
    new = inside(random.choice(["", *folders]), f"{values.slug(random)}.txt")
    client.ask("rename", "PATCH", at(old), json={"path": new}, headers=AUTH, reads=True)
    client.ask("the old name", "GET", at(old), headers=AUTH, reads=True)
    client.ask("the new name", "GET", at(new), headers=AUTH, reads=True)
    texts.append(new)


def copying(client: Client, random: Random, folders: list[str], texts: list[str]) -> None:
    asked = {"copy_from": random.choice(texts)}
    made = client.ask("copy", "POST", at(random.choice(folders)), json=asked, headers=AUTH, reads=True).take("path")
    client.ask("the copy", "GET", at(made), headers=AUTH, reads=True)
    texts.append(made)


def keeping(client: Client, random: Random, _: list[str], texts: list[str]) -> None:
    path = at(random.choice(texts))
    client.ask("no checkpoints", "GET", f"{path}/checkpoints", headers=AUTH, reads=True)
    kept = client.ask("checkpoint", "POST", f"{path}/checkpoints", headers=AUTH).take("id")
    client.ask("checkpoints", "GET", f"{path}/checkpoints", headers=AUTH, reads=True)
    asked = {"type": "file", "format": "text", "content": words(random)}
    client.ask("save over it", "PUT", path, json=asked, headers=AUTH)
    client.ask("go back", "POST", f"{path}/checkpoints/{kept}", headers=AUTH)
    client.ask("what it was", "GET", path, headers=AUTH, reads=True)
    if random.random() < 0.5:
        client.ask("drop the checkpoint", "DELETE", f"{path}/checkpoints/{kept}", headers=AUTH)


def notebook(client: Client, random: Random, folders: list[str], _: list[str]) -> None:
    made = client.ask("new notebook", "POST", at(random.choice(folders)), json={"type": "notebook"}, headers=AUTH)
    path = made.take("path")
    cell: dict[str, Any] = {"cell_type": "markdown", "metadata": {}, "source": words(random).strip()}
    content = {"cells": [cell], "metadata": {"author": values.word(random)}, "nbformat": 4, "nbformat_minor": 4}
    client.ask("save the notebook", "PUT", at(path), json={"type": "notebook", "content": content}, headers=AUTH)
    client.ask("the notebook", "GET", at(path), headers=AUTH, reads=True)


def nested(client: Client, random: Random, folders: list[str], texts: list[str]) -> None:
    path = inside(random.choice(folders), values.word(random))
    client.ask("folder in a folder", "PUT", at(path), json={"type": "directory"}, headers=AUTH)
    texts.append(text(client, random, path))
    client.ask("the inner folder", "GET", at(path), headers=AUTH, reads=True)
    client.ask("the text in it", "GET", at(texts[-1]), headers=AUTH, reads=True)


def mistakes(client: Client, random: Random, folders: list[str], texts: list[str]) -> None:
    missing = values.slug(random)
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no token", "GET", at(random.choice(texts))),
        lambda: client.ask("wrong token", "GET", ROOT, headers={"Authorization": f"token {values.word(random)}"}),
        lambda: client.ask("no such file", "GET", at(f"{missing}.txt"), headers=AUTH),
        lambda: client.ask("delete no such file", "DELETE", at(f"{missing}.txt"), headers=AUTH),
        lambda: client.ask("rename no such file", "PATCH", at(missing), json={"path": "other.txt"}, headers=AUTH),
        lambda: client.ask("no such folder", "PUT", at(f"{missing}/a.txt"), json=_text("x"), headers=AUTH),
        lambda: client.ask("no content", "PUT", at("b.txt"), json={"type": "file", "format": "text"}, headers=AUTH),
        lambda: client.ask("rename over another", "PATCH", at(texts[0]), json={"path": texts[-1]}, headers=AUTH),
        lambda: client.ask("no folder", "GET", at(texts[0]), query={"type": "directory"}, headers=AUTH),
        lambda: client.ask("no text", "GET", at(folders[0]), query={"type": "file"}, headers=AUTH),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()


def _text(content: str) -> dict[str, str]:
    return {"type": "file", "format": "text", "content": content}


def deleting(client: Client, random: Random, folders: list[str], texts: list[str]) -> None:
    for path in random.sample(texts, min(len(texts), random.randint(1, 2))):
        client.ask("delete", "DELETE", at(path), headers=AUTH)
        client.ask("the deleted text", "GET", at(path), headers=AUTH, reads=True)
        client.ask("delete it again", "DELETE", at(path), headers=AUTH)
    client.ask("what is left", "GET", ROOT, headers=AUTH, reads=True)
    if random.random() < 0.3:
        client.ask("delete a folder", "DELETE", at(random.choice(folders)), headers=AUTH)
