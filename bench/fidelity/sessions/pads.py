"""Sessions of pads: two or three people who write, share, discard and restore, and look at what others did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

TAGS: Final = ("work", "home", "ideas", "later", "travel")


@dataclass(frozen=True)
class Person:
    """One who joined; its client keeps its cookie."""

    client: Client
    handle: str
    pin: str

    def ask(self, label: str, method: str, path: str, json: object = None, /, **query: object) -> Answered:
        return self.client.ask(label, method, path, json=json, query=query or None, reads=True)


def play(client: Client, random: Random) -> None:
    owner, other = join(client, random), join(client.user(), random)
    pads = [write(owner, random) for _ in range(random.randint(1, 2))]
    kinds = [editing, editing, discarding, discarding, sharing, sharing, asking_roles, profile, watching, browsing]
    for kind in random.sample(kinds, random.randint(4, 5)):
        kind(owner, other, pads, random)
    mistakes(owner, other, pads, random)
    owner.ask("pads at the end", "GET", "/pads")
    if random.random() < 0.4:
        owner.ask("sign out", "DELETE", "/session")
        owner.ask("pads when signed out", "GET", "/pads")


def join(client: Client, random: Random) -> Person:
    person = Person(client, values.login(random), f"{random.randint(0, 9999):04d}")
    asked = {"handle": person.handle, "name": values.name(random), "pin": person.pin}
    client.ask("join", "POST", "/people", json=asked)
    enter(person, "sign in", person.pin)
    return person


def enter(person: Person, label: str, pin: str) -> None:
    person.client.ask(label, "POST", "/session", form={"handle": person.handle, "pin": pin}, reads=True)


def fields(random: Random) -> dict[str, Any]:
    asked: dict[str, Any] = {"title": values.title(random)}
    if random.random() < 0.7:
        asked["text"] = values.sentence(random)
    if random.random() < 0.6:
        asked["tags"] = random.sample(TAGS, random.randint(1, 2))
    return asked


def write(person: Person, random: Random) -> str:
    return person.ask("write a pad", "POST", "/pads", fields(random)).take("result", "id")


def look(person: Person, label: str, pad: str) -> Answered:
    return person.ask(label, "GET", f"/pads/{pad}")


def give(owner: Person, other: Person, pad: str, role: str, label: str = "share") -> None:
    owner.ask(label, "PUT", f"/pads/{pad}/access/{other.handle}", {"role": role})


def take_back(owner: Person, other: Person, pad: str, label: str = "stop sharing") -> None:
    owner.ask(label, "DELETE", f"/pads/{pad}/access/{other.handle}")


def editing(owner: Person, _: Person, pads: list[str], random: Random) -> None:
    pad = random.choice(pads)
    changed = fields(random)
    for field in random.sample(sorted(changed), random.randint(0, len(changed) - 1)):
        del changed[field]
    owner.ask("edit", "PATCH", f"/pads/{pad}", changed)
    if random.random() < 0.6:
        look(owner, "the edited pad", pad)


def sharing(owner: Person, other: Person, pads: list[str], random: Random) -> None:
    pad = random.choice(pads)
    if random.random() < 0.5:
        look(other, "another's pad", pad)
    role = random.choice(["viewer", "editor"])
    give(owner, other, pad, role)
    look(other, "the shared pad", pad)
    other.ask("edit another's pad", "PATCH", f"/pads/{pad}", {"text": values.sentence(random)})
    if random.random() < 0.5:
        look(owner, "the pad that was shared", pad)
    if random.random() < 0.5:
        other.ask("alerts", "GET", "/alerts")
    if random.random() < 0.4:
        other.ask("what is shared with me", "GET", "/pads", scope="shared")
    if random.random() < 0.4:
        take_back(owner, other, pad)
        look(other, "no longer shared", pad)


def asking_roles(owner: Person, other: Person, pads: list[str], random: Random) -> None:
    pad = random.choice(pads)
    give(owner, other, pad, "viewer")
    other.ask("edit as a viewer", "PATCH", f"/pads/{pad}", {"title": values.title(random)})
    give(owner, other, pad, "editor", "change the role")
    other.ask("edit as an editor", "PATCH", f"/pads/{pad}", {"title": values.title(random)})
    if random.random() < 0.5:
        other.ask("discard as an editor", "DELETE", f"/pads/{pad}")
    if random.random() < 0.4:
        give(other, owner, pad, "viewer", "share as an editor")
    random.choice([owner, other]).ask("who has access", "GET", f"/pads/{pad}/access")
    if random.random() < 0.5:
        take_back(other, other, pad, "give up the role")
        owner.ask("who has access now", "GET", f"/pads/{pad}/access")


def discarding(owner: Person, other: Person, pads: list[str], random: Random) -> None:
    pad = write(owner, random)
    shared = random.random() < 0.4
    if shared:
        give(owner, other, pad, random.choice(["viewer", "editor"]))
    owner.ask("discard", "DELETE", f"/pads/{pad}")
    if random.random() < 0.6:
        look(owner, "the discarded pad", pad)
    if shared:
        look(other, "the discarded pad that was shared", pad)
    owner.ask("trash", "GET", "/trash")
    if random.random() < 0.6:
        owner.ask("restore", "POST", f"/trash/{pad}/restore")
        look(owner, "the restored pad", pad)
        if shared:
            look(other, "the restored pad that is shared", pad)
        if random.random() < 0.3:
            owner.ask("restore again", "POST", f"/trash/{pad}/restore")
        pads.append(pad)
    elif random.random() < 0.6:
        owner.ask("purge", "DELETE", f"/trash/{pad}")
        look(owner, "the purged pad", pad)
    else:
        owner.ask("empty the trash", "DELETE", "/trash")
        owner.ask("trash when empty", "GET", "/trash")


def profile(owner: Person, other: Person, _: list[str], random: Random) -> None:
    ways = {"name": values.name(random), "about": values.sentence(random)}
    for field in random.sample(sorted(ways), random.randint(0, 1)):
        del ways[field]
    other.ask("change my profile", "PATCH", "/people/me", ways)
    owner.ask("another's profile", "GET", f"/people/{other.handle}")
    if random.random() < 0.5:
        other.ask("who am I", "GET", "/session")


def watching(owner: Person, other: Person, pads: list[str], random: Random) -> None:
    give(owner, other, random.choice(pads), random.choice(["viewer", "editor"]))
    pad = random.choice(pads)
    give(owner, other, pad, "editor")
    found = other.ask("alerts", "GET", "/alerts")
    if (found.find("unseen") or 0) > 0 and random.random() < 0.7:
        number = found.take("result", 0, "id")
        other.ask("mark an alert", "PATCH", f"/alerts/{number}", {"seen": True})
        other.ask("unseen alerts", "GET", "/alerts", seen=0)
    else:
        other.ask("mark all", "POST", "/alerts/seen")
        other.ask("who am I", "GET", "/session")
    if random.random() < 0.5:
        other.ask("edit another's pad", "PATCH", f"/pads/{pad}", {"text": values.sentence(random)})
        owner.ask("alerts", "GET", "/alerts")


def browsing(owner: Person, other: Person, pads: list[str], random: Random) -> None:
    pads.extend([write(owner, random) for _ in range(random.randint(1, 4))])
    owner.ask("pads", "GET", "/pads")
    if random.random() < 0.5:
        owner.ask("second page", "GET", "/pads", page=2)
    if random.random() < 0.6:
        owner.ask("pads with a tag", "GET", "/pads", tag=random.choice(TAGS))
    other.ask("another's list", "GET", "/pads", scope=random.choice(["own", "shared", "all"]))


def mistakes(owner: Person, other: Person, pads: list[str], random: Random) -> None:
    nobody = owner.client.user()
    pad, missing = random.choice(pads), f"pd_{random.getrandbits(46):09x}"[:12]
    ways: list[Callable[[], object]] = [
        lambda: enter(other, "a wrong pin", f"{(int(other.pin) + 1) % 10_000:04d}"),
        lambda: nobody.ask("no cookie", "GET", "/pads"),
        lambda: nobody.ask("write without a cookie", "POST", "/pads", json={"title": values.word(random)}),
        lambda: owner.ask("no title", "POST", "/pads", {"text": values.sentence(random)}),
        lambda: owner.ask("an empty title", "POST", "/pads", {"title": ""}),
        lambda: owner.ask("a title that is a number", "PATCH", f"/pads/{pad}", {"title": random.randint(1, 99)}),
        lambda: owner.ask("no such pad", "GET", f"/pads/{missing}"),
        lambda: owner.ask("edit no such pad", "PATCH", f"/pads/{missing}", {"title": "x"}),
        lambda: owner.ask("no such role", "PUT", f"/pads/{pad}/access/{other.handle}", {"role": values.word(random)}),
        lambda: owner.ask("share with nobody", "PUT", f"/pads/{pad}/access/{values.login(random)}", {"role": "viewer"}),
        lambda: owner.ask("share with myself", "PUT", f"/pads/{pad}/access/{owner.handle}", {"role": "editor"}),
        lambda: owner.ask("restore what is not in the trash", "POST", f"/trash/{pad}/restore"),
        lambda: owner.ask("no such alert", "PATCH", f"/alerts/al-{missing[3:]}", {"seen": True}),
        lambda: owner.ask("no such scope", "GET", "/pads", scope=values.word(random)),
        lambda: owner.ask("an unknown field", "PATCH", "/people/me", {"nickname": values.word(random)}),
        lambda: other.ask("a handle taken", "POST", "/people", {"handle": owner.handle, "name": "x", "pin": "1"}),
        lambda: other.ask("no name", "POST", "/people", {"handle": values.login(random)}),
        lambda: owner.ask("nobody's profile", "GET", f"/people/{values.login(random)}"),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()
