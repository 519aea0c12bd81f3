"""The types that `type:` and placeholders ask for, JSON's own and those of texts."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

import orjson

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*:[^\s]+", re.IGNORECASE | re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f]+", re.IGNORECASE | re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})(e[+-]?\d{1,4})?", re.IGNORECASE | re.ASCII)
_LONGEST_LINE: Final = 2_000


def as_number(value: Any) -> float | int | None:
    """Read a JSON number, or a text that is one, as a number; None where it is not one."""
    kind = type(value)
    if kind is int or kind is float:
        return value  # type: ignore[no-any-return]
    if kind is str and _NUMBER.fullmatch(value.strip()):
        text = value.strip()
        number = int(text) if text.lstrip("+-").isdigit() else float(text)
        return number if math.isfinite(number) else None
    return None


def json_type(value: Any) -> str:
    """Give the name of a JSON value's type."""
    names = {str: "string", int: "number", float: "number", bool: "boolean", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _json_number(value: Any) -> bool:
    return type(value) is int or type(value) is float


def _json_integer(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


JSON_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "string": lambda value: type(value) is str,
    "number": _json_number,
    "integer": _json_integer,
    "boolean": lambda value: type(value) is bool,
    "null": lambda value: value is None,
    "object": lambda value: type(value) is dict,
    "array": lambda value: type(value) is list,
    "any": lambda _value: True,
}
"""The types of JSON values."""


def _read(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _is_integer(text: str) -> bool:
    number = as_number(text)
    return number is not None and float(number).is_integer()


PLAIN_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "string": lambda _text: True,
    "number": lambda text: as_number(text) is not None,
    "integer": lambda text: len(text) <= _LONGEST_LINE and _is_integer(text),
    "boolean": lambda text: text in {"true", "false"},
    "null": lambda text: text == "null",
    "object": lambda text: type(_read(text)) is dict,
    "array": lambda text: type(_read(text)) is list,
    "any": lambda _text: True,
}
"""The same types, of values that arrive as text: headers, query, cookies, forms."""


def _is_read_by(read: Callable[[str], Any]) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return holds


def _is_date_time(text: str) -> bool:
    day, _, time = text.replace("t", "T").replace(" ", "T").partition("T")
    return bool(_DATE.fullmatch(day) and _TIME.fullmatch(time)) and _is_read_by(datetime.fromisoformat)(text)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(text)


FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "date": lambda text: _DATE.fullmatch(text) is not None and _is_read_by(date.fromisoformat)(text),
    "date-time": lambda text: len(text) <= _LONGEST_LINE and _is_date_time(text),
    "time": lambda text: _TIME.fullmatch(text) is not None,
    "email": lambda text: len(text) <= 320 and _EMAIL.fullmatch(text) is not None,
    "uri": lambda text: len(text) <= _LONGEST_LINE and _URI.fullmatch(text) is not None,
    "ipv4": _is_read_by(ipaddress.IPv4Address),
    "ipv6": _is_read_by(ipaddress.IPv6Address),
    "hex": lambda text: _HEX.fullmatch(text) is not None,
    "base64": _is_base64,
}
"""Types of texts."""


def of_text(test: Callable[[str], bool]) -> Callable[[Any], bool]:
    """Make a test of a text one of any value."""
    return lambda value: type(value) is str and test(value)
