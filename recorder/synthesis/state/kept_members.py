"""Kept members: what gives the hidden members of items in the answer of an outcome, or in what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.kept_reads import ONE_MORE, READS
from recorder.synthesis.collections.last_sent import BEFORE
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome, entity_in_request
from recorder.synthesis.terms.scene import ABOVE, ASKED, CALLER
from recorder.synthesis.terms.term import literal, member
from recorder.synthesis.terms.vocabulary import hidden_name

_OF_BODY: Final = {"request.text": "request.text", "request.raw_body": "(request.raw_body | base64)"}


def kept_by(attribute: str, binding: Binding, outcome: Outcome) -> str | None:
    """Write what gives a hidden attribute in this outcome, None where nothing does."""
    samples = [scene.sample for scene in outcome.scenes]
    if attribute == READS:
        return ONE_MORE if binding.role == "item" and samples[0].method == "GET" else None
    if attribute == ASKED:
        return "request.json" if is_json(outcome) and samples[0].method != "GET" else None
    if attribute.startswith(CALLER):
        return attribute.removeprefix(CALLER) if binding.makes_items else None
    if attribute.startswith(ABOVE):
        return attribute if binding.role == "collection" else None
    if attribute in _OF_BODY:
        return _OF_BODY[attribute] if any(sample.body for sample in samples) else None
    if attribute == "request.content_type":
        return "request.headers['content-type']" if any(sample.content_type for sample in samples) else None
    if attribute.startswith("request.parts."):
        part, _, kind = attribute.removeprefix("request.parts.").rpartition(".")
        return _of_part(part, kind) if any(part in sample.parts for sample in samples) else None
    if attribute.startswith("request.headers."):
        name = attribute.removeprefix("request.headers.")
        text = f"request.headers[{literal(name)}]"
        is_there = any(name in sample.headers for sample in samples)
        return f"({text} if {text} is defined else omit)" if is_there else None
    if attribute.startswith("answer.headers."):
        name = attribute.removeprefix("answer.headers.")
        is_there = any(sample.answer_header(name) is not None for sample in samples)
        return f"vars.answer.headers[{literal(name)}]" if is_there else None
    if attribute.startswith("answer.json."):
        name = attribute.removeprefix("answer.json.")
        is_there = any(isinstance(sample.answer_json, dict) and name in sample.answer_json for sample in samples)
        return member("vars.answer.json", (name,)) if is_there else None
    if attribute.endswith(BEFORE):
        return None
    name = attribute.removeprefix("request.json.")
    where = (*entity_in_request(outcome.scenes, binding), name)
    return member("request.json", where) if is_json(outcome) else None


def sent_last(hidden: Iterable[str], behaviour: Behaviour, outcome: Outcome) -> dict[str, str]:
    """Write what an action has an item keep of what was sent last: what it sends, and what was kept before."""
    collection = behaviour.collection
    attributes = {f"request.json.{name}" for name in (collection.last_sent if collection is not None else ())}
    found: dict[str, str] = {}
    for attribute in sorted(set(hidden)):
        sent = kept_by(attribute.removesuffix(BEFORE), behaviour.binding, outcome)
        if attribute.removesuffix(BEFORE) in attributes and sent is not None and behaviour.binding.role == "action":
            was = f"vars.item.{hidden_name(attribute.removesuffix(BEFORE))}"
            found[hidden_name(attribute)] = (
                f"{was if attribute.endswith(BEFORE) else sent} if {sent} is defined else omit"
            )
    return found


def is_json(outcome: Outcome) -> bool:
    """Tell whether any call of an outcome sends an object."""
    return any(isinstance(scene.sample.json, dict) for scene in outcome.scenes)


def _of_part(part: str, kind: str) -> str:
    text = f"{member('request.parts', (part,))}.{kind}"
    return f"(({text} | base64) if {text} is defined else omit)" if kind == "data" else text


def is_sent_at_times(attribute: str, outcome: Outcome) -> bool:
    """Tell whether some calls do not send a member that items are kept with."""
    name = attribute.removeprefix("request.json.")
    return name != attribute and not all(
        isinstance(scene.sample.arguments, dict) and name in scene.sample.arguments for scene in outcome.scenes
    )
