"""Placing: another value put into a request, at the place of one of its leaves, written as the one there was."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, unquote_plus
from xml.sax.saxutils import escape

from cassettes.body import media_type
from cassettes.exchange import header
from recorder.leaves import request_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cassettes.exchange import Request

_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")
_INDEX: Final = re.compile(r"\[(\d+)\]\Z")
_DISTINCT: Final = 4
_SAFE: Final = "!$'()*,;:@-._~"


def placed(request: Request, values: Mapping[str, str]) -> tuple[Request, frozenset[str]]:
    """Give the request with these values, by the place of `recorder.leaves.Leaf`, and the places that it could not do.

    Path, query, headers, cookies, JSON and forms are written place by place; in markup, parts and text a value of some
    length is replaced wherever it stands. Coded bodies are left as they are.
    """
    missed: set[str] = set()
    for place, value in values.items():
        made = _placed(request, place, value)
        if made is None:
            missed.add(place)
        else:
            request = made
    return request, frozenset(missed)


def _placed(request: Request, place: str, value: str) -> Request | None:
    part = place.removeprefix("request.")
    if part.startswith("path."):
        return _in_path(request, int(part.removeprefix("path.")), value)
    if part.startswith("query."):
        query = _in_pairs(request.query, b"&", part.removeprefix("query."), value)
        return None if query is None else replace(request, target=request.path + b"?" + query)
    if part.startswith("headers."):
        return _in_headers(request, part.removeprefix("headers."), lambda _: value.encode("utf-8", "surrogateescape"))
    if part.startswith("cookies."):
        name = part.removeprefix("cookies.")
        return _in_headers(request, "cookie", lambda line: _in_cookies(line, name, value))
    if part.startswith("body"):
        body = _in_body(request, part.removeprefix("body").removeprefix(" "), value)
        return None if body is None else _with_body(request, body)
    return None


def _in_path(request: Request, position: int, value: str) -> Request | None:
    segments = request.path.split(b"/")
    if position >= len(segments):
        return None
    segments[position] = quote(value, safe=_SAFE, errors="surrogateescape").encode()
    question = b"?" + request.query if b"?" in request.target else b""
    return replace(request, target=b"/".join(segments) + question)


def _in_pairs(text: bytes, mark: bytes, name: str, value: str) -> bytes | None:
    """Put a value into `a=1&b=2`; a name with `[1]` after it is the second of that name."""
    wanted, count = _numbered(name)
    pieces = text.split(mark)
    for place, piece in enumerate(pieces):
        key, _, _ = piece.partition(b"=")
        if unquote_plus(key.decode("utf-8", "surrogateescape"), errors="surrogateescape") == wanted:
            if count == 0:
                pieces[place] = key + b"=" + quote_plus(value, safe=_SAFE, errors="surrogateescape").encode()
                return mark.join(pieces)
            count -= 1
    return None


def _in_headers(request: Request, name: str, write: Callable[[bytes], bytes | None]) -> Request | None:
    wanted, count = _numbered(name)
    headers = list(request.headers)
    for place, (key, line) in enumerate(headers):
        if key.lower().decode("latin-1") != wanted:
            continue
        made = write(line) if count <= 0 else None
        if made is not None:
            headers[place] = (key, made)
            return replace(request, headers=tuple(headers))
        count -= 1
    return None


def _in_cookies(line: bytes, name: str, value: str) -> bytes | None:
    pairs = line.split(b";")
    for place, pair in enumerate(pairs):
        key, equals, _ = pair.partition(b"=")
        if equals and key.strip().decode("latin-1") == name:
            pairs[place] = key + b"=" + value.encode("utf-8", "surrogateescape")
            return b";".join(pairs)
    return None


def _in_body(request: Request, path: str, value: str) -> bytes | None:
    if header(request.headers, b"content-encoding") is not None:
        return None
    if media_type(request.headers) == b"application/x-www-form-urlencoded":
        return _in_pairs(request.body, b"&", path, value)
    if not path.startswith("$"):
        return _in_text(request, f"request.body {path}".rstrip(), value)
    try:
        tree = json.loads(request.body)
    except ValueError:
        return None
    return json.dumps(tree, ensure_ascii=False).encode() if _set(tree, path, value) else None


def _in_text(request: Request, place: str, value: str) -> bytes | None:
    """Put a value into markup, parts or plain text, wherever the old one stands, which must be long enough for that."""
    old = next((leaf.value for leaf in request_leaves(request) if leaf.place == place), "")
    was, now = (text.encode("utf-8", "surrogateescape") for text in (old, value))
    if " /" in place:
        was, now = (escape(text).encode("utf-8", "surrogateescape") for text in (old, value))
    return request.body.replace(was, now) if len(old) >= _DISTINCT and was in request.body else None


def _set(tree: Any, path: str, value: str) -> bool:
    """Put a value into a tree, of the kind of the one that is there; tell whether there is one."""
    steps = [
        int(index) if index else plain or quoted.replace("\\'", "'").replace("\\\\", "\\")
        for plain, index, quoted in _STEP.findall(path[1:])
    ]
    try:
        for step in steps[:-1]:
            tree = tree[step]
        old = tree[steps[-1]]
        is_number = isinstance(old, int | float) and not isinstance(old, bool)
        tree[steps[-1]] = json.loads(value) if is_number else value
    except (LookupError, TypeError, ValueError):
        return False
    return True


def _with_body(request: Request, body: bytes) -> Request:
    length = str(len(body)).encode()
    headers = tuple(
        (name, length) if name.lower() == b"content-length" else (name, line) for name, line in request.headers
    )
    return replace(request, body=body, headers=headers)


def _numbered(name: str) -> tuple[str, int]:
    found = _INDEX.search(name)
    return (name[: found.start()], int(found[1])) if found else (name, 0)
