"""What a caller asks of a mock by `Prefer: code=404, example=empty, delay=200` (RFC 7240)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gateway.mode import Reply
from gateway.view import RequestView

_LONGEST_MS: Final = 600_000


@dataclass(frozen=True, slots=True)
class Preference:
    """A status code, the name of an example, a delay in milliseconds; None where it is not asked for."""

    code: int | None = None
    example: str | None = None
    delay_ms: int | None = None

    def apply(self, reply: Reply) -> Reply:
        """Give the reply as late as asked, saying which preferences were applied (RFC 7240 §3)."""
        named = (("code", self.code), ("example", self.example), ("delay", self.delay_ms))
        told = ", ".join(f"{name}={value}" for name, value in named if value is not None)
        headers = (*reply.headers, (b"Preference-Applied", told.encode("latin-1", "replace")))
        delay_s = reply.delay_s if self.delay_ms is None else self.delay_ms / 1000
        return replace(reply, headers=headers, delay_s=delay_s)


def read_preference(view: RequestView) -> Preference | None:
    """Read the request's preferences; None where it has none that is known here."""
    found: dict[str, str] = {}
    for line in view.headers.get("prefer", ()):
        for item in line.replace(";", ",").split(","):
            name, equals, value = item.partition("=")
            if equals:
                found.setdefault(name.strip().lower(), value.strip().strip('"'))
    preference = Preference(
        code=_number(found.get("code"), 599),
        example=found.get("example"),
        delay_ms=_number(found.get("delay"), _LONGEST_MS),
    )
    return None if preference == Preference() else preference


def _number(text: str | None, most: int) -> int | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return min(int(text), most) if len(text) < 10 else most
