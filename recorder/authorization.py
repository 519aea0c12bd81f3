"""The Authorization header: a scheme and what follows it, or, as many services have it, a token alone."""

from __future__ import annotations

from typing import Final

_SCHEMES: Final = frozenset(
    ("basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "ntlm", "oauth", "token", "vapid", "apikey")
)
"""The schemes whose name, without anything behind it, is no token."""


def parted(value: str) -> tuple[str, str]:
    """Give the scheme in small letters and the token of a header's value; either is "" where it is not there."""
    first, _, rest = value.strip().partition(" ")
    scheme = first.lower()
    return (scheme, rest.strip()) if rest or scheme in _SCHEMES else ("", first)
