"""The canonical form of a request's body: what two bodies that mean the same have in common."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii as _quote
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import unquote_to_bytes

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import header
from cassettes.volatile import is_generated, is_volatile_field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cassettes.exchange import Headers, Request

_GRAPHQL_KEYS: Final = frozenset(("query", "operationName", "variables", "extensions"))
_GRAPHQL_START: Final = re.compile(r"[\s,]*(?:#[^\n]*[\s,]*)*(?:\{|(?:query|mutation|subscription|fragment)\b)")
_GRAPHQL_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\#[^\n\r]*|\.\.\.|[A-Za-z_]\w*|-?\d[\w.+-]*|[^\s,\ufeff]',
    re.DOTALL,
)
_INLINE: Final = 64
_STAND_IN: Final = "~"


class Number(str):
    """A JSON number as it was written: 1.50 stays 1.50, and 2**64 loses nothing."""

    __slots__ = ()


class Fields(tuple[tuple[str, Any], ...]):
    """A JSON object as written: pairs in order, repeated names kept."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A canonical body in three degrees: `exact`; without `volatile` fields; `shape`, without generated values too.

    Each degree is the canonical text or, where that is long, its digest. `kind` is the way it was read; `is_call`
    says that the body names the operation (GraphQL, JSON-RPC, `Action=`).
    """

    kind: str = "none"
    exact: bytes = field(default=b"", repr=False)
    volatile: bytes = field(default=b"", repr=False)
    shape: bytes = field(default=b"", repr=False)
    is_call: bool = False


NO_BODY: Final = Body()


def media_type(headers: Headers) -> bytes:
    """Give the content type without its parameters, in lower case; empty where there is none."""
    return (header(headers, b"content-type") or b"").partition(b";")[0].strip().lower()


def read_json(data: bytes) -> Any:
    """Read JSON without loss: `Fields`, lists, strings, `Number`, booleans, None. Raises ValueError if it is none."""
    try:
        return json.loads(
            data, object_pairs_hook=Fields, parse_int=Number, parse_float=Number, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def plain_body(request: Request) -> bytes:
    """Give the body with its content codings undone, or as it is where they cannot be."""
    try:
        return decode(content_codings(request.headers), request.body)
    except DecodingError:
        return request.body


def canonical_body(request: Request, declared: Sequence[str] = ()) -> Body:
    """Give the canonical body.

    `declared` are JSON pointers (`/meta/sent_at`, `*` for any one step) that are volatile whatever their value; for
    forms and multipart the pointer is `/name`.
    """
    if not request.body:
        return NO_BODY
    data = plain_body(request)
    kind = media_type(request.headers)
    if kind.endswith((b"json", b"json-rpc")) or b"amz-json" in kind or (not kind and data[:1] in b"{["):
        return _json_body(data, declared) or _raw(data)
    if kind == b"application/x-www-form-urlencoded":
        return _form_body(data, declared)
    if kind.startswith(b"multipart/"):
        return _multipart_body(data, header(request.headers, b"content-type") or b"", declared)
    if kind == b"application/graphql":
        return _raw(normalised_query(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))
    return _raw(data)


def normalised_query(text: str) -> str:
    """Give a GraphQL document without insignificant white space, commas and comments (GraphQL §2.1), strings kept."""
    return " ".join(token for token in _GRAPHQL_TOKEN.findall(text) if not token.startswith("#"))


def form_pairs(data: bytes) -> list[tuple[bytes, bytes]]:
    """Give a form's pairs, decoded, by name; pairs of one name keep their order."""
    pairs = (piece.replace(b"+", b" ").partition(b"=") for piece in data.split(b"&") if piece)
    return sorted(
        ((unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs), key=lambda pair: pair[0]
    )


def multipart_parts(data: bytes, content_type: bytes) -> list[tuple[bytes, bytes, bytes, bytes]] | None:
    """Give a multipart body's parts as (name, file name, media type, content), by name; None where it is malformed."""
    found = re.search(rb'boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))', content_type, re.IGNORECASE)
    if found is None:
        return None
    pieces = (b"\r\n" + data).split(b"\r\n--" + (found[1] or found[2]))
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        return None
    parts = []
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        if not blank:
            return None
        lines = (line.partition(b":") for line in head.split(b"\r\n") if b":" in line)
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        place = headers.get(b"content-disposition", b"")
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        parts.append((_parameter(place, b"name"), _parameter(place, b"filename"), kind, content))
    return sorted(parts, key=lambda part: part[0])


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _raw(data: bytes) -> Body:
    text = _bounded(data)
    return Body("raw", text, text, text)


def _bounded(text: bytes) -> bytes:
    return text if len(text) <= _INLINE else b"#" + hashlib.blake2b(text, digest_size=16).digest()


def _json_body(data: bytes, declared: Sequence[str]) -> Body | None:
    try:
        tree = read_json(data)
        is_graphql, tree = _with_normalised_query(tree)
        is_rpc = isinstance(tree, Fields) and any(name == "jsonrpc" for name, _ in tree)
        pointers = [tuple(pointer.split("/")[1:]) for pointer in declared] + ([("id",)] if is_rpc else [])
        exact, volatile, shape = (_written(tree, degree, pointers) for degree in (_same, is_volatile_field, _is_made))
    except (ValueError, RecursionError):
        return None
    return Body("graphql" if is_graphql else "json", exact, volatile, shape, is_graphql or is_rpc)


def _same(_name: str, _text: str) -> bool:
    return False


def _is_made(name: str, text: str) -> bool:
    return is_volatile_field(name, text) or is_generated(name, text)


def _written(tree: Any, gives_up: Callable[[str, str], bool], pointers: Sequence[tuple[str, ...]]) -> bytes:
    out: list[str] = []
    _write(tree, "", gives_up, () if gives_up is _same else pointers, out)
    return _bounded("".join(out).encode())


def _write(
    node: Any, name: str, gives_up: Callable[[str, str], bool], pointers: Sequence[tuple[str, ...]], out: list[str]
) -> None:
    if any(not pointer for pointer in pointers):
        out.append(_STAND_IN)
    elif isinstance(node, Fields):
        out.append("{")
        for key, value in sorted(node, key=lambda pair: pair[0]):
            out.append(_quote(key) + ":")
            _write(value, key, gives_up, _below(pointers, key), out)
            out.append(",")
        out.append("}")
    elif isinstance(node, list):
        out.append("[")
        for index, value in enumerate(node):
            _write(value, name, gives_up, _below(pointers, str(index)), out)
            out.append(",")
        out.append("]")
    elif isinstance(node, str):
        text = str(node) if isinstance(node, Number) else _quote(node)
        out.append(_STAND_IN if gives_up(name, str(node)) else text)
    else:
        out.append("null" if node is None else "true" if node else "false")


def _below(pointers: Sequence[tuple[str, ...]], step: str) -> Sequence[tuple[str, ...]]:
    return [pointer[1:] for pointer in pointers if pointer[0] in (step, "*")] if pointers else ()


def _with_normalised_query(tree: Any) -> tuple[bool, Any]:
    """Tell whether this is a GraphQL call or a batch of them, and give it with its documents normalised."""
    if isinstance(tree, list) and tree:
        calls = [_with_normalised_query(item) for item in tree]
        return all(found for found, _ in calls), [item for _, item in calls]
    if not isinstance(tree, Fields) or not {name for name, _ in tree} <= _GRAPHQL_KEYS:
        return False, tree
    members = dict(tree)
    query = members.get("query")
    if not isinstance(query, str) or not _GRAPHQL_START.match(query):
        return "extensions" in members, tree
    kept = [(name, value) for name, value in tree if name == "extensions" or value not in (None, (), "", Fields())]
    return True, Fields((name, normalised_query(value) if name == "query" else value) for name, value in kept)


def _form_body(data: bytes, declared: Sequence[str]) -> Body:
    pairs = form_pairs(data)
    exact, volatile, shape = (_paired(pairs, degree, declared) for degree in (_same, is_volatile_field, _is_made))
    return Body("form", exact, volatile, shape, any(name == b"Action" for name, _ in pairs))


def _paired(
    pairs: Sequence[tuple[bytes, bytes]], gives_up: Callable[[str, str], bool], declared: Sequence[str]
) -> bytes:
    out = []
    for name, value in pairs:
        label = name.decode("utf-8", "replace")
        drops = gives_up(label, value.decode("utf-8", "replace")) if len(value) <= 512 else False
        drops = drops or (gives_up is not _same and f"/{label}" in declared)
        out.append(
            b"%d:%s=%d:%s" % (len(name), name, len(value), value) if not drops else b"%d:%s~" % (len(name), name)
        )
    return _bounded(b"&".join(out))


def _multipart_body(data: bytes, content_type: bytes, declared: Sequence[str]) -> Body:
    parts = multipart_parts(data, content_type)
    if parts is None:
        return _raw(data)
    pairs = [(b"\x00".join(part[:3]) if part[1] or part[2] else part[0], part[3]) for part in parts]
    exact, volatile, shape = (_paired(pairs, degree, declared) for degree in (_same, is_volatile_field, _is_made))
    return Body("multipart", exact, volatile, shape)


def _parameter(text: bytes, name: bytes) -> bytes:
    found = re.search(rb"[;\s]" + name + rb'\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', text, re.IGNORECASE)
    return (found[1] or found[2] or b"") if found else b""
