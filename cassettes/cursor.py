"""Cursors: texts that say where a list goes on, written around what its last item has, in Base64 or as a digest."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote_plus, unquote_plus

from cassettes.comparing import MISSING, as_text, rank, read_field

CursorCode: TypeAlias = Literal["plain", "query", "base64", "base64url", "md5", "sha1", "sha256"]
"""How the text of a cursor is coded: not at all, its fields as in a query (`a+b`), in Base64 with its padding, in that
for URLs without it, or as the hexadecimal digits of its digest, which tells nobody what it was."""
DIGESTS: Final[tuple[CursorCode, ...]] = ("md5", "sha1", "sha256")
OFFSET: Final = "@offset"
"""What stands in a cursor's form for the number of items before the next one."""
SORTED: Final = "@sort"
"""What stands in a cursor's form for the fields that the request sorts by, with what follows it up to the next one."""
_BY_ORDER: Final = re.compile(rf"<{SORTED}>[^<]*")
_PLACE: Final = re.compile(r"<(@?[\w.-]+)>")
_NUMBER: Final = re.compile(r"-?\d{1,15}")
_LONGEST: Final = 2_000


def coded(text: str, code: CursorCode) -> str:
    """Code the text of a cursor."""
    if code in ("plain", "query"):
        return text
    if code == "base64":
        return base64.b64encode(text.encode()).decode()
    if code in DIGESTS:
        return hashlib.new(code, text.encode(), usedforsecurity=False).hexdigest()
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(text: str, code: CursorCode) -> str | None:
    """Give the text that a cursor is coded from, None where it is none, is a digest, or is longer than any would be."""
    if len(text) > _LONGEST or code in DIGESTS:
        return None
    if code in ("plain", "query"):
        return text
    bare = text.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def in_order(form: str, fields: Sequence[str]) -> str:
    """Write a form with the fields that a request sorts by, or without what stands for them where it says none."""
    sorting = ",".join(f"<{name}>" for name in fields)
    return form.replace(f"<{SORTED}>", sorting) if fields else _BY_ORDER.sub("", form)


def cursor_after(form: str, code: CursorCode, items: Sequence[Any], offset: int) -> str | None:
    """Write the cursor that goes on after these items, `offset` of the whole list; None where its fields are not there.

    `form` has `<field>` where the last item's field of that dotted name stands, and `<@offset>` for the offset.
    """
    made: list[str] = []
    for place, part in enumerate(_PLACE.split(form)):
        if place % 2 and part != OFFSET:
            value = read_field(items[-1], part.split(".")) if items else MISSING
            if value is MISSING:
                return None
            made.append(quote_plus(as_text(value)) if code == "query" else as_text(value))
        else:
            made.append(str(offset) if place % 2 else part)
    return coded("".join(made), code)


def place_of(form: str, code: CursorCode, cursor: str, found: Sequence[Any]) -> int:
    """Give how many of the items a cursor leaves out; one that is not of this form leaves out none.

    Where the item that it names is gone, those are left out that come before its place in their order.
    """
    if code in DIGESTS:
        places = range(1, len(found) + 1)
        return next((at for at in places if cursor_after(form, code, found[at - 1 : at], at) == cursor), 0)
    text = decoded(cursor, code)
    told = _reader(form).fullmatch(text) if text is not None else None
    if told is None:
        return 0
    values = list(zip(_PLACE.findall(form), told.groups(), strict=True))
    offset = next((value for name, value in values if name == OFFSET), None)
    if offset is not None:
        return int(offset) if _NUMBER.fullmatch(offset) else 0
    fields = [(name.split("."), unquote_plus(value) if code == "query" else value) for name, value in values]
    for at, item in enumerate(found, 1):
        if all(as_text(read_field(item, steps)) == value for steps, value in fields):
            return at
    return _before(*fields[0], found) if fields else 0


def before(steps: Sequence[str], value: str, found: Sequence[Any]) -> int:
    """Give how many items stand before a number that none has, 0 where they are in no order of that field."""
    ranks = [rank(read_field(item, steps)) for item in found]
    is_sorted = len(ranks) > 1 and (ranks == sorted(ranks) or ranks == sorted(ranks, reverse=True))
    is_comparable = _NUMBER.fullmatch(value) is not None and not _are_texts(steps, found)
    return _before(steps, value, found) if is_sorted and is_comparable else 0


def _before(steps: Sequence[str], value: str, found: Sequence[Any]) -> int:
    """Give how many items stand before a value in the order that a field of them is in."""
    ranks = [rank(read_field(item, steps)) for item in found]
    own = rank(int(value) if _NUMBER.fullmatch(value) and not _are_texts(steps, found) else value)
    descends = len(ranks) > 1 and ranks[0] > ranks[-1]
    return sum(one > own if descends else one < own for one in ranks)


def _are_texts(steps: Sequence[str], found: Sequence[Any]) -> bool:
    return any(isinstance(read_field(item, steps), str) for item in found)


@lru_cache(maxsize=256)
def _reader(form: str) -> re.Pattern[str]:
    parts = _PLACE.split(form)
    return re.compile("".join("(.*?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)), re.DOTALL)
