"""A session that plants every secret in every place, and the upstream that echoes what it is sent and issues the rest."""

from __future__ import annotations

import base64
import gzip
import json
import urllib.parse
from typing import TYPE_CHECKING, Final

from e2e.plants import KINDS, SENT, Kind, planted
from e2e.upstream import Ask, Tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from e2e.client import Client

JSON: Final = ("Content-Type", "application/json")


def answer(ask: Ask) -> Tell:
    """Echo a request as JSON, gzipped where it was gzipped; below /issue/ give out a secret of the upstream's own."""
    if ask.target.startswith("/issue/"):
        _, _, number, place = ask.target.split("/")
        return (_streamed if place == "sse" else _issued)(KINDS[int(number)])
    body, zipped = ask.body(), ask.header("content-encoding") == "gzip"
    text = (gzip.decompress(body) if zipped else body).decode("latin-1")
    heads = [pair for pair in ask.headers if pair[0].lower() not in {"via", "connection", "host"}]
    echo = json.dumps({"method": ask.method, "target": ask.target, "headers": heads, "text": text}).encode()
    if zipped:
        return Tell(headers=(JSON, ("Content-Encoding", "gzip")), body=gzip.compress(echo, mtime=0))
    return Tell(headers=(JSON,), body=echo)


def _issued(kind: Kind) -> Tell:
    value = planted(kind, "answer")
    cookie = f"{kind.field}={urllib.parse.quote(value, safe='')}; Path=/; HttpOnly"
    head = (JSON, (f"X-{kind.field.replace('_', '-').title()}", value), ("Set-Cookie", cookie))
    return Tell(headers=head, body=json.dumps({"id": 7, "inner": [{kind.field: value}]}).encode())


def _streamed(kind: Kind) -> Tell:
    event = f"data: {json.dumps({'n': 1, kind.field: planted(kind, 'sse')})}\n\n".encode()
    middle = len(event) - 6 - len(planted(kind, "sse")) // 2

    def pieces() -> Iterator[bytes]:
        yield b": hello\n\n"
        yield event[:middle]
        yield event[middle:]
        yield b"data: [DONE]\n\n"

    return Tell(headers=(("Content-Type", "text/event-stream"),), body=pieces())


def _header(client: Client, kind: Kind, value: str) -> None:
    basic = "Basic " + base64.b64encode(f"ida:{value}".encode()).decode()
    named = {"password": ("Authorization", basic), "access_token": ("Authorization", f"Bearer {value}")}
    pair = named.get(kind.field, (f"X-{kind.field.replace('_', '-').title()}", value))
    client.call("GET", "/echo/header", headers=(pair,))


def _cookie(client: Client, kind: Kind, value: str) -> None:
    pairs = f"theme=dark; {kind.field}={urllib.parse.quote(value, safe='!~')}; lang=de"
    client.call("GET", "/echo/cookie", headers=(("Cookie", pairs),))


def _path(client: Client, kind: Kind, value: str) -> None:
    client.call("GET", f"/echo/notes/{urllib.parse.quote(value, safe='')}/lines")


def _query(client: Client, kind: Kind, value: str) -> None:
    client.call("GET", f"/echo/query?page=2&{kind.field}={urllib.parse.quote(value, safe='')}&sort=name")


def _json(client: Client, kind: Kind, value: str) -> None:
    client.call("POST", "/echo/json", document={"deep": [{"er": {kind.field: value, "count": 3}}]})


def _form(client: Client, kind: Kind, value: str) -> None:
    client.call("POST", "/echo/form", form={"a": "1", kind.field: value})


def _multipart(client: Client, kind: Kind, value: str) -> None:
    part = f'--edge\r\nContent-Disposition: form-data; name="{kind.field}"\r\n\r\n{value}\r\n--edge--\r\n'.encode()
    client.call("POST", "/echo/parts", body=part, headers=(("Content-Type", "multipart/form-data; boundary=edge"),))


def _base64(client: Client, kind: Kind, value: str) -> None:
    blob = base64.b64encode(json.dumps({"v": 1, kind.field: value}).encode()).decode()
    client.call("POST", "/echo/base64", document={"state": blob})


def _double_url(client: Client, kind: Kind, value: str) -> None:
    onward = f"/back?{kind.field}={urllib.parse.quote(value, safe='')}&x=1"
    client.call("GET", f"/echo/login?next={urllib.parse.quote(onward, safe='')}")


def _gzip(client: Client, kind: Kind, value: str) -> None:
    body = gzip.compress(json.dumps({kind.field: value, "more": "text " * 40}).encode(), mtime=0)
    client.call("POST", "/echo/gzip", body=body, headers=(JSON, ("Content-Encoding", "gzip")))


PLACES: Final[dict[str, Callable[[Client, Kind, str], None]]] = {
    "header": _header,
    "cookie": _cookie,
    "path": _path,
    "query": _query,
    "json": _json,
    "form": _form,
    "multipart": _multipart,
    "base64": _base64,
    "double-url": _double_url,
    "gzip": _gzip,
}


def sending(client: Client) -> None:
    """Send every kind in every place; every second kind in the order that names it only after it was in a path."""
    for number, kind in enumerate(KINDS):
        client.part = f"sending {kind.name}"
        for place in SENT if number % 2 else reversed(SENT):
            PLACES[place](client, kind, planted(kind, place))


def issuing(client: Client) -> None:
    """Be given every kind, in an answer and in a stream; then send what was given as a token."""
    for number, kind in enumerate(KINDS):
        client.part = f"issuing {kind.name}"
        given = client.call("GET", f"/issue/{number}/answer").json().get("inner", [{}])[0].get(kind.field, "")
        client.call("GET", f"/echo/follow/{number}", headers=(("Authorization", f"Bearer {given}"),))
        stream = client.call("GET", f"/issue/{number}/sse").text()
        client.expect(stream.endswith("data: [DONE]\n\n"), "the stream came to its end")


PARTS: Final = (sending, issuing)
