"""Credentials: what is sent as a secret is compared with what cleaned recordings have in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from recorder.synthesis.endpoints.verbs import is_credential
from recorder.synthesis.terms.term import literal

_MEMBER: Final = r"(?:\.\w+|\['[^']*'\])"
_FIELD: Final = rf"(?:json|form|query){_MEMBER}*(?P<field>{_MEMBER})"
_SENT: Final = rf"request\.(?:auth\.token|headers\['x-[\w-]+'\]|cookies{_MEMBER}|{_FIELD})"
_EQUAL: Final = re.compile(rf"(?P<sent>{_SENT}) (?P<sign>==|!=) (?P<value>'(?:[^'\\]|\\.)*')")
_AMONG: Final = re.compile(rf"(?P<sent>{_SENT}) (?P<sign>in|not in) (?P<values>\['[^\]]*'\])")
_TOLD: Final = re.compile(rf"resource\.(?P<table>\w+)\.get\((?P<sent>{_SENT})\)")


def as_cleaned(text: str, tables: Mapping[str, Sequence[str]]) -> str:
    """Write an expression so that live credentials are told by their pseudonyms; `tables` are the keys of each table.

    What is compared with something that the mock itself made stays: that is as live as the credential.
    """
    text = _EQUAL.sub(lambda found: _compared(found, f"[{found['value']}]", found["value"]), text)
    text = _AMONG.sub(lambda found: _compared(found, found["values"], found["values"]), text)
    return _TOLD.sub(lambda found: _from_table(found, tables), text)


def _compared(found: re.Match[str], known: str, other: str) -> str:
    return f"as_recorded({found['sent']}, {known}) {found['sign']} {other}" if _is_secret(found) else found[0]


def _is_secret(found: re.Match[str]) -> bool:
    """Tell whether what is sent is a credential: a field only where it, or what it stands in, is called so."""
    return found["field"] is None or is_credential(re.sub(r"^request\.\w+", "", found["sent"]))


def _from_table(found: re.Match[str], tables: Mapping[str, Sequence[str]]) -> str:
    known = tables.get(found["table"])
    if known is None or not _is_secret(found):
        return found[0]
    return f"resource.{found['table']}.get(as_recorded({found['sent']}, {literal(list(known))}))"
