"""A sample: one recorded interaction taken apart, as the steps of synthesis look at it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote

import orjson

from cassettes.body import form_pairs, multipart_parts
from cassettes.cassette import Cassette, Interaction
from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import Headers, Request, header
from cassettes.listing import query_of
from recorder.address import Origin, Readdressing, host_origin, origin_of
from recorder.authorization import parted
from recorder.synthesis.samples.operation import Operation
from recorder.synthesis.samples.values import MISSING

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing (RFC 9110 §9.2.1)."""
_SETS: Final = frozenset(
    {
        "allow", "vary",
        "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
    }
)  # fmt: skip
Orders: TypeAlias = dict[tuple[str, frozenset[str]], str]
"""How lists whose order means nothing were written first, by the header's name and what they hold."""
_LARGEST: Final = 8 << 20
_LONGEST_TEXT: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Auth:
    """The credentials of the Authorization header; each part is "" where there is none."""

    scheme: str = ""
    token: str = ""
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body."""

    name: str
    filename: str
    content_type: str
    data: bytes

    @property
    def text(self) -> str:
        """Give its data as text; what is none shows as replacement characters."""
        return self.data.decode("utf-8", "replace")


@dataclass(eq=False, slots=True)
class Sample:
    """One interaction: what was asked and answered, decoded once.

    `number` is its place among all samples, `session` that of its session, `name` the recording it comes from.
    `query`, `form` and `parts` have all values of a name, in their order. `segments` are the decoded parts of the path,
    without its `ending`, a slash or a format as `.json`, where that is no part of a name; `joints` are what stands
    before each of them and behind the last, () where that is slashes alone. `json` and `answer_json` are MISSING where
    the body is none; where it is XML they are its elements as an object, and `element` says where in what was sent
    those of `json` stood.

    `answer_headers` are pairs with lower-case names in their order. Times are Unix seconds. With `is_cleaned` secrets
    are not what was sent. With `asks_in_body` its JSON says what is asked of a list.

    Where calls are operations, `method`, `segments` and `status` are those that the call counts as having
    once its `operation` is known, and `answered_status`, `sent_method` and `sent_path` what was sent and answered.
    `carried_at` tells which of the `segments` is not sent in the path.
    """

    number: int
    session: int
    name: str
    interaction: Interaction = field(repr=False)
    method: str
    segments: tuple[str, ...]
    query: dict[str, list[str]]
    headers: dict[str, str]
    cookies: dict[str, str]
    auth: Auth
    content_type: str
    body: bytes = field(repr=False)
    json: Any = field(repr=False)
    form: dict[str, list[str]]
    parts: dict[str, list[Part]]
    status: int
    answer_type: str
    answer_headers: tuple[tuple[str, str], ...]
    answer_body: bytes = field(repr=False)
    answer_json: Any = field(repr=False)
    answer_text: str | None = field(repr=False)
    started: float = 0.0
    ended: float = 0.0
    element: tuple[str, ...] = ()
    element_lists: tuple[str, ...] = ()
    answered_status: int = 0
    operation: Operation | None = None
    carried_at: int | None = None
    is_cleaned: bool = False
    asks_in_body: bool = False
    ending: str = ""
    joints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.answered_status = self.answered_status or self.status

    @property
    def sent_method(self) -> str:
        """The method that it was sent with."""
        return self.method if self.operation is None else self.operation.method

    @property
    def sent_path(self) -> str:
        """The decoded path that it was sent to."""
        if self.operation is not None:
            return "/" + "/".join(self.operation.segments)
        parts = [part for place, part in enumerate(self.segments) if place != self.carried_at]
        return joined(parts, self.joints) + self.ending

    @property
    def asked(self) -> Any:
        """The document that says what is asked: the request's JSON, or an object of what an operation is given."""
        given = self.operation.given if self.operation is not None else "json"
        if given == "json":
            return self.json
        return {name: values[0] for name, values in (self.query if given == "query" else self.form).items()}

    @property
    def arguments(self) -> Any:
        """The request's JSON, or the arguments of an operation in what it is given."""
        return self.json if self.operation is None else self.operation.arguments(self.asked)

    @property
    def told(self) -> Any:
        """The answer's JSON, without what only speaks of the call."""
        if self.operation is None or not self.operation.envelope or not isinstance(self.answer_json, dict):
            return self.answer_json
        return {name: value for name, value in self.answer_json.items() if name not in self.operation.envelope}

    @property
    def told_text(self) -> str:
        """The answer's text, without what only speaks of the call."""
        if self.told is self.answer_json:
            return self.answer_text or ""
        return orjson.dumps(self.told).decode()

    @property
    def parameters(self) -> dict[str, list[str]]:
        """What is asked of a list: the query, or the arguments of an operation that lists; no keys in a query."""
        if self.operation is None:
            return query_of(self.json) if self.asks_in_body else self.query
        if self.operation.given == "query":
            keys = {path[-1] for path in self.operation.keys}
            return {name: values for name, values in self.query.items() if name not in keys}
        return self.operation.parameters(self.asked) if self.operation.lists else self.query

    @property
    def path(self) -> str:
        """The decoded path."""
        return joined(self.segments, self.joints) + (self.ending if self.operation is None else "")

    @property
    def text(self) -> str:
        """The request's body as text."""
        return self.body[:_LONGEST_TEXT].decode("utf-8", "replace")

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    def answer_lines(self, name: str) -> list[str]:
        """Give all values of a response header, in their order."""
        return [value for known, value in self.answer_headers if known == name]

    def answer_header(self, name: str) -> str | None:
        """Give the first value of a response header, or None."""
        return next((value for known, value in self.answer_headers if known == name), None)


def joined(parts: Sequence[str], joints: Sequence[str] = ()) -> str:
    """Write a path: a joint before each part, and one behind the last; slashes where the joints are not of these."""
    if len(joints) != len(parts) + 1:
        return "/".join(["", *parts])
    return "".join(joint + part for joint, part in zip(joints, (*parts, ""), strict=True))


def samples_of(cassettes: Iterable[Cassette]) -> list[Sample]:
    """Take apart what was recorded, session by session, each in the order in which its interactions ended.

    Interactions that ended in a failure are left out: there is nothing to learn an answer from.
    """
    samples: list[Sample] = []
    orders: Orders = {}
    sessions: dict[tuple[str, str], int] = {}
    for cassette in cassettes:
        origins = [origin for url in cassette.manifest.upstreams.values() if (origin := origin_of(url)) is not None]
        for interaction in cassette.interactions:
            if interaction.exchange.response is None or interaction.exchange.failure is not None:
                continue
            place = (cassette.manifest.name, interaction.session)
            session = sessions.setdefault(place, len(sessions))
            sample = _sample(interaction, len(samples), session, cassette.manifest.name, origins)
            sample.answer_headers = tuple(
                (key, _in_one_order(key, line, orders)) for key, line in sample.answer_headers
            )
            sample.is_cleaned = cassette.manifest.profile not in ("", "raw")
            samples.append(sample)
    return samples


def _in_one_order(name: str, line: str, orders: Orders) -> str:
    """Give a list whose order means nothing in the order in which the recordings have it first.

    A server that keeps such a list in a set tells it in another order with each start.
    """
    if name not in _SETS:
        return line
    return orders.setdefault((name, frozenset(part.strip().lower() for part in line.split(","))), line)


def _sample(interaction: Interaction, number: int, session: int, name: str, origins: Sequence[Origin]) -> Sample:
    exchange = interaction.exchange
    request, response = exchange.request, exchange.response
    assert response is not None
    body = _content(request.headers, request.body)
    content_type = _media(request.headers)
    headers = _first_values(request.headers)
    live = _readdressing(origins, request.scheme, headers.get("host", ""))
    told = _live(_content(response.headers, response.body), live)
    answer_type = _media(response.headers)
    answer_headers = tuple(
        (key.decode("latin-1").lower(), _live(value, live).decode("latin-1")) for key, value in response.headers
    )
    return Sample(
        number=number,
        session=session,
        name=name,
        interaction=interaction,
        method=request.method,
        segments=_segments(request),
        query=_query(request),
        headers=headers,
        cookies=_cookies(request.headers),
        auth=_auth(headers.get("authorization", "")),
        content_type=content_type,
        body=body,
        json=_json(body),
        form=_form(body) if content_type == "application/x-www-form-urlencoded" else {},
        parts=_parts(request.headers, body) if content_type == "multipart/form-data" else {},
        status=response.status,
        answer_type=answer_type,
        answer_headers=answer_headers,
        answer_body=told,
        answer_json=_json(told),
        answer_text=_text(told, answer_type),
        started=exchange.started_at,
        ended=exchange.started_at + exchange.duration_ms / 1000,
    )


def _content(headers: Headers, body: bytes) -> bytes:
    try:
        return decode(content_codings(headers), body, limit_bytes=_LARGEST)
    except DecodingError:
        return body


def _readdressing(origins: Sequence[Origin], scheme: str, host: str) -> Readdressing | None:
    live = host_origin(scheme, host.encode("latin-1", "replace"))
    return Readdressing(origins, live) if live is not None else None


def _live(value: bytes, change: Readdressing | None) -> bytes:
    """Write the upstream's own URLs, and its host with the port, as those of the gateway that was asked."""
    return value if change is None else change.text(value)


def _media(headers: Headers) -> str:
    return (header(headers, b"content-type") or b"").partition(b";")[0].strip().lower().decode("latin-1")


def _first_values(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in headers:
        found.setdefault(key.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def _segments(request: Request) -> tuple[str, ...]:
    return tuple(unquote(part.decode("latin-1")) for part in request.path.split(b"/")[1:])


def _query(request: Request) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in parse_qsl(request.query.decode("latin-1"), keep_blank_values=True):
        grouped.setdefault(key, []).append(value)
    return grouped


def _cookies(headers: Headers) -> dict[str, str]:
    cookies: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, equals, given = pair.partition("=")
                if equals:
                    cookies.setdefault(key.strip(), given.strip().strip('"'))
    return cookies


def _auth(value: str) -> Auth:
    scheme, token = parted(value)
    if scheme != "basic":
        return Auth(scheme, token)
    try:
        username, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return Auth("basic", token)
    return Auth("basic", token, username, password)


def _json(body: bytes) -> Any:
    if not body or len(body) > _LARGEST:
        return MISSING
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return MISSING


def _form(body: bytes) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in form_pairs(body):
        grouped.setdefault(key.decode("utf-8", "replace"), []).append(value.decode("utf-8", "replace"))
    return grouped


def _parts(headers: Headers, body: bytes) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for name, filename, kind, data in multipart_parts(body, header(headers, b"content-type") or b"") or []:
        told = name.decode("utf-8", "replace")
        part = Part(told, filename.decode("utf-8", "replace"), kind.decode("latin-1"), data)
        found.setdefault(told, []).append(part)
    return found


def _text(body: bytes, media: str) -> str | None:
    if len(body) > _LONGEST_TEXT or media.startswith(("image/", "audio/", "video/", "font/")):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def sessions_of(samples: Iterable[Sample]) -> Iterator[list[Sample]]:
    """Give the samples of each session, in order."""
    grouped: dict[int, list[Sample]] = {}
    for sample in samples:
        grouped.setdefault(sample.session, []).append(sample)
    yield from grouped.values()
