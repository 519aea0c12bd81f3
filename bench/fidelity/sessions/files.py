"""Sessions of files: uploaded with titles and tags, downloaded, renamed, deleted, refused."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


def play(client: Client, random: Random) -> None:
    made = [upload(client, random).take("id") for _ in range(random.randint(2, 4))]
    kinds = [reading, reading, describing, listing, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, made)
    deleting(client, random, made)


def some_file(random: Random) -> tuple[str, bytes, str]:
    name = values.slug(random)
    kind = random.choice(["txt", "csv", "json", "png"])
    if kind == "png":
        return f"{name}.png", b"\x89PNG\r\n\x1a\n" + random.randbytes(random.randint(40, 90)), "image/png"
    if kind == "csv":
        rows = "\n".join(f"{values.word(random)},{random.randint(1, 99)}" for _ in range(random.randint(1, 5)))
        return f"{name}.csv", f"word,count\n{rows}\n".encode(), "text/csv"
    if kind == "json":
        return f"{name}.json", f'{{"word": "{values.word(random)}"}}'.encode(), "application/json"
    return f"{name}.txt", values.sentence(random).encode(), "text/plain"


def upload(client: Client, random: Random, label: str = "upload") -> Answered:
    parts = [("file", some_file(random))]
    if random.random() < 0.6:
        parts.append(("title", ("", values.title(random).encode(), "text/plain")))
    if random.random() < 0.5:
        parts.append(("tags", ("", ", ".join(random.sample(values.WORDS[:8], 2)).encode(), "text/plain")))
    return client.ask(label, "POST", "/files", files=parts)


def reading(client: Client, random: Random, _: list[str]) -> None:
    made = upload(client, random)
    client.ask("described", "GET", f"/files/{made.take('id')}", reads=True)
    link = made.take("download")
    tag = client.ask("download", "GET", link, reads=True).header("etag")
    if random.random() < 0.5:
        client.ask("download again", "GET", link, headers={"If-None-Match": tag}, reads=True)
    if random.random() < 0.4:
        client.ask("head of the download", "HEAD", link, reads=True)


def describing(client: Client, random: Random, made: list[str]) -> None:
    path = f"/files/{random.choice(made)}"
    client.ask("retitle", "PATCH", path, json={"title": values.title(random)}, reads=True)
    if random.random() < 0.5:
        client.ask("tag", "PATCH", path, json={"tags": random.sample(values.WORDS[:8], 2)}, reads=True)
    client.ask("described anew", "GET", path, reads=True)


def listing(client: Client, random: Random, _: list[str]) -> None:
    client.ask("files", "GET", "/files", reads=True)
    client.ask("files with a tag", "GET", "/files", query={"tag": random.choice(values.WORDS[:8])}, reads=True)
    upload(client, random)
    client.ask("files, one more", "GET", "/files", reads=True)


def mistakes(client: Client, random: Random, _: list[str]) -> None:
    big = ("file", ("big.txt", b"x" * random.randint(4097, 6000), "text/plain"))
    odd = ("file", (f"{values.word(random)}.pdf", b"%PDF-1.7", "application/pdf"))
    ways: list[Callable[[], object]] = [
        lambda: client.ask("upload json", "POST", "/files", json={"file": values.word(random)}),
        lambda: client.ask("upload form", "POST", "/files", form={"file": values.word(random)}),
        lambda: client.ask("no file", "POST", "/files", files=[("title", ("", b"x", "text/plain"))]),
        lambda: client.ask("too large", "POST", "/files", files=[big]),
        lambda: client.ask("refused type", "POST", "/files", files=[odd]),
        lambda: client.ask("no such file", "GET", f"/files/{random.getrandbits(128):032x}"),
        lambda: client.ask("download nothing", "GET", f"/files/{values.slug(random)}/content"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def deleting(client: Client, random: Random, made: list[str]) -> None:
    gone = random.choice(made)
    client.ask("delete", "DELETE", f"/files/{gone}")
    client.ask("described, deleted", "GET", f"/files/{gone}", reads=True)
    client.ask("download, deleted", "GET", f"/files/{gone}/content", reads=True)
    client.ask("files left", "GET", "/files", reads=True)
    if random.random() < 0.4:
        client.ask("delete again", "DELETE", f"/files/{gone}", reads=True)
