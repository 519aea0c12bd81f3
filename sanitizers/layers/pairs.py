"""Pairs: `name=value&name=value`, as in queries and form bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, at_path, shift
from sanitizers.layers.escapes import FORM

if TYPE_CHECKING:
    from sanitizers.rule import Place
    from sanitizers.walk import Walk

_FORM: Final = re.compile(r"[\w.\-\[\]%+~*$!]{1,128}=(?!=)[^&\s\"<>{}]+(?:&[^&\s\"<>]*)*")
_PART: Final = re.compile(r"[^&]+")
_SHOWN: Final = re.compile(r"[A-Za-z_$][\w$.\[\]-]{0,47}")


def recognises(text: str) -> bool:
    return "=" in text and _FORM.fullmatch(text) is not None


def edits(text: str, walk: Walk, depth: int, place: Place = "query") -> list[Edit]:
    """Give the edits of a form or a query; the path of each hit is the pair's name."""
    found: list[Edit] = []
    for part in _PART.finditer(text):
        found += shift(_pair(part[0], walk, depth, place), part.start())
    return found


def _pair(part: str, walk: Walk, depth: int, place: Place) -> list[Edit]:
    raw_name, equals, raw_value = part.partition("=")
    name = FORM.decode(raw_name)
    found = walk.coded(FORM, raw_name, depth, walk.member) if len(raw_name) >= walk.shortest else []
    if equals:
        value = walk.coded(FORM, raw_value, depth, lambda text, level: walk.named(place, name, text, level))
        found = found + shift(value, len(raw_name) + 1)
    return at_path(found, shown(name)) if found else found


def shown(name: str) -> str:
    """Give a name as a finding may show it: `*` where it does not look like a name."""
    return name if _SHOWN.fullmatch(name) and sum(char.isdigit() for char in name) < 6 else "*"
