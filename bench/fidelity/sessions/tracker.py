"""Sessions of an issue tracker: issues are opened, labelled, assigned, commented on, closed, searched and deleted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

TOKENS: Final = {
    "ada": "trk_pat_ada7c2f1",
    "bruno": "trk_pat_bruno90d",
    "chiara": "trk_pat_chiara44",
    "release-robot": "trk_pat_robot5be",
}


@dataclass(frozen=True)
class Person:
    """One who works in a project with a token."""

    client: Client
    login: str
    key: str
    labels: tuple[str, ...]

    def ask(self, label: str, method: str, path: str, json: object = None) -> Answered:
        """Change something in the project."""
        headers = {"Authorization": f"token {TOKENS[self.login]}"}
        return self.client.ask(label, method, f"/projects/{self.key}{path}", json=json, headers=headers, reads=True)

    def read(self, label: str, path: str, tag: str = "", **query: object) -> Answered:
        """Look at something in the project."""
        headers = {"Authorization": f"token {TOKENS[self.login]}", **({"If-None-Match": tag} if tag else {})}
        url = path if path.startswith(("http", "/search")) else f"/projects/{self.key}{path}"
        return self.client.ask(label, "GET", url, query=query or None, headers=headers, reads=True)


def play(client: Client, random: Random) -> None:
    owner, other = random.sample(["bruno", "chiara", "ada"], 2)
    key = f"{values.word(random)[:4].upper()}{random.randint(1, 99)}"
    asked = {"key": key, "name": values.title(random)}
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    headers = {"Authorization": f"token {TOKENS[owner]}"}
    client.ask("create a project", "POST", "/projects", json=asked, headers=headers)
    first = Person(client, owner, key, ("bug", "question"))
    one = Person(client, owner, key, (*first.labels, *add_labels(first, random)))
    two = Person(client.user(), other, key, one.labels)
    kinds = [triaging, triaging, closing, discussing, assigning, paging, searching, caching, deleting]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(*random.sample([one, two], 2), random)
    mistakes(one, two, random)
    one.read("the project", "")


def add_labels(person: Person, random: Random) -> list[str]:
    names = random.sample(values.WORDS, random.randint(1, 2))
    for name in names:
        asked = {"name": name, "color": f"{random.getrandbits(24):06x}"}
        person.ask("create a label", "POST", "/labels", asked if random.random() < 0.7 else {"name": name})
    return names


def open_issue(person: Person, random: Random, label: str = "open an issue", **more: object) -> str:
    """Open an issue and give its path in the project."""
    asked: dict[str, object] = {"title": values.title(random), **more}
    if random.random() < 0.7:
        asked["body"] = values.sentence(random)
    if random.random() < 0.4 and "labels" not in asked:
        asked["labels"] = random.sample(person.labels, random.randint(1, 2))
    if random.random() < 0.3:
        asked["assignees"] = random.sample(list(TOKENS), random.randint(1, 2))
    return f"/issues/{person.ask(label, 'POST', '/issues', asked).take('number')}"


def triaging(person: Person, other: Person, random: Random) -> None:
    path = open_issue(person, random)
    name = random.choice(person.labels)
    other.ask("add labels", "POST", f"{path}/labels", {"labels": [name, *random.sample(person.labels, 1)]})
    if random.random() < 0.5:
        other.ask("remove a label", "DELETE", f"{path}/labels/{name}")
    change: dict[str, object] = random.choice([{"title": values.title(random)}, {"body": values.sentence(random)}])
    person.ask("edit", "PATCH", path, change)
    person.read("the issue", path)
    if random.random() < 0.6:
        person.read("events", f"{path}/events")


def closing(person: Person, other: Person, random: Random) -> None:
    path = open_issue(person, random)
    reason = {"state_reason": random.choice(["completed", "not_planned"])} if random.random() < 0.6 else {}
    other.ask("close", "PATCH", path, {"state": "closed", **reason})
    person.read("the closed issue", path)
    if random.random() < 0.5:
        person.read("closed issues", "/issues", state="closed")
    if random.random() < 0.6:
        person.ask("reopen", "PATCH", path, {"state": "open"})
        person.read("events of closing", f"{path}/events")
    person.read("open issues", "/issues")


def discussing(person: Person, other: Person, random: Random) -> None:
    path = open_issue(person, random)
    comments = []
    for _ in range(random.randint(2, 3)):
        who = random.choice([person, other])
        done = who.ask("comment", "POST", f"{path}/comments", {"body": values.sentence(random)})
        comments.append((who, f"/comments/{done.take('id')}"))
    who, comment = random.choice(comments)
    who.ask("edit a comment", "PATCH", comment, {"body": values.sentence(random)})
    if random.random() < 0.4:
        last, gone = comments[-1]
        last.ask("delete a comment", "DELETE", gone)
        person.read("the deleted comment", gone)
    other.read("comments", f"{path}/comments")
    if random.random() < 0.5:
        person.read("the issue with comments", path)
    stranger = other if who is person else person
    if stranger.login != "ada" and random.random() < 0.5:
        stranger.ask("edit another's comment", "PATCH", comments[0][1], {"body": values.sentence(random)})


def assigning(person: Person, other: Person, random: Random) -> None:
    path = open_issue(person, random)
    person.ask("assign", "POST", f"{path}/assignees", {"assignees": [other.login]})
    if random.random() < 0.5:
        person.ask("assign to more", "POST", f"{path}/assignees", {"assignees": random.sample(list(TOKENS), 2)})
    if random.random() < 0.5:
        other.ask("unassign", "DELETE", f"{path}/assignees", {"assignees": [other.login]})
    else:
        other.ask("assign by edit", "PATCH", path, {"assignees": [person.login]})
    person.read("issues of an assignee", "/issues", assignee=random.choice([person.login, other.login, "none"]))
    if random.random() < 0.5:
        person.read("events of assigning", f"{path}/events")


def following(answer: Answered, rel: str) -> str:
    """Give the link of that relation, "" where there is none."""
    found = re.search(rf'<([^>]+)>; rel="{rel}"', answer.headers.get("link", ""))
    return found.group(1) if found else ""


def paging(person: Person, other: Person, random: Random) -> None:
    for _ in range(random.randint(3, 5)):
        open_issue(random.choice([person, other]), random)
    each = random.randint(1, 2)
    more = random.choice([{}, {"direction": "asc"}, {"state": "all"}])
    page = other.read("first page", "/issues", per_page=each, **more)
    for _ in range(random.randint(1, 3)):
        link = following(page, "next")
        if not link:
            break
        page = other.read("next page", link)
    if link := following(page, "first"):
        other.read("the first page again", link)


def searching(person: Person, other: Person, random: Random) -> None:
    word, label = values.word(random), random.choice(person.labels)
    open_issue(person, random, "open an issue to find", title=f"{values.title(random)} {word}", labels=[label])
    open_issue(other, random, body=f"{values.sentence(random)} {word.capitalize()}!")
    terms = random.sample(
        [f"label:{label}", "is:open", f"author:{person.login}", f"author:{other.login}"], random.randint(0, 2)
    )
    other.read("search", "/search/issues", q=" ".join([word, f"project:{person.key}", *terms]))
    if random.random() < 0.5:
        other.read("search by qualifiers", "/search/issues", q=f"project:{person.key} label:{label}", order="asc")
    if random.random() < 0.4:
        nothing = f"{values.word(random)}{random.randint(100, 999)}"
        other.read("search in vain", "/search/issues", q=f"{nothing} project:{person.key}")


def caching(person: Person, other: Person, random: Random) -> None:
    path = open_issue(person, random)
    tag = other.read("read with a tag", path).header("etag")
    other.read("not modified", path, tag)
    person.ask("edit", "PATCH", path, {"title": f"{values.title(random)} again"})
    other.read("modified", path, tag)


def deleting(person: Person, other: Person, random: Random) -> None:
    path = open_issue(person, random)
    for one in random.sample([person, other], random.randint(1, 2)):
        one.ask("delete", "DELETE", path)
    person.read("the issue after that", path)
    if random.random() < 0.6:
        person.ask("comment on it", "POST", f"{path}/comments", {"body": values.sentence(random)})
    person.read("issues left", "/issues", state="all")


def mistakes(owner: Person, other: Person, random: Random) -> None:
    client, key = owner.client, owner.key
    wrong = {"Authorization": f"token trk_pat_{random.getrandbits(32):08x}"}
    named = {"title": values.title(random)}
    taken = {"key": key, "name": values.title(random)}
    headers = {"Authorization": f"token {TOKENS[owner.login]}"}
    ways: list[Callable[[], object]] = [
        lambda: owner.ask("no title", "POST", "/issues", {"body": values.sentence(random)}),
        lambda: owner.ask("an unknown label", "POST", "/issues", {**named, "labels": ["nonesuch"]}),
        lambda: owner.ask("an unknown assignee", "POST", "/issues", {**named, "assignees": [values.login(random)]}),
        lambda: owner.read("no such issue", f"/issues/{random.randint(500, 9999)}"),
        lambda: owner.read("a wrong state", "/issues", state="sleeping"),
        lambda: owner.ask("a label twice", "POST", "/labels", {"name": "bug"}),
        lambda: owner.ask("no color", "POST", "/labels", {"name": values.slug(random), "color": "reddish"}),
        lambda: other.ask("another's label", "POST", "/labels", {"name": values.slug(random)}),
        lambda: owner.read("search for nothing", "/search/issues", q=" "),
        lambda: client.ask("a key taken", "POST", "/projects", json=taken, headers=headers),
        lambda: client.ask("a bad key", "POST", "/projects", json={**taken, "key": "lower"}, headers=headers),
        lambda: client.ask("without a token", "POST", f"/projects/{key}/issues", json=named),
        lambda: client.ask("read without a token", "GET", f"/projects/{key}", reads=True),
        lambda: client.ask("a wrong token", "POST", f"/projects/{key}/issues", json=named, headers=wrong),
        lambda: client.ask("no JSON", "POST", f"/projects/{key}/issues", content=b"title: x", headers=headers),
        lambda: client.ask("no such project", "GET", f"/projects/{key}X/issues", headers=headers),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
