"""The style of errors: a refusal that nobody recorded is told as the service tells others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

from recorder.synthesis.explaining.answer import ASIDE, Answered
from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.nodes.node import Fixed, Items, Node, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, leaves
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_REFUSED: Final = 400
_OF_ONE_STATUS: Final = frozenset(
    ("www-authenticate", "retry-after", "allow", "location", "etag", "last-modified", "set-cookie", "cache-control")
)
_TAIL: Final = re.compile(r"(.*[/#])([A-Za-z_-]+)")
_WORD: Final = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)*")
_PHRASES: Final = {one.value: one.phrase for one in HTTPStatus}
_MOST: Final = 12
"""Members of an error, and no more: what has more tells of a thing."""


def as_others(status: int, borrower: Behaviour, behaviours: Sequence[Behaviour]) -> Answered:
    """Give a refusal with a status as the service would tell it: with the members that most of its refusals have.

    Where most refusals have no body of JSON it has none, either.
    """
    refused = list(_refusals(behaviours))
    told = [one for one in refused if _is_told(one)]
    shapes = Counter(map(_shape, told))
    if not shapes or sum(not one.answer_body for one in refused) > len(told):
        return Answered(status, (), "none", Fixed(None))
    most = max(shapes.values())
    shape = min((one for one in shapes if shapes[one] == most), key=lambda one: (len(one), sorted(map(str, one))))
    alike = [one for one in told if _shape(one) == shape]
    own = {id(scene.sample) for scene in borrower.scenes}
    like = next((one for one in alike if id(one) in own), alike[0])
    same = _constant(alike)
    body = _told(like.answer_json, (), like, status, lambda path: path in same)
    return Answered(status, list(_headers(alike)), "json", body)


def _refusals(behaviours: Sequence[Behaviour]) -> Iterator[Sample]:
    """Give the first refusal with each status of each endpoint."""
    for behaviour in behaviours:
        found: dict[int, Sample] = {}
        for scene in behaviour.scenes:
            if scene.sample.answered_status >= _REFUSED:
                found.setdefault(scene.sample.answered_status, scene.sample)
        yield from found.values()


def _is_told(sample: Sample) -> bool:
    told = sample.answer_json
    return isinstance(told, dict) and bool(told) and sum(1 for _ in leaves(told, longest_list=1)) <= _MOST


def _shape(sample: Sample) -> frozenset[Path]:
    return frozenset(path for path, _ in leaves(sample.answer_json, longest_list=1))


def _constant(alike: Sequence[Sample]) -> frozenset[Path]:
    """Give where refusals of several statuses say the same."""
    said: dict[Path, set[str]] = defaultdict(set)
    for one in alike:
        for path, value in leaves(one.answer_json, longest_list=1):
            said[path].add(repr(value))
    has_several = len({one.answered_status for one in alike}) > 1
    return frozenset(path for path, values in said.items() if has_several and len(values) == 1)


def _told(value: Any, path: Path, sample: Sample, status: int, is_constant: Callable[[Path], bool]) -> Node:
    """Give a part of a recorded refusal as one with another status has it."""
    if isinstance(value, dict) and value:
        parts = {str(name): _told(one, (*path, name), sample, status, is_constant) for name, one in value.items()}
        return Object({name: (node, None) for name, node in parts.items()})
    if isinstance(value, list) and value:
        return Items([_told(value[0], (*path, 0), sample, status, is_constant)])
    if is_constant(path):
        return Fixed(value)
    if value == sample.sent_path:
        return Said(Term("request.path", _path, "path"))
    if value in (sample.answered_status, str(sample.answered_status)) and not isinstance(value, bool):
        return Fixed(type(value)(status))
    return Fixed(_reworded(value, sample.answered_status, status) if isinstance(value, str) else value)


def _path(scene: Scene) -> object:
    return scene.sample.sent_path


def _reworded(text: str, was: int, status: int) -> str:
    """Give what a status is called, as another one was: a phrase, a code, or the end of a link."""
    phrase = _phrase(status)
    if tail := _TAIL.fullmatch(text):
        return tail[1] + _code(tail[2], phrase)
    if text.lower() == _phrase(was).lower():
        return phrase if text == _phrase(was) else _cased(phrase, text)
    if _WORD.fullmatch(text):
        return _code(text, phrase)
    return f"{phrase}." if text.endswith(".") else phrase


def _phrase(status: int) -> str:
    return _PHRASES.get(status, "Refused")


def _cased(phrase: str, like: str) -> str:
    for case in (str.lower, str.upper, str.capitalize):
        if like == case(like):
            return case(phrase)
    return phrase


def _code(like: str, phrase: str) -> str:
    """Write a phrase as a code is written: in capitals, with bars or hyphens, or as one word."""
    words = phrase.split()
    sign = next((one for one in "_-" if one in like), "")
    if like.isupper():
        return (sign or "_").join(words).upper()
    if like.islower():
        return (sign or "_").join(words).lower()
    joined = sign.join(words)
    return joined if like[0].isupper() else joined[0].lower() + joined[1:]


def _headers(alike: Sequence[Sample]) -> Iterator[Header]:
    """Give the headers that these refusals have, each the same, and that are not of one status only."""
    for name, value in alike[0].answer_headers:
        if name not in ASIDE | _OF_ONE_STATUS and all((name, value) in one.answer_headers for one in alike):
            yield name, Fixed(value), None
