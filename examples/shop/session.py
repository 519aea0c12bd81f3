"""A shopping session: one customer's visit, step by step, told the same way each time."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import http.client
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

EMAIL: Final = "ada.marlow@harbour.test"
PASSWORD: Final = "correct horse battery"
CARD: Final = "4539 5787 6362 1486"
PHONE: Final = "+44 20 7946 0958"
NEW_PHONE: Final = "+44 20 7946 0321"
ADDRESS: Final = {"name": "Ada Marlow", "street": "7 Quay Lane", "city": "Whitby", "postcode": "YO22 4DA"}
TIMEOUT_S: Final = 30.0

PLANNED_STEPS: Final = 32
_ADDRESS: Final = re.compile(rb"https?://127\.0\.0\.1:\d+")
COMPARED_HEADERS: Final = ("content-type", "content-encoding", "etag", "cache-control", "www-authenticate")


@dataclass(frozen=True, slots=True)
class Step:
    """What one request came to.

    `length` and `digest` (SHA-256, hex) are of the body's bytes as on the wire; `meaning` is the digest of the content
    without its coding and with every address of a local server left out; `headers` are those worth comparing;
    `served_by` is the gateway's own mark, "" from the shop itself.
    """

    number: int
    method: str
    path: str
    status: int
    expected: int
    length: int
    digest: str
    meaning: str
    headers: tuple[tuple[str, str], ...]
    served_by: str = ""

    @property
    def went_well(self) -> bool:
        return self.status == self.expected


@dataclass(frozen=True, slots=True)
class Difference:
    """A step that came out otherwise the second time.

    `parts` are path, status, body, addresses (a body that differs in nothing else), header names, or "missing".
    """

    number: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A whole session: its steps, and the secrets that were sent or received in it, by what they are."""

    steps: tuple[Step, ...]
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def went_well(self) -> bool:
        return len(self.steps) == PLANNED_STEPS and all(step.went_well for step in self.steps)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response as the customer's browser holds it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    def json(self) -> Any:
        """Give the document in the body; {} where there is none, so that a session goes on to the end and tells."""
        try:
            document = json.loads(self.content)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}


class Customer:
    """Ada, who logs in, looks round, buys two things, follows the order and changes her phone number."""

    def __init__(self, base: str, tell: Callable[[Step], None]) -> None:
        place = urlsplit(base)
        self._tell = tell
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=TIMEOUT_S)
        self._always: dict[str, str] = {"User-Agent": "shopping-session/1"}
        self._steps: list[Step] = []
        self.secrets: dict[str, str] = {
            "e-mail address": EMAIL,
            "password": PASSWORD,
            "card number": CARD,
            "phone number": PHONE,
            "new phone number": NEW_PHONE,
        }

    def visit(self) -> Visit:
        """Do the whole session, telling of each step as it is done."""
        try:
            for part in (self._outside, self._enter, self._look_round, self._fill_cart, self._buy, self._tidy_up):
                part()
        finally:
            self._connection.close()
        return Visit(tuple(self._steps), self.secrets)

    def _outside(self) -> None:
        self._ask("GET", "/products?limit=5")
        self._ask("GET", "/cart", expect=401)
        self._ask("GET", "/no-such-page", expect=404)
        self._ask("POST", "/login", {"email": EMAIL}, expect=422)
        self._ask("POST", "/login", {"email": EMAIL, "password": "guess"}, expect=401)

    def _enter(self) -> None:
        reply = self._ask("POST", "/login", {"email": EMAIL, "password": PASSWORD})
        self._carry(reply)
        self._remember("session cookie", reply.headers.get("set-cookie", "").partition(";")[0].partition("=")[2])
        self._ask("GET", "/profile")
        self._carry(self._ask("POST", "/token/refresh", {"refresh_token": reply.json().get("refresh_token", "")}))
        self._ask("POST", "/token/refresh", {"refresh_token": reply.json().get("refresh_token", "")}, expect=401)

    def _look_round(self) -> None:
        path = "/products?limit=5"
        for _ in range(3):
            link = self._ask("GET", path).headers.get("link", "")
            following = urlsplit(link.partition("<")[2].partition(">")[0])
            path = f"{following.path}?{following.query}"
            if not following.path:
                break
        self._ask("GET", "/products?limit=50", accept_encoding="gzip")
        self._ask("GET", "/products?limit=0", expect=422)
        etag = self._ask("GET", "/products/p-02").headers.get("etag", "")
        self._ask("GET", "/products/p-02", headers={"If-None-Match": etag}, expect=304)
        self._ask("GET", "/products/p-11", accept_encoding="gzip")
        self._ask("GET", "/products/p-02/image.png")
        self._ask("GET", "/products/p-99", expect=404)

    def _fill_cart(self) -> None:
        self._ask("GET", "/cart")
        self._ask("POST", "/cart/items", {"product": "p-02", "quantity": 1}, expect=201)
        self._ask("POST", "/cart/items", {"product": "p-06", "quantity": 3}, expect=201)
        self._ask("GET", "/cart")
        self._ask("DELETE", "/cart/items/p-06", expect=204)
        self._ask("GET", "/cart")

    def _buy(self) -> None:
        order = {"payment": {"card_number": "1234", "holder": ADDRESS["name"]}, "phone": PHONE, "address": ADDRESS}
        self._ask("POST", "/orders", order, expect=422)
        order["payment"] = {"card_number": CARD, "holder": ADDRESS["name"], "expiry": "11/29", "cvv": "737"}
        reply = self._ask("POST", "/orders", order, expect=201)
        where = urlsplit(reply.headers.get("location", "")).path or "/orders/none"
        self._ask("GET", where)
        self._ask("GET", where + "/events")
        self._ask("GET", "/orders", accept_encoding="gzip")

    def _tidy_up(self) -> None:
        self._ask("PATCH", "/profile", {"phone": NEW_PHONE})
        self._ask("GET", "/profile")

    def _carry(self, reply: Reply) -> None:
        token = str(reply.json().get("access_token", ""))
        self._remember("access token", token)
        self._remember("refresh token", str(reply.json().get("refresh_token", "")))
        self._always["Authorization"] = f"Bearer {token}"
        if "set-cookie" in reply.headers:
            self._always["Cookie"] = reply.headers["set-cookie"].partition(";")[0]

    def _remember(self, name: str, value: str) -> None:
        if value:
            self.secrets[name if name not in self.secrets else f"second {name}"] = value

    def _ask(
        self,
        method: str,
        path: str,
        document: object = None,
        *,
        expect: int = 200,
        headers: Mapping[str, str] | None = None,
        accept_encoding: str = "identity",
    ) -> Reply:
        sent = self._always | {"Accept-Encoding": accept_encoding} | dict(headers or {})
        content = None
        if document is not None:
            content = json.dumps(document).encode()
            sent["Content-Type"] = "application/json"
        self._connection.request(method, path, content, sent)
        response = self._connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        reply = Reply(response.status, got, response.read())
        self._note(method, path, expect, reply)
        return reply

    def _note(self, method: str, path: str, expect: int, reply: Reply) -> None:
        step = Step(
            number=len(self._steps) + 1,
            method=method,
            path=path,
            status=reply.status,
            expected=expect,
            length=len(reply.body),
            digest=hashlib.sha256(reply.body).hexdigest(),
            meaning=hashlib.sha256(_ADDRESS.sub(b"", reply.content)).hexdigest(),
            headers=tuple((name, reply.headers[name]) for name in COMPARED_HEADERS if name in reply.headers),
            served_by=reply.headers.get("x-mimic-served-by", ""),
        )
        self._steps.append(step)
        self._tell(step)


def visit(base: str, tell: Callable[[Step], None] = lambda _step: None) -> Visit:
    """Do a whole session against `base`; raises OSError or http.client.HTTPException where nobody answers."""
    return Customer(base, tell).visit()


def compare(first: Sequence[Step], second: Sequence[Step]) -> list[Difference]:
    """Give the steps that came out otherwise the second time."""
    found = [
        Difference(one.number, parts) for one, two in zip(first, second, strict=False) if (parts := _unlike(one, two))
    ]
    short, long = sorted((first, second), key=len)
    return found + [Difference(step.number, ("missing",)) for step in long[len(short) :]]


def _unlike(one: Step, two: Step) -> tuple[str, ...]:
    whole = {
        "path": (one.method, one.path) == (two.method, two.path),
        "status": one.status == two.status,
        "body": one.digest == two.digest or one.meaning == two.meaning,
        "addresses": one.digest == two.digest or one.meaning != two.meaning,
    }
    headers = (dict(one.headers), dict(two.headers))
    return tuple(part for part, same in whole.items() if not same) + tuple(
        name for name in COMPARED_HEADERS if headers[0].get(name) != headers[1].get(name)
    )


def main() -> int:
    """Visit once and print each step; with a kept visit to compare to, print what is different."""
    parser = argparse.ArgumentParser(prog="examples.shop.session", description=__doc__)
    parser.add_argument("--base", required=True, help="the address to shop at, such as http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, help="keep the steps in this JSON file")
    parser.add_argument("--compare", type=Path, help="compare with the steps kept in this JSON file")
    options = parser.parse_args()
    try:
        done = visit(options.base, lambda step: print(f"{step.number:3} {step.status} {step.method} {step.path}"))
    except (OSError, http.client.HTTPException) as error:
        print(f"no answer from {options.base}: {error}", file=sys.stderr)
        return 2
    if options.out:
        options.out.write_text(json.dumps([asdict(step) for step in done.steps], indent=1))
    before = _kept(options.compare) if options.compare else done.steps
    differences = compare(before, done.steps)
    for difference in differences:
        print(f"step {difference.number} differs in {', '.join(difference.parts)}")
    return 0 if done.went_well and not differences else 1


def _kept(path: Path) -> list[Step]:
    steps = json.loads(path.read_text())
    return [Step(**step | {"headers": tuple(tuple(pair) for pair in step["headers"])}) for step in steps]


if __name__ == "__main__":
    sys.exit(main())
