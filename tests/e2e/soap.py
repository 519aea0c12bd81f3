"""A library's SOAP 1.1 service, and visits to it: members that join, borrow and leave, told apart by their SOAPAction."""

from __future__ import annotations

import http.client
import re
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from e2e.upstream import Ask, Tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SPACE: Final = "urn:example:library"
NAMES: Final = {"s": ENVELOPE, "l": SPACE}
_XML: Final = "text/xml; charset=utf-8"
_NAMES: Final = ("Ada", "Bo & Co", "Cy <3", "Dee", 'Eve "E"', "Fay", "Gus", "Hal")
_BOOKS: Final = ("Emma", "Dune", "Ulysses", "It", "Holes", "Momo", "Kim", "Carrie")


class Fault(Exception):  # noqa: N818 - as SOAP calls it
    """A refusal: its code and its words."""


class Library:
    """The service: members with the books that they have out."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = count(1)
        self._members: dict[str, dict[str, str]] = {}

    def answer(self, ask: Ask) -> Tell:
        """Answer a call as it is sent."""
        try:
            body = ET.fromstring(ask.body()).find("s:Body", NAMES)
            called = ask.header("soapaction").strip('"').rpartition("/")[2]
            asked = None if body is None else body.find(f"l:{called}", NAMES)
            if asked is None:
                raise Fault("UNKNOWN_OPERATION", f"There is no operation {called}")
            return _told(getattr(self, f"_{called.lower()}")(asked))
        except Fault as fault:
            code, words = fault.args
            text = escape(words)
            return _told(
                f"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>{text}</faultstring>"
                f"<detail><lib:Error><lib:Code>{code}</lib:Code></lib:Error></detail></soap:Fault>", 500,
            )  # fmt: skip

    def _join(self, asked: ET.Element) -> str:
        name = asked.findtext("l:Name", "", NAMES)
        if not name:
            raise Fault("NAME_MISSING", "A member has a name")
        card = f"{self._random.getrandbits(64):016x}"
        email = asked.findtext("l:Email", None, NAMES)
        self._members[card] = {"Card": card, "Name": name, **({"Email": email} if email else {}), "Status": "ACTIVE"}
        return f"<lib:JoinResponse>{_elements(self._members[card])}</lib:JoinResponse>"

    def _getmember(self, asked: ET.Element) -> str:
        return (
            f"<lib:GetMemberResponse><lib:Member>{_elements(self._known(asked))}</lib:Member></lib:GetMemberResponse>"
        )

    def _listmembers(self, asked: ET.Element) -> str:
        status = asked.findtext("l:Status", None, NAMES)
        found = [one for one in self._members.values() if status in (None, one["Status"])]
        rows = "".join(f"<lib:Member>{_elements(one)}</lib:Member>" for one in found)
        return (
            f"<lib:ListMembersResponse><lib:Count>{len(found)}</lib:Count><lib:Members>{rows}</lib:Members>"
            "</lib:ListMembersResponse>"
        )

    def _suspend(self, asked: ET.Element) -> str:
        member = self._known(asked)
        if member["Status"] == "SUSPENDED":
            raise Fault("ALREADY_SUSPENDED", "The member is suspended already")
        member["Status"] = "SUSPENDED"
        return (
            f"<lib:SuspendResponse>{_elements({'Card': member['Card'], 'Status': 'SUSPENDED'})}</lib:SuspendResponse>"
        )

    def _deletemember(self, asked: ET.Element) -> str:
        del self._members[self._known(asked)["Card"]]
        return "<lib:DeleteMemberResponse></lib:DeleteMemberResponse>"

    def _known(self, asked: ET.Element) -> dict[str, str]:
        card = asked.findtext("l:Card", "", NAMES)
        if card not in self._members:
            raise Fault("MEMBER_NOT_FOUND", f"No member has the card {card}")
        return self._members[card]


def _elements(members: dict[str, str]) -> str:
    return "".join(f"<lib:{name}>{escape(value)}</lib:{name}>" for name, value in members.items())


def _told(body: str, status: int = 200) -> Tell:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="{ENVELOPE}" xmlns:lib="{SPACE}">'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    )
    return Tell(status, (("Content-Type", _XML),), text.encode())


class Visitor:
    """A client of the service at a URL; `answers` are the statuses and the bodies, each card by when it was given."""

    def __init__(self, base: str) -> None:
        self._place = urlsplit(base).netloc
        self._cards: dict[str, str] = {}
        self.answers: list[tuple[int, str]] = []

    def call(self, operation: str, **asked: str) -> str:
        """Call an operation; gives the body of the answer."""
        inside = "".join(f"<l:{name}>{escape(value)}</l:{name}>" for name, value in asked.items())
        text = (
            f'<e:Envelope xmlns:e="{ENVELOPE}" xmlns:l="{SPACE}"><e:Body><l:{operation}>{inside}</l:{operation}>'
            "</e:Body></e:Envelope>"
        )
        connection = http.client.HTTPConnection(self._place, timeout=20)
        headers = {"Content-Type": "text/xml", "SOAPAction": f'"{SPACE}/{operation}"'}
        connection.request("POST", "/soap", text.encode(), headers)
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        for card in re.findall(r"<lib:Card>(\w+)</lib:Card>", body):
            self._cards.setdefault(card, f"card {len(self._cards) + 1}")
        shown = body
        for card, name in self._cards.items():
            shown = shown.replace(card, name)
        self.answers.append((response.status, shown))
        return body

    def join(self, **asked: str) -> str:
        """Have a member join; gives the card."""
        found = re.search(r"<lib:Card>(\w+)</lib:Card>", self.call("Join", **asked))
        return found[1] if found is not None else "none"


def visit(visitor: Visitor, random: Random) -> None:
    """Join members, look at them, suspend and delete some, and make mistakes."""
    cards = []
    for name in random.sample(_NAMES, random.randint(2, 4)):
        more = {"Email": f"{random.choice(_BOOKS)}@example.org"} if random.random() < 0.5 else {}
        cards.append(visitor.join(Name=name, **more))
    ways: list[Callable[[], object]] = [
        lambda: visitor.call("GetMember", Card=random.choice(cards)),
        lambda: visitor.call("ListMembers"),
        lambda: visitor.call("ListMembers", Status=random.choice(("ACTIVE", "SUSPENDED"))),
        lambda: visitor.call("Suspend", Card=random.choice(cards)),
        lambda: visitor.call("Join", Name=""),
        lambda: visitor.call("GetMember", Card=f"{random.getrandbits(64):016x}"),
        lambda: visitor.call("DeleteMember", Card=cards.pop()) if len(cards) > 1 else None,
    ]
    for _ in range(2):
        random.shuffle(ways)
        for way in ways:
            way()
    visitor.call("ListMembers")
