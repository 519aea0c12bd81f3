"""Masked addresses, as `a***@example.com`: their form, which is all that a cleaned recording keeps of them."""

from __future__ import annotations

import re
from typing import Any, Final

MASKED: Final = re.compile(r"(?P<first>[^\s@*•]*)(?P<stars>\*{2,}|•{2,})(?P<last>[^\s@*•]*)@[^\s@*]+")


def are_masked_alike(one: Any, other: Any) -> bool:
    """Tell whether both are masked addresses that show as many first letters, and hide the rest by the same signs."""
    forms = [MASKED.fullmatch(value) if isinstance(value, str) else None for value in (one, other)]
    return None not in forms and len({(len(form["first"]), form["stars"]) for form in forms if form is not None}) == 1
