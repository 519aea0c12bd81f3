"""Revalidation: a read that has the answer's entity tag already is told that nothing changed (RFC 9110 §13.1.2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from cassettes.exchange import Request, header, header_values
from gateway.mode import Reply

_TAG: Final = re.compile(rb'(?:W/)?("[^"]*")')
_OF_THE_BODY: Final = re.compile(rb"content-(?:type|length|encoding|language)", re.IGNORECASE)


def revalidated(reply: Reply, request: Request) -> Reply:
    """Give 304 without a body in the place of an answer whose tag `If-None-Match` names, else the answer itself."""
    if reply.status != 200 or request.method not in ("GET", "HEAD"):  # only what is there
        return reply
    tag = header(reply.headers, b"etag")
    asked = b",".join(header_values(request.headers, b"if-none-match"))
    if not asked or tag is None or not _names(asked, tag):
        return reply
    kept = tuple((name, value) for name, value in reply.headers if not _OF_THE_BODY.fullmatch(name))
    return replace(reply, status=304, headers=kept, body=b"", pieces=())


def _names(asked: bytes, tag: bytes) -> bool:
    """Tell whether a tag is among those asked for; weak ones count as strong (RFC 9110 §8.8.3.2)."""
    return asked.strip() == b"*" or _TAG.sub(rb"\1", tag.strip()) in _TAG.findall(asked)
