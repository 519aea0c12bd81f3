"""Conditions on a request as a whole: who asks, whether what it names is there, its body and its headers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from recorder.synthesis.conditions.condition import Condition, condition
from recorder.synthesis.conditions.row_faults import FaultyRow
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.request_terms import header_term, token_term, unexpected_term, username_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, literal
from recorder.synthesis.terms.vocabulary import Vocabulary

SIGHT: Final = "sight"
"""What conditions are about that a list would not show the item to who asks."""
_FEW: Final = 6
_PLAIN_HEADERS: Final = re.compile(
    r"host|connection|accept-encoding|user-agent|content-length|authorization|cookie|date|x-mimic-.*|traceparent|via"
)


def of_credentials(scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions on the Authorization header and on cookies."""
    yield condition("not request.headers.authorization", _is_anonymous, 0.2, "auth")
    for scheme in sorted({scene.sample.auth.scheme for scene in scenes if scene.sample.auth.scheme}):
        yield _of_scheme(scheme)
    for name in sorted({name for scene in scenes for name in scene.sample.cookies}):
        yield _of_cookie(name)
    names = sorted({name for scene in scenes for name in scene.sample.headers if name.startswith("x-")})
    # Basic credentials are cleaned inside: the whole is no pseudonym of anything.
    is_basic = any(scene.sample.auth.scheme == "basic" for scene in scenes)
    for term in [username_term() if is_basic else token_term(), *map(header_term, names)]:
        yield from _of_fixed(term, scenes)


def _of_fixed(term: Term, scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions on credentials that several sessions had, such as keys that were handed out beforehand."""
    sessions: dict[str, set[int]] = defaultdict(set)
    accepted: set[str] = set()
    for scene in scenes:
        value = term.get(scene)
        if isinstance(value, str):
            sessions[value].add(scene.sample.session)
            accepted |= {value} if scene.sample.succeeded else set()
    fixed = sorted(value for value, inside in sessions.items() if len(inside) > 1)
    # What was refused is another one each time; what was accepted is so only where the service gave it.
    if not 1 <= len(fixed) <= _FEW or len(fixed) * 2 < len(accepted):
        return
    known = sorted(accepted)
    if known and len(known) < len(sessions):
        text = f"{term.text} is defined and {term.text} not in {literal(known)}"
        yield condition(text, _is_other(term, frozenset(known)), 0.3, "auth")
    for value in fixed if len(fixed) > 1 else ():
        yield condition(f"{term.text} == {literal(value)}", _is_this(term, value), 0.55, "auth")


def _is_other(term: Term, accepted: frozenset[str]) -> Callable[[Scene], bool]:
    return lambda scene: isinstance(value := term.get(scene), str) and value not in accepted


def _is_this(term: Term, wanted: str) -> Callable[[Scene], bool]:
    return lambda scene: term.get(scene) == wanted


def _is_anonymous(scene: Scene) -> bool:
    return not scene.sample.headers.get("authorization")


def _of_scheme(scheme: str) -> Condition:
    text = f"request.auth.scheme == {literal(scheme)}"
    return condition(text, lambda scene: scene.sample.auth.scheme == scheme, 0.6, "auth")


def _of_cookie(name: str) -> Condition:
    return condition(f"request.cookies[{name!r}] is defined", lambda scene: name in scene.sample.cookies, 0.4, "auth")


def of_lookups(lookups: Mapping[str, Lookup]) -> Iterator[Condition]:
    """Give the conditions that what is looked up is not there; of a fault in what is sent they are about that, too."""
    for name, lookup in lookups.items():
        cost = 0.15 if name == "item" else 0.25
        term = Term(f"vars.{name} is none", _is_absent(name), "", cost, frozenset({name}))
        yield Condition(term, f"exists.{name}")
        if isinstance(lookup, FaultyRow):
            yield Condition(term, f"json.{name}")


def _is_absent(name: str) -> Callable[[Scene], bool]:
    return lambda scene: scene.looked_up(name) is MISSING


def of_bodies(scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions on whether there is a body, whether it is JSON, and of which type it is said to be."""
    yield condition("not request.body", lambda scene: not scene.sample.body, 0.5, "body")
    yield condition("request.json is not defined", lambda scene: scene.sample.json is MISSING, 0.3, "body")
    yield condition("request.json is not mapping", lambda scene: not isinstance(scene.sample.json, dict), 0.45, "body")
    yield condition("request.body and request.json is not defined", _is_unreadable, 0.4, "body")
    yield condition("request.json is mapping and not request.json", _is_empty, 0.3, "body")
    for kind in sorted({scene.sample.content_type for scene in scenes if scene.sample.content_type}):
        yield _of_content_type(kind)


def of_members(scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the condition that an operation is given an argument which no call that succeeded was given."""
    term = unexpected_term(scenes)
    if term is not None:
        yield condition(term.text, lambda scene: bool(term.get(scene)), 0.3, "json.unexpected")


def _is_unreadable(scene: Scene) -> bool:
    return bool(scene.sample.body) and scene.sample.json is MISSING


def _is_empty(scene: Scene) -> bool:
    return isinstance(scene.sample.json, dict) and not scene.sample.json


def _of_content_type(kind: str) -> Condition:
    text = f"request.content_type == {literal(kind)}"
    return condition(text, lambda scene: scene.sample.content_type == kind, 0.7, "content-type")


def of_headers(scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions that a header is there, and that it is one of few values."""
    values: dict[str, set[str]] = defaultdict(set)
    for scene in scenes:
        for name, value in scene.sample.headers.items():
            if not _PLAIN_HEADERS.fullmatch(name):
                values[name].add(value)
    for name, known in sorted(values.items()):
        yield _of_header(name)
        for value in sorted(known) if len(known) <= _FEW else ():
            yield _of_header_value(name, value)


def _of_header(name: str) -> Condition:
    text = f"request.headers[{name!r}] is defined"
    return condition(text, lambda scene: name in scene.sample.headers, 0.6, f"header.{name}")


def _of_header_value(name: str, value: str) -> Condition:
    text = f"request.headers[{name!r}] == {literal(value)}"
    return condition(text, lambda scene: scene.sample.headers.get(name) == value, 0.9, f"header.{name}")


def of_sights(vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions that a list would not show the item to who asks, or is asked for what cannot be."""
    return (Condition(term, term.name or SIGHT) for term in vocabulary.sights)
