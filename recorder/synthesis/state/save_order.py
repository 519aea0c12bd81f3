"""The order of saves: each sees what the ones before it wrote, and some ask of what was held before the call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def in_order(own: Iterable[dict[str, Any]], beside: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give all saves: rows that are only made where nothing was held yet come before what the call itself keeps."""
    kept = list(own)
    written = [f"resource.{one['in']}." for one in kept if "in" in one]
    early = [one for one in beside if _asks_first(one, written)]
    return [*early, *kept, *(one for one in beside if one not in early)]


def _asks_first(save: dict[str, Any], written: Sequence[str]) -> bool:
    is_row = save.get("as") == "made" or "vars.made." in str(save.get("key"))
    asked = str(save.get("when", ""))
    return is_row and any(one in asked for one in written) and "next_id" not in str(save.get("item"))


def where_it_succeeds(save: dict[str, Any]) -> dict[str, Any]:
    """Have a save done only where the answer that was drawn is a success."""
    known = save.get("when", [])
    return {**save, "when": [*([known] if isinstance(known, str) else known), "vars.answer.status < 300"]}
