"""The closed list of what may happen to a value on its way: case, spaces, URL and base64 coding, times, hashes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
_EPOCH: Final = re.compile(r"1\d{9}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?")
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)? ?(?:[Zz]|[+-]\d\d:?\d\d)?")
_HTTP_DATE: Final = re.compile(r"[A-Z][a-z]{2,8},? \d\d?[ -][A-Z][a-z]{2}[ -]\d{2,4} [\d:]{8}.{0,6}")
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_TEXTS: Final = (6, 512)

HASHES: Final = ("md5", "sha1", "sha256", "sha512", "crc32")
"""What is tried, by the length of what is found: 16, 20, 32, 64 and 4 bytes, in hex or base64."""
_BY_SIZE: Final = {16: "md5", 20: "sha1", 32: "sha256", 64: "sha512", 4: "crc32"}


def folded(text: str) -> str:
    """Give the form under which texts are looked up: case and spaces around do not count."""
    return text.strip().casefold()


def earlier_forms(text: str) -> Iterator[str]:
    """Give the texts that this one can have been made of: URL-decoded, base64-decoded, or a moment."""
    if "%" in text:
        yield unquote(text)
    decoded = from_base64(text)
    if decoded is not None:
        yield decoded
    moment = moment_of(text)
    if moment is not None:
        yield moment


def relation(source: str, target: str) -> str | None:
    """Name what makes the target of the source: "" where they are equal, None where nothing in the list does."""
    if source == target:
        return ""
    if source.strip() == target.strip():
        return "trim"
    if source.lower() == target:
        return "lower"
    if source.upper() == target:
        return "upper"
    if "%" in target and unquote(target) == source:
        return "url-encode"
    if "%" in source and unquote(source) == target:
        return "url-decode"
    if from_base64(target) == source:
        return "base64-encode"
    if from_base64(source) == target:
        return "base64-decode"
    if _EPOCH.fullmatch(source) and _ISO.fullmatch(target) and _same_moment(source, target):
        return "epoch-to-iso"
    if _ISO.fullmatch(source) and _EPOCH.fullmatch(target) and _same_moment(source, target):
        return "iso-to-epoch"
    return "case" if folded(source) == folded(target) else None


def from_base64(text: str) -> str | None:
    """Give what base64 or base64url hides, where that is printable text."""
    if not _TEXTS[0] <= len(text) <= _TEXTS[1] or _BASE64.fullmatch(text) is None:
        return None
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(plain) % 4 == 1:
        return None
    try:
        decoded = base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) >= 4 and decoded.isprintable() else None


def seconds_of(text: str) -> float | None:
    """Give the moment that a text is, in Unix seconds: RFC 3339 and its relatives, an HTTP date, Unix time."""
    if not 10 <= len(text) <= 40:
        return None
    try:
        if _EPOCH.fullmatch(text):
            whole = text.partition(".")[0]
            return float(text) / (1, 1000, 1_000_000, 1_000_000_000)[(len(whole) - 10) // 3]
        if _ISO.fullmatch(text):
            moment = datetime.fromisoformat(text.replace(",", ".").replace(" +", "+"))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        if _HTTP_DATE.fullmatch(text):
            moment = parsedate_to_datetime(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None


def moment_of(text: str) -> str | None:
    """Give a text that two moments written in different ways share, to the second."""
    seconds = seconds_of(text)
    return None if seconds is None else f"@{int(seconds)}"


def _same_moment(one: str, other: str) -> bool:
    """Compare as finely as the coarser of the two is written: to the millisecond or the second."""
    first, second = seconds_of(one), seconds_of(other)
    if first is None or second is None:
        return False
    finely = all("." in text or (_EPOCH.fullmatch(text) and len(text) > 10) for text in (one, other))
    return abs(first - second) < 0.001 if finely else int(first) == int(second)


def hash_algorithm(text: str) -> str | None:
    """Name the algorithm that a text could be a hash of, by its length; quotes and `W/` of an ETag do not count."""
    octets = _octets(text)
    return _BY_SIZE.get(len(octets)) if octets is not None else None


def digest(algorithm: str, content: bytes) -> bytes:
    """Give the digest; `crc32` as 4 bytes, the highest first."""
    if algorithm == "crc32":
        return zlib.crc32(content).to_bytes(4, "big")
    return hashlib.new(algorithm, content, usedforsecurity=False).digest()


class Digests:
    """The hashes of some contents, by place; each is made once, and only with the algorithms that are asked for."""

    def __init__(self, contents: Sequence[tuple[str, bytes]]) -> None:
        self._contents = contents
        self._tables: dict[str, dict[bytes, list[str]]] = {}

    def places_of(self, text: str) -> Sequence[str]:
        """Give the places whose content a text is the hash of, in hex or base64, in their order."""
        octets = _octets(text)
        algorithm = _BY_SIZE.get(len(octets)) if octets is not None else None
        if octets is None or algorithm is None:
            return ()
        table = self._tables.get(algorithm)
        if table is None:
            table = self._tables[algorithm] = {}
            for place, content in self._contents:
                table.setdefault(digest(algorithm, content), []).append(place)
        return table.get(octets, ())


def _octets(text: str) -> bytes | None:
    plain = text.removeprefix("W/").strip('"')
    if not 8 <= len(plain) <= 128:
        return None
    if _HEX.fullmatch(plain) and len(plain) % 2 == 0:
        return None if plain.isdigit() else bytes.fromhex(plain)  # digits alone are a number or a date
    if not plain.endswith("=") or _BASE64.fullmatch(plain) is None:
        return None
    try:
        return base64.b64decode(plain.replace("-", "+").replace("_", "/"))
    except (binascii.Error, ValueError):
        return None
