"""A request as predicates, templates and scripts see it: its parts read on first use, and once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, unquote

import orjson

from cassettes.body import form_pairs, media_type, multipart_parts
from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import Request, header
from gateway.collector import uncollected
from gateway.graphql import DocumentError, read_document
from gateway.markup import MarkupError, parse
from recorder.authorization import parted

JSON_BYTES: Final = 4 << 20
"""A larger body is not read as JSON: reading takes up to 17 ms a MiB, in which nobody else is answered."""
DECODED_BYTES: Final = 8 << 20
"""A body that is larger without its content coding is looked at with it."""
FORM_BYTES: Final = 1 << 20
FORM_FIELDS: Final = 10_000
"""A form that is larger, or has more fields, is not taken apart."""
PARTS: Final = 1_000
"""A multipart body of more parts is not taken apart."""
_BOUNDARY: Final = re.compile(rb'boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_MANY_OBJECTS_BYTES: Final = 64 << 10


class _Missing:
    """The absence of a value, which is not null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part of a multipart body; `filename` and `content_type` are "" where they are not given."""

    name: str
    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class GraphqlCall:
    """A GraphQL request: `type` is query, mutation or subscription; `operation` is "" for an anonymous one.

    A persisted query has neither `query` nor `type`, and the operation's name only where the client sent it.
    """

    query: str
    operation: str
    type: str
    variables: Mapping[str, Any]


class PathPattern(Protocol):
    """Takes a path (as sent) apart."""

    def match(self, path: bytes, /) -> Mapping[str, Any] | None: ...


class Finding(Protocol):
    """Finds the route of a request: what answers it."""

    def find(self, view: RequestView, /) -> Any: ...


_NONE: Final[Mapping[tuple[str, str], str]] = {}


class RequestView:
    """The parts of a request. Texts are decoded leniently: no request raises here.

    `auth` has the `scheme` (lower case, "" where there is none) and `token` of the Authorization header, and `username`
    and `password` where it is Basic. `query`, `form`, `parts_all` and `headers` map a name (a header's in lower case)
    to its values in order, `parts` to the first of them. `json` is
    MISSING where the body is not JSON; `xml` (lxml's root element) and `graphql` are None where it is not that, or too
    large to be read as that. `path_params` come from `pattern`, which the route table sets where the route that was
    found has any. `scenarios` maps (name, scope) to the state in which the request finds them; who looks for a route
    sets it. `routes` is the table that found the route of a batch, where its calls are looked for, or None.
    `variables` is where a script before the answer leaves something for the templates, or None.
    """

    __slots__ = (
        "auth", "body", "content_type", "cookies", "form", "graphql", "headers", "host", "json", "parts", "parts_all",
        "path", "path_params", "pattern", "port", "query", "request", "routes", "scenarios", "text", "variables", "xml",
    )  # fmt: skip

    request: Request
    auth: Mapping[str, str]
    pattern: PathPattern | None
    path_params: Mapping[str, Any]
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, list[str]]
    cookies: Mapping[str, str]
    body: bytes
    text: str
    content_type: str
    json: Any
    form: Mapping[str, list[str]]
    parts: Mapping[str, BodyPart]
    parts_all: Mapping[str, list[BodyPart]]
    xml: Any
    graphql: GraphqlCall | None
    host: str
    port: int
    routes: Finding | None
    scenarios: Mapping[tuple[str, str], str]
    variables: dict[str, Any] | None

    def __init__(self, request: Request) -> None:
        self.request = request
        self.routes = None
        self.scenarios = _NONE
        self.variables = None

    def __getattr__(self, name: str) -> Any:
        # Called only for a slot that is still empty.
        try:
            read = _READERS[name]
        except KeyError:
            raise AttributeError(name) from None
        value = read(self)
        setattr(self, name, value)
        return value

    def with_request(self, request: Request) -> RequestView:
        """Give the view of the same request with its body: what was found out about it stays."""
        view = RequestView(request)
        view.pattern, view.scenarios, view.variables = self.pattern, self.scenarios, self.variables
        return view

    def header(self, name: str) -> str | None:
        """Give the first value of a header (lower-case name), or None."""
        value = header(self.request.headers, name.encode("latin-1"))
        return None if value is None else value.decode("latin-1")


def why_not_json(view: RequestView) -> str:
    """Say why a body is not read as JSON."""
    if len(view.body) > JSON_BYTES:
        return f"the body is larger than the {JSON_BYTES >> 20} MiB that are read as JSON"
    return "the body is not JSON"


def _auth(view: RequestView) -> dict[str, str]:
    scheme, token = parted(view.header("authorization") or "")
    if not (scheme or token):
        return {}
    told = {"scheme": scheme, "token": token}
    if scheme == "basic":
        try:
            name, colon, password = base64.b64decode(token, validate=True).decode("utf-8", "replace").partition(":")
        except (binascii.Error, ValueError):
            return told
        if colon:
            told |= {"username": name, "password": password}
    return told


def _query(view: RequestView) -> dict[str, list[str]]:
    return _grouped(parse_qsl(view.request.query.decode("latin-1"), keep_blank_values=True, errors="replace"))


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _headers(view: RequestView) -> dict[str, list[str]]:
    return _grouped([(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in view.request.headers])


def _cookies(view: RequestView) -> dict[str, str]:
    cookies: dict[str, str] = {}
    for line in view.headers.get("cookie", ()):
        for pair in line.split(";"):
            name, equals, value = pair.partition("=")
            if equals:
                cookies.setdefault(name.strip(), value.strip().strip('"'))
    return cookies


def _json(view: RequestView) -> Any:
    body = view.body
    if not body or len(body) > JSON_BYTES:
        return MISSING
    try:
        if len(body) < _MANY_OBJECTS_BYTES:
            return orjson.loads(body)
        with uncollected():
            return orjson.loads(body)
    except orjson.JSONDecodeError:
        return MISSING


def _body(view: RequestView) -> bytes:
    request = view.request
    try:
        return decode(content_codings(request.headers), request.body, limit_bytes=DECODED_BYTES)
    except DecodingError:
        return request.body


def _form(view: RequestView) -> dict[str, list[str]]:
    if view.content_type != "application/x-www-form-urlencoded" or len(view.body) > FORM_BYTES:
        return {}
    if view.body.count(b"&") < FORM_FIELDS:
        pairs = form_pairs(view.body)
        return _grouped([(name.decode("utf-8", "replace"), value.decode("utf-8", "replace")) for name, value in pairs])
    return {}


def _parts(view: RequestView) -> dict[str, BodyPart]:
    return {name: several[0] for name, several in view.parts_all.items()}


def _parts_all(view: RequestView) -> dict[str, list[BodyPart]]:
    if view.content_type != "multipart/form-data":
        return {}
    content_type = header(view.request.headers, b"content-type") or b""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None or view.body.count(b"--" + (boundary[1] or boundary[2])) > PARTS + 1:
        return {}
    found = multipart_parts(view.body, content_type) or []
    parts: dict[str, list[BodyPart]] = {}
    for name, filename, kind, data in found:
        told = name.decode("utf-8", "replace")
        part = BodyPart(told, filename.decode("utf-8", "replace"), kind.decode("latin-1"), data)
        parts.setdefault(told, []).append(part)
    return parts


def _xml(view: RequestView) -> Any:
    start = view.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0\xff\xfe")
    if not start.startswith(b"<"):
        return None
    try:
        return parse(view.body)
    except MarkupError:
        return None


def _graphql(view: RequestView) -> GraphqlCall | None:
    if view.content_type == "application/graphql":
        return _call(view.text, _first(view, "operationName"), _parsed(_first(view, "variables")))
    if type(view.json) is dict:
        operation = view.json.get("operationName")
        return _call(view.json.get("query"), operation or "", view.json.get("variables"), view.json.get("extensions"))
    if view.body:
        return None
    variables, extensions = _parsed(_first(view, "variables")), _parsed(_first(view, "extensions"))
    return _call(_first(view, "query"), _first(view, "operationName"), variables, extensions)


def _first(view: RequestView, name: str) -> str:
    return view.query.get(name, [""])[0]


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None


def _call(query: Any, operation: Any, variables: Any, extensions: Any = None) -> GraphqlCall | None:
    told = variables if type(variables) is dict else {}
    if not isinstance(operation, str):
        return None
    if not query:
        # A persisted query names its document by a hash, so that nothing of it can be read here.
        is_persisted = type(extensions) is dict and "persistedQuery" in extensions
        return GraphqlCall("", operation, "", told) if is_persisted else None
    if not isinstance(query, str):
        return None
    try:
        name, kind = read_document(query).operation(operation)
    except DocumentError:
        return None
    return GraphqlCall(query, name, kind, told)


def _host(view: RequestView) -> str:
    authority = view.header("host") or ""
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0].lower().removesuffix(".")


def _port(view: RequestView) -> int:
    authority = view.header("host") or ""
    digits = authority.rpartition("]")[2].rpartition(":")[2]
    return (
        int(digits)
        if digits.isascii() and digits.isdigit() and len(digits) < 6
        else (443 if view.request.scheme == "https" else 80)
    )


_READERS: Final[dict[str, Callable[[RequestView], Any]]] = {
    "auth": _auth,
    "pattern": lambda _view: None,
    "path_params": lambda view: (view.pattern.match(view.request.path) if view.pattern else None) or {},
    "path": lambda view: unquote(view.request.path.decode("latin-1"), errors="replace"),
    "query": _query,
    "headers": _headers,
    "cookies": _cookies,
    "body": lambda view: _body(view) if view.request.body else b"",
    "text": lambda view: view.body.decode("utf-8", "replace"),
    "content_type": lambda view: media_type(view.request.headers).decode("latin-1").lower(),
    "json": _json,
    "form": _form,
    "parts": _parts,
    "parts_all": _parts_all,
    "xml": _xml,
    "graphql": _graphql,
    "host": _host,
    "port": _port,
}
