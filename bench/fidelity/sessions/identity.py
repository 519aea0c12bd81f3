"""Sessions of identities: an administrator's users, groups, patches and filters, and what others may not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

ADMIN: Final = ("root", "correct-horse-7")
AUDITOR: Final = ("audra", "battery-staple-8")
USERS: Final = "/Users"
USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TITLES: Final = ("Engineer", "Designer", "Accountant", "Support", "Manager")


@dataclass(frozen=True)
class Caller:
    """One who signed in, with its token."""

    client: Client
    token: str

    def ask(self, label: str, method: str, path: str, json: object = None) -> Answered:
        """Change something."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/scim+json"}
        headers |= {"Content-Type": "application/scim+json"} if json is not None else {}
        return self.client.ask(label, method, path, json=json, headers=headers, reads=True)

    def read(self, label: str, path: str, /, **query: object) -> Answered:
        """Look at something."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/scim+json"}
        return self.client.ask(label, "GET", f"/scim/v2{path}", query=query or None, headers=headers, reads=True)

    def patch(self, label: str, path: str, *operations: dict[str, Any]) -> Answered:
        """Send the operations of a patch."""
        return self.ask(label, "PATCH", f"/scim/v2{path}", {"schemas": [PATCH], "Operations": list(operations)})


@dataclass(frozen=True)
class Person:
    """A user that was created: its path, name and password."""

    path: str
    name: str
    password: str

    @property
    def number(self) -> str:
        return self.path.rsplit("/", 1)[1]


def play(client: Client, random: Random) -> None:
    admin = sign_in(client, *ADMIN, "sign in as administrator")
    people = [create(admin, random) for _ in range(random.randint(2, 4))]
    kinds = [patching, patching, replacing, grouping, grouping, deactivating, filtering, paging, roles, removing]
    for kind in random.sample(kinds, random.randint(4, 6)):
        kind(admin, people, random)
    mistakes(admin, people, random)
    admin.read("all users", "/Users", count=random.choice([10, 20, 50]))
    if random.random() < 0.4:
        admin.ask("sign out", "DELETE", "/auth/token")
        admin.read("users when signed out", "/Users")


def sign_in(client: Client, name: str, password: str, label: str) -> Caller:
    asked = {"username": name, "password": password}
    return Caller(client, client.ask(label, "POST", "/auth/token", json=asked).take("access_token"))


def details(random: Random) -> dict[str, Any]:
    first, last = values.name(random).split(" ", 1)
    asked: dict[str, Any] = {"name": {"givenName": first, "familyName": last}}
    if random.random() < 0.6:
        asked["emails"] = [{"value": values.email(random), "type": "work", "primary": True}]
    if random.random() < 0.5:
        asked["displayName"] = f"{first} {last}"
    if random.random() < 0.5:
        asked["title"] = random.choice(TITLES)
    if random.random() < 0.3:
        asked["externalId"] = f"emp-{random.randint(1000, 99999)}"
    return asked


def create(admin: Caller, random: Random, label: str = "create a user", **more: object) -> Person:
    name, password = values.login(random), values.password(random)
    asked = {"schemas": [USER], "userName": name, "password": password, **details(random), **more}
    number = admin.ask(label, "POST", "/scim/v2/Users", asked).take("id")
    return Person(f"{USERS}/{number}", name, password)


def patching(admin: Caller, people: list[Person], random: Random) -> None:
    person = random.choice(people)
    ways: list[dict[str, Any]] = [
        {"op": "replace", "path": "title", "value": random.choice(TITLES)},
        {"op": "replace", "path": "displayName", "value": values.name(random)},
        {"op": "replace", "path": "name.familyName", "value": random.choice(values.LAST)},
        {"op": "add", "path": "emails", "value": [{"value": values.email(random), "type": "home"}]},
        {"op": "replace", "value": {"title": random.choice(TITLES), "externalId": f"emp-{random.randint(10, 999)}"}},
        {"op": "remove", "path": "title"},
    ]
    admin.patch("patch a user", person.path, *random.sample(ways, random.randint(1, 2)))
    admin.read("the patched user", person.path)
    if random.random() < 0.5:
        admin.patch("patch it again", person.path, random.choice(ways))


def replacing(admin: Caller, people: list[Person], random: Random) -> None:
    person = random.choice(people)
    asked = {"schemas": [USER], "userName": person.name, **details(random)}
    admin.ask("replace a user", "PUT", f"/scim/v2{person.path}", asked)
    admin.read("the replaced user", person.path)
    if random.random() < 0.4:
        taken = {**asked, "userName": ADMIN[0]}
        admin.ask("replace its name by one taken", "PUT", f"/scim/v2{person.path}", taken)


def create_group(admin: Caller, random: Random, people: list[Person]) -> str:
    asked: dict[str, Any] = {"schemas": [GROUP], "displayName": values.title(random)}
    if people:
        asked["members"] = [{"value": one.number} for one in people]
    return f"/Groups/{admin.ask('create a group', 'POST', '/scim/v2/Groups', asked).take('id')}"


def grouping(admin: Caller, people: list[Person], random: Random) -> None:
    first, *rest = random.sample(people, len(people))
    path = create_group(admin, random, random.choice([[first], []]))
    added = [{"value": one.number} for one in rest[: random.randint(1, 2)]]
    admin.patch("add members", path, {"op": "add", "path": "members", "value": added})
    if random.random() < 0.6:
        gone = added[0]["value"] if random.random() < 0.6 else first.number
        admin.patch("remove a member", path, {"op": "remove", "path": f'members[value eq "{gone}"]'})
    if random.random() < 0.3:
        admin.patch("rename a group", path, {"op": "replace", "value": {"displayName": values.title(random)}})
    admin.read("the group", path)
    admin.read("a member with its groups", rest[0].path)
    if random.random() < 0.5:
        admin.read("groups", "/Groups")
    if random.random() < 0.4:
        admin.ask("delete a group", "DELETE", f"/scim/v2{path}")
        admin.read("the deleted group", path)


def deactivating(admin: Caller, people: list[Person], random: Random) -> None:
    person = random.choice(people)
    member = sign_in(admin.client.user(), person.name, person.password, "sign in as a member")
    member.read("who am I", "/Me")
    off = {"op": "replace", "path": "active", "value": False}
    admin.patch("deactivate", person.path, random.choice([off, {"op": "replace", "value": {"active": False}}]))
    member.read("who am I when deactivated", "/Me")
    asked = {"username": person.name, "password": person.password}
    member.client.ask("sign in when deactivated", "POST", "/auth/token", json=asked)
    admin.read("who is not active", "/Users", filter="active eq false")
    if len(people) > 2 and random.random() < 0.5:
        people.remove(person)  # it stays as it is, and nobody signs in as it
    else:
        admin.patch("activate", person.path, {**off, "value": True})
        sign_in(member.client, person.name, person.password, "sign in again").read("who am I again", "/Me")


def filtering(admin: Caller, people: list[Person], random: Random) -> None:
    person = random.choice(people)
    admin.read("find by name", "/Users", filter=f'userName eq "{random.choice([person.name, person.name.upper()])}"')
    ways = [
        f'userName sw "{person.name[:3]}"',
        f'title eq "{random.choice(TITLES)}"',
        "externalId pr",
        'emails.value co "example.org"',
        'active eq true and userName ne "root"',
        f'userName eq "{values.login(random)}"',
    ]
    for way in random.sample(ways, random.randint(1, 3)):
        admin.read("find", "/Users", filter=way)
    if random.random() < 0.4:
        admin.read("find some attributes", "/Users", filter=ways[0], attributes="userName,active")
    if random.random() < 0.4:
        admin.read("a filter that is none", "/Users", filter="userName like ada")


def paging(admin: Caller, people: list[Person], random: Random) -> None:
    people.extend([create(admin, random) for _ in range(random.randint(1, 2))])
    more = random.choice([{}, {"sortBy": "userName"}, {"sortBy": "userName", "sortOrder": "descending"}])
    each, start = random.randint(2, 3), 1
    for _ in range(random.randint(2, 3)):
        page = admin.read("page of users", "/Users", startIndex=start, count=each, **more)
        start += each
        if start > (page.find("totalResults") or 0):
            break


def roles(admin: Caller, people: list[Person], random: Random) -> None:
    person = random.choice(people)
    member = sign_in(admin.client.user(), person.name, person.password, "sign in as a member")
    member.read("own user", person.path)
    member.read("users as a member", "/Users")
    if random.random() < 0.5:
        other = next(one for one in people if one is not person)
        member.read("another user as a member", other.path)
    promotion = {"op": "replace", "path": "roles", "value": [{"value": "auditor", "primary": True}]}
    if random.random() < 0.6:
        admin.patch("make it an auditor", person.path, promotion)
        member.read("groups as an auditor", "/Groups")
        member.ask("delete as an auditor", "DELETE", f"/scim/v2{people[0].path}")


def removing(admin: Caller, people: list[Person], random: Random) -> None:
    person = create(admin, random, "create a user to delete")
    path = create_group(admin, random, [person, people[0]])
    admin.ask("delete a user", "DELETE", f"/scim/v2{person.path}")
    admin.read("the deleted user", person.path)
    admin.read("the group without it", path)
    if random.random() < 0.5:
        asked = {"username": person.name, "password": person.password}
        admin.client.ask("sign in when deleted", "POST", "/auth/token", json=asked)


def mistakes(admin: Caller, people: list[Person], random: Random) -> None:
    client, person, nobody = admin.client, random.choice(people), f"{random.getrandbits(128):032x}"
    wrong = {"username": person.name, "password": values.password(random)}
    taken = {"schemas": [USER], "userName": person.name}
    stranger = Caller(client, f"{random.getrandbits(160):040x}")

    def auditing() -> None:
        auditor = sign_in(client.user(), *AUDITOR, "sign in as auditor")
        auditor.read("users as auditor", "/Users", count=5)
        auditor.ask("create as auditor", "POST", "/scim/v2/Users", {**taken, "userName": values.login(random)})

    ways: list[Callable[[], object]] = [
        lambda: admin.ask("a name taken", "POST", "/scim/v2/Users", taken),
        lambda: admin.ask("no name", "POST", "/scim/v2/Users", {"schemas": [USER], "title": "Nobody"}),
        lambda: admin.ask("a role unknown", "POST", "/scim/v2/Users", {**taken, "userName": "ok", "roles": []}),
        lambda: admin.ask("no group name", "POST", "/scim/v2/Groups", {"schemas": [GROUP]}),
        lambda: admin.read("no such user", f"{USERS}/{nobody}"),
        lambda: admin.read("no such group", f"/Groups/{nobody}"),
        lambda: admin.patch("an unknown member", f"{USERS}/{nobody}", {"op": "remove", "path": "title"}),
        lambda: admin.patch("an unknown operation", person.path, {"op": "merge", "path": "title", "value": "x"}),
        lambda: admin.patch("an unknown path", person.path, {"op": "replace", "path": "shoeSize", "value": 44}),
        lambda: admin.ask("no patch", "PATCH", f"/scim/v2{person.path}", {"title": "x"}),
        lambda: client.ask("a wrong password", "POST", "/auth/token", json=wrong),
        lambda: client.ask("without a token", "GET", "/scim/v2/Users"),
        lambda: stranger.read("a wrong token", "/Users"),
        lambda: client.ask(
            "no JSON", "POST", "/scim/v2/Users", content=b"{", headers={"Authorization": f"Bearer {admin.token}"}
        ),
        auditing,
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
