"""Digests and tokens in templates: hash, HMAC, JSON Web Tokens signed with a secret, Base64."""

from __future__ import annotations

import base64
import hashlib
import hmac as hmac_of
from typing import Any, Final

from gateway.templates.budget import Budget, bounded
from gateway.templates.errors import ExpressionError
from gateway.templates.values import dumped, kind, text, weigh

ALGORITHMS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_JWT: Final = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def as_bytes(budget: Budget, value: Any) -> bytes:
    """Give a value's bytes: those it is, or its text in UTF-8."""
    if isinstance(value, bytes):
        budget.read(len(value))
        return value
    shown = text(budget, value)
    budget.read(len(shown))
    return shown.encode("utf-8", "replace")


def hash(budget: Budget, value: Any, algorithm: str = "sha256", encoding: str = "hex") -> str:  # noqa: A001
    """Give the digest of a text: md5, sha1, sha224, sha256, sha384 or sha512, as hex, base64 or base64url.

    Of an object or a list it is that of the JSON in which names are sorted: the same in whichever order they stand.
    """
    if isinstance(value, dict | list):
        weigh(budget, value)
        value = dumped(value, is_sorted=True)
    return _encoded(hashlib.new(_known(algorithm), as_bytes(budget, value), usedforsecurity=False).digest(), encoding)


def hmac(budget: Budget, value: Any, key: Any, algorithm: str = "sha256", encoding: str = "hex") -> str:
    """Give the HMAC of a text under a key (RFC 2104)."""
    return _encoded(
        hmac_of.digest(as_bytes(budget, key), as_bytes(budget, value), _known(algorithm)),
        encoding,
    )


def jwt(budget: Budget, claims: Any, key: Any, alg: str = "HS256", headers: Any = None) -> str:
    """Give a JSON Web Token (RFC 7519) with these claims, signed by HMAC: HS256, HS384 or HS512."""
    if alg not in _JWT:
        raise ExpressionError(f"a token is signed with one of {', '.join(_JWT)}")
    if not isinstance(claims, dict):
        raise ExpressionError(f'the claims are an object as {{"sub": "42"}}, and this is {kind(claims)}')
    weigh(budget, [claims, headers])
    head = {"alg": alg, "typ": "JWT", **(headers if isinstance(headers, dict) else {})}
    signed = b".".join(base64.urlsafe_b64encode(dumped(part)).rstrip(b"=") for part in (head, claims))
    bounded(len(signed))
    signature = hmac_of.digest(as_bytes(budget, key), signed, _JWT[alg])
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def encode_base64(budget: Budget, value: Any, url: bool = False) -> str:
    """Give a text or bytes in Base64; with `url` in its URL form, without padding."""
    data = as_bytes(budget, value)
    bounded(len(data) * 4 // 3)
    return (base64.urlsafe_b64encode(data).rstrip(b"=") if url else base64.b64encode(data)).decode()


def decode_base64(budget: Budget, value: Any) -> str:
    """Give the text that Base64 holds, in either form, with or without padding."""
    data = as_bytes(budget, value).strip().translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    bounded(len(data))
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True).decode("utf-8", "replace")
    except ValueError:
        raise ExpressionError("this is not Base64") from None


def _known(algorithm: Any) -> str:
    if algorithm not in ALGORITHMS:
        raise ExpressionError(f"the digests are {', '.join(ALGORITHMS)}")
    return str(algorithm)


def _encoded(digest: bytes, encoding: Any) -> str:
    if encoding == "hex":
        return digest.hex()
    if encoding == "base64":
        return base64.b64encode(digest).decode()
    if encoding == "base64url":
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    raise ExpressionError("a digest is written as hex, base64 or base64url")
