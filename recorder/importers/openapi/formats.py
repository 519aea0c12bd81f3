"""Values of the formats that schemas name."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from recorder.importers.openapi.words import COLOURS, FIRST, NOUNS, date_text, time_text, uuid_text

_ULID: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _email(h: int) -> str:
    return f"{FIRST[h % 10].lower()}{h % 90 + 10}@example.com"


def _url(h: int) -> str:
    return f"https://example.com/{NOUNS[h % 6].lower()}s/{h % 900 + 100}"


def _host(h: int) -> str:
    return f"host{h % 90 + 10}.example.com"


def _date_time(h: int) -> str:
    return f"{date_text(h)}T{time_text(h)}"


FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "date": date_text,
    "date-time": _date_time,
    "datetime": _date_time,
    "timestamp": _date_time,
    "time": time_text,
    "duration": lambda h: f"P{h % 6 + 1}DT{h % 23 + 1}H",
    "email": _email,
    "idn-email": _email,
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": lambda h: f"192.0.2.{h % 254 + 1}",
    "ip": lambda h: f"192.0.2.{h % 254 + 1}",
    "ipv6": lambda h: f"2001:db8::{h % 65535 + 1:x}",
    "cidr": lambda h: f"192.0.2.{h % 16 * 16}/28",
    "uri": _url,
    "url": _url,
    "iri": _url,
    "uri-reference": lambda h: f"/{NOUNS[h % 6].lower()}s/{h % 900 + 100}",
    "iri-reference": lambda h: f"/{NOUNS[h % 6].lower()}s/{h % 900 + 100}",
    "uri-template": lambda h: f"/{NOUNS[h % 6].lower()}s/{{id}}",
    "json-pointer": lambda h: f"/{NOUNS[h % 6].lower()}/{h % 9}",
    "relative-json-pointer": lambda h: f"{h % 3}/{NOUNS[h % 6].lower()}",
    "regex": lambda h: f"^{NOUNS[h % 6].lower()}$",
    "uuid": uuid_text,
    "guid": uuid_text,
    "byte": lambda h: base64.b64encode(NOUNS[h % 6].encode()).decode(),
    "base64": lambda h: base64.b64encode(NOUNS[h % 6].encode()).decode(),
    "binary": lambda h: f"{COLOURS[h % 5]} {NOUNS[h % 6].lower()}",
    "password": lambda h: f"Correct-Horse-{h % 90 + 10}",
    "phone": lambda h: f"+1202555{h % 100 + 100:04d}",
    "currency": lambda h: ("EUR", "USD", "GBP")[h % 3],
    "ulid": lambda h: "".join(_ULID[(h >> shift) % 32] for shift in range(26)),
    "decimal": lambda h: f"{h % 90 + 10}.{h % 90 + 10}",
    "int64": lambda h: str(h % 9000 + 1),
    "int32": lambda h: str(h % 9000 + 1),
    "char": lambda h: "ABCDEFGH"[h % 8],
}


def formatted(name: str, h: int) -> str | None:
    """Give a text of a format, or None where the format is not known."""
    made = FORMATS.get(name.lower())
    return None if made is None else made(h)
