"""Sessions of a Matrix homeserver: people register, make rooms, invite, write, redact, rename, leave, make mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

V3: Final = "/_matrix/client/v3"
SERVER: Final = "studio.example"


@dataclass
class Person:
    """One who is registered, with the token of the device in use."""

    client: Client
    login: str
    secret: str
    number: str = ""
    token: str = ""
    device: str = ""

    def ask(self, label: str, method: str, path: str, **more: Any) -> Answered:
        return self.client.ask(label, method, V3 + path, headers={"Authorization": f"Bearer {self.token}"}, **more)

    @property
    def own(self) -> str:
        return f"/user/{quote(self.number)}"


@dataclass
class Place:
    """A room, who is in it, and the messages written so far."""

    number: str
    owner: Person
    other: Person
    messages: list[str] = field(default_factory=list)
    alias: str = ""

    @property
    def path(self) -> str:
        return f"/rooms/{quote(self.number)}"


def play(client: Client, random: Random) -> None:
    owner, other = registered(client, random), registered(client.user(), random)
    place = room(random, owner, other)
    join(place)
    for _ in range(random.randint(2, 5)):
        message(random, place, random.choice([owner, owner, other]))
    kinds = [reading, states, redacting, profiles, directory, tags, settings, devices, people, leaving, again]
    random.shuffle(kinds)
    for kind in [*kinds[: random.randint(4, 6)], mistakes]:
        kind(random, place)
    ending(random, place)


def registered(client: Client, random: Random) -> Person:
    one = Person(client, values.login(random), values.password(random))
    asked: dict[str, object] = {"username": one.login, "password": one.secret}
    if random.random() < 0.4:
        asked["initial_device_display_name"] = values.title(random)
    auth: dict[str, object] = {"type": "m.login.dummy"}
    if random.random() < 0.4:
        begun = client.ask("how to register", "POST", f"{V3}/register", json=asked)
        auth["session"] = begun.take("session")
    made = client.ask("register", "POST", f"{V3}/register", json={**asked, "auth": auth})
    one.number, one.token, one.device = made.take("user_id"), made.take("access_token"), made.take("device_id")
    if random.random() < 0.4:
        one.ask("who am i", "GET", "/account/whoami", reads=True)
    return one


def room(random: Random, owner: Person, other: Person) -> Place:
    asked: dict[str, object] = {"preset": random.choice(["private_chat", "public_chat", "trusted_private_chat"])}
    if random.random() < 0.8:
        asked["name"] = values.title(random)
    if random.random() < 0.6:
        asked["topic"] = values.sentence(random)
    if random.random() < 0.6:
        asked["invite"] = [other.number]
    number = owner.ask("new room", "POST", "/createRoom", json=asked).take("room_id")
    place = Place(number, owner, other)
    if "invite" not in asked:
        owner.ask("invite", "POST", f"{place.path}/invite", json={"user_id": other.number})
    return place


def join(place: Place) -> None:
    place.other.ask("join", "POST", f"{place.path}/join", json={})


def message(random: Random, place: Place, by: Person) -> None:
    asked: dict[str, object] = {"msgtype": random.choice(["m.text", "m.text", "m.notice"])}
    asked["body"] = values.sentence(random)
    if place.messages and random.random() < 0.3:
        asked["m.relates_to"] = {"m.in_reply_to": {"event_id": place.messages[-1]}}
    path = f"{place.path}/send/m.room.message/{values.slug(random)}"
    place.messages.append(by.ask("write", "PUT", path, json=asked).take("event_id"))


def reading(random: Random, place: Place) -> None:
    query = {"dir": "b", "limit": random.choice([2, 3, 4])}
    page = place.owner.ask("last messages", "GET", f"{place.path}/messages", query=query, reads=True)
    if random.random() < 0.5:
        query = {**query, "from": page.take("end")}
        place.owner.ask("messages before", "GET", f"{place.path}/messages", query=query, reads=True)
    one = quote(random.choice(place.messages))
    place.other.ask("one message", "GET", f"{place.path}/event/{one}", reads=True)
    if random.random() < 0.4:
        place.owner.ask("around a message", "GET", f"{place.path}/context/{one}", query={"limit": 2}, reads=True)
    if random.random() < 0.5:
        path = f"{place.path}/receipt/m.read/{one}"
        place.other.ask("read it", "POST", path, json={})


def states(random: Random, place: Place) -> None:
    title, topic = f"{place.path}/state/m.room.name", f"{place.path}/state/m.room.topic"
    place.owner.ask("rename the room", "PUT", title, json={"name": values.title(random)})
    place.owner.ask("the room's name", "GET", title, reads=True)
    if random.random() < 0.6:
        place.owner.ask("another topic", "PUT", topic, json={"topic": values.sentence(random)})
        place.other.ask("the room's topic", "GET", topic, reads=True)
    place.other.ask("rename as a member", "PUT", title, json={"name": values.title(random)})
    kind = f"{place.path}/state/example.studio.{random.choice(['board', 'rota'])}/{values.word(random)}"
    if random.random() < 0.6:
        place.owner.ask("own state", "PUT", kind, json={"seats": random.randint(1, 40), "hall": values.word(random)})
        place.owner.ask("own state, read", "GET", kind, reads=True)
    if random.random() < 0.3:
        place.owner.ask("no such state", "GET", f"{place.path}/state/example.studio.none", reads=True)


def redacting(random: Random, place: Place) -> None:
    one = quote(random.choice(place.messages))
    path = f"{place.path}/redact/{one}/{values.slug(random)}"
    place.owner.ask("redact", "PUT", path, json={"reason": values.word(random)} if random.random() < 0.7 else {})
    place.owner.ask("the redacted message", "GET", f"{place.path}/event/{one}", reads=True)


def profiles(random: Random, place: Place) -> None:
    one = random.choice([place.owner, place.other])
    path = f"/profile/{quote(one.number)}"
    one.ask("profile", "GET", path, reads=True)
    one.ask("another name", "PUT", f"{path}/displayname", json={"displayname": values.name(random)})
    one.ask("the name", "GET", f"{path}/displayname", reads=True)
    if random.random() < 0.5:
        one.ask("a picture", "PUT", f"{path}/avatar_url", json={"avatar_url": f"mxc://{SERVER}/{values.word(random)}"})
        one.ask("profile with a picture", "GET", path, reads=True)
    other = place.other if one is place.owner else place.owner
    if random.random() < 0.5:
        other.ask("rename another", "PUT", f"{path}/displayname", json={"displayname": values.name(random)})
    if random.random() < 0.4:
        nobody = quote(f"@{values.login(random)}:{SERVER}")
        other.ask("profile of nobody", "GET", f"/profile/{nobody}")


def directory(random: Random, place: Place) -> None:
    alias = f"#{values.slug(random)}:{SERVER}"
    path = f"/directory/room/{quote(alias)}"
    place.owner.ask("alias that is free", "GET", path)
    place.owner.ask("new alias", "PUT", path, json={"room_id": place.number})
    place.other.ask("room by its alias", "GET", path, reads=True)
    if random.random() < 0.5:
        place.owner.ask("alias again", "PUT", path, json={"room_id": place.number})
    if random.random() < 0.5:
        place.owner.ask("aliases of the room", "GET", f"{place.path}/aliases", reads=True)
    if random.random() < 0.4:
        place.other.ask("delete the alias of another", "DELETE", path)
    if random.random() < 0.6:
        place.owner.ask("delete the alias", "DELETE", path)
        place.owner.ask("alias, deleted", "GET", path, reads=True)


def tags(random: Random, place: Place) -> None:
    path = f"{place.owner.own}{place.path}/tags"
    names = random.sample(["m.favourite", "m.lowpriority", "u.work", "u.later"], 2)
    for name in names:
        asked = {"order": random.choice([0.1, 0.25, 0.5])} if random.random() < 0.7 else {}
        place.owner.ask("tag the room", "PUT", f"{path}/{name}", json=asked)
    place.owner.ask("tags", "GET", path, reads=True)
    if random.random() < 0.6:
        place.owner.ask("drop a tag", "DELETE", f"{path}/{names[0]}")
        place.owner.ask("tags left", "GET", path, reads=True)


def settings(random: Random, place: Place) -> None:
    one = random.choice([place.owner, place.other])
    path = f"{one.own}/account_data/example.studio.{random.choice(['theme', 'layout'])}"
    one.ask("no setting yet", "GET", path, reads=True)
    asked = {"colour": values.word(random), "size": random.randint(8, 30), "dark": random.random() < 0.5}
    one.ask("keep a setting", "PUT", path, json=asked)
    one.ask("the setting", "GET", path, reads=True)
    other = place.other if one is place.owner else place.owner
    if random.random() < 0.5:
        other.ask("setting of another", "GET", path)
    if random.random() < 0.4:
        wanted = {"room": {"timeline": {"limit": random.randint(2, 20)}}}
        number = one.ask("keep a filter", "POST", f"{one.own}/filter", json=wanted)
        one.ask("the filter", "GET", f"{one.own}/filter/{number.take('filter_id')}", reads=True)


def devices(random: Random, place: Place) -> None:
    one = random.choice([place.owner, place.other])
    name = {"type": "m.id.user", "user": one.login}
    asked = {"type": "m.login.password", "identifier": name, "password": one.secret}
    asked["initial_device_display_name"] = values.title(random)
    made = one.client.ask("sign in elsewhere", "POST", f"{V3}/login", json=asked)
    token, device = made.take("access_token"), made.take("device_id")
    one.ask("devices", "GET", "/devices", reads=True)
    if random.random() < 0.6:
        one.ask("rename the device", "PUT", f"/devices/{device}", json={"display_name": values.title(random)})
        one.ask("the device", "GET", f"/devices/{device}", reads=True)
    if random.random() < 0.5:
        one.ask("delete a device", "DELETE", f"/devices/{device}", json={})
    away = {"Authorization": f"Bearer {token}"}
    one.client.ask("sign out elsewhere", "POST", f"{V3}/logout", json={}, headers=away)
    one.client.ask("with the old token", "GET", f"{V3}/account/whoami", headers=away)
    if random.random() < 0.5:
        one.ask("devices left", "GET", "/devices", reads=True)


def people(random: Random, place: Place) -> None:
    place.owner.ask("members", "GET", f"{place.path}/joined_members", reads=True)
    place.other.ask("my rooms", "GET", "/joined_rooms", reads=True)
    if random.random() < 0.5:
        state = f"{place.path}/state/m.room.member/{quote(place.other.number)}"
        place.owner.ask("a membership", "GET", state, reads=True)
    if random.random() < 0.4:
        asked = {"user_id": place.owner.number}
        place.other.ask("kick the owner", "POST", f"{place.path}/kick", json=asked)
    if random.random() < 0.5:
        place.owner.ask("invite who is in", "POST", f"{place.path}/invite", json={"user_id": place.other.number})


def leaving(random: Random, place: Place) -> None:
    other = place.other
    if random.random() < 0.5:
        other.ask("leave", "POST", f"{place.path}/leave", json={})
    else:
        asked = {"user_id": other.number, "reason": values.word(random)}
        place.owner.ask("kick", "POST", f"{place.path}/kick", json=asked)
    path = f"{place.path}/send/m.room.message/{values.slug(random)}"
    other.ask("write from outside", "PUT", path, json={"msgtype": "m.text", "body": values.sentence(random)})
    other.ask("my rooms, without it", "GET", "/joined_rooms", reads=True)
    place.owner.ask("members left", "GET", f"{place.path}/joined_members", reads=True)
    place.owner.ask("invite again", "POST", f"{place.path}/invite", json={"user_id": other.number})
    other.ask("join again", "POST", f"{place.path}/join", json={})


def again(random: Random, place: Place) -> None:
    path = f"{place.path}/send/m.room.message/{values.slug(random)}"
    asked = {"msgtype": "m.text", "body": values.sentence(random)}
    place.messages.append(place.owner.ask("write", "PUT", path, json=asked).take("event_id"))
    place.owner.ask("write it again", "PUT", path, json=asked)
    if random.random() < 0.5:
        changed = {**asked, "body": values.sentence(random)}
        place.owner.ask("another text with its key", "PUT", path, json=changed)
    query = {"dir": "b", "limit": 2}
    place.owner.ask("what was written", "GET", f"{place.path}/messages", query=query, reads=True)


def mistakes(random: Random, place: Place) -> None:
    owner, client = place.owner, place.owner.client
    nowhere = f"/rooms/{quote(f'!{values.word(random)}:{SERVER}')}"
    text = {"msgtype": "m.text", "body": values.sentence(random)}
    json = {"Content-Type": "application/json", "Authorization": f"Bearer {owner.token}"}
    send = f"{place.path}/send/m.room.message/{values.slug(random)}"
    dummy = {"type": "m.login.dummy"}
    account = {"username": values.login(random), "password": values.password(random), "auth": dummy}
    name = {"type": "m.id.user", "user": owner.login}
    enter = {"type": "m.login.password", "identifier": name, "password": values.password(random)}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no token", "GET", f"{V3}/joined_rooms"),
        lambda: client.ask("write without token", "PUT", V3 + send, json=text),
        lambda: client.ask(
            "unknown token", "GET", f"{V3}/joined_rooms", headers={"Authorization": f"Bearer {values.slug(random)}"}
        ),
        lambda: client.ask("wrong password", "POST", f"{V3}/login", json=enter),
        lambda: client.ask("unknown way in", "POST", f"{V3}/login", json={**enter, "type": "m.login.magic"}),
        lambda: client.ask("name is taken", "POST", f"{V3}/register", json={**account, "username": owner.login}),
        lambda: client.ask("bad name", "POST", f"{V3}/register", json={**account, "username": "Ada Lund"}),
        lambda: owner.ask("write nowhere", "PUT", f"{nowhere}/send/m.room.message/1", json=text),
        lambda: owner.ask("join nowhere", "POST", f"{nowhere}/join", json={}),
        lambda: owner.ask("state of nowhere", "GET", f"{nowhere}/state/m.room.name"),
        lambda: owner.ask("no such message", "GET", f"{place.path}/event/{quote('$' + values.slug(random))}"),
        lambda: client.ask("malformed", "PUT", V3 + send, content=b'{"body": ', headers=json),
        lambda: owner.ask("no text", "PUT", send, content=b""),
        lambda: owner.ask("invite nobody", "POST", f"{place.path}/invite", json={}),
        lambda: owner.ask("bad direction", "GET", f"{place.path}/messages", query={"dir": "x"}),
        lambda: owner.ask("no such call", "GET", f"/{values.word(random)}"),
        lambda: owner.ask("wrong method", "DELETE", "/joined_rooms"),
        lambda: client.ask("versions", "GET", "/_matrix/client/versions"),
        lambda: client.ask("ways in", "GET", f"{V3}/login"),
        lambda: owner.ask("bad preset", "POST", "/createRoom", json={"preset": values.word(random)}),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()


def ending(random: Random, place: Place) -> None:
    place.owner.ask("the room at the end", "GET", f"{place.path}/joined_members", reads=True)
    one = place.other
    if random.random() < 0.5:
        one.ask("sign out", "POST", "/logout", json={})
    else:
        one.ask("sign out everywhere", "POST", "/logout/all", json={})
    one.ask("signed out", "GET", "/joined_rooms")
