"""Batches: a body that is a list of calls, each of which is answered as if it had been sent alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import orjson

from cassettes.exchange import Headers
from gateway.errors import GatewayError
from gateway.matcher import Probe, Verdict
from gateway.mode import Compose, Plan, Reply
from gateway.problem import problem
from gateway.view import RequestView

_NO_CONTENT: Final = 204
MOST_CALLS: Final = 1000
"""So many calls a batch may have; each is looked for and answered like a request, and a body has room for many."""
_OF_THE_BODY: Final = frozenset({b"content-length", b"etag"})


def is_batch(view: RequestView) -> bool:
    """Tell whether a body is a JSON list that is not empty."""
    return isinstance(view.json, list) and bool(view.json)


def _explain(view: RequestView) -> Verdict:
    holds = is_batch(view)
    found = type(view.json).__name__ if view.json is not None else "null"
    return Verdict("batch", holds, "a JSON list of calls", found, float(holds), "" if holds else "send a list of calls")


BATCH: Final = Probe("batch", is_batch, _explain, needs_body=True)


def answer_each(view: RequestView) -> Plan:
    """Give how to answer a batch: the list of what its calls are answered, without those that are told nothing."""
    return Compose(partial(_answered, view))


def follow_each(view: RequestView, reply: Reply) -> Compose:
    """Give how each call takes note of its part of an answer that came from elsewhere; the reply stays as it is."""
    return Compose(partial(_followed, view, reply))


async def _answered(view: RequestView) -> Reply:
    replies: list[Reply] = []
    if len(view.json) > MOST_CALLS:
        return problem(
            413, "batch-too-long", f"The batch has {len(view.json)} calls; send {MOST_CALLS} at most.", limit=MOST_CALLS
        )
    for one in _calls(view):
        route = None if view.routes is None or is_batch(one) else view.routes.find(one)
        if route is None:
            return problem(404, "no-route", "No enabled definition matches one of the calls of the batch.")
        plan = route.decide(one)
        made = await plan.make() if isinstance(plan, Compose) else plan
        if not isinstance(made, Reply):
            return problem(501, "no-batch", f"{route.id!r} asks an upstream, which the calls of a batch cannot.")
        replies.append(made)
    told = [reply for reply in replies if reply.body]
    if not told:
        return replace(replies[-1], status=_NO_CONTENT, match=_mark(replies))
    body = orjson.dumps([_document(reply.body) for reply in told])
    delay_s = sum(reply.delay_s for reply in replies)
    return Reply(told[0].status, _headers(told[0]), "mock", body, delay_s=delay_s, match=_mark(replies))


async def _followed(view: RequestView, reply: Reply) -> Reply:
    try:
        for one, body in zip(_calls(view), _parts(view.json, _document(reply.body)), strict=True):
            route = None if view.routes is None or is_batch(one) else view.routes.find(one)
            if route is not None and route.follow is not None:
                status = reply.status if body else _NO_CONTENT
                await route.follow(one, replace(reply, status=status, body=body)).make()
    except GatewayError as error:
        return replace(reply, said=f"a call of the batch could not take note of this answer: {error}")
    return reply


def _calls(view: RequestView) -> Iterator[RequestView]:
    for call in view.json:
        yield view.with_request(replace(view.request, body=orjson.dumps(call)))


def _parts(calls: Sequence[Any], told: Any) -> list[bytes]:
    """Give each call's part of an answer, b"" where it has none: by the `id` of both, else by place."""
    rows = told if isinstance(told, list) else []
    if len(rows) == len(calls):
        return [orjson.dumps(row) for row in rows]
    by_id = {repr(row["id"]): orjson.dumps(row) for row in rows if isinstance(row, dict) and "id" in row}
    return [by_id.get(repr(call["id"]), b"") if isinstance(call, dict) and "id" in call else b"" for call in calls]


def _document(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


def _headers(reply: Reply) -> Headers:
    return tuple((name, value) for name, value in reply.headers if name.lower() not in _OF_THE_BODY)


def _mark(replies: Sequence[Reply]) -> bytes:
    """Tell of the batch as the least certain of its calls is told of."""
    tiers = {reply.match.partition(b";")[0] for reply in replies}
    found = next((tier for tier in (b"schema", b"synthesized", b"resource") if tier in tiers), b"")
    return b"%s; calls=%d" % (found, len(replies)) if found else b""
