"""Attributes: what a call tells of the item that it has to do with, shown in its answer or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.verbs import is_credential
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look

_ASIDE: Final = frozenset(
    (
        "date",
        "server",
        "connection",
        "content-length",
        "transfer-encoding",
        "keep-alive",
        "via",
        "vary",
        "content-encoding",
        "x-powered-by",
    )
)


def shown_in(sample: Sample, binding: Binding) -> Any:
    """Give the item that an answer shows, or MISSING."""
    return look(sample.answer_json, binding.entity) if binding.entity is not None else MISSING


def told_in(sample: Sample, binding: Binding) -> dict[str, Any]:
    """Give the members of an item that an answer tells of."""
    found = {name: look(sample.answer_json, place) for name, place in binding.told.items()}
    return {name: value for name, value in found.items() if value is not MISSING}


def predicted(sample: Sample, binding: Binding, old: Any) -> Any:
    """Give what becomes of an item by what is sent, where the answer does not show it."""
    given = sample.arguments if isinstance(sample.json, dict) else {}
    if binding.entity and isinstance(inner := look(given, binding.entity), dict):
        given = inner
    if isinstance(old, dict) and sample.method in ("PATCH", "DELETE"):
        return {**old, **given}
    return dict(given)


def attributes_of(sample: Sample, entity: Path | None, item: Any, *, reads: bool = False) -> dict[str, Any]:
    """Give what a write tells of an item beside the item itself: headers of the answer, members that are not shown."""
    found: dict[str, Any] = {
        f"answer.headers.{name}": value
        for name, value in sample.answer_headers
        if name not in _ASIDE and (sample.operation is None or name != "content-type")
    }
    if reads:
        if not isinstance(sample.answer_json, dict | list):
            found["request.text"] = sample.answer_text
            found["request.content_type"] = sample.answer_header("content-type")
        return found
    for name, part in sample.parts.items():
        found |= {
            f"request.parts.{name}.text": part.text,
            f"request.parts.{name}.filename": part.filename,
            f"request.parts.{name}.content_type": part.content_type,
        }
    if sample.json is MISSING and sample.body and not sample.parts:
        found["request.text"] = sample.text
    if sample.content_type and sample.operation is None:
        found["request.content_type"] = sample.headers.get("content-type")
    if isinstance(sample.json, dict):
        given = sample.arguments
        if entity and isinstance(inner := look(given, entity), dict):
            given = inner
        shown = item if isinstance(item, dict) else {}
        hidden = {name: value for name, value in given.items() if name not in shown}
        if sample.operation is not None:
            hidden = {name: value for name, value in hidden.items() if not is_credential(name)}
        found.update({f"request.json.{name}": value for name, value in hidden.items()})
    if entity and isinstance(sample.answer_json, dict):
        for name, value in sample.told.items():
            if name != entity[0] and not name.startswith("?"):
                found[f"answer.json.{name}"] = value
    return found


def ids_listed(sample: Sample, binding: Binding) -> Iterator[str]:
    """Give the ids of the rows that an answer lists."""
    rows = look(sample.answer_json, binding.rows) if binding.rows is not None else MISSING
    assert binding.collection is not None
    path = binding.collection.id_path
    for row in rows if isinstance(rows, list) else ():
        own = row if binding.rows_are_ids else look(row, path) if path is not None else MISSING
        if is_scalar(own) and own is not None:
            yield as_text(own)
