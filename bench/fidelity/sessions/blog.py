"""Sessions of a blog: people sign up, write, publish, like, comment, follow each other, and get things wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

TAGS = ("travel", "food", "music", "code", "garden", "howto")


@dataclass(frozen=True)
class Writer:
    """One who signed in."""

    client: Client
    account: dict[str, str]
    token: str

    def ask(self, label: str, method: str, path: str, json: object = None, /, **query: object) -> Answered:
        """Ask with the writer's token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        path = f"/api{path}"
        return self.client.ask(label, method, path, json=json, query=query or None, headers=headers, reads=True)


def play(client: Client, random: Random) -> None:
    one = join(client, random)
    two = join(client.user(), random)
    posts = [write(one, random, publish=True), write(two, random, publish=True)]
    kinds: list[Callable[[Writer, Writer, list[str], Random], None]] = [
        drafting, editing, liking, liking, commenting, commenting, following, browsing, searching, removing, describing
    ]  # fmt: skip
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(*random.sample([one, two], 2), posts, random)
    mistakes(client, one, two, posts, random)
    one.ask("the latest posts", "GET", "/posts", per_page=random.choice([5, 10, 20]))


def join(client: Client, random: Random) -> Writer:
    account = {"username": values.login(random), "email": values.email(random), "password": values.password(random)}
    client.ask("sign up", "POST", "/api/users", json=account)
    asked = {"email": account["email"], "password": account["password"]}
    if random.random() < 0.3:
        wrong = {**asked, "password": values.password(random)}
        client.ask("sign in with a wrong password", "POST", "/api/sessions", json=wrong)
    token = client.ask("sign in", "POST", "/api/sessions", json=asked).take("token")
    return Writer(client, account, token)


def write(writer: Writer, random: Random, *, publish: bool) -> str:
    """Write a post and give its path."""
    asked: dict[str, object] = {"title": values.title(random), "body": values.sentence(random)}
    if random.random() < 0.7:
        asked["tags"] = random.sample(TAGS, random.randint(1, 2))
    if publish:
        asked["publish"] = True
    return "/posts/" + writer.ask("publish a post" if publish else "draft", "POST", "/posts", asked).take("slug")


def drafting(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    path = write(writer, random, publish=False)
    other.ask("another's draft", "GET", path)
    if random.random() < 0.6:
        writer.ask("my drafts", "GET", "/me/drafts")
    writer.ask("publish", "POST", f"{path}/publish")
    if random.random() < 0.4:
        writer.ask("publish again", "POST", f"{path}/publish")
    other.ask("the published post", "GET", path)
    if random.random() < 0.5:
        writer.ask("drafts left", "GET", "/me/drafts")
    posts.append(path)


def editing(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    path = write(writer, random, publish=True)
    read = writer.ask("read before the edit", "GET", path)
    version = int(read.take("lock_version"))
    writer.ask("edit", "PATCH", path, {"title": values.title(random), "lock_version": version})
    if random.random() < 0.6:
        stale = {"body": values.sentence(random), "lock_version": version}
        writer.ask("edit with a stale version", "PATCH", path, stale)
    if random.random() < 0.5:
        writer.ask("edit the tags", "PATCH", path, {"tags": random.sample(TAGS, 2)})
    if random.random() < 0.5:
        other.ask("edit another's", "PATCH", path, {"body": values.sentence(random)})
    other.ask("read after the edit", "GET", path)
    posts.append(path)


def liking(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    path = random.choice(posts)
    people = random.choices([writer, other], k=random.randint(2, 4))
    for one in people:
        one.ask("like or not", "POST", f"{path}/like")
    for one in random.sample([writer, other], random.randint(1, 2)):
        one.ask("read what was liked", "GET", path)


def commenting(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    path = random.choice(posts)
    numbers = []
    for one in random.choices([writer, other], k=random.randint(2, 3)):
        made = one.ask("comment", "POST", f"{path}/comments", {"body": values.sentence(random)})
        numbers.append((one, made.take("id")))
    writer.ask("comments", "GET", f"{path}/comments")
    one, number = random.choice(numbers)
    if random.random() < 0.6:
        one.ask("delete a comment", "DELETE", f"/comments/{number}")
        other.ask("comments left", "GET", f"{path}/comments")
    other.ask("the post with comments", "GET", path)


def following(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    name = other.account["username"]
    writer.ask("feed before", "GET", "/feed")
    writer.ask("follow", "POST", f"/users/{name}/follow")
    writer.ask("feed", "GET", "/feed", page=1, per_page=random.randint(1, 3))
    if random.random() < 0.5:
        posts.append(write(other, random, publish=True))
        writer.ask("feed with the new post", "GET", "/feed", per_page=2)
    if random.random() < 0.5:
        writer.ask("follow the editor", "POST", "/users/editor/follow")
        writer.ask("feed of two", "GET", "/feed", page=random.randint(1, 2), per_page=2)
    if random.random() < 0.4:
        writer.ask("unfollow", "DELETE", f"/users/{name}/follow")
    other.ask("my profile", "GET", f"/users/{name}")


def browsing(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    posts.append(write(writer, random, publish=True))
    size = random.randint(1, 3)
    other.ask("first page", "GET", "/posts", page=1, per_page=size)
    other.ask("second page", "GET", "/posts", page=2, per_page=size)
    if random.random() < 0.5:
        other.ask("posts of an author", "GET", "/posts", author=writer.account["username"])
    if random.random() < 0.5:
        other.ask("posts with a tag", "GET", "/posts", tag=random.choice(TAGS))
    if random.random() < 0.5:
        writer.ask("tags", "GET", "/tags")


def searching(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:
    word = values.word(random)
    asked = {"title": f"{values.title(random)} {word}", "body": values.sentence(random), "publish": True}
    posts.append("/posts/" + writer.ask("a post to find", "POST", "/posts", asked).take("slug"))
    other.ask("search", "GET", "/search", q=random.choice([word, word.upper(), word[:4]]))
    if random.random() < 0.5:
        other.ask("search in vain", "GET", "/search", q=f"{word}{random.randint(100, 999)}")


def removing(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:  # noqa: ARG001
    path = write(writer, random, publish=random.random() < 0.8)
    if random.random() < 0.5:
        other.ask("delete another's", "DELETE", path)
    writer.ask("delete", "DELETE", path)
    other.ask("read the deleted", "GET", path)
    other.ask("posts left", "GET", "/posts", author=writer.account["username"])


def describing(writer: Writer, other: Writer, posts: list[str], random: Random) -> None:  # noqa: ARG001
    writer.ask("describe myself", "PATCH", "/me", {"bio": values.sentence(random)[: random.choice([40, 120])]})
    writer.ask("me", "GET", "/me")
    other.ask("another's profile", "GET", f"/users/{writer.account['username']}")


def mistakes(client: Client, one: Writer, two: Writer, posts: list[str], random: Random) -> None:
    fresh = {"username": values.login(random), "email": values.email(random), "password": values.password(random)}
    named = {"title": values.title(random), "body": values.sentence(random)}
    wrong = {"Authorization": "Bearer " + one.token[:-6] + "AAAAAA"}
    nobody = {"email": values.email(random), "password": fresh["password"]}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("sign up twice", "POST", "/api/users", json=one.account),
        lambda: client.ask("an email taken", "POST", "/api/users", json={**fresh, "email": two.account["email"]}),
        lambda: client.ask("a short password", "POST", "/api/users", json={**fresh, "password": "short"}),
        lambda: client.ask("no email", "POST", "/api/users", json={**fresh, "email": ""}),
        lambda: client.ask("sign in as nobody", "POST", "/api/sessions", json=nobody),
        lambda: one.ask("no title", "POST", "/posts", {"body": values.sentence(random)}),
        lambda: one.ask("neither title nor body", "POST", "/posts", {"tags": ["food"]}),
        lambda: two.ask("no such post", "GET", f"/posts/{values.slug(random)}"),
        lambda: two.ask("like no such post", "POST", f"/posts/{values.slug(random)}/like"),
        lambda: two.ask("an empty comment", "POST", f"{random.choice(posts)}/comments", {"body": ""}),
        lambda: two.ask("no such comment", "DELETE", f"/comments/{random.randint(500, 9999)}"),
        lambda: one.ask("follow myself", "POST", f"/users/{one.account['username']}/follow"),
        lambda: one.ask("no such user", "GET", f"/users/{values.login(random)}"),
        lambda: one.ask("a bad page", "GET", "/posts", page=0),
        lambda: one.ask("search for nothing", "GET", "/search", q=""),
        lambda: client.ask("write without a token", "POST", "/api/posts", json=named),
        lambda: client.ask("write with a wrong token", "POST", "/api/posts", json=named, headers=wrong),
        lambda: client.ask("read without a token", "GET", f"/api{random.choice(posts)}", reads=True),
        lambda: client.ask("feed without a token", "GET", "/api/feed"),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
