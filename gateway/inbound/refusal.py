"""The refusal of a request before any application sees it: which heads are unsafe, and the sentence that says so."""

from __future__ import annotations

import http
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.inbound.limits import Limits

Pairs = list[tuple[bytes, bytes]]

HOST = re.compile(
    rb"(?:(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+|\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\])"
    rb"(?::[0-9]{0,5})?",
)
ABSOLUTE = re.compile(rb"https?://[^/?#]+", re.IGNORECASE)
JUDGED = frozenset({b"transfer-encoding", b"content-length", b"expect", b"upgrade"})
"""Headers that need a look; a head without them, with one known Host and nothing special in Connection, is safe."""

# A recipient strips what Connection names (RFC 9110 §7.6.1); a client that names one of these asks a proxy to strip
# what the next server needs in order to frame, route or authorize the request.
END_TO_END = frozenset(
    {
        b"host",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"content-range",
        b"authorization",
        b"cookie",
        b"range",
        b"origin",
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
    },
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer in the making: the status, and one sentence for whoever sent the request."""

    status: int
    detail: str
    bodiless: bool = False

    def encode(self, *, bodiless: bool = False) -> bytes:
        """Give the whole response as bytes: problem details (RFC 9457), and the end of the connection."""
        title = http.HTTPStatus(self.status).phrase
        problem = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        body = json.dumps(problem).encode()
        head = (
            f"HTTP/1.1 {self.status} {title}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        return head.encode() + (b"" if bodiless or self.bodiless else body)


class RefusedError(Exception):
    """Raised inside a parser callback to stop the parser; carries the refusal, or None to stop without a word."""

    def __init__(self, refusal: Refusal | None) -> None:
        super().__init__(refusal.detail if refusal else "")
        self.refusal = refusal


def malformed(reason: str) -> Refusal:
    """Give the refusal of bytes that are not HTTP/1.1; `reason` is the parser's own words, never the client's."""
    return Refusal(400, f"The request is not valid HTTP/1.1: {reason.strip().rstrip('.') or 'malformed'}.")


def judge(version: str, method: bytes, target: bytes, headers: Pairs, limits: Limits) -> Refusal | None:
    """Give the reason to refuse this head, or None; `headers` have lower-case names."""
    if version not in ("1.1", "1.0"):
        return Refusal(505, f"HTTP/{version} is not spoken here; use HTTP/1.1.")
    if method == b"CONNECT":
        return Refusal(501, "CONNECT is not offered: this listener is a reverse proxy and opens no tunnels.")
    if len(target) > limits.target_bytes:
        return Refusal(414, f"The request target is {len(target)} bytes long; {limits.target_bytes} are allowed.")
    if len(headers) > limits.header_count:
        return Refusal(431, f"The request has {len(headers)} headers; {limits.header_count} are allowed.")
    return (
        judge_target(method, target)
        or judge_host(version, headers)
        or judge_body(version, headers, limits)
        or judge_connection(headers)
        or judge_expect(version, headers)
    )


def judge_size(headers: Pairs, limits: Limits) -> Refusal | None:
    """Refuse a header block that is larger than allowed."""
    size = sum(len(name) + len(value) + 4 for name, value in headers)
    if size > limits.header_bytes:
        return Refusal(431, f"The headers are {size} bytes long; {limits.header_bytes} are allowed.")
    return None


def judge_target(method: bytes, target: bytes) -> Refusal | None:
    """Refuse a target in none of the four forms, or in one that its method may not have (RFC 9112 §3.2)."""
    if target.startswith(b"/") or (target == b"*" and method == b"OPTIONS") or ABSOLUTE.match(target):
        return None
    return Refusal(400, "The request target must begin with '/' or be an absolute http or https URL.")


def judge_host(version: str, headers: Pairs) -> Refusal | None:
    """Refuse a missing, repeated or malformed Host (RFC 9112 §3.2); only HTTP/1.0 may leave it out."""
    hosts = [value for name, value in headers if name == b"host"]
    if not hosts:
        return None if version == "1.0" else Refusal(400, "The Host header is missing; HTTP/1.1 requires one.")
    if len(hosts) > 1:
        return Refusal(400, f"There are {len(hosts)} Host headers; exactly one is allowed.")
    if HOST.fullmatch(hosts[0]) is None:
        return Refusal(400, "The Host header is not a host name or address with an optional port.")
    return None


def judge_body(version: str, headers: Pairs, limits: Limits) -> Refusal | None:
    """Refuse a body whose end two parties could see in different places (RFC 9112 §6.1-6.3)."""
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    lengths = [value for name, value in headers if name == b"content-length"]
    if codings and lengths:
        return Refusal(400, "Content-Length and Transfer-Encoding are both present; send one of them.")
    if codings and version == "1.0":
        return Refusal(400, "Transfer-Encoding is not part of HTTP/1.0; send Content-Length.")
    if codings and (len(codings) > 1 or codings[0].lower() != b"chunked"):
        return Refusal(501, "The only transfer coding known here is a single 'chunked'.")
    if len(lengths) > 1 or (lengths and not lengths[0].isdigit()):
        return Refusal(400, "Content-Length must be one decimal number.")
    if lengths and limits.body_bytes is not None and int(lengths[0][:32]) > limits.body_bytes:
        return too_large(limits.body_bytes)
    return None


def too_large(body_bytes: int) -> Refusal:
    """Give the refusal of a body larger than `body_bytes`."""
    return Refusal(413, f"The request body is larger than the {body_bytes} bytes allowed.")


def judge_connection(headers: Pairs) -> Refusal | None:
    """Refuse a Connection header that asks a proxy to strip an end-to-end header."""
    for name, value in headers:
        if name != b"connection":
            continue
        for option in value.lower().split(b","):
            if option.strip(b" \t") in END_TO_END:
                text = option.strip(b" \t").decode("latin-1")
                return Refusal(400, f"Connection names '{text}', which is not a hop-by-hop header.")
    return None


def judge_expect(version: str, headers: Pairs) -> Refusal | None:
    """Refuse an expectation other than 100-continue (RFC 9110 §10.1.1); HTTP/1.0 has none, so there it is ignored."""
    if version == "1.0":
        return None
    if any(name == b"expect" and value.lower() != b"100-continue" for name, value in headers):
        return Refusal(417, "The only expectation that can be met here is '100-continue'.")
    return None


def split_target(target: bytes) -> tuple[bytes, bytes]:
    """Give the path and the query of a judged target, undecoded; of an absolute-form, those after its authority."""
    if not target.startswith(b"/") and target != b"*":
        found = ABSOLUTE.match(target)
        rest = target[found.end() :] if found else target
        target = rest if rest.startswith(b"/") else b"/" + rest
    path, _, query = target.partition(b"#")[0].partition(b"?")
    return path, query
