"""What changes with every request without meaning anything: names and looks of times, nonces and request ids."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

FIELDS: Final = frozenset(
    [
        "timestamp",
        "ts",
        "nonce",
        "requestid",
        "reqid",
        "correlationid",
        "traceid",
        "spanid",
        "transactionid",
        "idempotencykey",
        "clientrequestid",
        "clienttime",
        "clienttimestamp",
        "clientmutationid",
        "sentat",
        "createdat",
        "updatedat",
        "occurredat",
        "modifiedat",
        "eventid",
        "messageid",
        "jti",
        "iat",
        "exp",
        "nbf",
        "csrftoken",
        "xsrftoken",
        "csrfmiddlewaretoken",
        "authenticitytoken",
        "requestverificationtoken",
        "cachebuster",
        "rnd",
        "rand",
        "random",
    ]
)
"""Body fields, as `plain_name` writes them; in a query most of these would select what is answered."""

QUERY: Final = frozenset(
    [
        "cb",
        "cachebust",
        "cachebuster",
        "nocache",
        "nonce",
        "timestamp",
        "ts",
        "requestid",
        "reqid",
        "correlationid",
        "traceid",
        "rnd",
        "rand",
        "random",
    ]
)

_REFERENCES: Final = re.compile(
    r"(?:page|cursor|offset|continu|marker|after|before|since|until|from|start|end|next|prev|last|first"
    r"|ref|key|token|code|parent|owner|hash|sha|digest|etag|version|rev)"
)
_LOOKS: Final = re.compile(
    r"""
      [0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}        # a UUID, with hyphens or without
    | \d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\ ?(?:z|[+-]\d\d:?\d\d)?  # RFC 3339 and its relatives
    | (?:mon|tue|wed|thu|fri|sat|sun),?\ \d\d?[ -][a-z]{3}[ -]\d{2,4}\ [\d:]{8}.*  # RFC 9110 §5.6.7
    | 1\d{9}(?:\.\d+|\d{3}|\d{6}|\d{9})?                                      # Unix time: s, ms, µs, ns
    | 0\.\d{7,}                                                               # a random fraction
    | (?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{26}                           # a ULID
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LONGEST: Final = 64
_RANDOM: Final = re.compile(r"(?=.*\d)[\w+/=.:~-]{6,512}", re.DOTALL)


def plain_name(name: str) -> str:
    """Give the name in lower case without separators: `request_id`, `Request-Id` and `requestId` are one name."""
    return name.lower().replace("_", "").replace("-", "")


def is_volatile_field(name: str, text: str) -> bool:
    """Tell whether a body field is volatile: by its name, and by a value that no one would choose by hand."""
    return _is_volatile_name(name) and _is_arbitrary(text)


def is_volatile_query(name: str, text: str) -> bool:
    """Tell whether a query parameter is volatile; `_` alone is what jQuery and its kin put there against caches."""
    return (name == "_" or plain_name(name) in QUERY) and _is_arbitrary(text)


def is_generated(name: str, text: str) -> bool:
    """Tell whether a value looks made by the client for this one request: an id or a time that refers to nothing else.

    `id` may be made by the client; `user_id`, `cursor` or `before` point at something.
    """
    return len(text) <= _LONGEST and _LOOKS.fullmatch(text) is not None and not _refers(name)


@lru_cache(maxsize=4096)
def _is_volatile_name(name: str) -> bool:
    return plain_name(name) in FIELDS


@lru_cache(maxsize=4096)
def _refers(name: str) -> bool:
    plain = plain_name(name)
    points = plain.endswith("id") and plain not in {"id", "uuid", "guid", "ulid", "uid"} and plain not in FIELDS
    return points or _REFERENCES.search(plain) is not None


def _is_arbitrary(text: str) -> bool:
    return _LOOKS.fullmatch(text) is not None or _RANDOM.fullmatch(text) is not None
