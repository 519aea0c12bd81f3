"""Unknown methods: what JSON-RPC says of those that there are not, where few sessions called none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.discriminators import is_remote_call
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.nodes.node import Fixed, Node, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.samples.operation import Operation
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_OK: Final = 200
_REFUSED: Final = 400
_NO_METHOD: Final = -32601
_NOTE: Final = "never recorded: {}, in the form that others have"


def unknown_methods(behaviours: Sequence[Behaviour]) -> Iterator[Behaviour]:
    """Give a behaviour without scenes for each path with methods of JSON-RPC where no unknown one was called."""
    remote = [one for one in behaviours if is_remote(one)]
    rest = [one for one in behaviours if one.endpoint.operation is None and one.endpoint.discriminator is None]
    told = {one.endpoint.path for one in rest if any(is_remote_call(scene.sample) for scene in one.scenes)}
    for like in {one.endpoint.path: one.endpoint for one in remote if one.endpoint.path not in told}.values():
        if like.operation is None or like.discriminator is None:
            continue
        endpoint = Endpoint(
            "POST", like.template, (), replace(like.discriminator, value=".*", is_pattern=True), [],
            id=re.sub(r"\W+", "-", f"unknown-method{like.path}"), is_last=True,
            operation=Operation(like.operation.method, like.operation.segments),
        )  # fmt: skip
        answer = no_method([one for one in remote if one.endpoint.path == like.path])
        yield never_recorded(endpoint, Binding("none", None), {}, answer, "a method that there is not")


def no_method(some: Sequence[Behaviour]) -> Answered:
    """Give the error for an unknown method, with the status that errors of these have."""
    refused = [scene.sample for one in some for scene in one.scenes if scene.sample.status >= _REFUSED]
    status = Counter(one.answered_status for one in refused).most_common(1)[0][0] if refused else _OK
    error = Object({"code": (Fixed(_NO_METHOD), None), "message": (Fixed("Method not found"), None)})
    return answered(status, enveloped(Object({"error": (error, None)})), "application/json")


def is_remote(behaviour: Behaviour) -> bool:
    """Tell whether calls are of JSON-RPC."""
    operation = behaviour.endpoint.operation
    return operation is not None and bool(operation.envelope)


def enveloped(body: Object) -> Node:
    """Give what all answers of JSON-RPC have, with this."""
    told = {name: (Said(Term(f"request.json.{name}", _unknown)), None) for name in ("jsonrpc", "id")}
    return Object({**told, **body.members})


def answered(status: int, body: Node | None, kind: str) -> Answered:
    """Give an answer of a media type, or one without a body."""
    headers: list[Header] = [] if body is None else [("content-type", Fixed(kind), None)]
    return Answered(status, headers, "none" if body is None else "json", body)


def unrecorded(told: Answered, what: str) -> Outcome:
    """Give an outcome that no scene had, and that keeps nothing."""
    return Outcome((told.status, what), told.status, [], told, tier="schema", note=_NOTE.format(what), keeps=False)


def never_recorded(
    endpoint: Endpoint, binding: Binding, lookups: dict[str, Lookup], told: Answered, what: str
) -> Behaviour:
    """Give a behaviour without scenes that always answers so."""
    outcome = replace(unrecorded(told, what), keeps=True)
    known = Vocabulary([], lookups)
    return Behaviour(endpoint, binding, [], lookups, [(None, outcome)], None, [], [], endpoint.method != "GET", known)


def _unknown(_scene: Scene) -> Any:
    return MISSING
