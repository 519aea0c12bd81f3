"""Kingfisher: the rules of an optional scanner for provider secrets, asked after our own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sanitizers.errors import ProfileError, SanitizeError
from sanitizers.rule import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kingfisher:
    """The rule of the scanner's own rules; needs the `secrets` extra."""

    name = "kingfisher"

    def __init__(self) -> None:
        try:
            module: Any = importlib.import_module("kingfisher")
        except ImportError:
            raise ProfileError(
                "The profile asks for the detector 'kingfisher', which is not installed: "
                "pip install 'mimic-gateway[secrets]'."
            ) from None
        self._scanner = module.Scanner()

    def spans(self, text: str) -> Iterator[Span]:
        if len(text) < 16:
            return
        raw = text.encode("utf-8", "surrogateescape")
        try:
            findings = list(self._scanner.scan(raw))
        except Exception as error:  # noqa: BLE001 whatever the scanner raises means that the text was not searched
            raise SanitizeError(f"The detector 'kingfisher' failed: {type(error).__name__}.") from None
        for finding in findings:
            start = len(raw[: finding.start].decode("utf-8", "surrogateescape"))
            end = start + len(raw[finding.start : finding.end].decode("utf-8", "surrogateescape"))
            yield Span(start, end, "secret")
