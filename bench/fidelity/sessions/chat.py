"""Sessions of a chat: people meet in rooms, talk, page back, react, edit, delete, read, poll, and err."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

EMOJI: Final = ("thumbsup", "heart", "laugh", "tada")


@dataclass
class Person:
    """One who signed up."""

    client: Client
    handle: str
    number: str
    token: str
    since: str = "0"

    def ask(self, label: str, method: str, path: str, json: object = None, **query: object) -> Answered:
        """Ask with the person's token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        path = f"/api{path}"
        return self.client.ask(label, method, path, json=json, query=query or None, headers=headers, reads=True)

    def poll(self, label: str, **more: object) -> None:
        """Ask what happened since the last time."""
        self.since = self.ask(label, "GET", "/updates", since=self.since, **more).take("data", "next")


@dataclass
class Talk:
    """A room, who is in it, and what was said there."""

    path: str
    owner: Person
    guest: Person
    said: list[tuple[Person, str]] = field(default_factory=list)

    def say(self, who: Person, random: Random, label: str = "send", **more: object) -> str:
        """Send a message and give its id."""
        asked = {"text": values.sentence(random), **more}
        number = who.ask(label, "POST", f"{self.path}/messages", asked).take("data", "messageId")
        self.said.append((who, number))
        return number


def play(client: Client, random: Random) -> None:
    owner = join(client, random)
    guest = join(client.user(), random)
    asked = {"name": values.title(random), **({"isPrivate": True} if random.random() < 0.3 else {})}
    path = "/rooms/" + owner.ask("create a room", "POST", "/rooms", asked).take("data", "roomId")
    talk = Talk(path, owner, guest)
    if random.random() < 0.5:
        guest.ask("a room from outside", "GET", path)
    owner.ask("invite", "POST", f"{path}/members", {"userId": guest.number})
    talk.say(owner, random)
    talk.say(guest, random)
    kinds = [paging, paging, reading, reading, reacting, reacting, editing, removing, polling, replying, looking]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(talk, *random.sample([owner, guest], 2), random)
    mistakes(client, talk, random)
    if random.random() < 0.4:
        leaving(talk, random)
    owner.ask("my rooms", "GET", "/rooms")


def join(client: Client, random: Random) -> Person:
    asked = {"handle": values.login(random)}
    if random.random() < 0.7:
        asked["displayName"] = values.name(random)
    made = client.ask("sign up", "POST", "/api/signup", json=asked)
    return Person(client, asked["handle"], made.take("data", "user", "userId"), made.take("data", "accessToken"))


def paging(talk: Talk, one: Person, other: Person, random: Random) -> None:
    for _ in range(random.randint(2, 3)):
        talk.say(random.choice([one, other]), random)
    size, path = random.randint(1, 3), f"{talk.path}/messages"
    page = other.ask("latest messages", "GET", path, limit=size)
    for _ in range(random.randint(1, 2)):
        cursor = page.find("data", "nextCursor")
        if not cursor:
            break
        page = other.ask("earlier messages", "GET", path, limit=size, before=cursor)
    if random.random() < 0.5:
        other.ask("messages after one", "GET", path, after=random.choice(talk.said)[1], limit=random.choice([2, 20]))


def reading(talk: Talk, one: Person, other: Person, random: Random) -> None:
    for _ in range(random.randint(1, 2)):
        talk.say(one, random)
    other.ask("the room with unread", "GET", talk.path)
    upto = random.choice([talk.said[-1][1], talk.said[-2][1]])
    other.ask("mark as read", "POST", f"{talk.path}/read", {"messageId": upto})
    if random.random() < 0.6:
        other.ask("who am I", "GET", "/whoami")
    if random.random() < 0.5:
        one.ask("the room as the other sees it", "GET", talk.path)


def reacting(talk: Talk, one: Person, other: Person, random: Random) -> None:
    path = f"{talk.path}/messages/{random.choice(talk.said)[1]}"
    emoji = random.sample(EMOJI, 2)
    one.ask("react", "PUT", f"{path}/reactions/{emoji[0]}")
    other.ask("react too", "PUT", f"{path}/reactions/{random.choice(emoji)}")
    if random.random() < 0.5:
        one.ask("take it back", "DELETE", f"{path}/reactions/{emoji[0]}")
    if random.random() < 0.3:
        one.ask("take back what is not there", "DELETE", f"{path}/reactions/{emoji[1]}")
    other.ask("the message with reactions", "GET", path)


def editing(talk: Talk, one: Person, other: Person, random: Random) -> None:
    path = f"{talk.path}/messages/{talk.say(one, random)}"
    one.ask("edit", "PATCH", path, {"text": values.sentence(random)})
    if random.random() < 0.5:
        other.ask("edit another's", "PATCH", path, {"text": values.sentence(random)})
    other.ask("the edited message", "GET", path)


def removing(talk: Talk, one: Person, other: Person, random: Random) -> None:
    path = f"{talk.path}/messages/{talk.say(one, random)}"
    if random.random() < 0.4:
        other.ask("delete another's", "DELETE", path)
    one.ask("delete", "DELETE", path)
    other.ask("the deleted message", "GET", path)
    if random.random() < 0.5:
        one.ask("edit the deleted", "PATCH", path, {"text": values.sentence(random)})
    other.ask("messages left", "GET", f"{talk.path}/messages", limit=random.randint(2, 4))


def polling(talk: Talk, one: Person, other: Person, random: Random) -> None:
    one.poll("updates")
    talk.say(other, random)
    if random.random() < 0.5:
        talk.say(one, random)
    one.poll("updates since then")
    if random.random() < 0.6:
        one.poll("wait for updates", wait=1)


def replying(talk: Talk, one: Person, other: Person, random: Random) -> None:
    first = talk.say(one, random)
    talk.say(other, random, "reply", replyTo=first)
    one.ask("the latest two", "GET", f"{talk.path}/messages", limit=2)


def looking(talk: Talk, one: Person, other: Person, random: Random) -> None:
    one.ask("members", "GET", f"{talk.path}/members")
    other.ask("rooms of mine", "GET", "/rooms")
    if random.random() < 0.5:
        talk.owner.ask("rename", "PATCH", talk.path, {"name": values.title(random)})
        other.ask("the renamed room", "GET", talk.path)


def leaving(talk: Talk, random: Random) -> None:
    who = random.choice([talk.owner, talk.guest])
    who.ask("leave or be put out", "DELETE", f"{talk.path}/members/{talk.guest.number}")
    talk.guest.ask("send when gone", "POST", f"{talk.path}/messages", {"text": values.sentence(random)})


def mistakes(client: Client, talk: Talk, random: Random) -> None:
    owner, guest, path = talk.owner, talk.guest, talk.path
    wrong = {"Authorization": "Bearer ct-" + "".join(random.choices("abcdefXYZ0123456789", k=32))}
    said = {"text": values.sentence(random)}
    nowhere = "rm_" + "".join(random.choices("abcXYZ0123456789", k=10))
    nothing = "ms_" + "".join(random.choices("abcXYZ0123456789", k=12))
    stranger = f"00000000-0000-4000-8000-{random.getrandbits(48):012x}"
    message = f"{path}/messages/{random.choice(talk.said)[1]}"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("a handle taken", "POST", "/api/signup", json={"handle": guest.handle}),
        lambda: client.ask("a bad handle", "POST", "/api/signup", json={"handle": "no spaces"}),
        lambda: owner.ask("a room without a name", "POST", "/rooms", {"isPrivate": True}),
        lambda: owner.ask("no such room", "GET", f"/rooms/{nowhere}"),
        lambda: guest.ask("no such message", "GET", f"{path}/messages/{nothing}"),
        lambda: owner.ask("an empty message", "POST", f"{path}/messages", {"text": ""}),
        lambda: owner.ask("too long a message", "POST", f"{path}/messages", {"text": "ha" * random.randint(101, 150)}),
        lambda: owner.ask("reply to nothing", "POST", f"{path}/messages", {**said, "replyTo": nothing}),
        lambda: owner.ask("invite twice", "POST", f"{path}/members", {"userId": guest.number}),
        lambda: owner.ask("invite nobody", "POST", f"{path}/members", {"userId": stranger}),
        lambda: guest.ask("rename another's room", "PATCH", path, {"name": values.title(random)}),
        lambda: owner.ask("leave my own room", "DELETE", f"{path}/members/{owner.number}"),
        lambda: guest.ask("an unknown emoji", "PUT", f"{message}/reactions/{values.word(random)}"),
        lambda: guest.ask("a bad limit", "GET", f"{path}/messages", limit=0),
        lambda: guest.ask("a bad cursor", "GET", f"{path}/messages", before=nothing),
        lambda: guest.ask("a bad place", "GET", "/updates", since="yesterday"),
        lambda: client.ask("send without a token", "POST", f"/api{path}/messages", json=said),
        lambda: client.ask("rooms with a wrong token", "GET", "/api/rooms", headers=wrong),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()
