"""The key of a request: what makes two requests the same for replay, in parts that can be given up one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from cassettes.body import NO_BODY, Body, canonical_body, media_type
from cassettes.credential import Credential, Pairs, header_credentials, is_credential_header, split_query
from cassettes.volatile import is_volatile_query

if TYPE_CHECKING:
    from cassettes.exchange import Headers, Request

TRANSPORT: Final = frozenset(
    b"host connection keep-alive proxy-connection te trailer transfer-encoding upgrade-insecure-requests "
    b"content-length content-encoding accept-encoding cache-control pragma expect via forwarded x-real-ip "
    b"x-client-ip true-client-ip priority dnt sec-gpc save-data referer max-forwards user-agent "
    b"date x-amz-date x-ms-date x-goog-date x-amz-content-sha256 content-md5 content-digest digest repr-digest "
    b"x-amz-security-token x-amz-user-agent x-goog-api-client signature signature-input "
    b"x-signature x-timestamp x-nonce x-hub-signature x-hub-signature-256 stripe-signature x-slack-signature "
    b"x-slack-request-timestamp traceparent tracestate baggage b3 uber-trace-id sentry-trace newrelic "
    b"x-request-id x-correlation-id request-id correlation-id x-trace-id request-context x-client-request-id "
    b"x-ms-client-request-id x-cloud-trace-context x-amzn-trace-id postman-token".split()
)
"""Headers of the hop, the client's make, traces and signatures: they never tell two requests apart."""

TOLD: Final = frozenset(
    b"x-amz-target soapaction x-http-method-override x-http-method x-method-override range if-range if-match "
    b"if-none-match if-modified-since if-unmodified-since access-control-request-method depth destination overwrite "
    b"upgrade sec-websocket-protocol x-amz-copy-source x-amz-copy-source-range x-goog-copy-source x-ms-copy-source "
    b"x-account-id x-organization-id x-org-id x-workspace-id x-project-id x-user-id x-on-behalf-of api-version "
    b"x-api-version".split()
)
"""Headers that say which operation, part or version is asked for: no tier gives them up."""

_ELSEWHERE: Final = frozenset((b"content-type", b"authorization", b"proxy-authorization", b"cookie"))
NEGOTIATED: Final = frozenset((b"accept", b"accept-language", b"accept-charset"))

_IGNORED: Final = (
    *(b"x-mimic-", b"x-forwarded-", b"sec-ch-", b"sec-fetch-", b"x-b3-", b"x-datadog-", b"cf-"),
    *(b"x-envoy-", b"amz-sdk-", b"x-stainless-", b"x-newrelic-"),
)
_SELECTS: Final = re.compile(rb"page|cursor|offset|continuation|tenant|impersonat")


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    """What a key is made of. Header and query names are lower case; `volatile_fields` are JSON pointers.

    `ignored_headers` never count, `told_headers` always do, the rest count by value until the tier `headers`. What
    `volatile_query` and `volatile_fields` name is given up at the tier `volatile`, whatever its value.
    `known_cookies`: cookies of other names are not looked at (None: all are).
    """

    ignored_headers: frozenset[bytes] = TRANSPORT
    told_headers: frozenset[bytes] = TOLD
    volatile_query: frozenset[bytes] = frozenset()
    volatile_fields: tuple[str, ...] = ()
    known_cookies: frozenset[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """The parts of a sanitized request that count. Pairs are sorted by name; those of one name keep their order.

    `segments` are the path's, percent-decoded each on its own: `%7E` is `~`, and `%2F` does not part segments. `told`
    are the headers no tier gives up, `headers` the others that count, `credentials` who asks.
    """

    method: str
    path: bytes
    segments: tuple[bytes, ...] = ()
    query: Pairs = ()
    told: Pairs = ()
    negotiated: Pairs = ()
    headers: Pairs = ()
    credentials: tuple[Credential, ...] = ()
    body: Body = NO_BODY

    @property
    def slots(self) -> tuple[str, ...]:
        """The kinds of the credentials, without their values."""
        return tuple(credential.slot for credential in self.credentials)

    def __repr__(self) -> str:
        return f"Key({self.method} {self.path.decode('latin-1')})"


DEFAULT_POLICY: Final = KeyPolicy()


def make_key(request: Request, policy: KeyPolicy = DEFAULT_POLICY) -> Key:
    """Give the key of a request that has been through the sanitizer."""
    query, asked_by = split_query(query_pairs(request.query))
    counted = tuple(pair for pair in request.headers if not _does_not_count(pair[0].lower(), policy))
    credentials, compared = header_credentials(counted, policy.known_cookies)
    told, negotiated, headers = _parted(counted, policy)
    body = canonical_body(request, policy.volatile_fields)
    if request.body:
        told.append((b"content-type", media_type(request.headers)))
    return Key(
        request.method,
        request.path,
        tuple(unquote_to_bytes(segment) for segment in request.path.split(b"/")),
        query,
        _by_name(told),
        _by_name(negotiated),
        _by_name([*headers, *compared]),
        (*asked_by, *credentials),
        body,
    )


def query_pairs(query: bytes) -> Pairs:
    """Give the query's pairs as on the wire, by name; pairs of one name keep their order, empty pieces do not count."""
    pieces = (piece.partition(b"=") for piece in query.split(b"&") if piece)
    return _by_name([(name, value) for name, _, value in pieces])


def decoded_query(pairs: Pairs) -> Pairs:
    """Give the pairs decoded: `%7E` is `~`, `%2f` is `%2F`, and `+` is `%20`."""
    return _by_name(
        [
            (unquote_to_bytes(name.replace(b"+", b" ")), unquote_to_bytes(value.replace(b"+", b" ")))
            for name, value in pairs
        ]
    )


def steady_query(pairs: Pairs, policy: KeyPolicy) -> Pairs:
    """Give decoded pairs with the values of volatile parameters left out; that they are there still counts."""
    return tuple((name, b"" if _is_volatile(name, value, policy) else value) for name, value in pairs)


def _is_volatile(name: bytes, value: bytes, policy: KeyPolicy) -> bool:
    declared = name.lower() in policy.volatile_query
    return declared or is_volatile_query(name.decode("latin-1"), value.decode("latin-1"))


def _by_name(pairs: list[tuple[bytes, bytes]]) -> Pairs:
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _parted(
    headers: Headers, policy: KeyPolicy
) -> tuple[list[tuple[bytes, bytes]], list[tuple[bytes, bytes]], list[tuple[bytes, bytes]]]:
    told: list[tuple[bytes, bytes]] = []
    negotiated: list[tuple[bytes, bytes]] = []
    others: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        lower = name.lower()
        if lower in policy.told_headers or _SELECTS.search(lower):
            told.append((lower, value.strip()))
        elif lower in NEGOTIATED:
            wanted = value.lower().replace(b" ", b"")
            if wanted != b"*/*":  # RFC 9110 §12.5.1: the same as none
                negotiated.append((lower, wanted))
        elif lower not in _ELSEWHERE and not is_credential_header(lower):
            others.append((lower, value.strip()))
    return told, negotiated, others


def _does_not_count(name: bytes, policy: KeyPolicy) -> bool:
    return name in policy.ignored_headers or (name.startswith(_IGNORED) and name not in policy.told_headers)
