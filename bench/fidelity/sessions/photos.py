"""Sessions of photo albums: two people sign in, share, add, favour, page, order prints, and ask wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

SIZES = ["9x13", "10x15", "20x30"]


@dataclass(slots=True)
class Person:
    """One who is signed in."""

    name: str
    password: str
    access: str
    refresh: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


def play(client: Client, random: Random) -> None:
    owner = sign_in(client, random)
    other = sign_in(client, random)
    kinds = [albums_by_page, photos_in_order, sharing, favouring, printing, signing, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 4)]:
        kind(client, random, owner, other)
    client.ask("me", "GET", "/me", headers=owner.headers, reads=True)


def sign_in(client: Client, random: Random) -> Person:
    name, password = values.login(random), values.password(random)
    asked: dict[str, object] = {"username": name, "password": password}
    if random.random() < 0.5:
        asked["display_name"] = values.name(random)
    client.ask("register", "POST", "/auth/register", json=asked)
    given = client.ask("log in", "POST", "/auth/login", json={"username": name, "password": password})
    return Person(name, password, given.take("access_token"), given.take("refresh_token"))


def album(client: Client, random: Random, who: Person) -> str:
    asked: dict[str, object] = {"title": values.title(random)}
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    if random.random() < 0.3:
        asked["visibility"] = random.choice(["private", "public"])
    return client.ask("new album", "POST", "/albums", json=asked, headers=who.headers).take("id")


def photo(client: Client, random: Random, who: Person, key: str, wide: int = 0) -> Answered:
    asked: dict[str, object] = {"filename": f"{values.word(random)}-{random.randint(1, 999)}.jpg"}
    asked |= {"width": wide or random.randint(800, 6000), "height": random.randint(600, 4000)}
    if random.random() < 0.6:
        asked["caption"] = values.title(random)
    if random.random() < 0.7:
        asked["tags"] = random.sample(["family", "beach", "city", "night"], random.randint(1, 2))
    return client.ask("add photo", "POST", f"/albums/{key}/photos", json=asked, headers=who.headers)


def albums_by_page(client: Client, random: Random, owner: Person, _: Person) -> None:
    made = [album(client, random, owner) for _ in range(random.randint(2, 4))]
    page = client.ask("first albums", "GET", "/albums", query={"limit": 2}, headers=owner.headers, reads=True)
    if cursor := page.find("next_cursor"):
        asked = {"limit": 2, "cursor": cursor}
        client.ask("next albums", "GET", "/albums", query=asked, headers=owner.headers, reads=True)
    path = f"/albums/{random.choice(made)}"
    change: dict[str, object] = random.choice([{"title": values.title(random)}, {"visibility": "public"}])
    client.ask("change album", "PATCH", path, json=change, headers=owner.headers, reads=True)
    client.ask("albums", "GET", "/albums", headers=owner.headers, reads=True)
    if random.random() < 0.6:
        client.ask("delete album", "DELETE", path, headers=owner.headers)
        client.ask("album, deleted", "GET", path, headers=owner.headers, reads=True)
        client.ask("own albums left", "GET", "/albums", query={"scope": "own"}, headers=owner.headers, reads=True)


def photos_in_order(client: Client, random: Random, owner: Person, _: Person) -> None:
    key = album(client, random, owner)
    first = photo(client, random, owner, key).take("id")
    for _again in range(random.randint(2, 3)):
        photo(client, random, owner, key)
    path = f"/albums/{key}/photos"
    client.ask("photos", "GET", path, headers=owner.headers, reads=True)
    order = random.choice(["filename", "-added"])
    asked: dict[str, object] = {"order": order, "limit": 2}
    page = client.ask("photos in order", "GET", path, query=asked, headers=owner.headers, reads=True)
    if cursor := page.find("next_cursor"):
        client.ask("photos on", "GET", path, query={**asked, "cursor": cursor}, headers=owner.headers, reads=True)
    tag = random.choice(["family", "beach", "city"])
    client.ask("photos by tag", "GET", path, query={"tag": tag}, headers=owner.headers, reads=True)
    caption = {"caption": values.sentence(random)}
    client.ask("caption", "PATCH", f"/photos/{first}", json=caption, headers=owner.headers, reads=True)
    if random.random() < 0.5:
        client.ask("delete full album", "DELETE", f"/albums/{key}", headers=owner.headers)
    if random.random() < 0.6:
        client.ask("delete photo", "DELETE", f"/photos/{first}", headers=owner.headers)
        client.ask("photo, deleted", "GET", f"/photos/{first}", headers=owner.headers, reads=True)
    client.ask("album with photos", "GET", f"/albums/{key}", headers=owner.headers, reads=True)


def sharing(client: Client, random: Random, owner: Person, other: Person) -> None:
    key = album(client, random, owner)
    path = f"/albums/{key}"
    photo(client, random, owner, key)
    if random.random() < 0.6:
        client.ask("not yet shared", "GET", path, headers=other.headers, reads=True)
    role = random.choice(["viewer", "contributor"])
    share = f"{path}/shares/{other.name}"
    client.ask("share", "PUT", share, json={"role": role}, headers=owner.headers)
    client.ask("shared album", "GET", path, headers=other.headers, reads=True)
    photo(client, random, other, key)
    client.ask("shared photos", "GET", f"{path}/photos", headers=other.headers, reads=True)
    if random.random() < 0.6:
        title = {"title": values.title(random)}
        client.ask("change the other's album", "PATCH", path, json=title, headers=other.headers)
    asked = {"scope": random.choice(["own", "shared", "all"])}
    client.ask("albums of the other", "GET", "/albums", query=asked, headers=other.headers, reads=True)
    client.ask("shares", "GET", f"{path}/shares", headers=owner.headers, reads=True)
    if random.random() < 0.6:
        client.ask("end share", "DELETE", share, headers=owner.headers)
        client.ask("no more shared", "GET", path, headers=other.headers, reads=True)


def favouring(client: Client, random: Random, owner: Person, other: Person) -> None:
    key = album(client, random, owner)
    client.ask("open to all", "PATCH", f"/albums/{key}", json={"visibility": "public"}, headers=owner.headers)
    shown = [photo(client, random, owner, key).take("id") for _ in range(2)]
    for who in random.choice([[owner], [other], [owner, other]]):
        client.ask("favour", "PUT", f"/photos/{shown[0]}/favourite", headers=who.headers, reads=True)
    client.ask("photo to me", "GET", f"/photos/{shown[0]}", headers=owner.headers, reads=True)
    client.ask("photo to the other", "GET", f"/photos/{shown[0]}", headers=other.headers, reads=True)
    client.ask("favourites", "GET", "/favourites", headers=other.headers, reads=True)
    if random.random() < 0.6:
        client.ask("favour no more", "DELETE", f"/photos/{shown[0]}/favourite", headers=other.headers, reads=True)
        client.ask("photos, favoured", "GET", f"/albums/{key}/photos", headers=owner.headers, reads=True)


def printing(client: Client, random: Random, owner: Person, other: Person) -> None:
    key = album(client, random, owner)
    chosen = [photo(client, random, owner, key, random.randint(2500, 6000)).take("id") for _ in range(2)]
    if random.random() < 0.4:
        client.ask("sizes", "GET", "/print-sizes")
    lines = [{"photo_id": one, "size": random.choice(SIZES), "copies": random.randint(1, 15)} for one in chosen]
    asked: dict[str, object] = {"items": lines[: random.randint(1, 2)]}
    if random.random() < 0.6:
        asked["shipping"] = random.choice(["standard", "express", "pickup"])
    headers = {**owner.headers, "Idempotency-Key": values.slug(random)}
    made = client.ask("order prints", "POST", "/print-orders", json=asked, headers=headers)
    path = f"/print-orders/{made.take('id')}"
    if random.random() < 0.5:
        client.ask("order prints again", "POST", "/print-orders", json=asked, headers=headers, reads=True)
    if random.random() < 0.4:
        otherwise = {**asked, "items": [{**lines[0], "copies": 42}]}
        client.ask("order others by that key", "POST", "/print-orders", json=otherwise, headers=headers)
    for _again in range(random.randint(1, 5)):
        client.ask("prints", "GET", path, headers=owner.headers, reads=True)
    if random.random() < 0.5:
        client.ask("cancel prints", "POST", f"{path}/cancel", headers=owner.headers, reads=True)
        client.ask("prints, cancelled", "GET", path, headers=owner.headers, reads=True)
    if random.random() < 0.4:
        client.ask("prints of the other", "GET", path, headers=other.headers)
    client.ask("orders", "GET", "/print-orders", headers=owner.headers, reads=True)


def signing(client: Client, random: Random, owner: Person, _: Person) -> None:
    if random.random() < 0.7:
        wrong = {"username": owner.name, "password": values.password(random)}
        client.ask("wrong password", "POST", "/auth/login", json=wrong)
    used, before = owner.refresh, owner.headers
    given = client.ask("refresh", "POST", "/auth/refresh", json={"refresh_token": used})
    owner.access, owner.refresh = given.take("access_token"), given.take("refresh_token")
    if random.random() < 0.6:
        client.ask("refresh with the used", "POST", "/auth/refresh", json={"refresh_token": used})
    client.ask("me, refreshed", "GET", "/me", headers=owner.headers, reads=True)
    if random.random() < 0.6:
        client.ask("log out", "POST", "/auth/logout", headers=before)
        client.ask("me, logged out", "GET", "/me", headers=before, reads=True)


def mistakes(client: Client, random: Random, owner: Person, other: Person) -> None:
    key = album(client, random, owner)
    headers, path = owner.headers, f"/albums/{key}"
    small = photo(client, random, owner, key, 640)
    line = {"photo_id": small.take("id"), "size": "50x70"}
    fresh = {**headers, "Idempotency-Key": values.slug(random)}
    twice = {"filename": small.take("filename"), "width": 100, "height": 100}
    share, viewer, bad = f"{path}/shares", {"role": "viewer"}, {"title": "x", "visibility": "all"}
    new = {"username": owner.name, "password": values.password(random)}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no token", "GET", "/me"),
        lambda: client.ask("bad token", "GET", "/albums", headers={"Authorization": f"Bearer {values.slug(random)}"}),
        lambda: client.ask("name taken", "POST", "/auth/register", json=new),
        lambda: client.ask("short password", "POST", "/auth/register", json={"username": "bo", "password": "x"}),
        lambda: client.ask("no title", "POST", "/albums", json={}, headers=headers),
        lambda: client.ask("bad visibility", "POST", "/albums", json=bad, headers=headers),
        lambda: client.ask("limit too high", "GET", "/albums", query={"limit": 500}, headers=headers),
        lambda: client.ask("bad cursor", "GET", "/albums", query={"cursor": values.word(random)}, headers=headers),
        lambda: client.ask("share with me", "PUT", f"{share}/{owner.name}", json=viewer, headers=headers),
        lambda: client.ask("share with nobody", "PUT", f"{share}/nobody", json=viewer, headers=headers),
        lambda: client.ask("bad role", "PUT", f"{share}/{other.name}", json={"role": "boss"}, headers=headers),
        lambda: client.ask("photo twice", "POST", f"{path}/photos", json=twice, headers=headers),
        lambda: client.ask("photo without size", "POST", f"{path}/photos", json={"filename": "a.jpg"}, headers=headers),
        lambda: client.ask("no such album", "GET", f"/albums/alb_{values.word(random)}", headers=headers),
        lambda: client.ask("no key", "POST", "/print-orders", json={"items": [line]}, headers=headers),
        lambda: client.ask("too small", "POST", "/print-orders", json={"items": [line]}, headers=fresh),
        lambda: client.ask("no items", "POST", "/print-orders", json={"items": []}, headers=fresh),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
    client.ask("album after mistakes", "GET", path, headers=headers, reads=True)
