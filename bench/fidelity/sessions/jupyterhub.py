"""Sessions of JupyterHub: its desk makes users and groups, users take tokens and name servers, pages, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client
from bench.fidelity.upstreams.jupyterhub import DESK

API = "/hub/api"
AUTH = {"Authorization": f"token {DESK}"}
PAGES = {**AUTH, "Accept": "application/jupyterhub-pagination+json"}
SCOPES = ("read:users!user", "read:servers!user", "read:tokens!user", "tokens!user")


@dataclass
class User:
    """An account, with what it sends to be known once it took a token."""

    name: str
    auth: dict[str, str] = field(default_factory=dict)
    token: str = ""


@dataclass
class Hub:
    """What a session has made so far."""

    users: list[User] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def known(self, random: Random) -> User:
        return random.choice([one for one in self.users if one.auth])


def play(client: Client, random: Random) -> None:
    hub = Hub()
    for _ in range(random.randint(1, 2)):
        user(client, random, hub)
    users(client, random, hub)
    token(client, random, hub.users[0])
    group(client, random, hub)
    kinds = [members, properties, tokens, servers, listing, paging, changing, myself, deleting, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(5, 7)]:
        kind(client, random, hub)
    client.ask("users at the end", "GET", f"{API}/users", headers=AUTH, reads=True)
    if random.random() < 0.5:
        client.ask("groups at the end", "GET", f"{API}/groups", headers=AUTH, reads=True)


def user(client: Client, random: Random, hub: Hub) -> None:
    one = User(values.login(random))
    asked = {"admin": True} if random.random() < 0.25 else None
    client.ask("new user", "POST", f"{API}/users/{one.name}", json=asked, headers=AUTH)
    hub.users.append(one)
    if random.random() < 0.5:
        client.ask("the user", "GET", f"{API}/users/{one.name}", headers=AUTH, reads=True)


def users(client: Client, random: Random, hub: Hub) -> None:
    names = [values.login(random) for _ in range(random.randint(2, 4))]
    if random.random() < 0.3:
        # One that is there already is left out of what is made.
        names.insert(random.randint(0, 1), hub.users[0].name)
    client.ask("new users", "POST", f"{API}/users", json={"usernames": names}, headers=AUTH)
    hub.users += [User(name) for name in names if name != hub.users[0].name]


def token(client: Client, random: Random, one: User) -> None:
    asked: dict[str, object] = {"note": values.title(random)}
    if random.random() < 0.4:
        asked["expires_in"] = random.choice([600, 3600, 86400])
    made = client.ask("new token", "POST", f"{API}/users/{one.name}/tokens", json=asked, headers=AUTH)
    one.token = made.take("id")
    one.auth = {"Authorization": f"token {made.take('token')}"}


def group(client: Client, random: Random, hub: Hub) -> None:
    name = values.slug(random)
    asked: dict[str, object] = {}
    if random.random() < 0.7:
        asked["users"] = [one.name for one in random.sample(hub.users, random.randint(1, 2))]
    client.ask("new group", "POST", f"{API}/groups/{name}", json=asked, headers=AUTH)
    hub.groups.append(name)
    if random.random() < 0.4:
        client.ask("the group", "GET", f"{API}/groups/{name}", headers=AUTH, reads=True)


def members(client: Client, random: Random, hub: Hub) -> None:
    name = random.choice(hub.groups)
    joining = [one.name for one in random.sample(hub.users, random.randint(1, 2))]
    path = f"{API}/groups/{name}/users"
    client.ask("add to the group", "POST", path, json={"users": joining}, headers=AUTH, reads=True)
    client.ask("a member", "GET", f"{API}/users/{joining[0]}", headers=AUTH, reads=True)
    if random.random() < 0.7:
        leaving = [random.choice(joining)]
        client.ask("remove from the group", "DELETE", path, json={"users": leaving}, headers=AUTH, reads=True)
        client.ask("the group with fewer", "GET", f"{API}/groups/{name}", headers=AUTH, reads=True)
    if random.random() < 0.5:
        group(client, random, hub)
        client.ask("groups", "GET", f"{API}/groups", headers=AUTH, reads=True)


def properties(client: Client, random: Random, hub: Hub) -> None:
    path = f"{API}/groups/{random.choice(hub.groups)}"
    asked: dict[str, object] = {"room": random.randint(1, 40)}
    if random.random() < 0.6:
        asked["city"] = random.choice(values.CITIES)
    client.ask("properties of the group", "PUT", f"{path}/properties", json=asked, headers=AUTH, reads=True)
    client.ask("the group with its properties", "GET", path, headers=AUTH, reads=True)
    if random.random() < 0.3:
        client.ask("other properties", "PUT", f"{path}/properties", json={}, headers=AUTH, reads=True)


def tokens(client: Client, random: Random, hub: Hub) -> None:
    one = random.choice(hub.users)
    path = f"{API}/users/{one.name}/tokens"
    asked: dict[str, object] = {"note": values.title(random)}
    if random.random() < 0.6:
        asked["scopes"] = [random.choice(SCOPES)]
    made = client.ask("another token", "POST", path, json=asked, headers=AUTH)
    number, auth = made.take("id"), {"Authorization": f"token {made.take('token')}"}
    client.ask("tokens of the user", "GET", path, headers=AUTH, reads=True)
    client.ask("that token", "GET", f"{path}/{number}", headers=AUTH, reads=True)
    client.user().ask("who has that token", "GET", f"{API}/user", headers=auth, reads=True)
    if random.random() < 0.6:
        client.ask("revoke that token", "DELETE", f"{path}/{number}", headers=AUTH)
        client.ask("that token, revoked", "GET", f"{path}/{number}", headers=AUTH, reads=True)
        if random.random() < 0.7:
            client.user().ask("ask with the revoked token", "GET", f"{API}/user", headers=auth, reads=True)


def servers(client: Client, random: Random, hub: Hub) -> None:
    one = hub.known(random)
    auth = random.choice([AUTH, one.auth])
    path = f"{API}/users/{one.name}/servers"
    names = [values.slug(random) for _ in range(random.randint(1, 2))]
    for name in names:
        asked = {"display_name": values.title(random)} if random.random() < 0.7 else {}
        if random.random() < 0.4:
            asked |= {"user_options": {"image": values.word(random)}}  # type: ignore[dict-item]
        client.ask("new server", "PUT", f"{path}/{name}", json=asked, headers=auth)
    client.ask("the server", "GET", f"{path}/{names[0]}", headers=auth, reads=True)
    if random.random() < 0.4:
        client.ask("the server again", "PUT", f"{path}/{names[0]}", json={}, headers=auth)
    if random.random() < 0.5:
        asked = {"display_name": values.title(random)}
        client.ask("another name to show", "PATCH", f"{path}/{names[0]}", json=asked, headers=auth, reads=True)
        client.ask("the server so shown", "GET", f"{path}/{names[0]}", headers=auth, reads=True)
    if random.random() < 0.5:
        query = {"include_stopped_servers": "1"}
        client.ask("the user with servers", "GET", f"{API}/users/{one.name}", query=query, headers=AUTH, reads=True)
    if random.random() < 0.6:
        client.ask("remove the server", "DELETE", f"{path}/{names[0]}", json={"remove": True}, headers=auth)
        client.ask("the server, removed", "GET", f"{path}/{names[0]}", headers=auth, reads=True)


def listing(client: Client, random: Random, hub: Hub) -> None:
    client.ask("users", "GET", f"{API}/users", headers=AUTH, reads=True)
    sort = random.choice(["name", "-name", "id", "-id"])
    client.ask("users sorted", "GET", f"{API}/users", query={"sort": sort}, headers=AUTH, reads=True)
    part = random.choice(hub.users).name[: random.randint(2, 4)]
    client.ask("users by name", "GET", f"{API}/users", query={"name_filter": part}, headers=AUTH, reads=True)
    if random.random() < 0.4:
        query = {"state": random.choice(["active", "inactive"])}
        client.ask("users by state", "GET", f"{API}/users", query=query, headers=AUTH, reads=True)


def paging(client: Client, random: Random, hub: Hub) -> None:
    size = random.choice([2, 3])
    query: dict[str, object] = {"limit": size}
    if random.random() < 0.5:
        query["sort"] = random.choice(["name", "-name"])
    page = client.ask("first page", "GET", f"{API}/users", query=query, headers=PAGES, reads=True)
    if len(hub.users) >= size:
        link = page.take("_pagination", "next", "url")
        client.ask("next page", "GET", link, headers=PAGES, reads=True)
    if random.random() < 0.4:
        query = {"offset": random.randint(1, 3), "limit": 2}
        client.ask("some page", "GET", f"{API}/users", query=query, headers=PAGES, reads=True)
    if random.random() < 0.3:
        client.ask("page of groups", "GET", f"{API}/groups", query={"limit": 1}, headers=PAGES, reads=True)


def changing(client: Client, random: Random, hub: Hub) -> None:
    one = random.choice(hub.users)
    path = f"{API}/users/{one.name}"
    if random.random() < 0.5:
        asked: dict[str, object] = {"admin": random.random() < 0.6}
        client.ask("make an administrator or not", "PATCH", path, json=asked, headers=AUTH, reads=True)
    else:
        former, one.name = one.name, values.login(random)
        client.ask("rename", "PATCH", path, json={"name": one.name}, headers=AUTH, reads=True)
        client.ask("the former name", "GET", f"{API}/users/{former}", headers=AUTH, reads=True)
    client.ask("the user, changed", "GET", f"{API}/users/{one.name}", headers=AUTH, reads=True)


def myself(client: Client, random: Random, hub: Hub) -> None:
    one, mine = hub.known(random), client.user()
    mine.ask("who am i", "GET", f"{API}/user", headers=one.auth, reads=True)
    others = [other for other in hub.users if other is not one]
    mine.ask("my account", "GET", f"{API}/users/{one.name}", headers=one.auth, reads=True)
    mine.ask("the account of another", "GET", f"{API}/users/{random.choice(others).name}", headers=one.auth)
    if random.random() < 0.5:
        mine.ask("users as a user", "GET", f"{API}/users", headers=one.auth, reads=True)
    if random.random() < 0.5:
        mine.ask("new user as a user", "POST", f"{API}/users/{values.login(random)}", headers=one.auth)
    if random.random() < 0.5:
        mine.ask("my tokens", "GET", f"{API}/users/{one.name}/tokens", headers=one.auth, reads=True)


def deleting(client: Client, random: Random, hub: Hub) -> None:
    # The first has the token that other steps need.
    one = random.choice(hub.users[1:])
    hub.users.remove(one)
    path = f"{API}/users/{one.name}"
    client.ask("delete the user", "DELETE", path, headers=AUTH)
    client.ask("the user, deleted", "GET", path, headers=AUTH, reads=True)
    if random.random() < 0.4:
        client.ask("delete the user again", "DELETE", path, headers=AUTH)
    if one.auth and random.random() < 0.5:
        client.user().ask("ask as a deleted user", "GET", f"{API}/user", headers=one.auth)
    if len(hub.groups) > 1 or random.random() < 0.3:
        path = f"{API}/groups/{hub.groups[-1]}"
        client.ask("delete the group", "DELETE", path, headers=AUTH)
        client.ask("the group, deleted", "GET", path, headers=AUTH, reads=True)
        hub.groups.pop()
        group(client, random, hub)


def mistakes(client: Client, random: Random, hub: Hub) -> None:
    one, name = random.choice(hub.users), values.login(random)
    path, group = f"{API}/users/{one.name}", f"{API}/groups/{random.choice(hub.groups)}"
    wrong = {"Authorization": f"token {random.getrandbits(128):032x}"}
    scopes = {"scopes": [f"read:{values.word(random)}"]}
    json = {"Content-Type": "application/json"}
    size = {"limit": values.word(random)}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no token", "GET", f"{API}/users"),
        lambda: client.ask("a wrong token", "GET", path, headers=wrong),
        lambda: client.ask("no such user", "GET", f"{API}/users/{name}", headers=AUTH),
        lambda: client.ask("the user again", "POST", path, headers=AUTH),
        lambda: client.ask("no names", "POST", f"{API}/users", json={"usernames": []}, headers=AUTH),
        lambda: client.ask("all there already", "POST", f"{API}/users", json={"usernames": [one.name]}, headers=AUTH),
        lambda: client.ask("no such member", "POST", f"{group}/users", json={"users": [name]}, headers=AUTH),
        lambda: client.ask("nobody to add", "POST", f"{group}/users", json={}, headers=AUTH),
        lambda: client.ask("no such group", "GET", f"{API}/groups/{values.slug(random)}", headers=AUTH),
        lambda: client.ask("the group again", "POST", group, json={}, headers=AUTH),
        lambda: client.ask("no such scope", "POST", f"{path}/tokens", json=scopes, headers=AUTH),
        lambda: client.ask("no such token", "GET", f"{path}/tokens/a{random.randint(900, 999)}", headers=AUTH),
        lambda: client.ask("an unknown key", "PATCH", path, json={values.word(random): 1}, headers=AUTH),
        lambda: client.ask("malformed", "POST", f"{API}/users", content=b'{"usernames": [', headers={**AUTH, **json}),
        lambda: client.ask("a bad sort", "GET", f"{API}/users", query={"sort": values.word(random)}, headers=AUTH),
        lambda: client.ask("a bad limit", "GET", f"{API}/users", query=size, headers=PAGES),
        lambda: client.ask("no such page", "GET", f"{API}/{values.word(random)}", headers=AUTH),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
