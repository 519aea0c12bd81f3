"""Credentials: what is sent as a secret, or is personal, is compared with what cleaned recordings have in its place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.endpoints.verbs import is_credential
from recorder.synthesis.terms.term import literal

_MEMBER: Final = r"(?:\.\w+|\['[^']*'\])"
_FIELD: Final = rf"(?:json|form|query){_MEMBER}*(?P<field>{_MEMBER})"
_SENT: Final = rf"request\.(?:auth\.token|headers\['x-[\w-]+'\]|cookies{_MEMBER}|{_FIELD})"
_HELD: Final = rf"vars{_MEMBER}{_MEMBER}+"
_VALUE: Final = rf"(?P<sent>{_SENT}|{_HELD})"
_EQUAL: Final = re.compile(rf"{_VALUE} (?P<sign>==|!=) (?P<value>'(?:[^'\\]|\\.)*')")
_AMONG: Final = re.compile(rf"{_VALUE} (?P<sign>in|not in) (?P<values>\['[^\]]*'\])")
_TOLD: Final = re.compile(rf"resource\.(?P<table>\w+)\.get\({_VALUE}\)")
_SOUGHT: Final = re.compile(rf"resource\.(?P<table>\w+\.)find\('(?P<member>[^']+)', {_VALUE}")
_PERSONAL: Final = re.compile(
    r"'(?:[^'@\s]+@[^'@\s]+\.[a-z]{2,}|\+\d{7,15}|[A-Z]{2}\d{2}[A-Z0-9]{11,30}|(?P<card>\d{13,19}))'"
)
"""Addresses, telephone and account numbers, and numbers of cards, which end with a digit that checks them."""


def as_cleaned(text: str, tables: Mapping[str, Sequence[str]]) -> str:
    """Write an expression so that live credentials are told by their pseudonyms; `tables` are the keys of each table.

    Under `NAME.MEMBER` they are what the rows of a collection have there. What is compared with something that the
    mock itself made stays: that is as live as the credential. What is personal is live, too, in what the mock holds.
    """
    text = _EQUAL.sub(lambda found: _compared(found, f"[{found['value']}]", found["value"]), text)
    text = _AMONG.sub(lambda found: _compared(found, found["values"], found["values"]), text)
    text = _SOUGHT.sub(lambda found: _among_rows(found, tables), text)
    return _TOLD.sub(lambda found: _from_table(found, tables), text)


def personal_members(seeds: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Give what is personal in the members of items that collections begin with, by `NAME.MEMBER`."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, items in seeds.items():
        for item in items.values():
            for member, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, str) and _is_personal(literal(value)):
                    found[f"{name}.{member}"].append(value)
    return found


def _compared(found: re.Match[str], known: str, other: str) -> str:
    is_replaced = _is_secret(found) or any(map(_is_personal, re.findall(r"'[^']*'", known)))
    return f"as_recorded({found['sent']}, {known}) {found['sign']} {other}" if is_replaced else found[0]


def _is_secret(found: re.Match[str]) -> bool:
    """Tell whether a value is a credential that is sent: a field only where it, or what it stands in, is called so."""
    if found["sent"].startswith("vars"):
        return False
    return found["field"] is None or is_credential(re.sub(r"^request\.\w+", "", found["sent"]))


def _is_personal(written: str) -> bool:
    """Tell whether a literal text is one of those that cleaning replaces wherever they stand."""
    found = _PERSONAL.fullmatch(written)
    return found is not None and (found["card"] is None or _is_checked(found["card"]))


def _is_checked(digits: str) -> bool:
    """Tell whether the last digit is right (ISO/IEC 7812-1, Luhn)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _among_rows(found: re.Match[str], tables: Mapping[str, Sequence[str]]) -> str:
    known = tables.get(f"{found['table']}{found['member']}")
    if not known:
        return found[0]
    return f"resource.{found['table']}find('{found['member']}', as_recorded({found['sent']}, {literal(list(known))})"


def _from_table(found: re.Match[str], tables: Mapping[str, Sequence[str]]) -> str:
    known = tables.get(found["table"])
    if known is None or not (_is_secret(found) or any(_is_personal(literal(one)) for one in known)):
        return found[0]
    return f"resource.{found['table']}.get(as_recorded({found['sent']}, {literal(list(known))}))"
