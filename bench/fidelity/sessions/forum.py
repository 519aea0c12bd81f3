"""Sessions of a forum: two members who open topics, answer, like, edit, lock and delete, and read notifications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

MEDIA: Final = "application/vnd.api+json"
BOARDS: Final = ("general", "help", "showcase")


@dataclass(frozen=True)
class Member:
    """A member who signed in, and the caller that it uses."""

    client: Client
    number: str
    headers: dict[str, str]

    def ask(self, label: str, method: str, path: str, *, json: object = None, **query: object) -> Answered:
        """Ask as this member."""
        headers = self.headers if json is None else {**self.headers, "Content-Type": MEDIA}
        return self.client.ask(label, method, path, json=json, query=named(query), headers=headers)

    def read(self, label: str, path: str, **query: object) -> Answered:
        """Look at what was written before."""
        return self.client.ask(label, "GET", path, query=named(query), headers=self.headers, reads=True)


def play(client: Client, random: Random) -> None:
    if random.random() < 0.5:
        client.ask("boards", "GET", "/api/boards", headers={"Accept": MEDIA}, reads=True)
    ann, bob = join(client, random), join(client.user(), random)
    kinds = [answering, answering, liking, editing, locking, deleting, browsing]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(2, 3)]:
        author, other = random.sample([ann, bob], 2)
        kind(author, other, random)
    mistakes(ann, bob, random)
    if random.random() < 0.4:
        leaving(bob)


def named(query: dict[str, object]) -> dict[str, object] | None:
    """Give the parameters by the names that the forum knows: `filter_read` is `filter[read]`."""
    return {name.replace("_", "[") + "]" if "_" in name else name: value for name, value in query.items()} or None


def document(kind: str, number: str | None = None, **attributes: object) -> dict[str, object]:
    own = {"id": number} if number else {}
    return {"data": {"type": kind, **own, "attributes": attributes}}


def join(client: Client, random: Random) -> Member:
    guest = Member(client, "", {"Accept": MEDIA})
    name, password = values.login(random), values.password(random)
    bio = {"bio": values.sentence(random)} if random.random() < 0.4 else {}
    asked = document("users", username=name, email=values.email(random), password=password, **bio)
    number = guest.ask("register", "POST", "/api/users", json=asked).take("data", "id")
    asked = document("sessions", username=name, password=password)
    token = guest.ask("sign in", "POST", "/api/sessions", json=asked).take("data", "attributes", "token")
    return Member(client, number, {"Accept": MEDIA, "Authorization": f"Bearer {token}"})


def open_topic(author: Member, random: Random, board: str) -> str:
    asked: dict[str, Any] = {"title": values.title(random), "body": values.sentence(random)}
    if random.random() < 0.6:
        asked["tags"] = random.sample(values.WORDS, random.randint(1, 2))
    path = f"/api/boards/{board}/topics"
    return author.ask("open a topic", "POST", path, json=document("topics", **asked)).take("data", "id")


def write(writer: Member, random: Random, topic: str, label: str = "post") -> Answered:
    return writer.ask(label, "POST", f"/api/topics/{topic}/posts", json=document("posts", body=values.sentence(random)))


def answering(author: Member, other: Member, random: Random) -> None:
    topic = open_topic(author, random, random.choice(BOARDS))
    for _ in range(random.randint(1, 3)):
        write(other, random, topic)
    if random.random() < 0.5:
        write(author, random, topic)
    author.read("the topic", f"/api/topics/{topic}")
    include = {"include": "author"} if random.random() < 0.6 else {}
    other.read("posts of a topic", f"/api/topics/{topic}/posts", sort="-created", **include)
    notes = author.read("unread notifications", "/api/notifications", filter_read="false")
    note = notes.take("data", 0, "id")
    asked = document("notifications", note, read=True)
    author.ask("read a notification", "PATCH", f"/api/notifications/{note}", json=asked)
    author.read("notifications", "/api/notifications", sort="-created")


def liking(author: Member, other: Member, random: Random) -> None:
    topic = open_topic(author, random, random.choice(BOARDS))
    post = write(author, random, topic).take("data", "id")
    path = f"/api/posts/{post}/relationships/likes"
    other.ask("like", "POST", path)
    if random.random() < 0.6:
        other.ask("like twice", "POST", path)
    if random.random() < 0.4:
        author.ask("like one's own post", "POST", path)
    other.read("the post, liked", f"/api/posts/{post}")
    author.read("the post, seen by its author", f"/api/posts/{post}", include="author")
    if random.random() < 0.6:
        other.ask("take a like back", "DELETE", path)
        other.read("likes of a post", path)
        if random.random() < 0.5:
            other.ask("take back no like", "DELETE", path)
    author.read("a member", f"/api/users/{author.number}")


def editing(author: Member, other: Member, random: Random) -> None:
    topic = open_topic(author, random, random.choice(BOARDS))
    post = write(author, random, topic).take("data", "id")
    path, asked = f"/api/posts/{post}", document("posts", post, body=values.sentence(random))
    if random.random() < 0.6:
        other.ask("edit another's post", "PATCH", path, json=asked)
    author.ask("edit a post", "PATCH", path, json=asked)
    other.read("the post, edited", path)
    title = document("topics", topic, title=values.title(random), tags=[values.word(random)])
    author.ask("edit a topic", "PATCH", f"/api/topics/{topic}", json=title)
    author.read("the topic, edited", f"/api/topics/{topic}", include="author")
    if random.random() < 0.5:
        bio = document("users", other.number, bio=values.sentence(random))
        other.ask("edit one's profile", "PATCH", f"/api/users/{other.number}", json=bio)
        author.read("a member", f"/api/users/{other.number}")


def locking(author: Member, other: Member, random: Random) -> None:
    topic = open_topic(author, random, random.choice(BOARDS))
    path = f"/api/topics/{topic}"
    write(other, random, topic)
    if random.random() < 0.5:
        other.ask("lock another's topic", "PATCH", path, json=document("topics", topic, locked=True))
    author.ask("lock a topic", "PATCH", path, json=document("topics", topic, locked=True))
    write(other, random, topic, "post in a locked topic")
    other.read("the topic, locked", path)
    if random.random() < 0.6:
        author.ask("unlock a topic", "PATCH", path, json=document("topics", topic, locked=False))
        write(other, random, topic, "post in an unlocked topic")
        other.read("posts of a topic", f"{path}/posts")


def deleting(author: Member, other: Member, random: Random) -> None:
    board = random.choice(BOARDS)
    topic = open_topic(author, random, board)
    post = write(other, random, topic).take("data", "id")
    if random.random() < 0.5:
        other.ask("delete a post", "DELETE", f"/api/posts/{post}")
        author.read("the topic", f"/api/topics/{topic}")
    if random.random() < 0.5:
        other.ask("delete another's topic", "DELETE", f"/api/topics/{topic}")
    author.ask("delete a topic", "DELETE", f"/api/topics/{topic}")
    author.read("the topic, deleted", f"/api/topics/{topic}")
    if random.random() < 0.5:
        write(other, random, topic, "post in a deleted topic")
    other.read("the post of a deleted topic", f"/api/posts/{post}")
    other.read("topics of a board", f"/api/boards/{board}/topics", sort="-created")


def browsing(author: Member, other: Member, random: Random) -> None:
    board = random.choice(BOARDS)
    for writer in random.choices([author, other], k=random.randint(2, 4)):
        open_topic(writer, random, board)
    sort, path = random.choice(["-created", "title", "-title"]), f"/api/boards/{board}/topics"
    page = author.client.ask(
        "topics, a page",
        "GET",
        path,
        query={"sort": sort, "page[size]": random.randint(1, 2), "include": "author"},
        headers=author.headers,
        reads=True,
    )
    if page.find("links", "next"):
        author.read("topics, the next page", page.take("links", "next"))
    other.read("topics of an author", "/api/topics", filter_author=author.number, sort=sort)
    other.read("the board", f"/api/boards/{board}")


def mistakes(ann: Member, bob: Member, random: Random) -> None:
    guest = Member(bob.client, "", {"Accept": MEDIA})
    board = f"/api/boards/{random.choice(BOARDS)}/topics"
    topic = document("topics", title=values.title(random), body=values.sentence(random))
    name, token = values.login(random), {"Authorization": f"Bearer {values.password(random)}"}
    account = document("users", username=name, email=values.email(random), password=values.password(random))
    ways: list[Callable[[], object]] = [
        lambda: guest.ask("open a topic as a guest", "POST", board, json=topic),
        lambda: Member(bob.client, "", token).ask("a wrong token", "GET", "/api/notifications"),
        lambda: ann.ask("a topic without a body", "POST", board, json=document("topics", title=values.title(random))),
        lambda: ann.ask("an empty topic", "POST", board, json=document("topics", title="")),
        lambda: ann.ask("a wrong type", "POST", board, json=document(values.word(random), title="A", body="B")),
        lambda: ann.ask("no such topic", "GET", f"/api/topics/{random.randint(10**6, 10**8)}"),
        lambda: ann.ask("no such board", "GET", f"/api/boards/{values.slug(random)}"),
        lambda: bob.ask("a board of the team", "POST", "/api/boards/announcements/topics", json=topic),
        lambda: bob.ask("a bad order", "GET", board, sort=values.word(random)),
        lambda: bob.ask("a bad include", "GET", board, include=values.word(random)),
        lambda: bob.ask("another's profile", "PATCH", f"/api/users/{ann.number}", json=document("users", ann.number)),
        lambda: taken(guest, account, random),
        lambda: guest.ask(
            "a wrong password", "POST", "/api/sessions", json=document("sessions", username=name, password="x")
        ),
        lambda: ann.client.ask("plain JSON", "POST", board, json=topic, headers=ann.headers),
        lambda: ann.client.ask(
            "malformed", "POST", board, content=b'{"data": {', headers={**ann.headers, "Content-Type": MEDIA}
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def taken(guest: Member, account: dict[str, object], random: Random) -> None:
    guest.ask("register", "POST", "/api/users", json=account)
    guest.ask("a taken username", "POST", "/api/users", json=account)
    short = document("users", username=values.login(random), email=values.email(random), password="short")
    guest.ask("a short password", "POST", "/api/users", json=short)


def leaving(member: Member) -> None:
    member.ask("sign out", "DELETE", "/api/sessions/current")
    member.read("notifications when signed out", "/api/notifications")
