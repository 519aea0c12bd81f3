"""Sessions at kanban boards: cards made, moved, labelled, assigned, discussed, archived, found, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

PEOPLE: Final = {"mara": "usr_01", "tobias": "usr_02", "ines": "usr_03", "jun": "usr_04"}
COLORS: Final = ("red", "amber", "green", "blue", "violet", "grey")
PRIORITIES: Final = ("none", "low", "medium", "high", "urgent")
TAGS: Final = ("Bug", "Design", "Chore", "Docs", "Backend", "Research")


@dataclass
class Desk:
    """A user at a board: what was made on it so far."""

    client: Client
    random: Random
    me: str
    headers: dict[str, str]
    board: str = ""
    columns: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    def ask(self, label: str, method: str, path: str, *, reads: bool = False, **more: Any) -> Answered:
        headers = self.headers | more.pop("headers", {})
        return self.client.ask(label, method, f"/v1{path}", reads=reads, headers=headers, **more)

    @property
    def card(self) -> str:
        return self.random.choice(self.cards)


def signed_in(client: Client, random: Random, who: str) -> Desk:
    asked = {"email": f"{who}@northwind.test", "password": f"{who}-kanban"}
    token = client.ask("sign in", "POST", "/v1/sessions", json=asked).take("token")
    return Desk(client, random, who, {"Authorization": f"Bearer {token}"})


def play(client: Client, random: Random) -> None:
    who, other = random.sample(sorted(PEOPLE), 2)
    desk = signed_in(client, random, who)
    if random.random() < 0.4:
        desk.ask("who am I", "GET", "/me", reads=True)
    set_up(desk, other)
    filling(desk)
    kinds = [moving, moving, labelling, assigning, talking, archiving, editing, limits, columns]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(desk)
    finding(desk)
    if random.random() < 0.5:
        as_another(desk, signed_in(client.user(), random, other))
    desk.ask("activity", "GET", f"/boards/{desk.board}/activity", reads=True)
    if random.random() < 0.5:
        desk.ask("the board", "GET", f"/boards/{desk.board}", query={"include": "columns"}, reads=True)
    mistakes(desk)
    if random.random() < 0.3:
        closing(desk)


def set_up(desk: Desk, other: str) -> None:
    random = desk.random
    key = "".join(random.choices("ABCDEFGHKLMNPRSTVWX", k=random.randint(3, 4)))
    asked = {"name": values.title(random), "key": key}
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    if random.random() < 0.3:
        asked["template"] = "blank"
    desk.board = desk.ask("create a board", "POST", "/boards", json=asked).take("id")
    if random.random() < 0.25:
        desk.ask("the same key again", "POST", "/boards", json={"name": values.title(random), "key": key})
    if "template" in asked:
        for name, limit in (("To do", None), ("Doing", random.randint(2, 3)), ("Done", None)):
            column = {"name": name, "wipLimit": limit} if limit else {"name": name}
            desk.ask("add a column", "POST", f"/boards/{desk.board}/columns", json=column, reads=True)
    found = desk.ask("columns", "GET", f"/boards/{desk.board}/columns", reads=True).find("items") or []
    desk.columns = [one["id"] for one in found]
    if random.random() < 0.7:
        role = random.choice(["editor", "editor", "viewer"])
        asked = {"userId": PEOPLE[other], "role": role}
        desk.ask("add a member", "POST", f"/boards/{desk.board}/members", json=asked, reads=True)
        desk.members.append(PEOPLE[other])
        if random.random() < 0.3:
            desk.ask("add the member again", "POST", f"/boards/{desk.board}/members", json=asked, reads=True)
    for name in random.sample(TAGS, random.randint(1, 2)):
        asked = {"name": name, "color": random.choice(COLORS)} if random.random() < 0.7 else {"name": name}
        made = desk.ask("add a label", "POST", f"/boards/{desk.board}/labels", json=asked)
        desk.labels.append((made.take("id"), name.lower()))


def new_card(desk: Desk, column: str, label: str = "add a card", **more: Any) -> Answered:
    random = desk.random
    asked: dict[str, Any] = {"title": values.title(random), **more}
    if random.random() < 0.5:
        asked["priority"] = random.choice(PRIORITIES)
    if random.random() < 0.3:
        asked["estimate"] = random.choice([1, 2, 3, 5, 8])
    if random.random() < 0.3:
        asked["dueOn"] = f"2026-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
    if random.random() < 0.3 and desk.labels:
        asked["labelIds"] = [random.choice(desk.labels)[0]]
    if random.random() < 0.2:
        asked["description"] = values.sentence(random)
    return desk.ask(label, "POST", f"/columns/{column}/cards", json=asked, reads=True)


def filling(desk: Desk) -> None:
    for _ in range(desk.random.randint(3, 5)):
        more = {"position": 1} if desk.random.random() < 0.3 else {}
        desk.cards.append(new_card(desk, desk.columns[0], **more).take("id"))


def in_column(desk: Desk, column: str, label: str = "the column's cards") -> None:
    desk.ask(label, "GET", f"/columns/{column}/cards", reads=True)


def moving(desk: Desk) -> None:
    random = desk.random
    target = random.choice(desk.columns)
    asked: dict[str, Any] = {"columnId": target}
    if random.random() < 0.5:
        asked["position"] = random.randint(1, 3)
    desk.ask("move a card", "POST", f"/cards/{desk.card}/move", json=asked, reads=True)
    in_column(desk, target)
    if random.random() < 0.4:
        in_column(desk, desk.columns[0], "the first column")


def labelling(desk: Desk) -> None:
    card, (label, _) = desk.card, desk.random.choice(desk.labels)
    desk.ask("put a label on", "PUT", f"/cards/{card}/labels/{label}", reads=True)
    if desk.random.random() < 0.5:
        desk.ask("labels", "GET", f"/boards/{desk.board}/labels", reads=True)
    if desk.random.random() < 0.5:
        desk.ask("take a label off", "DELETE", f"/cards/{card}/labels/{label}", reads=True)
        if desk.random.random() < 0.4:
            desk.ask("take it off again", "DELETE", f"/cards/{card}/labels/{label}", reads=True)


def assigning(desk: Desk) -> None:
    random, card = desk.random, desk.card
    who = random.choice([PEOPLE[desk.me], *desk.members, random.choice(sorted(PEOPLE.values()))])
    done = desk.ask("assign", "PUT", f"/cards/{card}/assignees/{who}", reads=True)
    if random.random() < 0.4:
        desk.ask("my work", "GET", "/me", reads=True)
    if random.random() < 0.4 or done.status == 422:
        desk.ask("unassign", "DELETE", f"/cards/{card}/assignees/{who}", reads=True)


def talking(desk: Desk) -> None:
    random, card = desk.random, desk.card
    ref = ""
    for _ in range(random.randint(1, 2)):
        asked = {"text": values.sentence(random)}
        ref = desk.ask("comment", "POST", f"/cards/{card}/comments", json=asked).take("id")
    if random.random() < 0.5:
        desk.ask("edit a comment", "PATCH", f"/comments/{ref}", json={"text": values.sentence(random)}, reads=True)
    if random.random() < 0.3:
        desk.ask("delete a comment", "DELETE", f"/comments/{ref}")
    if random.random() < 0.5:
        desk.ask("comments", "GET", f"/cards/{card}/comments", reads=True)
    else:
        desk.ask("the card discussed", "GET", f"/cards/{card}", reads=True)


def archiving(desk: Desk) -> None:
    random = desk.random
    card = desk.cards.pop(random.randrange(len(desk.cards)))
    if random.random() < 0.3:
        desk.ask("delete a card at once", "DELETE", f"/cards/{card}", reads=True)
    desk.ask("archive", "POST", f"/cards/{card}/archive", reads=True)
    if random.random() < 0.5:
        in_column(desk, desk.columns[0], "the column without it")
    way = random.choice(["restore", "delete", "again", "stay"])
    if way == "restore":
        desk.ask("restore", "POST", f"/cards/{card}/restore", reads=True)
        desk.cards.append(card)
    elif way == "delete":
        desk.ask("delete", "DELETE", f"/cards/{card}")
        desk.ask("the deleted card", "GET", f"/cards/{card}", reads=True)
    elif way == "again":
        desk.ask("archive again", "POST", f"/cards/{card}/archive", reads=True)
    else:
        desk.ask("the archive", "GET", f"/boards/{desk.board}/cards", query={"archived": "true"}, reads=True)
        if random.random() < 0.5:
            desk.ask("edit an archived card", "PATCH", f"/cards/{card}", json={"priority": "low"}, reads=True)


def editing(desk: Desk) -> None:
    random, card = desk.random, desk.card
    changes: list[dict[str, Any]] = [
        {"title": values.title(random)},
        {"priority": random.choice(PRIORITIES)},
        {"estimate": random.choice([1, 2, 3, 5, 8, None])},
        {"description": values.sentence(random), "priority": "high"},
    ]
    desk.ask("edit a card", "PATCH", f"/cards/{card}", json=random.choice(changes), reads=True)
    if random.random() < 0.5:
        desk.ask("the card edited", "GET", f"/cards/{card}", reads=True)


def limits(desk: Desk) -> None:
    column = desk.columns[1]
    if desk.random.random() < 0.4:
        asked = {"wipLimit": desk.random.randint(1, 3)}
        desk.ask("set a limit", "PATCH", f"/columns/{column}", json=asked, reads=True)
    for _ in range(desk.random.randint(2, 3)):
        made = new_card(desk, column, "add a card to a limited column")
        if made.status == 201:
            desk.cards.append(made.take("id"))
    if desk.random.random() < 0.5:
        desk.ask("columns with their cards", "GET", f"/boards/{desk.board}/columns", reads=True)


def columns(desk: Desk) -> None:
    random = desk.random
    asked: dict[str, Any] = {"name": random.choice(["Review", "Blocked", "Testing"])}
    if random.random() < 0.6:
        asked["position"] = random.randint(1, 3)
    ref = desk.ask("add another column", "POST", f"/boards/{desk.board}/columns", json=asked, reads=True).find("id")
    if random.random() < 0.5:
        desk.ask("columns with the new one", "GET", f"/boards/{desk.board}/columns", reads=True)
    if ref and random.random() < 0.5:
        desk.ask("drop the column", "DELETE", f"/columns/{ref}")
        desk.ask("columns without it", "GET", f"/boards/{desk.board}/columns", reads=True)
    elif random.random() < 0.5:
        desk.ask("drop a column with cards", "DELETE", f"/columns/{desk.columns[0]}", reads=True)


def finding(desk: Desk) -> None:
    random = desk.random
    queries: list[dict[str, Any]] = [
        {},
        {"pageSize": 2, "page": random.randint(1, 2)},
        {"priority": random.choice(PRIORITIES)},
        {"sort": random.choice(["title", "priority", "dueOn"]), "order": random.choice(["asc", "desc"])},
        {"label": random.choice(desk.labels)[1]},
        {"assignee": "me"},
        {"q": random.choice("aeiost")},
        {"columnId": random.choice(desk.columns), "pageSize": 3},
    ]
    for query in random.sample(queries, random.randint(2, 3)):
        desk.ask("search", "GET", f"/boards/{desk.board}/cards", query=query or None, reads=True)


def as_another(desk: Desk, other: Desk) -> None:
    board, card = desk.board, desk.card
    if desk.random.random() < 0.5:
        other.ask("the other's boards", "GET", "/boards", reads=True)
    other.ask("the board as another", "GET", f"/boards/{board}", reads=True)
    ways: list[Callable[[], object]] = [
        lambda: other.ask("another edits", "PATCH", f"/cards/{card}", json={"priority": "urgent"}, reads=True),
        lambda: other.ask("another comments", "POST", f"/cards/{card}/comments", json={"text": "Me too"}, reads=True),
        lambda: other.ask("another renames", "PATCH", f"/boards/{board}", json={"name": "Mine"}, reads=True),
        lambda: other.ask("another adds a column", "POST", f"/boards/{board}/columns", json={"name": "Later"}),
        lambda: other.ask("another looks", "GET", f"/cards/{card}", reads=True),
    ]
    for way in desk.random.sample(ways, 2):
        way()


def closing(desk: Desk) -> None:
    path = f"/boards/{desk.board}"
    desk.ask("delete an open board", "DELETE", path, reads=True)
    desk.ask("archive the board", "PATCH", path, json={"archived": True}, reads=True)
    new_card(desk, desk.columns[0], "add to an archived board")
    if desk.random.random() < 0.5:
        desk.ask("archived boards", "GET", "/boards", query={"archived": "true"}, reads=True)
    if desk.random.random() < 0.5:
        desk.ask("delete the board", "DELETE", path)
        desk.ask("boards", "GET", "/boards", reads=True)


def mistakes(desk: Desk) -> None:
    random, first = desk.random, f"/columns/{desk.columns[0]}/cards"
    nowhere = f"{random.getrandbits(56):014x}"
    ways: list[Callable[[], object]] = [
        lambda: desk.client.ask("not signed in", "GET", f"/v1/boards/{desk.board}"),
        lambda: desk.client.ask(
            "a bad token", "GET", "/v1/me", headers={"Authorization": f"Bearer {values.word(random)}"}
        ),
        lambda: desk.client.ask(
            "a bad password", "POST", "/v1/sessions", json={"email": "jun@northwind.test", "password": "jun"}
        ),
        lambda: desk.ask("no such card", "GET", f"/cards/crd_{nowhere}", reads=True),
        lambda: desk.ask("no such board", "GET", f"/boards/brd_{nowhere[:12]}", reads=True),
        lambda: desk.ask("no such column", "POST", f"/columns/col_{nowhere[:10]}/cards", json={"title": "Nowhere"}),
        lambda: desk.ask("no title", "POST", first, json={"priority": "low"}),
        lambda: desk.ask("a short title", "POST", first, json={"title": random.choice(["ab", "x", ""])}),
        lambda: desk.ask("a bad priority", "POST", first, json={"title": "Right", "priority": values.word(random)}),
        lambda: desk.ask("a bad estimate", "POST", first, json={"title": "Right", "estimate": random.choice([0, 34])}),
        lambda: desk.ask("a bad color", "POST", f"/boards/{desk.board}/labels", json={"name": "x", "color": "pink"}),
        lambda: desk.ask("a bad key", "POST", "/boards", json={"name": "Again", "key": values.word(random)}),
        lambda: desk.ask("a bad page", "GET", f"/boards/{desk.board}/cards", query={"page": random.choice([0, -1])}),
        lambda: desk.ask("a bad sort", "GET", f"/boards/{desk.board}/cards", query={"sort": values.word(random)}),
        lambda: desk.ask("move nowhere", "POST", f"/cards/{desk.card}/move", json={"columnId": f"col_{nowhere[:10]}"}),
        lambda: desk.ask("an empty comment", "POST", f"/cards/{desk.card}/comments", json={"text": ""}),
    ]
    for way in random.sample(ways, random.randint(2, 4)):
        way()
