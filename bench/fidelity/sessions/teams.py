"""Sessions of an organisation's team: signing up, inviting, roles, projects, API keys, the log, handing over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


@dataclass(slots=True)
class Person:
    """Somebody with an account: a client of its own, and what it signs in with."""

    client: Client
    email: str
    password: str
    token: str = ""
    id: str = ""

    def ask(self, label: str, method: str, path: str, *, json: object = None, reads: bool = False) -> Answered:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.ask(label, method, path, json=json, reads=reads, headers=headers)


@dataclass(slots=True)
class Team:
    """An organisation as its owner's browser sees it."""

    client: Client
    random: Random
    owner: Person
    org: str = ""
    members: list[Person] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)


def play(client: Client, random: Random) -> None:
    team = Team(client, random, joined(client, random, "sign up"))
    found(team)
    for role in random.choice([["admin"], ["admin", "member"], ["viewer"], ["member", "viewer"]]):
        enter(team, role)
    kinds = [projects, projects, trash, inviting, roles, keys, settings, signing, expiring, renaming]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(team)
    team.owner.ask("members", "GET", f"{team.org}/members", reads=True)
    if random.random() < 0.6:
        audit(team)
    if random.random() < 0.4:
        hand_over(team)
    elif random.random() < 0.4:
        leave(team)
    mistakes(team)


def joined(client: Client, random: Random, label: str, email: str = "") -> Person:
    person = Person(client, email or values.email(random), values.password(random))
    asked = {"email": person.email, "password": person.password, "name": values.name(random)}
    made = client.ask(label, "POST", "/v1/signup", json=asked)
    person.token, person.id = made.take("access_token"), made.take("user", "id")
    return person


def found(team: Team) -> None:
    random = team.random
    asked = {"name": f"{values.title(random)} {random.randint(1, 999)}"}
    if random.random() < 0.4:
        asked["slug"] = values.slug(random)
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    made = team.owner.ask("found an organisation", "POST", "/v1/orgs", json=asked)
    team.org = f"/v1/orgs/{made.take('slug')}"
    if random.random() < 0.4:
        team.owner.ask("the organisation", "GET", team.org, reads=True)


def invite(team: Team, email: str, role: str, label: str = "invite", **more: object) -> Answered:
    return team.owner.ask(
        label, "POST", f"{team.org}/invitations", json={"email": email, "role": role, **more}, reads=True
    )


def enter(team: Team, role: str) -> None:
    random = team.random
    email = values.email(random)
    token = invite(team, email, role).take("token")
    path = f"/v1/invitations/{token}"
    if random.random() < 0.5:
        team.client.ask("look at the invitation", "GET", path, reads=True)
    person = joined(team.client.user(), random, "the invited sign up", email)
    person.ask("accept", "POST", f"{path}/accept", reads=True)
    team.members.append(person)
    if random.random() < 0.3:
        person.ask("accept again", "POST", f"{path}/accept", reads=True)
    if random.random() < 0.4:
        person.ask("my memberships", "GET", "/v1/me", reads=True)
    if random.random() < 0.3:
        person.ask("my organisations", "GET", "/v1/orgs", reads=True)


def project(team: Team, who: Person, label: str = "new project") -> Answered:
    random = team.random
    asked: dict[str, object] = {"name": f"{values.title(random)} {random.randint(1, 99)}"}
    if random.random() < 0.5:
        asked["tags"] = random.sample(values.WORDS, random.randint(1, 3))
    if random.random() < 0.4:
        asked["visibility"] = random.choice(["private", "internal", "public"])
    made = who.ask(label, "POST", f"{team.org}/projects", json=asked, reads=True)
    if made.status == 201:
        team.projects.append(made.take("id"))
    return made


def some_project(team: Team) -> str:
    if not team.projects:
        made = project(team, team.owner)
        return f"{team.org}/projects/{made.take('id')}"
    return f"{team.org}/projects/{team.random.choice(team.projects)}"


def projects(team: Team) -> None:
    random = team.random
    who = random.choice([team.owner, *team.members])
    for _ in range(random.randint(1, 2)):
        project(team, who)
    path = some_project(team)
    changes: dict[str, object] = random.choice(
        [{"name": values.title(random)}, {"visibility": random.choice(["internal", "public"])}, {"tags": ["core"]}]
    )
    who.ask("change a project", "PATCH", path, json=changes, reads=True)
    if random.random() < 0.5:
        team.owner.ask("the project", "GET", path, reads=True)
    team.owner.ask("projects", "GET", f"{team.org}/projects", reads=True)


def trash(team: Team) -> None:
    random, path = team.random, some_project(team)
    team.owner.ask("delete a project", "DELETE", path)
    team.owner.ask("the deleted project", "GET", path, reads=True)
    if random.random() < 0.6:
        team.owner.ask("the bin", "GET", f"{team.org}/projects?deleted=true", reads=True)
    if random.random() < 0.6:
        team.owner.ask("restore", "POST", f"{path}/restore", reads=True)
        team.owner.ask("projects after", "GET", f"{team.org}/projects", reads=True)
        if random.random() < 0.4:
            team.owner.ask("restore again", "POST", f"{path}/restore", reads=True)
    else:
        team.projects.remove(path.rpartition("/")[2])
        if random.random() < 0.5:
            team.owner.ask("change a deleted project", "PATCH", path, json={"tags": []}, reads=True)


def inviting(team: Team) -> None:
    random, email = team.random, values.email(team.random)
    made = invite(team, email, random.choice(["member", "viewer"]))
    if random.random() < 0.5:
        invite(team, email, "member", "invite again")
    if random.random() < 0.4:
        invite(team, random.choice(team.members).email, "viewer", "invite a member")
    listed = f"{team.org}/invitations"
    team.owner.ask("invitations", "GET", listed, reads=True)
    if random.random() < 0.6:
        team.owner.ask("revoke", "DELETE", f"{listed}/{made.take('id')}")
        team.client.ask("look at a revoked one", "GET", f"/v1/invitations/{made.take('token')}", reads=True)
        if random.random() < 0.5:
            team.owner.ask("revoke again", "DELETE", f"{listed}/{made.take('id')}", reads=True)
    status = random.choice(["pending", "accepted", "revoked"])
    team.owner.ask("invitations of a status", "GET", f"{listed}?status={status}", reads=True)


def expiring(team: Team) -> None:
    random, email = team.random, values.email(team.random)
    token = invite(team, email, "member", "invite for no time", expires_in_hours=0).take("token")
    person = joined(team.client.user(), random, "the late one signs up", email)
    person.ask("accept too late", "POST", f"/v1/invitations/{token}/accept", reads=True)
    if random.random() < 0.5:
        team.client.ask("look at a late one", "GET", f"/v1/invitations/{token}", reads=True)
    if random.random() < 0.5:
        again = invite(team, email, "viewer", "invite once more").take("token")
        team.owner.ask("accept for another", "POST", f"/v1/invitations/{again}/accept", reads=True)
        person.ask("accept", "POST", f"/v1/invitations/{again}/accept", reads=True)
        team.members.append(person)


def roles(team: Team) -> None:
    random, who = team.random, team.random.choice(team.members)
    path = f"{team.org}/members/{who.id}"
    for role in random.sample(["admin", "member", "viewer"], random.randint(1, 2)):
        team.owner.ask("change a role", "PATCH", path, json={"role": role}, reads=True)
    if random.random() < 0.5:
        who.ask("rename as I may", "PATCH", team.org, json={"description": values.sentence(random)}, reads=True)
    if random.random() < 0.5:
        project(team, who, "new project as I may")
    if random.random() < 0.4:
        who.ask("demote the owner", "PATCH", f"{team.org}/members/{team.owner.id}", json={"role": "viewer"})
    if random.random() < 0.3:
        team.owner.ask("make an owner", "PATCH", path, json={"role": random.choice(["owner", "boss"])})
    role = random.choice(["admin", "viewer", "member"])
    team.owner.ask("members of a role", "GET", f"{team.org}/members?role={role}", reads=True)


def keys(team: Team) -> None:
    random, path = team.random, f"{team.org}/api-keys"
    scopes = random.choice([["projects:read"], ["projects:read", "projects:write"], ["members:read"]])
    made = team.owner.ask("new key", "POST", path, json={"name": values.slug(random), "scopes": scopes})
    header = {"X-API-Key": made.take("secret")}
    team.client.ask("projects by key", "GET", f"{team.org}/projects", headers=header, reads=True)
    asked = {"name": f"{values.title(random)} {random.randint(100, 999)}"}
    added = team.client.ask("project by key", "POST", f"{team.org}/projects", json=asked, headers=header, reads=True)
    if added.status == 201:
        team.projects.append(added.take("id"))
    if random.random() < 0.6:
        team.owner.ask("keys", "GET", path, reads=True)
    if random.random() < 0.6:
        team.owner.ask("revoke the key", "DELETE", f"{path}/{made.take('id')}")
        team.client.ask("projects by a revoked key", "GET", f"{team.org}/projects", headers=header, reads=True)
        team.owner.ask("keys after", "GET", path, reads=True)


def settings(team: Team) -> None:
    random, who = team.random, team.random.choice([team.owner, *team.members])
    path = "/v1/me/notifications"
    if random.random() < 0.6:
        who.ask("my settings", "GET", path, reads=True)
    changes: list[dict[str, object]] = [
        {"digest": random.choice(["off", "daily", "weekly"])},
        {"email": {random.choice(["newsletter", "invitations", "security"]): random.random() < 0.5}},
        {"quiet_hours": {"from": f"{random.randint(18, 23)}:00", "to": f"0{random.randint(5, 9)}:00"}},
        {"digest": values.word(random)},
        {values.word(random): True},
    ]
    for change in random.sample(changes, random.randint(1, 2)):
        who.ask("change my settings", "PATCH", path, json=change, reads=True)
    who.ask("my settings after", "GET", path, reads=True)


def signing(team: Team) -> None:
    random, who = team.random, team.random.choice(team.members)
    if random.random() < 0.6:
        wrong = {"email": who.email, "password": values.password(random)}
        who.client.ask("a wrong password", "POST", "/v1/sessions", json=wrong)
    if random.random() < 0.6:
        who.ask("sign out", "DELETE", "/v1/sessions/current")
        who.ask("me when signed out", "GET", "/v1/me", reads=True)
    asked = {"email": who.email, "password": who.password}
    who.token = who.client.ask("sign in", "POST", "/v1/sessions", json=asked).take("access_token")
    who.ask("me", "GET", "/v1/me", reads=True)


def renaming(team: Team) -> None:
    random, who = team.random, team.random.choice([team.owner, *team.members])
    changes = random.choice([{"name": values.title(random)}, {"description": values.sentence(random)}, {"name": " "}])
    who.ask("change the organisation", "PATCH", team.org, json=changes, reads=True)
    team.owner.ask("the organisation after", "GET", team.org, reads=True)


def audit(team: Team) -> None:
    random, path = team.random, f"{team.org}/audit-log"
    page = team.owner.ask("the log", "GET", f"{path}?limit={random.randint(2, 5)}", reads=True)
    if page.find("has_more") and random.random() < 0.7:
        team.owner.ask("the log on", "GET", f"{path}?limit=5&after={page.take('next_cursor')}", reads=True)
    if random.random() < 0.5:
        action = random.choice(["member.joined", "invitation.created", "project.created", "api_key.created"])
        team.owner.ask("the log of an action", "GET", f"{path}?action={action}", reads=True)
    if random.random() < 0.4:
        random.choice(team.members).ask("the log as I may", "GET", path, reads=True)


def hand_over(team: Team) -> None:
    random, heir, path = team.random, team.random.choice(team.members), f"{team.org}/transfer"
    if random.random() < 0.4:
        team.owner.ask(
            "hand over unproved", "POST", path, json={"user_id": heir.id, "password": values.password(random)}
        )
    asked = {"user_id": heir.id, "password": team.owner.password}
    team.owner.ask("hand over", "POST", path, json=asked, reads=True)
    if random.random() < 0.6:
        team.owner.ask("hand over again", "POST", path, json=asked, reads=True)
    heir.ask("members after", "GET", f"{team.org}/members", reads=True)
    team.owner.ask("the organisation handed over", "GET", team.org, reads=True)


def leave(team: Team) -> None:
    random, who = team.random, team.random.choice(team.members)
    path = f"{team.org}/members/{who.id}"
    random.choice([who, team.owner]).ask("leave or be removed", "DELETE", path)
    who.ask("the organisation from outside", "GET", team.org, reads=True)
    team.owner.ask("members left", "GET", f"{team.org}/members", reads=True)


def mistakes(team: Team) -> None:
    random, owner, client = team.random, team.owner, team.client
    account = {"email": values.email(random), "password": values.password(random), "name": values.name(random)}
    nobody = f"usr_{random.getrandbits(60):015x}"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no token", "GET", team.org),
        lambda: client.ask("a bad token", "GET", "/v1/me", headers={"Authorization": f"Bearer {values.slug(random)}"}),
        lambda: client.ask("the same email", "POST", "/v1/signup", json=account | {"email": owner.email}),
        lambda: client.ask("a short password", "POST", "/v1/signup", json=account | {"password": "short"}),
        lambda: client.ask("no email", "POST", "/v1/signup", json=account | {"email": values.word(random)}),
        lambda: client.ask("nothing", "POST", "/v1/signup", json={}),
        lambda: client.ask(
            "broken", "POST", "/v1/signup", content=b'{"email": ', headers={"Content-Type": "application/json"}
        ),
        lambda: owner.ask("the slug again", "POST", "/v1/orgs", json={"name": "x", "slug": team.org[9:]}),
        lambda: owner.ask("a bad slug", "POST", "/v1/orgs", json={"name": "x", "slug": values.title(random) + "!"}),
        lambda: owner.ask("no such organisation", "GET", f"/v1/orgs/{values.slug(random)}", reads=True),
        lambda: owner.ask("no such member", "GET", f"{team.org}/members/{nobody}", reads=True),
        lambda: owner.ask("no such invitation", "GET", f"/v1/invitations/{random.getrandbits(160):040x}"),
        lambda: invite(team, values.email(random), random.choice(["owner", "guest"]), "invite as nothing"),
        lambda: owner.ask("an unnamed project", "POST", f"{team.org}/projects", json={"tags": ["a"]}, reads=True),
        lambda: owner.ask("a key for all", "POST", f"{team.org}/api-keys", json={"name": "a", "scopes": ["all"]}),
        lambda: owner.ask("a bad limit", "GET", f"{team.org}/audit-log?limit={random.choice([0, 51, 900])}"),
        lambda: owner.ask("leave as the owner", "DELETE", f"{team.org}/members/{owner.id}"),
        lambda: owner.ask("close it", "DELETE", team.org, reads=True),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
