"""The leaves of an interaction: every single value in it, each with the place where it stands."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias
from urllib.parse import unquote_plus

from cassettes.body import Fields, Number, form_pairs, media_type, multipart_parts, read_json
from cassettes.exchange import header
from recorder.markup import markup_leaves
from sanitizers.content import read_content
from sanitizers.errors import UnreadableBodyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from cassettes.exchange import Exchange, Headers, Request, Response

Kind: TypeAlias = Literal["text", "number", "boolean", "null"]

LEAVES: Final = 5000
"""So many values of one side are looked at."""
BODY_BYTES: Final = 8 << 20
"""Larger bodies are one leaf: their digest."""
_LONGEST: Final = 1 << 16
_NAME: Final = re.compile(r"[A-Za-z_$@][\w$@:-]{0,63}")
_INDEX: Final = re.compile(r"\[\d+\]")
_MARKUP: Final = re.compile(r"[\ufeff\s]*<(?:[?!]|[A-Za-z_])")


class Leaf(NamedTuple):  # a tuple, since a cassette has hundreds of thousands
    """One value as text: where it stands, and under which name (the last named step of its place, "" without one).

    Places are those of findings: `request.path.2` (the second segment), `request.query.page`, `request.headers.x-id`,
    `request.cookies.sid`, `request.body $.user.email` (JSON), `request.body email` (a form's field, a part),
    `response.status`, `response.body /a/b` (markup), `response.body` (a text). A repeated name has `[1]` after it.
    Numbers are as they were written; a text of more than 64 Ki characters is `#` and its digest.
    """

    place: str
    value: str
    kind: Kind = "text"
    name: str = ""


def leaves_of(exchange: Exchange) -> tuple[Leaf, ...]:
    """Give the leaves of the request, then those of the response; never raises, whatever the bytes are."""
    answered = exchange.response
    return (*request_leaves(exchange.request), *(response_leaves(answered) if answered is not None else ()))


def request_leaves(request: Request) -> tuple[Leaf, ...]:
    """Give the leaves of target, headers, cookies and body, in this order."""
    found = [*_path(request), *_query(request), *_headers(request.headers, "request")]
    return (*found, *_body(request.headers, request.body, "request.body", LEAVES - len(found)))


def response_leaves(response: Response) -> tuple[Leaf, ...]:
    """Give the leaves of status, headers, cookies and body, in this order."""
    found = [Leaf("response.status", str(response.status), "number", "status"), *_headers(response.headers, "response")]
    return (*found, *_body(response.headers, response.body, "response.body", LEAVES - len(found)))


def general(place: str) -> str:
    """Give a place without its positions in lists: `$.items[3].id` is `$.items[*].id`, `/list/item[2]` `/list/item`."""
    return _INDEX.sub("" if " /" in place else "[*]", place)


def is_among(place: str, found: Collection[str]) -> bool:
    """Tell whether a place is one of those of findings, of which some are of a whole path or header."""
    return general(place) in found or any(place.startswith((f"{one}.", f"{one}[")) for one in found)


def pointer_of(place: str) -> str | None:
    """Give the JSON pointer (or `/name` of a form's field) of a body's place, `*` for any position; None elsewhere."""
    side, blank, path = place.partition(" ")
    if not blank or not side.endswith(".body") or path.startswith("/"):
        return None
    if not path.startswith("$"):
        return f"/{path}"
    steps = re.findall(r"\.([^.\[\]]+)|\[(\*|\d+)\]|\['((?:[^'\\]|\\.)*)'\]", path[1:])
    names = (plain or index or quoted.replace("\\'", "'") for plain, index, quoted in steps)
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def body_of(headers: Headers, body: bytes) -> tuple[bytes, str]:
    """Give a body with its codings undone, as bytes and as text; empty where that cannot be."""
    try:
        content = read_content(headers, body, BODY_BYTES)
    except UnreadableBodyError:
        return b"", ""
    return content.data, content.text


def digested(text: str) -> str:
    """Give a text, or where it is long `#` and its digest: equal texts stay equal."""
    if len(text) <= _LONGEST:
        return text
    return "#" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _path(request: Request) -> Iterator[Leaf]:
    for position, segment in enumerate(request.path.split(b"/")[: LEAVES // 4]):
        if segment:
            yield Leaf(f"request.path.{position}", digested(_unquoted(segment, plus=False)))


def _query(request: Request) -> Iterator[Leaf]:
    pieces = [piece for piece in request.query.split(b"&") if piece][: LEAVES // 4]
    pairs = (piece.partition(b"=") for piece in pieces)
    yield from _repeated("request.query.", ((_unquoted(name), _unquoted(value)) for name, _, value in pairs))


def _headers(headers: Headers, side: str) -> list[Leaf]:
    plain: list[tuple[str, str]] = []
    cookies: list[tuple[str, str]] = []
    for raw_name, raw in headers[: LEAVES // 4]:
        name, value = raw_name.lower().decode("latin-1"), raw.decode("utf-8", "surrogateescape").strip()
        if name == "cookie":
            cookies += (_cookie(pair) for pair in value.split(";")[:256] if pair.strip())
        elif name == "set-cookie":
            cookies.append(_cookie(value.partition(";")[0]))
        else:
            plain.append((name, value))
    return [*_repeated(f"{side}.headers.", plain), *_repeated(f"{side}.cookies.", cookies)]


def _cookie(pair: str) -> tuple[str, str]:
    name, _, value = pair.strip().partition("=")
    return name.strip(), value.strip().strip('"')


def _repeated(prefix: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Leaf]:
    seen: dict[str, int] = {}
    for name, value in pairs:
        count = seen.get(name, 0)
        seen[name] = count + 1
        yield Leaf(f"{prefix}{name}[{count}]" if count else prefix + name, digested(value), "text", name)


def _unquoted(raw: bytes, *, plus: bool = True) -> str:
    text = raw.decode("utf-8", "surrogateescape")
    if not plus:
        text = text.replace("+", "%2B")
    return unquote_plus(text, errors="surrogateescape") if "%" in text or "+" in text else text


def _body(headers: Headers, body: bytes, place: str, room: int) -> list[Leaf]:
    if not body or room <= 0:
        return []
    data, text = body_of(headers, body)
    if not data:
        return [Leaf(place, "#" + hashlib.blake2b(body, digest_size=16).hexdigest())]
    kind = media_type(headers)
    found: list[Leaf] = []
    if kind == b"application/x-www-form-urlencoded":
        pairs = ((_text(name), _text(value)) for name, value in form_pairs(data)[:room])
        found = list(_repeated(f"{place} ", pairs))
    elif kind.startswith(b"multipart/"):
        found = _parts(data, header(headers, b"content-type") or b"", place, room)
    elif b"json" in kind or text[:1] in ("{", "["):
        found = _json(data, place, room)
    elif _MARKUP.match(text):
        named = markup_leaves(text, room)
        found = [Leaf(f"{place} {path}", digested(value), "text", name) for path, value, name in named]
    return found or [Leaf(place, digested(text))]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _parts(data: bytes, content_type: bytes, place: str, room: int) -> list[Leaf]:
    found: list[Leaf] = []
    parts = [part for part in multipart_parts(data, content_type) or () if part[0]][:room]
    for leaf, (_, filename, _, _) in zip(
        _repeated(f"{place} ", ((_text(part[0]), _text(part[3])) for part in parts)), parts, strict=True
    ):
        found.append(leaf)
        if filename:
            found.append(Leaf(f"{leaf.place}@filename", _text(filename), "text", "filename"))
    return found


def _json(data: bytes, place: str, room: int) -> list[Leaf]:
    try:
        tree = read_json(data)
    except ValueError:  # also bytes that are no Unicode
        return []
    found: list[Leaf] = []
    pending: list[tuple[str, str, Any]] = [(f"{place} $", "", tree)]
    while pending and len(found) < room:
        where, name, node = pending.pop()
        if isinstance(node, Fields):
            pending.extend((where + _step(key), key, value) for key, value in reversed(node[:room]))
        elif isinstance(node, list):
            pending.extend(
                (f"{where}[{index}]", name, node[index]) for index in range(min(len(node), room) - 1, -1, -1)
            )
        else:
            found.append(_leaf(where, name, node))
    return found


def _leaf(where: str, name: str, node: Any) -> Leaf:
    if isinstance(node, Number):
        return Leaf(where, str(node), "number", name)
    if isinstance(node, str):
        return Leaf(where, digested(node), "text", name)
    if node is None:
        return Leaf(where, "null", "null", name)
    return Leaf(where, "true" if node else "false", "boolean", name)


def _step(key: str) -> str:
    if _NAME.fullmatch(key):
        return f".{key}"
    quoted = key[:256].replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"
