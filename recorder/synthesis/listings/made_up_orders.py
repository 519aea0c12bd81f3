"""Made-up orders: of few rows some are in the order of ids that are made up, by chance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cassettes.comparing import read_field
from recorder.synthesis.listings.listing import Listing
from recorder.synthesis.samples.values import as_text

_MADE_UP: Final = re.compile(r"(?:^|/)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")
"""Ids of 32 hexadecimal digits, also at the end of a link: they do not rise with time, as shorter ones may."""
_MANY_PAIRS: Final = 30
"""From how many pairs of rows on an order is hardly one of chance."""


def may_order(field: str, listings: Sequence[Listing]) -> bool:
    """Tell whether a field may be what lists are sorted by: made-up ids are where many rows say so."""
    pool = max((one.pool for one in listings), key=len)
    values = [as_text(read_field(item, field.split("."))) for item in pool]
    if not all(map(_MADE_UP.search, values)):
        return True
    return sum(len(one.given) * (len(one.given) - 1) // 2 for one in listings) >= _MANY_PAIRS
