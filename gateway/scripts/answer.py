"""What a script gave, read as an answer, and checked: it must fit in one HTTP message and stay in its lines."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal, TypeAlias

from cassettes.exchange import Headers, header, without_headers
from gateway.errors import ScriptError
from gateway.script import ScriptAnswer
from gateway.scripts.plain import Room, UnfitError, plain

Stage: TypeAlias = Literal["before", "answer", "after"]
"""When a script runs: before the answer, to make it, or after it."""

BODY_BYTES: Final = 8 << 20
VALUES: Final = 20_000
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
_BREAKS: Final = frozenset("\r\n\0")
_PARTS: Final = frozenset({"status", "headers", "body"})
_FRAMING: Final = frozenset({"connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade"})
_OF_A_BODY: Final = frozenset({b"content-encoding", b"content-length", b"content-md5", b"digest", b"transfer-encoding"})
_JSON: Final = b"application/json"
_TEXT: Final = b"text/plain; charset=utf-8"
_AS_JSON: Final = 'to send this mapping as JSON, return {"status": 200, "body": it}'


def read_answer(script: str, value: Any, stage: Stage, given: ScriptAnswer | None = None) -> ScriptAnswer | None:
    """Read a script's value; None where the answer stays as it is.

    A mapping with a whole number as `status` is a response. Else, to make an answer any value is its body; before
    one a mapping of status, headers and body is an answer; after one it is what to change of the one `given`; other
    values of hooks say nothing. Raises ScriptError.
    """
    if stage != "answer" and not isinstance(value, dict):
        return None
    try:
        document = plain(value, Room(VALUES, BODY_BYTES))
        if stage == "answer" and not _is_response(document):
            document = {"body": document}
        _judge_parts(document)
        return _changed(document, given if stage == "after" and given else ScriptAnswer(200))
    except UnfitError as error:
        raise ScriptError(script, f"its answer cannot be sent: {error}") from None


def _is_response(document: Any) -> bool:
    return isinstance(document, dict) and type(document.get("status")) is int


def _judge_parts(document: dict[str, Any]) -> None:
    unknown = sorted(document.keys() - _PARTS)
    if unknown:
        raise UnfitError(f"a response has status, headers and body, and not {unknown[0]!r}; {_AS_JSON}")
    status = document.get("status", 200)
    if type(status) is not int or not 200 <= status <= 599:
        raise UnfitError(f"a status is a number from 200 to 599; {_AS_JSON}")
    if not isinstance(document.get("headers", {}), dict):
        raise UnfitError("headers are a mapping of name to text")


def _changed(document: dict[str, Any], given: ScriptAnswer) -> ScriptAnswer:
    status = document.get("status", given.status)
    named = document.get("headers", {})
    gone = frozenset(_header_name(name).lower() for name in named)
    added = tuple((name.encode(), value) for name, values in named.items() for value in _header_values(values))
    headers = without_headers(given.headers, gone) + added
    if "body" not in document:
        return ScriptAnswer(status, headers, given.body)
    body, kind = _written(document["body"])
    # What described the old body does not describe this one.
    headers = without_headers(headers, _OF_A_BODY - gone)
    if b"content-type" not in gone and kind and _describes_anew(headers, kind):
        headers = (*without_headers(headers, {b"content-type"}), (b"content-type", kind))
    return ScriptAnswer(status, headers, body)


def _describes_anew(headers: Headers, kind: bytes) -> bool:
    """Say whether a body needs this content type; a text may be of any type that stands there."""
    standing = header(headers, b"content-type")
    return standing is None or (kind == _JSON and b"json" not in standing)


def _header_name(name: str) -> bytes:
    if _TOKEN.fullmatch(name) is None:
        raise UnfitError("the name of a header is letters, digits and dashes")
    if name.lower() in _FRAMING:
        raise UnfitError(f"the header {name!r} is the gateway's to write; leave it out")
    return name.encode()


def _header_values(values: Any) -> list[bytes]:
    if values is None:
        return []
    texts = values if isinstance(values, list) else [values]
    return [_header_value(text) for text in texts]


def _header_value(value: Any) -> bytes:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnfitError("the value of a header is a text, a number, or a list of them")
    text = str(value)
    if _BREAKS & set(text):
        raise UnfitError("the value of a header holds a line break or NUL, which would split the response")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _written(body: Any) -> tuple[bytes, bytes]:
    if body is None:
        return b"", b""
    if isinstance(body, str):
        return body.encode(), _TEXT
    try:
        written = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:
        raise UnfitError("the body holds a number that is infinite or not a number") from None
    if len(written) > BODY_BYTES:
        raise UnfitError("a value is too large: it holds too much text")
    return written, _JSON
