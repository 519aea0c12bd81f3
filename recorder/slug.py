"""A slug: a text as it stands in addresses, small letters and digits with a separator between words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BETWEEN: Final = re.compile(r"[^a-z0-9]+")


def slugged(text: str, separator: str = "-") -> str:
    """Give a text's words in small letters without accents, as `a-title` of `A title!`; "" where it has none."""
    plain = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return separator.join(filter(None, _BETWEEN.split("".join(plain).lower())))
