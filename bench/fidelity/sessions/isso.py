"""Sessions of Isso: readers write comments and answer them, edit and withdraw their own, vote, page, make mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


@dataclass
class Reader:
    """One who comments: with cookies and an address of its own."""

    client: Client
    name: str
    address: str
    email: str | None
    website: str | None

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Forwarded-For": self.address}


@dataclass
class Comment:
    """A comment that stands on a page, with who wrote it and what it answers."""

    number: str
    page: str
    by: Reader
    parent: int | None = None
    created: str = ""
    answers: int = 0


@dataclass
class Site:
    """The pages and readers of a session, and the comments that they wrote."""

    pages: list[str]
    titles: dict[str, str]
    readers: list[Reader]
    comments: list[Comment] = field(default_factory=list)

    def tops(self, page: str) -> list[Comment]:
        return [one for one in self.comments if one.page == page and one.parent is None]


def play(client: Client, random: Random) -> None:
    site = settle(client, random)
    for _ in range(random.randint(3, 5)):
        comment(client, random, site)
    kinds = [thread, answers, editing, votes, paging, withdrawing, counting, latest, previews, sorts, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(7, 9)]:
        kind(client, random, site)
    for page in site.pages[: random.randint(1, 2)]:
        listed(client, "the page at the end", page)


def settle(client: Client, random: Random) -> Site:
    pages = [f"/{values.word(random)}/{values.slug(random)}" for _ in range(random.randint(2, 3))]
    readers = []
    for _ in range(random.randint(2, 3)):
        address = f"198.51.{random.randint(1, 250)}.{random.randint(1, 250)}"
        name = values.name(random)
        email = values.email(random) if random.random() < 0.4 else None
        website = f"https://{values.word(random)}.example/" if random.random() < 0.3 else None
        readers.append(Reader(client.user(), name, address, email, website))
    return Site(pages, {page: values.title(random) for page in pages}, readers)


def listed(client: Client, label: str, page: str, **query: object) -> Answered:
    return client.ask(label, "GET", "/", query={"uri": page, **query}, reads=True)


def comment(
    client: Client,  # noqa: ARG001  # who writes has a client of their own
    random: Random,
    site: Site,
    parent: Comment | None = None,
) -> Comment:
    by = random.choice(site.readers)
    page = parent.page if parent else random.choice(site.pages[:2])
    text = values.sentence(random)
    if random.random() < 0.25:
        text = f"{text} *{values.word(random)}* {values.word(random)}"
    asked: dict[str, object] = {"text": text, "author": by.name, "title": site.titles[page]}
    if by.email:
        asked["email"] = by.email
    if by.website:
        asked["website"] = by.website
    if parent:
        asked["parent"] = int(parent.number)
        parent.answers += 1
    label = "answer a comment" if parent else "new comment"
    query = {"uri": page}
    made = by.client.ask(label, "POST", "/new", query=query, json=asked, headers=by.headers)
    one = Comment(made.take("id"), page, by, int(parent.number) if parent else None)
    one.created = str(made.find("created"))
    site.comments.append(one)
    if random.random() < 0.4:
        query = {"plain": random.choice(["0", "1"])} if random.random() < 0.6 else {}
        by.client.ask("my comment", "GET", f"/id/{one.number}", query=query, headers=by.headers, reads=True)
    return one


def thread(client: Client, random: Random, site: Site) -> None:
    page = random.choice(site.comments).page
    listed(client, "the page", page)
    if random.random() < 0.5:
        comment(client, random, site)
        listed(client, "the page, as written", page, plain=1)


def answers(client: Client, random: Random, site: Site) -> None:
    tops = [one for one in site.comments if one.parent is None]
    parent = random.choice(tops) if tops else comment(client, random, site)
    for _ in range(random.randint(1, 3)):
        comment(client, random, site, parent)
    listed(client, "the page with answers", parent.page)
    if random.random() < 0.5:
        listed(client, "answers alone", parent.page, parent=parent.number)
    if random.random() < 0.5:
        listed(client, "few answers", parent.page, nested_limit=random.choice([0, 1]))


def editing(client: Client, random: Random, site: Site) -> None:
    one = random.choice(site.comments)
    path, by = f"/id/{one.number}", one.by
    asked: dict[str, object] = {"text": values.sentence(random), "author": by.name, "website": by.website}
    by.client.ask("edit my comment", "PUT", path, json=asked, headers=by.headers)
    by.client.ask("my comment, edited", "GET", path, query={"plain": 1}, headers=by.headers, reads=True)
    if random.random() < 0.5:
        listed(client, "the page with the edited", one.page)
    if random.random() < 0.6:
        client.ask("edit without a cookie", "PUT", path, json=asked)
    if random.random() < 0.4:
        client.ask("read without a cookie", "GET", path)


def votes(client: Client, random: Random, site: Site) -> None:
    one = random.choice(site.comments)
    for by in random.sample(site.readers, random.randint(1, 2)):
        kind = random.choice(["like", "like", "dislike"])
        headers = by.headers
        client.ask(kind, "POST", f"/id/{one.number}/{kind}", headers=headers, reads=True)
        if random.random() < 0.4:
            client.ask("vote again", "POST", f"/id/{one.number}/like", headers=headers, reads=True)
    listed(client, "the page with votes", one.page)
    if random.random() < 0.5:
        listed(client, "the page by votes", one.page, sort="upvotes")


def paging(client: Client, random: Random, site: Site) -> None:
    page = random.choice(site.comments).page
    size = random.choice([1, 2])
    listed(client, "first comments", page, limit=size)
    listed(client, "next comments", page, limit=size, offset=size)
    if random.random() < 0.5:
        listed(client, "newest comments", page, limit=2, sort="newest")
    if random.random() < 0.5:
        since = random.choice(site.tops(page) or site.comments)
        listed(client, "comments since", page, after=since.created)


def withdrawing(client: Client, random: Random, site: Site) -> None:
    one = random.choice(site.comments)
    path, by = f"/id/{one.number}", one.by
    if random.random() < 0.4:
        client.ask("withdraw without a cookie", "DELETE", path)
    by.client.ask("withdraw", "DELETE", path, headers=by.headers)
    listed(client, "the page without it", one.page)
    if random.random() < 0.5:
        by.client.ask("the withdrawn", "GET", path, headers=by.headers, reads=True)
    if random.random() < 0.4:
        client.ask("vote for the withdrawn", "POST", f"{path}/like", headers=by.headers, reads=True)
    site.comments.remove(one)
    comment(client, random, site)


def counting(client: Client, random: Random, site: Site) -> None:
    pages = random.sample(site.pages, len(site.pages))
    if random.random() < 0.4:
        pages.append(f"/{values.slug(random)}")
    client.ask("counts", "POST", "/count", json=pages, reads=True)
    if random.random() < 0.6:
        comment(client, random, site)
        client.ask("counts after one more", "POST", "/count", json=pages, reads=True)


def latest(client: Client, random: Random, site: Site) -> None:  # noqa: ARG001
    client.ask("the latest", "GET", "/latest", query={"limit": random.choice([2, 3, 5])}, reads=True)


def previews(client: Client, random: Random, site: Site) -> None:  # noqa: ARG001
    text = random.choice([values.sentence(random), f"**{values.word(random)}** and {values.word(random)}"])
    client.ask("a preview", "POST", "/preview", json={"text": text})
    if random.random() < 0.4:
        client.ask("the settings", "GET", "/config")


def sorts(client: Client, random: Random, site: Site) -> None:
    page = random.choice(site.comments).page
    listed(client, "the page sorted", page, sort=random.choice(["newest", "oldest", "upvotes"]))
    if random.random() < 0.5:
        listed(client, "a page without comments", f"/{values.slug(random)}")


def mistakes(client: Client, random: Random, site: Site) -> None:
    one = random.choice(site.comments)
    page, by, number = one.page, one.by, random.randint(500, 900)
    query, json = {"uri": page}, {"Content-Type": "application/json"}
    text = values.sentence(random)

    def new(label: str, asked: object) -> Answered:
        return client.ask(label, "POST", "/new", query=query, json=asked)

    ways: list[Callable[[], object]] = [
        lambda: new("too short", {"text": random.choice(["a", "ok", "hi "])}),
        lambda: new("no text", {"author": by.name}),
        lambda: new("no such website", {"text": text, "website": values.word(random)}),
        lambda: new("author is no text", {"text": text, "author": random.randint(1, 9)}),
        lambda: new("parent is text", {"text": text, "parent": one.number}),
        lambda: client.ask("no page", "POST", "/new", json={"text": text}),
        lambda: client.ask("malformed", "POST", "/new", query=query, content=b'{"text": ', headers=json),
        lambda: client.ask("no page to list", "GET", "/"),
        lambda: listed(client, "a bad sort", page, sort=values.word(random)),
        lambda: listed(client, "a bad limit", page, limit=values.word(random)),
        lambda: listed(client, "a bad offset", page, offset=-random.randint(1, 4)),
        lambda: listed(client, "a bad parent", page, parent=values.word(random)),
        lambda: client.ask("no such comment", "GET", f"/id/{number}"),
        lambda: client.ask("vote for none", "POST", f"/id/{number}/like"),
        lambda: client.ask("edit none", "PUT", f"/id/{number}", json={"text": text}),
        lambda: client.ask("counts of no list", "POST", "/count", json={"uri": page}),
        lambda: client.ask("no text to preview", "POST", "/preview", json={}),
        lambda: client.ask("a bad limit of the latest", "GET", "/latest", query={"limit": values.word(random)}),
        lambda: client.ask("no such path", "GET", f"/{values.slug(random)}"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
