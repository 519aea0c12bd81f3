"""A static response as a ready reply, and header changes as ready functions."""

from __future__ import annotations

import orjson

from cassettes.definition import HeaderEdit, StaticResponse
from cassettes.exchange import Headers, without_headers
from gateway.mode import HeaderChange, Reply, Source


def static_reply(response: StaticResponse, source: Source, *, delay_s: float = 0.0) -> Reply:
    """Compile a definition's response: body bytes, content type and length are settled once, at load."""
    body, content_type = _body(response.body)
    headers = [
        (name.encode("latin-1", "replace"), text.encode("latin-1", "replace"))
        for name, values in response.headers.items()
        for text in ([values] if isinstance(values, str) else values)
    ]
    names = {name.lower() for name, _ in headers}
    headers = [pair for pair in headers if pair[0].lower() not in (b"content-length", b"transfer-encoding")]
    if content_type and b"content-type" not in names:
        headers.append((b"content-type", content_type))
    status = response.status if isinstance(response.status, int) else 200
    if status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(body)))
    return Reply(status, tuple(headers), source, body, delay_s=delay_s)


def _body(document: object) -> tuple[bytes, bytes]:
    if document is None:
        return b"", b""
    if isinstance(document, str):
        is_json = document.lstrip()[:1] in ("{", "[")
        return document.encode(), b"application/json" if is_json else b"text/plain; charset=utf-8"
    return orjson.dumps(document), b"application/json"


def header_change(edit: HeaderEdit) -> HeaderChange | None:
    """Compile a header edit, or None where it changes nothing."""
    if not edit.set and not edit.remove:
        return None
    gone = frozenset(name.lower().encode("latin-1") for name in (*edit.set, *edit.remove))
    added: Headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in edit.set.items())

    def change(headers: Headers) -> Headers:
        return without_headers(headers, gone) + added

    return change
