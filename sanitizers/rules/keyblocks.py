"""Key blocks: private keys in PEM armour (RFC 7468), whole or cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.rule import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10})-----")
_ARMOUR: Final = re.compile(r"(?:[A-Za-z0-9+/=\s\\]|[A-Za-z-]{3,20}: [^\r\n]{0,200})*")
_LINE_END: Final = re.compile(r"\\+[nr]|\s+")
_SHORTEST_LINE: Final = 16


def armour_lines(block: str) -> list[str]:
    """Give the lines between BEGIN and END that are long enough to be secrets of their own."""
    return [line for line in _LINE_END.split(block) if len(line) >= _SHORTEST_LINE and "-----" not in line]


def is_key_block(text: str) -> bool:
    """Say whether a text holds a private key, or the beginning or end of one."""
    return "PRIVATE KEY" in text and "-----" in text


class KeyBlocks:
    """The rule of private keys: everything from BEGIN to END, or to the end of what can be armour."""

    name = "private-keys"

    def spans(self, text: str) -> Iterator[Span]:
        if "PRIVATE KEY" not in text:
            return
        begin = _BEGIN.search(text)
        while begin is not None:
            end = _end(text, begin)
            yield Span(begin.start(), end, "private-key")
            begin = _BEGIN.search(text, end)


def _end(text: str, begin: re.Match[str]) -> int:
    """Give where a block ends: after its END line, else where what follows cannot be armour."""
    armour = _ARMOUR.match(text, begin.end())
    end = armour.end() if armour else begin.end()
    mark = f"-----END {begin[1]}-----"
    closed = text.startswith(mark, end) or text.startswith(mark, text.find("-----", end, end + 256))
    return text.index(mark, end) + len(mark) if closed else end


KEY_BLOCKS: Final = KeyBlocks()
