"""Exposed headers: the link to the next page, which a list tells scripts to look for, where no list was that long.

`Access-Control-Expose-Headers` names what answers of an endpoint may have, whether they have it or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_NAMES: Final = "access-control-expose-headers"
_URL: Final = re.compile(r"(?:x-)?next(?:-page)?(?:-ur[il]|-link)?")
_LINK: Final = "link"
_REDIRECTS: Final = 300
_OF_LIST: Final = frozenset({"list"})


def with_next_pages(behaviours: Sequence[Behaviour]) -> None:
    """Give lists the link to the next page where their answers name its header, and none of them had it."""
    for behaviour in behaviours:
        spec = behaviour.listed.spec if behaviour.listed is not None and behaviour.endpoint.method == "GET" else {}
        found = _next_page(spec) if spec.get("free") else None
        header = _header(behaviour, found) if found is not None else None
        for _, outcome in behaviour.cases:
            if header is not None and outcome.status < _REDIRECTS:
                outcome.answered = replace(outcome.answered, headers=[*outcome.answered.headers, header])


def _next_page(spec: dict[str, Any]) -> tuple[str, str] | None:
    """Give the parameter that leads to the next page and what it is then: an offset, where no page was asked for."""
    page = spec.get("page") or {}
    for kind, value in (("cursor", "next_cursor"), ("number", "next_page"), ("offset", "next_offset")):
        if kind in page:
            return str(page[kind]), f"vars.list.{value}"
    return None if page else ("offset", "vars.list.next_offset")


def _header(behaviour: Behaviour, next_page: tuple[str, str]) -> Header | None:
    samples = [scene.sample for scene in behaviour.scenes]
    named = [(one.answer_header(_NAMES) or "").lower().split(",") for one in samples if one.succeeded]
    common = set.intersection(*({name.strip() for name in names} for names in named)) if named else set[str]()
    unseen = [name for name in sorted(common) if not any(one.answer_header(name) for one in samples)]
    name = next((one for one in unseen if _URL.fullmatch(one) or one == _LINK), None)
    if name is None:
        return None
    parameter, value = next_page
    url = f"url_with({{{literal(parameter)}: {value}}})"
    told = f"'<' ~ {url} ~ '>; rel=\"next\"'" if name == _LINK else url
    return name, Said(Term(told, _unknown, uses=_OF_LIST)), Term(f"{value} is not none", _unknown, uses=_OF_LIST)


def _unknown(_scene: Scene) -> object:
    return MISSING
