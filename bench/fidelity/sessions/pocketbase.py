"""Sessions of PocketBase: people of a studio with projects that they share, tasks, filters, batches, and mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client
from bench.fidelity.upstreams.pocketbase import ADMINISTRATOR

USERS: Final = "/api/collections/users"
PROJECTS: Final = "/api/collections/projects/records"
TASKS: Final = "/api/collections/tasks/records"
STAGES: Final = ("draft", "active", "paused", "closed")
LABELS: Final = ("bug", "design", "writing", "research")


@dataclass
class Person:
    """One who works at the studio, signed up and signed in."""

    client: Client
    email: str
    secret: str
    number: str = ""
    token: str = ""

    def ask(self, label: str, method: str, path: str, **more: Any) -> Answered:
        return self.client.ask(label, method, path, headers={"Authorization": self.token}, **more)


@dataclass
class Studio:
    """The two people of a session, and what they made: tasks by project."""

    owner: Person
    other: Person
    tasks: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def project(self, random: Random) -> str:
        return random.choice(list(self.tasks))

    def task(self, random: Random) -> str:
        return random.choice([one for tasks in self.tasks.values() for one in tasks])


def play(client: Client, random: Random) -> None:
    studio = Studio(person(client, random), person(client.user(), random))
    for _ in range(random.randint(1, 3)):
        project(random, studio)
    for _ in range(random.randint(3, 6)):
        task(random, studio)
    kinds = [changing, listing, searching, paging, expanding, picking, sharing, modifying, batch, accounts, office]
    random.shuffle(kinds)
    for kind in [*kinds[: random.randint(3, 5)], mistakes]:
        kind(random, studio)
    deleting(random, studio)


def person(client: Client, random: Random) -> Person:
    new = Person(client, values.email(random), values.password(random))
    asked: dict[str, object] = {"email": new.email, "password": new.secret, "passwordConfirm": new.secret}
    if random.random() < 0.7:
        asked["name"] = values.name(random)
    if random.random() < 0.3:
        asked["emailVisibility"] = True
    new.number = client.ask("sign up", "POST", f"{USERS}/records", json=asked).take("id")
    sign_in(new)
    return new


def sign_in(one: Person) -> None:
    asked = {"identity": one.email, "password": one.secret}
    one.token = one.client.ask("sign in", "POST", f"{USERS}/auth-with-password", json=asked).take("token")


def project(random: Random, studio: Studio) -> str:
    asked: dict[str, object] = {
        "name": values.title(random),
        "code": values.slug(random),
        "owner": studio.owner.number,
        "stage": random.choice(STAGES[:2]),
    }
    if random.random() < 0.7:
        asked["budget"] = random.choice([values.price(random), random.randint(100, 9000)])
    number = studio.owner.ask("new project", "POST", PROJECTS, json=asked).take("id")
    studio.tasks[number], studio.codes[number] = [], str(asked["code"])
    return number


def todo(random: Random, project: str) -> dict[str, object]:
    asked: dict[str, object] = {"title": values.title(random), "project": project, "hours": random.randint(1, 40)}
    if random.random() < 0.6:
        asked["labels"] = random.sample(LABELS, random.randint(1, 2))
    if random.random() < 0.4:
        asked["due"] = f"2027-{random.randint(1, 12):02}-{random.randint(1, 28):02} 12:00:00.000Z"
    if random.random() < 0.3:
        asked["done"] = random.random() < 0.5
    if random.random() < 0.2:
        asked["extra"] = {"room": values.word(random), "seats": random.randint(1, 9)}
    return asked


def task(random: Random, studio: Studio) -> None:
    place = studio.project(random)
    made = studio.owner.ask("new task", "POST", TASKS, json=todo(random, place))
    studio.tasks[place].append(made.take("id"))


def changing(random: Random, studio: Studio) -> None:
    place, todo = f"{PROJECTS}/{studio.project(random)}", f"{TASKS}/{studio.task(random)}"
    asked = {"stage": random.choice(STAGES), "budget": random.randint(100, 9000)}
    studio.owner.ask("change the project", "PATCH", place, json=asked, reads=True)
    studio.owner.ask("the project, changed", "GET", place, reads=True)
    studio.owner.ask("finish a task", "PATCH", todo, json={"done": True}, reads=True)
    if random.random() < 0.5:
        studio.owner.ask("empty the due date", "PATCH", todo, json={"due": "", "extra": None}, reads=True)
    studio.owner.ask("the task, finished", "GET", todo, reads=True)


def listing(random: Random, studio: Studio) -> None:
    studio.owner.ask("projects", "GET", PROJECTS, reads=True)
    sort = random.choice(["created", "-created", "title", "-hours,title", "hours,-title"])
    studio.owner.ask("tasks sorted", "GET", TASKS, query={"sort": sort}, reads=True)
    if random.random() < 0.5:
        query = {"filter": f"project='{studio.project(random)}'", "sort": "title"}
        studio.owner.ask("tasks of a project", "GET", TASKS, query=query, reads=True)
    if random.random() < 0.4:
        studio.other.ask("projects of the other", "GET", PROJECTS, reads=True)


def searching(random: Random, studio: Studio) -> None:
    ways = [
        f"hours>{random.randint(5, 30)}",
        f"hours<={random.randint(5, 30)}",
        "done=true",
        "done=false",
        f"title~'{values.word(random)}'",
        f"labels~'{random.choice(LABELS)}'",
        "due!=''",
        f"hours>={random.randint(1, 20)} && done=false",
        f"(labels~'bug' || hours<{random.randint(5, 20)})",
        f"project.stage='{random.choice(STAGES[:2])}'",
    ]
    for way in random.sample(ways, random.randint(2, 3)):
        studio.owner.ask("search tasks", "GET", TASKS, query={"filter": way, "sort": "created"}, reads=True)
    if random.random() < 0.4:
        query = {"filter": f"code='{random.choice(list(studio.codes.values()))}'"}
        studio.owner.ask("project by code", "GET", PROJECTS, query=query, reads=True)


def paging(random: Random, studio: Studio) -> None:
    size = random.choice([1, 2, 3])
    query = {"page": 1, "perPage": size, "sort": random.choice(["title", "created", "-created"])}
    studio.owner.ask("first page", "GET", TASKS, query=query, reads=True)
    studio.owner.ask("second page", "GET", TASKS, query={**query, "page": 2}, reads=True)
    if random.random() < 0.5:
        studio.owner.ask("page too far", "GET", TASKS, query={**query, "page": 9}, reads=True)
    if random.random() < 0.5:
        query = {"page": 1, "perPage": size, "skipTotal": 1, "sort": "created"}
        studio.owner.ask("page without total", "GET", TASKS, query=query, reads=True)


def expanding(random: Random, studio: Studio) -> None:
    one = studio.task(random)
    studio.owner.ask("task with its project", "GET", f"{TASKS}/{one}", query={"expand": "project"}, reads=True)
    if random.random() < 0.5:
        query = {"expand": "project.owner"}
        studio.owner.ask("task with the owner", "GET", f"{TASKS}/{one}", query=query, reads=True)
    place = f"{PROJECTS}/{studio.project(random)}"
    studio.owner.ask("project with people", "GET", place, query={"expand": "owner,members"}, reads=True)
    if random.random() < 0.5:
        studio.owner.ask("project with tasks", "GET", place, query={"expand": "tasks_via_project"}, reads=True)


def picking(random: Random, studio: Studio) -> None:
    fields = random.choice(["id,title", "title,hours,done", "id,title,labels"])
    query = {"fields": fields, "sort": "created"}
    studio.owner.ask("some fields of tasks", "GET", TASKS, query=query, reads=True)
    fields = random.choice(["name,stage", "id,code,budget"])
    place = f"{PROJECTS}/{studio.project(random)}"
    studio.owner.ask("some fields of a project", "GET", place, query={"fields": fields}, reads=True)


def sharing(random: Random, studio: Studio) -> None:
    number, other = studio.project(random), studio.other
    place = f"{PROJECTS}/{number}"
    other.ask("project of another", "GET", place)
    asked = {"members+": other.number}
    studio.owner.ask("let the other in", "PATCH", place, json=asked, reads=True)
    other.ask("shared project", "GET", place, reads=True)
    other.ask("shared tasks", "GET", TASKS, query={"sort": "created"}, reads=True)
    if random.random() < 0.6:
        made = other.ask("task of a member", "POST", TASKS, json=todo(random, number))
        studio.tasks[number].append(made.take("id"))
    if random.random() < 0.5:
        other.ask("member changes the project", "PATCH", place, json={"stage": "closed"})
    if random.random() < 0.5 and studio.tasks[number]:
        other.ask("member deletes a task", "DELETE", f"{TASKS}/{studio.tasks[number][0]}")
    if random.random() < 0.5:
        studio.owner.ask("put the other out", "PATCH", place, json={"members-": other.number}, reads=True)
        other.ask("project no longer shared", "GET", place, reads=True)


def modifying(random: Random, studio: Studio) -> None:
    one = f"{TASKS}/{studio.task(random)}"
    studio.owner.ask("more hours", "PATCH", one, json={"hours+": random.randint(1, 9)}, reads=True)
    if random.random() < 0.5:
        studio.owner.ask("fewer hours", "PATCH", one, json={"hours-": 1}, reads=True)
    studio.owner.ask("one more label", "PATCH", one, json={"labels+": random.choice(LABELS)}, reads=True)
    if random.random() < 0.5:
        studio.owner.ask("one label less", "PATCH", one, json={"labels-": random.choice(LABELS)}, reads=True)
    studio.owner.ask("the task, modified", "GET", one, reads=True)


def batch(random: Random, studio: Studio) -> None:
    place = studio.project(random)
    asked: list[dict[str, object]] = [
        {"method": "POST", "url": TASKS, "body": todo(random, place)} for _ in range(random.randint(1, 3))
    ]
    if random.random() < 0.5:
        body = {"hours": random.randint(1, 40)}
        asked.append({"method": "PATCH", "url": f"{TASKS}/{studio.task(random)}", "body": body})
    fails = random.random() < 0.4
    if fails:
        asked.append({"method": "POST", "url": TASKS, "body": {"title": "", "project": place}})
    studio.owner.ask("batch that fails" if fails else "batch", "POST", "/api/batch", json={"requests": asked})
    query = {"filter": f"project='{place}'", "sort": "-created,title"}
    studio.owner.ask("tasks after the batch", "GET", TASKS, query=query, reads=True)


def accounts(random: Random, studio: Studio) -> None:
    one = random.choice([studio.owner, studio.other])
    me = f"{USERS}/records/{one.number}"
    one.ask("who am i", "GET", me, reads=True)
    one.ask("another name", "PATCH", me, json={"name": values.name(random)}, reads=True)
    if random.random() < 0.5:
        one.token = one.ask("refresh", "POST", f"{USERS}/auth-refresh").take("token")
    if random.random() < 0.5:
        new = values.password(random)
        asked = {"oldPassword": one.secret, "password": new, "passwordConfirm": new}
        one.ask("change the password", "PATCH", me, json=asked)
        one.ask("refresh with an old token", "POST", f"{USERS}/auth-refresh")
        one.client.ask(
            "sign in as before",
            "POST",
            f"{USERS}/auth-with-password",
            json={"identity": one.email, "password": one.secret},
        )
        one.secret = new
        sign_in(one)
    other = studio.other if one is studio.owner else studio.owner
    if random.random() < 0.5:
        one.ask("somebody else", "GET", f"{USERS}/records/{other.number}")
    if random.random() < 0.4:
        one.ask("rename somebody else", "PATCH", f"{USERS}/records/{other.number}", json={"name": values.name(random)})


def office(random: Random, studio: Studio) -> None:
    asked = {"identity": ADMINISTRATOR[0], "password": ADMINISTRATOR[1]}
    desk = Person(studio.owner.client.user(), *ADMINISTRATOR)
    place = "/api/collections/_superusers/auth-with-password"
    desk.token = desk.client.ask("sign in as administrator", "POST", place, json=asked).take("token")
    desk.ask("all people", "GET", f"{USERS}/records", query={"sort": "created"}, reads=True)
    if random.random() < 0.6:
        desk.ask("verify somebody", "PATCH", f"{USERS}/records/{studio.other.number}", json={"verified": True})
    desk.ask("all projects", "GET", PROJECTS, query={"sort": "name", "perPage": 5}, reads=True)
    if random.random() < 0.4:
        studio.owner.ask("people, as one of them", "GET", f"{USERS}/records", reads=True)


def mistakes(random: Random, studio: Studio) -> None:
    owner, client = studio.owner, studio.owner.client
    place, one = studio.project(random), studio.task(random)
    named = {"name": values.title(random), "code": values.slug(random), "owner": owner.number}
    signed = {"email": values.email(random), "password": values.password(random)}
    json = {"Content-Type": "application/json", "Authorization": owner.token}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("tasks of nobody", "GET", TASKS, reads=True),
        lambda: client.ask("project of nobody", "POST", PROJECTS, json=named),
        lambda: owner.ask("no title", "POST", TASKS, json={"project": place, "hours": 3}),
        lambda: owner.ask("too many hours", "POST", TASKS, json={**todo(random, place), "hours": 900}),
        lambda: owner.ask("wrong label", "PATCH", f"{TASKS}/{one}", json={"labels": [values.word(random)]}),
        lambda: owner.ask("wrong stage", "PATCH", f"{PROJECTS}/{place}", json={"stage": values.word(random)}),
        lambda: owner.ask("short name", "POST", PROJECTS, json={**named, "name": "ab"}),
        lambda: owner.ask("code is taken", "POST", PROJECTS, json={**named, "code": studio.codes[place]}),
        lambda: owner.ask("bad code", "POST", PROJECTS, json={**named, "code": values.title(random)}),
        lambda: owner.ask("project of somebody", "POST", PROJECTS, json={**named, "owner": studio.other.number}),
        lambda: owner.ask("no such project", "POST", TASKS, json=todo(random, values.word(random))),
        lambda: owner.ask("no such task", "GET", f"{TASKS}/{values.slug(random)}"),
        lambda: owner.ask("no such collection", "GET", f"/api/collections/{values.word(random)}/records"),
        lambda: owner.ask("bad filter", "GET", TASKS, query={"filter": f"{values.word(random)}=3"}),
        lambda: client.ask("malformed", "POST", TASKS, content=b'{"title": ', headers=json),
        lambda: client.ask("passwords differ", "POST", f"{USERS}/records", json={**signed, "passwordConfirm": "x"}),
        lambda: client.ask("no email", "POST", f"{USERS}/records", json={"password": signed["password"]}),
        lambda: client.ask(
            "email is taken",
            "POST",
            f"{USERS}/records",
            json={**signed, "email": owner.email, "passwordConfirm": signed["password"]},
        ),
        lambda: client.ask(
            "wrong password",
            "POST",
            f"{USERS}/auth-with-password",
            json={"identity": owner.email, "password": values.password(random)},
        ),
        lambda: client.ask("no password", "POST", f"{USERS}/auth-with-password", json={"identity": owner.email}),
        lambda: owner.ask("collections, not allowed", "GET", "/api/collections"),
        lambda: studio.other.ask("task of another", "PATCH", f"{TASKS}/{one}", json={"done": True}),
    ]
    for way in random.sample(ways, random.randint(4, 7)):
        way()


def deleting(random: Random, studio: Studio) -> None:
    place, owner = studio.project(random), studio.owner
    if studio.tasks[place]:
        one = f"{TASKS}/{studio.tasks[place][0]}"
        owner.ask("delete a task", "DELETE", one)
        owner.ask("the task, deleted", "GET", one, reads=True)
    if random.random() < 0.6:
        owner.ask("delete the project", "DELETE", f"{PROJECTS}/{place}")
        owner.ask("the project, deleted", "GET", f"{PROJECTS}/{place}", reads=True)
        if studio.tasks[place][1:]:
            owner.ask("a task of it", "GET", f"{TASKS}/{studio.tasks[place][1]}", reads=True)
    owner.ask("tasks left", "GET", TASKS, query={"sort": "created"}, reads=True)
