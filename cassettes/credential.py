"""Who asks: the credentials of a request, told apart by kind and by value, without what is signed anew each time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cassettes.exchange import header_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cassettes.exchange import Headers

Pairs = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential: `slot` is its place and scheme (`authorization bearer`), `value` what identifies its holder."""

    slot: str
    value: bytes = field(repr=False)


_NAMED: Final = re.compile(
    rb"api-?key|auth-?(?:token|key|email)|access-?token|session|secret|password|credential|subscription-(?:key|token)"
    rb"|^(?:private|x)-token$|vault-token|^x-.*-token$|functions-key|^apikey$"
)
_FORGERY: Final = re.compile(rb"csrf|xsrf", re.IGNORECASE)
_PREFERENCE: Final = re.compile(
    rb"_ga.*|_gid|_gat.*|_gcl.*|_fbp|_fbc|_hj.*|_pk_.*|_uet.*|__utm.*|ajs_.*|amplitude.*|mp_.*|intercom.*|optimizely.*"
    rb"|theme|dark.?mode|lang(?:uage)?|locale|i18n.*|currency|tz|time.?zone|consent|cookie.?consent|__cf_bm|_cfuvid",
    re.IGNORECASE,
)
_PARAM: Final = re.compile(rb'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]*))')
_QUERY: Final = frozenset((b"access_token", b"accesstoken", b"api_key", b"apikey", b"api-key", b"auth_token"))
_SIGNER: Final = {
    b"x-amz-signature": (b"x-amz-", b"x-amz-credential"),
    b"x-goog-signature": (b"x-goog-", b"x-goog-credential"),
    b"oauth_signature": (b"oauth_", b"oauth_consumer_key"),
}
# Azure SAS, CloudFront, AWS version 2 and the many that sign `timestamp` and `nonce`: what moves with the signature.
_SIGNED: Final = frozenset(
    b"sig signature se st ske skt expires policy timestamp nonce signaturenonce signature_nonce".split()
)
_HOLDER: Final = frozenset((b"awsaccesskeyid", b"key-pair-id", b"accesskeyid", b"skoid"))


def split_query(pairs: Pairs) -> tuple[Pairs, tuple[Credential, ...]]:
    """Part the query into what selects the answer and who asks; what is signed anew with every request is dropped."""
    names = {name.lower() for name, _ in pairs}
    signer = next((signer for signer in _SIGNER if signer in names), None)
    signed = bool(names & {b"sig", b"signature"})
    kept, found = [], []
    for name, value in pairs:
        lower = name.lower()
        if signer is not None and lower.startswith(_SIGNER[signer][0]):
            if lower == _SIGNER[signer][1]:
                found.append(_scoped(f"query {signer.decode()}", value.replace(b"%2F", b"/").replace(b"%2f", b"/")))
        elif signed and lower in _SIGNED:
            if lower in (b"sig", b"signature"):
                found.append(Credential(f"query {lower.decode()}", b""))
        elif lower in _QUERY or (signed and lower in _HOLDER):
            found.append(Credential(f"query {lower.decode()}", value))
        else:
            kept.append((name, value))
    return tuple(kept), tuple(found)


def is_credential_header(name: bytes) -> bool:
    """Tell whether the header called `name` (lower case) says who asks, beside Authorization and Cookie."""
    return _NAMED.search(name) is not None or _FORGERY.search(name) is not None


def header_credentials(
    headers: Headers, known_cookies: frozenset[bytes] | None
) -> tuple[tuple[Credential, ...], Pairs]:
    """Give the credentials in the headers, and as pairs the values there that are compared but identify no one.

    Of cookies whose names are not in `known_cookies` nothing is given: browsers send to localhost the cookies of
    every other service developed there. None means that all cookies are known.
    """
    found: list[Credential] = []
    compared: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        lower = name.lower()
        if lower in (b"authorization", b"proxy-authorization"):
            found.append(_authorization(lower.decode("latin-1"), value.strip()))
        elif lower != b"cookie" and is_credential_header(lower):
            forgery = _FORGERY.search(lower) is not None
            compared.extend([(lower, value)] if forgery else [])
            found.append(Credential(f"header {lower.decode('latin-1')}", b"" if forgery else value.strip()))
    for name, value in _cookies(headers):
        if known_cookies is not None and name not in known_cookies:
            continue
        forgery = _FORGERY.search(name) is not None
        preference = _PREFERENCE.fullmatch(name) is not None
        compared.extend([(b"cookie " + name, value)] if forgery or preference else [])
        if not preference:
            found.append(Credential(f"cookie {name.decode('latin-1')}", b"" if forgery else value))
    return tuple(sorted(found, key=lambda credential: credential.slot)), tuple(compared)


def cookie_names(headers: Headers) -> Iterator[bytes]:
    """Give the names of all cookies that the headers send (Cookie) or set (Set-Cookie)."""
    yield from (name for name, _ in _cookies(headers))
    yield from (value.partition(b"=")[0].strip() for value in header_values(headers, b"set-cookie"))


def _cookies(headers: Headers) -> Iterator[tuple[bytes, bytes]]:
    for value in header_values(headers, b"cookie"):
        for pair in value.split(b";"):
            name, _, content = pair.partition(b"=")
            if name.strip():
                yield name.strip(), content.strip()


def _authorization(place: str, value: bytes) -> Credential:
    scheme, _, rest = value.partition(b" ")
    kind = scheme.lower()
    slot = f"{place} {kind.decode('latin-1')}"
    if kind.startswith((b"aws4-", b"goog4-")):
        return _scoped(slot, _params(rest).get(b"credential", b""))
    if kind in (b"aws", b"sharedkey", b"sharedkeylite"):
        return Credential(slot, rest.partition(b":")[0])
    if kind == b"digest":
        return Credential(slot, _params(rest).get(b"username", b""))
    if kind in (b"oauth", b"signature", b"hmac", b"mac", b"hawk", b"eg1-hmac-sha256"):
        params = _params(rest)
        holders = (
            b"oauth_consumer_key",
            b"oauth_token",
            b"keyid",
            b"id",
            b"username",
            b"client_token",
            b"access_token",
        )
        return Credential(slot, b" ".join(params[name] for name in holders if name in params))
    if kind in (b"ntlm", b"negotiate"):
        # Every handshake is another; the message type (first, third) is what is answered differently.
        return Credential(f"{slot} {rest[:12].decode('latin-1')}", b"")
    return Credential(slot, rest.strip())


def _scoped(slot: str, credential: bytes) -> Credential:
    """Give an AWS or Google credential `KEY/DATE/REGION/SERVICE/…`: the date moves, region and service select."""
    key, _, scope = credential.partition(b"/")
    return Credential(f"{slot} {scope.partition(b'/')[2].decode('latin-1')}".rstrip(), key)


def _params(text: bytes) -> dict[bytes, bytes]:
    return {name.lower(): quoted or plain for name, quoted, plain in _PARAM.findall(text)}
