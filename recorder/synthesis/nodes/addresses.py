"""Addresses: those of the Internet (IPv4) that a service hands out, as to a machine that it makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.terms.term import literal

_ADDRESS: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\Z)|\Z)){4}")
_FEWEST: Final = 3


def address_text(values: Sequence[str]) -> str | None:
    """Give the expression that makes such addresses, in what all of them have in common; None for other texts."""
    distinct = set(values)
    if len(distinct) < _FEWEST or not all(map(_ADDRESS.fullmatch, distinct)):
        return None
    numbers = list(zip(*(one.split(".") for one in distinct), strict=True))
    parts = [literal(one[0]) if len(set(one)) == 1 else "random_int(1, 254)" for one in numbers]
    between = " ~ '.' ~ "
    return f"({between.join(parts)})"
