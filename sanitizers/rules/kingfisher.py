"""Kingfisher: the rules of an optional scanner for provider secrets, asked after our own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from sanitizers.errors import ProfileError, SanitizeError
from sanitizers.rule import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST: Final = 16


class Kingfisher:
    """The rule of the scanner's own rules; needs the `secrets` extra."""

    name = "kingfisher"

    def __init__(self) -> None:
        try:
            module: Any = importlib.import_module("kingfisher_sdk")
        except ImportError:
            raise ProfileError(
                "The profile asks for the detector 'kingfisher', which is not installed: "
                "pip install 'mimic-gateway[secrets]'."
            ) from None
        self._scanner = module.Scanner(base64=False)  # base64 is a layer of ours, with the offsets that it takes

    def spans(self, text: str, /) -> Iterator[Span]:
        if len(text) < _SHORTEST:
            return
        raw = text.encode("utf-8", "replace")  # what is no text is one "?" each, so offsets stay
        try:
            places = [finding.location for finding in self._scanner.scan(raw)]
        except Exception as error:  # noqa: BLE001 whatever the scanner raises means that the text was not searched
            raise SanitizeError(f"The detector 'kingfisher' failed: {type(error).__name__}.") from None
        for place in places:
            start = len(raw[: place["start_offset"]].decode())
            end = start + len(raw[place["start_offset"] : place["end_offset"]].decode())
            yield Span(start, end, "secret")
