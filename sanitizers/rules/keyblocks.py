"""Key blocks: private keys in PEM armour (RFC 7468), whole or cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.rule import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10})-----")
_ARMOUR: Final = re.compile(r"(?:[A-Za-z0-9+/=\s\\]|[A-Za-z-]{3,20}: [^\r\n]{0,200})*")


class KeyBlocks:
    """The rule of private keys: everything from BEGIN to END, or to the end of what can be armour."""

    name = "private-keys"

    def spans(self, text: str) -> Iterator[Span]:
        if "PRIVATE KEY" not in text:
            return
        for begin in _BEGIN.finditer(text):
            end = text.find(f"-----END {begin[1]}-----", begin.end())
            if end >= 0:
                yield Span(begin.start(), end + len(begin[1]) + 14, "private-key")
                continue
            armour = _ARMOUR.match(text, begin.end())
            yield Span(begin.start(), armour.end() if armour else begin.end(), "private-key")


KEY_BLOCKS: Final = KeyBlocks()
