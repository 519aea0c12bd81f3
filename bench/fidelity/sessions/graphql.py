"""Sessions of a GraphQL service: queries with variables, lists with filters and pages, mutations, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


def play(client: Client, random: Random) -> None:
    made = [create(client, random) for _ in range(random.randint(2, 4))]
    kinds = [reading, listing, changing, reviewing, batched, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 6)]:
        kind(client, random, made)
    removing(client, random, made)


def query(client: Client, label: str, text: str, /, *, reads: bool = False, **variables: Any) -> Answered:
    asked = {"query": text, **({"variables": variables} if variables else {})}
    return client.ask(label, "POST", "/", json=asked, reads=reads)


def create(client: Client, random: Random) -> str:
    text = """mutation Create($title: String!, $year: Int!, $artist: ID!, $live: Boolean!) {
  createAlbum(title: $title, year: $year, artist_id: $artist, live: $live) { id title year live }
}"""
    made = query(
        client,
        "create an album",
        text,
        title=values.title(random),
        year=random.randint(1960, 2026),
        artist=random.choice(["1", "2"]),
        live=random.random() < 0.5,
    )
    return made.take("data", "createAlbum", "id")


ALBUM = "query Album($id: ID!) { Album(id: $id) { id title year live Artist { name country } } }"


def reading(client: Client, random: Random, made: list[str]) -> None:
    for number in random.sample([*made, "1", "2", "3"], 3):
        query(client, "an album", ALBUM, reads=True, id=number)
    text = "query Artist($id: ID!) { Artist(id: $id) { name Albums { title } } }"
    query(client, "an artist with albums", text, reads=True, id=random.choice(["1", "2"]))
    query(client, "no such album", ALBUM, id=str(random.randint(500, 9999)))


def listing(client: Client, random: Random, _: list[str]) -> None:
    query(client, "all albums", "{ allAlbums { id title year } _allAlbumsMeta { count } }", reads=True)
    text = """query Page($page: Int, $size: Int, $field: String, $order: String) {
  allAlbums(page: $page, perPage: $size, sortField: $field, sortOrder: $order) { id title year }
}"""
    field, order = random.choice(["year", "title"]), random.choice(["asc", "desc"])
    size = random.randint(2, 3)
    for page in range(random.randint(1, 2)):
        query(client, "a page of albums", text, reads=True, page=page, size=size, field=field, order=order)
    text = "query Since($year: Int!) { allAlbums(filter: { year_gte: $year }) { title year } }"
    query(client, "albums since", text, reads=True, year=random.randint(1980, 2015))
    live = random.choice(["true", "false"])
    query(client, "live albums or not", f"{{ allAlbums(filter: {{ live: {live} }}) {{ id }} }}", reads=True)


def changing(client: Client, random: Random, made: list[str]) -> None:
    number = random.choice(made)
    text = "mutation Rename($id: ID!, $title: String!) { updateAlbum(id: $id, title: $title) { id title year } }"
    for _ in range(random.randint(1, 2)):
        query(client, "rename", text, reads=True, id=number, title=values.title(random))
    query(client, "the album, renamed", ALBUM, reads=True, id=number)


def reviewing(client: Client, random: Random, made: list[str]) -> None:
    number = random.choice(made)
    text = """mutation Review($album: ID!, $stars: Int!, $text: String!) {
  createReview(album_id: $album, stars: $stars, text: $text) { id stars text }
}"""
    for _ in range(random.randint(1, 3)):
        query(client, "review", text, album=number, stars=random.randint(1, 5), text=values.sentence(random))
    reviewed = "query Reviewed($id: ID!) { Album(id: $id) { title Reviews { stars text } } }"
    query(client, "the album with reviews", reviewed, reads=True, id=number)
    query(client, "count reviews", "{ _allReviewsMeta { count } }", reads=True)


def batched(client: Client, random: Random, made: list[str]) -> None:
    first, second = random.choice(made), random.choice(["1", "2", "3"])
    text = f'{{ a: Album(id: "{first}") {{ title }} b: Album(id: "{second}") {{ title year }} }}'
    query(client, "two at once", text, reads=True)
    text = "query { allArtists { ...Brief } } fragment Brief on Artist { id name }"
    query(client, "artists by fragment", text)
    query(client, "type name", "{ __typename }")


def mistakes(client: Client, random: Random, _: list[str]) -> None:
    ways: list[Callable[[], object]] = [
        lambda: query(client, "unknown field", f"{{ {values.word(random)} }}"),
        lambda: query(client, "syntax error", "{ allAlbums { id "),
        lambda: query(client, "missing variable", ALBUM),
        lambda: query(client, "bad variable", ALBUM, id=[values.word(random)]),
        lambda: client.ask("no query", "POST", "/", json={"text": values.word(random)}),
        lambda: query(client, "unknown argument", f"{{ Album({values.word(random)}: 1) {{ id }} }}"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()


def removing(client: Client, random: Random, made: list[str]) -> None:
    number = random.choice(made)
    query(client, "remove", "mutation Remove($id: ID!) { removeAlbum(id: $id) { id } }", id=number)
    query(client, "the album, removed", ALBUM, reads=True, id=number)
    query(client, "count albums", "{ _allAlbumsMeta { count } }", reads=True)
