"""Credentials in a head: Authorization by its scheme, Cookie, Set-Cookie, Basic pairs and JSON Web Tokens."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

import orjson

from sanitizers.edit import Edit, at_path, merged, shift, splice
from sanitizers.layers.escapes import PERCENT
from sanitizers.layers.pairs import shown
from sanitizers.rule import Judgement
from sanitizers.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanitizers.walk import Walk

_PARAM: Final = re.compile(r"([A-Za-z_][\w.-]{0,63})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,;\"]+))")
_SCHEME: Final = re.compile(r"\s*([A-Za-z][\w-]{1,31})(\s+)")
_COOKIE: Final = re.compile(r"\s*([^=;\s]*)\s*=\s*([^;]*)")
_TOKEN_SCHEMES: Final = frozenset({"bearer", "token", "apikey", "jwt", "key", "negotiate", "ntlm", "dpop", "splunk"})
# What an Authorization header says besides secrets (RFC 7616, 5849, 9421, SigV4, Hawk).
_OPEN_PARAMS: Final = words(
    "realm uri qop nc algorithm nonce username userhash charset stale domain ts timestamp created expires headers "
    "signedheaders version oauth_version oauth_timestamp oauth_nonce oauth_signature_method oauth_callback type"
    " alg ext "
    "dlg app signature_method"
)
_LOOSE_USERS: Final = frozenset({"", "x", "x-oauth-basic", "api_token", "api-token", "token", "unused", "anystring"})
_SECRET_VALUE: Final = Judgement("token", "headers")
_PASSWORD: Final = Judgement("password", "headers")
_KEY_ID: Final = Judgement("aws-key-id", "headers")


def authorization(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of an Authorization value: the scheme stays, its secrets go."""
    scheme = _SCHEME.match(text)
    if scheme is None:
        return walk.whole(Judgement("secret", "headers"), text, depth)
    name, rest = scheme[1].lower(), text[scheme.end() :]
    if name == "basic":
        return shift(basic(rest, walk, depth), scheme.end())
    if name == "aws4-hmac-sha256" or name.startswith("aws4-ecdsa"):
        return shift(parameters(rest, walk, depth), scheme.end())
    if name not in _TOKEN_SCHEMES and _PARAM.match(rest) and not rest.rstrip().endswith("=="):
        return shift(parameters(rest, walk, depth), scheme.end())
    account, colon, signature = rest.partition(":")
    if name not in _TOKEN_SCHEMES and colon and " " not in rest:  # SharedKey account:signature, AWS id:signature
        found = walk.value(account, depth)
        return shift(found + shift(walk.whole(_SECRET_VALUE, signature, depth), len(account) + 1), scheme.end())
    return shift(walk.whole(_SECRET_VALUE, rest, depth), scheme.end())


def parameters(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of `name=value, name="value"`: all values but those known to be no secret."""
    found: list[Edit] = []
    for match in _PARAM.finditer(text):
        group = 2 if match[2] is not None else 3
        value, name = match[group], match[1].lower()
        if name == "credential" and "/" in value:
            inside = walk.whole(_KEY_ID, value.partition("/")[0], depth)
        elif (
            name in _OPEN_PARAMS
            or len(value) < 3
            or (name in ("t", "keyid", "id", "client", "client_id", "oauth_consumer_key") and value.isalnum())
        ):
            inside = walk.value(value, depth)
        else:
            inside = walk.whole(Judgement("signature", "headers"), value, depth)
        found += at_path(shift(inside, match.start(group)), shown(match[1]))
    return found


def basic(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of base64(user:password); the user goes too where the password says nothing (RFC 7617)."""
    blob = text.strip()
    start = text.find(blob)
    try:
        decoded = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return shift(walk.whole(_SECRET_VALUE, blob, depth), start)
    user, colon, password = decoded.partition(":")
    if not colon:
        return shift(walk.whole(_SECRET_VALUE, blob, depth), start)
    loose = password.lower() in _LOOSE_USERS
    found = walk.whole(_PASSWORD, user, depth + 1) if loose and user else walk.value(user, depth + 1)
    if not loose:
        found = found + shift(walk.whole(_PASSWORD, password, depth + 1), len(user) + 1)
    if not found:
        return []
    new = base64.b64encode(splice(decoded, found).encode()).decode("ascii")
    return [
        Edit(
            start,
            start + len(blob),
            new if blob.endswith("=") or len(blob) % 4 == 0 else new.rstrip("="),
            merged(found),
        )
    ]


def cookies(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of a Cookie value; the path of each hit is the cookie's name."""
    found: list[Edit] = []
    at = 0
    for part in text.split(";"):
        found += shift(_cookie(part, walk, depth), at)
        at += len(part) + 1
    return found


def set_cookie(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of a Set-Cookie value; its attributes stay as they are."""
    return _cookie(text.partition(";")[0], walk, depth)


def _cookie(part: str, walk: Walk, depth: int) -> list[Edit]:
    match = _COOKIE.match(part)
    if match is None:
        return []
    raw = match[2].rstrip()
    quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
    value, start = (raw[1:-1], match.start(2) + 1) if quoted else (raw, match.start(2))
    name = match[1]
    found = walk.coded(PERCENT, value, depth, lambda text, level: walk.named("cookie", name, text, level))
    return at_path(shift(found, start), shown(name))


def jwt(text: str, walk: Walk, depth: int, stand_in: Callable[[str], str]) -> tuple[str, list[Edit]] | None:
    """Give a JSON Web Token with its claims rewritten and its signature replaced, or None where it is none.

    The header and the claims that no rule minds stay, so the token still parses and expires when it did.
    """
    head, *rest = text.split(".")
    if len(rest) < 2 or not isinstance(_loaded(head), dict):
        return None
    if len(rest) == 4:  # encrypted: header.key.iv.ciphertext.tag (RFC 7516)
        return ".".join([head, *(stand_in(part) if len(part) > 7 else part for part in rest)]), []
    claims = _decoded(rest[0])
    if claims is None:
        return None
    found = walk.value(claims, depth + 1) if claims else []
    payload = _encoded(splice(claims, found)) if found else rest[0]
    return ".".join([head, payload, *(stand_in(part) if part else part for part in rest[1:])]), found


def _loaded(part: str) -> object:
    text = _decoded(part)
    try:
        return orjson.loads(text) if text else None
    except ValueError:
        return None


def _decoded(part: str) -> str | None:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii").rstrip("=")
