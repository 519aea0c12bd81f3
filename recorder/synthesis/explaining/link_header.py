"""A `Link` header: the pages that a list leads to, each there where there is such a page (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.explaining.links import link
from recorder.synthesis.explaining.page_relations import when_there_is
from recorder.synthesis.nodes.node import Node, Said
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import Term, literal, used_by

_LINK: Final = re.compile(r"<([^<>]*)>; ?rel=\"?([\w-]+)\"?")
_BETWEEN: Final = ", "


def paged(grounds: Grounds, cases: Sequence[Case]) -> Node | None:
    """Explain texts as links to other pages, by their relations; None where they are no such links."""
    found = [_LINK.findall(text) for _, text in cases]
    if not all(found) or any(_written(text) != text for _, text in cases):
        return None
    relations = _in_order([[relation for _, relation in one] for one in found])
    if any([relation for relation in relations if relation in dict(_turned(one))] != _names(one) for one in found):
        return None
    parts: list[tuple[str, Term, Term | None]] = []
    for relation in relations:
        urls = [dict(_turned(one)).get(relation, MISSING) for one in found]
        there = [(scene, url) for (scene, _), url in zip(cases, urls, strict=True) if url is not MISSING]
        made = link(grounds, there, relation)
        if made is None:
            return None
        condition = None
        if len(there) < len(cases):
            condition = when_there_is(
                grounds, relation, [scene for scene, _ in cases], [url is not MISSING for url in urls]
            )
            if condition is None:
                return None
        parts.append((relation, made.term, condition))
    uses, keeps = used_by(term for _, made, condition in parts for term in (made, condition) if term is not None)
    inner = ", ".join(_part(*part) for part in parts)
    text = f"([{inner}] | select | join({literal(_BETWEEN)}))"
    return Said(Term(text, lambda _scene: MISSING, "link", 1.0, uses, keeps))


def _in_order(named: Sequence[Sequence[str]]) -> list[str]:
    """Give all relations in an order that each of these has, if there is one."""
    made: list[str] = []
    for names in named:
        place = 0
        for name in names:
            if name not in made:
                made.insert(place, name)
            place = made.index(name) + 1
    return made


def _written(text: str) -> str:
    return _BETWEEN.join(f'<{url}>; rel="{relation}"' for url, relation in _LINK.findall(text))


def _turned(found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(relation, url) for url, relation in found]


def _names(found: Sequence[tuple[str, str]]) -> list[str]:
    return [relation for _, relation in found]


def _part(relation: str, url: Term, condition: Term | None) -> str:
    ending = literal(f'>; rel="{relation}"')
    text = f"'<' ~ {url.text} ~ {ending}"
    return text if condition is None else f"(({text}) if {condition.text} else '')"
