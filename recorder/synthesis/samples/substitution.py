"""Substitution: which made-up value of definitions stands for which recorded one, through one session."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from cassettes.exchange import Request
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, parts

Allows: TypeAlias = Callable[[str, str], bool]
_OPAQUE: Final = re.compile(r"(?=.*[0-9])[\w.:+/=~-]{6,}|[A-Za-z0-9_-]{8,}|(?=.*[a-z].*[A-Z])[A-Za-z]{6,}")
_SHORTEST: Final = 6


@dataclass(slots=True)
class Substitution:
    """Pairs of values, each of which stands for one other only.

    `sent` are values that the client chose itself: nothing stands for those. `allows` tells of two values whether the
    one may be made up in the place of the other; without it, whether both look as if they were, and times may differ.
    """

    to_mock: dict[str, str] = field(default_factory=dict)
    to_real: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    allows: Allows | None = None

    def fits(self, real: str, mock: str) -> bool:
        """Tell whether the one may stand for the other, and remember it."""
        if real in self.to_mock or mock in self.to_real:
            return self.to_mock.get(real) == mock and self.to_real.get(mock) == real
        if real in self.sent or not _OPAQUE.fullmatch(real) or not _OPAQUE.fullmatch(mock):
            return False
        if self.allows is not None and not self.allows(real, mock):
            return False
        self.to_mock[real], self.to_real[mock] = mock, real
        return True

    def hands(self, real: str, mock: str) -> None:
        """Remember what was handed out whole in the place of another, as a cookie is, whatever the two look like."""
        if real == mock or min(len(real), len(mock)) < _SHORTEST or real in self.sent:
            return
        if real in self.to_mock or mock in self.to_real or not (self.allows is None or self.allows(real, mock)):
            return
        self.to_mock[real], self.to_real[mock] = mock, real

    def copy(self) -> Substitution:
        """Give one that can learn by itself."""
        return replace(self, to_mock=dict(self.to_mock), to_real=dict(self.to_real))

    def take(self, other: Substitution) -> None:
        """Know what a copy has learnt."""
        self.to_mock, self.to_real = other.to_mock, other.to_real

    def asked(self, sample: Sample) -> Request:
        """Give a recorded request as a client of the definitions would send it, and note what it chose itself."""
        request = self._written(sample)
        self.sent |= set(sample.segments) | {value for values in sample.query.values() for value in values}
        if sample.json is not MISSING:
            self.sent |= {as_text(value) for _, value in parts(sample.json) if is_scalar(value)}
        self.sent |= {value for values in sample.form.values() for value in values}
        return request

    def _written(self, sample: Sample) -> Request:
        request = sample.interaction.exchange.request
        if not self.to_mock:
            return request
        body = request.body
        if body and sample.body == body:
            text = sample.text
            body = self._in_text(text).encode() if "\ufffd" not in text else body
        target = self._in_bytes(request.target)
        headers = tuple((name, self._in_bytes(value)) for name, value in request.headers)
        headers = tuple(
            (name, str(len(body)).encode()) if name.lower() == b"content-length" else (name, value)
            for name, value in headers
        )
        return replace(request, target=target, headers=headers, body=body)

    def _in_bytes(self, value: bytes) -> bytes:
        return self._in_text(value.decode("latin-1")).encode("latin-1", "replace")

    def _in_text(self, text: str) -> str:
        known = self.to_mock.get(text)
        if known is not None:
            return known
        for real, mock in self.to_mock.items():
            if len(real) >= _SHORTEST and real in text:
                text = text.replace(real, mock)
        return text
