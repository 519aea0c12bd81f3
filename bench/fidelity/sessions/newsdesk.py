"""Sessions at a news desk: uploading, captioning under If-Match, publishing, exports, imports, the feed, mistakes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

SECRETS: Final = {"mara": "mara-desk-71", "joon": "joon-field-08", "ines": "ines-web-33"}
LABELS: Final = ("politics", "sport", "weather", "culture", "harbour")


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"}


@dataclass(frozen=True)
class Desk:
    """One of the staff with a connection."""

    client: Client
    name: str

    def ask(self, label: str, method: str, path: str, *, tag: str = "", **more: object) -> Answered:
        headers = basic(self.name, SECRETS[self.name]) | ({"If-Match": tag} if tag else {})
        reads = method in ("GET", "PATCH")
        return self.client.ask(label, method, path, headers=headers, reads=reads, **more)  # type: ignore[arg-type]

    def read(self, label: str, path: str, /, **query: object) -> Answered:
        return self.ask(label, "GET", path, query=query or None)


@dataclass(frozen=True)
class Scene:
    """Who is there, and the asset that it is about."""

    reporter: Desk
    editor: Desk
    random: Random
    path: str


def play(client: Client, random: Random) -> None:
    reporter = Desk(client, random.choice(["joon", "ines"]))
    editor = Desk(client.user(), "mara")
    paths = [upload(reporter, random) for _ in range(random.randint(2, 3))]
    kinds = [captioning, conflict, publishing, removing, exporting, exporting, importing, paging, listing, caching]
    for kind in random.sample(kinds, 5):
        kind(Scene(reporter, editor, random, random.choice(paths)))
    if random.random() < 0.5:
        upload(editor, random)
    scene = Scene(reporter, editor, random, paths[0])
    listing(scene)
    reporter.read("the feed", "/activity")
    mistakes(scene)


def file(random: Random) -> tuple[str, bytes, str]:
    text = f"{values.sentence(random)} {values.sentence(random)}"
    kind = random.choice(["text/plain", "text/markdown", "image/svg+xml", "image/png", "application/pdf"])
    endings = {"text/plain": "txt", "text/markdown": "md", "image/svg+xml": "svg"}
    name = f"{values.slug(random)}.{endings.get(kind, kind[-3:])}"
    if kind == "image/svg+xml":
        text = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{values.title(random)}</title></svg>'
    if kind in ("image/png", "application/pdf"):
        start = b"\x89PNG\r\n\x1a\n" if kind == "image/png" else b"%PDF-1.7\n"
        return name, start + random.randbytes(random.randint(40, 200)), kind
    return name, text.encode(), kind


def form(
    random: Random, upload: tuple[str, bytes, str] | None, **more: str
) -> list[tuple[str, tuple[str | None, bytes, str]]]:
    told = {"caption": values.title(random), **more}
    if random.random() < 0.5:
        told.setdefault("credit", values.name(random))
    parts: list = [(name, (None, text.encode(), "text/plain")) for name, text in told.items() if text]
    parts += [("label", (None, one.encode(), "text/plain")) for one in random.sample(LABELS, random.randint(0, 2))]
    return [*parts, *([("upload", upload)] if upload else [])]


def upload(desk: Desk, random: Random, label: str = "upload", **more: str) -> str:
    done = desk.ask(label, "POST", "/assets", files=form(random, file(random), **more))
    path = f"/assets/{done.take('id')}"
    if random.random() < 0.3:
        desk.read("the file uploaded", f"{path}/raw")
    return path


def tag_of(desk: Desk, path: str) -> str:
    done = desk.read("an asset", path)
    return done.header("etag") if done.status == 200 else '"none"'


def captioning(scene: Scene) -> None:
    tag = tag_of(scene.reporter, scene.path)
    changes: list[dict[str, object]] = [
        {"caption": values.title(scene.random)},
        {"credit": values.name(scene.random)},
        {"labels": scene.random.sample(LABELS, 2)},
        {"caption": values.title(scene.random), "credit": values.name(scene.random)},
    ]
    done = scene.reporter.ask("edit", "PATCH", scene.path, tag=tag, json=scene.random.choice(changes))
    if scene.random.random() < 0.5 and done.status == 200:
        scene.reporter.ask(
            "edit once more", "PATCH", scene.path, tag=done.header("etag"), json=scene.random.choice(changes)
        )
    scene.editor.read("the asset edited", scene.path)


def conflict(scene: Scene) -> None:
    tag = tag_of(scene.reporter, scene.path)
    scene.editor.ask("edit first", "PATCH", scene.path, tag=tag, json={"caption": values.title(scene.random)})
    scene.reporter.ask("edit too late", "PATCH", scene.path, tag=tag, json={"credit": values.name(scene.random)})
    if scene.random.random() < 0.5:
        scene.reporter.ask("edit without a tag", "PATCH", scene.path, json={"credit": values.name(scene.random)})
    if scene.random.random() < 0.4:
        scene.reporter.ask(
            "edit whatever it is", "PATCH", scene.path, tag="*", json={"credit": values.name(scene.random)}
        )
    scene.reporter.read("the asset after that", scene.path)


def publishing(scene: Scene) -> None:
    path = scene.path
    if scene.random.random() < 0.6:
        path = upload(scene.reporter, scene.random, "upload with a credit", credit=values.name(scene.random))
    tag = tag_of(scene.editor, path)
    if scene.random.random() < 0.4:
        scene.reporter.ask("publish as a reporter", "POST", f"{path}/publish", tag=tag)
    done = scene.editor.ask("publish", "POST", f"{path}/publish", tag=tag)
    if scene.random.random() < 0.4 and done.status == 200:
        scene.editor.ask("publish again", "POST", f"{path}/publish", tag=done.header("etag"))
    scene.reporter.read("published assets", "/assets", status="published")


def removing(scene: Scene) -> None:
    owner = scene.random.choice([scene.reporter, scene.editor])
    mine = upload(owner, scene.random, "upload to delete")
    tag = tag_of(owner, mine)
    if owner is scene.editor and scene.random.random() < 0.6:
        scene.reporter.ask("delete another's", "DELETE", mine, tag=tag)
    if scene.random.random() < 0.3:
        owner.ask("delete without a tag", "DELETE", mine)
    owner.ask("delete", "DELETE", mine, tag=tag)
    scene.reporter.read("the asset deleted", mine)
    if scene.random.random() < 0.4:
        scene.reporter.read("its file", f"{mine}/raw")


def exporting(scene: Scene) -> None:
    asked = {"format": scene.random.choice(["csv", "csv", "txt"])}
    if scene.random.random() < 0.3:
        asked["label"] = scene.random.choice(LABELS)
    task = scene.reporter.ask("export", "POST", "/exports", json=asked).header("location")
    early = scene.random.random()
    if early < 0.2:
        scene.reporter.ask("cancel the export", "DELETE", task)
        scene.reporter.read("the export cancelled", task)
        return
    if early < 0.5:
        scene.reporter.read("the result too early", f"{task}/result")
    if scene.random.random() < 0.3:
        scene.editor.read("another's export", task)
    for _ in range(6):
        done = scene.reporter.read("poll the export", task)
        if done.find("state") == "finished":
            break
    scene.reporter.read("the result", done.take("result"))
    if scene.random.random() < 0.3:
        scene.reporter.ask("cancel when finished", "DELETE", task)


def importing(scene: Scene) -> None:
    rows = [
        f"{values.title(scene.random)},{scene.random.choice([values.name(scene.random), ''])}"
        for _ in range(scene.random.randint(1, 3))
    ]
    if scene.random.random() < 0.4:
        rows.insert(scene.random.randint(0, len(rows)), f",{values.name(scene.random)}")
    content = "\n".join(["caption,credit", *rows, ""]).encode()
    headers = basic(scene.reporter.name, SECRETS[scene.reporter.name]) | {"Content-Type": "text/csv"}
    task = scene.reporter.client.ask("import", "POST", "/imports", content=content, headers=headers).take("poll")
    for _ in range(6):
        done = scene.reporter.read("poll the import", task)
        if done.find("state") == "finished":
            break
    made = done.find("summary", "assets", 0)
    if made:
        scene.reporter.read("an asset imported", f"/assets/{made}")
    if made and scene.random.random() < 0.3:
        scene.reporter.read("its file, which it has not", f"/assets/{made}/raw")
    scene.editor.read("assets imported", "/assets", label="imported")


def paging(scene: Scene) -> None:
    query: dict[str, object] = {"limit": scene.random.randint(1, 2)}
    if scene.random.random() < 0.3:
        query["actor"] = scene.random.choice(list(SECRETS))
    page = scene.editor.read("first page of the feed", "/activity", **query)
    for _ in range(scene.random.randint(1, 3)):
        cursor = page.find("paging", "next")
        if not cursor:
            break
        page = scene.editor.read("next page of the feed", "/activity", **query, cursor=cursor)


def listing(scene: Scene) -> None:
    queries: list[dict[str, object]] = [
        {},
        {"label": scene.random.choice(LABELS)},
        {"mime": scene.random.choice(["text/plain", "image/png"])},
        {"owner": scene.random.choice([scene.reporter.name, "mara"])},
        {"status": "draft"},
    ]
    for query in scene.random.sample(queries, scene.random.randint(1, 2)):
        scene.editor.read("assets", "/assets", **query)


def caching(scene: Scene) -> None:
    tag = tag_of(scene.reporter, scene.path)
    headers = basic(scene.reporter.name, SECRETS[scene.reporter.name]) | {"If-None-Match": tag}
    scene.reporter.client.ask("not modified", "GET", scene.path, headers=headers, reads=True)
    scene.reporter.read("the file", f"{scene.path}/raw")


def mistakes(scene: Scene) -> None:
    client, nowhere = scene.reporter.client, f"/assets/{scene.random.getrandbits(128):032x}"
    big = ("big.txt", scene.random.randbytes(1025).hex().encode(), "text/plain")
    wrong = basic(scene.reporter.name, values.password(scene.random))
    ways: list[Callable[[], object]] = [
        lambda: scene.reporter.ask("no file", "POST", "/assets", files=form(scene.random, None)),
        lambda: scene.reporter.ask(
            "no caption", "POST", "/assets", files=form(scene.random, file(scene.random), caption="")
        ),
        lambda: scene.reporter.ask(
            "a zip", "POST", "/assets", files=form(scene.random, ("a.zip", b"PK", "application/zip"))
        ),
        lambda: scene.reporter.ask("too large", "POST", "/assets", files=form(scene.random, big)),
        lambda: scene.reporter.ask("upload as JSON", "POST", "/assets", json={"caption": values.title(scene.random)}),
        lambda: scene.reporter.read("no such asset", nowhere),
        lambda: scene.editor.ask("edit what is not there", "PATCH", nowhere, tag="*", json={"caption": "x"}),
        lambda: scene.editor.ask("an empty caption", "PATCH", scene.path, tag="*", json={"caption": ""}),
        lambda: scene.editor.ask(
            "change the owner", "PATCH", scene.path, tag="*", json={"owner": values.login(scene.random)}
        ),
        lambda: scene.editor.ask("not JSON", "PATCH", scene.path, tag="*", content=b"caption: x"),
        lambda: scene.reporter.ask("an unknown format", "POST", "/exports", json={"format": values.word(scene.random)}),
        lambda: scene.reporter.ask("an import of no type", "POST", "/imports", content=b"caption,credit\n"),
        lambda: scene.reporter.read("a limit too large", "/activity", limit=scene.random.randint(21, 500)),
        lambda: scene.reporter.read("a bad cursor", "/activity", cursor=values.slug(scene.random)),
        lambda: scene.reporter.read("no such task", f"/tasks/task-{scene.random.getrandbits(48):012x}"),
        lambda: client.ask("nobody", "GET", "/assets", reads=True),
        lambda: client.ask("a wrong password", "GET", scene.path, headers=wrong, reads=True),
    ]
    for way in scene.random.sample(ways, scene.random.randint(3, 5)):
        way()
