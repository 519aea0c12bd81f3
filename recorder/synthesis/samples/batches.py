"""Batches: lists of JSON-RPC calls in one request, whose calls are learnt from as if each had been sent alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING

_NO_CONTENT: Final = 204


def with_their_calls(samples: Sequence[Sample]) -> list[Sample]:
    """Give samples with those of the calls in batches, numbered anew in their order.

    They stand in the place of their batch, or behind it where the batch as a whole was answered otherwise.
    """
    split = {sample.number: list(_calls(sample)) for sample in samples if is_batch(sample)}
    if not any(split.values()):
        return list(samples)
    whole = [(sample, one) for sample in samples for one in (sample, *split.get(sample.number, ()))]
    for number, (_, one) in enumerate(whole):
        one.number = number
    return [one for sample, one in whole if one is not sample or not is_answered_by_call(sample)]


def is_batch(sample: Sample) -> bool:
    """Tell whether a body is a list of calls of JSON-RPC."""
    calls = sample.json if isinstance(sample.json, list) else []
    return bool(calls) and all(isinstance(call, dict) and "jsonrpc" in call for call in calls)


def is_answered_by_call(sample: Sample) -> bool:
    """Tell whether each call of a batch that wants an answer was told one, and nothing else was answered."""
    if not is_batch(sample) or not 200 <= sample.answered_status < 300:
        return False
    wanted = Counter(repr(call["id"]) for call in sample.json if "id" in call)
    told = sample.answer_json if isinstance(sample.answer_json, list) else []
    return wanted == Counter(repr(one.get("id")) for one in told if isinstance(one, dict))


def _calls(sample: Sample) -> Iterator[Sample]:
    calls = sample.json
    told = sample.answer_json if isinstance(sample.answer_json, list) else []
    replies = {repr(reply.get("id")): reply for reply in told if isinstance(reply, dict)}
    for call in calls:
        reply = replies.get(repr(call["id"])) if "id" in call else None
        if reply is not None or "id" not in call:
            yield _alone(sample, call, reply)


def _alone(sample: Sample, call: dict[str, Any], reply: dict[str, Any] | None) -> Sample:
    body = orjson.dumps(reply) if reply is not None else b""
    status = sample.answered_status if reply is not None else _NO_CONTENT
    headers = [(name, value) for name, value in sample.answer_headers if reply is not None or "content" not in name]
    return replace(
        sample, body=orjson.dumps(call), json=call, status=status, answered_status=status, answer_body=body,
        answer_headers=tuple(headers), answer_json=reply if reply is not None else MISSING, answer_text=body.decode(),
    )  # fmt: skip
