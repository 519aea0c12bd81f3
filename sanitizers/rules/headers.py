"""Headers: fields of a message's head that carry credentials, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanitizers import kinds
from sanitizers.rules.vocabulary import announced, split_words

if TYPE_CHECKING:
    from sanitizers.rule import Place

_NAMES: Final[dict[str, str]] = {
    "authorization": "authorization",
    "proxy-authorization": "authorization",
    "cookie": "cookies",
    "cookie2": "cookies",
    "set-cookie": "set-cookies",
    "x-amz-security-token": "token",
    "x-amzn-oidc-data": "token",
    "x-amzn-oidc-accesstoken": "token",
    "x-amzn-oidc-identity": "token",
    "cf-access-jwt-assertion": "token",
    "x-goog-iap-jwt-assertion": "token",
    "x-ms-client-principal": "token",
    "x-ms-copy-source-authorization": "authorization",
    "x-auth": "secret",
    "x-auth-key": "secret",
    "x-auth-email": "email",
    "auth": "secret",
    "dpop": "token",
    "private-token": "secret",
    "job-token": "secret",
    "x-key": "secret",
    "x-hub-signature": "signature",
    "x-hub-signature-256": "signature",
    "stripe-signature": "signature",
    "x-csrftoken": "token",
    "x-xsrf-token": "token",
    "x-forwarded-user": "email",
    "x-forwarded-email": "email",
    "x-user-email": "email",
    "sec-websocket-key": "",
    "idempotency-key": "",
    "www-authenticate": "",
    "proxy-authenticate": "",
}
_CREDENTIALS: Final = frozenset({"password", "secret", "token", "session", "signature", "otp", "authorization"})


class HeaderNames:
    """The rule of headers: a table of known ones, then what the words of the name say."""

    name = "headers"

    def kind(self, place: Place, name: str) -> str | None:
        if place != "header":
            return None
        lower = name.lower()
        known = _NAMES.get(lower)
        if known is not None:
            return known or None
        kind = announced(lower)
        if kind is None and split_words(lower)[-2:-1] == ["api"] and lower.endswith("key"):
            return "secret"
        return kind if kind in _CREDENTIALS or kind in ("email", "phone") else None

    def fits(self, _place: Place, kind: str, value: str, /) -> bool:
        return kind == "set-cookies" or kinds.fits(kind, value)


HEADERS: Final = HeaderNames()
