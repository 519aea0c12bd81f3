"""Sessions of a conference: its chair and some people, tracks, talks that are accepted, seats, reviews, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from bench.fidelity import values
from bench.fidelity.client import Client
from bench.fidelity.upstreams.conference import CHAIR

LEVELS = ("beginner", "intermediate", "advanced")
ORDERS = ("title", "-title", "price", "-price", "minutes", "-created_at", "starts_at")


class Person(NamedTuple):
    """An account with what it sends to be known."""

    name: str
    auth: dict[str, str]


class Talk(NamedTuple):
    """A talk by its path, whose it is, and whether it was accepted."""

    path: str
    speaker: Person
    accepted: bool = False


@dataclass
class Desk:
    """Who takes part, and what a session has made so far."""

    chair: Person
    people: list[Person] = field(default_factory=list)
    tracks: list[str] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)

    def other(self, random: Random, than: Person) -> Person:
        return random.choice([one for one in self.people if one is not than])


def play(client: Client, random: Random) -> None:
    desk = Desk(Person("chair", signed_in(client, "sign in as the chair", "chair", CHAIR)))
    desk.people += [person(client, random) for _ in range(random.choice([2, 2, 3]))]
    tracks(client, random, desk)
    for number in range(random.randint(2, 4)):
        talk(client, random, desk, accepted=number == 0 or random.random() < 0.5)
    kinds = [registering, reviewing, changing, listing, paging, deciding, looking, myself, staff, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 6)]:
        kind(client, random, desk)
    client.ask("talks at the end", "GET", "/api/talks/", headers=random.choice(desk.people).auth, reads=True)


def signed_in(client: Client, label: str, name: str, secret: str) -> dict[str, str]:
    asked = {"username": name, "password": secret}
    token = client.ask(label, "POST", "/api/token/", json=asked).take("token")
    return {"Authorization": f"Token {token}"}


def person(client: Client, random: Random) -> Person:
    name, secret = values.login(random), values.password(random)
    asked = {"username": name, "password": secret, "email": values.email(random)}
    if random.random() < 0.3:
        asked["first_name"] = random.choice(values.FIRST)
    client.ask("sign up", "POST", "/api/users/", json=asked)
    return Person(name, signed_in(client, "sign in", name, secret))


def tracks(client: Client, random: Random, desk: Desk) -> None:
    desk.tracks.append(str(random.randint(1, 2)))
    asked = {"name": values.title(random)[:40]}
    if random.random() < 0.6:
        asked["room"] = f"Room {random.randint(1, 30)}"
    made = client.ask("new track", "POST", "/api/tracks/", json=asked, headers=desk.chair.auth)
    desk.tracks.append(made.take("id"))
    if random.random() < 0.4:
        client.ask("tracks", "GET", "/api/tracks/", reads=True)


def talk(client: Client, random: Random, desk: Desk, *, accepted: bool) -> None:
    speaker = random.choice(desk.people)
    level = random.choice(LEVELS)
    asked: dict[str, object] = {"title": values.title(random), "track_id": int(random.choice(desk.tracks))}
    asked |= {"level": level, "minutes": random.choice([20, 30, 45, 60])}
    if random.random() < 0.8:
        asked["price"] = f"{random.randint(2, 80)}.{random.choice(['00', '50', '90'])}"
    if random.random() < 0.5:
        asked["capacity"] = random.randint(4, 40)
    if random.random() < 0.5:
        asked["starts_at"] = f"2027-05-{random.randint(10, 28)}T{random.randint(9, 17):02d}:30:00Z"
    if random.random() < 0.4:
        asked["abstract"] = values.sentence(random)
    made = client.ask("new talk", "POST", "/api/talks/", json=asked, headers=speaker.auth)
    path = f"/api/talks/{made.take('id')}/"
    if accepted:
        client.ask("submit", "POST", f"{path}submit/", headers=speaker.auth, reads=True)
        client.ask("accept", "POST", f"{path}accept/", headers=desk.chair.auth, reads=True)
    desk.talks.append(Talk(path, speaker, accepted))


def accepted_one(random: Random, desk: Desk) -> Talk:
    return random.choice([one for one in desk.talks if one.accepted])


def registering(client: Client, random: Random, desk: Desk) -> None:
    one = accepted_one(random, desk)
    who = desk.other(random, one.speaker)
    asked = {"seats": random.randint(1, 3)} if random.random() < 0.8 else {}
    made = client.ask("register", "POST", f"{one.path}register/", json=asked, headers=who.auth)
    client.ask("the talk with fewer seats", "GET", one.path, headers=who.auth, reads=True)
    mine = f"/api/registrations/{made.take('id')}/"
    if random.random() < 0.6:
        client.ask("change my seats", "PATCH", mine, json={"seats": random.randint(1, 4)}, headers=who.auth)
    if random.random() < 0.4:
        client.ask("register again", "POST", f"{one.path}register/", json={"seats": 1}, headers=who.auth)
    client.ask("my registrations", "GET", "/api/registrations/", headers=who.auth, reads=True)
    if random.random() < 0.5:
        client.ask("figures of the talk", "GET", f"{one.path}stats/", headers=one.speaker.auth, reads=True)
    if random.random() < 0.3:
        client.ask("the registration of another", "GET", mine, headers=one.speaker.auth, reads=True)
    if random.random() < 0.6:
        if random.random() < 0.5:
            client.ask("unregister", "POST", f"{one.path}unregister/", headers=who.auth)
        else:
            client.ask("delete my registration", "DELETE", mine, headers=who.auth)
        client.ask("my registration, gone", "GET", mine, headers=who.auth, reads=True)
        client.ask("the talk with its seats back", "GET", one.path, headers=who.auth, reads=True)


def reviewing(client: Client, random: Random, desk: Desk) -> None:
    one = accepted_one(random, desk)
    reviews = f"{one.path}reviews/"
    writers = [who for who in desk.people if who is not one.speaker]
    for who in writers:
        asked: dict[str, object] = {"stars": random.randint(1, 5)}
        if random.random() < 0.7:
            asked["text"] = values.sentence(random)
        made = client.ask("review", "POST", reviews, json=asked, headers=who.auth)
    mine = f"{reviews}{made.take('id')}/"
    client.ask("reviews", "GET", reviews, reads=True)
    if random.random() < 0.4:
        client.ask("review again", "POST", reviews, json={"stars": 3}, headers=who.auth)
    if random.random() < 0.5:
        client.ask("change my review", "PATCH", mine, json={"stars": random.randint(1, 5)}, headers=who.auth)
    if random.random() < 0.4:
        client.ask("review by the speaker", "POST", reviews, json={"stars": 5}, headers=one.speaker.auth)
    if random.random() < 0.4:
        client.ask("change another's review", "PATCH", mine, json={"stars": 1}, headers=one.speaker.auth)
    client.ask("the reviewed talk", "GET", one.path, reads=True)
    if random.random() < 0.4:
        client.ask("delete my review", "DELETE", mine, headers=who.auth)
        client.ask("reviews that are left", "GET", reviews, headers=who.auth, reads=True)


def changing(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.talks)
    asked: dict[str, object] = {"title": values.title(random)}
    if random.random() < 0.5:
        asked["price"] = f"{random.randint(2, 80)}.00"
    if random.random() < 0.4:
        asked["track_id"] = int(random.choice(desk.tracks))
    client.ask("change the talk", "PATCH", one.path, json=asked, headers=one.speaker.auth, reads=True)
    client.ask("the changed talk", "GET", one.path, headers=one.speaker.auth, reads=True)
    if random.random() < 0.5:
        whole = {"title": values.title(random), "track_id": int(random.choice(desk.tracks)), "level": "advanced"}
        whole["minutes"] = random.choice([30, 45, 75])
        client.ask("replace the talk", "PUT", one.path, json=whole, headers=one.speaker.auth, reads=True)
        client.ask("the replaced talk", "GET", one.path, headers=one.speaker.auth, reads=True)
    if random.random() < 0.4:
        who = desk.other(random, one.speaker)
        client.ask("change another's talk", "PATCH", one.path, json={"minutes": 20}, headers=who.auth)


def listing(client: Client, random: Random, desk: Desk) -> None:
    who = random.choice(desk.people)
    ways: list[Callable[[], object]] = [
        lambda: look(client, "talks of a track", {"track": random.choice(desk.tracks)}, who),
        lambda: look(client, "talks of a level", {"level": random.choice(LEVELS)}, who),
        lambda: look(client, "accepted talks", {"status": "accepted", "ordering": "title"}, desk.chair),
        lambda: look(client, "talks by price", {"min_price": 5, "max_price": random.randint(20, 60)}, who),
        lambda: look(client, "talks in order", {"ordering": random.choice(ORDERS)}, desk.chair),
        lambda: look(client, "talks by a word", {"search": values.word(random)}, desk.chair),
        lambda: look(client, "talks of a speaker", {"speaker": random.choice(desk.people).name}, who),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 4)]:
        way()
    if random.random() < 0.5:
        client.ask("talks as nobody", "GET", "/api/talks/", reads=True)
    if random.random() < 0.5:
        client.ask("my talks", "GET", "/api/talks/mine/", headers=who.auth, reads=True)


def look(client: Client, label: str, query: dict[str, object], who: Person) -> object:
    return client.ask(label, "GET", "/api/talks/", query=query, headers=who.auth, reads=True)


def paging(client: Client, random: Random, desk: Desk) -> None:
    size = random.choice([1, 2])
    query = {"page_size": size, "ordering": random.choice(["title", "-price", "created_at"])}
    auth = desk.chair.auth
    page = client.ask("first page", "GET", "/api/talks/", query=query, headers=auth, reads=True)
    if len(desk.talks) > size:
        page = client.ask("next page", "GET", page.take("next"), headers=auth, reads=True)
        if random.random() < 0.4:
            client.ask("page before", "GET", page.take("previous"), headers=auth, reads=True)
    if random.random() < 0.4:
        client.ask("no such page", "GET", "/api/talks/", query={"page": random.randint(20, 99)}, headers=auth)


def deciding(client: Client, random: Random, desk: Desk) -> None:
    speaker, track = random.choice(desk.people), int(random.choice(desk.tracks))
    asked = {"title": values.title(random), "track_id": track, "level": random.choice(LEVELS)}
    path = f"/api/talks/{client.ask('a draft', 'POST', '/api/talks/', json=asked, headers=speaker.auth).take('id')}/"
    if random.random() < 0.5:
        client.ask("a draft as another", "GET", path, headers=desk.other(random, speaker).auth, reads=True)
    if random.random() < 0.5:
        client.ask("accept a draft", "POST", f"{path}accept/", headers=desk.chair.auth)
    client.ask("submit the draft", "POST", f"{path}submit/", headers=speaker.auth, reads=True)
    if random.random() < 0.4:
        client.ask("submit it again", "POST", f"{path}submit/", headers=speaker.auth)
    if random.random() < 0.4:
        client.ask("accept my own", "POST", f"{path}accept/", headers=speaker.auth)
    way = random.choice(["accept", "reject"])
    client.ask(f"{way} what was submitted", "POST", f"{path}{way}/", headers=desk.chair.auth, reads=True)
    client.ask("what was decided", "GET", path, headers=speaker.auth, reads=True)
    if random.random() < 0.5:
        client.ask("withdraw it", "DELETE", path, headers=speaker.auth)
        client.ask("what was withdrawn", "GET", path, headers=speaker.auth, reads=True)


def looking(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.talks)
    client.ask("a talk as nobody", "GET", one.path, reads=True)
    client.ask("a talk as its speaker", "GET", one.path, headers=one.speaker.auth, reads=True)
    client.ask("figures", "GET", f"{one.path}stats/", headers=desk.chair.auth, reads=True)
    if random.random() < 0.5:
        client.ask("a track", "GET", f"/api/tracks/{random.choice(desk.tracks)}/", reads=True)


def myself(client: Client, random: Random, desk: Desk) -> None:
    who = random.choice(desk.people)
    client.ask("who I am", "GET", "/api/users/me/", headers=who.auth, reads=True)
    asked = {"first_name": random.choice(values.FIRST), "last_name": random.choice(values.LAST)}
    client.ask("change my name", "PATCH", "/api/users/me/", json=asked, headers=who.auth, reads=True)
    client.ask("who I am now", "GET", "/api/users/me/", headers=who.auth, reads=True)
    if random.random() < 0.4:
        client.ask("a bad address", "PATCH", "/api/users/me/", json={"email": values.word(random)}, headers=who.auth)


def staff(client: Client, random: Random, desk: Desk) -> None:
    auth, path = desk.chair.auth, f"/api/tracks/{desk.tracks[-1]}/"
    asked = {"room": f"Room {random.randint(31, 60)}"}
    client.ask("another room", "PATCH", path, json=asked, headers=auth, reads=True)
    client.ask("tracks with their rooms", "GET", "/api/tracks/", headers=auth, reads=True)
    if random.random() < 0.5:
        client.ask("track of that name", "POST", "/api/tracks/", json={"name": "Workshops"}, headers=auth)
    if random.random() < 0.6:
        gone = client.ask("delete a track", "DELETE", path, headers=auth).status == 204
        client.ask("the track afterwards", "GET", path, reads=True)
        if gone:
            desk.tracks.pop()


def mistakes(client: Client, random: Random, desk: Desk) -> None:
    who, missing = random.choice(desk.people), random.randint(100, 999)
    talks, track = "/api/talks/", int(desk.tracks[0])
    good = {"title": values.title(random), "track_id": track}
    wrong = {"username": who.name, "password": values.password(random)}
    stale = {"Authorization": f"Token {random.randbytes(20).hex()}"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("nobody's talk", "POST", talks, json=good),
        lambda: client.ask("no such token", "GET", talks, headers=stale),
        lambda: client.ask("wrong password", "POST", "/api/token/", json=wrong),
        lambda: client.ask("no password", "POST", "/api/token/", json={"username": who.name}),
        lambda: client.ask("name that is taken", "POST", "/api/users/", json=wrong),
        lambda: client.ask("short password", "POST", "/api/users/", json={"username": "x", "password": "abc"}),
        lambda: client.ask("no such talk", "GET", f"{talks}{missing}/", headers=who.auth),
        lambda: client.ask("a talk of nothing", "POST", talks, json={}, headers=who.auth),
        lambda: ask(client, "no such track", good | {"track_id": missing}, who),
        lambda: ask(client, "no such level", good | {"level": values.word(random)}, who),
        lambda: ask(client, "too long a talk", good | {"minutes": random.randint(91, 300)}, who),
        lambda: ask(client, "too long for beginners", good | {"minutes": 75}, who),
        lambda: ask(client, "price that is none", good | {"price": values.word(random)}, who),
        lambda: ask(client, "too short a title", good | {"title": "Hm"}, who),
        lambda: client.ask("malformed", "POST", talks, content=b'{"title": ', headers=who.auth | JSON),
        lambda: client.ask("delete all talks", "DELETE", talks, headers=who.auth),
        lambda: client.ask("track by a user", "POST", "/api/tracks/", json={"name": "Mine"}, headers=who.auth),
        lambda: client.ask("registrations of nobody", "GET", "/api/registrations/"),
        lambda: client.ask("track that is no number", "GET", talks, query={"track": "x"}, headers=who.auth),
        lambda: client.ask("no stars", "POST", f"{accepted_one(random, desk).path}reviews/", json={}, headers=who.auth),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()


JSON = {"Content-Type": "application/json"}


def ask(client: Client, label: str, asked: dict[str, object], who: Person) -> object:
    return client.ask(label, "POST", "/api/talks/", json=asked, headers=who.auth)
