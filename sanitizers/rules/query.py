"""Query: parameters that are secrets in a URL only, such as `code`, `key` and the signatures of presigned links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanitizers import kinds

if TYPE_CHECKING:
    from sanitizers.rule import Place

_NAMES: Final[dict[str, str]] = {
    "code": "token",
    "key": "secret",
    "auth": "token",
    "access": "token",
    "hash": "token",
    "nonce": "token",
    "state": "token",
    "policy": "signature",
    "x-amz-credential": "secret",
    "x-goog-credential": "secret",
    "key-pair-id": "secret",
    "se-sig": "signature",
    "hdnts": "token",
    "hdnea": "token",
}


class QueryNames:
    """The rule of query parameters: names that mean nothing elsewhere, with values that look made by a machine."""

    name = "query"

    def kind(self, place: Place, name: str) -> str | None:
        return _NAMES.get(name.lower()) if place == "query" else None

    def fits(self, _place: Place, kind: str, value: str, /) -> bool:
        return len(value) >= 12 and kinds.is_opaque(value) and kinds.fits(kind, value)


QUERY: Final = QueryNames()
