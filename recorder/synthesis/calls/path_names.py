"""Names in paths: the endpoints whose paths say which operation is called, and no path which item it is for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.verbs import does_one, words_of
from recorder.synthesis.samples.operation import Given, Operation
from recorder.synthesis.samples.values import MISSING

_DOTTED: Final = re.compile(r"[A-Za-z]\w*(?:[.:][A-Za-z]\w*)+")
_WORD: Final = re.compile(r"[A-Za-z][\w-]*")
_READS: Final = ("GET", "HEAD")
_LEAST: Final = 3
_LEAST_BESIDE: Final = 2
_MOST_OTHERS: Final = 5
"""Of so many paths under one prefix one at most has no name of this form."""
Named: TypeAlias = Callable[[tuple[str, ...]], str]
"""Gives the name in the last parts of a path, "" where it has none of a form."""


def name_operations(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Give the endpoints named by their paths, each with an operation that says its name and where arguments are."""
    found = {endpoint: name for endpoint, name in _named(endpoints) if endpoint.discriminator is None}
    for endpoint, name in found.items():
        endpoint.operation = Operation(endpoint.method, endpoint.sent_segments, name=name, given=_given(endpoint))
        for sample in endpoint.samples:
            sample.operation = endpoint.operation
    return list(found)


def _named(endpoints: Sequence[Endpoint]) -> Iterator[tuple[Endpoint, str]]:
    """Give endpoints with their names: of each prefix in the first form that most of its paths have."""
    taken: set[Endpoint] = set()
    for size, name_in in ((1, _dotted), (2, _apart), (1, _joined)):
        under: dict[tuple[str | None, ...], list[Endpoint]] = defaultdict(list)
        for endpoint in endpoints:
            if len(endpoint.template) >= size:
                under[endpoint.template[:-size]].append(endpoint)
        for prefix, inside in under.items():
            beneath = [one for one in endpoints if one.template[: len(prefix)] == prefix]
            names = {one: name_in(tuple(part or "" for part in one.template[-size:])) for one in inside}
            if name_in is _apart:
                names |= _beside(names)
            if taken.isdisjoint(inside) and _are_operations(names, beneath, is_sure=name_in is _dotted):
                taken.update(one for one, name in names.items() if name)
                yield from ((one, name) for one, name in names.items() if name)


def _beside(names: dict[Endpoint, str]) -> dict[Endpoint, str]:
    """Name what stands beside operations on the same things, though its word is no known verb: `runs/log-metric`."""
    counts = Counter(name.partition(".")[0] for name in dict.fromkeys(names.values()) if name)
    found: dict[Endpoint, str] = {}
    for one in (one for one, name in names.items() if not name):
        parts = [part or "" for part in one.template[-2:]]
        if counts[parts[0]] >= _LEAST_BESIDE and all(map(_WORD.fullmatch, parts)):
            found[one] = ".".join(parts)
    return found


def _are_operations(names: dict[Endpoint, str], beneath: Sequence[Endpoint], *, is_sure: bool) -> bool:
    """Tell whether the paths under a prefix name operations: nearly all have names, and none a parameter.

    There are verbs that read and others that write; where the form alone is not `is_sure` to be that of an operation,
    those that read are said by the path, since elsewhere the method says that.
    """
    named = {one: name for one, name in names.items() if name}
    if any(None in one.template for one in beneath) or len(set(named.values())) < _LEAST:
        return False
    others = {one.template for one in beneath} - {one.template for one in named}
    if len(others) * _MOST_OTHERS > len({one.template for one in beneath}):
        return False
    verbs = {name: does_one(re.split(r"[.:]", name)[-1]) for name in named.values()}
    reads = any(told == "read" for told in verbs.values()) or (is_sure and any(one.method in _READS for one in named))
    writes = any(told not in ("read", "") for told in verbs.values())
    return reads and writes and sum(told != "" for told in verbs.values()) * 2 >= len(verbs)


def _dotted(parts: tuple[str, ...]) -> str:
    """Read `accounts.open`, and what is parted by a colon."""
    return parts[0] if _DOTTED.fullmatch(parts[0]) else ""


def _apart(parts: tuple[str, ...]) -> str:
    """Read `accounts/open`: one word, and one that begins with a verb."""
    is_name = all(map(_WORD.fullmatch, parts)) and not _is_verb(parts[0]) and _is_verb(parts[1])
    return ".".join(parts) if is_name else ""


def _joined(parts: tuple[str, ...]) -> str:
    """Read `openAccount`, `OpenAccount` and `open_account`: a verb and more words."""
    return parts[0] if _WORD.fullmatch(parts[0]) and _is_verb(parts[0]) and len(words_of(parts[0])) > 1 else ""


def _is_verb(word: str) -> bool:
    return does_one(" ".join(words_of(word)[:1])) != ""


def _given(endpoint: Endpoint) -> Given:
    """Tell where the arguments of most calls are."""
    samples = endpoint.samples
    if endpoint.method in _READS or all(one.json is MISSING and not one.form and one.query for one in samples):
        return "query"
    return "form" if sum(bool(one.form) for one in samples) * 2 > len(samples) else "json"
