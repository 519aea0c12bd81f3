"""Callers: the terms that tell who asks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from recorder.synthesis.samples.elements import HEADER
from recorder.synthesis.samples.values import MISSING, Path, leaves, look
from recorder.synthesis.terms.request_terms import username_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.slots import is_plain_header
from recorder.synthesis.terms.term import Get, Term, member

OWN_COUNT: Final = "own_count"
"""What terms are called that count what the caller has."""
_MOST_CALLERS: Final = 40
_LOOKED_AT: Final = 200
_ABOUT_CALL: Final = re.compile(
    r"date|sha256|signature|request-?id|correlation|idempoten|trace|nonce|target|forwarded|mimic"
)


def callers_of(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> dict[str, Term]:
    """Give the terms that tell who asks, by how they are written in a definition."""
    found: dict[str, Term] = {}
    if any(scene.sample.auth.username for scene in scenes):
        term = username_term()
        found[said_as(term)] = term
    found |= {said_as(term): term for term in [*_of_headers(scenes, lookups), *_of_envelopes(scenes)]}
    for name in lookups:
        for scene in scenes[:20]:
            item = scene.looked_up(name)
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                if len(path) <= 3 and isinstance(value, str | int) and not isinstance(value, bool):
                    term = _part(name, path)
                    found.setdefault(said_as(term), term)
    return dict(islice(found.items(), _MOST_CALLERS))


def own_headers(scenes: Sequence[Scene]) -> list[str]:
    """Give the headers of a service's own that may say who asks, or name a thing: none that are about the call."""
    return sorted(filter(is_own_header, {name for scene in scenes for name in scene.sample.headers}))


def is_own_header(name: str) -> bool:
    """Tell whether a header, in lower case, is of a service's own, and not about the call."""
    return not is_plain_header(name) and not _ABOUT_CALL.search(name)


def _of_headers(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the headers of a service's own that say the same in several calls: a tenant, a user.

    One that something is looked up by, as a key that was handed out, is no name: who asks stands in what it leads to.
    """
    leading = {lookup.key.text for lookup in lookups.values()}
    values: dict[str, list[str]] = defaultdict(list)
    for scene in scenes[:_LOOKED_AT]:
        for name, value in scene.sample.headers.items():
            if name.startswith("x-") and not _ABOUT_CALL.search(name):
                values[name].append(value)
    for name in (name for name, told in values.items() if _are_repeated(told)):
        text = f"request.headers[{name!r}]"
        if text not in leading:
            yield Term(text, _header(name), name, 1.0)


def _of_envelopes(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give what the headers of SOAP messages say again and again: an account."""
    values: dict[Path, list[str]] = defaultdict(list)
    for scene in scenes[:_LOOKED_AT]:
        for path, value in leaves(look(scene.sample.json, (HEADER,)), longest_list=0):
            if path and isinstance(value, str):
                values[path].append(value)
    for path in (path for path, told in values.items() if _are_repeated(told)):
        yield Term(member("request.json", (HEADER, *path)), _sent((HEADER, *path)), str(path[-1]), 1.0)


def _are_repeated(values: Sequence[str]) -> bool:
    return len(set(values)) * 2 <= len(values)


def _header(name: str) -> Get:
    return lambda scene: scene.sample.headers.get(name, MISSING)


def _sent(path: Path) -> Get:
    return lambda scene: look(scene.sample.json, path)


def said_as(term: Term) -> str:
    """Write a term as it stands in a definition."""
    return f"{{{{ {term.text} }}}}"


def _part(name: str, path: Path) -> Term:
    return Term(
        member(f"vars.{name}", path),
        lambda scene: look(scene.looked_up(name), path),
        str(path[-1]),
        1.0,
        frozenset({name}),
    )
