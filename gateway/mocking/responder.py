"""One response of a definition, compiled: ready bytes, or a template that makes them from a request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

import orjson

from cassettes.definition import StaticResponse
from cassettes.exchange import Headers
from cassettes.xmltree import is_tree, write_tree
from gateway.context import Context
from gateway.errors import ConfigError, RenderError
from gateway.mode import Reply, Source
from gateway.templates import OMIT, Document, Template, as_text, compile_document, compile_template, is_template

Kind: TypeAlias = Literal["json", "text", "html", "xml"]
OnMissing: TypeAlias = Literal["error", "empty"]
BodyFile: TypeAlias = Callable[[str], bytes]
"""Reads a file that a definition names; raises ConfigError."""

_NO_BODY: Final = frozenset({204, 304})
_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
_SPLITS: Final = frozenset("\r\n\0")


_Heads: TypeAlias = tuple[tuple[bytes, bytes | Template | Document], ...]
"""Headers in the order in which they are written; a value may be a template, or a document that may be `omit`."""


class Responder:
    """Makes the reply of one response.

    `ready` is that reply where it is the same for every request. `waits` says that it takes state, so that only
    `make_later` can make it; `needs_body` that it depends on the request's body.
    """

    __slots__ = (
        "_body", "_headers", "_is_base64", "_is_xml", "_lead", "_source", "_status", "needs_body", "ready", "waits",
        "where",
    )  # fmt: skip

    def __init__(
        self,
        response: StaticResponse,
        where: str,
        *,
        source: Source = "mock",
        missing: OnMissing = "empty",
        read_file: BodyFile | None = None,
    ) -> None:
        self.where = where
        self._source: Final = source
        heads = _headers(response, where, missing)
        body, content_type = _body(response, _content_type(response), where, missing, read_file)
        self._is_base64: Final = response.body_base64 is not None and not isinstance(body, bytes)
        self._is_xml: Final = response.template is not False and _writes_xml(response)
        if content_type and all(name.lower() != b"content-type" for name, _ in heads):
            heads = (*heads, (b"content-type", content_type))
        self._body = body
        self._headers = heads
        self._lead: Headers = tuple((name, value) for name, value in heads if isinstance(value, bytes))
        """The headers that are the same each time."""
        self._status = _status(response, where, missing)
        parts = (body, self._status, *(value for _, value in heads))
        templates = [part for part in parts if isinstance(part, Template | Document)]
        self.waits = any(template.waits for template in templates)
        self.needs_body = any(template.needs_body for template in templates)
        self.ready = None if templates else self._at_once(body)

    def _at_once(self, body: Any) -> Reply:
        try:
            return self._reply(self._status, self._lead, body)
        except RenderError as error:
            raise ConfigError(str(error)) from None

    def make(self, context: Context) -> Reply:
        """Make the reply; only where it does not wait. Raises RenderError."""
        status, body = self._status, self._body
        headers = self._lead
        if len(headers) < len(self._headers):
            headers = tuple(
                (name, line)
                for name, value in self._headers
                for line in ([value] if isinstance(value, bytes) else map(self._line, _said(value, context)))
            )
        if not isinstance(status, int):
            status = self._code(status.render(context))
        if isinstance(body, Template):
            body = body.render(context).encode()
        elif isinstance(body, Document):
            body = body.render(context)
        return self._reply(status, headers, body)

    async def make_later(self, context: Context) -> Reply:
        """Make the reply. Raises RenderError and StateError."""
        status, body = self._status, self._body
        headers: Headers = ()
        for name, value in self._headers:
            lines = [value] if isinstance(value, bytes) else map(self._line, await _said_later(value, context))
            headers = (*headers, *((name, line) for line in lines))
        if not isinstance(status, int):
            status = self._code(await status.render_later(context))
        if isinstance(body, Template):
            body = (await body.render_later(context)).encode()
        elif isinstance(body, Document):
            body = await body.render_later(context)
        return self._reply(status, headers, body)

    def _reply(self, status: Any, headers: Headers, body: Any) -> Reply:
        tree = b""
        if self._is_base64:
            body = self._bytes(body)
        if self._is_xml:
            body, tree = _xml(body, self.where), body
        if status not in _NO_BODY:
            headers = (*headers, (b"content-length", b"%d" % len(body)))
        return Reply(status, headers, self._source, body, tree=tree)

    def _bytes(self, body: bytes) -> bytes:
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error:
            raise RenderError(f"{self.where}.body_base64: this became something other than Base64") from None

    def _line(self, text: str) -> bytes:
        if _SPLITS & set(text):
            raise RenderError(f"{self.where}: a header's value became more than one line")
        return text.encode("latin-1", "replace")

    def _code(self, text: str) -> int:
        if text.isascii() and text.isdigit() and 200 <= int(text) <= 599:
            return int(text)
        raise RenderError(f"{self.where}: the status became something other than a number from 200 to 599")


def _said(value: Template | Document, context: Context) -> list[str]:
    return [value.render(context)] if isinstance(value, Template) else _shown(value.value(context))


async def _said_later(value: Template | Document, context: Context) -> list[str]:
    if isinstance(value, Template):
        return [await value.render_later(context)]
    return _shown(await value.value_later(context))


def _shown(value: Any) -> list[str]:
    """Give the texts of a header's value: none where it is left out, one of each item of a list."""
    values = value if isinstance(value, list) else [value]
    return [as_text(one) for one in values if one is not OMIT]


def _status(response: StaticResponse, where: str, missing: OnMissing) -> int | Template:
    status = response.status
    if isinstance(status, int):
        return status
    return compile_template(status, f"{where}.status", missing=missing)


def _headers(response: StaticResponse, where: str, missing: OnMissing) -> _Heads:
    heads: list[tuple[bytes, bytes | Template | Document]] = []
    for name, values in response.headers.items():
        if name.lower() in _FRAMING:
            continue
        told = name.encode("latin-1", "replace")
        for text in [values] if isinstance(values, str) else values:
            if response.template is not False and is_template(text):
                # Cookies are set by one line each (RFC 6265 §3); other lists are written into one.
                is_valued = "omit" in text or told.lower() == b"set-cookie"
                make = compile_document if is_valued else compile_template
                heads.append((told, make(text, f"{where}.headers.{name}", missing=missing)))
            else:
                heads.append((told, text.encode("latin-1", "replace")))
    return tuple(heads)


def _content_type(response: StaticResponse) -> str:
    for name, values in response.headers.items():
        if name.lower() == "content-type":
            return values if isinstance(values, str) else (values or [""])[0]
    return ""


def _body(
    response: StaticResponse, content_type: str, where: str, missing: OnMissing, read_file: BodyFile | None
) -> tuple[bytes | Template | Document, bytes]:
    if response.body_base64 is not None:
        if response.template is not False and is_template(response.body_base64):
            written = compile_template(response.body_base64, f"{where}.body_base64", missing=missing)
            return written, b"application/octet-stream"
        return _decoded(response.body_base64, where), b"application/octet-stream"
    if response.body_file is not None:
        return _from_file(response, response.body_file, content_type, where, missing, read_file)
    body = response.body
    if body is None:
        return b"", b""
    if isinstance(body, str):
        kind = _kind(content_type, body)
        guessed = b"application/json" if kind == "json" else b"text/plain; charset=utf-8"
        if response.template is False or not is_template(body):
            return _encoded(body, where), guessed
        return compile_template(body, f"{where}.body", kind=kind, missing=missing), guessed
    if response.template is False:
        return Document(f"{where}.body", body, None).literal or b"", b"application/json"
    document = compile_document(body, f"{where}.body", missing=missing)
    guessed = b"application/xml" if is_tree(body) else b"application/json"
    return document if document.literal is None else document.literal, guessed


def _writes_xml(response: StaticResponse) -> bool:
    """Tell whether a body is an object that is to be written as XML: it says so itself, or its media type does."""
    if not isinstance(response.body, dict):
        return False
    return is_tree(response.body) or _kind(_content_type(response), "") == "xml"


def _xml(body: bytes, where: str) -> bytes:
    try:
        return write_tree(orjson.loads(body)).encode()
    except ValueError as error:
        raise RenderError(f"{where}.body: this cannot be written as XML: {error}") from None


def _encoded(text: str, where: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"{where}.body: this is no Unicode text: it holds half a surrogate pair") from None


def _decoded(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ConfigError(f"{where}.body_base64: this is not base64") from None


def _from_file(
    response: StaticResponse, name: str, content_type: str, where: str, missing: OnMissing, read_file: BodyFile | None
) -> tuple[bytes | Template, bytes]:
    if read_file is None:
        raise ConfigError(f"{where}.body_file: a definition without a file of its own cannot name other files")
    data = read_file(name)
    guessed = _media_type(name)
    # A file may hold {{ … }} of its own, a page of a front end for one: it is a template only where it is said to be.
    if not response.template:
        return data, guessed
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ConfigError(f"{where}.body_file: a template must be UTF-8 text") from None
    kind = _kind(content_type or guessed.decode(), text)
    return compile_template(text, f"{where}.body_file {name}", kind=kind, missing=missing), guessed


def _kind(content_type: str, body: str) -> Kind:
    told = content_type.partition(";")[0].strip().lower()
    if told.endswith("json"):
        return "json"
    if told.endswith("html"):
        return "html"
    if told.endswith("xml"):
        return "xml"
    if told:
        return "text"
    lead = body.lstrip()
    # `{{` and `{%` begin a template, not an object.
    return "json" if lead[:1] in ("{", "[") and lead[:2] not in ("{{", "{%", "{#") else "text"


def _media_type(name: str) -> bytes:
    import mimetypes

    guessed = mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8".encode() if guessed.startswith("text/") else guessed.encode()
