"""Sessions of an issue tracker: users and keywords by its administrator, issues, messages, searches, entity tags."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

from bench.fidelity import values
from bench.fidelity.client import Answered, Client
from bench.fidelity.upstreams.roundup import ADMIN, ORIGIN

ROOT = "/rest/data"
PRIORITIES = ("critical", "urgent", "bug", "feature", "wish")
STATES = ("deferred", "chatting", "need-eg", "in-progress", "testing", "done-cbb", "resolved")


@dataclass
class Desk:
    """Who works on the tracker, and what a session has made so far, by id."""

    admin: dict[str, str]
    people: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)

    def someone(self, random: Random) -> dict[str, str]:
        return random.choice(self.people)[1]


def play(client: Client, random: Random) -> None:
    desk = Desk(login("admin", ADMIN))
    desk.people += [person(client, random, desk) for _ in range(random.randint(1, 2))]
    for _ in range(random.randint(1, 3)):
        keyword(client, random, desk)
    for _ in range(random.randint(3, 5)):
        issue(client, random, desk)
    kinds = [changing, tagging, talking, searching, listing, paging, attributes, people, retiring, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(5, 7)]:
        kind(client, random, desk)
    client.ask("issues at the end", "GET", f"{ROOT}/issue", headers=desk.someone(random), reads=True)


def login(name: str, secret: str) -> dict[str, str]:
    basic = b64encode(f"{name}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {basic}", "X-Requested-With": "rest", "Origin": ORIGIN}


def person(client: Client, random: Random, desk: Desk) -> tuple[str, dict[str, str]]:
    name, secret = values.login(random), values.password(random)
    asked = {"username": name, "password": secret, "address": values.email(random), "roles": "User"}
    if random.random() < 0.5:
        asked |= {"realname": values.name(random), "organisation": values.word(random)}
    client.ask("new user", "POST", f"{ROOT}/user", json=asked, headers=desk.admin)
    return name, login(name, secret)


def keyword(client: Client, random: Random, desk: Desk) -> None:
    asked = {"name": f"{values.word(random)}-{random.randint(1, 99)}"}
    desk.keywords.append(taken(client.ask("new keyword", "POST", f"{ROOT}/keyword", json=asked, headers=desk.admin)))


def taken(answered: Answered) -> str:
    return answered.take("data", "id")


def issue(client: Client, random: Random, desk: Desk) -> None:
    asked: dict[str, object] = {"title": values.title(random), "priority": random.choice(PRIORITIES)}
    if random.random() < 0.3:
        asked["status"] = random.choice(STATES)
    if random.random() < 0.3:
        asked["assignedto"] = random.choice(desk.people)[0]
    if random.random() < 0.3:
        asked["keyword"] = [random.choice(desk.keywords)]
    made = client.ask("new issue", "POST", f"{ROOT}/issue", json=asked, headers=desk.someone(random))
    desk.issues.append(taken(made))


def seen(client: Client, label: str, one: str, who: dict[str, str]) -> str:
    """Look at an issue and give its entity tag."""
    return client.ask(label, "GET", f"{ROOT}/issue/{one}", headers=who, reads=True).header("etag")


def changing(client: Client, random: Random, desk: Desk) -> None:
    one, who = random.choice(desk.issues), desk.someone(random)
    tag = seen(client, "an issue", one, who)
    asked: dict[str, object] = {"status": random.choice(STATES)}
    if random.random() < 0.5:
        asked["title"] = values.title(random)
    if random.random() < 0.5:
        asked["assignedto"] = random.choice(desk.people)[0]
    path, tagged = f"{ROOT}/issue/{one}", {**who, "If-Match": tag}
    client.ask("change the issue", "PUT", path, json=asked, headers=tagged, reads=True)
    if random.random() < 0.5:
        later = {"title": values.title(random)}
        client.ask("change by the old tag", "PUT", path, json=later, headers=tagged, reads=True)
    if random.random() < 0.4:
        client.ask("change by no tag", "PUT", path, json={"status": "resolved"}, headers=who, reads=True)
    seen(client, "the changed issue", one, who)


def tagging(client: Client, random: Random, desk: Desk) -> None:
    one, who = random.choice(desk.issues), desk.someone(random)
    path = f"{ROOT}/issue/{one}"
    chosen = random.sample(desk.keywords, random.randint(1, len(desk.keywords)))
    tag = seen(client, "an issue to tag", one, who)
    asked = {"keyword": chosen, "@op": "add"}
    client.ask("add keywords", "PATCH", path, json=asked, headers={**who, "If-Match": tag}, reads=True)
    tag = seen(client, "the tagged issue", one, who)
    if random.random() < 0.6:
        asked = {"keyword": chosen[:1], "@op": "remove"}
        client.ask("remove a keyword", "PATCH", path, json=asked, headers={**who, "If-Match": tag}, reads=True)
        tag = seen(client, "the issue without it", one, who)
    if random.random() < 0.3:
        client.ask("remove all keywords", "DELETE", f"{path}/keyword", headers={**who, "If-Match": tag})
        seen(client, "the issue without any", one, who)


def talking(client: Client, random: Random, desk: Desk) -> None:
    one, (name, who) = random.choice(desk.issues), random.choice(desk.people)
    text = values.sentence(random) + (f"\n\n{values.sentence(random)}" if random.random() < 0.5 else "")
    made = taken(client.ask("new message", "POST", f"{ROOT}/msg", json={"content": text, "author": name}, headers=who))
    client.ask("the message", "GET", f"{ROOT}/msg/{made}", headers=who, reads=True)
    tag = seen(client, "an issue to talk about", one, who)
    asked = {"messages": [made], "@op": "add"}
    path = f"{ROOT}/issue/{one}"
    client.ask("say it", "PATCH", path, json=asked, headers={**who, "If-Match": tag}, reads=True)
    seen(client, "the issue talked about", one, who)
    if random.random() < 0.5:
        client.ask("its text", "GET", f"{ROOT}/msg/{made}/content", headers=who, reads=True)


def search(client: Client, label: str, query: dict[str, object], who: dict[str, str]) -> Answered:
    # As its documentation writes them: the marks of its own parameters as they are.
    text = "&".join(f"{quote(key, safe='@')}={quote(str(value), safe=',-@')}" for key, value in query.items())
    return client.ask(label, "GET", f"{ROOT}/issue?{text}", headers=who, reads=True)


def searching(client: Client, random: Random, desk: Desk) -> None:
    who = desk.someone(random)
    search(client, "issues of a priority", {"priority": random.choice(PRIORITIES)}, who)
    by = {"status": random.choice(["unread", *STATES]), "@fields": "title,status", "@verbose": 2}
    search(client, "issues of a state", by, who)
    if random.random() < 0.5:
        search(client, "issues of someone", {"assignedto": random.choice(desk.people)[0], "@fields": "title"}, who)
    if random.random() < 0.5:
        search(client, "issues of a keyword", {"keyword": random.choice(desk.keywords)}, who)
    if random.random() < 0.5:
        search(client, "issues by a word", {"title": values.word(random), "@fields": "title"}, who)


def listing(client: Client, random: Random, desk: Desk) -> None:
    who = desk.someone(random)
    client.ask("issues", "GET", f"{ROOT}/issue", headers=who, reads=True)
    search(client, "issues with titles", {"@fields": "title,priority", "@verbose": random.choice([1, 2])}, who)
    search(client, "issues sorted", {"@sort": random.choice(["title", "-title", "-id"]), "@fields": "title"}, who)
    if random.random() < 0.5:
        client.ask("keywords", "GET", f"{ROOT}/keyword?@verbose=2", headers=who, reads=True)
    if random.random() < 0.3:
        client.ask("priorities", "GET", f"{ROOT}/priority?@fields=name,order", headers=who, reads=True)


def paging(client: Client, random: Random, desk: Desk) -> None:
    who = desk.someone(random)
    query: dict[str, object] = {"@page_size": 2, "@page_index": 1}
    if random.random() < 0.5:
        query["@sort"] = "-id"
    page = search(client, "first page", query, who)
    search(client, "second page", query | {"@page_index": 2}, who)
    if random.random() < 0.5:
        client.ask("page by its link", "GET", page.take("data", "@links", "next", 0, "uri"), headers=who, reads=True)


def attributes(client: Client, random: Random, desk: Desk) -> None:
    one, who = random.choice(desk.issues), desk.someone(random)
    path = f"{ROOT}/issue/{one}"
    tag = client.ask("a title", "GET", f"{path}/title", headers=who, reads=True).header("etag")
    asked = {"data": values.title(random)}
    client.ask("set the title", "PUT", f"{path}/title", json=asked, headers={**who, "If-Match": tag}, reads=True)
    client.ask("the title that was set", "GET", f"{path}/title", headers=who, reads=True)
    client.ask("some fields", "GET", f"{path}?@fields=title,priority,creator&@verbose=2", headers=who, reads=True)
    if random.random() < 0.5:
        client.ask("all fields", "GET", f"{path}?@protected=true", headers=who, reads=True)


def people(client: Client, random: Random, desk: Desk) -> None:
    (name, who), (other, _) = random.choice(desk.people), random.choice(desk.people)
    client.ask("a user by name", "GET", f"{ROOT}/user/{other}", headers=who, reads=True)
    client.ask("users", "GET", f"{ROOT}/user?@fields=username,realname", headers=who, reads=True)
    mine = client.ask("myself", "GET", f"{ROOT}/user/{name}", headers=who, reads=True)
    tagged, path = {**who, "If-Match": mine.header("etag")}, f"{ROOT}/user/{taken(mine)}"
    client.ask("change myself", "PUT", path, json={"phone": values.phone(random)}, headers=tagged, reads=True)
    client.ask("myself, changed", "GET", path, headers=who, reads=True)


def retiring(client: Client, random: Random, desk: Desk) -> None:
    one, who = random.choice(desk.issues), desk.someone(random)
    path = f"{ROOT}/issue/{one}"
    tag = seen(client, "an issue to retire", one, who)
    if random.random() < 0.5:
        client.ask("retire as a user", "DELETE", path, headers={**who, "If-Match": tag})
    if random.random() < 0.3:
        client.ask("retire by no tag", "DELETE", path, headers=desk.admin)
    client.ask("retire", "DELETE", path, headers={**desk.admin, "If-Match": tag})
    client.ask("issues that are left", "GET", f"{ROOT}/issue", headers=who, reads=True)
    client.ask("the retired issue", "GET", path, headers=who, reads=True)


def mistakes(client: Client, random: Random, desk: Desk) -> None:
    (name, who), missing = random.choice(desk.people), random.randint(100, 999)
    title = values.title(random)
    issues, one = f"{ROOT}/issue", f"{ROOT}/issue/{random.choice(desk.issues)}"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no such issue", "GET", f"{issues}/{missing}", headers=who),
        lambda: client.ask("no such class", "GET", f"{ROOT}/{values.word(random)}", headers=who),
        lambda: client.ask("no such user", "GET", f"{ROOT}/user/{values.login(random)}", headers=who),
        lambda: client.ask("no such field", "GET", f"{one}?@fields={values.word(random)}", headers=who),
        lambda: client.ask("search by no field", "GET", f"{issues}?{values.word(random)}=1", headers=who),
        lambda: client.ask("no such attribute", "GET", f"{one}/{values.word(random)}", headers=who),
        lambda: client.ask("not my password", "GET", issues, headers=login(name, values.password(random))),
        lambda: client.ask("no origin", "POST", issues, json={"title": title}, headers=without(who, "Origin")),
        lambda: client.ask("nobody", "POST", issues, json={"title": title}, headers=without(who, "Authorization")),
        lambda: ask(client, "no such priority", issues, {"title": title, "priority": values.word(random)}, who),
        lambda: ask(client, "a field too many", issues, {"title": title, values.word(random): "x"}, who),
        lambda: ask(client, "no such keyword", issues, {"title": title, "keyword": [str(missing)]}, who),
        lambda: ask(client, "user by a user", f"{ROOT}/user", {"username": values.login(random)}, who),
        lambda: ask(client, "user of that name", f"{ROOT}/user", {"username": name, "password": "x"}, desk.admin),
        lambda: ask(client, "keyword without a name", f"{ROOT}/keyword", {}, desk.admin),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


def ask(client: Client, label: str, path: str, asked: dict[str, object], who: dict[str, str]) -> None:
    client.ask(label, "POST", path, json=asked, headers=who)
