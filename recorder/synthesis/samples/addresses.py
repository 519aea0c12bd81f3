"""Addresses: cleaned e-mail addresses whose parts the answers tell as they were are those again.

A service may call things by the name before the `@`, or make their ids of the whole address: `lake.example.com` of
`lake@example.com`. The recording has a stand-in of the address, with the form of what it stands for, and the rest as
it was: nothing that is told would follow from what was sent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import quote, unquote

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, leaves, parts

_STAND_IN: Final = re.compile(rb"""([^\s"'<>(){}\[\],;:=&?/\\@]+)(@|%40)example\.com(?![\w.-])""", re.IGNORECASE)
_WHOLE: Final = re.compile(r"([^\s@]+)@example\.com")
_LEAST: Final = 3
"""How many addresses have to be told by the same member."""
_FEWEST_FORMS: Final = 2
_SOME_ROWS: Final = 20
_FILLED: Final = 8
"""Stand-ins have so many letters and digits at least: shorter names are filled up with small letters."""


class _Told(NamedTuple):
    """An address of a session, and a text beside it."""

    session: int
    local: str
    text: str


_Beside: TypeAlias = dict[tuple[str, str], set[_Told]]


def restore_addresses(samples: Sequence[Sample]) -> None:
    """Write what answers tell of the parts of addresses in the place of stand-ins, in all that their session shows."""
    having = [one for one in samples if one.is_cleaned and _mentions(one)]
    known = _meant(_beside(having), samples) if having else {}
    for sample in having:
        if sample.session in known:
            sample.rewrite(partial(_STAND_IN.sub, partial(_written, known[sample.session])))


def _mentions(sample: Sample) -> bool:
    sent = sample.interaction.exchange.request.target
    return any(_STAND_IN.search(text) is not None for text in (sent, sample.body, sample.answer_body))


def _written(names: dict[str, str], found: re.Match[bytes]) -> bytes:
    is_quoted = found[2] != b"@"
    local = found[1].decode("utf-8", "replace")
    meant = names.get(unquote(local) if is_quoted else local)
    if meant is None:
        return found[0]
    return (quote(meant, safe="") if is_quoted else meant).encode()


def _beside(samples: Sequence[Sample]) -> _Beside:
    """Give the texts beside addresses, by the names of both: members of one object, or what a request is answered."""
    found: _Beside = defaultdict(set)
    for sample in samples:
        for name, local, other, text in _pairs(sample):
            found[name, other].add(_Told(sample.session, local, text))
    return found


def _pairs(sample: Sample) -> Iterator[tuple[str, str, str, str]]:
    """Give what stands before the `@` of addresses, and the texts beside them, each with its name."""
    answered = _texts(sample.answer_json)
    link = sample.answer_header("location")
    if link is not None:
        answered["location"] = unquote(link.rstrip("/").rpartition("/")[2])
    sent = {name: values[0] for name, values in sample.form.items()} or _texts(sample.json)
    objects = [_texts(one) for _, one in parts(sample.answer_json, longest_list=_SOME_ROWS) if isinstance(one, dict)]
    for mine, others in [(sent, answered), *zip(objects, objects, strict=True)] if sample.succeeded else ():
        for name, value in mine.items():
            whole = _WHOLE.fullmatch(value)
            if whole is not None:
                yield from ((name, whole[1], other, text) for other, text in others.items() if "@" not in text)


def _texts(value: Any) -> dict[str, str]:
    members = value.items() if isinstance(value, dict) else ()
    return {name: inner for name, inner in members if isinstance(inner, str)}


def _meant(beside: _Beside, samples: Sequence[Sample]) -> dict[int, dict[str, str]]:
    """Give the addresses that stand-ins stand for, by session and by what stands before their `@`."""
    told: dict[tuple[int, str], set[str]] = defaultdict(set)
    hosts: dict[tuple[int, str], str] = {}
    sent: dict[int, set[str]] = {}
    for rows in beside.values():
        fitting = [(row, part) for row in rows if (part := _part(row.local, row.text))]
        names, ways = {row.local for row in rows}, {(row.local, part) for row, part in fitting}
        are_few = len(names) < _LEAST or len({*map(_form, names)}) < _FEWEST_FORMS
        if are_few or len(fitting) < len(rows) or len({part for _, part in ways}) < len(ways):
            continue
        for row, part in fitting:
            told[row.session, row.local].add(part)
            host = row.text[len(part) + 1 :]
            sent = sent or _sent(samples)
            if "." in host and host in sent[row.session]:
                hosts[row.session, row.local] = host
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for (session, local), parts_told in told.items():
        if len(parts_told) == 1:
            found[session][local] = f"{next(iter(parts_told))}@{hosts.get((session, local), 'example.com')}"
    return found


def _sent(samples: Sequence[Sample]) -> dict[int, set[str]]:
    """Give the texts that were sent in each session."""
    found: dict[int, set[str]] = defaultdict(set)
    for sample in samples:
        found[sample.session].update(value for values in sample.form.values() for value in values)
        if sample.json is not MISSING:
            found[sample.session].update(value for _, value in leaves(sample.json) if isinstance(value, str))
    return found


def _part(local: str, text: str) -> str:
    """Give the beginning of a text that has the form of an address's name, as a whole word; else ""."""
    filled = sum(one.isalnum() for one in local) == _FILLED
    for end in range(len(local), 0, -1):
        if end < len(local) and not (filled and local[end:].isalpha() and local[end:].islower()):
            return ""
        is_whole = len(text) == end or (len(text) > end and not text[end].isalnum())
        if is_whole and text[:end] != local[:end] and _form(text[:end]) == _form(local[:end]):
            return text[:end]
    return ""


def _form(text: str) -> str:
    """Give which characters are digits, small and capital letters."""
    return "".join("0" if one.isdigit() else "a" if one.islower() else "A" if one.isupper() else one for one in text)
