"""A session with json-graphql-server: one endpoint where only the body tells requests apart, and errors come with status 200."""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from e2e.client import Client, Step

SONG = "query One($id: ID!) { Song(id: $id) { id title Singer { name email } } }"
COUNT = "{ _allSongsMeta { count } }"


def _ask(client: Client, query: str, status: Any = 200, **variables: Any) -> Step:
    document = {"query": query, "variables": variables} if variables else {"query": query}
    return client.call("POST", "/", document=document, status=status)


def _count(client: Client) -> int:
    return int(_ask(client, COUNT).json()["data"]["_allSongsMeta"]["count"])


def schema(client: Client) -> None:
    client.call("GET", "/", headers={"Accept": "text/html"}, status=(200, 400))
    types = _ask(client, "{ __schema { queryType { name } types { name kind fields { name } } } }")
    client.expect("Singer" in types.text(), "the schema names the types")


def reading(client: Client) -> None:
    client.expect(len(_ask(client, "{ allSingers { id name email } }").json()["data"]["allSingers"]) == 2, "two")
    _ask(client, "{  allSingers  {  id   name email }  }")
    for number in (1, 2):
        song = _ask(client, SONG, id=number).json()["data"]["Song"]
        client.expect(song["id"] == str(number), "only a variable tells these two apart")
    client.expect("Björk" in _ask(client, SONG, id=2).text(), "the right singer came")
    for page in (0, 1):
        _ask(client, f'{{ allSongs(page: {page}, perPage: 2, sortField: "plays", sortOrder: "asc") {{ id plays }} }}')
    _ask(client, "{ one: Song(id: 1) { title } two: Song(id: 2) { title } }")
    _ask(client, "{ allSongs { ...Short } } fragment Short on Song { id title }")
    _ask(client, "{ allSongs(filter: { live: true, plays_gte: 10 }) { id } }", status=(200, 400))
    client.call("GET", "/?query=" + urllib.parse.quote("{ allSingers { name } }"), status=(200, 400))
    kind = {"Content-Type": "application/graphql"}
    client.call("POST", "/", body=b"{ allSingers { name } }", headers=kind, status=(200, 400))


def writing(client: Client) -> None:
    client.expect(_count(client) == 3, "three songs at first")
    create = "mutation C($t: String!, $p: Int!) { createSong(title: $t, plays: $p, singer_id: 1, live: true) { id } }"
    made = [
        _ask(client, create, t=f"Take {number}", p=number).json()["data"]["createSong"]["id"] for number in range(3)
    ]
    client.expect(_count(client) == 6, "the same query counts six")
    for title in ("First cut", "Final cut"):
        _ask(client, f'mutation U($id: ID!) {{ updateSong(id: $id, title: "{title}") {{ id title }} }}', id=made[0])
        client.expect(title in _ask(client, SONG, id=made[0]).text(), f"the same query shows {title}")
    _ask(client, "mutation D($id: ID!) { removeSong(id: $id) { id } }", id=made[1])
    client.expect(_count(client) == 5, "the same query counts five")
    _ask(client, SONG, status=(200, 400, 404), id=made[1])


def mistakes(client: Client) -> None:
    _ask(client, "{ unknownField }", status=(200, 400))
    _ask(client, "{ allSongs { id ", status=(200, 400))
    _ask(client, SONG, status=(200, 400, 500))
    client.call("POST", "/", body=b"{half", headers={"Content-Type": "application/json"}, status=(400, 500))
    client.call("POST", "/", document={}, status=(400, 500))
    asked = {"Origin": "http://app.example", "Access-Control-Request-Method": "POST"}
    client.call("OPTIONS", "/", headers=asked, status=(200, 204))


PARTS = (schema, reading, writing, mistakes)
