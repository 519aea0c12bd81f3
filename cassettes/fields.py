"""The fields of a stored document, read strictly: a wrong type, range or name is an error that says where."""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import TYPE_CHECKING, Any, Final

from cassettes.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Collection

    from cassettes.exchange import Headers

_PRINTABLE: Final = re.compile(rb"[ -~]*\Z")
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
MAX_NUMBER: Final = 1 << 53


def wrong(where: str, expected: str) -> CodecError:
    """Make the error of a field: where it is and what would be right, never what was there."""
    return CodecError(f"{where}: {expected} expected")


def a_mapping(
    node: Any, where: str, *, required: Collection[str] = (), optional: Collection[str] = ()
) -> dict[str, Any]:
    """Read a mapping with these keys and no others."""
    if not isinstance(node, dict):
        raise wrong(where, "a mapping")
    for key in required:
        if key not in node:
            raise CodecError(f"{where}: the field {key} is missing")
    for key in node:
        if key not in required and key not in optional:
            raise CodecError(f"{where}: unknown field {str(key)[:40]!a}; known are {', '.join((*required, *optional))}")
    return node


def a_list(node: Any, where: str) -> list[Any]:
    """Read a list."""
    if not isinstance(node, list):
        raise wrong(where, "a list")
    return node


def a_tuple(node: Any, where: str, names: tuple[str, ...]) -> list[Any]:
    """Read a list of exactly one element for each name."""
    if not isinstance(node, list) or len(node) != len(names):
        raise wrong(where, f"[{', '.join(names)}]")
    return node


def a_text(node: Any, where: str) -> str:
    """Read a text."""
    if not isinstance(node, str):
        raise wrong(where, "text")
    return node


def an_integer(node: Any, where: str, low: int = 0, high: int = MAX_NUMBER) -> int:
    """Read a whole number from `low` to `high`."""
    if type(node) is not int or not low <= node <= high:
        raise wrong(where, f"a whole number from {low} to {high}")
    return node


def a_float(node: Any, where: str) -> float:
    """Read a finite number."""
    if type(node) not in {int, float}:
        raise wrong(where, "a number")
    try:
        value = float(node)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise wrong(where, "a finite number")
    return value


def a_digest(node: Any, where: str) -> str:
    """Read the name of a blob, which is its SHA-256 and so never a path."""
    if not isinstance(node, str) or not _SHA256.match(node):
        raise wrong(where, "a blob's name of 64 hexadecimal digits")
    return node


def is_digest(name: str) -> bool:
    """Tell whether `name` is a blob's."""
    return _SHA256.match(name) is not None


def write_bytes(value: bytes) -> str | dict[str, str]:
    """Write bytes as text where they are printable ASCII, else as {"b64": …}."""
    if _PRINTABLE.match(value):
        return value.decode("ascii")
    return {"b64": base64.b64encode(value).decode("ascii")}


def some_bytes(node: Any, where: str) -> bytes:
    """Read what `write_bytes` wrote."""
    if isinstance(node, str):
        try:
            return node.encode("ascii")
        except UnicodeEncodeError:
            raise wrong(where, 'ASCII text or {"b64": …}') from None
    if not isinstance(node, dict):
        raise wrong(where, 'text or {"b64": …}')
    return some_base64(a_mapping(node, where, required=("b64",))["b64"], f"{where}.b64")


def some_base64(node: Any, where: str) -> bytes:
    """Read base64."""
    try:
        return base64.b64decode(a_text(node, where), validate=True)
    except (binascii.Error, ValueError):
        raise wrong(where, "base64") from None


def write_headers(headers: Headers) -> list[Any]:
    """Write headers as ordered pairs."""
    return [[write_bytes(name), write_bytes(value)] for name, value in headers]


def some_headers(node: Any, where: str) -> Headers:
    """Read ordered pairs of header name and value."""
    pairs = []
    for index, pair in enumerate(a_list(node, where)):
        place = f"{where}[{index}]"
        name, value = a_tuple(pair, place, ("name", "value"))
        pairs.append((some_bytes(name, f"{place} name"), some_bytes(value, f"{place} value")))
    return tuple(pairs)
