"""Batches: lists of JSON-RPC calls in one request, whose calls are learnt from as if each had been sent alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING

_NO_CONTENT: Final = 204


def with_their_calls(samples: Sequence[Sample]) -> list[Sample]:
    """Give samples with those of the calls in batches after each of these, numbered anew in their order."""
    found: list[Sample] = []
    for sample in samples:
        found += [sample, *_calls(sample)]
    if len(found) > len(samples):
        for number, sample in enumerate(found):
            sample.number = number
    return found


def _calls(sample: Sample) -> Iterator[Sample]:
    calls = sample.json if isinstance(sample.json, list) else []
    if not calls or not all(isinstance(call, dict) and "jsonrpc" in call for call in calls):
        return
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
