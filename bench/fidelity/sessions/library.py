"""Sessions of the library: people and books added, found, lent, returned, changed, withdrawn, asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

GENRES = ("fiction", "essay", "poetry", "travel")
JSON_API = {"Content-Type": "application/vnd.api+json", "Accept": "application/vnd.api+json"}


def play(client: Client, random: Random) -> None:
    people = [join(client, random) for _ in range(random.randint(1, 2))]
    shelf = [shelve(client, random, random.choice(people)) for _ in range(random.randint(3, 6))]
    kinds: list[Callable[[Client, Random, list[str], list[str]], None]] = [
        browsing,
        browsing,
        lending,
        lending,
        editing,
        mistakes,
    ]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(client, random, people, shelf)
    withdrawing(client, random, people, shelf)


def send(
    client: Client, label: str, method: str, path: str, told: dict[str, object], *, reads: bool = False
) -> Answered:
    return client.ask(label, method, path, json={"data": told}, headers=JSON_API, reads=reads)


def join(client: Client, random: Random) -> str:
    attributes = {"full-name": values.name(random)}
    if random.random() < 0.6:
        attributes["city"] = random.choice(values.CITIES)
    return send(client, "join", "POST", "/people", {"type": "people", "attributes": attributes}).take("data", "id")


def a_book(random: Random, author: str) -> dict[str, object]:
    attributes: dict[str, object] = {"title": values.title(random), "pages": random.randint(40, 900)}
    if random.random() < 0.7:
        attributes["genre"] = random.choice(GENRES)
    related = {"author": {"data": {"type": "people", "id": author}}}
    return {"type": "books", "attributes": attributes, "relationships": related}


def shelve(client: Client, random: Random, author: str) -> str:
    return send(client, "shelve", "POST", "/books", a_book(random, author)).take("data", "id")


def browsing(client: Client, random: Random, people: list[str], shelf: list[str]) -> None:
    client.ask("books", "GET", "/books", headers=JSON_API, reads=True)
    query = {"filter[genre]": random.choice(GENRES), "sort": random.choice(["title", "-pages", "pages"])}
    client.ask("books of a genre", "GET", "/books", query=query, headers=JSON_API, reads=True)
    page = client.ask("first page", "GET", "/books", query={"page[size]": 2}, headers=JSON_API, reads=True)
    client.ask("next page", "GET", page.take("links", "next"), headers=JSON_API, reads=True)
    number = random.choice(shelf)
    client.ask("book", "GET", f"/books/{number}", headers=JSON_API, reads=True)
    client.ask("book with author", "GET", f"/books/{number}", query={"include": "author"}, headers=JSON_API, reads=True)
    if random.random() < 0.5:
        query = {"fields[books]": "title,pages"}
        client.ask("book in part", "GET", f"/books/{number}", query=query, headers=JSON_API, reads=True)
    who = random.choice(people)
    client.ask("person", "GET", f"/people/{who}", headers=JSON_API, reads=True)
    if random.random() < 0.5:
        client.ask("books of a person", "GET", f"/people/{who}/books", headers=JSON_API, reads=True)


def lending(client: Client, random: Random, people: list[str], _: list[str]) -> None:
    path = f"/books/{shelve(client, random, random.choice(people))}"
    client.ask("lend", "POST", f"{path}/lend", headers=JSON_API, reads=True)
    client.ask("book on loan", "GET", path, headers=JSON_API, reads=True)
    if random.random() < 0.6:
        client.ask("lend again", "POST", f"{path}/lend", headers=JSON_API, reads=True)
    if random.random() < 0.4:
        client.ask("withdraw a lent book", "DELETE", path, headers=JSON_API, reads=True)
    available = {"filter[available]": random.choice(["true", "false"])}
    client.ask("available books or not", "GET", "/books", query=available, headers=JSON_API, reads=True)
    if random.random() < 0.7:
        client.ask("return", "POST", f"{path}/return", headers=JSON_API, reads=True)
        client.ask("book returned", "GET", path, headers=JSON_API, reads=True)


def editing(client: Client, random: Random, _: list[str], shelf: list[str]) -> None:
    number = random.choice(shelf)
    attributes = random.choice(
        [{"title": values.title(random)}, {"pages": random.randint(901, 1200)}, {"genre": "essay"}]
    )
    told: dict[str, object] = {"type": "books", "id": number, "attributes": attributes}
    send(client, "edit", "PATCH", f"/books/{number}", told, reads=True)
    client.ask("book edited", "GET", f"/books/{number}", headers=JSON_API, reads=True)


def mistakes(client: Client, random: Random, people: list[str], shelf: list[str]) -> None:
    nowhere = random.randint(5000, 9999)
    blank = a_book(random, people[0]) | {"attributes": {"title": "", "pages": 0}}
    ways: list[Callable[[], object]] = [
        lambda: send(client, "blank book", "POST", "/books", blank),
        lambda: send(client, "book of nobody", "POST", "/books", a_book(random, str(nowhere))),
        lambda: send(client, "wrong type", "POST", "/books", {"type": values.word(random)}),
        lambda: send(client, "nameless", "POST", "/people", {"type": "people", "attributes": {"city": "Oslo"}}),
        lambda: client.ask("no such book", "GET", f"/books/{nowhere}", headers=JSON_API),
        lambda: client.ask("no such person", "GET", f"/people/{nowhere}", headers=JSON_API),
        lambda: client.ask("bad sort", "GET", "/books", query={"sort": values.word(random)}, headers=JSON_API),
        lambda: client.ask("return what is here", "POST", f"/books/{shelf[0]}/return", headers=JSON_API, reads=True),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()


def withdrawing(client: Client, random: Random, _: list[str], shelf: list[str]) -> None:
    path = f"/books/{random.choice(shelf)}"
    client.ask("withdraw", "DELETE", path, headers=JSON_API)
    client.ask("book withdrawn", "GET", path, headers=JSON_API, reads=True)
    client.ask("books left", "GET", "/books", query={"page[size]": 50}, headers=JSON_API, reads=True)
