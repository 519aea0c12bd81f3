"""Credentials: what is sent as a secret is compared with what cleaned recordings have in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from recorder.synthesis.terms.term import literal

_SENT: Final = r"request\.(?:auth\.token|headers\['x-[\w-]+'\]|cookies(?:\.\w+|\['[^']*'\]))"
_EQUAL: Final = re.compile(rf"(?P<sent>{_SENT}) (?P<sign>==|!=) (?P<value>'(?:[^'\\]|\\.)*')")
_AMONG: Final = re.compile(rf"(?P<sent>{_SENT}) (?P<sign>in|not in) (?P<values>\['[^\]]*'\])")
_TOLD: Final = re.compile(rf"resource\.(?P<table>\w+)\.get\((?P<sent>{_SENT})\)")


def as_cleaned(text: str, tables: Mapping[str, Sequence[str]]) -> str:
    """Write an expression so that live credentials are told by their pseudonyms; `tables` are the keys of each table.

    What is compared with something that the mock itself made stays: that is as live as the credential.
    """
    text = _EQUAL.sub(
        lambda found: f"as_recorded({found['sent']}, [{found['value']}]) {found['sign']} {found['value']}", text
    )
    text = _AMONG.sub(
        lambda found: f"as_recorded({found['sent']}, {found['values']}) {found['sign']} {found['values']}", text
    )
    return _TOLD.sub(lambda found: _from_table(found, tables), text)


def _from_table(found: re.Match[str], tables: Mapping[str, Sequence[str]]) -> str:
    known = tables.get(found["table"])
    if known is None:
        return found[0]
    return f"resource.{found['table']}.get(as_recorded({found['sent']}, {literal(list(known))}))"
