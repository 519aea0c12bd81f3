"""The guard: a last look at the bytes to be written, for any secret that was ever found and any that looks like one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sanitizers import variants as forms
from sanitizers.errors import LeakError
from sanitizers.kinds import MIN_LENGTH
from sanitizers.needles import Needles
from sanitizers.rules.keyblocks import KEY_BLOCKS, armour_lines
from sanitizers.rules.providers import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def variants(secret: str) -> dict[str, bytes]:
    """Give the encodings of `secret` that the guard looks for, by name."""
    return forms.variants(secret) | forms.wide(secret)


class Guard:
    """Refuses bytes that hold a remembered secret in any encoding.

    With `is_stand_in` it also refuses what has the form of a provider's credential and is no stand-in; with
    `holds_names` what it says to hold a person's name.
    """

    def __init__(
        self,
        is_stand_in: Callable[[str], bool] | None = None,
        needles: Needles | None = None,
        holds_names: Callable[[bytes], bool] | None = None,
    ) -> None:
        self._is_stand_in = is_stand_in
        self._holds_names = holds_names
        self._needles = Needles() if needles is None else needles

    def __repr__(self) -> str:
        return f"Guard({len(self._needles)} secrets)"

    def remember(self, secrets: Iterable[str]) -> None:
        """Look for these from now on; those shorter than six characters are not looked for."""
        self._needles.add(secret for secret in secrets if len(secret) >= MIN_LENGTH)

    def check(self, data: bytes) -> None:
        """Raise LeakError if a secret is in `data`; the error tells how many and of which kinds, never which."""
        kinds: Counter[str] = Counter()
        found = self._needles.found(data)
        if found:
            kinds["a value found elsewhere"] += len(found)
        if self._is_stand_in is not None:
            kinds.update(self._lookalikes(data.decode("utf-8", "surrogateescape"), self._is_stand_in))
        if self._holds_names is not None and self._holds_names(data):
            kinds["a person's name"] += 1
        if kinds:
            told = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
            raise LeakError(f"The cleaned exchange still holds {told}; it is not written.")

    def _lookalikes(self, text: str, is_stand_in: Callable[[str], bool]) -> Iterable[str]:
        for rule in (KEY_BLOCKS, PROVIDERS):
            for span in rule.spans(text):
                value = text[span.start : span.end]
                parts = armour_lines(value) if rule is KEY_BLOCKS else [value]
                if not all(is_stand_in(part) for part in parts):
                    yield span.kind
