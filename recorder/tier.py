"""The tiers of replay: how like a recorded request a live one must be, exact first, each giving up one thing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cassettes.key import Key, KeyPolicy, decoded_query, steady_query

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: its name, its score (1 is exact), what it gives up, and the part of a key that still must be equal.

    Every tier after exact compares requests of one method and one path (segment by segment, decoded) only.

    Tiers are cumulative. Of what a tier gives up, `weighs` says which of several candidates is answered and whether
    any may be: see `recorder.index`. Never given up: method, path, query values but volatile ones, the headers
    that are always told apart, and which kinds of credentials are sent.
    """

    name: str
    score: float
    gives_up: str
    part: Callable[[Key, KeyPolicy], Hashable]
    weighs: frozenset[str] = frozenset()


def exact_part(key: Key) -> Hashable:
    """Give everything of the key that counts."""
    return (
        key.method,
        key.path,
        key.query,
        key.told,
        key.negotiated,
        key.headers,
        key.credentials,
        key.body.exact,
    )


def _spelling(key: Key, _policy: KeyPolicy) -> Hashable:
    query = decoded_query(key.query)
    return key.told, query, key.negotiated, key.headers, key.credentials, key.body.exact


def _headers(key: Key, _policy: KeyPolicy) -> Hashable:
    return key.told, decoded_query(key.query), key.negotiated, key.credentials, key.body.exact


def _accept(key: Key, _policy: KeyPolicy) -> Hashable:
    return key.told, decoded_query(key.query), key.credentials, key.body.exact


def _volatile(key: Key, policy: KeyPolicy) -> Hashable:
    return key.told, steady_query(decoded_query(key.query), policy), key.credentials, key.body.volatile


def _credentials(key: Key, policy: KeyPolicy) -> Hashable:
    return key.told, steady_query(decoded_query(key.query), policy), key.slots, key.body.volatile


def _shape(key: Key, policy: KeyPolicy) -> Hashable:
    return key.told, steady_query(decoded_query(key.query), policy), key.slots, key.body.shape


def _body(key: Key, policy: KeyPolicy) -> Hashable:
    return key.told, steady_query(decoded_query(key.query), policy), key.slots, key.body.kind


_ACCEPT: Final = frozenset({"accept"})
_WHO: Final = _ACCEPT | {"credentials"}

TIERS: Final[tuple[Tier, ...]] = (
    Tier("exact", 1.0, "nothing", lambda key, _policy: exact_part(key)),
    Tier("spelling", 0.99, "how path and query are percent-encoded", _spelling),
    Tier("headers", 0.95, "headers that are not always told apart", _headers),
    Tier("accept", 0.9, "what the client prefers to get, where it can take what was recorded", _accept, _ACCEPT),
    Tier("volatile", 0.8, "times, nonces and request ids, and what the policy declares so", _volatile, _ACCEPT),
    Tier("credentials", 0.7, "the value of a credential the cassette does not know", _credentials, _WHO),
    Tier("shape", 0.5, "ids and times made by the client, in a write that was accepted", _shape, _WHO | {"shape"}),
    Tier(
        "body", 0.4, "the body of a write, where every recorded one got the same empty answer", _body, _WHO | {"body"}
    ),
)
HEAD_FROM_GET: Final = "head-from-get"
