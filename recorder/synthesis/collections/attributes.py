"""Attributes: what a call tells of the item that it has to do with, shown in its answer or not."""

from __future__ import annotations

import base64
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.verbs import is_credential
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, Path, is_scalar, look, same
from recorder.synthesis.terms.scene import Scene

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
_OWN_HEADER: Final = re.compile(r"x-(?!mimic|forwarded|requested|http)")
"""The beginning of headers of a service's own, as those that say something of a file."""
_OF_CALL: Final = re.compile(r"date|sha256|signature|request-?id|correlation|trace|nonce|csrf|target")
"""Such headers that are about the call itself."""
_MANY: Final = 3

Makers: TypeAlias = Mapping[int, tuple[str, Any]]
"""Who made the items that do not say so, by the number of the sample: the attribute that it is kept as, and who."""


def as_row(old: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Give an item as a row of a list shows it: the row where it has all, else what both have, if it is of one kind."""
    if set(row) >= set(old):
        return row
    if not set(row) <= set(old):
        return old
    return {**old, **{name: one for name, one in row.items() if isinstance(one, dict) == isinstance(old[name], dict)}}


def with_unasked(old: dict[str, Any], row: dict[str, Any], sample: Sample) -> dict[str, Any]:
    """Give a row with what it leaves out of objects in it, since one of their members was asked for by its name."""
    asked = {value for values in sample.parameters.values() for value in values}
    parts = {
        name: {**old[name], **value}
        for name, value in row.items()
        if isinstance(value, dict) and isinstance(old.get(name), dict) and value and value.keys() < old[name].keys()
        if value.keys() <= asked
    }
    return {**row, **parts}


def has_other_members(shown: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Tell whether an object, or any object in it, has other members than it had, or null where there was much."""
    both = [(old.get(name), value) for name, value in shown.items()]
    is_withheld = any(value is None and isinstance(one, list | dict | str) and one for one, value in both)
    return (
        is_withheld
        or set(shown) != set(old)
        or any(isinstance(one, dict) and isinstance(value, dict) and set(one) != set(value) for one, value in both)
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
    if binding.sent:
        given = {str(binding.sent[-1]): given}
    given = {name: value for name, value in given.items() if name not in binding.renamed}
    if isinstance(old, dict) and (binding.renamed or sample.method in ("PATCH", "DELETE")):
        return {**old, **given}
    return dict(given)


def is_bare(sample: Sample) -> bool:
    """Tell whether a call puts something that has no members, as a text or bytes, where its path says."""
    return sample.method == "PUT" and sample.json is MISSING and not sample.form and not sample.parts


def is_put(sample: Sample) -> bool:
    """Tell whether a call sends an object to where its path says, which is what the thing is called then."""
    return sample.operation is None and sample.method in ("POST", "PUT") and isinstance(sample.json, dict)


def named_so(collection: Collection, own: Any) -> dict[str, Any]:
    """Give an item of which only its id is known."""
    path = collection.id_path
    return {str(path[0]): own} if path is not None and len(path) == 1 else {}


def attributes_of(
    sample: Sample, entity: Path | None, item: Any, usual: Container[str] = (), *, reads: bool = False
) -> dict[str, Any]:
    """Give what a write tells of an item beside the item itself: headers of the answer, members that are not shown.

    Headers that are `usual` are of no item.
    """
    found: dict[str, Any] = {
        f"answer.headers.{name}": value
        for name, value in sample.answer_headers
        if name not in _ASIDE
        and f"answer.headers.{name}" not in usual
        and (sample.operation is None or name != "content-type")
    }
    if reads:
        if not isinstance(sample.answer_json, dict | list):
            found["request.text"] = sample.answer_text
            if sample.answer_text is None:
                found["request.raw_body"] = base64.b64encode(sample.answer_body).decode()
            found["request.content_type"] = sample.answer_header("content-type")
        return found
    found |= {
        f"request.headers.{name}": value
        for name, value in sample.headers.items()
        if _OWN_HEADER.match(name) and not _OF_CALL.search(name) and not is_credential(name)
    }
    found |= _of_parts(sample)
    if sample.json is MISSING and sample.body and not sample.parts:
        found["request.text"] = sample.text
        found["request.raw_body"] = base64.b64encode(sample.body).decode()
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


def _of_parts(sample: Sample) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, (part, *_) in sample.parts.items():
        base = f"request.parts.{name}"
        found |= {f"{base}.text": part.text, f"{base}.filename": part.filename}
        found[f"{base}.content_type"] = part.content_type
        if part.filename:
            found[f"{base}.data"] = base64.b64encode(part.data).decode()
    return found


def usual_headers(kinds: Iterable[Sequence[Sample]]) -> frozenset[str]:
    """Give the attributes that are headers which say the same in all successful answers of each kind of call.

    They are of the kind of call, and of no item; what only some answers of a kind have may be of one.
    """
    usual: dict[str, bool] = {}
    are_many: set[str] = set()
    for samples in kinds:
        good = [sample for sample in samples if sample.succeeded]
        told = [dict(sample.answer_headers) for sample in good]
        for name in dict.fromkeys(name for one in told for name in one):
            is_same = len({one.get(name) for one in told}) == 1
            usual[name] = usual.get(name, True) and is_same
            are_many |= {name} if len(good) >= _MANY else set()
    return frozenset(f"answer.headers.{name}" for name in are_many if usual[name])


def said_by_sender(sample: Sample) -> dict[str, Any]:
    """Give the members of an answer that were sent as they are: what a thing is named is, what it is given is not."""
    sent = sample.json if isinstance(sample.json, dict) else {}
    told = sample.answer_json if isinstance(sample.answer_json, dict) else {}
    return {name: value for name, value in told.items() if name in sent and same(sent[name], value)}


def names_of_items(own: Iterable[tuple[Endpoint, Binding]]) -> set[str]:
    """Give the names of the members that items have where they are read by their path."""
    return {
        name
        for endpoint, other in own
        if other.role == "item" and endpoint.method == "GET" and other.entity is not None
        for sample in endpoint.samples
        if sample.succeeded and isinstance(value := look(sample.answer_json, other.entity), dict)
        for name in value
    }


def are_mostly(names: Container[str], where: Path, samples: Iterable[Sample]) -> bool:
    """Tell whether most members of what answers show at a place have one of these names."""
    shown = {name for one in samples if isinstance(value := look(one.answer_json, where), dict) for name in value}
    return sum(name in names for name in shown) * 2 > len(shown)


def are_only_ids(own: Iterable[tuple[Endpoint, Binding]], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether all rows of lists have one member, which no read of an item by its path shows: its id alone."""
    read = {
        name
        for endpoint, one in own
        if one.role == "item" and endpoint.method == "GET"
        for sample in endpoint.samples
        if sample.succeeded and isinstance(sample.answer_json, dict)
        for name in sample.answer_json
    }
    return bool(rows and read) and all(len(row) == 1 and read.isdisjoint(row) for row in rows)


def ids_listed(sample: Sample, binding: Binding) -> Iterator[str]:
    """Give the ids of the rows that an answer lists."""
    rows = look(sample.answer_json, binding.rows) if binding.rows is not None else MISSING
    assert binding.collection is not None
    for row in rows if isinstance(rows, list) else ():
        own = binding.own_id(row)
        if is_scalar(own) and own is not None:
            yield binding.collection.key_of(own)


def items_seen(scene: Scene, binding: Binding) -> Iterator[tuple[str, str, Any]]:
    """Give the items that an answer shows: collection, key and what is shown."""
    sample, collection = scene.sample, binding.collection
    if not sample.succeeded or collection is None:
        return
    values = scene.endpoint.values(sample)
    if binding.role in ("item", "action"):
        item = look(sample.answer_json, binding.entity) if binding.entity is not None else MISSING
        if isinstance(item, dict):
            yield collection.name, binding.key(values), item
    elif binding.rows is not None and (sample.method in READS or binding.hands_out):
        rows = look(sample.answer_json, binding.rows)
        for row in rows if isinstance(rows, list) and collection.id_path is not None else ():
            own = look(row, collection.id_path or ())
            if isinstance(row, dict) and own is not MISSING:
                yield collection.name, f"{binding.prefix(values)}{collection.key_of(own)}", row
    elif binding.made is not None and binding.made != "location" and binding.entity is not None:
        made = look(sample.answer_json, binding.made)
        if made is not MISSING:
            yield (
                collection.name,
                f"{binding.prefix(values)}{collection.key_of(made)}",
                look(sample.answer_json, binding.entity),
            )
