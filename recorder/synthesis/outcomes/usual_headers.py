"""Usual headers: those that an API has on all answers of a kind, given to answers that nobody recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.explaining.answer import ASIDE, etag_of
from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.nodes.node import Fixed, MadeUp
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING

_OWN: Final = frozenset(("content-type", "etag", "set-cookie", "location", "last-modified", "link"))
_MULTIPLE: Final = 300


def usual_headers(behaviours: Sequence[Behaviour], methods: Sequence[str], *, has_body: bool = True) -> list[Header]:
    """Give the headers that all successes of these methods have, and that are the same in all."""
    some = (one for one in behaviours if one.endpoint.method in methods)
    answers = [sample for one in some for sample in _successes(one) if not has_body or _is_told(sample)]
    told = Counter((name, value) for one in answers for name, value in dict(one.answer_headers).items())
    return [
        (name, Fixed(value), None)
        for (name, value), times in told.items()
        if times == len(answers) > 1 and name not in ASIDE | _OWN
    ]


def usual_tag(behaviours: Sequence[Behaviour], collection: Collection, method: str, role: str) -> Header | None:
    """Give the entity tag of an answer that nobody recorded, where all of its kind have one that the body gives.

    Where the API never answered one of its kind, what reads the same thing tells.
    """
    told = [one for one in behaviours if any(map(_is_told, _successes(one)))]
    alike = [one for one in told if _is_read(one) is (method in READS) and one.binding.role == role]
    own = [one for one in told if one.collection is collection and one.binding.entity is not None and _is_read(one)]
    alike = alike or (own if role == "item" else [])
    answers = [sample for one in alike for sample in _successes(one) if _is_told(sample)]
    if not answers or not all(one.answer_header("etag") for one in answers):
        return None
    outcomes = (
        outcome for one in [*alike, *behaviours] for _, outcome in one.cases if outcome.answered.status < _MULTIPLE
    )
    tags = (etag_of(outcome.answered) for outcome in outcomes)
    return next((tag for tag in tags if tag is not None and _is_of_body(tag)), None)


def _is_of_body(tag: Header) -> bool:
    _, node, condition = tag
    return condition is None and isinstance(node, MadeUp) and node.kind == "tag"


def _successes(behaviour: Behaviour) -> Iterator[Sample]:
    return (scene.sample for scene in behaviour.scenes if 200 <= scene.sample.answered_status < _MULTIPLE)


def _is_read(behaviour: Behaviour) -> bool:
    return behaviour.endpoint.method in READS


def _is_told(sample: Sample) -> bool:
    return sample.answer_json is not MISSING
